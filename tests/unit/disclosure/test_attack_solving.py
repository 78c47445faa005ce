"""The solver of the attack beside every table of whole numbers, tried one by one."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import attacking_solving
from joinedup.disclosure.attacking import attack
from joinedup.disclosure.attacking_bounds import System
from joinedup.disclosure.attacking_solving import ranges
from tests.unit.disclosure.attack_sightings import EXACT, FIVES, ROUNDED_ONLY, seen


def cross(inner, rows, columns):
    """A table with both margins, as a system: parts first, then row totals, then column totals."""
    height, width = len(rows), len(columns)
    row, column, weight = [], [], []
    for i, j in product(range(height), range(width)):
        row += [i, height + j]
        column += [i * width + j] * 2
        weight += [1.0, 1.0]
    ends = [*rows, *columns]
    low, high = ([float(end[side]) for end in ends] for side in (0, 1))
    bounds = np.array([(0, math.inf) if value is None else value for value in inner], float)
    return System(
        np.array(row), np.array(column), np.array(weight), np.array(low), np.array(high),
        bounds[:, 0], bounds[:, 1],
    )  # fmt: skip


def every_table(system, top):
    """Every table of whole numbers up to `top` that fulfils the system, by trying all."""
    spans = [np.arange(low, min(high, top) + 1) for low, high in zip(system.low, system.high, strict=True)]
    tried = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, len(spans))
    sums = np.zeros((len(tried), len(system.row_low)))
    for row, column, weight in zip(system.row, system.column, system.weight, strict=True):
        sums[:, row] += weight * tried[:, column]
    return tried[((sums >= system.row_low) & (sums <= system.row_high)).all(axis=1)]


margins = st.integers(0, 6).flatmap(lambda low: st.tuples(st.just(low), st.integers(low, low + 2)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 3).map(lambda n: (n, n + 1))), min_size=4, max_size=6),
    st.lists(margins, min_size=2, max_size=2),
    st.lists(margins, min_size=3, max_size=3),
)
def test_the_solver_agrees_with_trying_every_table(inner, rows, columns):
    columns = columns[: len(inner) // 2]
    inner = inner[: 2 * len(columns)]
    system = cross(inner, rows, columns)
    tried = every_table(system, 8)
    narrowed = system.narrowed()
    if (narrowed.low > narrowed.high).any():
        assert not len(tried)
        return
    found = ranges(narrowed, np.arange(len(inner)))
    assert (found is None or any(not one.possible and one.smallest < 5 for one in found)) >= (not len(tried))
    for at, one in enumerate(found if len(tried) else []):
        values = set(tried[:, at])
        assert set(one.possible) == values & set(range(5))
        assert one.proved
        if len(one.possible) < 5:
            assert (one.smallest, one.largest) == (min(values), max(values))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6), st.sampled_from([EXACT, FIVES, ROUNDED_ONLY]))
def test_no_true_table_is_ever_excluded(values, rule):
    """Groups by quarter and year, everything below 5 hidden: the truth lies in every range that is told."""
    truth = {}
    for quarter in (1, 2):
        for at, group in enumerate("ABC"):
            truth[f"2025-26-Q{quarter}", group] = values[3 * (quarter - 1) + at]
        truth[f"2025-26-Q{quarter}", "All"] = sum(values[3 * (quarter - 1) : 3 * quarter])
    base = rule.base
    rows = [
        seen(None if n < 5 else base * ((2 * n + base) // (2 * base)), group, period=period)
        for (period, group), n in truth.items()
    ]
    found = attack(rows, {"R": rule})
    assert not found.undecided
    for one in found.findings:
        true = truth[one.cell.period, one.cell.group]
        assert one.smallest <= true
        assert one.largest is None or true <= one.largest
        assert true in one.possible or true >= 5


def test_a_large_part_is_judged_by_linear_programmes_alone():
    system = cross([None] * 6, [(6, 8), (6, 8)], [(3, 6)] * 3).narrowed()
    exact = ranges(system, np.arange(6))
    quick = ranges(system, np.arange(6), exact_up_to=0)
    assert [one.possible for one in exact] == [one.possible for one in quick]
    tight = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)]).narrowed()
    found = ranges(tight, np.arange(4), exact_up_to=0)
    assert {(one.smallest, one.largest, one.possible) for one in found} == {(0, 3, (0, 1, 2, 3))}


def test_what_time_does_not_suffice_for_is_undecided():
    system = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)]).narrowed()
    found = ranges(system, np.arange(4), until=0.0)
    assert not any(one.decided for one in found)


def test_halves_are_no_people():
    """x + y = 1, y + z = 1, x + z = 1 has the one solution of halves: no table of whole numbers."""
    row, column = np.repeat(np.arange(3), 2), np.array([0, 1, 1, 2, 0, 2])
    one = np.ones(3)
    system = System(row, column, np.ones(6), one, one, np.zeros(3), one)
    assert all(found.possible == () for found in ranges(system, np.arange(3)))


def test_rows_that_no_table_fulfils():
    row, column = np.repeat(np.arange(4), 2), np.array([0, 1, 2, 3, 0, 2, 1, 3])
    sums = np.array([5.0, 3.0, 4.0, 5.0])
    system = System(row, column, np.ones(8), sums, sums, np.zeros(4), np.full(4, 9.0))
    assert ranges(system, np.arange(4)) is None


def test_whole_numbers_exclude_what_fractions_allow():
    """x = y + z and y = z: x is even."""
    row, column = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 1, 2])
    weight = np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    system = System(row, column, weight, np.zeros(2), np.zeros(2), np.zeros(3), np.array([8.0, 4.0, 4.0]))
    assert ranges(system, np.array([0]))[0].possible == (0, 2, 4)
    assert ranges(system, np.array([0]), exact_up_to=2)[0].possible == (0, 1, 2, 3, 4)


def test_a_table_is_within_bounds_and_rows():
    system = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)])
    assert system.holds(np.array([1.0, 2.0, 2.0, 1.0]))
    assert not system.holds(np.array([-1.0, 4.0, 4.0, -1.0]))
    assert not system.holds(np.array([1.0, 2.0, 2.0, 2.0]))


def test_narrowing_ends_though_bounds_creep():
    """x > y and y > x: each lifts the other for ever."""
    row, column, weight = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), np.array([1.0, -1.0, 1.0, -1.0])
    far = np.full(2, math.inf)
    system = System(row, column, weight, np.ones(2), far, np.zeros(2), far)
    assert (system.narrowed().low >= 100).all()
    assert ranges(system.narrowed(), np.arange(2)) is None


def test_a_count_without_an_upper_limit():
    """x is at least y + 2, told twice."""
    row, column, weight = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, -1.0, 1.0, -1.0])
    far = np.full(2, math.inf)
    system = System(row, column, weight, np.full(2, 2.0), far, np.zeros(2), far)
    found = ranges(system, np.array([0]))[0]
    assert (found.smallest, found.largest, found.possible) == (2, math.inf, (2, 3, 4))


def test_a_table_that_pushing_did_not_find_is_asked_for(monkeypatch):
    system = cross([None] * 4, [(5, 5), (5, 5)], [(5, 5), (5, 5)]).narrowed()
    monkeypatch.setattr(attacking_solving, "MOST_PUSHES", 1)
    search = attacking_solving._Search(system, np.arange(4), math.inf)
    assert search.can_be(0, 3, True)
    assert search.can_be(0, 1, False) is None
    assert search.push(False)
    assert all(found.possible == (0, 1, 2, 3, 4) for found in ranges(system, np.arange(4)))


def test_a_question_that_takes_too_long_is_open(monkeypatch):
    system = cross([None] * 4, [(5, 5), (5, 5)], [(5, 5), (5, 5)]).narrowed()
    search = attacking_solving._Search(system, np.arange(4), math.inf)
    monkeypatch.setattr(search.model, "fixed", lambda column, value: (None, False))
    assert search.can_be(0, 3, True) is None
