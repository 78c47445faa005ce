"""From what the statements answer to a clustered record, and from derived journeys back to columns of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.conditions_arrays import Holding
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING, Array, Clustered, Coder, Contacts, Scores, cluster
from joinedup.journeys.kernel import ASSESSMENT, ATTENDED, TREATMENT, judge
from joinedup.journeys.one_pass import KIND, JourneyRows, Reading, all_at_once
from joinedup.journeys.rules import COMPLAINT, Kind
from joinedup.journeys.tables import JOURNEYS

_NOT_CODED = ("pathway_id", "person_id", "referral_month", "ReferralRequestReceivedDate", "ServDischDate")
"""Names, which are no codes, and what every clustered record has anyway."""


@dataclass(frozen=True)
class Spine:
    """The pathways in their order: the place of each by its number in the statements, and its dates."""

    place: Array
    received: Array
    ended: Array

    @classmethod
    def of(cls, pathways: pa.Table) -> Spine:
        """The spine of the answer to the statement `pathways`."""
        numbers = pathways["pathway"].to_numpy()
        place = np.zeros(int(numbers.max(initial=0)) + 1, np.int64)
        place[numbers] = np.arange(len(numbers))
        received, ended = (_days(pathways[name]) for name in ("ReferralRequestReceivedDate", "ServDischDate"))
        return cls(place, received, ended)


@dataclass(frozen=True)
class Judged:
    """Appointments with what they were (attended, treatment, assessment), and as the kernel takes them."""

    appointments: pa.Table
    contacts: Contacts
    coder: Coder


def judged(
    appointments: pa.Table, spine: Spine, derivations: Derivations, thresholds: Thresholds, coder: Coder
) -> Judged:
    """Appointments judged by the national derivations. `coder` gives the codes."""
    contacts = Contacts(
        spine.place[appointments["pathway"].to_numpy()],
        _days(appointments["CareContDate"]),
        coder.kinds(KIND, appointments.select(Kind._fields)),
    )
    meaning = Reading.of(coder.columns, derivations, thresholds).rules.meaning
    bits = np.zeros(appointments.num_rows, np.uint8)
    judge(spine.received, spine.ended, contacts.referral, contacts.day, contacts.kind, meaning, bits)
    for name, bit in (("attended", ATTENDED), ("treatment", TREATMENT), ("assessment", ASSESSMENT)):
        appointments = appointments.append_column(name, pa.array((bits & bit) > 0))
    return Judged(appointments, contacts, coder)


@dataclass(frozen=True)
class Record:
    """The clustered record of all pathways, in the order of journeys, with the months of referral and the codes."""

    clustered: Clustered
    months: pa.ChunkedArray
    coder: Coder

    def by_month(self) -> Iterator[tuple[str, Clustered]]:
        """The pathways of each month of referral."""
        ends = pc.run_end_encode(self.months.combine_chunks())
        start = 0
        for month, stop in zip(ends.values.to_pylist(), ends.run_ends.to_pylist(), strict=True):
            yield month, self.clustered.part(start, stop)
            start = stop


def record_of(made: pa.Table, scores: pa.Table, spine: Spine, found: Judged) -> Record:
    """The record of the pathways in `made`: contacts and scores, and a code for whatever else is known of them."""
    known = [name for name in JOURNEYS.names if name in made.column_names and name not in _NOT_CODED]
    clustered = cluster(
        spine.received,
        spine.ended,
        found.contacts,
        Scores(
            spine.place[scores["pathway"].to_numpy()],
            _days(scores["day"]),
            scores["question"].to_numpy(),
            scores["hundredths"].to_numpy(),
        ),
        {name: found.coder.codes(name, made[name]) for name in (*known, COMPLAINT)},
    )
    return Record(clustered, made["referral_month"], found.coder)


def derived(
    made: pa.Table, record: Record, derivations: Derivations, thresholds: Thresholds, pathway: Pathway
) -> pa.Table:
    """`made`, one row per pathway, with every column of journeys that is derived from the record."""
    rows = all_at_once(record.clustered, Reading.of(record.coder.columns, derivations, thresholds))
    missing = [name for name in JOURNEYS.names if name not in (*made.column_names, "stage")]
    columns = {name: _column(rows, JOURNEYS.field(name)) for name in missing}
    for name, values in (columns | {"stage": _stage(rows, pathway)}).items():
        made = made.append_column(name, values)
    return made


def _days(column: pa.ChunkedArray) -> Array:
    days: Array = pc.fill_null(column.cast(pa.int32()), MISSING).to_numpy()
    return days


def _column(rows: JourneyRows, field: pa.Field) -> pa.Array:
    """One derived column in the type it has in the table of journeys."""
    if field.name.endswith("_Flag"):
        return pa.array(rows.flags(field.name))
    if pa.types.is_string(field.type):
        places, texts = rows.texts(field.name)
        return pa.array(texts, pa.string()).take(pa.array(places))
    if field.name.endswith("Score"):
        hundredths = rows.hundredths(field.name)
        return pa.array((hundredths / 100).astype(np.float32), mask=hundredths == MISSING)
    numbers = rows.days(field.name)
    return pa.array(numbers, mask=numbers == MISSING).cast(field.type)


def _stage(rows: JourneyRows, pathway: Pathway) -> pa.Array:
    """The furthest stage passed without missing one; null where not even the first."""
    holding, passing = Holding(rows), np.ones(rows.count, np.bool_)
    reached = np.zeros(rows.count, np.int64)
    for stage in pathway.stages:
        passing = passing & holding(stage.parsed)
        reached += passing
    return pa.array([None, *pathway.stage_names], pa.string()).take(pa.array(reached))
