"""What two readers know of each count: by itself, through one sum, and through all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES
from joinedup.disclosure import knowing as knowing_module
from joinedup.disclosure.knowing import Known, exposed, implied, narrowed, small_cells, told
from joinedup.disclosure.linked import linked
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two, two_by_twos

NHS, OPEN = PROFILES["nhs-england"], PROFILES["opensafely"]
INF = np.inf


@pytest.mark.parametrize("rule", [NHS, OPEN])
def test_a_shown_count_is_any_that_is_shown_alike(rule):
    values = list(range(rule.hide_below, 40))
    known = told(tables_of(values), mask(len(values)), rule, strong=True)
    for value, low, high in zip(values, known.low, known.high, strict=True):
        alike = [one for one in range(rule.hide_below, 60) if rule.shown(one) == rule.shown(value)]
        assert (low, high) == (alike[0], alike[-1])


def test_of_a_hidden_count_the_strong_reader_knows_whether_it_is_small():
    tables = tables_of([0, 4, 5, 12])
    strong = told(tables, mask(4, 0, 1, 2), NHS, strong=True)
    weak = told(tables, mask(4, 0, 1, 2), NHS, strong=False)
    assert (strong.low.tolist(), strong.high.tolist()) == ([0, 0, 0, 8], [4, 4, INF, 12])
    assert (weak.low.tolist(), weak.high.tolist()) == ([0, 0, 0, 8], [INF, INF, INF, 12])


def test_of_a_count_that_is_not_known_what_an_earlier_release_told():
    tables, _ = linked([7, None, None], [], {1: (8, 12)})
    known = told(tables, mask(3, 1, 2), NHS, strong=True)
    assert (known.low.tolist(), known.high.tolist()) == ([5, 8, 0], [7, 12, INF])
    assert small_cells(tables, NHS).tolist() == [False, False, False]
    assert small_cells(tables_of([4, 5, 0]), NHS).tolist() == [True, False, True]


def test_what_one_sum_leaves_for_each_of_its_counts():
    tables = tables_of([14, 6, 8], (0, (1, 2)))
    lower, upper = implied(tables, Known(np.array([18.0, 5, 0]), np.array([22.0, 7, INF])))
    assert (lower.tolist(), upper.tolist()) == ([5, -INF, 11], [INF, 22, 17])
    lower, upper = implied(tables, Known(np.array([18.0, 5, 8]), np.array([INF, 7, 12])))
    assert (lower.tolist(), upper.tolist()) == ([13, 6, 11], [19, INF, INF])


def test_parts_with_a_rest_leave_no_upper_limit_for_their_total():
    tables = tables_of([20, 6, 8], (0, (1, 2), True))
    lower, upper = implied(tables, Known(np.array([18.0, 5, 0]), np.array([22.0, 7, INF])))
    assert (lower.tolist(), upper.tolist()) == ([5, -INF, -INF], [INF, 22, 17])


def test_two_endless_counts_say_nothing_of_each_other():
    tables = tables_of([15, 6, 8, 1], (0, (1, 2, 3)))
    _, upper = implied(tables, Known(np.zeros(4), np.array([22.0, INF, INF, 4])))
    assert upper.tolist() == [INF, 22, 22, 22]
    lower, _ = implied(tables, Known(np.array([18.0, 0, 0, 0]), np.array([22.0, INF, INF, 4])))
    assert lower.tolist() == [0, -INF, -INF, -INF]


def test_sums_are_used_until_none_says_anything_new():
    """The first leaves 5 to 9 for a count, which leaves 1 to 9 for one in the second."""
    tables = tables_of([20, 13, 7, 4, 3], (0, (1, 2)), (2, (3, 4)))
    known = narrowed(tables, Known(np.array([20.0, 11, 0, 0, 0]), np.array([20.0, 15, INF, INF, 4])))
    assert (known.low.tolist(), known.high.tolist()) == ([20, 11, 5, 1, 0], [20, 15, 9, 9, 4])


def test_without_sums_nothing_follows():
    tables = tables_of([3, 8])
    known = told(tables, mask(2, 0), NHS, strong=True)
    found = narrowed(tables, known)
    assert (found.low.tolist(), found.high.tolist()) == (known.low.tolist(), known.high.tolist())


def test_what_contradicts_itself_comes_to_an_end(monkeypatch):
    tables = tables_of([9, 5, 3], (0, (1, 2)))
    rounds = []

    def counted(*given):
        rounds.append(1)
        return implied(*given)

    monkeypatch.setattr(knowing_module, "implied", counted)
    known = narrowed(tables, Known(np.array([9.0, 12, 0]), np.array([9.0, 14, 4])))
    assert (known.low > known.high).any()
    assert len(rounds) == 1
    # each of two counts is more than the other: they lift each other for ever
    creeping, _ = linked([None, None, 5, 5], [(0, (1, 2), False), (1, (0, 3), False)])
    rounds.clear()
    known = narrowed(creeping, Known(np.array([0.0, 0, 5, 5]), np.full(4, INF)))
    assert len(rounds) == knowing_module.ROUNDS
    assert known.low[:2].min() >= 5 * knowing_module.ROUNDS


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=4, max_size=4), st.sets(st.integers(0, 3)))
def test_nothing_possible_is_ever_excluded(values, hidden):
    tables = two_by_two(*values)
    if tables.size < 9:
        return
    away = small_cells(tables, NHS) | mask(9, *hidden)
    for strong in (True, False):
        known = told(tables, away, NHS, strong=strong)
        tried, within = two_by_twos(known, 26), narrowed(tables, known)
        assert (within.low <= tried.min(axis=0)).all() and (within.high >= tried.max(axis=0)).all()
        assert (within.low >= known.low).all() and (within.high <= known.high).all()


def test_exposed_are_wanted_hidden_counts_of_which_something_small_is_excluded():
    tables = tables_of([3, 3, 3, 3, 3, 9])
    known = Known(np.array([0.0, 1, 0, 0, 1, 1]), np.array([4.0, 4, 3, 9, 4, 4]))
    wanted, hidden = mask(6, 0, 1, 2, 3, 5), mask(6, 0, 1, 2, 3, 4)
    assert exposed(tables, hidden, wanted, known, NHS).tolist() == [1, 2]
