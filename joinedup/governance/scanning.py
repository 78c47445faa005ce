"""Goes through the XML of a workbook once, before a reader of workbooks does: how large it is, and what it holds.

A sheet of two cells may span seventeen thousand million, and a text of a megabyte may stand in every cell: both are
small files and a dead server. Formulas and errors are found here too, for readers give neither.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.governance.cells import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, cell_name, place_of
from joinedup.governance.packages import part

MAX_CHARACTERS = 20_000_000
MAX_TEXTS = 500_000
MAX_PLACES = 4_000_000
"""Cells from the first to the last of all sheets, filled or not: a reader makes room for each."""

_KEEP_ROWS_BELOW = 20
_MAX_DEPTH, _MAX_INNER, _MAX_ELEMENTS = 100, 10_000, 1_500_000
_REMEDY = "Copy the tracker alone into a new workbook, save it as .xlsx, and send that."


@dataclass
class Scan:
    """What a sheet holds by the XML, cells counted from 0. `errors` and `formulas` by place, with their text."""

    filled: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1
    last_formatted_row: int = -1
    characters: int = 0

    @property
    def height(self) -> int:
        """Rows to keep: down to the last value, and a few formatted ones below, which are rows somebody left blank."""
        below = self.last_formatted_row - self.last_row
        return (self.last_formatted_row if 0 < below <= _KEEP_ROWS_BELOW else self.last_row) + 1


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook in order, with the names of their parts, and the calendar of its days."""

    parts: tuple[tuple[str, str], ...]
    date_1904: bool


def scan_book(parts: dict[str, bytes], name: str) -> Book:
    """What `xl/workbook.xml` says. Raises UnreadableFile."""
    targets = {}
    for element in _elements(part(parts, "xl/_rels/workbook.xml.rels") or b"", name, "Relationship"):
        target = element.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[element.get("Id", "")] = path
    sheets, date_1904 = [], False
    for element in _elements(part(parts, "xl/workbook.xml") or b"", name, "sheet", "workbookPr"):
        if _local(element.tag) == "workbookPr":
            date_1904 = element.get("date1904", "0") in ("1", "true", "on")
        else:
            link = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
            sheets.append((element.get("name", ""), targets.get(link, "")))
    if not sheets or len({sheet.casefold() for sheet, _ in sheets}) < len(sheets):
        raise UnreadableFile("Its sheets have no names, or two have one.", file=name, remedy=_REMEDY)
    return Book(tuple(sheets), date_1904)


def text_lengths(parts: dict[str, bytes], name: str) -> list[int]:
    """Characters of each shared text, in order. Raises UnreadableFile."""
    content = part(parts, "xl/sharedStrings.xml")
    if content is None:
        return []
    lengths: list[int] = []
    for element in _elements(content, name, "si"):
        lengths.append(sum(len(inner.text or "") for inner in element.iter() if _local(inner.tag) == "t"))
        if len(lengths) > MAX_TEXTS:
            raise UnsafeFile(f"It holds more than {MAX_TEXTS:,} texts.", file=name, remedy=_REMEDY)
    return lengths


def check_together(scans: Iterable[Scan], name: str) -> None:
    """What all sheets hold together. Raises UnsafeFile where it is more than any tracker holds."""
    cells = places = characters = 0
    for scan in scans:
        cells, characters = cells + len(scan.filled), characters + scan.characters
        places += (scan.last_row + 1) * (scan.last_column + 1)
    if cells > MAX_CELLS or places > MAX_PLACES or characters > MAX_CHARACTERS:
        raise UnsafeFile("Its sheets together hold more than any tracker.", file=name, remedy=_REMEDY)


def scan_sheet(content: bytes, lengths: list[int], name: str) -> Scan:
    """Go through one sheet. Raises UnsafeFile where it is larger than any tracker, UnreadableFile where broken."""
    scan, row, column = Scan(), -1, -1
    for element in _elements(content, name, "row", "c", starts=("row",)):
        if _local(element.tag) == "row":
            row, column = _row_number(element, row, name), -1
            continue
        place = place_of(element.get("r", "")) if element.get("r") else (row, column + 1)
        if place is None:
            raise UnreadableFile("A cell has no place that we can read.", file=name, remedy=_REMEDY)
        row, column = place
        _see(scan, element, place, lengths)
        _check(scan, place, name)
    return scan


def _row_number(element: Any, before: int, name: str) -> int:
    given = element.get("r")
    if given is None:
        return before + 1
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= 1_048_576):
        raise UnreadableFile("A row has no number that we can read.", file=name, remedy=_REMEDY)
    return int(given) - 1


def _see(scan: Scan, cell: Any, place: tuple[int, int], lengths: list[int]) -> None:
    inner = {_local(child.tag): child for child in cell}
    text = (inner["v"].text or "") if "v" in inner else ""
    if "f" in inner:
        scan.formulas[place] = "=" + (inner["f"].text or "").strip()
    if cell.get("t") == "e" and text:
        scan.errors[place] = text
    if cell.get("t") == "s":
        length = lengths[int(text)] if text.isascii() and text.isdigit() and int(text) < len(lengths) else 0
    elif "is" in inner:
        length = sum(len(found.text or "") for found in inner["is"].iter() if _local(found.tag) == "t")
    else:
        length = len(text)
    if length or "f" in inner:
        scan.filled.add(place)
        scan.characters += length
        scan.last_row = max(scan.last_row, place[0])
        scan.last_column = max(scan.last_column, place[1])
    scan.last_formatted_row = max(scan.last_formatted_row, place[0])


def _check(scan: Scan, place: tuple[int, int], name: str) -> None:
    faults = {
        f"has a value at {cell_name(*place)}; a tracker ends before row {MAX_ROWS:,} and column {MAX_COLUMNS}": place
        in scan.filled
        and (place[0] >= MAX_ROWS or place[1] >= MAX_COLUMNS),
        f"has more than {MAX_CELLS:,} values": len(scan.filled) > MAX_CELLS,
        f"has more than {MAX_CHARACTERS:,} characters": scan.characters > MAX_CHARACTERS,
    }
    for words in (words for words, met in faults.items() if met):
        raise UnsafeFile(f"A sheet {words}.", file=name, remedy=_REMEDY)


def _elements(content: bytes, name: str, *wanted: str, starts: tuple[str, ...] = ()) -> Iterator[Any]:
    """Elements of these names when they end, or begin for those in `starts`; what was seen is forgotten.

    A document type or an entity refuses the file, and so do elements deeper or fuller than any workbook has.
    """
    import xml.etree.ElementTree as Plain  # for its error alone: parsing is defusedxml's

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    open_: list[Any] = []
    kept = inner = seen = 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            local = _local(element.tag)
            keeps = local in wanted and local not in starts
            if event == "start":
                open_.append(element)
                kept, inner, seen = kept + keeps, inner + 1 if kept else 0, seen + 1
                if len(open_) > _MAX_DEPTH or inner > _MAX_INNER or seen > _MAX_ELEMENTS:
                    raise UnsafeFile(
                        "Its XML is deeper or longer than a tracker's.", file=name, remedy=_REMEDY
                    )
                if local in starts:
                    yield element
                continue
            open_.pop()
            kept -= keeps
            if keeps:
                yield element
            if not kept and open_:
                open_[-1].remove(element)
    except (Plain.ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableFile(
            "Its XML is broken or not that of a workbook.", file=name, remedy=_REMEDY
        ) from None


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
