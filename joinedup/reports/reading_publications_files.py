"""What stands in a published file: rows of tidy tables, and loose texts such as the alternative text of charts.

HTML (with SVG and JSON inside), SVG, XLSX (hidden sheets and comments too), CSV, JSON, and the text of PDF.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from joinedup.errors import MissingPart, UnreadableFile, UnsafeFile
from joinedup.reports.reading_publications_registry import is_entry, rows_of_entry

NEEDED = frozenset({"measure", "count", "place", "period", "group", "value"})
MOST_BYTES = 500 * 2**20
AGAIN = "Write the release again with `joinedup release`."
SECONDS = 300
LEAF = (str, int, float, bool, type(None))


class TidyRow(NamedTuple):
    """A row of a table, by head, and where it stands."""

    values: Mapping[str, str]
    file: str
    row: int


class Loose(NamedTuple):
    """A text outside tables, and where it stands."""

    text: str
    file: str


Found = TidyRow | Loose


def read_file(path: Path, name: str) -> Iterator[Found]:
    """Everything in a file that may show a figure; nothing for a kind that shows none. Raises UnreadableFile,
    UnsafeFile, MissingPart; all name the file.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        return
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnsafeFile("is larger than 500 MB", file=name, remedy="Publish it in parts.")
        yield from reader(path.read_bytes(), name)
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}", file=name, remedy=AGAIN) from None


