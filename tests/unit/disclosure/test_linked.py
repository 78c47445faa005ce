"""Counts linked by sums: what is one count, what is a rest, and what is no count."""

from __future__ import annotations

import pytest

from joinedup.disclosure.linked import UNKNOWN, linked
from joinedup.errors import OurFault


def test_a_count_below_0_is_our_fault():
    with pytest.raises(OurFault, match="below 0"):
        linked([3, -1], [])


def test_counts_that_are_equal_by_definition_are_one_cell():
    tables, at = linked([7, 7, 9], [(0, (1,), False), (2, (1,), True)])
    assert at.tolist() == [0, 0, 1]
    assert (tables.values.tolist(), tables.weights.tolist()) == ([7, 9], [2, 1])
    assert tables.entries(0).tolist() == [1, 0]


def test_a_sum_that_does_not_hold_has_a_rest_or_says_nothing():
    tables, _ = linked([10, 4, 5, 8], [(0, (1, 2), False), (0, (1, 3), False)])
    assert len(tables.rest) == 1 and tables.rest.tolist() == [True]


def test_what_an_earlier_release_told_is_kept():
    tables, _ = linked([10, None], [(0, (1,), False)], {1: (8, 12)})
    assert tables.values.tolist() == [10, UNKNOWN]
    assert (tables.floor.tolist(), tables.ceiling.tolist()) == ([0.0, 8.0], [float("inf"), 12.0])
