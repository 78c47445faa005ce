"""Verdicts, and the three ways to an effect: by hand, against statsmodels, and where months are missing."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from scipy.stats import t as student

from joinedup.errors import YourCommand
from joinedup.stats.autocorrelation import GRID, fit_ar1, limits_over_rho
from joinedup.stats.change import Aim, Change, ChangeVerdict, change_verdict, reach_of
from joinedup.stats.difference_in_differences import difference_in_differences, mean_of
from joinedup.stats.interrupted_time_series import interrupted_time_series, season_and_step, together
from joinedup.stats.panels import months_of, panel_of
from joinedup.stats.synthetic_control import simplex_weights, synthetic_control

AIM = Aim(expected=0.10, worthwhile=0.02)
PLACES = ["Brent", "Ealing", "Harrow", "Hounslow"]
FIRST = np.datetime64("2023-04")
METHODS = (difference_in_differences, interrupted_time_series, synthetic_control)


def rows(rates, n=1_000_000, places=PLACES, groups=None):
    """Rows of a drawn panel of rates (places, months), exact but for whole people."""
    rates = np.asarray(rates, float)
    place, month = np.indices(rates.shape)
    found = {
        "x": np.round(rates * n).ravel(),
        "n": np.full(rates.size, float(n)),
        "place": np.array(places)[place.ravel()],
        "month": FIRST + month.ravel(),
    }
    return found if groups is None else {**found, "groups": groups}


def noisy(seed=0, months=36, start=24, effect=0.0, sd=0.1, places=4, changed=1):
    rng = np.random.default_rng(seed)
    eta = rng.normal(0, sd, (places, months)) + rng.normal(0, 0.3, (places, 1))
    eta[:changed, start:] += effect
    names = [f"P{k}" for k in range(places)]
    data = rows(1 / (1 + np.exp(-eta)), n=100_000, places=names)
    return {**data, "changed": dict.fromkeys(names[:changed], FIRST + start)}


def dropped(data, keep):
    return {name: v[keep] if isinstance(v, np.ndarray) else v for name, v in data.items()}


LOWER = [-3, -3, -2, 0.5, 0.5, 1, -1, 0, np.nan]
UPPER = [-1, 0.5, 0.9, 3, 2.9, 9, 2, 4, 1]
SAID = ["worse", "no worthwhile effect", "no worthwhile effect", "worked", "partly", "worked", "cannot tell",
        "cannot tell", "cannot tell"]  # fmt: skip


def test_verdicts_by_where_the_limits_lie():
    assert [str(v) for v in change_verdict(LOWER, UPPER, expected=3, worthwhile=1)] == SAID


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [(-1, 0, "no worthwhile effect"), (0.2, 1, "partly"), (0.2, 0.99, "no worthwhile effect"), (0.01, 3, "worked"),
     (0, 3, "cannot tell"), (-1, -1e-9, "worse"), (-1, np.inf, "cannot tell")],
)  # fmt: skip
def test_verdicts_at_the_edges(lower, upper, said):
    assert change_verdict(lower, upper, expected=3, worthwhile=1) == (ChangeVerdict(said),)


@pytest.mark.parametrize("bad", [(0.1, 0.0), (0.1, 0.2), (1.0, 0.5), (np.nan, 0.1), (0.1, -0.1)])
def test_an_aim_that_does_not_fit(bad):
    with pytest.raises(YourCommand, match="worthwhile"):
        Aim(*bad)


def test_an_aim_needs_a_direction_and_may_equal_the_worthwhile():
    with pytest.raises(YourCommand, match="direction"):
        Aim(0.1, 0.05, "sideways")
    assert Aim(0.1, 0.1).sign == 1
    assert list(Aim(0.1, 0.1, ["up", "down"]).sign) == [1, -1]


def test_an_aim_in_log_odds():
    hoped, least = Aim(0.1, 0.05, ["up", "down"]).in_log_odds(np.array([0.5, 0.5]))
    assert hoped == pytest.approx([np.log(0.6 / 0.4)] * 2)
    assert least == pytest.approx([np.log(0.55 / 0.45)] * 2)
    assert np.isinf(Aim(0.6, 0.05).in_log_odds(np.array([0.5]))[0][0])


def test_reach_is_students_t_and_eighty_percent():
    width, visible = reach_of(np.array([1.0, 1.0, 1.0]), np.array([6.0, 1e9, 0.0]), 0.95)
    assert width[:2] == pytest.approx([2.446912, 1.959964], abs=1e-5)
    assert visible[:2] == pytest.approx([2.446912 + 0.905703, 1.959964 + 0.841621], abs=1e-5)
    assert np.isnan([width[2], visible[2]]).all()
    with pytest.raises(YourCommand):
        reach_of(np.ones(1), np.ones(1), 95)


def change(effect, lower, upper, *, improves="up", note=""):
    one = [np.array([v]) for v in (effect, lower, upper, 0.4, 0.5)]
    return Change(np.array(["a"]), "by hand", *one, Aim(0.1, 0.02, improves), 0.95, (note,))


def test_a_change_in_points_and_words():
    found = change(0.4, 0.1, 0.7)
    assert found.points[:, 0] == pytest.approx(1 / (1 + np.exp(-np.array([0.4, 0.1, 0.7]))) - 0.5)
    assert found.smallest_visible_points == pytest.approx(0.0986877)
    assert found.sentences == (
        "Worked: +9.9 percentage points (+2.5 to +16.8); the smallest effect this could have seen is 9.9 points.",
    )
    assert change(0.4, 0.1, 0.7, improves="down").verdict == (ChangeVerdict.WORSE,)
    assert change(-0.4, -0.7, -0.1, improves="down").verdict == (ChangeVerdict.WORKED,)
    assert change(-0.2, -0.3, -0.1, improves="down").verdict == (ChangeVerdict.PARTLY,)
    assert change(np.nan, np.nan, np.nan, note="Why.").sentences == ("Cannot tell. Why.",)
    assert change(0.4, 0.1, 0.7, note="More.").sentences[0].endswith("points. More.")


def test_difference_in_differences_by_hand():
    """Two of four move by 0.5 and 0.7, the others by 0.1 and -0.1: 0.6, with pooled variance 0.02 and 2 df."""
    season = 0.2 * np.sin(np.arange(24) / 12 * 2 * np.pi)
    eta = season + np.array([0.5, 0.7, 0.1, -0.1])[:, None] * (np.arange(24) >= 12)
    data = rows(1 / (1 + np.exp(-eta)), n=10**9)
    found = difference_in_differences(**data, changed=dict.fromkeys(PLACES[:2], "2024-04"), aim=AIM)
    assert found.of_places[0] == pytest.approx([0.5, 0.7, 0.1, -0.1], abs=1e-6)
    assert found.effect[0] == pytest.approx(0.6, abs=1e-6)
    assert found.standard_error[0, 0] == pytest.approx(np.sqrt(0.02), abs=1e-6)
    assert found.freedom[0, 0] == 2
    assert found.upper[0] - 0.6 >= 4.302653 * np.sqrt(0.02) - 1e-6
    assert found.used == (tuple(PLACES),)
    assert found.method == "difference in differences"


def test_eight_boroughs_have_six_degrees_of_freedom_and_the_wider_limits():
    found = difference_in_differences(**noisy(places=8, changed=1), aim=AIM)
    assert found.freedom[0, 0] == 6
    widths, visible = reach_of(found.standard_error, found.freedom, 0.95)
    assert found.upper - found.effect == pytest.approx(np.fmax(*widths))
    assert found.effect - found.lower == pytest.approx(np.fmax(*widths))
    assert found.smallest_visible == pytest.approx(np.fmax(*visible))


def test_one_against_one_rests_on_the_months():
    found = difference_in_differences(**noisy(places=2), aim=AIM)
    assert np.isnan(found.standard_error[0, 0])
    assert np.isfinite([found.lower[0], found.upper[0]]).all()


def test_a_missing_month_does_not_bring_its_season_or_its_shock():
    """In exact data the effect stays as it is, whichever month a place or another misses."""
    month = np.arange(36)
    shock = np.where(month == 30, -1.0, 0.0) + 0.3 * np.sin(month / 12 * 2 * np.pi)
    eta = shock + np.array([0.2, -0.3, 0.0, 0.4])[:, None] + np.array([[0.5], [0], [0], [0]]) * (month >= 24)
    data = {**rows(1 / (1 + np.exp(-eta)), n=10**9), "changed": {"Brent": "2025-04"}, "aim": AIM}
    for gone in (30, 36 + 30, 36 * 2 + 3, 5):
        found = difference_in_differences(**dropped(data, np.arange(eta.size) != gone))
        assert found.effect[0] == pytest.approx(0.5, abs=1e-5)
        told = {**data, "x": np.where(np.arange(eta.size) == gone, np.nan, data["x"])}
        assert difference_in_differences(**told).effect[0] == pytest.approx(found.effect[0], abs=1e-12)


def test_trends_before_are_compared_and_added():
    month = np.arange(36)
    drift = np.array([0.3, 0, 0, 0, 0])[:, None] * month / 12
    rng = np.random.default_rng(4)
    eta = drift + rng.normal(0, 0.05, (5, 36)) + 0.4 * (np.arange(5) == 0)[:, None] * (month >= 24)
    data = rows(1 / (1 + np.exp(-eta)), n=10**7, places=list("abcde"))
    found = difference_in_differences(**data, changed={"a": "2025-04"}, aim=AIM)
    assert found.with_trends[0]
    assert found.trend_difference[0] > 3
    assert abs(found.effect[0] - 0.4) < 0.15
    assert found.note[0].startswith("Trends before differed")
    short = difference_in_differences(
        **dropped({**data, "changed": {"a": "2025-04"}}, data["month"] >= FIRST + 13), aim=AIM
    )
    assert np.isnan(short.trend_difference[0])
    assert not short.with_trends[0]
    assert "could not be compared" in short.note[0]


def test_trends_of_one_year_before_rest_on_the_common_season():
    month = np.arange(24)
    drift = np.array([2.0, 0.1, 0, -0.1])[:, None] * month / 12
    data = rows(1 / (1 + np.exp(-(drift - 1))), n=10**8)
    found = difference_in_differences(**data, changed={"Brent": "2024-04"}, aim=AIM)
    assert found.with_trends[0]
    assert found.effect[0] == pytest.approx(0.0, abs=1e-4)


def test_places_may_change_at_different_times():
    month = np.arange(48)
    eta = np.zeros((5, 48))
    eta[0] += 0.4 * (month >= 24)
    eta[1] += 0.8 * (month >= 30)
    eta += 0.3 * (month >= 27)
    data = rows(1 / (1 + np.exp(-eta)), n=10**9, places=list("abcde"))
    found = difference_in_differences(**data, changed={"a": "2025-04", "b": "2025-10"}, aim=AIM)
    assert found.effect[0] == pytest.approx(0.6, abs=1e-6)


def test_groups_are_worked_one_at_a_time():
    one, two = noisy(1, effect=0.5), noisy(2)
    both = {name: np.concatenate([one[name], two[name]]) for name in ("x", "n", "place", "month")}
    both["groups"] = np.repeat(["one", "two"], one["x"].size)
    for method in METHODS:
        found = method(**both, changed=one["changed"], aim=AIM)
        assert list(found.labels) == ["one", "two"]
        for k, alone in enumerate((one, two)):
            single = method(**alone, aim=AIM)
            assert found.effect[k] == pytest.approx(single.effect[0], abs=1e-9)
            assert found.upper[k] == pytest.approx(single.upper[0], abs=1e-6)
            assert found.verdict[k] == single.verdict[0]


def test_without_matching_months_nothing_can_be_told():
    data = rows(np.full((4, 10), 0.4))
    found = difference_in_differences(**data, changed={"Brent": FIRST + 5}, aim=AIM)
    assert np.isnan(found.effect[0])
    assert found.verdict == (ChangeVerdict.CANNOT_TELL,)
    assert (
        found.sentences[0]
        == "Cannot tell. No place has the same calendar months before and after the change."
    )
    assert found.used == ((),)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"changed": {}}, "No place changed"),
        ({"changed": {"Barnet": "2024-04"}}, "no rows of Barnet"),
        ({"changed": {"Brent": "2023-04"}}, "outside the months"),
        ({"changed": {"Brent": "2026-04"}}, "outside the months"),
        ({"changed": {"Brent": "soon"}}, "cannot be read"),
        ({"month": np.arange(96)}, "cannot be read"),
        ({"month": np.array(["2023-04"])}, "1 months were given for 96"),
        ({"month": np.full(96, FIRST)}, "two rows"),
        ({"x": np.full(96, -1.0)}, "below 0"),
        ({"x": np.array([]), "n": np.array([])}, "no counts"),
    ],
)
def test_a_panel_that_does_not_fit(broken, says):
    data = {**rows(np.full((4, 24), 0.4)), "changed": {"Brent": "2024-04"}, **broken}
    with pytest.raises(YourCommand, match=says) as error:
        difference_in_differences(**data, aim=AIM)
    assert error.value.remedy


def test_a_stray_month_is_a_wrong_date():
    with pytest.raises(YourCommand, match="50 years"):
        panel_of([1, 1], [2, 2], place=["a", "a"], month=["1975-04", "2025-05"], changed={"a": "2025-05"})
    with pytest.raises(YourCommand):
        months_of([None])
    assert list(months_of(["1970-01", "1971-02"])) == [0, 13]


def test_a_panel_holds_what_was_told():
    panel = panel_of(
        [5, 0, None, 2], [10, 0, 5, 4], place=["a", "a", "b", "b"],
        month=["2024-01", "2024-02", "2024-01", "2024-03"], changed={"a": "2024-02"},
    )  # fmt: skip
    assert panel.length == 3
    assert np.isnan(panel.x[0]).tolist() == [[False, True, True], [True, True, False]]
    assert panel.before == pytest.approx([0.5])
    assert panel.log_odds[0, 1, 2] == pytest.approx(0.0)
    assert panel.start.tolist() == [1, 3]
    assert panel.calendar.tolist() == [0, 1, 2]


def test_a_proportion_before_of_nothing_has_odds():
    months = ["2024-01", "2024-02"]
    panel = panel_of([0, 1], [9, 9], place=["a", "a"], month=months, changed={"a": "2024-02"})
    assert panel.before == pytest.approx([0.05])
    panel = panel_of([9, 1], [9, 9], place=["a", "a"], month=months, changed={"a": "2024-02"})
    assert panel.before == pytest.approx([0.95])


def test_interrupted_time_series_agrees_with_statsmodels_at_its_autocorrelation():
    sm = pytest.importorskip("statsmodels.api")
    data = noisy(3, effect=0.3)
    found = interrupted_time_series(**data, aim=AIM)
    panel = panel_of(**data)
    design = season_and_step(panel)
    lag = np.abs(np.subtract.outer(np.arange(36), np.arange(36)))
    fit = sm.GLS(together(panel)[0], design, sigma=found.rho[0] ** lag).fit()
    assert found.effect[0] == pytest.approx(fit.params[0], abs=1e-7)
    assert found.standard_error[0] == pytest.approx(fit.bse[0], rel=1e-6)
    assert found.freedom[0] == fit.df_resid == 29


def test_the_autocorrelation_is_where_the_restricted_likelihood_is_highest():
    """Against the definition (Patterson and Thompson 1971), on a series with gaps, by a plain search."""
    rng = np.random.default_rng(5)
    series = rng.normal(size=40)
    for t in range(1, 40):
        series[t] += 0.6 * series[t - 1]
    series[[7, 8, 21]] = np.nan
    design = np.stack([np.ones(40), np.arange(40) / 12], axis=1)
    told = np.flatnonzero(np.isfinite(series))
    lag = np.abs(np.subtract.outer(told, told))

    def likelihood(rho):
        inverse = np.linalg.inv(rho**lag)
        gram = design[told].T @ inverse @ design[told]
        residual = series[told] - design[told] @ np.linalg.solve(
            gram, design[told].T @ inverse @ series[told]
        )
        spread = residual @ inverse @ residual
        return -0.5 * (
            (told.size - 2) * np.log(spread) + np.linalg.slogdet(rho**lag)[1] + np.linalg.slogdet(gram)[1]
        )

    tried = np.linspace(-0.4, 0.9, 1301)
    best = tried[np.argmax([likelihood(r) for r in tried])]
    fit = fit_ar1(series[None], design)
    assert fit.rho[0] == pytest.approx(best, abs=0.004)
    assert fit.freedom[0] == told.size - 2
    sigma = fit.rho[0] ** lag
    gram = design[told].T @ np.linalg.inv(sigma) @ design[told]
    coefficients = np.linalg.solve(gram, design[told].T @ np.linalg.inv(sigma) @ series[told])
    assert fit.coefficients[0] == pytest.approx(coefficients, abs=1e-6)
    residual = series[told] - design[told] @ coefficients
    variance = residual @ np.linalg.inv(sigma) @ residual / (told.size - 2)
    assert fit.sd[0] == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert fit.covariance[0] == pytest.approx(variance * np.linalg.inv(gram), rel=1e-5)


def test_series_may_share_their_autocorrelation():
    series = np.random.default_rng(6).normal(size=(4, 30))
    design = np.ones((30, 1))
    own, shared = fit_ar1(series, design), fit_ar1(series, design, np.array([0, 0, 1, 1]))
    assert shared.rho[0] == shared.rho[1] != shared.rho[2] == shared.rho[3]
    assert min(own.rho[:2]) <= shared.rho[0] <= max(own.rho[:2])


def test_limits_over_rho_are_wider_than_at_one_and_hold_the_estimate():
    series = np.random.default_rng(8).normal(size=(1, 36))
    design = np.stack([np.arange(36.0) >= 24, np.ones(36)], axis=1)
    fit = fit_ar1(series, design)
    lower, upper = limits_over_rho(series, design, 0, 0.95)
    width, _ = reach_of(np.sqrt(fit.covariance[:, 0, 0]), fit.freedom, 0.95)
    assert upper - lower > 2 * width
    assert lower < fit.coefficients[:, 0] < upper
    narrow = limits_over_rho(series, design, 0, 0.5)
    assert lower < narrow[0] < narrow[1] < upper
    assert GRID[0] <= fit.rho[0] <= 1


def test_a_step_is_found_beside_trend_and_season():
    month = np.arange(48)
    eta = 0.1 * month / 12 + 0.3 * np.cos(month / 6 * np.pi) + 0.5 * (month >= 30)
    data = rows(1 / (1 + np.exp(-eta[None])), n=10**9, places=["Brent"])
    found = interrupted_time_series(**data, changed={"Brent": FIRST + 30}, aim=AIM)
    assert found.effect[0] == pytest.approx(0.5, abs=1e-5)
    assert found.verdict[0] is ChangeVerdict.WORKED
    assert found.fitted[0] == pytest.approx(eta, abs=1e-5)
    assert found.without[0] == pytest.approx(eta - 0.5 * (month >= 30), abs=1e-5)
    assert found.months[0] == FIRST
    assert found.months.size == 48
    assert found.observed[0] == pytest.approx(eta, abs=1e-6)


def test_series_that_are_too_short_say_so():
    data = rows(np.full((1, 24), 0.4), places=["Brent"])
    found = interrupted_time_series(**data, changed={"Brent": FIRST + 17}, aim=AIM)
    assert np.isnan([found.effect[0], found.lower[0], found.smallest_visible[0]]).all()
    assert found.note == ("Fewer than 8 months before or after the change.",)
    assert found.freedom == [0]
    assert np.isnan(found.fitted).all() and np.isnan(found.without).all()
    enough = interrupted_time_series(**data, changed={"Brent": FIRST + 16}, aim=AIM)
    assert np.isfinite(enough.effect[0])
    assert enough.note == ("",)


def test_the_changed_are_counted_together_only_where_all_are_told():
    data = rows(np.repeat([[0.2], [0.4], [0.3], [0.3]], 24, axis=1), n=1_000)
    data["x"][3] = np.nan
    panel = panel_of(**data, changed=dict.fromkeys(PLACES[:2], FIRST + 12))
    assert np.isnan(together(panel)[0]).nonzero()[0].tolist() == [3]
    assert together(panel)[0, 0] == pytest.approx(np.log(600.5 / 1400.5))


@pytest.mark.parametrize("method", METHODS[1:])
def test_one_start_at_a_time(method):
    data = rows(np.full((4, 36), 0.4))
    with pytest.raises(YourCommand):
        method(**data, changed={"Brent": FIRST + 12, "Ealing": FIRST + 20}, aim=AIM)


def test_a_synthetic_control_finds_the_mix():
    rng = np.random.default_rng(9)
    donors = rng.normal(0, 0.3, (4, 36))
    own = 0.7 * donors[0] + 0.3 * donors[2] + 0.5 + 0.4 * (np.arange(36) >= 24)
    data = rows(1 / (1 + np.exp(-np.vstack([own, donors]))), n=10**9, places=list("abcde"))
    found = synthetic_control(**data, changed={"a": FIRST + 24}, aim=AIM)
    assert found.donors == ("b", "c", "d", "e")
    assert found.weights[0] == pytest.approx([0.7, 0, 0.3, 0], abs=1e-4)
    assert found.gap[0] == pytest.approx(0.4 * (np.arange(36) >= 24), abs=1e-4)
    assert found.effect[0] == pytest.approx(0.4, abs=1e-4)
    assert found.p[0] == found.smallest_p == 1 / 5
    assert found.note == ("With 5 series a placebo p cannot be below 1/5.",)
    after = found.placebo_gaps[0, :, 24:].mean(axis=1)
    error = np.sqrt((after**2).sum() / 4 * (1 + 1 / 4))
    assert found.upper[0] - found.effect[0] == pytest.approx(3.182446 * error, rel=1e-5)
    told = {**data, "x": np.where(np.arange(data["x"].size) == 40, np.nan, data["x"])}
    again = synthetic_control(**told, changed={"a": FIRST + 24}, aim=AIM)
    assert np.isnan(again.gap[0]).nonzero()[0].tolist() == [4]
    assert again.effect[0] == pytest.approx(0.4, abs=1e-3)


def test_a_synthetic_control_needs_three_others_and_common_months():
    data = rows(np.full((4, 36), 0.4))
    with pytest.raises(YourCommand, match="2 places to compare"):
        synthetic_control(**data, changed=dict.fromkeys(PLACES[:2], FIRST + 12), aim=AIM)
    late = np.where((data["place"] == "Harrow") & (data["month"] < FIRST + 12), np.nan, data["x"])
    found = synthetic_control(**{**data, "x": late}, changed={"Brent": FIRST + 12}, aim=AIM)
    assert found.verdict == (ChangeVerdict.CANNOT_TELL,)
    assert found.note[0].startswith("No month before")


def test_weights_are_the_best_on_the_simplex():
    gram, cross = np.diag([1.0, 2.0, 4.0]), np.array([0.2, 0.4, 9.0])
    every = np.ones(3, bool)
    assert simplex_weights(gram, cross, every) == pytest.approx([0, 0, 1])
    # equal slopes w1 = 2 w2 = 4 w3 and a sum of 1
    assert simplex_weights(gram, np.zeros(3), every) == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=1e-7)
    only = simplex_weights(gram, np.zeros(3), np.array([True, True, False]))
    assert only == pytest.approx([2 / 3, 1 / 3, 0], abs=1e-7)


def test_means_of_what_is_known():
    values = np.array([[1.0, np.nan, 5.0], [np.nan, np.nan, 2.0]])
    assert mean_of(values, np.array([True, True, False]), 1) == pytest.approx([1, np.nan], nan_ok=True)


@pytest.mark.parametrize("method", METHODS)
def test_constant_series_are_certain_of_nothing_moving(method):
    found = method(**rows(np.full((5, 36), 0.4), places=list("abcde")), changed={"a": FIRST + 24}, aim=AIM)
    assert found.effect[0] == pytest.approx(0, abs=1e-9)
    assert found.verdict[0] is ChangeVerdict.NO_WORTHWHILE_EFFECT


@pytest.mark.parametrize(
    "bad", [([0.1, 0.1], [0.05, 0.0]), ([0.1, 0.1], [0.05, 0.2]), ([0.1, 1.0], [0.05, 0.5])]
)
def test_one_aim_among_several_that_does_not_fit(bad):
    with pytest.raises(YourCommand, match="worthwhile"):
        Aim(*bad)
    with pytest.raises(YourCommand, match="direction"):
        Aim(0.1, 0.05, ["up", "sideways"])


def test_weights_that_are_still_moving_after_all_steps_add_up_all_the_same(monkeypatch):
    monkeypatch.setattr(import_module("joinedup.stats.synthetic_control"), "STEPS", 1)
    early = simplex_weights(np.diag([1.0, 2.0, 4.0]), np.zeros(3), np.ones(3, bool))
    # a step of a seventh from thirds: 1/3 * (6/7, 5/7, 3/7) adds up to 2/3, and the rest is shared
    assert early == pytest.approx(np.array([6, 5, 3]) / 21 + 1 / 9)


def test_the_smallest_visible_step_keeps_to_the_wider_limits():
    found = interrupted_time_series(**noisy(effect=0.4), aim=AIM, confidence=0.9)
    critical, power = student.ppf([0.95, 0.8], found.freedom[0])
    assert found.lower[0] > 0
    assert found.smallest_visible == pytest.approx(
        (found.upper - found.lower) / 2 * (critical + power) / critical
    )


def test_fifty_years_are_the_longest():
    data = {"x": [1, 1], "n": [2, 2], "place": ["a", "a"], "changed": {"a": "1990-01"}}
    assert panel_of(**data, month=["1975-01", "2024-12"]).length == 600
    with pytest.raises(YourCommand, match="span 50 years"):
        panel_of(**data, month=["1975-01", "2025-01"])
