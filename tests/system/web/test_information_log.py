"""The log of requests for information: never who asked, the clock, the answer with its codes, the public log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.governance.reading import read_bytes
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.council_people import BRENT, browser_at, not_there, nothing_changes, text
from tests.system.web.test_access_matrix import client

TODAY = date.today()


class Log:
    """A request that came today."""

    def __init__(self, received: date = TODAY) -> None:
        self.officer, self.title = client("scrutiny_officer"), f"Waits {uuid4().hex[:8]}"
        answer = self.officer.post("/scrutiny/requests/new/", self.told(received_on=received.isoformat()))
        assert answer.status_code == 302, text(answer)
        self.address = str(answer.headers["Location"])

    def told(self, **more: str) -> dict[str, str]:
        told = {
            "place": BRENT, "title": self.title, "asked": "How long do people wait?",
            "received_on": TODAY.isoformat(), "why": "by letter",
        }  # fmt: skip
        return {**told, **more}

    def do(self, act: str, **told: str) -> Any:
        return self.officer.post(f"{self.address}do/{act}/", {"why": "as filed", **told})

    def answer(self, **more: str) -> Any:
        told = {
            "answered_on": TODAY.isoformat(), "outcome": "in_full", "answer": "Four weeks.", "sections": "",
            "codes": "", "datasets": "Monthly statistics, March 2026", "link": "",
        }  # fmt: skip
        return self.do("answer", **{**told, **more})

    def publish(self) -> Any:
        return self.officer.post(f"{self.address}public/", {"why": "answered"})

    def page(self) -> str:
        return text(self.officer.get(self.address))


@pytest.fixture
def log(django_here: Any, workspace: Served) -> Iterator[Log]:
    yield Log()
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        connection.execute("UPDATE scrutiny_request SET public_since = NULL WHERE title LIKE 'Waits %'")


def nobody() -> Any:
    from django.test import Client

    return Client(**AS_DJANGO)


def test_a_request_is_answered_with_the_codes_of_its_figures_and_shown(log: Log) -> None:
    from joinedup_web.governance.scrutiny.asking import published

    assert f"{InformationLaw.load().due(TODAY):%-d %B %Y}" in log.page()
    found = published()
    assert found is not None
    code = sorted(found.released.registry)[0]
    assert log.answer(codes=f"{code.lower()}\nA234567BCD").status_code == 302
    page = log.officer.get(log.address).content.decode()
    assert f'href="/number/{code}/"' in page and "of an earlier state of the figures" in page
    assert "Monthly statistics, March 2026" in page and "Answered in time" in page
    assert log.title not in text(nobody().get("/information-requests/"))
    assert log.publish().status_code == 302
    public = text(nobody().get("/information-requests/"))
    assert log.title in public and "Four weeks." in public and code in public and "Demo:" not in public
    lines = nobody().get("/information-requests/file.csv").content.decode("utf-8-sig")
    assert log.title in lines and code in lines
    assert log.publish().status_code == 302
    assert log.title not in text(nobody().get("/information-requests/"))


def test_the_public_log_shows_what_is_public_and_nothing_else(log: Log, workspace: Served) -> None:
    refused = log.publish()
    assert refused.status_code == 422 and "It has no answer yet" in text(refused)
    hidden = Log()
    for one in (log, hidden):
        one.answer()
    log.publish()
    assert hidden.title not in text(nobody().get("/information-requests/"))
    with psycopg.connect(workspace.app) as connection:
        for table in ("scrutiny_request", "scrutiny_requeststep"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # type: ignore[arg-type]
        connection.execute("SELECT set_config('joinedup.public', 'yes', true)")
        shown = connection.execute("SELECT title FROM scrutiny_request").fetchall()
        steps = connection.execute(
            "SELECT count(*) FROM scrutiny_requeststep s LEFT JOIN scrutiny_request r ON r.id = s.of_id"
            " WHERE r.id IS NULL"
        ).fetchone()
    assert (log.title,) in shown and (hidden.title,) not in shown and steps == (0,)


def test_the_clock_stands_for_clarification_and_begins_anew(log: Log) -> None:
    assert log.do("ask", asked_on=TODAY.isoformat()).status_code == 302
    assert "Waiting for clarification" in log.page() and "No clock runs" in log.page()
    assert log.do("clarified", received_on=TODAY.isoformat()).status_code == 302
    later = (TODAY + timedelta(days=90)).isoformat()
    assert log.do("extend", until=later, section="43").status_code == 302
    assert f"{TODAY + timedelta(days=90):%-d %B %Y}" in log.page()
    assert log.answer(outcome="refused", sections="43").status_code == 302
    assert "section 43, commercial interests" in log.page()
    assert log.do("review", asked_on=TODAY.isoformat()).status_code == 302
    assert "In review" in log.page()
    assert log.answer(answer="After all: four weeks.").status_code == 302
    page = log.page()
    assert "After all: four weeks." in page and "Reviewed" in page and "Refused, section 43" in page


def test_what_is_overdue_is_flagged_and_told(django_here: Any) -> None:
    old = Log(TODAY - timedelta(days=60))
    page = text(old.officer.get("/scrutiny/requests/"))
    assert "overdue" in old.page() and "Overdue" in page and page.index(old.title) < page.index("Open")
    assert "Requests for information:" in text(old.officer.get("/"))
    assert old.answer().status_code == 302 and "late" in old.page()


@pytest.mark.parametrize(
    "more",
    [
        {"asked": "Jo asks: jo@example.org"}, {"title": "020 7946 0018"}, {"asked": "My number is 943 476 5919"},
        {"why": "jo@example.org wrote"}, {"received_on": "2999-01-01"}, {"asked": ""}, {"place": "RKL"},
    ],
)  # fmt: skip
def test_what_points_to_a_person_is_not_kept(more: dict[str, str], log: Log, workspace: Served) -> None:
    def kept() -> Any:
        with psycopg.connect(workspace.owner) as connection:
            connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
            return connection.execute("SELECT count(*) FROM scrutiny_request").fetchone()

    before = kept()
    answer = log.officer.post("/scrutiny/requests/new/", log.told(**more))
    assert answer.status_code == 422 and "There is a problem" in text(answer)
    assert kept() == before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"outcome": "refused"}, "has a ground"), ({"sections": "40"}, "has a ground"),
        ({"outcome": "refused", "sections": "99"}, "No such ground: section 99"),
        ({"codes": "short"}, "No code of a number"), ({"answer": "ring 020 7946 0018"}, "a telephone number"),
        ({"answered_on": "2020-01-01"}, "before what happened"), ({"outcome": "perhaps"}, "There is a problem"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_said(more: dict[str, str], words: str, log: Log) -> None:
    answer = log.answer(**more)
    assert answer.status_code == 422 and words in text(answer)
    assert "No figures are named" not in log.page() and "Four weeks." not in log.page()


def test_no_table_has_a_column_for_who_asked(workspace: Served) -> None:
    with psycopg.connect(workspace.owner) as connection:
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name IN"
            " ('scrutiny_request', 'scrutiny_requeststep')"
        ).fetchall()
    held = {
        "id",
        "place_id",
        "title",
        "made_at",
        "public_since",
        "of_id",
        "number",
        "what",
        "event",
        "seal",
        "person",
        "at",
    }
    assert {name for (name,) in columns} == held, "person is who recorded it"


def test_the_log_leaves_as_a_workbook_and_as_csv(log: Log) -> None:
    book, _ = read_bytes(log.officer.get("/scrutiny/requests/file.xlsx").content, "a.xlsx")
    assert log.title in {row[0] for row in book.sheets[0].rows}
    assert log.title in log.officer.get("/scrutiny/requests/file.csv").content.decode()
    assert log.officer.get("/scrutiny/requests/file.pdf").status_code == 404


@pytest.mark.parametrize("filters_off", [False, True])
def test_others_of_the_council_read_and_another_council_sees_none(
    filters_off: bool, log: Log, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    reader = browser_at(BRENT, "analyst")
    assert log.title in text(reader.get("/scrutiny/requests/")) and log.title in text(reader.get(log.address))
    assert reader.post(f"{log.address}do/withdraw/", {"why": "x"}).status_code == 403
    assert client("scrutiny_chair").post(f"{log.address}do/withdraw/", {"why": "x"}).status_code == 403
    elsewhere = browser_at("RKL", "scrutiny_officer")
    assert log.title not in text(elsewhere.get("/scrutiny/requests/"))
    not_there(elsewhere, [log.address, f"{log.address}do/withdraw/", f"{log.address}public/"])


def test_steps_are_added_and_never_changed(log: Log, workspace: Served) -> None:
    log.do("ask", asked_on=TODAY.isoformat())
    nothing_changes(workspace, "scrutiny_requeststep")


def test_the_demo_has_one_answered_one_open_and_one_overdue(django_here: Any) -> None:
    page = text(client("scrutiny_officer").get("/scrutiny/requests/"))
    assert "How many appointments are by video" in page and "What interpreters cost" in page
    assert "How long people wait for a first treatment, by borough" in text(
        nobody().get("/information-requests/")
    )