def head_of(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Heads of a tidy table; None where these are not heads of one."""
    heads = tuple(re.sub(r"\W+", "_", cell.strip().lower()) for cell in cells)
    return heads if set(heads) >= NEEDED else None


def tidy(rows: Iterable[Sequence[str]], name: str) -> Iterator[TidyRow]:
    """The rows of tidy tables among rows of cells: those that follow heads, up to an empty row."""
    heads: tuple[str, ...] | None = None
    number = 0
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            heads = None
        elif (found := head_of(cells)) is not None:
            heads, number = found, 0
        elif heads is not None:
            number += 1
            if len(cells) < len(heads):
                message = f"has {len(cells)} of {len(heads)} cells"
                raise UnreadableFile(message, file=name, row=number, remedy=AGAIN)
            yield TidyRow(dict(zip(heads, cells, strict=False)), name, number)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile("is not UTF-8 text", file=name, remedy=AGAIN) from None


def _csv(content: bytes, name: str) -> Iterator[Found]:
    try:
        yield from tidy(csv.reader(io.StringIO(_text(content, name), newline=""), strict=True), name)
    except csv.Error as error:
        raise UnreadableFile(f"is not CSV: {error}", file=name, remedy=AGAIN) from None


def parse_json(content: bytes, name: str) -> Any:
    """JSON of a file. Raises UnreadableFile."""
    try:
        return json.loads(_text(content, name))
    except (ValueError, RecursionError):
        raise UnreadableFile("is not JSON, or is cut short", file=name, remedy=AGAIN) from None


def _json(content: bytes, name: str) -> Iterator[Found]:
    yield from _of_json(parse_json(content, name), name)


def _of_json(value: Any, name: str) -> Iterator[Found]:
    """Rows at any depth: objects with the heads, one object of columns, or entries of a registry."""
    waiting, number = [value], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield Loose(one, name)
        if isinstance(one, list):
            waiting += reversed(one)
        if not isinstance(one, dict):
            continue
        if is_entry(one):
            for row in rows_of_entry(one):
                number += 1
                yield TidyRow(row, name, number)
            continue
        heads = head_of(list(one))
        if heads is not None and all(isinstance(cell, LEAF) for cell in one.values()):
            number += 1
            yield TidyRow(dict(zip(heads, map(_json_cell, one.values()), strict=True)), name, number)
        elif heads is not None and all(isinstance(cell, list) for cell in one.values()):
            columns = [[_json_cell(cell) for cell in column] for column in one.values()]
            yield from tidy([heads, *zip(*columns, strict=False)], name)
        else:
            waiting += reversed(one.values())


def _json_cell(value: Any) -> str:
    return "" if value is None else str(value)


class _Page(HTMLParser):
    """Collects rows of tables, texts that describe pictures, and JSON in the page."""

    DESCRIBING = ("title", "desc", "text", "figcaption", "script")
    ATTRIBUTES = ("aria-label", "aria-description", "alt", "title", "data-label", "content")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.cell: list[str] | None = None
        self.describing: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [text for name, text in attrs if name in self.ATTRIBUTES and text]
        if tag in ("table", "tr"):
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []
        elif tag in self.DESCRIBING:
            self.describing.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.rows = self.rows or [[]]
            self.rows[-1].append("".join(self.cell).strip())
            self.cell = None
        elif tag == "table":
            self.rows.append([])
        elif tag in self.DESCRIBING and self.describing:
            (self.scripts if tag == "script" else self.texts).append("".join(self.describing.pop()))

    def handle_data(self, data: str) -> None:
        if self.describing:
            self.describing[-1].append(data)
        elif self.cell is not None:
            self.cell.append(data)


def _html(content: bytes, name: str) -> Iterator[Found]:
    page = _Page()
    try:
        page.feed(_text(content, name))
        page.close()
    except (AssertionError, ValueError):
        raise UnreadableFile("is not HTML that can be read", file=name, remedy=AGAIN) from None
    # An empty row ends a table: those between a table's start and its first row are none
    yield from tidy(_without_gaps(page.rows), name)
    yield from (Loose(text, name) for text in page.texts)
    for script in page.scripts:
        if script.lstrip()[:1] in ("{", "["):
            yield from _of_json(parse_json(script.encode(), name), name)


def _without_gaps(rows: list[list[str]]) -> Iterator[list[str]]:
    """Rows with what is between tables left as one empty row before the next heads."""
    gap = False
    for row in rows:
        if row and gap:
            yield from ([] for _ in range(head_of(row) is not None))
        gap = not row
        if row:
            yield row


def _xlsx(content: bytes, name: str) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield from _workbook(book, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise UnreadableFile("is not a workbook, or is damaged", file=name, remedy=AGAIN) from None


def _workbook(book: zipfile.ZipFile, name: str) -> Iterator[Found]:
    sizes = {entry.filename: entry.file_size for entry in book.infolist()}
    if sum(sizes.values()) > MOST_BYTES:
        raise UnsafeFile("unpacks to more than 500 MB", file=name, remedy="Publish it in parts.")
    parts = {part: part.startswith("xl/") and part.endswith(".xml") for part in sizes}
    shared = _strings(book, name) if "xl/sharedStrings.xml" in parts else []
    shares = _shares(book, name) if "xl/styles.xml" in parts else frozenset()
    for part in sorted(part for part, wanted in parts.items() if wanted):
        if part.startswith("xl/worksheets/"):
            yield from tidy(
                _sheet(_xml(book, part, name), shared, shares, f"{name} {part}"), f"{name} {part}"
            )
        elif part.startswith(("xl/comments", "xl/drawings/")):
            for element in _xml(book, part, name).iter():
                told = (element.text, element.get("descr"), element.get("title"))
                yield from (Loose(text, f"{name} {part}") for text in told if text)


def _xml(book: zipfile.ZipFile, part: str, name: str) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        found: Element = fromstring(book.read(part))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableFile(f"{part} in it is not XML", file=name, remedy=AGAIN) from None
    return found


def _strings(book: zipfile.ZipFile, name: str) -> list[str]:
    root = _xml(book, "xl/sharedStrings.xml", name)
    return ["".join(text.text or "" for text in item.iter() if _tag(text) == "t") for item in root]


def _shares(book: zipfile.ZipFile, name: str) -> frozenset[int]:
    """Numbers of the cell formats that show a share as a percentage."""
    root = _xml(book, "xl/styles.xml", name)
    own = {e.get("numFmtId") for e in root.iter() if _tag(e) == "numFmt" and "%" in e.get("formatCode", "")}
    formats = [e for block in root if _tag(block) == "cellXfs" for e in block]
    return frozenset(at for at, e in enumerate(formats) if e.get("numFmtId") in own | {"9", "10"})


def _sheet(root: Element, shared: list[str], shares: frozenset[int], where: str) -> Iterator[list[str]]:
    for row in (element for element in root.iter() if _tag(element) == "row"):
        cells: list[str] = []
        for cell in row:
            at = _column(cell.get("r", ""), len(cells))
            cells += [""] * (at - len(cells))
            cells.append(_value(cell, shared, shares, where))
        yield cells


def _column(reference: str, default: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return default
    number = 0
    for letter in letters[0]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


EXCEL_DECIMALS = 10
"""Decimals that nobody showed: what is longer is the trace of a binary fraction."""


def _value(cell: Element, shared: list[str], shares: frozenset[int], where: str) -> str:
    inside = "".join(part.text or "" for part in cell.iter() if _tag(part) in ("v", "t"))
    kind, style = cell.get("t", "n"), cell.get("s", "0")
    try:
        if kind == "s":
            return shared[int(inside)]
        if kind == "n" and inside and int(style) in shares:
            return f"{round(float(inside) * 100, 8):.8f}".rstrip("0").rstrip(".") + "%"
        if kind == "n" and len(inside.partition(".")[2]) > EXCEL_DECIMALS:
            return f"{float(inside):.12g}"  # 67.9 is stored as 67.90000000000001
    except (ValueError, IndexError, OverflowError):
        message = f"the cell {cell.get('r', '')} points nowhere"
        raise UnreadableFile(message, file=where, remedy=AGAIN) from None
    return inside


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _pdf(content: bytes, name: str) -> Iterator[Found]:
    yield Loose(" ".join(pdf_text(content, name).split()), name)


def pdf_text(content: bytes, name: str) -> str:
    """The text of a PDF in the order in which it was written, by pdftotext or else pypdf. Raises
    UnreadableFile, MissingPart.
    """
    program = shutil.which("pdftotext")
    return _by_program(program, content, name) if program else _by_pypdf(content, name)


def _by_program(program: str, content: bytes, name: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  a fixed program, arguments as a list, no shell
            [program, "-raw", "-enc", "UTF-8", "-", "-"],
            input=content, capture_output=True, timeout=SECONDS, check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError):
        raise UnreadableFile("is not a PDF, or is damaged", file=name, remedy=AGAIN) from None
    return done.stdout.decode(errors="replace")


def _by_pypdf(content: bytes, name: str) -> str:
    try:
        import pypdf
    except ImportError as error:
        remedy = "Install the Debian package poppler-utils, or pypdf."
        raise MissingPart(f"{name}: PDF is read by pdftotext or pypdf.", remedy=remedy) from error
    try:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    except Exception as error:  # pypdf raises what it meets in a damaged file
        raise UnreadableFile("is not a PDF, or is damaged", file=name, remedy=AGAIN) from error


READERS = {
    ".csv": _csv, ".json": _json, ".html": _html, ".htm": _html, ".svg": _html, ".xlsx": _xlsx, ".pdf": _pdf,
}  # fmt: skip
