from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.intervals import poisson_interval
from joinedup.stats.standardisation import (
    directly_standardised_rates,
    indirectly_standardised_rates,
    indirectly_standardised_ratios,
)

TWO_AGES: dict[str, Any] = {
    "events": [10, 20],
    "people": [1_000, 2_000],
    "standard_people": [3_000, 1_000],
}


def test_a_rate_as_if_with_the_ages_of_the_standard() -> None:
    """By hand: (10/1000 x 3000 + 20/2000 x 1000) / 4000 = 1%; variance (10 x 3² + 20 x 0.5²) / 4000²."""
    found = directly_standardised_rates(**TWO_AGES, per=1_000)
    assert (found.groups.tolist(), found.events.tolist(), found.people.tolist()) == (["all"], [30], [3_000])
    assert found.value[0] == pytest.approx(10)
    scale = np.sqrt((10 * 9 + 20 * 0.25) / 30) / 4_000 * 1_000
    assert found.lower[0] == pytest.approx(10 + scale * (20.23693909 - 30))
    assert found.upper[0] == pytest.approx(10 + scale * (42.82837194 - 30))
    assert directly_standardised_rates(**TWO_AGES).value[0] == pytest.approx(1_000)
    wide = directly_standardised_rates(**TWO_AGES, per=1_000, confidence=0.998)
    assert wide.lower[0] == pytest.approx(10 + scale * (float(poisson_interval(30, 0.998)[0]) - 30))


def test_groups_are_standardised_apart() -> None:
    found = directly_standardised_rates(
        [6, 10, np.nan, 20, 6], [10, 1_000, 10, 2_000, 10], [2, 3_000, 5, 1_000, 2], list("wbwbw"), per=1_000
    )
    assert found.groups.tolist() == ["w", "b"]
    assert (found.events.tolist(), found.people.tolist()) == ([12, 30], [30, 3_000])
    # a missing count is none, and its standard people still count
    np.testing.assert_allclose(found.value, [(0.6 * 2 + 0.6 * 2) / 9 * 1_000, 10])


def test_a_rate_from_few_events_is_held_back() -> None:
    events, groups = [9.5, 10], ["few", "enough"]
    held = directly_standardised_rates(events, 100, 1, groups)
    assert np.isnan([held.value[0], held.lower[0], held.upper[0]]).all()
    assert held.events[0] == 9.5
    assert np.isfinite([held.value[1], held.lower[1], held.upper[1]]).all()
    shown = directly_standardised_rates(events, 100, 1, groups, suppress_below=0, per=100)
    np.testing.assert_allclose(shown.value, [9.5, 10])
    none = directly_standardised_rates(0, 100, 1, suppress_below=0)
    assert (none.value[0], np.isnan(none.lower[0]), np.isnan(none.upper[0])) == (0, True, True)


def test_a_standard_of_nobody_gives_nothing() -> None:
    found = directly_standardised_rates([20, 20], 100, 0)
    assert np.isnan([found.value, found.lower, found.upper]).all()


def test_several_events_of_one_person_widen_the_limits() -> None:
    """10 people with one event and 5 with two: 20 events, variance (10 x 1 + 5 x 2²) / 1000²."""
    found = directly_standardised_rates([10, 5], 1_000, 1, ages=["0", "0"], frequency=[1, 2], per=1_000)
    assert (found.events[0], found.people[0]) == (20, 1_000)
    assert found.value[0] == pytest.approx(20)
    low, high = (float(end) for end in poisson_interval(20))
    assert found.lower[0] == pytest.approx(20 + np.sqrt(30 / 20) * (low - 20))
    assert found.upper[0] == pytest.approx(20 + np.sqrt(30 / 20) * (high - 20))


def test_ages_by_frequency_in_any_order_and_gaps() -> None:
    """A frequency that an age does not have may be left out, or missing."""
    full = directly_standardised_rates(
        [8, 4, 6, np.nan], [100, 100, 200, 200], [1, 1, 3, 3], ages=[0, 0, 5, 5], frequency=[1, 2, 1, 2]
    )
    short = directly_standardised_rates(
        [4, 6, 8], [100, 200, 100], [1, 3, 1], ages=[0, 5, 0], frequency=[2, 1, 1]
    )
    for name in ("events", "people", "value", "lower", "upper"):
        np.testing.assert_allclose(getattr(full, name), getattr(short, name))
    assert full.people[0] == 300
    assert full.value[0] == pytest.approx((16 / 100 + 6 / 200 * 3) / 4 * 100_000)


