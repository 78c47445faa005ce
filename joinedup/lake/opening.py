"""Making a lake, and opening one at its last state or at what was known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from joinedup.errors import KeyRefused
from joinedup.lake.engines import engine_named
from joinedup.lake.folder import Identity, Purpose, make_folder, read_identity
from joinedup.lake.lake import Lake
from joinedup.lake.ledger import in_utc


def create_lake(
    path: Path | str, *, purpose: Purpose, key_fingerprint: str, memory_limit: str = "1GB", threads: int = 2
) -> Lake:
    """Make a lake in the folder `path` (0700), or open the one there if its purpose and key are the same.

    KeyRefused when the lake there was made with another key or for another purpose; LakeDamaged as
    `open_lake`; YourCommand when the folder holds something that is not a lake.
    """
    folder = Path(path).absolute()
    if not (folder / "lake.json").exists():
        make_folder(folder, Identity(purpose, key_fingerprint))
    lake = open_lake(folder, memory_limit=memory_limit, threads=threads)
    if (lake.purpose, lake.key_fingerprint) != (purpose, key_fingerprint):
        raise KeyRefused(
            f"the lake at {folder.name} was made with another key, or for another purpose ({lake.purpose})",
            remedy="use the key file it was made with, or another folder",
        )
    return lake


def open_lake(
    path: Path | str,
    *,
    as_known: date | datetime | None = None,
    engine: str = "duckdb",
    memory_limit: str = "1GB",
    threads: int = 2,
) -> Lake:
    """Open a lake at its last state, or at what was known by `as_known`: a time in UTC, or a day to its end.

    `engine` is where large work is done: "duckdb" (this process), "spark", or the address of a Spark Connect server
    such as "sc://host:15002". The answers are the same.

    The ledger is checked against the files first: LakeDamaged says what is wrong and what to do.
    YourCommand when `path` is not a lake, or the engine is not to be had.
    """
    folder = Path(path).absolute()
    lake = Lake(
        folder,
        read_identity(folder),
        as_known=_moment(as_known),
        memory_limit=memory_limit,
        threads=threads,
        engine=engine_named(engine),
    )
    lake.check()
    return lake


def _moment(as_known: date | datetime | None) -> datetime | None:
    if as_known is None or isinstance(as_known, datetime):
        return as_known and in_utc(as_known)
    return datetime.combine(as_known, time.max, tzinfo=UTC)
