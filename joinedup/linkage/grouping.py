"""Records brought together by the values of some fields, in compiled passes: a tenth of the time of a sort.

The codes of a record are put into two words, and a mixture of these names the bucket that it is dealt into; a bucket
mostly holds one value and is put in order by insertion. Imports numba (0.3 s): import this module where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from joinedup.compiling import compiled

Codes = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Records = tuple[Codes, Words, Words]

_NEAR = 12
"""Bits of a bucket's number within its part: so many buckets stay in the processor's own memory (5 times as fast)."""
_HALF, _SPREAD = np.uint64(32), np.uint64(0x9E3779B97F4A7C15)


def grouped(columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Places of the records whose code is known (not negative) in every column, and where each group of them begins.

    A group has equal codes, and its records stand in their order. One column, or two to four with codes below 2^32;
    ValueError for others.
    """
    if len(columns) > 4 or (len(columns) > 1 and max(int(c.max(initial=0)) for c in columns) >= 2**32):
        raise ValueError("Up to four columns of codes below 2^32, or one of any.")
    bits = len(columns[0]).bit_length()
    (rows, one, two), parts = _by_part(tuple(columns), bits)
    _within(rows, one, two, parts, bits)
    changes = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
    return rows, np.flatnonzero(np.concatenate([np.ones(min(len(rows), 1), dtype=bool), changes]))


def pairs_within(rows: Codes, starts: Codes, most: int, source: Codes | None) -> tuple[Codes, Codes]:
    """All pairs of records within the groups of two to `most`; where `source` is given, only of those groups that have
    no source twice."""
    # In 32 bits: half as much memory to be waited for.
    near = np.zeros(0, np.int32) if source is None else source.astype(np.int32)
    return _pairs(rows, np.append(starts, len(rows)), most, source is None, near)


@compiled
def _words(columns: tuple[Codes, ...], row: int) -> tuple[np.uint64, np.uint64, bool]:
    """The codes of a record in two words, and whether all are known."""
    one, two, signs = np.uint64(0), np.uint64(0), 0
    for column in columns:
        one = one << _HALF | two >> _HALF
        two = two << _HALF | np.uint64(column[row])
        signs |= column[row]  # negative as soon as one of them is, without a branch
    return one, two, signs >= 0


@compiled
def _bucket(one: np.uint64, two: np.uint64, shift: np.uint64) -> np.int64:
    """A bucket by the first bits of a mixture of both words; shifting leaves as many as are wanted."""
    mixed = one * _SPREAD
    mixed = (mixed ^ mixed >> _HALF ^ two) * _SPREAD
    return np.int64((mixed ^ mixed >> _HALF) * _SPREAD >> shift)


# Memory costs more than what is done in it, so that words are put together twice rather than kept, and parts are put in
# order where they lie.


@compiled
def _by_part(columns: tuple[Codes, ...], bits: int) -> tuple[Records, Codes]:
    """Records that are known throughout, in parts of as many buckets as are near, and where each part begins."""
    shift, size = np.uint64(63 - bits + min(bits, _NEAR)), len(columns[0])
    begins = np.zeros((1 << (64 - shift)) + 1, np.int64)
    for row in range(size):
        one, two, known = _words(columns, row)
        begins[_bucket(one, two, shift) + 1] += known
    begins = begins.cumsum()
    ends, room = begins.copy(), begins[-1]
    rows, ones, twos = np.empty(room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64)
    for row in range(size):
        one, two, known = _words(columns, row)
        if known:
            part = _bucket(one, two, shift)
            at = ends[part]
            ends[part] += 1
            rows[at], ones[at], twos[at] = row, one, two
    return (rows, ones, twos), begins


@compiled
def _within(rows: Codes, ones: Words, twos: Words, parts: Codes, bits: int) -> None:
    """Put the records of each part in the order of their buckets, and of their words there."""
    buckets, shift, largest = 1 << min(bits, _NEAR), np.uint64(63 - bits), np.diff(parts).max()
    row, one, two = np.empty(largest, np.int64), np.empty(largest, np.uint64), np.empty(largest, np.uint64)
    for part in range(len(parts) - 1):
        first, size = parts[part], parts[part + 1] - parts[part]
        begins = np.zeros(buckets + 1, np.int64)
        for place in range(first, first + size):
            begins[(_bucket(ones[place], twos[place], shift) & (buckets - 1)) + 1] += 1
        begins = begins.cumsum()
        ends = begins.copy()
        for place in range(first, first + size):
            high, low = ones[place], twos[place]
            bucket = _bucket(high, low, shift) & (buckets - 1)
            at = ends[bucket]
            ends[bucket] += 1
            while at > begins[bucket] and (one[at - 1] > high or (one[at - 1] == high and two[at - 1] > low)):
                row[at], one[at], two[at] = row[at - 1], one[at - 1], two[at - 1]
                at -= 1
            row[at], one[at], two[at] = rows[place], high, low
        here = slice(first, first + size)
        rows[here], ones[here], twos[here] = row[:size], one[:size], two[:size]


@compiled
def _pairs(
    rows: Codes, bounds: Codes, most: int, repeats: bool, source: npt.NDArray[np.int32]
) -> tuple[Codes, Codes]:
    sizes = np.diff(bounds)
    room = np.where(sizes <= most, sizes * (sizes - 1) // 2, 0).sum()
    left, right, made = np.empty(room, np.int64), np.empty(room, np.int64), 0
    for group in range(len(sizes)):
        members = rows[bounds[group] : bounds[group + 1]]
        if 1 < len(members) <= most and (repeats or not _twice(source, members)):
            for place in range(len(members)):
                for other in range(place + 1, len(members)):
                    left[made], right[made] = members[place], members[other]
                    made += 1
    return left[:made], right[:made]


@compiled
def _twice(source: npt.NDArray[np.int32], members: Codes) -> bool:
    """Whether a source has two of them."""
    for place in range(len(members)):
        for other in range(place):
            if source[members[place]] == source[members[other]]:
                return True
    return False
