"""Papers as files: known by their content, named plainly, refused with words where they could do harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup_web.governance.boards import uploaded
from joinedup_web.governance.boards.uploaded import OFFICE, form_of, plain_name


def office(*parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return stream.getvalue()


@pytest.mark.parametrize(("form", "main"), OFFICE.items())
def test_an_office_file_is_known_by_its_parts(form: str, main: str) -> None:
    assert form_of(office("[Content_Types].xml", main), f"paper.{form}") == form


def test_a_pdf_is_known_by_its_first_bytes() -> None:
    assert form_of(b"%PDF-1.7 and more", "Paper.PDF") == "pdf"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>", "paper.pdf", "no PDF"),
        (b"", "paper.pdf", "no PDF"),
        (b"MZ\x90", "paper.docx", "no PDF"),
        (b"\xef\xbb\xbf%PDF-1.7", "paper.pdf", "no PDF"),
        (b"%PDF-1.7", "paper.html", "its name says otherwise"),
        (b"PK\x03\x04 torn", "paper.docx", "damaged"),
        (office("content.xml"), "paper.docx", "no PDF"),
        (office("word/document.xml"), "paper.xlsx", "its name says otherwise"),
    ],
)
def test_anything_else_is_refused(content: bytes, name: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        form_of(content, name)


def test_macros_and_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnsafeFile, match="macros"):
        form_of(office("word/document.xml", "word/vbaProject.bin"), "paper.docx")
    monkeypatch.setattr(uploaded, "MOST_UNPACKED", 1)
    with pytest.raises(UnsafeFile, match="unpacks"):
        form_of(office("word/document.xml", "more"), "paper.docx")


@given(st.binary(), st.text())
def test_any_bytes_are_a_form_or_are_refused(content: bytes, name: str) -> None:
    try:
        assert form_of(content, name) in uploaded.TYPES
    except YourData as refused:
        assert refused.remedy


@given(st.text())
def test_a_name_is_one_that_any_disk_and_header_takes(name: str) -> None:
    found = plain_name(name)
    assert 0 < len(found) <= 100 and not set(found) & set('/\\"\r\n;')


def test_a_name_keeps_its_ending() -> None:
    assert plain_name("C:\\papers\\Plan für 2026.PDF") == "Plan f_r 2026.pdf"
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("x" * 300 + ".docx").endswith("x.docx")
