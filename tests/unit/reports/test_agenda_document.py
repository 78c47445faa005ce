"""The agenda of a meeting as a document: everything on it, headings and heads of tables, the same bytes again."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from joinedup.errors import UnreadableFile
from joinedup.reports.agenda import Agenda, AgendaLine, AgendaPaper, render_agenda
from tests.eighths import examples

SOFFICE = shutil.which("soffice")
PAPER = AgendaPaper(
    "Options for one team", ("A Person, Director of Strategy", "B Person"), "Two options.\nWhat each costs.",
    "file options.pdf, 120 kB", ("Chief Nurse",), ("Chief Finance Officer",),
)  # fmt: skip
AGENDA = Agenda(
    body="Operational <Delivery> Group & others", begins=datetime(2026, 11, 24, 14, 30), minutes=90,
    opening=("Apologies and quorum", "Declarations of interest", "Minutes of the last meeting, 13 October 2026"),
    lines=(
        AgendaLine(4, "Missing questionnaires", "To decide", "A lead", "", (PAPER,)),
        AgendaLine(5, "Action 1: call people back", "To note", "", "Action due"),
    ),
    venue="Room 1", standing="In preparation: the agenda has not been issued.",
    seats=(("Medical Director", "CNWL"), ("Expert by experience", "")), quorum=2, kept_by="NWL collaborative",
)  # fmt: skip


def read(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def rows(document: Any, title: str) -> list[list[str]]:
    for table in document.tables:
        if table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == title:
            return [[cell.text for cell in row.cells] for row in table.rows]
    raise AssertionError(f"no table {title}")


def test_everything_on_the_agenda_is_in_the_document() -> None:
    document = read(render_agenda(AGENDA))
    items = rows(document, "Items of the agenda")
    assert [row[0] for row in items] == ["Item", "1", "2", "3", "4", "5"]
    assert items[4] == ["4", "Missing questionnaires", "To decide", "A lead", "1"]
    assert items[5][1] == "Action 1: call people back (action due)"
    words = "\n".join(one.text for one in document.paragraphs)
    assert AGENDA.standing in words and "Not yet cleared by: Chief Finance Officer" in words
    assert "By: A Person, Director of Strategy; B Person" in words and "What each costs." in words
    assert rows(document, "Seats of the body")[1:] == [
        ["Medical Director", "CNWL"],
        ["Expert by experience", ""],
    ]
    assert ["Quorum", "2 of 2 seats"] in rows(document, "When and where")


def test_it_is_found_by_headings_and_heads_of_tables() -> None:
    document = read(render_agenda(AGENDA))
    styles = [one.style.name for one in document.paragraphs]
    assert styles[:2] == ["Title", "Subtitle"]
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == ["Agenda", "Papers", "Item 4: Options for one team", "Seats"]
    assert document.core_properties.title == f"Agenda: {AGENDA.body}, 24 November 2026"
    assert document.core_properties.language == "en-GB"
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_same_agenda_is_the_same_bytes_and_another_is_not() -> None:
    made = render_agenda(AGENDA)
    assert made == render_agenda(AGENDA)
    assert made != render_agenda(replace(AGENDA, venue="Room 2"))
    assert read(made).core_properties.created.replace(tzinfo=None) == AGENDA.begins


def test_an_agenda_without_items_says_so() -> None:
    words = "\n".join(one.text for one in read(render_agenda(replace(AGENDA, lines=()))).paragraphs)
    assert "Nothing else is on the agenda yet." in words and "Papers" not in words


def test_a_template_of_another_kind_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "ours.docx"
    template.write_bytes(b"nothing")
    with pytest.raises(UnreadableFile):
        render_agenda(AGENDA, template)


@settings(max_examples=examples(40), deadline=None)
@given(st.text(min_size=1))
def test_any_words_make_a_document_that_opens(text: str) -> None:
    line = AgendaLine(4, text, text, text, text, (AgendaPaper(text, (text,), text, text, (text,), (text,)),))
    made = render_agenda(replace(AGENDA, body=text, venue=text, standing=text, lines=(line,)))
    assert len(rows(read(made), "Items of the agenda")) == 5


@pytest.mark.full
def test_it_opens_in_libreoffice_without_repair(tmp_path: Path) -> None:
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui)")
    file = tmp_path / "agenda.docx"
    file.write_bytes(render_agenda(AGENDA))
    command = [
        SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
        str(tmp_path), str(file),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = PdfReader(tmp_path / "agenda.pdf").pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert AGENDA.body in words and "Options for one team" in words and "Expert by experience" in words
