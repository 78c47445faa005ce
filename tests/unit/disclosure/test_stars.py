"""Further stars: the least each can stand for, and the counts on which that rests, beside every table tried."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES, stars
from joinedup.disclosure.knowing import small_cells, told
from joinedup.disclosure.protecting import hide
from joinedup.disclosure.stars import Stars
from tests.property.disclosure_tables import table
from tests.reference.disclosure import possible
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two, two_by_twos

NHS = PROFILES["nhs-england"]
HALF_KNOWN = (5, 40, 9, 80)


def found(tables, *hidden):
    asked = Stars(tables, NHS)
    return asked, [sorted(cells.tolist()) for cells in asked.half_known(mask(tables.size, *hidden))]


def test_a_star_that_is_seen_to_be_large_tells_of_nobody():
    """Columns of 16 (13 to 17) and 21 (18 to 22) with 6 (5 to 7) and 9 (8 to 12) beside the stars leave 6 each."""
    tables = two_by_two(10, 12, 6, 9)
    asked, resting = found(tables, 0, 1)
    assert resting == []
    assert {star: why.least for star, why in asked.reasons.items()} == {0: 6.0, 1: 6.0}


def test_half_known_is_1_to_4():
    """A column of 14 (13 to 17) with 9 (8 to 12) beside it leaves 1 at least."""
    tables = two_by_two(*HALF_KNOWN)
    _, resting = found(tables, 0, 1)
    assert resting == [[2, 6]]


def test_a_star_is_not_asked_again_until_what_it_rests_on_is_hidden(monkeypatch):
    tables, runs = two_by_two(*HALF_KNOWN), []
    asked = Stars(tables, NHS)
    run = stars.run
    monkeypatch.setattr(stars, "run", lambda highs, seconds: runs.append(seconds) or run(highs, seconds))
    assert len(asked.half_known(mask(9, 0, 1))) == 1
    first = len(runs)
    assert first == 3  # together, then each
    assert len(asked.half_known(mask(9, 0, 1))) == 1
    assert len(runs) == first
    assert asked.half_known(mask(9, 0, 1, 6)) == []
    assert asked.zero[0] and not asked.zero[1]
    assert set(runs) == {stars.SECONDS}


def test_small_stars_and_stars_of_earlier_releases_are_not_asked_for():
    tables = two_by_two(3, 40, 9, 80)
    asked, resting = found(tables, 0)
    assert resting == [] and asked.reasons == {}
    before = tables_of([None, 9, 13, 12, 22, 4], (2, (0, 1)), (4, (1, 2)), (4, (3, 1)), (2, (5, 1)))
    asked, _ = found(before, 0)
    assert 0 not in asked.reasons


def test_the_reader_does_not_know_which_stars_are_small():
    """Who knew that the first is 4 at most would leave 4 at least for the second, of a row of 8 to 12."""
    asked, resting = found(two_by_two(3, 5, 30, 40), 0, 1, 7)
    assert resting == [] and asked.zero[1]


def test_what_is_not_solved_in_time_counts_as_half_known_through_all_its_sums(monkeypatch):
    monkeypatch.setattr(stars, "run", lambda highs, seconds: False)
    asked, resting = found(two_by_two(10, 12, 6, 9), 0)
    assert resting == [[0, 1, 2, 4, 6]]
    assert asked.reasons[0].least == 1


def test_where_intervals_are_exact_nothing_is_asked():
    asked, resting = found(tables_of([30, 12, 18], (0, (1, 2))), 1)
    assert resting == [] and asked.reasons == {}


def test_components_do_not_mix():
    """Two tables side by side: each star rests on counts of its own table."""
    one, other = two_by_two(*HALF_KNOWN), two_by_two(40, 5, 80, 9)
    values = [*one.values.tolist(), *other.values.tolist()]
    rows = [(4, (0, 1)), (5, (2, 3)), (6, (0, 2)), (7, (1, 3)), (8, (4, 5)), (8, (6, 7))]
    both = tables_of(values, *rows, *((t + 9, [p + 9 for p in parts]) for t, parts in rows))
    asked, resting = found(both, 0, 1, 9, 10)
    assert sorted(resting) == [[2, 6], [12, 16]]
    assert len(asked.programmes) == 2
    assert asked.half_known(mask(18, 0, 1, 9, 10, 6))[0].tolist() == [12, 16]


def test_a_single_star_is_asked_for_once(monkeypatch):
    runs, run = [], stars.run
    monkeypatch.setattr(stars, "run", lambda highs, seconds: runs.append(seconds) or run(highs, seconds))
    asked, _ = found(two_by_two(10, 12, 6, 9), 0)
    assert len(runs) == 1 and asked.reasons[0].least > 4


@pytest.mark.parametrize("then", [(3,), (2,), (3, 7), (2, 3), (8,)])
def test_round_by_round_is_as_all_at_once(then):
    """A programme kept from before tells of every star what a new one does."""
    tables, hidden = two_by_two(*HALF_KNOWN), mask(9, 0, 1, *then)
    kept, new = Stars(tables, NHS), Stars(tables, NHS)
    kept.half_known(mask(9, 0, 1))
    assert len(kept.half_known(hidden)) == len(new.half_known(hidden))
    assert kept.zero[hidden].tolist() == new.zero[hidden].tolist()
    assert {star: why.least for star, why in kept.reasons.items()} == pytest.approx(
        {star: why.least for star, why in new.reasons.items()}
    )


class Told:
    """A programme that gives the tables it was told to."""

    def __init__(self, *tables):
        self.tables, self.asked = list(tables), []

    def least(self, stars):
        self.asked.append(stars.tolist())
        return self.tables.pop(0)

    def resting(self):
        return np.array([7])


def test_one_table_settles_all_that_are_0_in_it():
    asked = Stars(two_by_two(10, 12, 6, 9), NHS)
    programme = Told(
        np.array([2.5, 2.5, 2.5, 0.0, *[9] * 5]),
        np.array([2.5, 2.5, 2.5, 2.5, *[9] * 5]),
        np.array([0.0, 0.0, 5.0, 5.0, *[9] * 5]),
        np.array([2.0, 9.0, 1.5, 5.0, *[9] * 5]),
    )
    asked._ask(programme, np.arange(4))
    assert programme.asked == [[0, 1, 2, 3], [0, 1, 2], [0], [2]]
    assert np.flatnonzero(asked.zero).tolist() == [0, 1, 3]
    assert [(star, why.least, why.cells.tolist()) for star, why in asked.reasons.items()] == [(2, 1.5, [7])]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(5, 11), min_size=4, max_size=4), st.sets(st.integers(0, 3), min_size=1))
def test_the_least_is_that_of_every_table_tried(values, hidden):
    tables = two_by_two(*values)
    away = mask(9, *hidden)
    asked = Stars(tables, NHS)
    half = asked.half_known(away)
    tried = two_by_twos(told(tables, away, NHS, strong=False), 24)
    for star in hidden:
        least = tried[:, star].min()
        assert bool(asked.zero[star]) == (least == 0)
        if least:
            assert asked.reasons[star].least == pytest.approx(least)
    assert len(half) == sum(0 < tried[:, star].min() < 5 for star in hidden)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(5, 11), min_size=4, max_size=4), st.sets(st.integers(0, 3), min_size=1))
def test_hiding_anything_else_leaves_a_star_as_it_is(values, hidden):
    """A reason is one: with its cells as they are and all others of the margins hidden, the star is as it was."""
    tables = two_by_two(*values)
    asked = Stars(tables, NHS)
    asked.half_known(mask(9, *hidden))
    for star, why in asked.reasons.items():
        away = ~mask(9, *why.cells.tolist()) | mask(9, *hidden)
        assert two_by_twos(told(tables, away, NHS, strong=False), 24)[:, star].min() >= why.least - 1e-6


def test_no_further_star_of_generated_tables_is_half_known():
    """Beside integer programmes that share nothing with ours: a star is anything from 0 on, or seen to be large."""
    for number in range(400, 412):
        values, relations = table(number)
        tables = tables_of(values, *relations)
        if tables.size < len(values):
            continue  # equal counts became one: other numbers
        hidden, small = hide(tables, NHS), set(np.flatnonzero(small_cells(tables, NHS)).tolist())
        shown = [None if away else NHS.shown(value) for value, away in zip(values, hidden, strict=True)]
        left = possible(shown, relations, small, strong=False)
        assert all(len(values) in (0, 5) for values in left.values()), number
