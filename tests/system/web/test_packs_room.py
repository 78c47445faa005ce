"""The room of packs: who may have which made, once for one request and state, with the notes of the place."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from docx import Document
from pptx import Presentation

from tests.system.web.board_people import KEEPER, acting, browser, opened, text
from tests.system.web.board_people import clear as clear_meetings
from tests.system.web.conftest import Served

PLACES = "NWL-MH,RKL,RV3,RV3CH,GB-LAE-BEN"
ASKED = {"layout": "board", "formats": ["docx", "pptx"], "place": KEEPER}


def clear(workspace: Served) -> None:
    with psycopg.connect(workspace.owner) as connection:
        connection.execute(
            "SELECT set_config('joinedup.places', %s, true), set_config('joinedup.person', 'a test', true)",
            [PLACES],
        )
        for table in ("packs_pack", "packs_template", "equity_note"):
            connection.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def tidy(django_here: Any, workspace: Served) -> Iterator[None]:
    clear(workspace)
    yield
    clear(workspace)
    clear_meetings(workspace)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was put into the queue, which no worker sees."""
    from joinedup_web.packs import actions

    found: list[Any] = []
    monkeypatch.setattr(actions, "_defer", found.append)
    return found


def newest_month() -> str:
    return re.findall(r'<option value="(\d{4}-\d\d)"', text(browser().get("/packs/make/")))[0]


def post(asked: dict[str, Any] | None = None, who: str = "chair") -> Any:
    return browser(who).post("/packs/make/", {"period": newest_month(), **ASKED, **(asked or {})})


def made(queue: list[Any], files: dict[str, bytes] | None = None, who: str = "chair") -> str:
    """The job of the last request as if its process had made these files: the id of the pack."""
    from joinedup_web.packs import files as lying
    from joinedup_web.packs import making

    found = queue[-1]
    folder = lying.of_pack(found.pk)
    folder.mkdir(exist_ok=True)
    held = files or {"docx": b"words", "pptx": b"slides", "json": b"{}"}
    for form, content in held.items():
        (folder / f"pack.{form}").write_bytes(content)
    told = [{"form": form, "size": len(content), "sha256": ""} for form, content in held.items()]
    making.answered(found, {"files": told, "titles": ["One finding"], "left_out": []})
    return str(found.pk)


def state_of(pack: str) -> Any:
    from joinedup_web.packs.models import Pack

    with acting():
        return Pack.objects.get(pk=pack)


def test_a_pack_is_asked_for_made_and_saved(queue: list[Any]) -> None:
    answer = post()
    assert answer.status_code == 302 and len(queue) == 1
    page = text(browser().get(answer.headers["Location"]))
    assert "Waiting its turn" in page and "<progress" in page and 'hx-trigger="every 2s"' in page
    pack = made(queue)
    page = text(browser().get(f"/packs/{pack}/"))
    assert "Made" in page and "One finding" in page and f"state {queue[0].snapshot} of the lake" in page
    assert "Demo: board member" in page
    saved = browser().get(f"/packs/{pack}/pptx/")
    assert b"".join(saved.streaming_content) == b"slides"
    assert saved.headers["Content-Disposition"] == f'attachment; filename="board-{newest_month()}.pptx"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert browser().get(f"/packs/{pack}/pdf/").status_code == 404
    assert "Chief executives" not in text(browser().get("/packs/")).partition("<tbody")[2]


def test_the_same_request_of_the_same_state_is_the_file_that_exists(queue: list[Any]) -> None:
    post()
    first = made(queue)
    chair = browser()
    again = chair.post("/packs/make/", {**ASKED, "period": newest_month(), "formats": ["pptx", "docx"]})
    assert again.headers["Location"] == f"/packs/{first}/" and len(queue) == 1
    assert "Just this was made before" in text(chair.get(again.headers["Location"]))
    assert post({"formats": ["pptx"]}).headers["Location"] != again.headers["Location"]
    assert len(queue) == 2


