"""The cascade: named rules, strongest first, each saying which fields must be the same for two records to be one
person.

A rule on anything but the NHS number speaks only where its values are borne by one record in each source: where two
people of one index share them, the rule cannot tell which is meant, and leaves them to be scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.linkage.fields import (
    BORN,
    FIRST,
    FIRST_START,
    GENDER,
    NUMBER,
    POSTCODE,
    SURNAME,
    SURNAME_START,
    UNKNOWN,
    Codes,
    Pool,
)

Bools = npt.NDArray[np.bool_]

DETAILS = (FIRST, SURNAME, BORN, POSTCODE)
_MOST_PER_NUMBER = (
    10  # more records than this under one number: the number is a filler, whatever its check digit
)
_ROOM = 2**62  # what a key of int64 can count


@dataclass(frozen=True)
class Rule:
    """Records with the same known values in `same` are one person.

    `repeats`: several records of a source may bear the values. `corroborated`: at least half of the details that
    both records know must agree too. `numbers_may_differ`: strong enough to say of two valid NHS numbers that one of
    them is wrong; every such link is put before a reviewer.
    """

    name: str
    same: tuple[str, ...]
    repeats: bool = False
    corroborated: bool = False
    numbers_may_differ: bool = False


NHS_NUMBER = Rule("NHS number", (NUMBER,), repeats=True, corroborated=True)
BY_NAME = (
    Rule("names, birth date and postcode", (FIRST, SURNAME, BORN, POSTCODE), numbers_may_differ=True),
    Rule("names, birth date and gender", (FIRST, SURNAME, BORN, GENDER), numbers_may_differ=True),
    Rule("start of first name, surname, birth date and postcode", (FIRST_START, SURNAME, BORN, POSTCODE)),
    Rule("first name, start of surname, birth date and postcode", (FIRST, SURNAME_START, BORN, POSTCODE)),
)
WITHOUT_NAMES = (Rule("birth date, postcode and gender", (BORN, POSTCODE, GENDER)),)
RULES = (NHS_NUMBER, *BY_NAME)
RULES_WITHOUT_NAMES = (NHS_NUMBER, *WITHOUT_NAMES)


@dataclass(frozen=True)
class Pairs:
    """Pairs of records by their place in the pool, `left` below `right`."""

    left: Codes
    right: Codes

    def __len__(self) -> int:
        return len(self.left)

    def where(self, chosen: Bools | Codes) -> Pairs:
        """Some of them."""
        return Pairs(self.left[chosen], self.right[chosen])


def pairs_by(rule: Rule, pool: Pool) -> Pairs:
    """The pairs that bear the same values; for a rule without repeats only where each source has one bearer."""
    known = np.logical_and.reduce([pool.codes[field] != UNKNOWN for field in rule.same])
    rows, key = _sorted(np.flatnonzero(known), [pool.codes[field] for field in rule.same])
    starts = np.flatnonzero(np.diff(key, prepend=key[:1] - 1)) if len(key) else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    most = _MOST_PER_NUMBER if rule.repeats else len(pool.sources)
    chosen = (sizes > 1) & (sizes <= most)
    return _in_groups(rows, starts[chosen], sizes[chosen], None if rule.repeats else pool.source)


def _in_groups(rows: Codes, starts: Codes, sizes: Codes, source: Codes | None) -> Pairs:
    """All pairs within runs of `rows`; where `source` is given, only of runs without a source twice."""
    left: list[Codes] = [np.zeros(0, dtype=np.int64)]
    right: list[Codes] = [np.zeros(0, dtype=np.int64)]
    for size in np.flatnonzero(np.bincount(sizes)).tolist():
        members = rows[starts[sizes == size][:, None] + np.arange(size)]
        if source is not None:
            sources = np.sort(source[members], axis=1)
            members = members[(np.diff(sources, axis=1) > 0).all(axis=1)]
        for one, other in zip(*np.triu_indices(size, 1), strict=True):
            left.append(np.minimum(members[:, one], members[:, other]))
            right.append(np.maximum(members[:, one], members[:, other]))
    return Pairs(np.concatenate(left), np.concatenate(right))


def _sorted(rows: Codes, columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Rows in an order that brings equal values together, and a key that tells where they change."""
    held = [column[rows] for column in columns]
    room = 1
    for column in held:
        room *= int(column.max(initial=0)) + 1
    # Mixed keys sort at once, numbering anew takes sorts of its own; that two values mix alike is seen afterwards.
    key = packed(held) if room < _ROOM else _mixed(held)
    order = np.argsort(key)
    if room >= _ROOM and not _tells(key[order], [column[order] for column in held]):
        key = packed(held)
        order = np.argsort(key)
    return rows[order], key[order]


def _mixed(columns: Sequence[Codes]) -> Codes:
    key = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        key = (key ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    mixed: Codes = (key >> np.uint64(1)).astype(np.int64)
    return mixed


def _tells(key: Codes, columns: Sequence[Codes]) -> bool:
    """Whether rows with equal keys have equal values."""
    same = key[1:] == key[:-1]
    return all(bool((column[1:][same] == column[:-1][same]).all()) for column in columns)


def packed(columns: Sequence[Codes]) -> Codes:
    """One whole number per row, equal where all columns are; codes are numbered anew where they would not fit."""
    key, room = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        size = int(column.max(initial=0)) + 1
        if room * size >= _ROOM and room > 1:
            different, key = np.unique(key, return_inverse=True)
            room = len(different)
        key, room = key * size + column, room * size
    return key


def corroborated(pool: Pool, pairs: Pairs) -> Bools:
    """Whether at least half of the details that both records know agree."""
    agree, know = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
    for field in DETAILS:
        one, other = pool.codes[field][pairs.left], pool.codes[field][pairs.right]
        both = (one != UNKNOWN) & (other != UNKNOWN)
        know += both
        agree += both & (one == other)
    return 2 * agree >= know


def numbers_differ(pool: Pool, pairs: Pairs) -> Bools:
    """Whether both bear a valid NHS number and not the same one."""
    one, other = pool.codes[NUMBER][pairs.left], pool.codes[NUMBER][pairs.right]
    differ: Bools = (one != UNKNOWN) & (other != UNKNOWN) & (one != other)
    return differ


def numbers_agree(pool: Pool, pairs: Pairs) -> Bools:
    """Whether both bear the same valid NHS number."""
    one, other = pool.codes[NUMBER][pairs.left], pool.codes[NUMBER][pairs.right]
    agree: Bools = (one != UNKNOWN) & (one == other)
    return agree
