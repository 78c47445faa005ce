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
from joinedup.journeys.touched import Touched
from joinedup.lake import Change, Lake, Session

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
    with lake.working_over({name: lake.source(name, schema) for name, schema in MADE.items()}) as session:
        stored = session.fetch("SELECT provider, person_id, pathway_id, referral_month FROM journeys")
        going = _of(stored, found.persons)
        months = Months(
            stored=_by_month(stored, set(_months(going)) | set(_months(made.journeys))),
            going=_by_month(going),
            derived=_by_month(made.journeys),
        )
        instead = _Instead(
            session, lake, going.select(["pathway_id"]), sorted({*months.going, *months.derived})
        )
        parts = [instead.of(name, getattr(made, name).cast(schema)) for name, schema in MADE.items()]
    rewritten = sorted({month for part in parts for month in part.months})
    return Refresh(tuple(p.change for p in parts if p.change), tuple(rewritten), kept[0], months)


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


@dataclass(frozen=True)
class _Part:
    """The months of one stored table in which something differs, and what is to stand there instead."""

    months: tuple[str, ...]
    change: Change | None


@dataclass(frozen=True)
class _Instead:
    """Derived rows in the place of those stored of the pathways that go, in the months that either has."""

    session: Session
    lake: Lake
    going: pa.Table
    months: Sequence[str]

    def of(self, name: str, derived: pa.Table) -> _Part:
        """The change of one stored table."""
        months = self._differing(name, derived)
        if not months:
            return _Part((), None)
        if (
            self.lake.partitioned_by(name) != BY_MONTH
        ):  # as contacts and answers were stored at first: in one piece
            return _Part(months, Change(name, self._rows(name, derived, "TRUE")))
        derived = derived.filter(pc.is_in(derived["referral_month"], pa.array(months, pa.string())))
        rows = self._rows(name, derived, f"referral_month IN ({_listed(months)})")
        partitions = [(month,) for month in months]
        return _Part(months, Change(name, rows, partition_by=BY_MONTH, replace_partitions=partitions))

    def _differing(self, name: str, derived: pa.Table) -> tuple[str, ...]:
        """The months in which the rows stored of the pathways that go are not those derived."""
        if not self.months:
            return ()
        columns = ", ".join(MADE[name].names)
        self.session.register("derived", derived)
        self.session.register("going", self.going)
        found = self.session.fetch(
            f"SELECT DISTINCT referral_month AS month FROM (SELECT {columns} FROM ("
            f"SELECT {columns}, 1 AS sign FROM derived UNION ALL "
            f"SELECT {columns}, -1 FROM {name} SEMI JOIN going USING (pathway_id) "
            f"WHERE referral_month IN ({_listed(self.months)})) "
            f"GROUP BY {columns} HAVING sum(sign) <> 0) ORDER BY month"
        )
        return tuple(found["month"].to_pylist())

    def _rows(self, name: str, derived: pa.Table, where: str) -> pa.Table:
        """The stored rows of all others, and those derived, in order."""
        columns = ", ".join(MADE[name].names)
        stored = self.session.fetch(f"SELECT {columns} FROM {name} WHERE {where}").cast(MADE[name])
        theirs = pc.is_in(stored["pathway_id"], self.going["pathway_id"].combine_chunks())
        return pa.concat_tables([stored.filter(pc.invert(theirs)), derived]).sort_by(_ORDER)


def _listed(months: Sequence[str]) -> str:
    return ", ".join(f"'{month}'" for month in months)
