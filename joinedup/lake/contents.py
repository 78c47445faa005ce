"""What the lake holds at an entry of the ledger: the entries before it, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from joinedup.lake.columns import schema_of
from joinedup.lake.ledger import DataFile, Ledger, LedgerEntry, Load, TableChange


@dataclass(frozen=True)
class TableState:
    """A table at one version: its schema, its partition columns, and the files that make it up by path."""

    version: int
    columns: tuple[tuple[str, str], ...]
    partition_by: tuple[str, ...]
    files: Mapping[str, DataFile]

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema, partition columns included, in the order first written."""
        return schema_of(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(file.rows for file in self.files.values())

    def after(self, change: TableChange, version: int) -> TableState:
        """The table once `change` is made."""
        gone = set(change.removed)
        kept = {path: file for path, file in self.files.items() if path not in gone}
        files = {**kept, **{file.path: file for file in change.added}}
        return TableState(version, change.columns or self.columns, change.partition_by, files)


NO_TABLE = TableState(-1, (), (), {})


def add_entry(contents: Mapping[str, TableState], entry: LedgerEntry) -> dict[str, TableState]:
    """The tables after one more entry."""
    changed = {
        table: contents.get(table, NO_TABLE).after(change, entry.versions[table])
        for table, change in entry.changes.items()
    }
    return {**contents, **changed}


def contents_of(entries: Iterable[LedgerEntry]) -> dict[str, TableState]:
    """The tables after all of `entries`, which start at the first."""
    files: dict[str, dict[str, DataFile]] = {}
    states: dict[str, TableState] = {}
    for entry in entries:
        for table, change in entry.changes.items():
            # In place: a copy per entry would make opening quadratic in the number of loads.
            held = files.setdefault(table, {})
            for path in change.removed:
                del held[path]
            held.update((file.path, file) for file in change.added)
            columns = change.columns or states[table].columns
            states[table] = TableState(entry.versions[table], columns, change.partition_by, held)
    return states


def next_entry(
    ledger: Ledger, contents: Mapping[str, TableState], load: Load, done: Mapping[str, TableChange]
) -> LedgerEntry:
    """The entry that will make `done` final on top of `contents`. Known time never falls along the ledger."""
    versions = {table: change.log[-1].version for table, change in done.items()}
    changed = {
        table: contents.get(table, NO_TABLE).after(change, versions[table]) for table, change in done.items()
    }
    after = {**contents, **changed}
    return LedgerEntry(
        number=len(ledger.entries) + 1,
        kind=load.kind,
        known_at=max([load.known_at, *(entry.known_at for entry in ledger.entries[-1:])]),
        committed_at=datetime.now(UTC),
        versions={table: state.version for table, state in after.items()},
        rows={table: state.rows for table, state in after.items()},
        changes=dict(done),
        submissions=load.submissions,
        notes=dict(load.notes),
        previous=ledger.last,
    )


def tables_folder(lake: Path) -> Path:
    """Folder of the lake under which each table has its own."""
    return lake / "tables"


def log_name(version: int) -> str:
    """Where Delta keeps the log entry of `version`, within the table's folder."""
    return f"_delta_log/{version:020d}.json"


def log_path(table: Path, version: int) -> Path:
    """Where Delta keeps the log entry of `version` for the table in folder `table`."""
    return table / log_name(version)