def test_events_once_each_are_those_of_independent_events() -> None:
    plain = directly_standardised_rates(**TWO_AGES)
    once = directly_standardised_rates(**TWO_AGES, ages=["young", "old"], frequency=1)
    named = directly_standardised_rates(**TWO_AGES, ages=["young", "old"])
    assert plain.upper[0] == once.upper[0] == named.upper[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": [0, 1]}, "People are missing"),
        ({"people": [np.nan, 1]}, "People are missing"),
        ({"standard_people": [np.nan, 1]}, "standard population is missing"),
        ({"standard_people": [-1, 1]}, "standard population is missing"),
        ({"events": [-1, 1]}, "Events are below 0"),
        ({"ages": ["a", "a"]}, "in its group twice"),
        ({"frequency": [1, 2]}, "need their ages"),
        ({"ages": ["a", "b"], "frequency": [0, 1]}, "frequency is missing"),
        ({"ages": ["a", "b"], "frequency": [np.nan, 1]}, "frequency is missing"),
        ({"ages": ["a", "a"], "frequency": [1, 2]}, "differ in people"),
        ({"ages": ["a", "a"], "frequency": [1, 2], "people": 5}, "differ in people"),
        ({"ages": ["a", "a"], "frequency": [1, 2], "standard_people": 5}, "differ in people"),
    ],
)
def test_tables_that_cannot_be_standardised_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(YourCommand, match=message):
        directly_standardised_rates(**(TWO_AGES | change))


REFERENCE: dict[str, Any] = {
    "people": [100, 200, 50, 300],
    "reference_events": [10, 40, 10, 40],
    "reference_people": [1_000, 1_000, 1_000, 1_000],
    "groups": ["a", "a", "b", "b"],
}
"""Expected: a 1 + 8 = 9, b 0.5 + 12 = 12.5; crude rate of the reference 50 / 2000."""


def test_observed_beside_expected() -> None:
    found = indirectly_standardised_ratios([4, 5, 9, 1], **REFERENCE, per=100)
    assert (found.groups.tolist(), found.observed.tolist()) == (["a", "b"], [9, 10])
    np.testing.assert_allclose(found.expected, [9, 12.5])
    np.testing.assert_allclose(found.value, [100, 80])
    assert (found.reference.tolist(), found.method.tolist()) == ([100, 100], ["exact", "byar"])
    lower, upper = poisson_interval([9, 10])
    np.testing.assert_allclose(found.lower, lower / [9, 12.5] * 100)
    np.testing.assert_allclose(found.upper, upper / [9, 12.5] * 100)
    assert indirectly_standardised_ratios([4, 5, 9, 1], **REFERENCE).value[1] == pytest.approx(0.8)


def test_the_rate_is_the_ratio_times_the_crude_rate_of_the_reference() -> None:
    found = indirectly_standardised_rates([4, 5, 9, 1], **REFERENCE, confidence=0.998)
    np.testing.assert_allclose(found.reference, [2_500, 2_500])
    np.testing.assert_allclose(found.value, [2_500, 2_000])
    np.testing.assert_allclose(found.upper, poisson_interval([9, 10], 0.998)[1] / [9, 12.5] * 2_500)
    assert indirectly_standardised_rates([4, 5, 9, 1], **REFERENCE, per=10).value[1] == pytest.approx(0.2)


def test_observed_totals_stand_for_those_by_age() -> None:
    for call in (indirectly_standardised_ratios, indirectly_standardised_rates):
        by_age = call([4, 5, 9, 1], **REFERENCE)
        totals = call(None, **REFERENCE, observed_totals=[9, 10])
        assert (by_age.value.tolist(), by_age.upper.tolist()) == (
            totals.value.tolist(),
            totals.upper.tolist(),
        )


def test_a_missing_total_is_missing() -> None:
    found = indirectly_standardised_ratios(None, **REFERENCE, observed_totals=[9, np.nan])
    assert np.isnan([found.value[1], found.lower[1], found.upper[1]]).all()
    assert found.method.tolist() == ["exact", ""]


def test_missing_figures_by_age_count_as_none() -> None:
    found = indirectly_standardised_rates(
        [np.nan, 3, 1], [10, np.nan, 20], [np.nan, 5, 5], [100, 100, 100], per=1
    )
    assert (found.observed[0], found.expected[0], found.reference[0]) == (4, 1, pytest.approx(10 / 300))
    unknown = indirectly_standardised_rates([1, 1], [10, 10], [5, 5], [np.nan, 100], per=1)
    assert (unknown.expected[0], unknown.reference[0]) == (0.5, pytest.approx(0.1))


def test_nothing_expected() -> None:
    found = indirectly_standardised_ratios([11, 0], [0, 0], [5, 5], [100, 100], ["some", "none"])
    assert found.expected.tolist() == [0, 0]
    assert (found.value[0], found.lower[0], found.upper[0]) == (np.inf, np.inf, np.inf)
    assert np.isnan([found.value[1], found.lower[1], found.upper[1]]).all()


def test_tables_without_a_reference_or_below_0_are_refused() -> None:
    for position in range(4):
        columns: list[Any] = [1, 1, 1, 1]
        columns[position] = [-1, 1]
        with pytest.raises(YourCommand, match="below 0"):
            indirectly_standardised_ratios(*columns)
    with pytest.raises(YourCommand, match="reference population is 0"):
        indirectly_standardised_rates([1, 1], 1, 1, [0, 1])
    with pytest.raises(YourCommand, match="3 observed totals were given for 2 groups"):
        indirectly_standardised_rates(None, **REFERENCE, observed_totals=[1, 2, 3])
    with pytest.raises(YourCommand, match="Observed events are below 0"):
        indirectly_standardised_rates(None, **REFERENCE, observed_totals=[1, -2])
