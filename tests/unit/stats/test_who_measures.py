"""The WHO's measures worked by hand on three subgroups, their errors against small differences, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from joinedup.errors import YourCommand
from joinedup.stats.who_concentration import absolute_concentration_index, relative_concentration_index
from joinedup.stats.who_dispersion import (
    between_group_standard_deviation,
    between_group_variance,
    between_group_variation,
    index_of_disparity,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_difference_from_reference,
)
from joinedup.stats.who_entropy import mean_log_deviation, theil_index
from joinedup.stats.who_logistic import logistic_slope_index
from joinedup.stats.who_pairwise import (
    population_attributable_fraction,
    population_attributable_risk,
    subgroup_difference,
    subgroup_ratio,
)
from joinedup.stats.who_subgroups import Inequality

Z = 1.959963984540054
Y, N, SE = [20.0, 30.0, 50.0], [50.0, 30.0, 20.0], [2.0, 1.0, 3.0]
"""Shares 0.5, 0.3, 0.2; mean 29."""


def limits(found: Inequality) -> tuple[float, float, float, float]:
    """The only setting: estimate, error, lower, upper."""
    return tuple(float(getattr(found, name)[0]) for name in ("estimate", "standard_error", "lower", "upper"))  # type: ignore[return-value]


def test_a_difference_by_order_and_by_height() -> None:
    error = np.hypot(2, 3)
    assert limits(subgroup_difference(Y, SE, order=[1, 2, 3])) == pytest.approx(
        (30, error, 30 - Z * error, 30 + Z * error)
    )
    assert limits(subgroup_difference(Y, SE, order=[3, 1, 2]))[0] == -10  # the last is 20, the first 30
    assert limits(subgroup_difference(Y, SE, order=[1, 2, 3], favourable=False))[0] == -30
    assert limits(subgroup_difference(Y[::-1], SE))[0] == 30
    assert limits(subgroup_difference(Y, SE, favourable=False))[0] == 30


@pytest.mark.parametrize(
    ("marked", "favourable", "expected"), [(0, True, -10), (1, True, 10), (1, False, 20), (2, False, -20)]
)
def test_a_reference_is_compared_with_another(marked: int, favourable: bool, expected: float) -> None:
    found = subgroup_difference(Y, SE, reference=np.arange(3) == marked, favourable=favourable)
    assert found.estimate[0] == expected


def test_a_ratio_has_the_limits_of_its_logarithm() -> None:
    error = np.hypot(2 / 20, 3 / 50)
    found = limits(subgroup_ratio(Y, SE, order=[1, 2, 3], confidence=0.9))
    assert found == pytest.approx(
        (2.5, error, 2.5 * np.exp(-1.6448536 * error), 2.5 * np.exp(1.6448536 * error))
    )


def test_a_ratio_over_nothing_is_infinite_without_limits() -> None:
    estimate, error, lower, upper = limits(subgroup_ratio([0.0, 5.0, 9.0], SE))
    assert estimate == np.inf
    assert np.isnan([error, lower, upper]).all()


def test_a_missing_end_leaves_no_difference_and_a_missing_middle_does() -> None:
    found = subgroup_difference([1, np.nan, 4, np.nan, 2, 7], order=[1, 2, 3] * 2, groups=[1, 1, 1, 2, 2, 2])
    assert found.estimate[0] == 3 and np.isnan(found.estimate[1])
    assert np.isnan(found.lower).all()


def test_attributable_risk_and_fraction_by_hand() -> None:
    # best: 10 of 20; elsewhere 19 of 80 have it. a=19 b=61 c=10 d=10 N=100
    walter = np.sqrt(10 * 100 * (19 * 10 * 90 + 61 * 100) / (29**3 * 20**3))
    assert limits(population_attributable_risk(Y, N, scale=100)) == pytest.approx(
        (21, 29 * walter, 21 - Z * 29 * walter, 21 + Z * 29 * walter)
    )
    fraction = population_attributable_fraction(Y, N, scale=100)
    assert limits(fraction)[:2] == pytest.approx((100 * 21 / 29, 100 * walter))
    as_peer = population_attributable_fraction(Y, N, scale=100, as_healthequal=True)
    assert limits(as_peer)[:2] == pytest.approx((100 * 21 / 29, walter))


def test_attributable_risk_looks_at_the_best_or_the_last_and_never_the_wrong_way() -> None:
    assert population_attributable_risk(Y, N, scale=100, favourable=False).estimate[0] == pytest.approx(-9)
    assert population_attributable_risk(Y, N, scale=100, order=[3, 2, 1]).estimate[0] == 0
    assert population_attributable_risk(Y, N, scale=100, order=[2, 3, 1]).estimate[0] == pytest.approx(1)
    assert population_attributable_risk(Y, N, order=[1, 2, 3], favourable=False).estimate[0] == 0


def test_of_equal_bests_the_larger_gives_the_error() -> None:
    few_first = population_attributable_risk([50, 50, 20], [10, 40, 50], scale=100)
    many_first = population_attributable_risk([50, 50, 20], [40, 10, 50], scale=100)
    assert few_first.standard_error[0] == pytest.approx(many_first.standard_error[0])


def test_variance_by_hand() -> None:
    share, error = np.array([0.5, 0.3, 0.2]), np.array(SE)
    moved = (share * error) ** 2
    variance = 4 * (moved * np.array([81, 1, 441])).sum() + 2 * (
        moved.sum() ** 2 - (moved**2).sum() + (share**2 * (1 - share) ** 2 * error**4).sum()
    )
    assert limits(between_group_variance(Y, N, SE)) == pytest.approx(
        (129, np.sqrt(variance), 129 - Z * np.sqrt(variance), 129 + Z * np.sqrt(variance))
    )
    root = between_group_standard_deviation(Y, N, SE)
    assert limits(root)[:2] == pytest.approx((np.sqrt(129), np.sqrt(variance) / 2 / np.sqrt(129)))


BY_HAND: dict[str, tuple[Callable[..., Inequality], dict[str, Any], float]] = {
    "variation": (between_group_variation, {}, 100 * np.sqrt(129) / 29),
    "disparity": (index_of_disparity, {}, 100 * 9 / 29),
    "disparity, unweighted": (index_of_disparity, {"weighted": False}, 100 * 31 / 3 / 29),
    "from mean": (mean_difference_from_mean, {}, 9.0),
    "from mean, unweighted": (mean_difference_from_mean, {"weighted": False}, 31 / 3),
    "from best": (mean_difference_from_best, {}, 21.0),
    "from best, unweighted": (mean_difference_from_best, {"weighted": False}, 50 / 3),
    "from the lowest": (mean_difference_from_best, {"favourable": False}, 9.0),
    "from reference": (mean_difference_from_reference, {"reference": [False, True, False]}, 9.0),
    "theil": (
        theil_index,
        {},
        1000 * sum(p * y / 29 * np.log(y / 29) for p, y in zip((0.5, 0.3, 0.2), Y, strict=True)),
    ),
    "mean log deviation": (
        mean_log_deviation,
        {},
        -1000 * sum(p * np.log(y / 29) for p, y in zip((0.5, 0.3, 0.2), Y, strict=True)),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_estimate_by_hand_and_error_by_small_differences(name: str) -> None:
    measure, named, expected = BY_HAND[name]
    estimate, error, lower, upper = limits(
        measure(Y, population=N, standard_error=SE, confidence=0.9, **named)
    )
    assert estimate == pytest.approx(expected)
    slopes = []
    for place in range(3):
        ends = []
        for step in (1e-5, -1e-5):
            moved = list(Y)
            moved[place] += step
            ends.append(float(measure(moved, population=N, **named).estimate[0]))
        slopes.append((ends[0] - ends[1]) / 2e-5)
    assert error == pytest.approx(np.sqrt(((np.array(slopes) * SE) ** 2).sum()), rel=1e-5)
    assert upper == pytest.approx(estimate + 1.6448536 * error, rel=1e-6)
    low = estimate - 1.6448536 * error
    assert lower == pytest.approx(low if name in ("theil", "mean log deviation") else max(low, 0), rel=1e-6)


@pytest.mark.parametrize("measure", [theil_index, mean_log_deviation])
def test_the_peers_error_is_a_thousandth(measure: Callable[..., Inequality]) -> None:
    ours, theirs = measure(Y, N, SE), measure(Y, N, SE, as_healthequal=True)
    assert theirs.estimate[0] == ours.estimate[0]
    assert theirs.standard_error[0] == pytest.approx(ours.standard_error[0] / 1000)


def test_a_zero_adds_nothing_to_theil_and_is_infinite_in_the_mean_log_deviation() -> None:
    theil = theil_index([0, 30, 60], [1, 1, 1], SE)
    assert theil.estimate[0] == pytest.approx(1000 * 2 / 3 * np.log(2))
    assert np.isnan(theil.lower[0])
    assert mean_log_deviation([0, 30, 60], [1, 1, 1]).estimate[0] == np.inf
    nudged = mean_log_deviation([0, 30, 60], [1, 1, 1], zero_as=0.03)
    assert nudged.estimate[0] == pytest.approx(-1000 / 3 * sum(np.log(np.array([0.03, 30, 60]) / 30.01)))


def test_where_all_are_equal() -> None:
    equal = ([7.0] * 3, N, SE)
    assert between_group_variance(*equal).estimate[0] == 0
    for measure in (between_group_standard_deviation, between_group_variation):
        assert limits(measure(*equal))[0] == 0 and np.isnan(measure(*equal).upper[0])
    assert theil_index(*equal).estimate[0] == pytest.approx(0, abs=1e-9)
    assert limits(mean_difference_from_mean(*equal))[:2] == (0, 0)


def test_without_population_subgroups_weigh_alike() -> None:
    assert between_group_variance(Y).estimate[0] == pytest.approx(np.var(Y))


def test_a_reference_must_be_there_once() -> None:
    found = mean_difference_from_reference(
        [*Y, *Y, *Y], [1, 0, 0, 0, 0, 0, 1, 1, 0], groups=np.repeat([1, 2, 3], 3)
    )
    assert found.estimate[0] == pytest.approx(40 / 3)
    assert np.isnan(found.estimate[1:]).all()


def brute_concentration(height: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    design = np.column_stack((rank, np.ones(rank.size))) * np.sqrt(people)[:, None]
    target = 2 * (share * (rank - 0.5) ** 2).sum() * height * np.sqrt(people)
    fitted, rest, *_ = np.linalg.lstsq(design, target, rcond=None)
    variance = rest[0] / (rank.size - 2) * np.linalg.inv(design.T @ design)[0, 0]
    return float(fitted[0]), float(np.sqrt(variance))


def test_concentration_by_regression() -> None:
    values, people = np.array([20.0, 30.0, 50.0, 35.0]), np.array([50.0, 30.0, 20.0, 60.0])
    mean = float((values * people).sum() / people.sum())
    backwards = (values[::-1], people[::-1], [4, 3, 2, 1])
    estimate, error, lower, upper = limits(absolute_concentration_index(*backwards, confidence=0.99))
    assert (estimate, error) == pytest.approx(brute_concentration(values, people))
    assert (lower, upper) == pytest.approx((estimate - 2.5758293 * error, estimate + 2.5758293 * error))
    relative = relative_concentration_index(*backwards)
    assert limits(relative)[:2] == pytest.approx((estimate / mean, error / mean))
    bounded = absolute_concentration_index(*backwards, bounds=(10, 60))
    assert limits(bounded)[:2] == pytest.approx((estimate / 50, error / 50))
    level = (mean - 10) / 50
    for normalised, factor in (("wagstaff", 1 / level / (1 - level)), ("erreygers", 4.0), (None, 1 / level)):
        found = relative_concentration_index(*backwards, bounds=(10, 60), normalised=normalised)
        assert limits(found)[:2] == pytest.approx((factor * estimate / 50, factor * error / 50))


@pytest.mark.parametrize("bounds", [(25, 60), (10, 40), (60, 60)])
def test_bounds_must_hold_the_estimates(bounds: tuple[float, float]) -> None:
    with pytest.raises(YourCommand, match="bounds"):
        absolute_concentration_index(Y, N, [1, 2, 3], bounds=bounds)


def test_an_index_is_normalised_by_a_known_name_within_bounds() -> None:
    for named in ({"normalised": "gini", "bounds": (0, 100)}, {"normalised": "wagstaff"}):
        with pytest.raises(YourCommand, match="normalisation"):
            relative_concentration_index(Y, N, [1, 2, 3], **named)


def brute_robust(
    share: np.ndarray, weight: np.ndarray, people: np.ndarray, linear: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients on the raw rank by plain Newton steps, and their HC1 covariance by matrices."""
    part = people / people.sum()
    design = np.column_stack((np.ones(part.size), np.cumsum(part) - part / 2))
    line = np.zeros(2)
    for _ in range(50):
        fitted = design @ line if linear else expit(design @ line)
        rate = np.ones(part.size) if linear else fitted * (1 - fitted)
        information = (design * (weight * rate)[:, None]).T @ design
        line = line + np.linalg.solve(information, design.T @ (weight * (share - fitted)))
    fitted = design @ line if linear else expit(design @ line)
    meat = (design * ((weight * (share - fitted)) ** 2)[:, None]).T @ design
    bread = np.linalg.inv(information)
    return line, bread @ meat @ bread * part.size / (part.size - 2)


