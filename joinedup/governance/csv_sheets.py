"""Trackers as CSV: every cell a text, and no text that a spreadsheet program would run.

A text that begins with = + - @ or a control character would be run as a formula by a program that opens the file. It is
written with an apostrophe before it, and read back without it; a text that has apostrophes before such a character by
itself gets one more, so that what is read is always what was written. Plain numbers such as -5 run nothing and stay.
"""

from __future__ import annotations

import csv
import io
import re

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.governance.cells import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Sheet, Workbook, text_of
from joinedup.governance.packages import MAX_BYTES_IN

_RUNS = re.compile(r"'*[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_REMEDY = "Save it again as CSV (UTF-8) with commas, and send that."


def inert(text: str) -> str:
    """A text as CSV holds it: what a spreadsheet program would run has an apostrophe before it."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def as_meant(text: str) -> str:
    """The text of which `inert` made this one."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def read_csv(content: bytes, name: str) -> Workbook:
    """The one sheet of a CSV file in UTF-8 or UTF-16 with a mark, or Windows' own encoding; commas, semicolons or tabs.

    Raises UnsafeFile, UnreadableFile.
    """
    if len(content) > MAX_BYTES_IN:
        raise UnsafeFile("The file is larger than any tracker.", file=name, remedy=_REMEDY)
    text = _decoded(content, name)
    rows = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            rows.append(tuple(as_meant(cell) for cell in row))
            cells += len(row)
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise UnsafeFile("It has more rows or columns than any tracker.", file=name, remedy=_REMEDY)
    except csv.Error as error:
        raise UnreadableFile(
            f"After row {len(rows)} it is no CSV.", file=name, row=len(rows), remedy=_REMEDY
        ) from error
    long = next((i for i, row in enumerate(rows, 1) if any(len(cell) > MAX_TEXT for cell in row)), None)
    if long is not None:
        raise UnsafeFile(
            f"A cell holds more than {MAX_TEXT:,} characters.",
            file=name,
            row=long,
            remedy="Shorten the text.",
        )
    return Workbook((Sheet("Sheet1", tuple(rows)),))


def write_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV with a byte-order mark, so that spreadsheet programs read its letters."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in sheet.rows:
        writer.writerow([inert(text_of(value)) for value in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _decoded(content: bytes, name: str) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    encodings = [known for mark, known in marks if content.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile("Its letters cannot be read.", file=name, remedy=_REMEDY)


def _delimiter(text: str) -> str:
    """The separator of the first line that has one outside quotes: a comma unless semicolons or tabs are more."""
    for line in re.sub(r'"[^"]*"', "", text[:200_000]).splitlines():
        counts = {mark: line.count(mark) for mark in ",;\t"}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","
