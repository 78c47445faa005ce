"""Whatever people write in notes, every file of a pack opens and says it, and none of it runs."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import Any

from defusedxml.ElementTree import fromstring
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from joinedup.reports.packs import Comment, notes_of
from joinedup.reports.packs.documents import render_document
from joinedup.reports.packs.notes import LONGEST, clean
from joinedup.reports.packs.slides import render_slides
from joinedup.reports.packs.writing import render_workbook
from tests.eighths import examples
from tests.unit.reports.packs_made import pack

ANY = st.text(max_size=400) | st.text(
    alphabet="=+-@<>&\"'\x00\x0b\x1f\u202e\ufffe\ud800{}%;|\t\n\r", max_size=80
)
ROW = {"measure": "M195", "place": "Brent", "period": "2026-03"}


def comments(texts: list[str]) -> tuple[Comment, ...]:
    notes = notes_of([{**ROW, "text": text} for text in texts if clean(text)])
    return tuple(Comment(note.text, "About", "Somebody") for note in notes)


@settings(max_examples=examples(250), deadline=None)
@given(st.text(max_size=500))
def test_cleaned_words_hold_nothing_hidden_and_stay_clean(text: str) -> None:
    found = clean(text)
    assert clean(found) == found
    assert not {unicodedata.category(ch) for ch in found} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


@settings(max_examples=examples(250), deadline=None)
@given(st.text(min_size=1, max_size=1500).filter(lambda text: bool(clean(text))))
def test_a_note_is_as_it_was_or_says_that_it_was_cut(text: str) -> None:
    (note,) = notes_of([{**ROW, "text": text}])
    assert note.text == clean(text) or (len(note.text) < LONGEST + 60 and "[cut: " in note.text)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(ANY, min_size=1, max_size=3))
def test_every_file_opens_and_says_what_was_written(texts: list[str]) -> None:
    said = comments(texts)
    made = pack(said, drawn=False)
    document: Any = Document(io.BytesIO(render_document(made)))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    slides = Presentation(io.BytesIO(render_slides(made))).slides
    shown = "\n".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
    assert all(one.text in told and one.text in shown for one in said)
    with zipfile.ZipFile(io.BytesIO(render_workbook(made))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            fromstring(archive.read(name))
