"""The scrutiny room: a tracker is brought in, a chair closes on evidence, figures drift back, the public reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from joinedup.governance.cells import Sheet
from joinedup.governance.packages import MAX_BYTES_IN
from joinedup.governance.reading import read_bytes
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.scrutiny_tracker import (
    BRENT,
    ENDS,
    HEAD,
    MEETING,
    ROWS,
    Room,
    agree,
    closed,
    published,
    sent,
    text,
    workbook,
)
from tests.system.web.test_access_matrix import client


@pytest.fixture
def room(
    django_here: Any, workspace: Served, figures: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """Its figures are a published state that is newer than any of the workspace, so that the worker leaves it alone."""
    made = Room()
    monkeypatch.setattr("joinedup_web.governance.scrutiny.asking.published", lambda: figures)
    answer = made.bring_in(workbook(*ROWS))
    assert answer.status_code == 302, text(answer)
    made.arrive(figures)
    yield made
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        connection.execute("UPDATE scrutiny_row SET public_since = NULL")


@pytest.fixture(scope="module")
def figures() -> Any:
    """Published figures in which Brent sees 91 of 100 people within six weeks, quarter after quarter."""
    return published(10_000, 91)


def test_an_officer_brings_a_tracker_in_and_every_row_is_there(room: Room) -> None:
    findings = text(room.officer.get(f"{room.address}findings/"))
    assert "The sheet says that it is done; no evidence was accepted" in findings and "Our colour" in findings
    page = text(room.officer.get(f"{room.address}?show="))
    assert (
        "See nine in ten people" in page
        and "Blank row, kept for review" in page
        and "1 blank row kept" in page
    )
    assert "overdue" in text(room.officer.get(f"{room.address}?show=overdue"))
    assert "Publish how many beds" not in text(room.officer.get(f"{room.address}?topic=Maternity"))
    assert "See nine in ten" not in text(room.officer.get(f"{room.address}?to=CNWL"))
    row = text(room.officer.get(room.at("Tracker!2")))
    assert "16 December 2025" in row and "by law" in row and "First treatment" in row and "91" in row
    assert "No data held. No return of beds" in text(room.officer.get(room.at("Tracker!3")))
    assert "has neither topic nor text" in text(room.officer.get(room.at("Tracker!5")))


def test_it_leaves_cell_for_cell_and_with_what_happened_since(room: Room) -> None:
    answer = room.officer.get(f"{room.address}file.xlsx")
    book, _ = read_bytes(answer.content, "a.xlsx")
    assert book.sheets[0] == Sheet("Tracker", (HEAD, *ROWS))
    told = {"answer": "accepted", "response": "We shall.", "received_on": "2025-12-10", "reasons": ""}
    assert room.say(room.officer, "Tracker!2", "answer/", **told).status_code == 302
    book, _ = read_bytes(room.officer.get(f"{room.address}file.xlsx").content, "a.xlsx")
    assert book.sheets[0].rows[1][5:8] == ("We shall.", "accepted", "answered")
    assert book.sheets[0].rows[2] == ROWS[1]
    plain = room.officer.get(f"{room.address}file.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in plain and "We shall." in plain
    assert room.officer.get(f"{room.address}file.pdf").status_code == 404


def test_the_chair_closes_on_evidence_and_on_nothing_else(room: Room) -> None:
    assert room.say(room.chair, "Tracker!2", "decide/", accept="yes").status_code == 422
    done = {"action": "Everyone is seen in time.", "done": "done"}
    assert room.say(room.officer, "Tracker!2", "action/", **done).status_code == 302
    assert room.status("Tracker!2") == "claimed done", "a word closes nothing"
    assert room.say(room.officer, "Tracker!2", "evidence/").headers["Location"] == room.at("Tracker!2")
    assert agree(room, threshold="95").status_code == 302
    page = text(room.officer.get(room.at("Tracker!2", "evidence/")))
    assert f"{ENDS}: 91" in page and "at least 95" in page
    assert room.say(room.officer, "Tracker!2", "evidence/").status_code == 302
    assert "The test says: not met" in text(room.chair.get(room.at("Tracker!2", "decide/")))
    refused = room.say(room.chair, "Tracker!2", "decide/", accept="yes")
    assert refused.status_code == 422 and "does not meet the test" in text(refused)
    assert room.status("Tracker!2") == "evidence offered"
    assert room.say(room.officer, "Tracker!2", "decide/", accept="yes").status_code == 403
    assert "Evidence waits for your decision" in text(room.chair.get("/"))
    assert room.say(room.chair, "Tracker!2", "decide/", accept="no").status_code == 302
    closed(room)
    assert room.status("Tracker!2") == "closed"
    page = text(room.chair.get(room.at("Tracker!2")))
    assert "Accepted on" in page and "Met from 2025-26-Q2 to 2025-26-Q4" in page and f"{ENDS}: 91 [" in page
    assert "Demo: chair of a scrutiny committee" in page, "the history says who"


def test_when_figures_drift_back_it_reopens_and_the_chair_is_told(room: Room, workspace: Served) -> None:
    closed(room)
    assert room.arrive(published(10_000, 10)) == [], "a state is looked at once"
    assert [str(row) for row in room.arrive(published(10_001, 80))] == ["Tracker!2"]
    assert room.status("Tracker!2") == "reopened"
    notice = text(room.chair.get("/"))
    assert "Reopened on" in notice and "The figure of 2026-27-Q1 fails the test: it drifted back" in notice
    assert "Reopened on" not in text(room.officer.get("/"))
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        letters = connection.execute(
            'SELECT "to", body FROM organisations_letter WHERE about = %s', [room.row("Tracker!2").pk]
        ).fetchall()
    assert [to for to, _ in letters] == ["scrutiny-chair@demo.invalid"]
    assert "reopened" in letters[0][1] and "six weeks" not in letters[0][1]
    assert room.say(room.officer, "Tracker!2", "evidence/").status_code == 302
    again = room.say(room.chair, "Tracker!2", "decide/", accept="yes")
    assert again.status_code == 422, "the figures that it was closed on do not close it again"


def test_a_document_closes_what_no_figure_can_show(room: Room) -> None:
    told = {"by": "document", "questions": "How many?\nSince when?", "points": "", "measure": "", "place": ""}
    assert room.say(room.officer, "Tracker!3", "test/", **told).status_code == 302
    half = {"title": "Letter of 3 March", "where": "agenda pack, page 12", "answer_0": "page 12"}
    assert room.say(room.officer, "Tracker!3", "evidence/", **half).status_code == 302
    refused = room.say(room.chair, "Tracker!3", "decide/", accept="yes")
    assert refused.status_code == 422 and "It does not answer: Since when?" in text(refused)
    assert room.say(room.officer, "Tracker!3", "evidence/", **half, answer_1="page 13").status_code == 302
    assert room.say(room.chair, "Tracker!3", "decide/", accept="yes").status_code == 302
    assert room.status("Tracker!3") == "closed"


def test_who_offered_evidence_does_not_accept_it_in_another_role(room: Room) -> None:
    from joinedup.errors import YourCommand
    from joinedup_web.governance.scrutiny.actions import accept_evidence
    from joinedup_web.organisations.scope import Held, Scope
    from tests.system.web.api_people import person_of

    agree(room)
    room.say(room.officer, "Tracker!2", "evidence/")
    both = Scope(person_of("scrutiny_officer"), (Held("scrutiny_chair", BRENT),))
    with room.opened(), pytest.raises(YourCommand, match="does not accept it"):
        accept_evidence(by=both, row=room.row("Tracker!2"), why="I say so")
    assert room.status("Tracker!2") == "evidence offered"


def test_a_newer_file_changes_nothing_until_a_person_decides(room: Room) -> None:
    closed(room)
    newer = [list(row) for row in ROWS]
    newer[0] = [*ROWS[0], "Late.", None, "Open", "green"]
    newer[1][2] = "Publish how many beds are open, by ward."
    rows = [("R9", "Maternity", "A new one.", MEETING), *map(tuple, newer[:2]), ROWS[3]]
    answer = room.officer.post(f"{room.address}newer/", {"file": sent(workbook(*rows)), "meeting": ""})
    assert answer.status_code == 302
    where = answer.headers["Location"]
    page = text(room.officer.get(where))
    for words in (
        "Tracker!F3", "its history takes no such change", "Tracker!I3", "green", "by ward", "A new one.",
        "Row Tracker!4", "=HYPERLINK(1)", "Tracker!4 is another",
    ):  # fmt: skip
        assert words in page, words
    assert "by ward" not in text(room.officer.get(room.at("Tracker!3"))), "nothing has changed yet"
    assert room.officer.post(f"{room.address}newer/", {"file": sent(workbook(*rows))}).status_code == 422
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', room.officer.get(where).content.decode())
    assert seen is not None
    stale = room.officer.post(where, {"seen": "0" * 64, "which": "all"})
    assert stale.status_code == 422 and "has changed since you looked" in text(stale)
    merged = room.officer.post(
        where, {"seen": seen[1], "which": "some", "take": ["Tracker!I3", "Tracker!C4"]}
    )
    assert merged.status_code == 302, text(merged)
    assert room.officer.get(where).status_code == 404, "decided is decided"
    assert room.status("Tracker!3") == "closed", "its history went on with it"
    now = text(room.officer.get(room.at("Tracker!4")))
    assert "by ward" in now and "Corrected by the committee" in now
    assert "A new one." in text(room.officer.get(room.at("Tracker!2")))
    assert "=HYPERLINK(1)" in text(room.officer.get(room.at("Tracker!6"))), "what the file lacks is kept"
    book, _ = read_bytes(room.officer.get(f"{room.address}file.xlsx").content, "a.xlsx")
    assert book.sheets[0].rows[2][8] == "green" and book.sheets[0].rows[2][7] == "closed"


def test_a_newer_file_can_be_left_aside(room: Room) -> None:
    where = room.officer.post(f"{room.address}newer/", {"file": sent(workbook(ROWS[0]))}).headers["Location"]
    before = room.officer.get(f"{room.address}file.xlsx").content
    assert room.officer.post(f"{where}drop/", {"why": ""}).status_code == 422
    assert room.officer.post(f"{where}drop/", {"why": "the wrong file"}).status_code == 302
    assert room.officer.get(f"{room.address}file.xlsx").content == before


def test_the_public_reads_what_was_made_public_and_nothing_else(room: Room, workspace: Served) -> None:
    from django.test import Client

    closed(room)
    nobody = Client(**AS_DJANGO)
    assert "See nine in ten" not in text(nobody.get("/promises/"))
    assert room.say(room.officer, "Tracker!5", "public/").status_code == 404, "a blank row is no promise"
    assert room.say(room.officer, "Tracker!2", "public/").status_code == 302
    page = text(nobody.get("/promises/"))
    kept, _, rest = page.partition("Not shown to be kept")
    assert "See nine in ten" in kept and f"{ENDS}: 91" in kept and "See nine in ten" not in rest
    assert "Publish how many beds" not in page and "Demo:" not in page and "@" not in page
    room.arrive(published(10_001, 80))
    kept, _, rest = text(nobody.get("/promises/")).partition("Not shown to be kept")
    assert "See nine in ten" in rest and "drifted back" in rest and "See nine in ten" not in kept
    arabic = nobody.get("/promises/?lang=ar").content.decode()
    assert 'lang="en-GB" dir="ltr">See nine in ten' in arabic and "منجزة بدليل" in arabic
    with psycopg.connect(workspace.app) as connection:
        assert connection.execute("SELECT count(*) FROM scrutiny_row").fetchone() == (0,)
    assert room.say(room.chair, "Tracker!2", "public/").status_code == 302
    assert "See nine in ten" not in text(nobody.get("/promises/"))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "council.xlsx", "empty"),
        (b"not a workbook", "council.xlsx", "not a workbook"),
        (workbook(*ROWS)[:-200], "council.xlsx", "damaged or cut short"),
        (b"\xd0\xcf\x11\xe0 old", "council.xls", ".xlsx or .csv"),
        (b"just,words\n1,2\n", "council.csv", "No row of a tracker"),
        (b"x" * (MAX_BYTES_IN + 1), "council.csv", "larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(
    content: bytes, name: str, words: str, django_here: Any
) -> None:
    made = Room()
    answer = made.bring_in(content, name)
    assert answer.status_code == 422 and made.kept is None
    assert words in text(answer)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("answer/", {"answer": "", "response": ""}),
        ("answer/", {"answer": "not_accepted", "response": "No.", "reasons": ""}),
        ("answer/", {"answer": "perhaps", "response": "x"}),
        ("answer/", {"answer": "accepted", "received_on": "31/31/2025"}),
        ("action/", {"action": "", "done": ""}),
        ("action/", {"action": "x", "why": ""}),
        ("test/", {"by": "figures", "measure": "nothing", "place": "borough|Brent", "threshold": "1"}),
        ("test/", {"by": "figures", "measure": "M053", "place": "borough|Nowhere", "threshold": "1"}),
        ("test/", {"by": "figures", "measure": "M053", "place": "borough|Brent", "threshold": "nan"}),
        ("test/", {"by": "document", "questions": " \n "}),
        ("public/", {"why": ""}),
    ],
)
def test_bad_input_is_said_and_nothing_is_saved(what: str, told: dict[str, str], room: Room) -> None:
    before = room.officer.get(room.at("Tracker!2")).content
    answer = room.say(room.officer, "Tracker!2", what, **told)
    assert answer.status_code == 422 and "There is a problem" in text(answer)
    strip = re.compile(rb'(nonce|csrfmiddlewaretoken)="?[^"]*"')
    assert strip.sub(b"", room.officer.get(room.at("Tracker!2")).content) == strip.sub(b"", before)


@pytest.mark.parametrize("filters_off", [False, True])
def test_another_council_sees_none_of_it(
    filters_off: bool, room: Room, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    from joinedup_web.organisations.models import Person, RoleHeld
    from joinedup_web.organisations.row_security import opened

    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    with opened("a test", ["RKL"]):
        person, _ = Person.objects.get_or_create(email="officer.elsewhere@matrix.invalid")
        for role in ("scrutiny_officer", "scrutiny_chair"):
            RoleHeld.objects.get_or_create(
                person=person, role=role, place_id="RKL",
                defaults={"valid_from": date(2024, 4, 1), "reason": "a test", "given_by": "tests"},
            )  # fmt: skip
    browser = Client(**AS_DJANGO)
    browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    assert room.committee not in text(browser.get("/scrutiny/"))
    where = [room.address, f"{room.address}findings/", f"{room.address}file.csv", f"{room.address}newer/"]
    what = ("", "answer/", "action/", "test/", "evidence/", "decide/", "withdraw/", "public/")
    where += [room.at("Tracker!2", one) for one in what]
    assert {browser.get(one).status_code for one in where} == {404}
    assert {browser.post(one, {"why": "x", "accept": "yes"}).status_code for one in where[3:]} <= {404, 405}


def test_a_history_is_added_to_and_never_changed(room: Room, workspace: Served) -> None:
    from joinedup_web.organisations.chain import verify

    closed(room)
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        for statement in ("UPDATE scrutiny_step SET what = 'x'", "DELETE FROM scrutiny_step"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        assert connection.execute("UPDATE scrutiny_step SET what = 'x'").rowcount == 0
    with room.opened():
        chains = verify()
    assert [one.place for one in chains] == [BRENT] and not chains[0].faults


def test_the_demo_holds_the_18_topics_and_the_blank_row(django_here: Any) -> None:
    page = text(client("scrutiny_officer").get("/scrutiny/"))
    name = "North West London Joint Health Overview and Scrutiny Committee"
    assert f"{name} Kept by" in page and "18 open, 0 overdue, 0 closed or withdrawn, 1 blank row kept" in page


def test_the_worker_looks_at_a_newer_state_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.governance.scrutiny import watching

    closed(room)
    monkeypatch.setattr(watching, "published", lambda: published(10_002, 70))
    assert watching.look_at_figures() >= 1 and watching.look_at_figures() == 0
    assert room.status("Tracker!2") == "reopened"
    monkeypatch.setattr(watching, "published", lambda: None)
    assert watching.look_at_figures() == 0


def test_a_person_without_the_role_is_refused(room: Room) -> None:
    board = client("board_member")
    assert board.get("/scrutiny/").status_code == board.get(room.address).status_code == 403
    assert room.say(room.officer, "Tracker!2", "withdraw/").status_code == 403
    assert room.say(room.chair, "Tracker!2", "answer/", answer="accepted").status_code == 403
    assert room.say(room.chair, "Tracker!2", "withdraw/").status_code == 302
    assert room.status("Tracker!2") == "withdrawn"
