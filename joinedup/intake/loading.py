"""`load`: returns into the lake. One commit for all that was received at one moment, oldest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.intake.areas import AREAS
from joinedup.intake.discovering import Arrival, find_arrivals, windows
from joinedup.intake.outcomes import FileOutcome, LoadReport, Outcome, rejected_by_rule, sentence
from joinedup.intake.preparing import PARTITIONS, RETURN, Prepared, Preparer, Setting, lost
from joinedup.intake.withdrawing import not_withdrawn
from joinedup.intake.working import in_order
from joinedup.lake import Change, Lake, SubmissionRecord, joined
from joinedup.linkage.arriving import LINKS as LINKS_SCHEMA
from joinedup.linkage.arriving import links_on_arrival
from joinedup.linkage.keys import Key, check_fits

Progress = Callable[[int, int, str], None]
Month = tuple[str, str]
LINKS = "links"
WORKERS = 2


def load(
    paths: Iterable[str | Path],
    lake: Lake,
    *,
    key: Key,
    received: date | datetime | None = None,
    areas: pa.Table | None = None,
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> LoadReport:
    """Read, check and load every submission in `paths` (see `find_arrivals`) into the lake.

    A refused file changes nothing. The same content twice is one submission. For a provider and month the
    submission with the latest creation time in its header is held, whenever it arrived, and replaces the
    other whole. What was received at one moment becomes final together, with that moment as its known time.
    `areas` is a postcode table (default: the lake's own); `progress` gets files done, files in all, a name.
    Raises KeyRefused where the key is not the lake's, UnreadableFile where a path holds no submission.
    """
    began = time.monotonic()
    check_fits(key, purpose=lake.purpose, fingerprint=lake.key_fingerprint)
    arrivals = find_arrivals(paths, received)
    with lake.writing():
        loading = Loading(lake, len(arrivals), progress)

        def given() -> tuple[ReturnSpec, Setting]:
            known = areas if areas is not None else _areas(lake)
            return ReturnSpec.load(RETURN), Setting(key, known, frozenset(loading.loaded))

        prepared = in_order(
            Preparer,
            given,
            arrivals,
            workers=min(workers, len(arrivals)),
            lost=lost,
            alike=_provider,
        )
        for window in windows(arrivals):
            loading.take(window, prepared)
    return LoadReport(tuple(loading.outcomes), tuple(loading.snapshots), time.monotonic() - began)


def _provider(arrival: Arrival) -> str | None:
    """Whose return it is said to be: a month repeats most people of the one before."""
    return arrival.announced.get("ProviderId")


def _areas(lake: Lake) -> pa.Table | None:
    return lake.read(AREAS) if lake.has(AREAS) else None


@dataclass(frozen=True)
class _Candidate:
    """A file that was accepted and not seen before."""

    arrival: Arrival
    prepared: Prepared
    content_hash: str
    month: Month
    created: datetime

    @property
    def order(self) -> tuple[datetime, str]:
        """What decides which submission of a month is held: creation, then content where two are equal."""
        return _clock(self.created), self.content_hash


@dataclass
class Loading:
    """The state of one load: what the lake holds by now, and what became of each file."""

    lake: Lake
    total: int
    progress: Progress | None
    outcomes: list[FileOutcome] = field(default_factory=list)
    snapshots: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        records = not_withdrawn(self.lake)
        self.loaded = {record.content_hash for record in records}
        # Who among those without a valid number is known by one.
        self.links = self.lake.read(LINKS) if self.lake.has(LINKS) else LINKS_SCHEMA.empty_table()
        self.held: dict[Month, tuple[datetime, str]] = {}
        for record in records:
            order = (_clock(record.created), record.content_hash)
            month = (record.provider, record.period)
            self.held[month] = max(order, self.held.get(month, order))

    def take(self, window: Sequence[Arrival], prepared: Iterator[Prepared]) -> None:
        """Take the files of one moment: decide which are held, and commit those together."""
        chosen: dict[Month, _Candidate] = {}
        for arrival in window:
            candidate = self._candidate(arrival, next(prepared))
            if candidate is None:
                continue
            rival = chosen.setdefault(candidate.month, candidate)
            if rival is candidate:
                continue
            older, newer = sorted((rival, candidate), key=lambda one: one.order)
            chosen[candidate.month] = newer
            same = older.content_hash == newer.content_hash
            self._say(older.arrival, older.prepared, "already loaded" if same else "older than what is held")
        if chosen:
            self._commit(tuple(chosen.values()))

    def _candidate(self, arrival: Arrival, prepared: Prepared) -> _Candidate | None:
        header = prepared.report.header if prepared.report else None
        if prepared.content_hash in self.loaded:
            self._say(arrival, prepared, "already loaded")
        elif (
            prepared.report is None or header is None or not prepared.tables or prepared.content_hash is None
        ):
            self._say(arrival, prepared, "refused")
        else:
            month = (header.provider, header.period)
            found = _Candidate(arrival, prepared, prepared.content_hash, month, header.created)
            if found.order > self.held.get(month, (datetime.min, "")):
                return found
            self._say(arrival, prepared, "older than what is held")
        return None

    def _commit(self, chosen: Sequence[_Candidate]) -> None:
        records = tuple(_record(candidate) for candidate in chosen)
        months = [candidate.month for candidate in chosen]
        links = links_on_arrival(pa.concat_tables([c.prepared.compared for c in chosen]), self.links)
        changes = _changes(self.lake, chosen, months)
        if not links.equals(self.links):
            changes.append(Change(LINKS, links))
        received = chosen[0].arrival.received
        snapshot = self.lake.commit(changes, kind="load", known_at=received, submissions=records)
        self.snapshots.append(snapshot.number)
        self.links = links
        for candidate in chosen:
            self.held[candidate.month] = candidate.order
            self.loaded.add(candidate.content_hash)
            self._say(candidate.arrival, candidate.prepared, "loaded")

    def _say(self, arrival: Arrival, prepared: Prepared, outcome: Outcome) -> None:
        self.outcomes.append(_outcome(arrival, prepared, outcome))
        if self.progress:
            self.progress(len(self.outcomes), self.total, arrival.path.name)


def _clock(moment: datetime) -> datetime:
    # The header names no zone, so clocks are compared as they were written.
    return moment.replace(tzinfo=None)


def _changes(lake: Lake, chosen: Sequence[_Candidate], months: Sequence[Month]) -> list[Change]:
    """One change per table: the months' partitions replaced. Tables without rows before or now are left
    alone, except that the first load makes them all, so that a reader finds every national table."""
    changes = []
    for table in ReturnSpec.load(RETURN).tables:
        name = f"returns/{table.id}"
        rows = joined([c.prepared.tables[table.id] for c in chosen])
        if len(rows) or not lake.has(name) or set(months) & set(lake.partitions(name)):
            changes.append(Change(name, rows, partition_by=PARTITIONS, replace_partitions=months))
    return changes


def _record(candidate: _Candidate) -> SubmissionRecord:
    report = candidate.prepared.report
    rows = {table: len(made) for table, made in candidate.prepared.tables.items()}
    return SubmissionRecord(
        content_hash=candidate.content_hash,
        provider=candidate.month[0],
        period=candidate.month[1],
        created=candidate.created,
        received=candidate.arrival.received,
        kind=submission_kind(candidate.month[1], candidate.created),
        outcome=report.outcome if report else "accepted",
        rows=rows,
        file=candidate.arrival.path.name,
        rows_in=candidate.prepared.rows_in,
    )


def submission_kind(period: str, created: datetime) -> str:
    """Primary when made in the month after the period, refresh in the month after that, else unknown.

    The national windows close around the 22nd to 29th of those months (submission calendar of the data set).
    """
    year, month = (int(part) for part in period.split("-"))
    later = (created.year - year) * 12 + created.month - month
    return {1: "primary", 2: "refresh"}.get(later, "unknown")


def _outcome(arrival: Arrival, prepared: Prepared, outcome: Outcome) -> FileOutcome:
    report = prepared.report
    header = report.header if report else None
    return FileOutcome(
        name=arrival.path.name,
        outcome=outcome,
        message=sentence(outcome, report, prepared.rows_in, prepared.rows_kept),
        provider=header.provider if header else None,
        period=header.period if header else None,
        received=arrival.received,
        rows_in=prepared.rows_in,
        rows_kept=prepared.rows_kept,
        rejected=rejected_by_rule(report, ReturnSpec.load(RETURN)),
        report=report,
        content_hash=prepared.content_hash,
    )