def test_another_state_or_note_is_another_pack(queue: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.packs import actions

    post()
    note = {"number": "AAAAAAAAAA", "about": "a", "text": "Said."}
    monkeypatch.setattr(actions, "notes_for", lambda *told: [note])
    post()
    assert len(queue) == 2 and queue[1].commentary == [note]
    assert len({one.key for one in queue}) == 2


def test_notes_of_the_place_and_shared_ones_come_along(queue: list[Any]) -> None:
    """Given notes of two places, when the chair asks, the chair's place has the shared one, with code and figure."""
    from joinedup_web.equity.opening import current_figures

    figures = current_figures()
    assert figures is not None
    code = next(code for code, entry in figures.registry.items() if entry.get("measure_id") == "M195")
    for said, shared in (("Seen here alone.", ""), ("Two people left.", "yes")):
        told = {"kind": "challenge", "text": said, "place": "RV3CH", "shared": shared, "confirmed": "yes"}
        assert browser("manager").post(f"/number/{code}/note/", told).status_code == 302
    post()
    (note,) = queue[0].commentary
    assert note["number"] == code and note["text"] == "Two people left." and note["shared"] is True
    assert note["figure"] and note["role"] == "Service manager"


def test_a_council_makes_the_scrutiny_pack_alone_and_others_see_none_of_it(queue: list[Any]) -> None:
    form = text(browser("scrutiny").get("/packs/make/"))
    assert "Scrutiny committee" in form and "Chief executives" not in form
    told = {"place": "GB-LAE-BEN", "formats": ["docx"]}
    assert post({**told, "layout": "board"}, "scrutiny").status_code == 422
    assert post({**told, "layout": "scrutiny"}, "scrutiny").status_code == 302
    pack = made(queue)
    file = browser("scrutiny-chair").get(f"/packs/{pack}/docx/")
    assert file.status_code == 200
    file.close()
    for who in ("chair", "analyst", "board"):
        assert browser(who).get(f"/packs/{pack}/").status_code == 404
    for who in ("resident", "clinician", "finance"):
        assert browser(who).get("/packs/").status_code == 403


def test_what_cannot_be_asked_is_said_and_nothing_is_kept(queue: list[Any]) -> None:
    for wrong, words in (
        ({"period": "2031-01"}, "Select a valid choice"),
        ({"formats": []}, "Choose at least one form"),
        ({"place": "RKL"}, "Select a valid choice"),
    ):
        answer = post(wrong)
        assert answer.status_code == 422 and words in text(answer)
    assert not queue
    assert "No figures are released of 2031-01 yet" in text(browser().get("/packs/make/?period=2031-01"))


def test_one_that_failed_says_what_to_do_and_is_made_again(queue: list[Any]) -> None:
    from joinedup_web.packs import making

    post()
    pack = str(queue[0].pk)
    making.answered(queue[0], {"failed": "The lake is at state 9 by now.", "remedy": "Make it again later."})
    page = text(browser().get(f"/packs/{pack}/"))
    assert "Not made" in page and "Make it again later." in page and f"/packs/{pack}/again/" in page
    assert browser().post(f"/packs/{pack}/again/").status_code == 302 and len(queue) == 2
    assert state_of(pack).state == "waiting"
    assert "It has not failed" in text(browser().post(f"/packs/{pack}/again/", follow=True))
    making.give_up(pack, KEEPER)
    assert "tell whoever runs joinedup" in state_of(pack).message
    assert post().headers["Location"] == f"/packs/{pack}/" and len(queue) == 3


def test_the_job_begins_again_where_it_was_stopped(
    queue: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stopped while it was being made, the job runs again; made once, it does nothing."""
    from django.conf import settings
    from procrastinate.exceptions import JobAborted

    from joinedup.errors import OurFault
    from joinedup_web.packs import making

    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, lake=tmp_path))
    post()
    pack, calls = str(queue[0].pk), []

    def stopped(asked: Any) -> Iterator[Any]:
        calls.append(asked)
        yield {"step": "Calculating and releasing", "done": 1, "total": 9}
        raise JobAborted

    monkeypatch.setattr(making, "_process", stopped)
    with pytest.raises(JobAborted):
        making.make(pack, KEEPER)
    assert (state_of(pack).state, state_of(pack).done) == ("making", 1)

    def torn(asked: Any) -> Iterator[Any]:
        yield {"step": "Calculating and releasing", "done": 2, "total": 9}
        raise OurFault("the making of a pack ended with 1")

    monkeypatch.setattr(making, "_process", torn)
    with pytest.raises(OurFault):
        making.make(pack, KEEPER)
    assert state_of(pack).state == "failed"
    making.make(pack, KEEPER)
    assert len(calls) == 1 and calls[0]["lake"] == str(tmp_path) and calls[0]["snapshot"] == queue[0].snapshot


def test_files_go_with_age_or_on_request_and_the_record_stays(queue: list[Any], workspace: Served) -> None:
    from django.utils import timezone

    from joinedup_web.organisations.row_security import opened as told
    from joinedup_web.packs import files, tidying
    from joinedup_web.packs.models import Pack

    post()
    pack = made(queue)
    assert browser().post(f"/packs/{pack}/remove/", {"reason": ""}).status_code == 422
    assert browser().post(f"/packs/{pack}/remove/", {"reason": "A note named somebody"}).status_code == 302
    assert not files.of_pack(queue[0].pk).exists()
    page = text(browser().get(f"/packs/{pack}/"))
    assert (
        "Removed: A note named somebody" in page and browser().get(f"/packs/{pack}/docx/").status_code == 404
    )
    post()
    made(queue)
    tidying.tidy(older_than=-60)
    assert state_of(pack).state == "ready" and files.of_pack(queue[0].pk).exists()
    with told("a test", [KEEPER]):
        Pack.objects.filter(pk=pack).update(made_at=timezone.now() - timedelta(days=tidying.KEPT_DAYS + 1))
    (files.folder() / "forgotten").mkdir()
    assert tidying.tidy(older_than=-60) >= 2
    assert state_of(pack).state == "removed" and state_of(pack).commentary == []
    assert not files.of_pack(queue[0].pk).exists() and not (files.folder() / "forgotten").exists()


def test_a_template_is_checked_chosen_and_ended(queue: list[Any]) -> None:
    stream = io.BytesIO()
    Presentation().save(stream)
    stream.seek(0)
    stream.name = "trust.pptx"
    chair = browser()
    bad = io.BytesIO(b"no slides")
    bad.name = "bad.pptx"
    refused = chair.post("/packs/templates/new/", {"place": KEEPER, "file": bad})
    assert refused.status_code == 422 and "no .pptx file" in text(refused)
    assert chair.post("/packs/templates/new/", {"place": KEEPER, "file": stream}).status_code == 302
    form = text(chair.get("/packs/make/"))
    template = re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>trust.pptx', form)[0]
    assert "none is asked for" in text(post({"template": template, "formats": ["docx"]}))
    assert post({"template": template}).status_code == 302
    from joinedup_web.packs import making

    with acting():
        asked = making.request_of(queue[-1])
    assert Path(asked["template"]).is_file()
    assert browser("scrutiny").get("/packs/templates/new/").status_code == 403
    assert browser("analyst").post(f"/packs/templates/{template}/end/").status_code == 404
    assert chair.post(f"/packs/templates/{template}/end/").status_code == 302
    assert "trust.pptx" not in text(chair.get("/packs/make/"))


def test_too_large_a_template_is_named(queue: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.packs.uploading import TemplateUploadHandler

    monkeypatch.setattr(TemplateUploadHandler, "most", 10_000)
    sent = io.BytesIO(b"x" * 15_000)
    sent.name = "trust.pptx"
    answer = browser().post("/packs/templates/new/", {"place": KEEPER, "file": sent})
    assert answer.status_code == 422 and "larger than" in text(answer)


def test_the_board_s_meeting_leads_to_its_pack(queue: list[Any]) -> None:
    page = text(browser().get(f"/boards/meetings/{opened()}/"))
    link = re.findall(r'href="(/packs/make/\?[^"]+)"', page)
    assert len(link) == 1 and "layout=board" in link[0]
    assert re.search(r"period=\d{4}-\d\d$", link[0])


def test_the_wall_of_the_database_holds(queue: list[Any], workspace: Served) -> None:
    post()
    with psycopg.connect(workspace.app) as connection:
        for places, seen in (("RKL", 0), (KEEPER, 1)):
            connection.execute("SELECT set_config('joinedup.places', %s, true)", [places])
            assert connection.execute("SELECT count(*) FROM packs_pack").fetchone() == (seen,)


@pytest.mark.full
def test_the_worker_makes_a_pack_of_the_lake(workspace: Served) -> None:
    """Given the served workspace, when the button is pressed, its own worker makes files that open."""
    answer = post({"layout": "members", "formats": ["docx"]})
    address, until = answer.headers["Location"], time.monotonic() + 300
    while "<progress" in (page := text(browser().get(address))):
        assert time.monotonic() < until, page
        time.sleep(1)
    saved = browser().get(f"{address}docx/")
    content = b"".join(saved.streaming_content)
    words = " ".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
    assert "About these figures" in words
    assert browser().post(f"{address}remove/", {"reason": "to make it again"}).status_code == 302
    post({"layout": "members", "formats": ["docx"]})
    while "<progress" in text(browser().get(address)):
        assert time.monotonic() < until
        time.sleep(1)
    assert b"".join(browser().get(f"{address}docx/").streaming_content) == content
