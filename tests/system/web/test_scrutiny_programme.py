"""The work programme in the workspace: suggested, scored, taken to a meeting, carried forward, heard, read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from joinedup.governance.reading import read_bytes
from tests.system.web.conftest import Served
from tests.system.web.council_people import BRENT, browser_at, not_there, nothing_changes, text
from tests.system.web.test_access_matrix import client

CRITERIA = ("people", "fairness", "influence", "timing", "elsewhere")
SOON, LATER = date.today() + timedelta(days=20), date.today() + timedelta(days=50)


def suggestion(**more: str) -> dict[str, str]:
    told = {
        "place": BRENT, "committee": f"Committee {uuid4().hex[:8]}", "title": "Waits in Brent", "about": "How long.",
        "from_whom": "residents of Brent", "source": "https://example.org/petition", "why": "a petition came",
    }  # fmt: skip
    return {**told, **more}


@pytest.fixture
def officer(django_here: Any) -> Any:
    return client("scrutiny_officer")


@pytest.fixture
def chair(django_here: Any) -> Any:
    return client("scrutiny_chair")


def suggested(officer: Any, **more: str) -> str:
    answer = officer.post("/scrutiny/programme/new/", suggestion(**more))
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def score(officer: Any, topic: str, points: str = "32211") -> Any:
    told = {f"points_{slug}": digit for slug, digit in zip(CRITERIA, points, strict=True)}
    return officer.post(f"{topic}do/score/", {**told, "why": "scored in the meeting"})


def test_a_topic_goes_from_a_suggestion_to_a_meeting_and_is_carried_forward(officer: Any, chair: Any) -> None:
    told = suggestion(title="Interpreters in clinics")
    topic = suggested(officer, **told)
    page = text(officer.get(topic))
    assert "residents of Brent" in page and "a petition came" in page and "not scored yet" in page
    assert 'href="https://example.org/petition"' in officer.get(topic).content.decode()
    early = chair.post(f"{topic}decide/schedule/", {"meeting": SOON.isoformat(), "why": "agreed"})
    assert early.status_code == 422 and "Score it first" in text(early)
    assert score(officer, topic).status_code == 302
    # 3 x 3 + 2 x 3 + 2 x 3 + 1 x 2 + 1 x 1 = 24 of 36
    assert "67 of 100" in text(officer.get(topic)) and "3 of 3" in text(officer.get(topic))
    taken = chair.post(f"{topic}decide/schedule/", {"meeting": SOON.isoformat(), "why": "agreed"})
    assert taken.status_code == 302
    address = f"/scrutiny/programme/?committee={told['committee']}"
    assert f"Meeting of {SOON:%-d %B %Y}" in text(officer.get(address))
    moved = {"meeting": LATER.isoformat(), "why": "there was no time"}
    assert officer.post(f"{topic}do/carry-forward/", moved).status_code == 302
    page = text(officer.get(address))
    assert f"Meeting of {LATER:%-d %B %Y}" in page and "1 time: there was no time" in page
    assert f"Meeting of {SOON:%-d %B %Y}" not in page
    assert officer.post(f"{topic}do/heard/", {"why": "minutes, page 3"}).status_code == 302
    page = text(officer.get(topic))
    for words in (
        "Suggested",
        "Scored",
        "Taken to a meeting",
        "Carried forward",
        "Heard",
        "there was no time",
    ):
        assert words in page, words
    assert "Demo: council scrutiny officer" in page and "Demo: chair of a scrutiny committee" in page


def test_what_the_committee_decides_is_the_chair_s_and_the_rest_the_officer_s(
    officer: Any, chair: Any
) -> None:
    topic = suggested(chair)
    assert score(chair, topic).status_code == 403 and score(officer, topic).status_code == 302
    assert officer.post(f"{topic}decide/leave-out/", {"why": "x"}).status_code == 403
    assert chair.post(f"{topic}decide/leave-out/", {"why": "another committee does"}).status_code == 302
    assert "Taken off" in text(officer.get(topic))
    assert score(officer, topic, "33333").status_code == 302, "scored again it comes back"
    assert "100 of 100" in text(officer.get(topic))
    assert officer.get(f"{topic}do/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": ""}, "There is a problem"),
        ({"from_whom": "jo@example.org"}, "an e-mail address, which points to a person"),
        ({"about": "ring 020 7946 0018"}, "a telephone number"),
        ({"why": "943 476 5919"}, "an NHS number"),
        ({"place": "RKL"}, "There is a problem"),
        ({"committee": " "}, "There is a problem"),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(more: dict[str, str], words: str, officer: Any) -> None:
    told = suggestion(**more)
    answer = officer.post("/scrutiny/programme/new/", told)
    assert answer.status_code == 422 and words in text(answer)
    assert told["committee"].strip() == "" or told["committee"] not in text(
        officer.get("/scrutiny/programme/")
    )


def test_the_same_topic_is_not_suggested_twice_and_points_are_within_their_scale(officer: Any) -> None:
    told = suggestion()
    topic = suggested(officer, **told)
    again = officer.post("/scrutiny/programme/new/", {**told, "title": told["title"].upper()})
    assert again.status_code == 422 and "suggested already" in text(again)
    for points in ("32214", "3221 "):
        assert score(officer, topic, points).status_code == 422
    assert "not scored yet" in text(officer.get(topic))


def test_the_programme_leaves_as_a_workbook_and_as_csv(officer: Any) -> None:
    told = suggestion(title="=cmd()")
    score(officer, suggested(officer, **told))
    address = f"/scrutiny/programme/file.{{}}?committee={told['committee']}"
    book, _ = read_bytes(officer.get(address.format("xlsx")).content, "a.xlsx")
    assert [row[0] for row in book.sheets[0].rows] == ["Topic", "=cmd()"] and book.sheets[0].rows[1][
        6
    ] == 67.0
    answer = officer.get(address.format("csv"))
    assert (
        "'=cmd()" in answer.content.decode("utf-8-sig")
        and "attachment" in answer.headers["Content-Disposition"]
    )
    assert officer.get(address.format("pdf")).status_code == 404


def test_a_committee_without_topics_says_so(officer: Any) -> None:
    assert "No topic has been suggested yet" in text(officer.get("/scrutiny/programme/?committee=none"))


@pytest.mark.parametrize("filters_off", [False, True])
def test_others_of_the_council_read_and_another_council_sees_none(
    filters_off: bool, officer: Any, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = suggestion(title=f"Topic {uuid4().hex[:8]}")
    topic = suggested(officer, **told)
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    reader = browser_at(BRENT, "analyst")
    assert told["title"] in text(reader.get("/scrutiny/programme/")) and told["title"] in text(
        reader.get(topic)
    )
    assert reader.post(f"{topic}do/heard/", {"why": "x"}).status_code == 403
    assert "work programme, proposals and requests" in text(reader.get("/"))
    assert client("expert_by_experience").get("/scrutiny/programme/").status_code == 403
    elsewhere = browser_at("RKL", "scrutiny_officer", "scrutiny_chair")
    assert told["title"] not in text(elsewhere.get("/scrutiny/programme/"))
    assert told["title"].encode() not in elsewhere.get("/scrutiny/programme/file.csv").content
    not_there(elsewhere, [topic, f"{topic}do/heard/", f"{topic}decide/leave-out/"])


def test_steps_are_added_and_never_changed(officer: Any, workspace: Served) -> None:
    score(officer, suggested(officer))
    nothing_changes(workspace, "scrutiny_topicstep")


def test_a_topic_of_a_meeting_that_is_over_is_told_to_the_officer(
    officer: Any, chair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = suggested(officer)
    score(officer, topic)
    chair.post(f"{topic}decide/schedule/", {"meeting": date.today().isoformat(), "why": "agreed"})
    from django.db import transaction

    from joinedup_web.governance.scrutiny.rooms import notices
    from joinedup_web.organisations.scope import scope_of
    from tests.system.web.api_people import person_of

    with transaction.atomic():
        scope = scope_of(person_of("scrutiny_officer"), date.today())
        told = [one.words for one in notices(scope, date.today() + timedelta(days=1))]
    assert any("neither heard nor carried forward" in words for words in told)


def test_the_demo_has_topics_of_a_coming_meeting_and_some_that_wait(officer: Any) -> None:
    page = text(officer.get("/scrutiny/programme/"))
    assert "Waits for Talking Therapies" in page and "Place-based partnerships" in page
    assert "Not taken to a meeting yet" in page and "Invented for the demo" in page
