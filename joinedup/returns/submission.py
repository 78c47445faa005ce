"""What the reader hands to the checker: the tables of one return, still as the text that was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from joinedup.returns.findings import Finding


@dataclass(frozen=True)
class RawTable:
    """One national table as sent.

    `rows` holds every national column of the table as text (null where nothing was sent) in the order of the
    specification, and `_row` (int64, 1 = first data row). Columns that the specification does not know are
    named in `unknown_columns`; their contents are dropped at once, since nobody can say whom they identify.
    """

    table: str
    file_name: str
    rows: pa.Table
    missing_columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One return, read but not yet checked. `content_hash` (64 hex) survives zipping again."""

    name: str
    path: Path
    content_hash: str
    files: Mapping[str, RawTable]
    problems: tuple[Finding, ...]


@dataclass(frozen=True)
class TableRead:
    """One table with the digest of its canonical content and what was odd about its file."""

    table: RawTable
    digest: bytes
    problems: tuple[Finding, ...]


def combined_hash(reads: Mapping[str, TableRead]) -> str:
    """SHA-256 over the table ids in order, each with the digest of its canonical content."""
    whole = hashlib.sha256(b"joinedup submission 1\n")
    for table_id in sorted(reads):
        whole.update(f"{table_id} {reads[table_id].digest.hex()}\n".encode())
    return whole.hexdigest()
