"""Proof by whole tables: values of small counts seen in tables that fit, beside every table tried."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES, witnesses
from joinedup.disclosure.knowing import small_cells, told
from joinedup.disclosure.witnesses import components, near, unproved
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two, two_by_twos

NHS = PROFILES["nhs-england"]
LINE = ([9, 4, 5, 2, 3, 1, 2], (0, (1, 2)), (2, (3, 4)), (4, (5, 6)))


def nothing_seen(tables):
    return np.zeros((tables.size, 5), dtype=bool)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=4, max_size=4), st.sets(st.integers(0, 8)))
def test_what_is_proved_is_what_some_table_has(values, more):
    """Every value that a table tried has is proved, and no other."""
    tables = two_by_two(*values)
    if tables.size < 9:
        return
    small = small_cells(tables, NHS)
    hidden = small | mask(9, *more)
    seen = nothing_seen(tables)
    left = unproved(tables, hidden, NHS, seen)
    tried = two_by_twos(told(tables, hidden, NHS, strong=True), 26)
    for cell in np.flatnonzero(small):
        assert set(np.flatnonzero(seen[cell]).tolist()) == {v for v in tried[:, cell].tolist() if v < 5}
    assert left == [int(cell) for cell in np.flatnonzero(small) if not seen[cell].all()]


def test_what_is_proved_stays_so():
    tables = two_by_two(3, 9, 6, 12)
    seen = nothing_seen(tables)
    assert unproved(tables, mask(9, 0), NHS, seen) == [0]
    before = seen.copy()
    assert unproved(tables, mask(9, 0, 1, 2, 3), NHS, seen) == []
    assert (seen >= before).all()


def test_all_that_is_small_is_asked_for_and_nothing_else(monkeypatch):
    tables, asked = two_by_two(3, 9, 8, 12), []
    monkeypatch.setattr(witnesses._Proof, "search", lambda self, cells: asked.append(cells.tolist()))
    seen = nothing_seen(tables)
    assert unproved(tables, mask(9, 0, 1), NHS, seen) == [0]
    assert asked == [list(range(9))]
    assert np.argwhere(seen).tolist() == [[0, 3]]  # the true count is seen before anything is asked
    seen[0] = True
    assert unproved(tables, mask(9, 0, 1), NHS, seen) == []
    assert len(asked) == 1


def test_every_component_with_a_small_count_is_searched(monkeypatch):
    rows = [(4, (0, 1)), (5, (2, 3)), (6, (0, 2)), (7, (1, 3)), (8, (4, 5)), (8, (6, 7))]
    values = two_by_two(3, 9, 8, 12).values.tolist()
    tables = tables_of(values * 2, *rows, *((t + 9, [p + 9 for p in parts]) for t, parts in rows))
    asked = []
    monkeypatch.setattr(witnesses._Proof, "search", lambda self, cells: asked.append(cells.tolist()))
    assert unproved(tables, mask(18, 0, 9), NHS, nothing_seen(tables)) == [0, 9]
    assert asked == [list(range(9)), list(range(9, 18))]


def test_no_sum_tells_of_a_cell_that_stands_in_none():
    tables = tables_of([3, 12, 2, 14], (3, (1, 2)))
    seen = nothing_seen(tables)
    unproved(tables, mask(4, 0, 2), NHS, seen)
    assert seen[0].all()


def test_only_values_that_are_hidden_for_being_small_are_noted():
    tables = two_by_two(3, 9, 8, 12)
    seen = nothing_seen(tables)
    known = told(tables, mask(9, 0), NHS, strong=True)
    proof = witnesses._Proof(tables, known, small_cells(tables, NHS), seen)
    proof.note(np.array([0, 1, 2, 3]), np.array([4, 5, -1, 0]))
    assert np.argwhere(seen).tolist() == [[0, 3], [0, 4], [3, 0]]


def test_targets_are_values_not_seen_yet():
    tables = two_by_two(3, 2, 8, 12)
    seen = nothing_seen(tables)
    proof = witnesses._Proof(
        tables, told(tables, mask(9, 0, 1), NHS, strong=True), small_cells(tables, NHS), seen
    )
    drawn = np.array([proof._targets(np.array([0, 1])) for _ in range(200)])
    assert [set(column.tolist()) for column in drawn.T] == [{0, 1, 2, 4}, {0, 1, 3, 4}]
    seen[0] = True
    assert {float(proof._targets(np.array([0, 1]))[0]) for _ in range(20)} == {3.0}
    again = witnesses._Proof(tables, proof.known, proof.small, nothing_seen(tables))
    assert again._targets(np.array([0, 1])).tolist() == drawn[0].tolist()  # drawn alike every time


def test_all_rounds_are_used_before_values_are_asked_for_one_by_one(monkeypatch):
    tables, asked = two_by_two(3, 9, 8, 12), []
    monkeypatch.setattr(witnesses.Programme, "nearest", lambda self, targets, held=None: asked.append(held))
    unproved(tables, mask(9, 0, 1, 2, 3), NHS, nothing_seen(tables))
    assert asked == [None] * witnesses.ROUNDS + [(0, value) for value in (0, 1, 2, 4)]


def test_a_value_met_by_the_way_is_not_asked_for(monkeypatch):
    """Of two small counts one is asked for; the table found shows a value of the other."""
    tables, asked = two_by_two(3, 2, 8, 12), []
    nearest = witnesses.Programme.nearest

    def noted(self, targets, held=None):
        asked.append(held)
        return nearest(self, targets, held)

    monkeypatch.setattr(witnesses.Programme, "nearest", noted)
    monkeypatch.setattr(witnesses, "ROUNDS", 0)
    assert unproved(tables, mask(9, 0, 1, 2, 3, 4), NHS, nothing_seen(tables)) == []
    assert 4 <= len(asked) < 8
    assert len(set(asked)) == len(asked)


def test_a_large_component_is_searched_around_each_cell(monkeypatch):
    tables, asked = two_by_two(3, 9, 2, 12), []
    search = witnesses._Proof.search

    def noted(self, cells):
        asked.append(cells.tolist())
        search(self, cells)

    monkeypatch.setattr(witnesses._Proof, "search", noted)
    monkeypatch.setattr(witnesses, "WHOLE", 8)
    monkeypatch.setattr(witnesses, "NEAR", 6)
    hidden = mask(9, 0, 1, 2, 3, 6)
    left = unproved(tables, hidden, NHS, nothing_seen(tables))
    assert asked[0] == near(tables, 0, 6).tolist()
    monkeypatch.setattr(witnesses, "WHOLE", 9)
    asked.clear()
    assert set(unproved(tables, hidden, NHS, nothing_seen(tables))) <= set(left)
    assert asked == [list(range(9))]


def test_in_a_large_component_what_one_search_proved_is_not_searched_again(monkeypatch):
    tables, asked = two_by_two(3, 9, 2, 12), []

    def all_proved(self, cells):
        asked.append(cells)
        self.seen[:] = True

    monkeypatch.setattr(witnesses._Proof, "search", all_proved)
    monkeypatch.setattr(witnesses, "WHOLE", 1)
    assert unproved(tables, mask(9, 0, 2), NHS, nothing_seen(tables)) == []
    assert len(asked) == 1


def test_cells_near_another_through_relations():
    tables = tables_of(LINE[0], *LINE[1:])
    assert near(tables, 1, 1).tolist() == [1]
    assert near(tables, 1, 2).tolist() == [0, 1]
    assert near(tables, 1, 3).tolist() == [0, 1, 2]
    assert near(tables, 1, 5).tolist() == [0, 1, 2, 3, 4]
    assert near(tables, 1, 99).tolist() == list(range(7))


def test_cells_without_a_known_count_are_near_however_far_they_are():
    tables = tables_of([9, 4, None, 2, None, 1, None], *LINE[1:])
    assert near(tables, 1, 1).tolist() == [1, 2, 4, 6]
    assert near(tables, 1, 3).tolist() == [0, 1, 2, 4, 6]


def test_components_that_hold_a_wanted_cell():
    tables = tables_of([9, 4, 5, 8, 2, 6, 1], (0, (1, 2)), (3, (4, 5)))
    assert [part.tolist() for part in components(tables, mask(7, 4, 1))] == [[0, 1, 2], [3, 4, 5]]
    assert [part.tolist() for part in components(tables, mask(7, 6))] == [[6]]
    assert components(tables, mask(7)) == []


@pytest.mark.parametrize("hidden", [(0,), (0, 1, 2, 3)])
def test_a_solution_that_is_no_whole_table_proves_nothing(monkeypatch, hidden):
    tables = two_by_two(3, 9, 8, 12)
    monkeypatch.setattr(witnesses.Programme, "whole", lambda self, solution, most: None)
    seen = nothing_seen(tables)
    assert unproved(tables, mask(9, *hidden), NHS, seen) == [0]
    assert np.argwhere(seen).tolist() == [[0, 3]]
