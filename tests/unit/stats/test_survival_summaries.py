from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.survival import survival_curve
from joinedup.stats.survival_summaries import (
    restricted_mean,
    restricted_mean_difference,
    survival_at,
    survival_quantiles,
)
from tests.reference import waits

NAN = np.nan


def test_share_still_waiting_at_a_time() -> None:
    curves = survival_curve([2, 4, 6, 1, 3, 5], [1, 1, 0, 1, 1, 1], groups=list("aaabbb"), limits="plain")
    found = survival_at(curves, [0, 2, 3.9, 6, 6.1])
    np.testing.assert_allclose(found.value, [[1, 2 / 3, 2 / 3, 1 / 3, NAN], [1, 2 / 3, 1 / 3, 0, 0]])
    assert found.at.tolist() == [0, 2, 3.9, 6, 6.1]
    assert found.labels.tolist() == ["a", "b"]
    assert found.lower[0, 0] == found.upper[0, 0] == 1
    np.testing.assert_array_equal(found.lower[0, 1:3], curves.lower[[0, 0]])
    np.testing.assert_array_equal(found.upper[0, 3], curves.upper[2])
    assert np.isnan(found.lower[0, 4])


def test_nothing_is_said_of_what_is_not_seen() -> None:
    entered = survival_curve([5, 6, 9], [1, 1, 0], entry=[3, 4, 5])
    np.testing.assert_allclose(survival_at(entered, [2.9, 3, 5]).value, [[NAN, 1, 1 / 2]])
    emptied = survival_curve([1, 5, 6], [1, 1, 1], entry=[0, 2, 3])
    np.testing.assert_allclose(survival_at(emptied, [0.5, 1, 7]).value, [[1, NAN, NAN]])
    assert np.isnan(restricted_mean(emptied, 4).value).all()
    assert restricted_mean(emptied, 0.5).value.tolist() == [[0.5]]
    assert np.isnan(survival_quantiles(emptied, 0.5).value).all()
    nobody = survival_curve([NAN], [1])
    assert np.isnan(survival_at(nobody, 1).value).all()
    assert np.isnan(restricted_mean(nobody, 1).value).all()
    assert np.isnan(survival_quantiles(nobody, 0.5).value).all()


def test_quantiles_by_hand_take_the_middle_of_a_level_step() -> None:
    found = survival_quantiles(survival_curve([1, 2, 3, 4], [1, 1, 1, 1]), [0.25, 0.5, 0.6, 0.75, 0.92])
    assert found.value.tolist() == [[1.5, 2.5, 3, 3.5, 4]]
    # level to the end of what was seen: the step's start, since nobody knows where it would end
    level = survival_quantiles(survival_curve([1, 2, 3, 4], [1, 1, 0, 0]), [0.5, 0.75])
    np.testing.assert_array_equal(level.value, [[2, NAN]])
    # a half reached by fractions that do not add up to it exactly
    thirds = survival_curve([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1])
    assert survival_quantiles(thirds, 1 / 3).value.tolist() == [[2.5]]


def test_limits_of_quantiles_invert_those_of_the_curve() -> None:
    curves = survival_curve(np.arange(1, 41), np.ones(40), limits="log-log")
    found = survival_quantiles(curves, 0.5)
    lower, upper = found.lower[0, 0], found.upper[0, 0]
    assert lower == curves.time[curves.lower <= 0.5][0]
    assert upper == curves.time[curves.upper <= 0.5][0]
    assert lower < found.value[0, 0] < upper


def test_quantiles_of_groups_are_each_their_own() -> None:
    curves = survival_curve([9, 8, 1, 2, 3], [1, 1, 1, 1, 1], groups=list("xxyyy"))
    assert survival_quantiles(curves, [0.4, 0.9]).value.tolist() == [[8, 9], [2, 3]]


def test_restricted_mean_by_hand() -> None:
    # S is 1 to 1, 3/4 to 2, 1/2 to 4 (one censored at 3), 0 from there
    curves = survival_curve([1, 2, 3, 4], [1, 1, 0, 1])
    found = restricted_mean(curves, [0.5, 3, 4, 10])
    np.testing.assert_allclose(found.value, [[0.5, 1 + 0.75 + 0.5, 2.75, 2.75]])
    area_1, area_2 = 0.75 + 0.5, 0.5  # to the horizon 3
    np.testing.assert_allclose(found.std_error[0, 1], sqrt(area_1**2 / 12 + area_2**2 / 6))
    area_1, area_2 = 0.75 + 1.0, 1.0
    np.testing.assert_allclose(found.std_error[0, 2:], sqrt(area_1**2 / 12 + area_2**2 / 6))
    assert found.std_error[0, 0] == 0
    z = 1.959963984540054
    np.testing.assert_allclose(found.lower[0, 3], 2.75 - z * found.std_error[0, 3])
    np.testing.assert_allclose(found.upper[0, 3], 2.75 + z * found.std_error[0, 3])
    assert found.upper[0, 1] == 3
    assert found.lower[0, 1] >= 0


