"""Ledger against lake: what open looks at every time, what a deep check reads byte by byte, and the rolling
back of what no ledger entry ever named."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from deltalake import DeltaTable

from joinedup.errors import LakeDamaged
from joinedup.lake.committing import LEDGER_MARK
from joinedup.lake.contents import TableState, log_name, log_path, tables_folder
from joinedup.lake.durable import fingerprint, fsync
from joinedup.lake.ledger import RESTORE, LedgerEntry
from joinedup.lake.staging import number_of

Wanted = tuple[str, int, str | None]  # path, size in bytes, sha256 where it is to be read

_SHOWN = 5  # faults named in a message; the rest are counted


def check_contents(
    lake: Path, contents: Mapping[str, TableState], entries: Sequence[LedgerEntry], *, deep: bool
) -> int:
    """Compare files with what the ledger says of them; answers how many were looked at.

    Quick: every Delta log entry and every file of `contents` exists with its size, and the log entry each
    table is pinned to has its sha256. Deep: the sha256 of every file that any entry names, and Delta's own
    list of files. LakeDamaged names the first faults. A log entry of zero bytes, which a power cut leaves
    and Delta reads as an empty version without complaint, is found by its size.
    """
    wanted = [*_log_files(lake, contents, entries, deep), *_data_files(lake, contents, entries, deep)]
    _refuse(_faults(wanted, lake))
    if deep:
        _refuse(list(_delta_disagrees(lake, contents)))
    return len(wanted)


def check_files(lake: Path, contents: Mapping[str, TableState]) -> None:
    """LakeDamaged when a file that `contents` is made of is not what the ledger says, byte for byte."""
    root = tables_folder(lake)
    _refuse(
        _faults(
            [
                (f"{root}/{table}/{file.path}", file.size, file.sha256)
                for table, state in contents.items()
                for file in state.files.values()
            ],
            lake,
        )
    )


def _faults(wanted: Iterable[Wanted], lake: Path) -> list[str]:
    return [fault for path, size, digest in wanted if (fault := _fault(path, size, digest, lake))]


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise LakeDamaged("; ".join(faults[:_SHOWN]) + more, remedy=RESTORE)


def _log_files(
    lake: Path, contents: Mapping[str, TableState], entries: Sequence[LedgerEntry], deep: bool
) -> Iterator[Wanted]:
    root = tables_folder(lake)
    for entry in entries:
        for table, change in entry.changes.items():
            for log in change.log:
                pinned = contents[table].version == log.version
                path = f"{root}/{table}/{log_name(log.version)}"
                yield path, log.size, log.sha256 if deep or pinned else None


def _data_files(
    lake: Path, contents: Mapping[str, TableState], entries: Sequence[LedgerEntry], deep: bool
) -> Iterator[Wanted]:
    root = tables_folder(lake)
    if not deep:
        for table, state in contents.items():
            yield from ((f"{root}/{table}/{file.path}", file.size, None) for file in state.files.values())
        return
    for entry in entries:
        for table, change in entry.changes.items():
            yield from ((f"{root}/{table}/{file.path}", file.size, file.sha256) for file in change.added)


def _fault(path: str, size: int, digest: str | None, lake: Path) -> str | None:
    try:
        found = os.stat(path).st_size  # noqa: PTH116 - a Path per file would double the time to open a lake
    except OSError:
        return f"{Path(path).relative_to(lake)} is missing"
    if found != size:
        return f"{Path(path).relative_to(lake)} has {found} bytes, the ledger says {size}"
    if digest is not None and fingerprint(Path(path).read_bytes()) != digest:
        return f"{Path(path).relative_to(lake)} has been altered: its sha256 is not the ledger's"
    return None


def _delta_disagrees(lake: Path, contents: Mapping[str, TableState]) -> Iterator[str]:
    for table, state in contents.items():
        folder = tables_folder(lake) / table
        delta = DeltaTable(str(folder), version=state.version)
        listed = {path.split(f"{folder}/", 1)[-1] for path in delta.file_uris()}
        if listed != set(state.files):
            yield f"{table}: Delta version {state.version} lists other files than the ledger"


def table_folders(lake: Path) -> Iterator[tuple[str, Path]]:
    """Every folder under the lake that Delta has begun to keep a table in, by table name."""
    root = tables_folder(lake)
    for log in sorted(root.rglob("_delta_log")):
        yield str(log.parent.relative_to(root)), log.parent


def orphan_ahead(lake: Path, tables: Iterable[str], contents: Mapping[str, TableState]) -> bool:
    """Whether any of `tables` has a Delta version that the ledger does not know."""
    for table in tables:
        version = contents[table].version if table in contents else -1
        if log_path(tables_folder(lake) / table, version + 1).exists():
            return True
    return False


def refuse_lost_entries(
    lake: Path, tables: Iterable[str], contents: Mapping[str, TableState], last: int
) -> None:
    """LakeDamaged when a table holds a version written for an entry after the one that could have been
    interrupted.

    A crash can leave versions for entry `last + 1` only, since each commit first rolls back what lies
    ahead. Anything later was final once: the end of the ledger has been lost, and rolling back would
    destroy acknowledged loads.
    """
    for table in tables:
        version = contents[table].version + 1 if table in contents else 0
        while (path := log_path(tables_folder(lake) / table, version)).exists():
            if (number := _written_for(path)) > last + 1:
                raise LakeDamaged(
                    f"{table} holds a load for entry {number}, but the ledger ends at {last}", remedy=RESTORE
                )
            version += 1


def _written_for(path: Path) -> int:
    """The ledger entry a Delta log entry was written for; 0 when it is torn, and so was never final."""
    try:
        first = json.loads(path.read_bytes().split(b"\n", 1)[0])
        return int(first["commitInfo"][LEDGER_MARK])
    except (ValueError, KeyError, TypeError):
        return 0


def roll_back(lake: Path, contents: Mapping[str, TableState], last: int) -> None:
    """Remove whatever no ledger entry names: Delta versions ahead of the pinned ones, data files of a load
    that never became final, and temporary files. Call under the writer's lock only."""
    folders = dict(table_folders(lake))
    refuse_lost_entries(lake, folders, contents, last)
    for part in (lake / "ledger").glob(".*.part"):
        part.unlink()
    for table, folder in folders.items():
        _roll_back_log(folder / "_delta_log", contents[table].version if table in contents else -1)
    for file in tables_folder(lake).rglob("*.parquet"):
        if number_of(file.name) > last:
            file.unlink()


def _roll_back_log(log: Path, version: int) -> None:
    # From the newest down, so that a second crash leaves a shorter log and never one with a hole.
    gone = [path for path in sorted(log.iterdir(), reverse=True) if not _kept(path, version)]
    for path in gone:
        path.unlink()
    if gone:
        fsync(log)


def _kept(path: Path, version: int) -> bool:
    return path.suffix == ".json" and path.stem.isdecimal() and int(path.stem) <= version