@pytest.mark.parametrize("linear", [False, True])
def test_the_logistic_line_against_matrices(linear: bool) -> None:
    values, people = np.array([20.0, 25.0, 52.0, 60.0]), np.array([499.5, 300.0, 200.0, 400.0])
    whole = np.ceil(people)
    share = values / 100 if linear else np.rint(values / 100 * whole) / whole
    line, covariance = brute_robust(share, whole if linear else whole**2, whole, linear)
    ends = np.array([line[0], line.sum()])
    bottom, top = ends if linear else expit(ends)
    steep_bottom, steep_top = (1.0, 1.0) if linear else (bottom * (1 - bottom), top * (1 - top))
    slope, relative = logistic_slope_index(
        values[::-1], people[::-1], [4, 3, 2, 1], scale=100, linear=linear, confidence=0.9
    )
    absolute = np.array([steep_top - steep_bottom, steep_top])
    error = 100 * np.sqrt(absolute @ covariance @ absolute)
    reach = 1.6448536 * error
    estimate = 100 * (top - bottom)
    assert limits(slope) == pytest.approx((estimate, error, estimate - reach, estimate + reach), rel=1e-6)
    of_log = np.array([steep_top / top - steep_bottom / bottom, steep_top / top])
    error = np.sqrt(of_log @ covariance @ of_log)
    ratio, reach = top / bottom, np.exp(1.6448536 * error)
    assert limits(relative) == pytest.approx((ratio, error, ratio / reach, ratio * reach), rel=1e-6)


