"""Which further cells are hidden, step by step: by intervals, by whole tables, and for further stars."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import PROFILES, Relation, protect, protecting
from joinedup.disclosure.linked import linked
from joinedup.disclosure.protecting import hide
from tests.property.disclosure_tables import table
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two

NHS = PROFILES["nhs-england"]
NONE = mask(9)
HALF_KNOWN = (5, 40, 9, 80)
"""With 0 and 1 hidden, 14 and 9 (cells 6 and 2) leave 1 at least for the 5."""


def table_of(number):
    values, relations = table(number)
    return values, *relations


def cells(found):
    return np.flatnonzero(found).tolist()


def test_where_nothing_is_small_nothing_is_hidden():
    assert cells(hide(two_by_two(7, 9, 8, 12), NHS)) == []
    before, _ = linked([12, None, 7], [(0, (1, 2), False)])
    assert cells(hide(before, NHS)) == [1]


def test_a_rule_without_further_cells_hides_small_ones_only():
    values, relations = {(0, "n"): 9, (1, "n"): 3, (2, "n"): 6}, [Relation((0, "n"), ((1, "n"), (2, "n")))]
    assert protect(values, relations, PROFILES["naive"]).hidden == {(1, "n")}
    both = protect(values, relations, NHS)
    assert (both.small, both.complementary, both.hidden) == (
        {(1, "n")},
        both.hidden - {(1, "n")},
        both.small | both.complementary,
    )
    assert len(both.complementary) == 1


def told_before(**before):
    """What is hidden of 7, 4, 7 and their sum, 18, by what is told of some of them: shown or hidden."""
    cells = {(at, "n"): value for at, value in enumerate((18, 7, 4, 7))}
    relation = Relation((0, "n"), ((1, "n"), (2, "n"), (3, "n")))
    told = {(int(name[1:]), "n"): hidden for name, hidden in before.items()}
    return sorted(row for row, _ in protect(cells, [relation], NHS, told).hidden)


def test_what_stands_elsewhere_stays_shown_or_hidden():
    assert told_before() in ([1, 2], [2, 3])
    assert told_before(_1=False, _3=False) == [0, 2]
    assert told_before(_0=False, _1=False) == [2, 3]
    assert told_before(_0=True) == [0, 2]
    assert told_before(_0=True, _3=True) == [0, 2, 3]
    assert told_before(_0=False, _1=False, _2=False, _3=False) == [2]  # a small count is never shown
    assert told_before(_0=False, _1=False, _2=False) == [2, 3]


def test_a_count_that_is_not_known_is_not_taken_for_shown():
    cells = {(0, "n"): 30, (1, "n"): 3, (2, "n"): None, (3, "n"): 12}
    relation = Relation((0, "n"), ((1, "n"), (2, "n"), (3, "n")))
    assert protect(cells, [relation], NHS, {(2, "n"): False}).hidden == {(1, "n")}


def test_cells_hidden_before_are_no_further_ones():
    values = {(0, "n"): 30, (1, "n"): 3, (2, "n"): None, (3, "n"): 12}
    found = protect(values, [Relation((0, "n"), ((1, "n"), (2, "n"), (3, "n")))], NHS)
    assert (found.small, found.complementary) == ({(1, "n")}, frozenset())


def test_intervals_ask_for_what_is_small_and_for_further_stars_that_may_be():
    tables = two_by_two(*HALF_KNOWN)
    start = mask(9, 0, 1)
    assert cells(protecting._by_intervals(tables, start, NHS, NONE)) == [0, 1, 2]
    large = two_by_two(10, 12, 6, 9)  # 6 at least of both stars
    assert cells(protecting._by_intervals(large, mask(9, 0, 1), NHS, NONE)) == [0, 1]
    assert cells(start) == [0, 1]  # what was given stays as it was


def test_intervals_hide_nothing_that_was_shown_before():
    tables = two_by_two(3, 9, 6, 12)
    open_ = protecting._by_intervals(tables, mask(9, 0), NHS, NONE)
    assert cells(open_)[:1] == [0] and len(cells(open_)) > 1
    locked = ~mask(9, 0)
    assert cells(protecting._by_intervals(tables, mask(9, 0), NHS, locked)) == [0]
    only = ~mask(9, 0, 6)
    assert cells(protecting._by_intervals(tables, mask(9, 0), NHS, only)) == [0, 6]


def test_what_no_table_proves_gets_a_further_cell_in_its_shortest_sum(monkeypatch):
    tables = tables_of([3, 28, 31, 9, 12, 24], (2, (0, 1)), (5, (0, 3, 4)))
    asked = iter([[0], []])
    monkeypatch.setattr(protecting, "unproved", lambda tables, hidden, rule, seen: next(asked))
    found = protecting._by_tables(tables, mask(6, 0), NHS, mask(6))
    assert cells(found) in ([0, 1], [0, 2])


def test_after_its_time_all_counts_in_its_sums_are_hidden(monkeypatch):
    tables = tables_of([3, 28, 31, 9, 12, 24], (2, (0, 1)), (5, (0, 3, 4)))
    asked = iter([[], [0], []])
    monkeypatch.setattr(protecting, "unproved", lambda tables, hidden, rule, seen: next(asked))
    monkeypatch.setattr(protecting, "SECONDS", -1.0)
    assert cells(protecting._by_tables(tables, mask(6, 0), NHS, mask(6, 3))) == [0, 1, 2, 4, 5]


def test_what_is_given_away_already_takes_nothing_with_it():
    """24 less 21, both shown before, is 1 or more: no star of the other sums helps."""
    tables = two_by_two(3, 21, 9, 12)
    assert len(cells(protecting._by_tables(tables, mask(9, 0), NHS, NONE))) > 1
    assert cells(protecting._by_tables(tables, mask(9, 0), NHS, mask(9, 1, 4))) == [0]


def test_where_nothing_is_left_to_hide_it_ends(monkeypatch):
    tables = two_by_two(3, 9, 6, 12)
    monkeypatch.setattr(protecting, "unproved", lambda tables, hidden, rule, seen: [0])
    assert protecting._by_tables(tables, ~NONE, NHS, NONE).all()
    assert cells(protecting._by_tables(tables, mask(9, 0), NHS, ~mask(9, 0))) == [0]


def test_values_of_trees_count_as_seen(monkeypatch):
    seen_so = []
    monkeypatch.setattr(protecting, "unproved", lambda tables, hidden, rule, seen: seen_so.append(seen) or [])
    protecting._by_tables(tables_of([9, 3, 6], (0, (1, 2))), mask(3, 1), NHS, mask(3))
    protecting._by_tables(two_by_two(3, 9, 6, 12), mask(9, 0), NHS, NONE)
    assert [(seen.shape, bool(seen.all()), bool(seen.any())) for seen in seen_so] == [
        ((3, 5), True, True),
        ((9, 5), False, False),
    ]


def test_for_a_half_known_star_one_count_that_it_rests_on_is_hidden():
    tables = two_by_two(*HALF_KNOWN)
    assert cells(protecting._by_stars(tables, mask(9, 0, 1), NHS, NONE)) in ([0, 1, 2], [0, 1, 6])
    assert cells(protecting._by_stars(tables, mask(9, 0, 1), NHS, mask(9, 2))) == [0, 1, 6]
    assert cells(protecting._by_stars(tables, mask(9, 0, 1), NHS, mask(9, 2, 6))) == [0, 1]


def test_after_so_many_rounds_all_that_stars_rest_on_are_hidden(monkeypatch):
    tables = two_by_two(*HALF_KNOWN)
    monkeypatch.setattr(protecting, "ROUNDS", 0)
    assert set(cells(protecting._by_stars(tables, mask(9, 0, 1), NHS, NONE))) >= {0, 1, 2, 6}
    asked = iter([[np.array([2])], [np.array([3, 7])], [np.array([4, 5])], []])
    monkeypatch.setattr(protecting.Stars, "half_known", lambda self, hidden: next(asked))
    monkeypatch.setattr(protecting, "ROUNDS", 2)
    found = cells(protecting._by_stars(tables, mask(9, 0, 1), NHS, NONE))
    assert found[:3] == [0, 1, 2]
    assert {4, 5} <= set(found)
    assert len({3, 7} & set(found)) == 1


def test_a_large_star_takes_no_further_figures_with_it():
    """Three services make a trust, two trusts and those elsewhere make everyone: one star of those is enough."""
    ours, theirs = (201, 154, 159), (142, 167, 153, 135, 126)
    values = [sum(ours), sum(theirs), 0, sum(ours + theirs), *ours, *theirs]
    tables = tables_of(values, (3, (0, 1, 2)), (0, (4, 5, 6)), (1, (7, 8, 9, 10, 11)))
    found = cells(hide(tables, NHS))
    assert len(found) == 2 and 2 in found and max(found) < 4


@pytest.mark.parametrize("start", [None, (3,)])
def test_what_was_hidden_before_stays_so(start):
    tables = two_by_two(3, 9, 30, 40)
    found = hide(tables, NHS, None if start is None else mask(9, *start), NONE)
    assert set(start or ()) <= set(cells(found))
    assert 0 in cells(found)
