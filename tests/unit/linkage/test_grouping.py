"""Records brought together by their codes, beside a plain dictionary of lists."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from joinedup import compiling
from joinedup.linkage.grouping import grouped, pairs_within

COLUMNS = some.integers(1, 4).flatmap(
    lambda wide: some.lists(some.tuples(*[some.integers(-1, 3)] * wide), max_size=60)
)


def groups_of(columns: list[np.ndarray]) -> set[tuple[int, ...]]:
    rows, starts = grouped(columns)
    return {tuple(part.tolist()) for part in np.split(rows, starts[1:]) if len(part)}


def by_dictionary(columns: list[np.ndarray]) -> set[tuple[int, ...]]:
    found: dict[tuple[int, ...], list[int]] = {}
    for row, codes in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        if min(codes) >= 0:
            found.setdefault(codes, []).append(row)
    return {tuple(rows) for rows in found.values()}


def as_columns(rows: list[tuple[int, ...]], wide: int) -> list[np.ndarray]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, wide).T.copy())


@given(COLUMNS)
def test_groups_are_those_of_a_dictionary(rows: list[tuple[int, ...]]) -> None:
    columns = as_columns(rows, len(rows[0]) if rows else 1)
    assert groups_of(columns) == by_dictionary(columns)


@pytest.mark.parametrize("size", [5_000, 200_000])
@pytest.mark.parametrize("most", [3, 2**32])
def test_many_records_over_many_parts(size: int, most: int) -> None:
    """Few groups of many records, and nearly as many groups as records."""
    chance = np.random.default_rng(size)
    columns = [chance.integers(-1, most, size), chance.integers(-1, 3, size), chance.integers(0, 2, size)]
    assert groups_of(columns) == by_dictionary(columns)


def test_a_number_of_any_size_stands_alone_and_no_other_way() -> None:
    numbers = np.array([9_434_765_919, 2**40, 9_434_765_919, -1])
    assert groups_of([numbers]) == {(0, 2), (1,)}
    with pytest.raises(ValueError, match="below 2\\^32"):
        grouped([numbers, numbers])
    with pytest.raises(ValueError, match="Up to four"):
        grouped([np.zeros(3, dtype=np.int64)] * 5)


@given(COLUMNS, some.integers(2, 5))
def test_pairs_are_all_within_groups_that_are_not_too_large(rows: list[tuple[int, ...]], most: int) -> None:
    columns = as_columns(rows, len(rows[0]) if rows else 1)
    sources = np.arange(len(rows)) % 2
    groups = [group for group in by_dictionary(columns) if len(group) <= most]
    once = [group for group in groups if len({sources[row] for row in group}) == len(group)]
    for source, expected in ((None, groups), (sources, once)):
        left, right = pairs_within(*grouped(columns), most, source)
        made = list(zip(left.tolist(), right.tolist(), strict=True))
        assert sorted(made) == sorted(pair for group in expected for pair in combinations(group, 2))


def test_where_the_disk_may_not_be_written_it_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*, cache: bool = False, nogil: bool) -> object:
        if cache:
            raise RuntimeError("no locator available")
        return lambda function: function

    monkeypatch.setattr(compiling.numba, "njit", refuse)
    assert compiling.compiled(len) is len
