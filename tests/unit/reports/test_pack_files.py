"""Slides, documents, PDFs and workbooks of a pack, read back by their own readers."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from joinedup.errors import UnreadableFile, UnsafeFile, YourCommand, YourData
from joinedup.reports import trace_code
from joinedup.reports.packs import write_pack
from joinedup.reports.packs.content import NO_COMMENTARY
from joinedup.reports.packs.documents import render_document
from joinedup.reports.packs.slides import render_slides
from joinedup.reports.packs.writing import FORMATS, render_workbook
from tests.unit.reports.packs_made import AWKWARD, VALUES, pack, said


@cache
def content(ending: str) -> bytes:
    """A file of the pack, made once."""
    return FORMATS[ending](pack((said(),)), None)


@pytest.fixture(scope="module")
def deck() -> Any:
    return Presentation(io.BytesIO(content(".pptx")))


@pytest.fixture(scope="module")
def document() -> Any:
    return Document(io.BytesIO(content(".docx")))


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_slide_has_a_title_of_its_own_in_its_place(deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles) and len(set(titles)) == len(titles)
    assert f"{AWKWARD}: better" in titles


def test_the_title_is_read_first_and_every_slide_has_its_number(deck: Any) -> None:
    for slide in deck.slides:
        first = next(iter(slide.shapes))
        assert first.shape_id == slide.shapes.title.shape_id
        assert 'type="slidenum"' in slide.shapes._spTree.xml
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(set(ids)) == len(ids)


def test_charts_are_native_and_hold_their_data(deck: Any) -> None:
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 1
    series = {one.name: tuple(one.values) for one in charts[0].plots[0].series}
    assert series[AWKWARD] == VALUES
    assert set(series) == {AWKWARD, "Average", "Lower limit", "Upper limit", "Standard"}


def test_pictures_charts_and_tables_have_alternative_text(deck: Any) -> None:
    found = [
        shape
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or shape.shape_type == 13
    ]
    assert len(found) >= 4
    assert all(shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in found)


def test_tables_are_native_with_a_head_and_their_codes(deck: Any) -> None:
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    cells = [[cell.text for cell in row.cells] for row in tables[0].rows]
    assert cells[0] == ["Place", "Number", "Change", "Code"] and tables[0].first_row
    assert cells[1] == [AWKWARD, "1,205", "42.1%", "AAAAAAAAAA"]


def test_notes_have_method_and_codes(deck: Any) -> None:
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert any("Read it." in text and "AAAAAAAAAA" in text for text in notes)
    assert all("Source: here." in text for text in notes)


def test_nothing_leaves_the_slide(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height, (
                slide.shapes.title.text_frame.text,
                shape.name,
            )


def test_a_long_table_goes_on_on_the_next_slide() -> None:
    deck = Presentation(io.BytesIO(render_slides(pack(rows=60, drawn=False))))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    places = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert len(tables) > 3 and places.count(AWKWARD) == 30
    for slide in deck.slides:
        assert all(shape.top + shape.height <= deck.slide_height for shape in slide.shapes)


def test_commentary_is_there_or_said_to_be_absent(deck: Any) -> None:
    assert any("Two people & a <plan>." in texts(slide) for slide in deck.slides)
    silent = Presentation(io.BytesIO(render_slides(pack((), drawn=False))))
    assert any(NO_COMMENTARY in texts(slide) for slide in silent.slides)


def test_the_document_has_real_headings_lists_and_tables(document: Any) -> None:
    styles = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert ("Title", "A pack & its title") in styles
    assert ("Heading 1", "What changed") in styles and ("Heading 2", "One thing changed") in styles
    assert any(style == "List Bullet" and "Who?" in text for style, text in styles)
    levels = [int(style[-1]) for style, _ in styles if style.startswith("Heading")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    head = document.tables[0].rows[0]
    assert [cell.text for cell in head.cells] == ["Place", "Number", "Change", "Code"]
    assert "w:tblHeader" in head._tr.xml


def test_pictures_of_the_document_have_alternative_text(document: Any) -> None:
    xml = document.element.xml
    assert document.inline_shapes
    assert len(re.findall(r'<wp:docPr [^>]*descr="[^"]+"', xml)) == len(document.inline_shapes)
    assert document.core_properties.language == "en-GB"


def test_the_pdf_is_tagged_and_says_the_same() -> None:
    read = PdfReader(io.BytesIO(content(".pdf")))
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    assert "Two people & a <plan>." in text and AWKWARD in text
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"] and read.trailer["/Root"]["/Lang"] == "en-GB"
    assert "AAAAAAAAAA" in text


def test_formulas_in_notes_and_names_stay_text_in_the_workbook(tmp_path: Path) -> None:
    made = render_workbook(
        pack((said('=HYPERLINK("http://x","y")'), said("@SUM(A1)"), said("+1"), said("-1|x")))
    )
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not any(
            b"<f>" in archive.read(n) or b"<hyperlink" in archive.read(n) for n in archive.namelist()
        )
    path = tmp_path / "p.xlsx"
    path.write_bytes(made)
    book = CalamineWorkbook.from_path(str(path))
    cells = [
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]
    assert '=HYPERLINK("http://x","y")' in cells and "=cmd|x" in cells and 1205.0 in cells and 0.421 in cells


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_pack_is_the_same_bytes(ending: str) -> None:
    assert FORMATS[ending](pack((said(),)), None) == content(ending)


@pytest.mark.parametrize("ending", [".docx", ".pptx", ".xlsx"])
def test_office_files_carry_no_time_but_that_of_the_state(ending: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content(ending))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-04-20T09:30:00Z"}
        inside = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert bool(inside) == (ending == ".pptx")
        for name in inside:
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as book:
                assert b"2026-04-20T09:30:00Z" in book.read("docProps/core.xml")


def test_all_is_written_side_by_side_and_codes_open(tmp_path: Path) -> None:
    files = write_pack(pack(drawn=False), [tmp_path / "a.pdf", tmp_path / "a.xlsx", tmp_path / "b.xlsx"])
    assert [file.name for file in files] == [
        "a.pdf",
        "a.xlsx",
        "b.xlsx",
        "a.registry.json",
        "b.registry.json",
    ]
    assert trace_code("AAAAAAAAAA", tmp_path / "b.registry.json").entry["measure_id"] == "M195"
    assert json.loads((tmp_path / "a.registry.json").read_text())["AAAAAAAAAA"]["counts"] == {
        "numerator": 505
    }


def test_another_ending_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match="no kind of file"):
        write_pack(pack(), [tmp_path / "a.pptx", tmp_path / "a.odp"])
    assert not list(tmp_path.iterdir())


def template(path: Path, change: Any = None) -> Path:
    """A trust's own: another size, another colour of its titles, a slide that is an example."""
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "An example"
    if change:
        change(deck)
    deck.save(path)
    return path


