"""Hidden counts stay hidden: every table small enough is attacked by trying every way it could have come
about.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES, Relation, protect, release
from tests.unit.disclosure.table_of_counts import TableOfCounts

NHS = PROFILES["nhs-england"]
counts = st.one_of(st.integers(0, 6), st.integers(0, 30), st.integers(0, 3_000))


def possible(cell, cells, protection):
    """What a reader must allow for a cell: all of a hidden small one, the rounding of a shown one."""
    if cell in protection.small:
        return range(5)
    if cell in protection.complementary:
        return range(60)
    return range(max(5, NHS.shown(cells[cell]) - 2), NHS.shown(cells[cell]) + 3)


def left_open(cell, relation, cells, protection):
    """Values of a small cell for which the rest of its relation can be filled in."""
    others = [c for c in relation.parts if c != cell]
    found = set()
    for combination in product(*(possible(c, cells, protection) for c in others)):
        if cell == relation.total:
            found.add(sum(combination))
        else:
            found |= {total - sum(combination) for total in possible(relation.total, cells, protection)}
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=3))
def test_every_small_count_can_still_be_anything_from_0_to_4(parts):
    cells = {(i, "n"): count for i, count in enumerate([sum(parts), *parts])}
    relation = Relation((0, "n"), tuple((i + 1, "n") for i in range(len(parts))))
    protection = protect(cells, [relation], NHS)
    for cell in protection.small:
        assert left_open(cell, relation, cells, protection) >= set(range(5))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=2), st.lists(st.integers(0, 9), min_size=2, max_size=2)
)
def test_so_it_can_in_areas_within_areas(north, south):
    values = [sum(north) + sum(south), sum(north), sum(south), *north, *south]
    cells = {(i, "n"): count for i, count in enumerate(values)}
    cell = [(i, "n") for i in range(7)]
    relations = [
        Relation(cell[0], (cell[1], cell[2])),
        Relation(cell[1], (cell[3], cell[4])),
        Relation(cell[2], (cell[5], cell[6])),
    ]
    protection = protect(cells, relations, NHS)
    allowed = [possible(c, cells, protection) for c in cell]
    met: dict[int, set[int]] = {i: set() for i in range(7)}
    for a, b, c, d in product(*(allowed[i] for i in range(3, 7))):
        if a + b in allowed[1] and c + d in allowed[2] and a + b + c + d in allowed[0]:
            for i, value in enumerate([a + b + c + d, a + b, c + d, a, b, c, d]):
                met[i].add(value)
    for i, _ in protection.small:
        assert met[i] >= set(range(5))


@settings(deadline=None)
@given(st.lists(counts, min_size=2, max_size=6), st.booleans())
def test_releasing_twice_changes_nothing_and_shows_nothing_more(parts, rest):
    names = [f"p{i}" for i in range(len(parts))]
    table = TableOfCounts(
        (("total", sum(parts)), *zip(names, parts, strict=True)), (("total", tuple(names), rest),)
    )
    once = release(table).value
    assert release(once).value == once
    for (_, before), (_, after) in zip(table.values, once.values, strict=True):
        assert after is None or (abs(after - before) <= 2 and before >= 5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 19), min_size=4, max_size=4))
def test_so_it_can_in_tables_of_two_by_two_with_all_margins(values):
    inner = np.array(values).reshape(2, 2)
    whole = np.zeros((3, 3), int)
    whole[:2, :2], whole[:2, 2], whole[2, :2], whole[2, 2] = inner, inner.sum(1), inner.sum(0), inner.sum()
    cells = {(i, str(j)): int(whole[i, j]) for i in range(3) for j in range(3)}
    relations = [Relation((i, "2"), ((i, "0"), (i, "1"))) for i in range(3)]
    relations += [Relation((2, str(j)), ((0, str(j)), (1, str(j)))) for j in range(3)]
    protection = protect(cells, relations, NHS)
    allowed = {cell: np.array(possible(cell, cells, protection)) for cell in cells}
    grid = np.meshgrid(*(allowed[i, str(j)] for i in range(2) for j in range(2)), indexing="ij")
    a, b, c, d = (axis.ravel() for axis in grid)
    tried = {(0, "0"): a, (0, "1"): b, (1, "0"): c, (1, "1"): d, (0, "2"): a + b, (1, "2"): c + d}
    tried |= {(2, "0"): a + c, (2, "1"): b + d, (2, "2"): a + b + c + d}
    fits = np.all([np.isin(tried[cell], allowed[cell]) for cell in cells], axis=0)
    for cell in protection.small:
        assert set(tried[cell][fits].tolist()) >= set(range(5))


@pytest.mark.parametrize("size", [2_000])
def test_large_tables_are_protected_quickly(size):
    cells = {(i, "n"): i % 11 for i in range(size)}
    cells[size, "n"] = sum(cells.values())
    protection = protect(cells, [Relation((size, "n"), tuple((i, "n") for i in range(size)))], NHS)
    assert len(protection.small) == sum(1 for i in range(size) if i % 11 < 5)
    assert not protection.complementary
