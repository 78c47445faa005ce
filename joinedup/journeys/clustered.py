"""A pathway's record as whole numbers: a row per referral, its contacts and scores beside each other in order of date.

Every code is a small number, every day a number of days since the referral. A contact's codes are one number,
its *kind*: there are few combinations, so what a combination means is looked up once for each and not once for
each contact. Whoever goes through a `Clustered` touches memory in the order in which it lies there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.errors import OurFault

MISSING = np.iinfo(np.int32).min
"""A day, score or number that is not there."""

Array = NDArray[Any]
Days = NDArray[np.int32]
Codes = NDArray[np.uint16]


@dataclass(frozen=True)
class Clustered:
    """Referrals with their contacts and scores, clustered by referral and, within one, in order of date.

    `received` and `ended` are days since 1970-01-01 (`ended` MISSING while open). The contacts of referral i
    are those from `first_contact[i]` up to `first_contact[i + 1]`, its scores likewise. `contact_day` and
    `score_day` count from the day the referral was received. The scores of one day stand lowest first.
    `score` is in hundredths of a point. `codes` holds one array per column of the person and referral: the
    place of its value in the dictionary of that column.
    """

    received: Days
    ended: Days
    first_contact: NDArray[np.int32]
    contact_day: Array
    contact_kind: Codes
    first_score: NDArray[np.int32]
    score_day: Array
    score_question: NDArray[np.uint8]
    score: NDArray[np.uint16]
    codes: Mapping[str, Codes]

    @property
    def referrals(self) -> int:
        """Number of referrals."""
        return len(self.received)

    def part(self, start: int, stop: int) -> Clustered:
        """Referrals `start` up to `stop`, as views: nothing is copied but two short rows of offsets."""
        contacts, scores = self.first_contact[start : stop + 1], self.first_score[start : stop + 1]
        own, said = slice(contacts[0], contacts[-1]), slice(scores[0], scores[-1])
        return Clustered(
            received=self.received[start:stop],
            ended=self.ended[start:stop],
            first_contact=contacts - contacts[0],
            contact_day=self.contact_day[own],
            contact_kind=self.contact_kind[own],
            first_score=scores - scores[0],
            score_day=self.score_day[said],
            score_question=self.score_question[said],
            score=self.score[said],
            codes={name: codes[start:stop] for name, codes in self.codes.items()},
        )


@dataclass(frozen=True)
class Contacts:
    """Contacts in any order: place of the referral, day since 1970, kind."""

    referral: Array
    day: Array
    kind: Array


@dataclass(frozen=True)
class Scores:
    """Scores in any order: place of the referral, day since 1970, number of the question, hundredths of a point."""

    referral: Array
    day: Array
    question: Array
    score: Array


class Coder:
    """Gives every value a number, the same for ever: later parts of a record add to the end.

    `columns` holds the values of each column, in the order of their codes; a missing value has a code too.
    """

    def __init__(self, columns: Mapping[str, list[Any]] | None = None) -> None:
        self.columns: dict[str, list[Any]] = {name: list(values) for name, values in (columns or {}).items()}

    def codes(self, name: str, values: pa.ChunkedArray | pa.Array) -> Codes:
        """The code of every value of a column."""
        encoded = pc.dictionary_encode(values, null_encoding="encode")
        chunks = encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]
        parts = [
            self._places(name, chunk.dictionary.to_pylist())[chunk.indices.to_numpy()] for chunk in chunks
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint16)

    def kinds(self, name: str, table: pa.Table) -> Codes:
        """One code for every combination of the columns of `table`; the dictionary holds tuples."""
        combined, sizes, values = np.zeros(table.num_rows, np.int32), [], []
        for column in table.columns:
            own = Coder()
            codes = own.codes("", column)
            values.append(own.columns.get("", [None]))
            sizes.append(len(values[-1]))
            combined = combined * np.int32(sizes[-1]) + codes
        found = np.flatnonzero(np.bincount(combined, minlength=1))
        places = np.unravel_index(found, sizes)
        tuples = [
            tuple(known[place] for known, place in zip(values, at, strict=True))
            for at in zip(*places, strict=True)
        ]
        codes = np.zeros(int(np.prod(sizes)), np.uint16)
        codes[found] = self._places(name, tuples if table.num_rows else [])
        return codes[combined]

    def _places(self, name: str, values: list[Any]) -> Codes:
        known = self.columns.setdefault(name, [])
        place = {value: at for at, value in enumerate(known)}
        for value in values:
            if value not in place:
                place[value] = len(known)
                known.append(value)
        if len(known) > np.iinfo(np.uint16).max:
            raise OurFault(f"{name} has more than 65,535 different values, which codes have no room for")
        return np.array([place[value] for value in values], np.uint16)


def cluster(
    received: Array, ended: Array, contacts: Contacts, scores: Scores, codes: Mapping[str, Codes]
) -> Clustered:
    """Referrals with their contacts and scores put in order. Rows of contacts and scores may come in any order.

    A contact or score is one whole number of referral, day and code, so that to cluster is to sort whole numbers.
    """
    count = len(received)
    own, own_day, (kind,) = _sorted(contacts.referral, contacts.day, (contacts.kind,))
    said, said_day, (question, score) = _sorted(scores.referral, scores.day, (scores.question, scores.score))
    return Clustered(
        received=received.astype(np.int32, copy=False),
        ended=ended.astype(np.int32, copy=False),
        first_contact=_offsets(own, count),
        contact_day=_since(own_day, received[own]),
        contact_kind=kind.astype(np.uint16),
        first_score=_offsets(said, count),
        score_day=_since(said_day, received[said]),
        score_question=question.astype(np.uint8),
        score=score.astype(np.uint16),
        codes=codes,
    )


_ROWS = ("received", "ended")
_CONTACTS, _SCORES = ("contact_day", "contact_kind"), ("score_day", "score_question", "score")


def taken(record: Clustered, places: Array) -> Clustered:
    """Some referrals of a record, in the order of `places`, with their contacts and scores."""
    first_contact, contacts = _gathered(record, "first_contact", _CONTACTS, places)
    first_score, scores = _gathered(record, "first_score", _SCORES, places)
    return Clustered(
        **{name: getattr(record, name)[places] for name in _ROWS},
        **contacts,
        **scores,
        first_contact=first_contact,
        first_score=first_score,
        codes={name: codes[places] for name, codes in record.codes.items()},
    )


def _gathered(
    record: Clustered, offsets: str, names: tuple[str, ...], places: Array
) -> tuple[NDArray[np.int32], dict[str, Array]]:
    """Where the rows of some referrals begin when they stand one after the other, and their columns."""
    from joinedup.journeys.rows_kernel import gather

    first = getattr(record, offsets)
    begin = _begin(first[places + 1] - first[places])
    made = {name: np.empty(begin[-1], getattr(record, name).dtype) for name in names}
    for name, out in made.items():
        gather(first, places, getattr(record, name), out)
    return begin, made


def _begin(counts: Array) -> NDArray[np.int32]:
    """Where the rows of each begin, and where the last end."""
    offsets = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def together(one: Clustered, other: Clustered) -> Clustered:
    """Two records with the same codes, one after the other."""
    arrays = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in (*_ROWS, *_CONTACTS, *_SCORES)
    }
    return Clustered(
        **arrays,
        first_contact=_after(one.first_contact, other.first_contact),
        first_score=_after(one.first_score, other.first_score),
        codes={name: np.concatenate([codes, other.codes[name]]) for name, codes in one.codes.items()},
    )


def replaced(record: Clustered, places: Array, by: Clustered) -> Clustered:
    """A record with other referrals, of the same codes, in these places, which ascend. Copies what stays in runs."""
    going = np.zeros(record.referrals, np.bool_)
    going[places] = True
    rows = {name: _put(getattr(record, name), places, getattr(by, name)) for name in _ROWS}
    first_contact, contacts = _filled(record, "first_contact", _CONTACTS, going, by)
    first_score, scores = _filled(record, "first_score", _SCORES, going, by)
    codes = {name: _put(values, places, by.codes[name]) for name, values in record.codes.items()}
    return Clustered(
        **rows, **contacts, **scores, first_contact=first_contact, first_score=first_score, codes=codes
    )


def _put(values: Array, places: Array, by: Array) -> Array:
    values = values.copy()
    values[places] = by
    return values


def _filled(
    record: Clustered, offsets: str, names: tuple[str, ...], going: Array, by: Clustered
) -> tuple[NDArray[np.int32], dict[str, Array]]:
    """Where the rows of each referral begin once those of some are replaced, and the columns of all rows then."""
    from joinedup.journeys.rows_kernel import fill

    first, others = getattr(record, offsets), getattr(by, offsets)
    counts = np.diff(first)
    counts[going] = np.diff(others)
    begin, made = _begin(counts), {}
    for name in names:
        values, new = getattr(record, name), getattr(by, name)
        made[name] = np.empty(begin[-1], np.result_type(values, new))
        fill(first, going, others, values, new, made[name])
    return begin, made


def same(one: Clustered, other: Clustered) -> bool:
    """Whether two records with the same codes hold the same."""
    names = (*_ROWS, *_CONTACTS, *_SCORES, "first_contact", "first_score")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names) and all(
        np.array_equal(codes, other.codes[name]) for name, codes in one.codes.items()
    )


def _after(first: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate([first, others[1:] + first[-1]])


_RUN = 32  # rows in order, on average, from which merging them is worth it


def _sorted(referral: Array, day: Array, values: tuple[Array, ...]) -> tuple[Array, Array, list[Array]]:
    """Rows by referral, day and values, packed into one 64-bit number each for the sort, and unpacked again."""
    if not len(referral):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, [nothing for _ in values]
    first = int(day.min())
    fields = [day.astype(np.int64) - first, *values]
    widths = [max(int(field.max()).bit_length(), 1) for field in fields]
    if int(referral.max()).bit_length() + sum(widths) > 63:
        raise OurFault("these rows do not fit into 64 bits: cluster fewer referrals at a time")
    packed = referral.astype(np.int64)
    for field, width in zip(fields, widths, strict=True):
        packed <<= width
        packed |= field
    # What is in order but for a few places (a record with a month's rows behind it) is merged: a twentieth of a sort.
    breaks = np.count_nonzero(packed[1:] < packed[:-1])
    packed.sort(kind="stable" if breaks * _RUN < len(packed) else None)
    unpacked: list[Array] = []
    for width in reversed(widths):
        unpacked.append(packed & ((1 << width) - 1))
        packed >>= width
    *found, days = unpacked
    return packed, days + first, found[::-1]


def _offsets(referral: Array, count: int) -> NDArray[np.int32]:
    return _begin(np.bincount(referral, minlength=count))


def _since(day: Array, received: Array) -> Array:
    """Days since the referral, as 16-bit numbers where all of them fit: they do unless a date is far out."""
    days = day - received
    fits = not len(days) or (days.min() >= np.iinfo(np.int16).min and days.max() <= np.iinfo(np.int16).max)
    return days.astype(np.int16 if fits else np.int32)
