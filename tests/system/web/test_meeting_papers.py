"""Papers as files, and the agenda as a document: who reads them, how they leave, what is left when one is removed."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from docx import Document

from joinedup_web.governance.boards import uploaded
from tests.system.web.board_people import BOARD, GROUP, KEEPER, acting, browser, item_in, opened, text
from tests.system.web.conftest import Served

pytestmark = pytest.mark.usefixtures("boards_cleared")
PDF = b"%PDF-1.7 options for one team"


def meeting_with_item(slug: str = GROUP) -> tuple[str, str]:
    meeting = opened(slug)
    asked = {"title": "One team", "purpose": "decide", "lead": "A lead"}
    assert browser().post(f"/boards/meetings/{meeting}/do/item/", asked).status_code == 302
    return meeting, item_in(meeting, "One team")


def send(item: str, content: bytes = PDF, name: str = "options.pdf", who: str = "chair", **more: str) -> Any:
    sent = io.BytesIO(content)
    sent.name = name
    asked = {"title": "Options", "authors": "A Person\nB Person", "clearances": "Chief Nurse", **more}
    return browser(who).post(f"/boards/items/{item}/do/paper/", {**asked, "file": sent})


def paper_of(title: str = "Options") -> Any:
    from joinedup_web.governance.boards.records import Paper

    with acting():
        return Paper.objects.get(title=title)


def test_a_paper_is_sent_kept_by_its_hash_and_saved(workspace: Served) -> None:
    meeting, item = meeting_with_item()
    assert send(item).status_code == 302
    paper = paper_of()
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest() and paper.form == "pdf"
    kept = workspace.folder / "papers" / KEEPER / paper.sha256
    assert kept.read_bytes() == PDF and kept.stat().st_mode & 0o077 == 0
    page = text(browser("board").get(f"/boards/items/{item}/"))
    assert "A Person; B Person" in page and "options.pdf" in page and "Not yet cleared" in page
    saved = browser("board").get(f"/boards/papers/{paper.pk}/file/")
    assert saved.content == PDF and saved.headers["Content-Type"] == "application/pdf"
    assert saved.headers["Content-Disposition"] == 'attachment; filename="options.pdf"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert f"/boards/papers/{paper.pk}/file/" in text(browser().get(f"/boards/meetings/{meeting}/"))


def test_what_is_no_paper_is_refused_and_nothing_is_kept() -> None:
    _, item = meeting_with_item()
    for content, name, words in (
        (b"<script>", "options.pdf", "no PDF"),
        (PDF, "options.html", "its name says otherwise"),
    ):
        answer = send(item, content, name)
        assert answer.status_code == 422 and words in text(answer)
    assert "There is no paper" in text(browser().get(f"/boards/items/{item}/"))
    assert send(item, who="board").status_code == 404  # reads the meeting, does not keep it
    assert send(item, who="analyst").status_code == 403


def test_too_large_a_paper_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded.PaperFileHandler, "most", 10_000)
    _, item = meeting_with_item()
    answer = send(item, PDF + b"x" * 15_000)
    assert answer.status_code == 422 and "A paper is a PDF, DOCX, XLSX or PPTX file of up to" in text(answer)


def test_a_paper_without_a_file_is_one_as_before() -> None:
    _, item = meeting_with_item()
    asked = {"title": "Options", "authors": "A Person", "link": "https://example.invalid/p"}
    assert browser().post(f"/boards/items/{item}/do/paper/", asked).status_code == 302
    paper = paper_of()
    assert not paper.sha256 and browser().get(f"/boards/papers/{paper.pk}/file/").status_code == 404


def test_a_private_paper_is_for_members_of_the_body() -> None:
    """Given a private paper, a board member of a trust with a seat reads it; an analyst there sees that it is there."""
    meeting, item = meeting_with_item(BOARD)
    assert send(item, private="yes").status_code == 302
    paper = paper_of()
    for who in ("chair", "board"):
        assert "Options" in text(browser(who).get(f"/boards/items/{item}/"))
        assert browser(who).get(f"/boards/papers/{paper.pk}/file/").content == PDF
        document = Document(io.BytesIO(browser(who).get(f"/boards/meetings/{meeting}/agenda.docx").content))
        assert any(one.text.endswith(": Options") for one in document.paragraphs)
    for address in (f"items/{item}/", f"meetings/{meeting}/", f"meetings/{meeting}/agenda/"):
        page = text(browser("analyst").get(f"/boards/{address}"))
        assert "A private paper, for members of this body" in page
        assert "Options" not in page and "options.pdf" not in page and "A Person" not in page
    assert browser("analyst").get(f"/boards/papers/{paper.pk}/file/").status_code == 404
    document = Document(io.BytesIO(browser("analyst").get(f"/boards/meetings/{meeting}/agenda.docx").content))
    words = " ".join(one.text for one in document.paragraphs)
    assert "A private paper" in words and "Options" not in words and "Chief Nurse" not in words
    assert browser("scrutiny").get(f"/boards/papers/{paper.pk}/file/").status_code == 404


def test_removing_leaves_the_record_and_takes_the_last_file(workspace: Served) -> None:
    _, item = meeting_with_item()
    send(item)
    send(item, title="Options again")
    first, second = paper_of(), paper_of("Options again")
    kept = workspace.folder / "papers" / KEEPER / first.sha256
    remove = "/boards/records/{}/do/remove-paper/"
    assert browser("board").post(remove.format(first.pk), {"reason": "x"}).status_code == 404
    assert browser().post(remove.format(first.pk), {"reason": ""}).status_code == 422
    assert browser().post(remove.format(first.pk), {"reason": "Names a person"}).status_code == 302
    assert kept.exists() and browser().get(f"/boards/papers/{first.pk}/file/").status_code == 404
    assert browser().post(remove.format(second.pk), {"reason": "The same"}).status_code == 302
    assert not kept.exists()
    page = text(browser().get(f"/boards/items/{item}/"))
    assert "Names a person" in page and "Options" in page
    again = browser().post(remove.format(first.pk), {"reason": "once more"})
    assert again.status_code == 422 and "removed already" in text(again)


def test_an_altered_file_does_not_leave(workspace: Served) -> None:
    from joinedup.errors import LakeDamaged

    _, item = meeting_with_item()
    send(item)
    paper = paper_of()
    (workspace.folder / "papers" / KEEPER / paper.sha256).write_bytes(b"%PDF- other")
    with pytest.raises(LakeDamaged, match="altered"):
        browser().get(f"/boards/papers/{paper.pk}/file/")


def test_the_agenda_is_a_document() -> None:
    meeting, item = meeting_with_item()
    send(item)
    answer = browser().get(f"/boards/meetings/{meeting}/agenda.docx")
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="agenda-{GROUP}-')
    document = Document(io.BytesIO(answer.content))
    words = " ".join(one.text for one in document.paragraphs)
    assert "Operational Delivery Group" in words and "In preparation" in words and ": Options" in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"Declarations of interest", "One team", "To decide", "A lead"} <= set(cells)
    assert answer.content == browser().get(f"/boards/meetings/{meeting}/agenda.docx").content
    assert "agenda.docx" in text(browser().get(f"/boards/meetings/{meeting}/"))
    assert browser("resident").get(f"/boards/meetings/{meeting}/agenda.docx").status_code == 403
    assert browser("scrutiny").get(f"/boards/meetings/{meeting}/agenda.docx").status_code == 404
