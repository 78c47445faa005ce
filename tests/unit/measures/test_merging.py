"""A hidden group of an ordered breakdown is merged with its neighbour, and never imputed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.periods import Period
from joinedup.disclosure import release
from joinedup.measures import calculate, compare
from joinedup.measures.merging import counts_of, merged
from joinedup.stats import slope_index_of_inequality
from tests.unit.measures.small_journeys import drawn

JUNE = [Period.parse("2025-06")]
SLUG = "deprivation_quintile"


def row(numerator, denominator):
    return {"numerator": numerator, "denominator": denominator}


def test_a_hidden_group_joins_its_neighbour():
    assert merged([True, False, True]) == [(0, 1), (2,)]
    assert merged([False, True, True]) == [(0, 1), (2,)]
    assert merged([True, False, False, True, False]) == [(0, 1, 2), (3, 4)]
    assert merged([False, False]) == []


def test_without_a_hidden_group_all_is_as_it_is():
    groups = [row(5, 10), row(20, 40), row(0, 5)]
    assert counts_of(groups, None, None) == [(5, 10), (20, 40), (0, 5)]
    assert counts_of([], None, None) == []


def test_what_two_groups_make_together_is_everyone_less_the_others():
    groups = [row(5, 10), row(20, 40), row(None, 25), row(10, 30)]
    assert counts_of(groups, row(40, 110), row(2, 5)) == [(5, 10), (23, 65), (10, 30)]
    assert counts_of(groups, row(40, 110), None) == [(5, 10), (25, 65), (10, 30)]
    both = [row(5, 10), row(20, 40), row(None, None), row(10, 30)]
    assert counts_of(both, row(40, 110), row(2, 5)) == [(5, 10), (23, 65), (10, 30)]


@pytest.mark.parametrize(
    ("everyone", "unsaid"),
    [(None, None), (row(None, 110), None), (row(40, 110), row(None, 5)), (row(40, None), row(2, 5))],
)
def test_without_such_a_sum_there_is_nothing(everyone, unsaid):
    groups = [row(5, 10), row(20, 40), row(None, None), row(10, 30)]
    assert counts_of(groups, everyone, unsaid) == []


def test_two_merged_groups_that_share_one_sum_are_not_told_apart():
    groups = [row(None, 20), row(20, 40), row(10, 30), row(None, 30)]
    assert counts_of(groups, row(40, 120), None) == []
    assert counts_of([row(None, 20), row(None, 40)], row(40, 120), None) == []


def journeys(counts):
    """Recovered and finished by quintile of deprivation, and of people of whom it is not known."""
    known = (1, 3, 5, 7, 9, None)
    deciles = [decile for decile, (_, people) in zip(known, counts, strict=True) for _ in range(people)]
    recovered = [person < found for found, people in counts for person in range(people)]
    return drawn(
        IndicesOfDeprivationDecile=deciles, ServDischDate=[date(2025, 6, 3)] * len(deciles),
        CompletedTreatment_Flag=True, NotCaseness_Flag=False, Recovery_Flag=recovered,
        ReliableImprovement_Flag=recovered,
    )  # fmt: skip


def slope_of(counts, by):
    return release(compare(calculate("M195", journeys(counts), by=by, periods=JUNE))).value


def test_a_released_slope_index_is_of_merged_groups():
    assert Breakdown.load(SLUG).ordered
    counts = [(20, 50), (25, 55), (3, 30), (40, 70), (50, 80), (10, 25)]
    comparison = slope_of(counts, [(), (SLUG,)])
    (slope,) = comparison.slopes.to_pylist()
    people, found = np.array([50, 85, 70, 80]), np.array([20, 30, 40, 50])  # 150 - 20 - 40 - 50 - 10 = 30
    share = found / people
    expected = slope_index_of_inequality(100 * share, people, 100 * np.sqrt(share * (1 - share) / people))
    assert slope["slope"] == round(float(expected.slope), 1)


def test_without_everyone_a_hidden_group_leaves_no_index():
    counts = [(20, 50), (25, 55), (3, 30), (40, 70), (50, 80), (10, 25)]
    assert not slope_of(counts, SLUG).slopes.num_rows
    unsaid = [*counts[:-1], (1, 25)]
    assert not slope_of(unsaid, [(), (SLUG,)]).slopes.num_rows
    assert slope_of([*counts[:2], (13, 30), *counts[3:]], SLUG).slopes.num_rows == 1
