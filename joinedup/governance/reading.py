"""Reads a tracker: .xlsx through python-calamine, .csv by the standard library; cell for cell, with what was found."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joinedup.errors import MissingPart, UnreadableFile
from joinedup.governance.cells import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    Sheet,
    Value,
    Workbook,
    cell_name,
)
from joinedup.governance.csv_sheets import read_csv
from joinedup.governance.findings import Finding
from joinedup.governance.packages import MAX_BYTES_IN, left_out, needed_parts, packed, part
from joinedup.governance.scanning import Scan, check_together, scan_book, scan_sheet, text_lengths

Read = tuple[Workbook, tuple[Finding, ...]]
_DAMAGED = "Open it in a spreadsheet program, save it again as .xlsx, and send that."


def file_content(path: Path) -> bytes:
    """The bytes of a file, one more than the limit at most. Raises UnreadableFile."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES_IN + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            "There is no such file, or it cannot be opened.", file=path.name, remedy="Check its name."
        ) from error


def read_bytes(content: bytes, name: str) -> Read:
    """The workbook of a .xlsx or .csv file, and what was found; `name` says which of them it is.

    Raises UnreadableFile, UnsafeFile, MissingPart.
    """
    if name.lower().endswith(".csv"):
        return read_csv(content, name), ()
    if name.lower().endswith(".xlsx"):
        return _read_xlsx(content, name)
    raise UnreadableFile("A tracker is .xlsx or .csv.", file=name, remedy=_DAMAGED)


def _read_xlsx(content: bytes, name: str) -> Read:
    parts = needed_parts(content, name)
    book, lengths = scan_book(parts, name), text_lengths(parts, name)
    scans = []
    for _, path in book.parts:
        sheet = part(parts, path)
        scans.append(scan_sheet(sheet, lengths, name) if sheet is not None else None)
        check_together((scan for scan in scans if scan), name)
    sheets, findings = [], [_missed(kind) for kind in left_out(content)]
    read = _calamine(packed(parts), name)
    for index, ((title, _), scan) in enumerate(zip(book.parts, scans, strict=True)):
        if scan is None:
            findings.append(
                Finding(title, "A1", "not-kept", "Charts and macros are no values: keep the file.")
            )
            continue
        rows, merged, hidden = _grid(read, index, title, scan, name)
        found = list(_mended(rows, scan, title))
        kept, refused = _areas(merged)
        findings += found + [
            Finding(title, cell_name(area.top, area.left), "not-kept", "Merge fewer cells.")
            for area in refused
        ]
        sheets.append(Sheet(title, tuple(map(tuple, rows)), kept, hidden))
    return Workbook(tuple(sheets), book.date_1904), tuple(findings)


def _missed(kind: str) -> Finding:
    return Finding("", "", "not-kept", "Values alone are kept: keep the file for the rest.", text=kind)


def _calamine(content: bytes, name: str) -> Any:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        raise MissingPart("Workbooks need python-calamine.", remedy="Install joinedup[reports].") from error
    return _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)), name)


def _guarded(read: Any, name: str) -> Any:
    """What the reader answers; whatever it raises, a panic of its own among it, is a file that cannot be read."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise UnreadableFile(
            "It is not a workbook that can be read, or it is damaged.", file=name, remedy=_DAMAGED
        ) from None


def _grid(
    book: Any, index: int, title: str, scan: Scan, name: str
) -> tuple[list[list[Value]], list[Area], bool]:
    sheet = _guarded(lambda: book.get_sheet_by_index(index), name)
    if sheet.name != title:
        raise UnreadableFile("Its sheets are not in the order it says.", file=name, remedy=_DAMAGED)
    rows = _guarded(lambda: sheet.to_python(skip_empty_area=False), name) if scan.filled else []
    rows = [[None if value == "" else value for value in row] for row in rows]
    rows = rows[: scan.height] + [[] for _ in range(scan.height - len(rows))]
    merged = [Area(*first, *last) for first, last in _guarded(lambda: sheet.merged_cell_ranges, name) or ()]
    hidden = str(book.sheets_metadata[index].visible).rpartition(".")[2] != "Visible"
    return rows, merged, hidden


def _mended(rows: list[list[Value]], scan: Scan, sheet: str) -> Iterator[Finding]:
    """Puts in place what the reader leaves out, and tells: errors, formulas without a value, numbers beyond numbers."""
    for row, column in sorted(scan.filled):
        name, value = cell_name(row, column), _at(rows, row, column)
        formula, error = scan.formulas.get((row, column)), scan.errors.get((row, column))
        if error is not None:
            _put(rows, row, column, error)
            yield Finding(sheet, name, "error-value", "Mend the formula, or write the value.", error)
        elif isinstance(value, float) and not math.isfinite(value):
            _put(rows, row, column, str(value))
            yield Finding(sheet, name, "not-a-number", "Write the number as it should be.")
        elif value is None and formula is None:
            yield Finding(sheet, name, "not-kept", "Write the value as text, a number or a day.")
        elif value is None:
            _put(rows, row, column, formula)
        if formula is not None:
            yield Finding(sheet, name, "formula", "Write the value itself if it is to stay.", formula)
    if scan.last_formatted_row >= scan.height:
        yield Finding(
            sheet, cell_name(scan.height, 0), "formatted-empty-rows", "Nothing to do; delete the empty rows."
        )


def _at(rows: list[list[Value]], row: int, column: int) -> Value:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _put(rows: list[list[Value]], row: int, column: int, value: Value) -> None:
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value


def _areas(found: list[Area]) -> tuple[tuple[Area, ...], list[Area]]:
    """Areas that can be kept: two cells or more, within the limits, none over another."""
    kept: list[Area] = []
    refused: list[Area] = []
    taken: set[tuple[int, int]] = set()
    for area in found:
        rows, columns = area.bottom - area.top + 1, area.right - area.left + 1
        fits = rows > 0 and columns > 0 and area.bottom < MAX_ROWS and area.right < MAX_COLUMNS
        cells = (
            {
                (row, column)
                for row in range(area.top, area.bottom + 1)
                for column in range(area.left, area.right + 1)
            }
            if fits and rows * columns + len(taken) <= MAX_CELLS
            else set()
        )
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            kept.append(area)
        elif not fits or len(cells) != 1:
            refused.append(area)
    return tuple(sorted(kept)), refused
