"""A load made durable: data files, then Delta log entries, forced to disk before the ledger names them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from joinedup.errors import LakeDamaged
from joinedup.lake.columns import describe
from joinedup.lake.contents import TableState, log_path, tables_folder
from joinedup.lake.delta_log import append_entry
from joinedup.lake.durable import fingerprint, folders_between, fsync_all
from joinedup.lake.ledger import RESTORE, LogFile, TableChange
from joinedup.lake.staging import Change, Staged, stage

# History must stay: with Delta's defaults a version older than 30 days cannot be opened once a checkpoint
# was made.
TABLE_PROPERTIES = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}
LEDGER_MARK = "joinedup.ledger"  # in each Delta log entry: the ledger entry it was written for
# A checkpoint would be one more file to force to disk and to check; readers take the file list from the
# ledger.
_NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True)
class Writer:
    """Writes changes for one lake."""

    lake: Path

    def write(
        self, changes: Sequence[Change], contents: Mapping[str, TableState], number: int
    ) -> dict[str, TableChange]:
        """Write and force to disk all that entry `number` will name; answers what it must say per table."""
        root = tables_folder(self.lake)
        staged = [
            stage(change, contents.get(change.table), root / change.table, number) for change in changes
        ]
        self._force(path for item in staged for path in self._data_paths(item))
        done = {item.table: self._commit(item, contents.get(item.table), number) for item in staged}
        self._force(
            log_path(root / table, log.version) for table, change in done.items() for log in change.log
        )
        return done

    def _data_paths(self, staged: Staged) -> list[Path]:
        folder = tables_folder(self.lake) / staged.table
        return [folder / file.path for file in staged.added]

    def _force(self, paths: Iterable[Path]) -> None:
        """Files first, then the folders that name them, up to the lake's own."""
        files = list(paths)
        fsync_all(files)
        fsync_all({folder for file in files for folder in folders_between(file, self.lake)})

    def _commit(self, staged: Staged, before: TableState | None, number: int) -> TableChange:
        folder = tables_folder(self.lake) / staged.table
        marks = {LEDGER_MARK: str(number)}
        version = 0 if before is None else before.version + 1
        if before is None:
            _create(staged, folder, marks)
        elif staged.schema == before.schema:
            append_entry(
                folder,
                version,
                added=staged.added,
                removed=staged.removed,
                partition_by=staged.partition_by,
                marks=marks,
            )
        else:
            _overwrite(staged, before, folder, marks)
        columns = tuple((name, kind) for name, kind in describe(staged.schema))
        return TableChange(
            partition_by=staged.partition_by,
            columns=None if before is not None and columns == before.columns else columns,
            added=staged.added,
            removed=tuple(file.path for file in staged.removed),
            log=(_log_file(folder, version),),
        )


def _create(staged: Staged, folder: Path, marks: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    create_table_with_add_actions(
        str(folder),
        Schema.from_arrow(staged.schema),
        _adds(staged),
        mode="error",
        partition_by=list(staged.partition_by),
        configuration=TABLE_PROPERTIES,
        commit_properties=CommitProperties(custom_metadata=dict(marks)),
        post_commithook_properties=_NO_HOOKS,
    )


def _overwrite(staged: Staged, before: TableState, folder: Path, marks: Mapping[str, str]) -> None:
    """A new schema goes as Delta's `overwrite`, which derives the removals itself."""
    table = DeltaTable(str(folder))
    if table.version() != before.version:
        raise LakeDamaged(
            f"{staged.table} is at version {table.version()}, the ledger says {before.version}",
            remedy=RESTORE,
        )
    table.create_write_transaction(
        _adds(staged),
        mode="overwrite",
        schema=Schema.from_arrow(staged.schema),
        partition_by=list(staged.partition_by),
        commit_properties=CommitProperties(custom_metadata=dict(marks)),
        post_commithook_properties=_NO_HOOKS,
    )


def _adds(staged: Staged) -> list[AddAction | RemoveAction]:
    now = int(time.time() * 1000)
    return [
        AddAction(
            path=file.path,
            size=file.size,
            partition_values=dict(zip(staged.partition_by, file.partition, strict=True)),
            modification_time=now,
            data_change=True,
            stats=json.dumps({"numRecords": file.rows}),
        )
        for file in staged.added
    ]


def _log_file(folder: Path, version: int) -> LogFile:
    try:
        content = log_path(folder, version).read_bytes()
    except FileNotFoundError:
        raise LakeDamaged(f"Delta did not write version {version} of {folder.name}", remedy=RESTORE) from None
    return LogFile(version, len(content), fingerprint(content))