def test_a_logistic_curve_is_found_again() -> None:
    people = np.array([1e9] * 5)
    ranks = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    slope, relative = logistic_slope_index(expit(-4 + 7 * ranks), people, [1, 2, 3, 4, 5])
    assert slope.estimate[0] == pytest.approx(expit(3) - expit(-4), rel=1e-6)
    assert relative.estimate[0] == pytest.approx(expit(3) / expit(-4), rel=1e-6)
    assert logit(0.5) == 0


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([0.3, 0.3, 0.3], "equal"),
        ([0.3, 1.2, 0.4], "outside"),
        ([-0.3, 0.2, 0.4], "outside"),
        ([np.nan, 0.2, 0.4], "an estimate is missing"),
    ],
)
def test_what_has_no_logistic_line_says_so(values: list[float], problem: str) -> None:
    with pytest.raises(YourCommand, match=problem):
        logistic_slope_index(values, [100] * 3, [1, 2, 3])
    slope, relative = logistic_slope_index(
        [*values, 0.1, 0.3, 0.2], [100] * 6, [1, 2, 3] * 2, groups=[1, 1, 1, 2, 2, 2]
    )
    assert problem in slope.problem[0] and relative.problem[1] == ""
    assert np.isnan(slope.upper[0]) and np.isfinite(relative.upper[1])