def test_a_trusts_template_is_used(tmp_path: Path) -> None:
    def change(deck: Any) -> None:
        deck.slide_width = Inches(11)
        deck.slide_layouts[1].name = "Trust page"

    deck = Presentation(io.BytesIO(render_slides(pack((said(),)), template(tmp_path / "trust.pptx", change))))
    assert deck.slide_width == Inches(11)
    assert [slide.slide_layout.name for slide in deck.slides][:2] == ["Title Slide", "Trust page"]
    assert "An example" not in [slide.shapes.title.text for slide in deck.slides]
    for slide in deck.slides:
        assert all(shape.left + shape.width <= deck.slide_width for shape in slide.shapes)


def test_what_a_template_lacks_is_named(tmp_path: Path) -> None:
    def without_pages(deck: Any) -> None:
        deck.slides._sldIdLst.clear()
        for layout in list(deck.slide_layouts)[1:]:
            if not layout.used_by_slides:
                deck.slide_layouts.remove(layout)

    def without_covers(deck: Any) -> None:
        deck.slide_layouts.remove(deck.slide_layouts[0])

    with pytest.raises(YourData, match="a layout with a title and a subtitle") as told:
        render_slides(pack(), template(tmp_path / "a.pptx", without_covers))
    assert "Title Slide" in told.value.remedy and told.value.file == "a.pptx"
    empty = Presentation()
    for layout in list(empty.slide_layouts)[1:]:
        empty.slide_layouts.remove(layout)
    empty.save(tmp_path / "b.pptx")
    with pytest.raises(YourData, match="one place for content"):
        render_slides(pack(), tmp_path / "b.pptx")


def test_a_documents_template_is_used_or_what_it_lacks_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trust.docx"
    document = Document()
    document.add_paragraph("An example")
    document.sections[0].header.paragraphs[0].text = "Our trust"
    document.save(str(path))
    made = Document(io.BytesIO(render_document(pack(drawn=False), path)))
    assert made.sections[0].header.paragraphs[0].text == "Our trust"
    assert "An example" not in [paragraph.text for paragraph in made.paragraphs]
    for name in ("List Bullet", "Caption"):
        style = document.styles[name]
        style.element.getparent().remove(style.element)
    document.save(str(path))
    with pytest.raises(YourData, match="lacks the styles List Bullet, Caption"):
        render_document(pack(), path)


def test_templates_that_are_none_or_hold_macros_are_refused(tmp_path: Path) -> None:
    torn = tmp_path / "torn.pptx"
    torn.write_bytes(b"PK\x03\x04 no")
    with pytest.raises(UnreadableFile, match="damaged"):
        render_slides(pack(), torn)
    with pytest.raises(UnreadableFile, match="no such template"):
        render_slides(pack(), tmp_path / "absent.pptx")
    with zipfile.ZipFile(tmp_path / "macro.pptx", "w") as archive:
        archive.writestr("ppt/presentation.xml", "")
        archive.writestr("ppt/vbaProject.bin", "")
    with pytest.raises(UnsafeFile, match="macros"):
        render_slides(pack(), tmp_path / "macro.pptx")
    with pytest.raises(YourCommand, match="fits none"):
        write_pack(pack(), [tmp_path / "a.docx"], templates=[torn])
