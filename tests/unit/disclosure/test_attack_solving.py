"""The solver of the attack beside every table of whole numbers, tried one by one."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
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
    assert ranges(system, np.array([0]), exact_up_to=3)[0].possible == (0, 2, 4), "as large as is settled"
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


def triangle(sums, high=9.0):
    """x + y, y + z and x + z: bounds alone say little of it, and rows together everything."""
    row, column = np.repeat(np.arange(3), 2), np.array([0, 1, 1, 2, 0, 2])
    ends = np.array(sums, float)
    return System(row, column, np.ones(6), ends, ends, np.zeros(3), np.full(3, high))


@pytest.mark.parametrize("exact_up_to", [0, 300])
@pytest.mark.parametrize(
    ("sums", "told"), [((4, 4, 4), (2, 2, 2)), ((6, 4, 4), (3, 3, 1)), ((9, 5, 6), (5, 4, 1))]
)
def test_rows_together_tell_what_bounds_do_not(sums, told, exact_up_to):
    found = ranges(triangle(sums), np.arange(3), exact_up_to=exact_up_to)
    assert [(one.smallest, one.largest) for one in found] == [(value, value) for value in told]
    assert [one.possible for one in found] == [(value,) if value < 5 else () for value in told]
    assert all(one.proved and one.decided for one in found)


def test_ends_are_those_of_whole_numbers_where_a_part_is_settled():
    """x = y + z and y = z, x up to 3: fractions reach 3, whole numbers 2."""
    row, column = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 1, 2])
    weight = np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    system = System(row, column, weight, np.zeros(2), np.zeros(2), np.zeros(3), np.array([3.0, 4.0, 4.0]))
    settled, quick = (ranges(system, np.array([0]), exact_up_to=size)[0] for size in (300, 2))
    assert (settled.smallest, settled.largest, settled.possible) == (0, 2, (0, 2))
    assert settled.proved and settled.decided
    assert (quick.smallest, quick.largest, quick.possible) == (0, 3, (0, 1, 2, 3))
    assert not quick.proved and quick.decided


weights_in_rows = st.tuples(st.integers(0, 2), st.integers(0, 4), st.sampled_from([1.0, -1.0, 2.0]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(weights_in_rows, min_size=3, max_size=9),
    st.lists(st.tuples(st.integers(-2, 5), st.integers(0, 3)), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), min_size=5, max_size=5),
)
def test_folding_and_parts_change_nothing_of_what_is_asked(entries, rows, bounds):
    """Any few rows over five counts: the first two are asked for, the others may be folded into limits."""
    entries = list({(row, column): (row, column, weight) for row, column, weight in entries}.values())
    row, column, weight = (np.array(values) for values in zip(*entries, strict=True))
    low, high = (
        np.array(values, float) for values in zip(*((at, at + size) for at, size in rows), strict=True)
    )
    least, most = (
        np.array(values, float) for values in zip(*((at, at + size) for at, size in bounds), strict=True)
    )
    system = System(row, column, weight.astype(float), low, high, least, most)
    tried, narrowed, kept = every_table(system, 9), system.narrowed(), np.arange(5) < 2
    if not len(tried):
        return
    folded = narrowed.folded(kept)
    asked = {int(one): part for part in folded.parts() for one in part.columns}
    for count in (0, 1):
        values = set(tried[:, count])
        if count not in asked:
            assert values == set(range(int(narrowed.low[count]), int(narrowed.high[count]) + 1))
            continue
        part = asked[count]
        (found,) = ranges(part.system, np.searchsorted(part.columns, [count]))
        assert set(found.possible) == values & set(range(5)) and found.proved


def test_what_stands_in_one_row_alone_goes_into_its_limits():
    """x + y + s = 6 with s of 0 to 4 not asked for: x + y is 2 to 6. Twice s is not whole enough to go."""
    row, column = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 1])
    bounds = np.zeros(3), np.full(3, 4.0)
    weight = np.array([1.0, 1.0, 1.0, 1.0, 1.0])
    system = System(row, column, weight, np.array([6.0, 3.0]), np.array([6.0, 5.0]), *bounds)
    folded = system.folded(np.array([True, True, False]))
    assert folded.column.tolist() == [0, 1, 0, 1] and folded.row.tolist() == [0, 0, 1, 1]
    assert (folded.row_low.tolist(), folded.row_high.tolist()) == ([2, 3], [6, 5])
    twice = System(
        row, column, np.array([1.0, 1.0, 2.0, 1.0, 1.0]), np.array([6.0, 3.0]), np.array([6.0, 5.0]), *bounds
    )
    assert twice.folded(np.array([True, True, False])).column.tolist() == [0, 1, 2, 0, 1]
    assert system.folded(np.array([True, True, True])).column.tolist() == [0, 1, 2, 0, 1]
    below = system.folded(np.array([False, False, True]))
    assert below.column.tolist() == [0, 1, 2, 0, 1], "x and y stand in two rows each"


def test_one_count_beyond_its_bounds_is_enough_to_refuse_a_table():
    system = triangle((4, 4, 4), high=2.0)
    assert system.holds(np.array([2.0, 2.0, 2.0]))
    loose = replace(system, row_low=np.zeros(3), row_high=np.full(3, 20.0))
    assert not loose.holds(np.array([2.0, 3.0, 2.0])) and not loose.holds(np.array([2.0, -1.0, 2.0]))


@pytest.mark.parametrize(("exact_up_to", "most_pushes"), [(300, 10), (0, 4)])
def test_pushing_all_counts_together_leaves_nothing_to_ask_one_by_one(exact_up_to, most_pushes, monkeypatch):
    """Six hidden counts that can each be all of 0 to 4, settled in a few solutions of many counts at once."""
    asked = Counter()

    def counted(name):
        known = getattr(attacking_solving._Model, name)

        def told(self, *given, **more):
            asked[name] += 1
            return known(self, *given, **more)

        monkeypatch.setattr(attacking_solving._Model, name, told)

    for name in ("towards", "extreme", "fixed"):
        counted(name)
    system = cross([None] * 6, [(6, 12), (6, 12)], [(3, 9)] * 3).narrowed()
    found = ranges(system, np.arange(6), exact_up_to=exact_up_to)
    assert all(one.possible == (0, 1, 2, 3, 4) for one in found)
    assert asked["towards"] <= most_pushes and not asked["extreme"] and not asked["fixed"]


def test_what_lies_outside_its_bounds_is_not_pushed_for(monkeypatch):
    """x is 2 or 3: only these two are wanted of it, and nothing is where nothing is wanted any more."""
    wanted = []
    known = attacking_solving._Model.towards
    monkeypatch.setattr(
        attacking_solving._Model, "towards",
        lambda self, value, which: (wanted.append((value, which.tolist())), known(self, value, which))[1],
    )  # fmt: skip
    bounds = [(2, 3), (0, 4), (0, 4), (0, 4)]
    ranges(cross(bounds, [(2, 7), (2, 7)], [(2, 7), (2, 7)]).narrowed(), np.arange(4))
    assert {value for value, which in wanted if which[0]} <= {2, 3}
    assert {value for value, which in wanted[1:] if any(which[1:])} - {2, 3}
    assert all(any(which) for _, which in wanted[1:])


def test_time_that_is_up_ends_the_pushing_after_one_solution(monkeypatch):
    asked = []
    known = attacking_solving._Model.towards
    monkeypatch.setattr(
        attacking_solving._Model, "towards", lambda self, *given: (asked.append(1), known(self, *given))[1]
    )
    system = cross([None] * 4, [(5, 5), (5, 5)], [(5, 5), (5, 5)]).narrowed()
    assert attacking_solving._Search(system, np.arange(4), 0.0).push(True) and len(asked) == 1
