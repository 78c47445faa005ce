"""Which cells to hide: cuts of exposed cells, what each cell costs, and a cover beside every set tried."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES, choosing
from joinedup.disclosure.choosing import costs, cover, cuts_of, shown_near
from joinedup.disclosure.knowing import exposed, narrowed, told
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two

NHS = PROFILES["nhs-england"]
CHAIN = ([40, 2, 38, 20, 18, 9, 11], (0, (1, 2)), (2, (3, 4)), (3, (5, 6)))


def known_of(tables, hidden, strong=True):
    return narrowed(tables, told(tables, hidden, NHS, strong=strong))


def test_shown_cells_of_a_sum_or_the_nearest():
    tables = tables_of(CHAIN[0], *CHAIN[1:])
    assert shown_near(tables, mask(7, 1), 0) == (0, 2)
    assert shown_near(tables, mask(7, 0, 1, 2), 0) == (3, 4)
    assert shown_near(tables, mask(7, 0, 1, 2, 3, 4), 0) == (5, 6)
    assert shown_near(tables, mask(7, 0, 1, 2, 3, 4), 1) == (5, 6)
    assert shown_near(tables, mask(7, *range(7)), 0) == ()


def test_the_cut_is_of_the_sum_that_narrows_most():
    """The row (28 to 32, less 28 to 32) excludes nothing; the column (8 to 12, less 5 to 7) 0."""
    tables = tables_of([3, 28, 31, 6, 9], (2, (0, 1)), (4, (0, 3)))
    hidden = mask(5, 0)
    known = known_of(tables, hidden)
    out = exposed(tables, hidden, hidden, known, NHS)
    assert out.tolist() == [0]
    assert cuts_of(tables, hidden, out, known, 4) == [(3, 4)]


def test_where_the_tightest_sum_has_nothing_to_hide_the_next_is_cut():
    tables = tables_of([3, 28, 31, 6, 9], (2, (0, 1)), (4, (0, 3)))
    known = known_of(tables, mask(5, 0))
    assert cuts_of(tables, mask(5, 0, 3, 4), np.array([0]), known, 4) == [(1, 2)]
    assert cuts_of(tables, mask(5, *range(5)), np.array([0]), known, 4) == []
    assert cuts_of(tables, mask(5, 0), np.array([], dtype=np.int64), known, 4) == []


def test_a_cut_of_two_cells_is_one():
    tables = tables_of([3, 2, 30, 35], (3, (0, 1, 2)))
    assert cuts_of(tables, mask(4, 0, 1), np.array([0, 1]), known_of(tables, mask(4, 0, 1)), 4) == [(2, 3)]


def test_a_cell_costs_itself_and_a_further_one_for_each_sum_that_would_give_it_away():
    tables = two_by_two(3, 9, 30, 40)
    cost = costs(tables, known_of(tables, mask(9, 0), strong=False), 4)
    assert cost[:4].tolist() == [2, 3, 3, 3]  # the row of the star (8 to 12, less 8 to 12) excludes nothing
    weighed = tables_of([8, 8, 3, 11], (0, (1,)), (3, (0, 2)))
    assert costs(weighed, known_of(weighed, mask(3, 1), strong=False), 4)[0] >= 2
    alone = tables_of([8, 3])
    assert costs(alone, known_of(alone, mask(2, 1)), 4).tolist() == [1, 1]


cut_lists = st.lists(
    st.sets(st.integers(0, 6), min_size=1, max_size=4).map(lambda cut: tuple(sorted(cut))),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(
    cut_lists,
    st.lists(st.integers(1, 4), min_size=7, max_size=7),
    st.lists(st.integers(0, 90), min_size=7, max_size=7),
)
def test_a_cover_is_the_cheapest_and_then_has_fewest_people(cuts, cost, people):
    cost, people = np.array(cost, float), np.array(people)
    sets = [set(one) for size in range(1, 8) for one in combinations(range(7), size)]
    meeting = [one for one in sets if all(one & set(cut) for cut in cuts)]

    def price(one):
        return cost[list(one)].sum(), people[list(one)].sum()

    found = cover(cuts, cost, people)
    assert price(found) == min(map(price, meeting))
    quick = choosing._greedy_cover(cuts, cost, people)
    assert quick in meeting
    assert all(quick - {one} not in meeting or len(cuts) > 1 for one in quick)


def test_the_quick_cover_takes_what_costs_least_for_each_cut_it_meets():
    cost, people = np.array([2.0, 1.0, 1.0, 1.0]), np.array([9, 8, 7, 7])
    assert choosing._greedy_cover([(0, 1), (0, 2), (0, 3)], cost, people) == {0}
    assert choosing._greedy_cover([(1, 2)], cost, people) == {2}  # as cheap, fewer people
    assert choosing._greedy_cover([(2, 3)], cost, people) == {2}
    # 0 meets three cuts and goes first; 1, dearer now that its other cut is met, stays behind 3
    chosen = choosing._greedy_cover(
        [(0, 1), (0, 4), (0, 5), (1, 3)], np.array([1, 1.5, 9, 1, 9, 9]), np.arange(6)
    )
    assert chosen == {0, 3}


def test_where_the_programme_is_not_solved_in_time_the_quick_cover_stands_in(monkeypatch):
    monkeypatch.setattr(choosing, "_least_cover", lambda cuts, cost: None)
    assert cover([(0, 1), (1, 2)], np.ones(3), np.arange(3)) == {1}


def test_a_programme_without_time_finds_nothing(monkeypatch):
    monkeypatch.setattr(choosing, "SECONDS", 0.0)
    rng = np.random.default_rng(5)
    cuts = [np.unique(rng.integers(0, 300, 12)) for _ in range(400)]
    assert choosing._least_cover(cuts, rng.uniform(1, 2, 300)) is None


@pytest.mark.parametrize("column", [5, 2])
def test_cells_are_named_by_their_own_number(column):
    assert cover([(column,)], np.ones(9), np.arange(9)) == {column}