def test_nothing_is_drawn_on_beyond_what_was_seen() -> None:
    curves = survival_curve([1, 2, 3, 3], [1, 0, 0, 1])
    np.testing.assert_allclose(restricted_mean(curves, [3, 3.5]).value, [[1 + 2 * 0.75, NAN]])
    assert np.isnan(restricted_mean(curves, 3.5).std_error).all()
    later = survival_curve([5, 6], [1, 1], entry=[2, 2])
    np.testing.assert_allclose(restricted_mean(later, [2, 2.5, 6]).value, [[NAN, 2.5, 5.5]])


def test_restricted_mean_of_groups_as_in_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, event, group = rng.integers(1, 20, 300), rng.random(300) < 0.8, rng.integers(0, 5, 300)
    time[:5], group[:5], event[:5] = 25, np.arange(5), 0
    found = restricted_mean(survival_curve(time, event, groups=group), [7.5, 20])
    for place, label in enumerate(found.labels):
        own = group == label
        curve = waits.steps(time[own].tolist(), event[own].astype(int).tolist())
        for column, horizon in enumerate([7.5, 20]):
            value, variance = waits.restricted_mean(curve, horizon)
            np.testing.assert_allclose(found.value[place, column], value, rtol=1e-12)
            np.testing.assert_allclose(found.std_error[place, column], sqrt(variance), rtol=1e-10)


def test_error_of_the_restricted_mean_is_what_samples_show(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, samples = 120, 1500
    wait, seen = rng.exponential(10, (samples, people)), rng.exponential(25, (samples, people))
    curves = survival_curve(
        np.minimum(wait, seen).ravel(), (wait <= seen).ravel(), groups=np.repeat(np.arange(samples), people)
    )
    found = restricted_mean(curves, 12)
    truth = 10 * (1 - np.exp(-1.2))
    assert abs(found.value.mean() - truth) < 0.05
    np.testing.assert_allclose(found.std_error.mean(), found.value.std(), rtol=0.08)
    covered = ((found.lower <= truth) & (truth <= found.upper)).mean()
    assert 0.93 < covered < 0.97


def test_difference_of_restricted_means() -> None:
    first = restricted_mean(survival_curve([1, 2, 3, 4], [1, 1, 0, 1]), 4)
    second = restricted_mean(survival_curve([2, 3, 3, 4], [1, 1, 0, 1]), 4)
    found = restricted_mean_difference(first, second, 0.9)
    np.testing.assert_allclose(found.value, second.value - first.value)
    error = np.sqrt(first.std_error**2 + second.std_error**2)
    np.testing.assert_allclose(found.std_error, error)
    np.testing.assert_allclose(found.lower, found.value - 1.6448536269514722 * error)
    np.testing.assert_allclose(found.upper, found.value + 1.6448536269514722 * error)
    assert found.at.tolist() == [4]
    with pytest.raises(YourCommand, match="other groups or horizons"):
        restricted_mean_difference(first, restricted_mean(survival_curve([1], [1]), 5))
    with pytest.raises(YourCommand, match="other groups or horizons"):
        restricted_mean_difference(first, restricted_mean(survival_curve([1], [1], groups=["b"]), 4))


def test_refusals_and_nothing_asked() -> None:
    curves = survival_curve([1, 2], [1, 1], groups=["a", "b"])
    for wrong in (0.0, 1.0, 92.0, NAN):
        with pytest.raises(YourCommand, match="not between 0 and 1"):
            survival_quantiles(curves, wrong)
    for wrong in (0.0, NAN):
        with pytest.raises(YourCommand, match="not above 0"):
            restricted_mean(curves, wrong)
    with pytest.raises(YourCommand, match="one list"):
        survival_at(curves, [[1]])
    assert survival_quantiles(curves, []).value.shape == (2, 0)
    assert restricted_mean(curves, []).value.shape == (2, 0)
    assert survival_at(curves, []).value.shape == (2, 0)
