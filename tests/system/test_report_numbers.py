"""Every number of the report: as released, with a code that opens it, the same on page, paper and in the workbook."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from joinedup.charts import Table
from joinedup.reports import Report, report_of_lake
from joinedup.reports.html import render_html
from joinedup.reports.pdf import render_pdf
from joinedup.reports.workbook import write_workbook
from tests.eighths import in_turn
from tests.system.conftest import Demo

SHARES = {"not-stated"}
"""Tables whose cells are shares of two counts; their codes open the first."""


@pytest.fixture(scope="module")
def report(demo: Demo) -> Report:
    return report_of_lake(demo.lake)


def tables(report: Report) -> list[tuple[str, Table]]:
    return [(item.slug, item.table) for section in report.sections for item in section.items]


class Cells(HTMLParser):
    """Text of every body cell of every table, without codes and drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.inside = self.in_code = self.in_drawing = self.in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tbody":
            self.tables.append([])
            self.in_body = True
        elif self.in_body and tag == "tr":
            self.tables[-1].append([])
        elif self.in_body and tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = True
        elif tag == "span" and "code" in (dict(attrs).get("class") or ""):
            self.in_code = True
        elif tag == "svg":
            self.in_drawing = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.in_drawing = False
        if tag in ("td", "th"):
            self.inside = False
        elif tag == "span":
            self.in_code = False
        elif tag == "tbody":
            self.in_body = False

    def handle_data(self, data: str) -> None:
        if self.inside and not (self.in_code or self.in_drawing):
            self.tables[-1][-1][-1] += data


def test_the_page_shows_the_tables_as_they_are(report: Report) -> None:
    page = Cells()
    page.feed(render_html(report))
    shown = [
        [row[: len(table.header)] for row in rows]
        for rows, (_, table) in zip(page.tables, tables(report), strict=True)
    ]
    assert shown == [[list(row) for row in table.rows] for _, table in tables(report)]


def test_every_code_of_every_table_opens(report: Report) -> None:
    codes = [code for _, table in tables(report) for code in table.every_code]
    assert len(codes) > 300 and all(re.fullmatch("[A-Z2-7]{10}", code) for code in codes)
    assert set(codes) <= set(report.registry)
    assert all(h.code in report.registry for h in report.headlines)


def expected(entry: dict[str, Any]) -> set[str]:
    """What a figure may read as, worked out again from the counts its code opens."""
    if "figures" in entry:
        part = entry["figures"].get("contribution", entry["figures"].get("gap"))
        text = "hidden" if part is None else f"{100 * part:+.1f}".replace("-", "\u2212")
        return {text, f"{text}*"}
    numerator, denominator = (entry["counts"].get(name) for name in ("numerator", "denominator"))
    if numerator is None:
        return {"hidden"}
    if denominator is None:
        return {f"{numerator:,}", "hidden"}
    if denominator < 20:
        return {"hidden"}
    exact = 100 * numerator / denominator
    # what is exactly half way may go either way in binary arithmetic
    texts = {f"{exact + nudge:.{0 if denominator < 1000 else 1}f}" for nudge in (-1e-9, 1e-9)}
    return {f"{text.removesuffix('.0')}%" for text in texts}


def test_every_coded_cell_follows_from_the_counts_it_opens(report: Report) -> None:
    checked = 0
    for slug, table in tables(report):
        if slug in SHARES:
            continue
        for row, codes in zip(table.rows, table.cell_codes, strict=False):
            for cell, code in zip(row, codes, strict=True):
                if code:
                    checked += 1
                    assert cell in expected(report.registry[code]), (slug, row)
    assert checked > 150


@in_turn
def test_a_report_made_twice_is_the_same_page(demo: Demo, report: Report) -> None:
    assert render_html(report_of_lake(demo.lake)) == render_html(report)


def test_every_drawing_fits_a_phone_and_can_be_read(report: Report) -> None:
    assert 8 <= len(report.pictures) <= 24
    for picture in report.pictures:
        for size in ("phone", "page", "a4"):
            root = ET.fromstring(picture.svg[size])
            limit = {"phone": 330, "page": 800, "a4": 700}[size]
            assert float(root.get("width", "0")) <= limit, (picture.slug, size, root.get("width"))
            texts = [e for e in root.iter() if e.tag.endswith("text")]
            assert min(float(e.get("font-size", "13px").removesuffix("px")) for e in texts) >= 12
            assert [c.text for c in root if c.tag.endswith(("title", "desc"))] == [
                picture.title,
                picture.sentence,
            ]


def test_every_section_says_what_it_cannot_or_what_it_is(report: Report) -> None:
    assert [section.slug for section in report.sections] == [
        "gap", "access", "waits", "outcomes", "groups", "spread", "journey", "quality",
    ]  # fmt: skip
    assert all(section.lead and section.items for section in report.sections)
    assert all(
        len(picture.title) < 140 and picture.sentence.endswith((".", "?")) for picture in report.pictures
    )


def test_the_paper_has_the_headline_every_title_and_every_code(report: Report) -> None:
    document = PdfReader(io.BytesIO(render_pdf(report)))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in document.pages))
    squeezed = text.replace(" ", "")
    assert report.headlines[0].text.split(". ")[0].replace(" ", "") in squeezed
    assert all(picture.title.replace(" ", "") in squeezed for picture in report.pictures)
    codes = {code for _, table in tables(report) for code in table.every_code}
    assert [code for code in codes if code not in squeezed] == []


def test_the_workbook_has_every_table_with_native_numbers(report: Report, tmp_path: Any) -> None:
    path = tmp_path / "r.xlsx"
    write_workbook(report, path)
    book = CalamineWorkbook.from_path(str(path))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    cells = {cell for sheet in sheets for row in sheet for cell in row}
    for slug, table in tables(report):
        for row, line in zip(table.rows, table.spelled_out()[1], strict=True):
            assert set(line[len(row) :]) <= cells | {""}, slug
            for j in table.numeric:
                plain = row[j].replace(",", "").replace("\u2212", "-").rstrip("%")
                if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain):
                    value = round(float(plain) / 100, 4) if row[j].endswith("%") else float(plain)
                    assert value in cells, (slug, row[j])
