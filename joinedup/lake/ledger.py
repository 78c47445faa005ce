"""The ledger: one JSON file per load, created once, chained by sha256. It alone says what the lake holds.

Delta has no commit across tables, so a load is final when `ledger/<n>.json` exists on disk. Readers open
the versions an entry names, never the latest: a Delta version that no entry names is invisible.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake.durable import create_once, fingerprint, sealed, unsealed

RESTORE = "restore the lake folder from its last backup, then load what has arrived since"


@dataclass(frozen=True)
class SubmissionRecord:
    """One file a provider sent: who, which month, what became of it. `created` is the header's own time.

    `rows` are those kept, by table; `rows_in` those that were read (None in ledgers of version 0.1).
    """

    content_hash: str
    provider: str
    period: str
    created: datetime
    received: datetime
    kind: str
    outcome: str
    rows: Mapping[str, int]
    file: str
    rows_in: int | None = None


@dataclass(frozen=True)
class DataFile:
    """A Parquet file of a table: path in the table's folder, bytes, sha256, rows, partition values."""

    path: str
    size: int
    sha256: str
    rows: int
    partition: tuple[str | None, ...]


@dataclass(frozen=True)
class LogFile:
    """An entry of a table's Delta log: its version, size in bytes and sha256."""

    version: int
    size: int
    sha256: str


@dataclass(frozen=True)
class TableChange:
    """What one load did to one table. `columns` is the schema in words where the load set it, else None."""

    partition_by: tuple[str, ...]
    columns: tuple[tuple[str, str], ...] | None
    added: tuple[DataFile, ...]
    removed: tuple[str, ...]
    log: tuple[LogFile, ...]


@dataclass(frozen=True)
class Load:
    """What the caller says of a load: kind, when its content was received (UTC), from which files, notes."""

    kind: str
    known_at: datetime
    submissions: tuple[SubmissionRecord, ...]
    notes: Mapping[str, Any]


@dataclass(frozen=True)
class LedgerEntry:
    """One final load. `versions` and `rows` (row counts) cover every table, `changes` those it touched."""

    number: int
    kind: str
    known_at: datetime
    committed_at: datetime
    versions: Mapping[str, int]
    rows: Mapping[str, int]
    changes: Mapping[str, TableChange]
    submissions: tuple[SubmissionRecord, ...]
    notes: Mapping[str, Any]
    previous: str | None

    def to_bytes(self) -> bytes:
        """The entry as it lies on disk: sealed JSON, whose sha256 chains the next one."""
        return sealed(json.loads(json.dumps(self, default=_plain, allow_nan=False)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def in_utc(moment: datetime) -> datetime:
    """Known time is UTC: a time without a zone is taken as UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _submission(raw: Mapping[str, Any]) -> SubmissionRecord:
    times = {name: datetime.fromisoformat(raw[name]) for name in ("created", "received")}
    return SubmissionRecord(**{**raw, **times})


def _change(raw: Mapping[str, Any]) -> TableChange:
    columns = raw["columns"]
    return TableChange(
        partition_by=tuple(raw["partition_by"]),
        columns=None if columns is None else tuple((name, kind) for name, kind in columns),
        added=tuple(DataFile(**{**file, "partition": tuple(file["partition"])}) for file in raw["added"]),
        removed=tuple(raw["removed"]),
        log=tuple(LogFile(**log) for log in raw["log"]),
    )


def read_entry(content: bytes) -> LedgerEntry:
    """An entry from its bytes. ValueError when altered; KeyError or TypeError when it is no entry."""
    raw = unsealed(content)
    times = {name: datetime.fromisoformat(raw[name]) for name in ("known_at", "committed_at")}
    return LedgerEntry(
        **{
            **raw,
            **times,
            "changes": {table: _change(change) for table, change in raw["changes"].items()},
            "submissions": tuple(_submission(record) for record in raw["submissions"]),
        }
    )


def entry_path(folder: Path, number: int) -> Path:
    """Where entry `number` (from 1) lies."""
    return folder / f"{number:08d}.json"


@dataclass(frozen=True)
class Ledger:
    """All entries in order, and the sha256 of the last one's bytes (None while there is none)."""

    folder: Path
    entries: tuple[LedgerEntry, ...] = ()
    last: str | None = None

    def refreshed(self) -> Ledger:
        """This ledger with what was written since it was read. LakeDamaged for an entry missing or torn."""
        names = sorted(path.name for path in self.folder.glob("[0-9]*.json"))
        entries, last = list(self.entries), self.last
        if len(names) < len(entries):
            raise LakeDamaged("entries of the ledger have gone", remedy=RESTORE)
        for number, name in enumerate(names[len(entries) :], start=len(entries) + 1):
            if name != entry_path(self.folder, number).name:
                raise LakeDamaged(f"entry {number} of the ledger is missing (next is {name})", remedy=RESTORE)
            content = (self.folder / name).read_bytes()
            entries.append(_chained(content, number, last))
            last = fingerprint(content)
        return Ledger(self.folder, tuple(entries), last)

    def append(self, entry: LedgerEntry) -> Ledger:
        """Write the next entry, durably and once. YourCommand when another writer took the number first."""
        content = entry.to_bytes()
        try:
            create_once(entry_path(self.folder, entry.number), content)
        except FileExistsError:
            raise YourCommand(
                f"another process wrote entry {entry.number} of the ledger first; this load was not kept",
                remedy="open the lake again and repeat the command",
            ) from None
        return Ledger(self.folder, (*self.entries, entry), fingerprint(content))


def _chained(content: bytes, number: int, previous: str | None) -> LedgerEntry:
    try:
        entry = read_entry(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LakeDamaged(
            f"entry {number} of the ledger cannot be read: torn or altered", remedy=RESTORE
        ) from None
    if entry.number != number or entry.previous != previous:
        raise LakeDamaged(
            f"entry {number} of the ledger does not follow from the one before it", remedy=RESTORE
        )
    return entry


def latest_known(entries: Sequence[LedgerEntry], moment: datetime) -> int:
    """How many entries, from the first, were known at `moment` (UTC). Known time never falls."""
    return sum(entry.known_at <= in_utc(moment) for entry in entries)