def test_a_line_through_nothing_and_all_does_not_settle() -> None:
    slope, relative = logistic_slope_index([0, 0, 1, 1], [100] * 4, [1, 2, 3, 4])
    assert "settle" in slope.problem[0]
    assert np.isnan(slope.estimate[0]) and np.isnan(relative.upper[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimates": []}, "one row"),
        ({"estimates": 3.0}, "one row"),
        ({"population": [1, 2]}, "one length"),
        ({"standard_error": [1, -1, 1]}, "below 0"),
        ({"estimates": [1, 2], "population": [1, 1], "standard_error": None}, "fewer than 3"),
        ({"estimates": [np.nan] * 3}, "every estimate"),
        ({"estimates": [1, np.nan, 3]}, "15%"),
        ({"population": [1, np.nan, 1]}, "population"),
        ({"population": [1, -1, 1]}, "population"),
        ({"population": [1, np.inf, 1]}, "population"),
        ({"population": [0, 0, 0]}, "nobody"),
        ({"confidence": 1.5}, "confidence"),
    ],
)
def test_what_cannot_be_measured_is_refused(change: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"estimates": Y, "population": N, "standard_error": SE}
    with pytest.raises(YourCommand, match=message) as refused:
        between_group_variance(**{**given, **change})
    assert refused.value.remedy


def test_other_refusals() -> None:
    with pytest.raises(YourCommand, match="order is missing"):
        subgroup_difference(Y, order=[1, np.nan, 3])
    with pytest.raises(YourCommand, match="same place"):
        absolute_concentration_index(Y, N, [1, 2, 2])
    with pytest.raises(YourCommand, match="higher is better"):
        subgroup_difference(Y, favourable=[True, False, True])
    with pytest.raises(YourCommand, match="scale"):
        population_attributable_risk(Y, N, scale=0)


def test_few_missing_subgroups_without_order_are_left_out() -> None:
    values = [*Y, *Y, np.nan]
    found = between_group_variance(values, [*N, *N, 40])
    assert found.estimate[0] == pytest.approx(129)
    with pytest.raises(YourCommand, match="an estimate is missing"):
        absolute_concentration_index(values, [*N, *N, 40], np.arange(7))


def test_a_hidden_setting_does_not_touch_the_others() -> None:
    found = absolute_concentration_index(
        [1, 2, 3, *Y], [1, np.nan, 1, *N], [1, 2, 3] * 2, groups=["x"] * 3 + ["y"] * 3
    )
    assert found.groups.tolist() == ["x", "y"]
    assert np.isnan(found.estimate[0])
    assert found.estimate[1] == pytest.approx(brute_concentration(np.array(Y), np.array(N))[0])
