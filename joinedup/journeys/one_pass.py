"""Journeys of a clustered record, derived a bounded chunk at a time: memory does not grow with the record.

This module imports numba through the kernel; import it where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING, Clustered
from joinedup.journeys.kernel import RARE, Derived, Rules, besides, empty, outcome, scores, sessions
from joinedup.journeys.lookups import scored_columns
from joinedup.journeys.rules import COMPLAINT, rules_of

Array = NDArray[Any]

CHUNK = 32_768
"""Referrals at a time at most: what is derived of them takes some 8 MB and stays in the cache of the processor."""

ON_RARE_CONTACTS = (
    "IntegratedContact_FirstDate",
    "IntegratedTreatment_FirstDate",
    "EmpSupport_FirstDate",
    "InterpreterPresentInd",
)

KIND = "kind"
"""Name of the dictionary of the kinds of contact."""


@dataclass(frozen=True)
class Reading:
    """What the codes of a record mean, and the national rules for them."""

    rules: Rules
    questions: tuple[str, ...]
    anxiety_measures: tuple[str | None, ...]
    interpreters: tuple[str, ...]
    columns: Mapping[str, Sequence[Any]]

    @classmethod
    def of(
        cls, columns: Mapping[str, Sequence[Any]], derivations: Derivations, thresholds: Thresholds
    ) -> Reading:
        """The reading of codes whose dictionaries are `columns` (those of a Coder)."""
        questions = scored_columns(derivations, thresholds)
        named = {item.column: item.adsm for item in thresholds.questionnaires}
        known = {COMPLAINT: [None], **columns}
        return cls(
            rules=rules_of(known.get(KIND, ()), known[COMPLAINT], derivations, thresholds),
            questions=questions,
            anxiety_measures=tuple(named.get(column) for column in questions),
            interpreters=tuple(sorted(derivations.interpreter)),
            columns=known,
        )


@dataclass(frozen=True)
class JourneyRows:
    """Journeys as columns: conditions are looked up here by the national names of the journeys table."""

    record: Clustered
    derived: Derived
    reading: Reading

    @property
    def count(self) -> int:
        """Number of journeys."""
        return self.record.referrals

    def numbers(self, name: str) -> tuple[Array, NDArray[np.bool_]]:
        """A date (days since 1970-01-01), count or score (points) column, and which of its values are known."""
        if name in self.record.codes:
            return self._coded(name)
        if name.endswith(("_FirstScore", "_LastScore")):
            hundredths = self.hundredths(name)
            return hundredths / 100, hundredths != MISSING
        values = self.days(name)
        return values, values != MISSING

    def days(self, name: str) -> Array:
        """A date column or a count, MISSING where there is none."""
        if name == "ReferralRequestReceivedDate":
            return self.record.received
        found: Array = self.record.ended if name == "ServDischDate" else getattr(self.derived, name)
        return found

    def hundredths(self, name: str) -> Array:
        """A score column in hundredths of a point, MISSING where there is none."""
        column, _, end = name.rpartition("_")
        scores = self.derived.first if end == "FirstScore" else self.derived.last
        if column == "ADSM":
            found: Array = scores[np.arange(self.count), self.derived.ADSM]
            return found
        return np.asarray(scores[:, self.reading.questions.index(column)])

    def flags(self, name: str) -> NDArray[np.bool_]:
        """A column of true and false."""
        found: NDArray[np.bool_] = getattr(self.derived, name)
        return found

    def texts(self, name: str) -> tuple[Array, Sequence[str | None]]:
        """A text column as places in the list of texts that occur."""
        if name == "ADSM":
            return self.derived.ADSM, self.reading.anxiety_measures
        if name == "InterpreterPresentInd":
            said = self.derived.InterpreterPresentInd
            return np.where(said == MISSING, 0, said + 1), (None, *self.reading.interpreters)
        return self.record.codes[name], self.reading.columns[name]

    def _coded(self, name: str) -> tuple[Array, NDArray[np.bool_]]:
        values = self.reading.columns[name]
        numbers = np.array([0 if value is None else value for value in values])
        known = np.array([value is not None for value in values], np.bool_)
        codes = self.record.codes[name]
        return numbers[codes], known[codes]


def in_chunks(parts: Iterable[Clustered], reading: Reading, chunk: int = CHUNK) -> Iterator[JourneyRows]:
    """Every journey of the parts, a chunk at a time. The next chunk overwrites what was derived of this one."""
    room = empty(chunk, len(reading.questions))
    for part in parts:
        for start, stop in pairwise(_even(part.referrals, chunk)):
            record = part.part(start, stop)
            own = Derived(*(array[: record.referrals] for array in room))
            fill(record, reading.rules, own)
            yield JourneyRows(record, own, reading)


def _even(count: int, most: int) -> Array:
    """Where to cut so many rows into chunks of the same size: a short last chunk costs as much as a whole one."""
    return np.linspace(0, count, -(-count // most) + 1).astype(int)


def all_at_once(record: Clustered, reading: Reading) -> JourneyRows:
    """Every journey of one record, kept."""
    derived = empty(record.referrals, len(reading.questions))
    fill(record, reading.rules, derived)
    return JourneyRows(record, derived, reading)


def fill(record: Clustered, rules: Rules, out: Derived) -> None:
    """Derive the journeys of a record into `out`."""
    complaint = record.codes.get(COMPLAINT)
    if complaint is None:
        complaint = np.zeros(record.referrals, np.uint16)
    dates = (record.received, record.ended)
    contacts = (record.first_contact, record.contact_day, record.contact_kind)
    sessions(*dates, *contacts, rules, out)
    if (rules.meaning & RARE).any():
        besides(*dates, *contacts, rules, out)
    else:
        for name in ON_RARE_CONTACTS:
            getattr(out, name).fill(MISSING)
    scores(*dates, record.first_score, record.score_day, record.score_question, record.score, out)
    outcome(complaint, rules, out)
