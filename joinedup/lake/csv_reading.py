"""CSV files as text columns: nothing is guessed, nothing is dropped, and what breaks the rules is refused
at its row.

DuckDB 1.5.6's reader, even when strict, silently leaves out the rest of a file after a quote that is never
closed, and takes stray quotes as text. So quoting is checked here, byte by byte where quotes occur, and
Arrow reads the columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from joinedup.errors import UnreadableFile

_ROW = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_ROW_END = re.compile(rb"[\r\n]+")  # blank lines are passed over, so a run of line ends is one
_BOM = b"\xef\xbb\xbf"


def read_csv(
    source: Path | bytes,
    columns: Sequence[str] | None = None,
    *,
    file: str = "",
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> pa.Table:
    """Every record of a CSV file as text, with `_row` (int64, 1 = first record after the header), in file
    order.

    The first record is the header; when `columns` is given the header must be exactly that. Quote is `"`,
    doubled inside quotes; an empty value, quoted or not, is null; blank lines are passed over. `encoding`
    is a Python codec name; a UTF-8 byte order mark is passed over. UnreadableFile, with `file` (default:
    the name of the path) and row, for bytes outside the encoding, zero bytes, quotes that do not close or
    stand in the wrong place, rows too short or too long, and a header that is missing, repeats a name, or
    differs.
    """
    name = file or (source.name if isinstance(source, Path) else "")
    content = _utf8(source if isinstance(source, bytes) else _bytes_of(source, name), encoding, name)
    names = _header(content, delimiter, name)
    _check_quotes(content, delimiter.encode(), name)
    rows = _parse(content, names, delimiter, name)
    _check_header(rows.column_names, columns, name)
    number = pa.array(np.arange(1, rows.num_rows + 1, dtype=np.int64))
    return rows.append_column("_row", number)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}", file=name) from None


def _utf8(content: bytes, encoding: str, name: str) -> bytes:
    """The same text in UTF-8 without a byte order mark."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = _row_of(content, error.start)
        raise UnreadableFile(
            f"holds bytes that are not {encoding}",
            file=name,
            row=row or None,
            remedy="save the file as UTF-8",
        ) from None
    # ASCII-compatible and already checked: encoding again would copy the whole file for nothing.
    utf8 = content if encoding.lower().replace("-", "") == "utf8" else text.encode()
    if b"\0" in utf8:
        raise UnreadableFile("holds zero bytes, so it is not text in the encoding named", file=name)
    return utf8.removeprefix(_BOM)


def _check_quotes(content: bytes, delimiter: bytes, name: str) -> None:
    """A quoted value begins at a delimiter or line start, ends at a delimiter or line end, and does end.

    Quotes open and close in turn, so two together inside a value (one meant) close and open at once: a
    quote is as good a neighbour as a delimiter.
    """
    if b'"' not in content:
        return
    # A line end before the first byte and after the last makes neighbours of them too.
    letters = np.frombuffer(b"\n" + content + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(letters == ord('"'))
    outside = np.concatenate([quotes[0::2] - 1, quotes[1::2] + 1])
    fits = np.isin(letters[outside], np.frombuffer(b'\n\r"' + delimiter, dtype=np.uint8))
    if not fits.all():
        place = int(outside[~fits].min())
        row = _row_of(content, place)
        raise UnreadableFile("has a quote in the middle of a value", file=name, row=row)
    if len(quotes) % 2:
        row = _row_of(content, int(quotes[-1]))
        raise UnreadableFile("has a quote that is never closed", file=name, row=row)


def _row_of(content: bytes, place: int) -> int | None:
    """The row (from 1) a byte stands in, by the line ends outside quotes before it; None in the header."""
    outside = b"".join(content[:place].split(b'"')[::2])
    return len(_ROW_END.findall(outside)) or None


def _parse(content: bytes, names: Sequence[str], delimiter: str, name: str) -> pa.Table:
    try:
        return pc.read_csv(
            pa.BufferReader(content),
            # One block: a record may be as long as it likes, and the row in an error is counted from the
            # first.
            read_options=pc.ReadOptions(use_threads=False, block_size=len(content) + 1),
            parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        found = _ROW.search(str(error))
        if found is None:
            raise UnreadableFile("is not CSV of the form expected", file=name) from None
        record, expected, got = (int(number) for number in found.groups())
        raise UnreadableFile(
            f"has {got} values in a row where its header has {expected}", file=name, row=record - 1
        ) from None


def _header(content: bytes, delimiter: str, name: str) -> list[str]:
    """The names in the first record, which must be there and differ."""
    first = _LINE_END.split(content, maxsplit=1)[0].decode()
    names = [value.removeprefix('"').removesuffix('"') for value in first.split(delimiter)]
    if not first:
        raise UnreadableFile("is empty: there is no header", file=name)
    repeated = sorted({value for value in names if names.count(value) > 1})
    if repeated:
        raise UnreadableFile(f"names a column twice: {', '.join(repeated)}", file=name)
    return names


def _check_header(found: Sequence[str], columns: Sequence[str] | None, name: str) -> None:
    if columns is None or list(found) == list(columns):
        return
    missing = ", ".join(column for column in columns if column not in found) or "none"
    unknown = ", ".join(column for column in found if column not in columns) or "none"
    raise UnreadableFile(f"has another header: missing {missing}; not known {unknown}", file=name)
