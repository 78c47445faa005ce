"""Pages, PDFs and workbooks of a small report with awkward content."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from joinedup.charts.drawings import waterfall
from joinedup.charts.picture import Picture, Table
from joinedup.errors import UnknownName, YourCommand
from joinedup.reports.content import Block, Headline, Report, Section
from joinedup.reports.html import csv_address, render_html
from joinedup.reports.pdf import render_pdf
from joinedup.reports.workbook import sheet_name, write_workbook
from joinedup.reports.writing import trace_code, write_report

TABLE = Table(
    ("Group", "Number", "Change"),
    (("=cmd|x", "1,205", "\u22121.5"), ("<script>alert(1)</script>", "hidden", "+2.0")),
    frozenset({1, 2}),
    ("AAAAAAAAAA", "BBBBBBBBBB"),
)
BARS = [
    {
        "label": "A",
        "start": 0.0,
        "end": 2.0,
        "kind": "total",
        "text": "2.0",
        "lower": 1.0,
        "upper": 3.0,
        "anchor": 3.0,
    }
]


def picture() -> Picture:
    return Picture(
        "bars",
        "A finding & more",
        "sub",
        "One sentence.",
        "Read it.",
        "Source.",
        TABLE,
        lambda size, width: waterfall(BARS, size=size, width=width, title="x"),
    )


def report() -> Report:
    section = Section(
        "one",
        "A heading: with / odd * marks?",
        ("Lead.",),
        (picture(), Block("t", "A table", "Words.", TABLE)),
        ("Care.",),
    )
    return Report(
        "A title",
        "Subtitle",
        (Headline("Six in ten.", "AAAAAAAAAA"),),
        (section,),
        (("Period", "2024-25"),),
        ("Foot.",),
        {"AAAAAAAAAA": {"measure_id": "M1", "counts": {"n": 5}}},
    )


def test_the_page_is_self_contained_and_escapes_what_it_shows() -> None:
    page = render_html(report())
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.findall(r"https?://(?!www\.w3\.org/)", page)


def test_the_same_report_is_the_same_page() -> None:
    assert render_html(report()) == render_html(report())


def test_downloads_disarm_formulas_and_keep_numbers() -> None:
    text = base64.b64decode(csv_address(TABLE).split(",", 1)[1]).decode("utf-8-sig")
    assert '"\'=cmd|x"' in text
    assert '"+2.0"' in text and '"1,205"' in text


def test_the_workbook_has_native_numbers_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_workbook(report(), path)
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name(book.sheet_names[1]).to_python()
    flat = [cell for row in rows for cell in row]
    assert 1205.0 in flat and -1.5 in flat and "hidden" in flat and "=cmd|x" in flat


def test_sheet_names_are_legal_and_distinct() -> None:
    used: set[str] = set()
    names = [sheet_name("A heading: with / odd * marks? and far too long", used) for _ in range(3)]
    assert len(set(names)) == 3 and all(len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)


def test_the_pdf_is_tagged_and_says_what_the_page_says() -> None:
    document = PdfReader(io.BytesIO(render_pdf(report())))
    text = "\n".join(page.extract_text() for page in document.pages)
    assert "Six in ten." in text and "A finding & more" in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "en-GB"


def test_written_files_lie_side_by_side_and_codes_open(tmp_path: Path) -> None:
    files = write_report(report(), tmp_path / "r.html")
    assert [file.name for file in files] == ["r.html", "r.pdf", "r.xlsx", "r.registry.json"]
    found = trace_code("aaaaaaaaaa", files[3])
    assert found.entry == json.loads(files[3].read_text())["AAAAAAAAAA"]
    assert "measure id: M1" in found.as_text()
    with pytest.raises(UnknownName):
        trace_code("CCCCCCCCCC", files[3])
    with pytest.raises(YourCommand, match="not a page"):
        write_report(report(), tmp_path / "r.txt")
