"""Slope and relative index: lines worked by hand, exact quantiles, simulation, and everything that is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from joinedup.errors import YourCommand
from joinedup.stats import slope_quantiles
from joinedup.stats.inequality import slope_index_of_inequality
from joinedup.stats.slope_checks import NO_ERROR, NO_RATIO
from joinedup.stats.slope_index import SlopeIndices, slope_and_relative_index
from joinedup.stats.slope_quantiles import SKEWED, ratio_quantile, spread_of, sum_quantile
from joinedup.stats.slope_scale import ValueType

Z = 1.959963984540054
FALLING = [10.0, 8.0, 6.0, 4.0, 2.0]
PEOPLE = [100.0] * 5
RANKS = np.array([0.1, 0.3, 0.5, 0.7, 0.9])


def one(found: SlopeIndices) -> dict[str, float]:
    """The only setting."""
    names = (
        "slope",
        "slope_lower",
        "slope_upper",
        "relative",
        "relative_lower",
        "relative_upper",
        "intercept",
    )
    return {name: float(getattr(found, name)[0]) for name in names}


def test_a_falling_line_by_hand() -> None:
    found = one(slope_and_relative_index(FALLING, PEOPLE, [1.0] * 5))
    assert found["slope"] == pytest.approx(-10)
    assert found["intercept"] == pytest.approx(11)
    assert found["relative"] == pytest.approx(1 / 11)
    # the slope is -1, -1/2, 0, 1/2, 1 times the values: variance 2.5
    assert found["slope_upper"] + 10 == pytest.approx(Z * np.sqrt(2.5))
    assert found["slope_lower"] + 10 == pytest.approx(-Z * np.sqrt(2.5))
    # top is 1/5 - 1/2.. of the values: Fieller's equation holds at both ends
    top, bottom = 0.2 + 0.5 * np.array([-1, -0.5, 0, 0.5, 1]), 0.2 - 0.5 * np.array([-1, -0.5, 0, 0.5, 1])
    for end in (found["relative_lower"], found["relative_upper"]):
        assert (1 - end * 11) ** 2 == pytest.approx(Z**2 * ((top - end * bottom) ** 2).sum())
    assert found["relative_lower"] < 1 / 11 < found["relative_upper"]


def test_it_is_the_slope_of_one_setting_at_a_time() -> None:
    values, people = [40.0, 45.0, 41.0, 50.0, 57.0, 52.0], [300.0, 120.0, 80.0, 500.0, 60.0, 10.0]
    errors = [1.0, 2.0, 0.5, 0.7, 3.0, 4.0]
    many, alone = (
        one(slope_and_relative_index(values, people, errors, multiplier=-2.0, confidence=0.9)),
        slope_index_of_inequality(values, people, errors, multiplier=-2.0, confidence=0.9),
    )
    assert many["slope"] == pytest.approx(alone.slope)
    assert (many["slope_lower"], many["slope_upper"]) == pytest.approx((alone.lower, alone.upper))
    assert (many["relative"], many["intercept"]) == pytest.approx((alone.relative, alone.intercept))


def test_a_single_slope_without_errors_has_no_limits() -> None:
    alone = slope_index_of_inequality(FALLING, PEOPLE)
    assert alone.slope == pytest.approx(-10) and np.isnan(alone.lower)


def test_rows_are_ordered_by_their_quantile_within_their_setting() -> None:
    found = slope_and_relative_index(
        [2, 10, 4, 8, 6, 1, 2, 3, 4, 5],
        [100] * 10,
        quantile=[5, 1, 4, 2, 3, 1, 2, 3, 4, 5],
        groups=["Brent"] * 5 + ["Ealing"] * 5,
    )
    assert found.groups.tolist() == ["Brent", "Ealing"]
    assert found.slope == pytest.approx([-10, 5])
    assert np.isnan(found.slope_lower).all() and np.isnan(found.relative_upper).all()
    assert found.problem.tolist() == ["", ""]


def test_a_rank_near_the_middle_keeps_its_digits() -> None:
    people = [1.0, 1.0, 1e6, 1.0, 1.0]
    found = one(slope_and_relative_index([4, 5, 9, 2, 7], people))
    assert found["slope"] == pytest.approx(2.999999999985e-06, rel=1e-9)


def test_errors_come_from_95_percent_limits_whatever_the_confidence() -> None:
    half = Z * np.array([0.5, 1.0, 0.7, 0.2, 0.9])
    values = np.array(FALLING)
    stated = slope_and_relative_index(values, PEOPLE, half / Z, confidence=0.8)
    from_limits = slope_and_relative_index(
        values, PEOPLE, lower=values - half, upper=values + half, confidence=0.8
    )
    assert one(stated) == pytest.approx(one(from_limits))


@pytest.mark.parametrize(("value_type", "centre"), [("rate", np.log(40.0)), ("proportion", logit(0.3))])
def test_the_quantile_of_a_single_value_is_that_of_its_normal(value_type: str, centre: float) -> None:
    scale = ValueType(value_type)
    spread = spread_of(np.array([[centre]]), np.array([[0.2]]), scale.back, SKEWED)
    for z in (-3.09, -Z, 0.5, Z):
        found = float(sum_quantile(np.array([[1.0]]), spread, z)[0])
        assert found == pytest.approx(float(scale.back(np.array(centre + 0.2 * z))), rel=1e-6)


def test_the_quantile_of_a_ratio_of_two_rates_is_log_normal() -> None:
    spread = spread_of(np.log([[4.0, 5.0]]), np.array([[0.1, 0.2]]), np.exp, SKEWED)
    for z in (-Z, Z):
        found = float(ratio_quantile(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), spread, z)[0])
        assert found == pytest.approx(0.8 * np.exp(z * np.hypot(0.1, 0.2)), rel=1e-5)


@pytest.mark.parametrize("value_type", ["normal", "rate", "proportion"])
@pytest.mark.parametrize("transform", [False, True])
def test_limits_are_what_simulation_approaches(value_type: str, transform: bool) -> None:
    if transform and value_type == "normal":
        return
    values = np.array([0.31, 0.25, 0.28, 0.18, 0.15])
    arguments: dict[str, Any] = {
        "lower": values * np.array([0.8, 0.7, 0.9, 0.85, 0.6]),
        "upper": values * np.array([1.2, 1.35, 1.12, 1.2, 1.5]),
        "value_type": value_type,
        "transform": transform,
        "multiplier": -100.0,
    }
    people = [400, 300, 200, 600, 500]
    exact = one(slope_and_relative_index(values, people, **arguments))
    drawn = one(slope_and_relative_index(values, people, **arguments, draws=200_000, seed=3))
    again = one(slope_and_relative_index(values, people, **arguments, draws=200_000, seed=3))
    assert drawn == again
    for index in ("slope", "relative"):
        width = exact[f"{index}_upper"] - exact[f"{index}_lower"]
        assert drawn[index] == exact[index]
        for end in ("lower", "upper"):
            assert abs(drawn[f"{index}_{end}"] - exact[f"{index}_{end}"]) < 0.01 * width


def test_one_value_of_few_events_may_rule_the_sum() -> None:
    """The slope of a rate with a wide error beside four that are certain is that one log-normal, stretched."""
    values = [10.0, 10.0, 10.0, 10.0, 4.0]
    found = one(slope_and_relative_index(values, PEOPLE, [0, 0, 0, 0, 0.5], value_type="rate"))
    for name, z in (("lower", -Z), ("upper", Z)):
        assert found[f"slope_{name}"] == pytest.approx(4 * np.exp(0.5 * z) - 10, abs=0.003)


def test_draws_are_made_in_blocks_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.stats.slope_draws.AT_ONCE", 5_000)
    found = slope_and_relative_index(
        FALLING * 3, PEOPLE * 3, [0.01] * 15, groups=np.repeat([1, 2, 3], 5), draws=1000, seed=1
    )
    assert found.slope_lower == pytest.approx([-10.03] * 3, abs=0.02)


def test_settings_are_taken_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(4).uniform(5, 20, 35)
    arguments: dict[str, Any] = {"groups": np.repeat(np.arange(7), 5), "value_type": "rate"}
    whole = slope_and_relative_index(values, PEOPLE * 7, [0.1] * 35, **arguments)
    monkeypatch.setattr(slope_quantiles, "BLOCK", 3)
    parts = slope_and_relative_index(values, PEOPLE * 7, [0.1] * 35, **arguments)
    np.testing.assert_allclose(parts.slope_lower, whole.slope_lower)
    np.testing.assert_allclose(parts.relative_upper, whole.relative_upper)


def test_a_line_of_logarithms_is_brought_back_about_the_middle() -> None:
    values = np.exp(2 - 0.5 * RANKS)
    found = one(
        slope_and_relative_index(
            values,
            PEOPLE,
            lower=values * np.exp(-0.1 * Z),
            upper=values * np.exp(0.1 * Z),
            value_type="rate",
            transform=True,
        )
    )
    assert found["intercept"] == pytest.approx(np.exp(2))
    assert found["slope"] == pytest.approx(np.exp(1.5) - np.exp(2))
    assert found["relative"] == pytest.approx(np.exp(-0.5))
    low, high = -0.5 - Z * 0.1 * np.sqrt(2.5), -0.5 + Z * 0.1 * np.sqrt(2.5)
    for name, slope in (("lower", low), ("upper", high)):
        back = np.exp(1.75 + slope / 2) - np.exp(1.75 - slope / 2)
        assert found[f"slope_{name}"] == pytest.approx(back)
        assert found[f"relative_{name}"] == pytest.approx(np.exp(slope))


def test_a_line_of_log_odds_is_brought_back() -> None:
    values = expit(-1 + 0.8 * RANKS)
    found = one(
        slope_and_relative_index(
            values, PEOPLE, lower=values * 0.9, upper=values * 1.1, value_type="proportion", transform=True
        )
    )
    assert found["slope"] == pytest.approx(expit(-0.2) - expit(-1))
    assert found["relative"] == pytest.approx(expit(-0.2) / expit(-1))


def test_no_errors_at_all_and_no_error_left() -> None:
    for value_type in ("normal", "rate"):
        found = one(slope_and_relative_index(FALLING, PEOPLE, [0.0] * 5, value_type=value_type))
        assert (found["slope_lower"], found["slope_upper"]) == pytest.approx((-10, -10))
        assert (found["relative_lower"], found["relative_upper"]) == pytest.approx((1 / 11, 1 / 11))


@pytest.mark.parametrize("value_type", ["normal", "rate"])
def test_a_line_that_may_start_at_nothing_has_no_limits_of_its_ratio(value_type: str) -> None:
    found = slope_and_relative_index([0.4, 2, 4, 6, 8], PEOPLE, [2.0] * 5, value_type=value_type)
    assert np.isnan(found.relative_lower[0]) and np.isfinite(found.slope_lower[0])
    assert found.problem.tolist() == [NO_RATIO]


def test_a_line_below_nothing_has_the_ratio_of_its_mirror() -> None:
    below = one(slope_and_relative_index([-v for v in FALLING], PEOPLE, [0.3] * 5))
    above = one(slope_and_relative_index(FALLING, PEOPLE, [0.3] * 5))
    for name in ("relative", "relative_lower", "relative_upper"):
        assert below[name] == pytest.approx(above[name])


def test_a_rate_of_nothing_has_a_slope_and_no_limits() -> None:
    values = np.array([10.0, 0.0, 6.0, 4.0, 2.0])
    found = slope_and_relative_index(values, PEOPLE, lower=values * 0.5, upper=values + 1, value_type="rate")
    assert found.problem.tolist() == [NO_ERROR]
    assert np.isfinite(found.slope[0]) and np.isnan(found.slope_lower[0])


GOOD: dict[str, Any] = {"values": FALLING, "population": PEOPLE, "quantile": [1, 2, 3, 4, 5]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"values": [10, np.nan, 6, 4, 2]}, "a value is missing"),
        ({"population": [100, 0, 100, 100, 100]}, "nobody"),
        ({"population": [100, np.nan, 100, 100, 100]}, "nobody"),
        ({"population": [100, np.inf, 100, 100, 100]}, "nobody"),
        ({"standard_error": [1, 1, np.nan, 1, 1]}, "error or limit is missing"),
        ({"standard_error": [1, 1, -1, 1, 1]}, "below 0"),
        ({"values": [10, -1, 6, 4, 2], "value_type": "rate"}, "a rate is below 0"),
        ({"values": [0.1, 1.1, 0.6, 0.4, 0.2], "value_type": "proportion"}, "above 1"),
        (
            {"values": [0.1, 1, 0.6, 0.4, 0.2], "value_type": "proportion", "transform": True},
            "no place on the transformed scale",
        ),
        ({"quantile": [1, 2, 2, 4, 5]}, "missing or given twice"),
    ],
)
def test_a_setting_that_cannot_be_answered_says_so(change: dict[str, Any], problem: str) -> None:
    """Alone it is refused; beside a good one it is NaN with its problem."""
    bad = {**GOOD, **change}
    fewest = {"fewest": 4}
    with pytest.raises(YourCommand, match=problem):
        slope_and_relative_index(**bad, **fewest)
    beside = {
        name: np.concatenate([column, [0.9, 0.8, 0.6, 0.4, 0.2] if name == "values" else good])
        for name, column, good in (
            (name, bad[name], GOOD.get(name, [0.1] * 5)) for name in bad if isinstance(bad[name], list)
        )
    }
    named = {name: value for name, value in bad.items() if name not in beside}
    found = slope_and_relative_index(**beside, **named, groups=[1] * 5 + [2] * 5)
    assert problem in found.problem[0] and found.problem[1] == ""
    assert np.isnan(found.slope[0]) and np.isfinite(found.slope[1])
    assert np.isnan(found.relative_upper[0]) and np.isnan(found.intercept[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lower": FALLING}, "without the other"),
        ({"upper": FALLING}, "without the other"),
        ({"lower": FALLING, "upper": FALLING, "standard_error": PEOPLE}, "Both"),
        ({"transform": True}, "no scale"),
        (
            {"transform": True, "value_type": "rate", "standard_error": [1] * 5},
            "takes its errors from limits",
        ),
        ({"multiplier": 0.0}, "no index"),
        ({"multiplier": np.nan}, "no index"),
        ({"draws": 0}, "none"),
        ({"value_type": "count"}, "not a type"),
        ({"fewest": 6}, "5 quantiles are fewer than 6"),
        ({"values": [1.0, 2.0], "population": [1, 1], "quantile": None, "fewest": 1}, "fewer than 3"),
        ({"values": [], "population": [], "quantile": None}, "one row"),
        ({"values": 3.0, "population": 1.0, "quantile": None}, "one row"),
        ({"population": [1, 2, 3]}, "one length"),
        ({"quantile": [1, 2, 3, 4]}, "quantile"),
        ({"quantile": [1, 2, 3, 4, np.nan]}, "quantile"),
        ({"confidence": 95}, "confidence"),
        ({"groups": ["a"]}, "labels"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(YourCommand, match=message) as refused:
        slope_and_relative_index(**{**GOOD, **change})
    assert refused.value.remedy


def test_three_quantiles_are_enough_where_asked() -> None:
    found = slope_and_relative_index([1, 2, 3], [5, 5, 5], fewest=3)
    assert found.slope == pytest.approx([3])
    assert slope_and_relative_index([1, 2, 3], [5, 5, 5], fewest=3, multiplier=-1).relative == pytest.approx(
        [0.5 / 3.5]
    )


def test_a_setting_of_other_size_is_incomplete() -> None:
    found = slope_and_relative_index([*FALLING, 1.0, 2.0], [*PEOPLE, 1, 1], groups=[1] * 5 + [2] * 2)
    assert found.problem.tolist() == ["", "a quantile is missing or given twice"]


def test_three_groups_are_enough_for_a_single_slope() -> None:
    alone = slope_index_of_inequality([1, 2, 4], [1, 1, 1])
    # ranks 1/6, 1/2, 5/6
    assert (alone.slope, alone.intercept) == pytest.approx((4.5, 7 / 3 - 2.25))
    assert alone.relative == pytest.approx((1 / 12 + 4.5) / (1 / 12))
    with pytest.raises(YourCommand, match="three or more"):
        slope_index_of_inequality([1, 2], [1, 1])


def test_a_rate_of_nothing_has_no_limits_though_its_error_is_given() -> None:
    found = slope_and_relative_index([0, 1, 2, 3, 4], PEOPLE, [0.1] * 5, value_type="rate")
    assert found.problem.tolist() == [NO_ERROR]
    assert found.slope == pytest.approx([5])
    assert np.isnan(found.slope_lower).all()


def test_one_draw_is_its_own_limits() -> None:
    found = one(slope_and_relative_index(FALLING, PEOPLE, [1.0] * 5, draws=1, seed=3))
    assert found["slope_lower"] == found["slope_upper"]
    assert found["slope_lower"] == pytest.approx(-10, abs=10)


@pytest.mark.parametrize(("values", "message"), [([], "one row for each group"), ([1.0], "fewer than 5")])
def test_no_row_and_one_row_are_refused(values: list[float], message: str) -> None:
    with pytest.raises(YourCommand, match=message):
        slope_and_relative_index(values, values)


def test_turned_round_the_ratio_and_its_limits_are_inverted() -> None:
    plain = one(slope_and_relative_index(FALLING, PEOPLE, [0.3] * 5))
    turned = one(slope_and_relative_index(FALLING, PEOPLE, [0.3] * 5, multiplier=-3.0))
    assert turned["relative"] == pytest.approx(11)
    assert turned["relative_lower"] == pytest.approx(1 / plain["relative_upper"])
    assert turned["relative_upper"] == pytest.approx(1 / plain["relative_lower"])
    assert (turned["slope"], turned["slope_lower"]) == pytest.approx((30, -3 * plain["slope_upper"]))
