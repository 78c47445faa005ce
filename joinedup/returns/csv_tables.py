"""One CSV file to one national table. Nothing is sniffed: comma, double quote, columns of the specification.

What would be read wrongly is refused with its row: a row with too few or too many values, a quote that is not
closed or not at the edge of its value, an empty line, a header that does not name its columns.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from joinedup.definitions.return_spec import Table
from joinedup.errors import UnreadableFile
from joinedup.returns.encodings import canonical_text
from joinedup.returns.findings import Finding, Severity, shape
from joinedup.returns.submission import RawTable, TableRead

STRUCTURE = "IDSREJ001"  # the national rule for a file whose structure is not that of the data set
_BLOCK = 8 << 20
_LONGEST_HEADER = 64 << 10
_MOST_COLUMNS = 1000
_QUOTED = re.compile(rb'(?:(?<=[,\n])|\A)"(?:[^"]++|"")*+"(?=[,\n]|\Z)')
_PLAIN_NAME = re.compile(r"(?!.*\d{5})[A-Za-z][A-Za-z0-9_]{0,60}")


def read_csv_table(raw: bytes, table: Table, file: str) -> TableRead:
    """The table in the bytes of one CSV file; raises UnreadableFile naming file and row."""
    text, encoding = canonical_text(raw, file)
    if not text or text.isspace():
        raise UnreadableFile(
            "The file is empty.", file=file, remedy="Send at least the line of column names."
        )
    whole = text.endswith(b"\n")
    if not whole or text.endswith(b"\n\n"):
        text = text.rstrip(b"\n") + b"\n"
    header_end = text.index(b"\n")
    header = _header(text[:header_end], file)
    plan = _plan(header, table, file)
    rows = _rows(text, header_end + 1, plan, table, file)
    notes = (*plan.problems, *_oddities(file, encoding, whole))
    raw_table = RawTable(table.id, file, rows, plan.missing, plan.unknown)
    return TableRead(raw_table, hashlib.sha256(text).digest(), notes)


@dataclass(frozen=True)
class _Plan:
    """Which position of the file feeds which national column."""

    width: int
    positions: dict[str, int]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[Finding, ...]


def _header(line: bytes, file: str) -> tuple[str, ...]:
    remedy = "The first line must hold the national column names, with commas between them."
    if len(line) > _LONGEST_HEADER:
        raise UnreadableFile("The first line is too long to be column names.", file=file, remedy=remedy)
    try:
        names = next(csv.reader([line.decode("utf-8")], strict=True), [])
    except csv.Error:
        raise UnreadableFile(
            "The first line has a quote that is not closed.", file=file, remedy=remedy
        ) from None
    if len(names) > _MOST_COLUMNS:
        raise UnreadableFile(f"The first line names {len(names):,} columns.", file=file, remedy=remedy)
    return tuple(names)


def _plan(header: tuple[str, ...], table: Table, file: str) -> _Plan:
    national = {column.name.casefold(): column.name for column in table.columns}
    positions: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Finding] = []
    for position, name in enumerate(header):
        known = national.get(name.strip().casefold())
        if known is None:
            unknown.append(_safe_name(name))
            problems.append(finding("WARNING", file, unknown[-1], _NOT_A_COLUMN.format(table.name)))
        elif known in positions:
            problems.append(
                finding("REJECT_FILE", file, known, "This column stands in the first line twice.")
            )
        else:
            positions[known] = position
            if name != known:
                problems.append(
                    finding("WARNING", file, known, "The name is not spelled exactly so; read as it.")
                )
    if not positions:
        raise UnreadableFile(
            f"The first line names no column of {table.name}.",
            file=file,
            remedy="It must hold the national column names, with commas between them.",
        )
    missing = tuple(column.name for column in table.columns if column.name not in positions)
    problems += [
        finding("REJECT_FILE", file, name, f"{table.name} must have this column.") for name in missing
    ]
    return _Plan(len(header), positions, missing, tuple(unknown), tuple(problems))


_NOT_A_COLUMN = "This is not a column of {}; its contents were not read."


def finding(severity: Severity, file: str, column: str | None, message: str) -> Finding:
    """A finding about the structure of a file, under the national rule for structure."""
    return Finding(STRUCTURE, severity, file, None, column, None, message)


def _safe_name(name: str) -> str:
    # Where the header line is lost, a person's values stand in its place.
    return name if _PLAIN_NAME.fullmatch(name) else shape(name) if name.strip() else "blank"


def _oddities(file: str, encoding: str, whole: bool) -> tuple[Finding, ...]:
    notes = []
    if encoding == "Windows-1252":
        notes.append(
            finding("WARNING", file, None, "Read as Windows-1252: it is not UTF-8. Check accented letters.")
        )
    if not whole:
        notes.append(
            finding("WARNING", file, None, "The last line has no line end: the file may have been cut short.")
        )
    return tuple(notes)


def _rows(text: bytes, start: int, plan: _Plan, table: Table, file: str) -> pa.Table:
    names = [column.name for column in table.columns]
    if start == len(text):
        return numbered(pa.table({name: pa.nulls(0, pa.string()) for name in names}))
    quoted = b'"' in text
    bare = _unquoted(text, file) if quoted else text
    try:
        read = _parse(pa.py_buffer(text).slice(start), plan.width, quoted=quoted, file=file)
    except UnreadableFile:
        _refuse_empty_lines(bare, file)
        raise
    # The parser takes an empty line as a row of nulls.
    if read.column(0).null_count:
        _refuse_empty_lines(bare, file)
    columns = {
        name: read.column(plan.positions[name])
        if name in plan.positions
        else pa.nulls(len(read), pa.string())
        for name in names
    }
    return numbered(pa.table(columns))


def numbered(rows: pa.Table) -> pa.Table:
    """The rows with `_row`, int64, counted from 1."""
    return rows.append_column("_row", pa.array(np.arange(1, len(rows) + 1, dtype=np.int64)))


def _unquoted(text: bytes, file: str) -> bytes:
    """What is left without the values in quotes. Raises UnreadableFile at a stray quote: the parser takes it for a
    letter, without a word."""
    bare = _QUOTED.sub(b"", text)
    stray = bare.find(b'"')
    if stray >= 0:
        raise UnreadableFile(
            "A quote is not closed, or does not stand at the edge of its value.",
            file=file,
            row=bare.count(b"\n", 0, stray),
            remedy='Quote whole values with ", and write a quote inside one as "".',
        )
    return bare


def _refuse_empty_lines(bare: bytes, file: str) -> None:
    empty = bare.find(b"\n\n")
    if empty >= 0:
        row = bare.count(b"\n", 0, empty) + 1
        raise UnreadableFile("This line is empty.", file=file, row=row, remedy="Export the file again.")


def _parse(body: pa.Buffer, width: int, *, quoted: bool, file: str) -> pa.Table:
    faults: list[arrow_csv.InvalidRow] = []

    def on_ragged(row: arrow_csv.InvalidRow) -> str:
        faults.append(row)
        return "error"

    names = [str(position) for position in range(width)]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(body),
            arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names),
            arrow_csv.ParseOptions(
                delimiter=",",
                quote_char='"' if quoted else False,
                double_quote=quoted,
                escape_char=False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=on_ragged,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types={name: pa.string() for name in names},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        # Its message quotes the row, and the row is a person's: it goes no further.
        raise _ragged(faults, file) from None


def _ragged(faults: Sequence[arrow_csv.InvalidRow], file: str) -> UnreadableFile:
    if not faults:
        return UnreadableFile(
            f"A row is longer than {_BLOCK >> 20} MB.", file=file, remedy="Export the file again."
        )
    fault = faults[0]
    return UnreadableFile(
        f"Its number of values is {fault.actual_columns}; the first line names {fault.expected_columns}.",
        file=file,
        row=fault.number,
        remedy="The file was cut short, or a value holds a comma and is not quoted. Export it again.",
    )
