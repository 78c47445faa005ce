"""Opens a published file in any of its forms, and finds the columns we read under the headers they have
had."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from joinedup.errors import UnknownFigures, UnreadableFile, UnsafeFile
from joinedup.lake import read_csv
from joinedup.returns.encodings import canonical_text
from joinedup.returns.published_names import headers

MOST_IN = 500 * 2**20
MOST_UNPACKED = 2 * 2**30
NEEDED = (("level",), ("measure_id", "measure_name"), ("value",), ("period", "start"))


def read_raw(path: Path) -> tuple[pa.Table, Mapping[str, str]]:
    """The file as a table, and which of its columns is each one we read.

    Parquet, CSV, or CSV in gzip. Raises UnreadableFile, UnsafeFile (over 500 MB, or 2 GB unpacked), and
    UnknownFigures where a column we need has none of the headers we know.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}", file=path.name) from None
    if size > MOST_IN:
        raise UnsafeFile("is larger than 500 MB", file=path.name, remedy="Load one year or month at a time.")
    if path.name.endswith(".parquet"):
        return _read_parquet(path)
    if path.name.endswith((".csv", ".csv.gz")):
        table = read_csv(canonical_text(_content(path), path.name)[0], file=path.name)
        return table, recognise(table.column_names, path.name)
    raise UnreadableFile("is not a file we read", file=path.name, remedy="Give .parquet, .csv or .csv.gz.")


def recognise(columns: Sequence[str], file: str) -> Mapping[str, str]:
    """Name of ours -> column of the file. Raises UnknownFigures for a column that is missing."""
    plain = {re.sub(r"[^a-z0-9]", "", column.lower()): column for column in columns}
    found = {
        ours: plain[header]
        for ours, known in headers().items()
        for header in reversed(known)
        if header in plain
    }
    for choices in NEEDED:
        if not any(choice in found for choice in choices):
            raise UnknownFigures(
                f"has no column for {' or '.join(choices)}",
                file=file,
                remedy=f"Headers we know for it: {', '.join(headers()[choices[0]])}.",
            )
    if "org_code" not in found and "org_code1" not in found:
        raise UnknownFigures("has no column for the organisation's code", file=file, remedy="Give ORG_CODE.")
    return found


def _read_parquet(path: Path) -> tuple[pa.Table, Mapping[str, str]]:
    try:
        schema = pq.read_schema(path)
        found = recognise(schema.names, path.name)
        texts = [name for name in found.values() if pa.types.is_string(schema.field(name).type)]
        return pq.read_table(path, columns=list(found.values()), read_dictionary=texts), found
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            "is not a Parquet file, or is damaged", file=path.name, remedy="Fetch it again."
        ) from error


def _content(path: Path) -> bytes:
    try:
        if not path.name.endswith(".gz"):
            return path.read_bytes()
        with gzip.open(path) as stream:
            content = stream.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            "is not gzip, or is cut short", file=path.name, remedy="Fetch it again."
        ) from error
    if len(content) > MOST_UNPACKED:
        raise UnsafeFile("unpacks to more than 2 GB", file=path.name, remedy="Load one year at a time.")
    return content
