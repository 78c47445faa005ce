"""Stored journeys brought up to date: those of the people whom a change touches are derived again, all others stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import Coder
from joinedup.journeys.deriving import Progress, derive
from joinedup.journeys.division import MADE
from joinedup.journeys.kept_record import Months
from joinedup.journeys.tables import JourneyTables
from joinedup.journeys.touched import Touched
from joinedup.lake import Change, Lake

if TYPE_CHECKING:
    from joinedup.journeys.from_returns import Record

BY_MONTH = ("referral_month",)
_ORDER = [("referral_month", "ascending"), ("pathway_id", "ascending")]


@dataclass(frozen=True)
class Refresh:
    """What a refresh does to the lake: the changes of the stored tables, the months of referral they rewrite, and what
    the clustered record is brought up to date with."""

    changes: tuple[Change, ...]
    rewritten: tuple[str, ...]
    record: Record
    months: Months


def refreshed(
    lake: Lake, found: Touched, rules: Pathway, *, coder: Coder | None, progress: Progress | None
) -> Refresh:
    """Derive the journeys of whoever is touched again, and put them in the place of those stored.

    `coder` goes on from the codes of the record that is kept.
    """
    kept: list[Record] = []
    made = derive(
        found.tables,
        places=Places.load(),
        pathway=rules,
        thresholds=Thresholds.load(),
        progress=progress,
        keep=kept.append,
        coder=coder,
    )
    stored = lake.read("journeys", ["provider", "person_id", "pathway_id", "referral_month"])
    going = _of(stored, found.persons)
    months = Months(
        stored=_by_month(stored, set(_months(going)) | set(_months(made.journeys))),
        going=_by_month(going),
        derived=_by_month(made.journeys),
    )
    touched = sorted({*months.going, *months.derived})
    changes, rewritten = _changes(lake, made, going, touched)
    return Refresh(changes, rewritten, kept[0], months)


def _of(stored: pa.Table, persons: pa.Table) -> pa.Table:
    """Stored journeys of these persons, in their order."""
    own, wanted = (
        pc.binary_join_element_wise(rows["provider"], rows["person_id"], ":") for rows in (stored, persons)
    )
    return stored.filter(pc.is_in(own, value_set=wanted.combine_chunks()))


def _months(rows: pa.Table) -> list[str]:
    found: list[str] = pc.unique(rows["referral_month"]).to_pylist()
    return found


def _by_month(journeys: pa.Table, wanted: set[str] | None = None) -> dict[str, pa.Array]:
    """The pathways of each month, in order."""
    if wanted is not None:
        journeys = journeys.filter(pc.is_in(journeys["referral_month"], pa.array(wanted, pa.string())))
    parts = _split(journeys.select(["referral_month", "pathway_id"]).sort_by(_ORDER))
    return {month: rows["pathway_id"].combine_chunks() for month, rows in parts.items()}


def _split(rows: pa.Table) -> dict[str, pa.Table]:
    """Rows in order of month, by month."""
    ends = pc.run_end_encode(rows["referral_month"].combine_chunks())
    stops = ends.run_ends.to_pylist()
    starts = [0, *stops][: len(stops)]
    months = ends.values.to_pylist()
    return {
        month: rows.slice(start, stop - start)
        for month, start, stop in zip(months, starts, stops, strict=True)
    }


def _changes(
    lake: Lake, made: JourneyTables, going: pa.Table, months: Sequence[str]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    changes, rewritten = [], set()
    for name in MADE:
        differing, rows = _instead(lake, name, getattr(made, name), going, months)
        rewritten |= set(differing)
        if not differing:
            continue
        if lake.partitioned_by(name) == BY_MONTH:
            partitions = [(month,) for month in differing]
            changes.append(Change(name, rows, partition_by=BY_MONTH, replace_partitions=partitions))
        else:  # as lakes stored contacts and answers at first: one file, written whole
            changes.append(Change(name, rows))
    return tuple(changes), tuple(sorted(rewritten))


def _instead(
    lake: Lake, name: str, derived: pa.Table, going: pa.Table, months: Sequence[str]
) -> tuple[list[str], pa.Table]:
    """The months of a stored table in which something differs, and the rows that are to stand there instead."""
    by_month = lake.partitioned_by(name) == BY_MONTH
    derived = derived.cast(MADE[name])
    differing = _differing(lake, name, derived, going, months)
    stored = _stored(lake, name, differing if by_month else None)
    left = stored.filter(pc.invert(pc.is_in(stored["pathway_id"], going["pathway_id"].combine_chunks())))
    if by_month:
        derived = derived.filter(pc.is_in(derived["referral_month"], pa.array(differing, pa.string())))
    return differing, pa.concat_tables([left, derived]).sort_by(_ORDER)


def _differing(
    lake: Lake, name: str, derived: pa.Table, going: pa.Table, months: Sequence[str]
) -> list[str]:
    """The months in which the rows stored of the pathways that go are not those derived."""
    if not months:
        return []
    columns, within = ", ".join(MADE[name].names), _listed(months)
    found = lake.query(
        f"SELECT DISTINCT referral_month AS month FROM ("
        f"SELECT {columns} FROM (SELECT {columns}, 1 AS sign FROM derived UNION ALL SELECT {columns}, -1 "
        f"FROM {name} SEMI JOIN going USING (pathway_id) WHERE referral_month IN ({within})) "
        f"GROUP BY {columns} HAVING sum(sign) <> 0) ORDER BY month",
        derived=derived,
        going=going.select(["pathway_id"]),
    )
    return list(found["month"].to_pylist())


def _stored(lake: Lake, name: str, months: Sequence[str] | None) -> pa.Table:
    schema = MADE[name]
    if months is None:
        return lake.read(name, schema.names).cast(schema)
    if not months:
        return schema.empty_table()
    return lake.read(name, schema.names, f"referral_month IN ({_listed(months)})").cast(schema)


def _listed(months: Sequence[str]) -> str:
    return ", ".join(f"'{month}'" for month in months)
