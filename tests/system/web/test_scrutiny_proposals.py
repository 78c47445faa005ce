"""Proposals to change a service in the workspace: told, consulted on, disputed, called in, promised and followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.reading import read_bytes
from joinedup.governance.writing import write_xlsx
from tests.system.web.conftest import Served
from tests.system.web.council_people import BRENT, brent, browser_at, not_there, nothing_changes, text
from tests.system.web.test_access_matrix import client

TODAY = date.today()
HEAD = ("Ref", "Topic", "Recommendation", "Meeting", "To whom", "Due", "Response", "Status")
ROW = ("R1", "Beds", "Publish how many beds are open.", None, "CNWL")


class Room:
    """A proposal that a committee with a tracker of its own follows."""

    def __init__(self) -> None:
        self.officer, self.chair = client("scrutiny_officer"), client("scrutiny_chair")
        self.committee, self.title = f"Committee {uuid4().hex[:8]}", f"One site {uuid4().hex[:8]}"
        answer = self.officer.post("/scrutiny/proposals/new/", self.told())
        assert answer.status_code == 302, text(answer)
        self.address = str(answer.headers["Location"])

    def told(self, **more: str) -> dict[str, str]:
        told = {
            "place": BRENT, "committee": self.committee, "title": self.title, "about": "", "proposer": "A trust",
            "service": "Talking Therapies", "boroughs": "Brent\nHarrow", "told_on": TODAY.isoformat(),
            "comments_by": (TODAY + timedelta(days=60)).isoformat(), "source": "agenda pack, page 4",
            "decision_by": (TODAY + timedelta(days=90)).isoformat(), "why": "letter of the trust",
        }  # fmt: skip
        return {**told, **more}

    def keep(self, act: str, browser: Any = None, **told: str) -> Any:
        return (browser or self.officer).post(f"{self.address}do/{act}/", {"why": "as minuted", **told})

    def decide(self, act: str, browser: Any = None, **told: str) -> Any:
        return (browser or self.chair).post(f"{self.address}decide/{act}/", {"why": "as minuted", **told})

    def page(self) -> str:
        return text(self.officer.get(self.address))

    def bring_in_a_tracker(self) -> None:
        content = write_xlsx(Workbook((Sheet("Tracker", (HEAD, ROW)),)))
        told = {
            "place": BRENT,
            "committee": self.committee,
            "meeting": "",
            "file": SimpleUploadedFile("a.xlsx", content),
        }
        assert self.officer.post("/scrutiny/new/", told).status_code == 302


@pytest.fixture
def room(django_here: Any) -> Room:
    return Room()


def consulted(room: Room) -> None:
    assert room.decide("view", substantial="yes").status_code == 302
    told = {"begins": TODAY.isoformat(), "ends": (TODAY + timedelta(days=50)).isoformat(), "how": "Letters"}
    assert room.keep("consultation", **told).status_code == 302


def test_from_the_proposal_to_a_request_for_call_in_and_its_answer(room: Room) -> None:
    page = room.page()
    assert "Brent, Harrow" in page and "letter of the trust" in page and "not legal advice" in page
    assert "SI 2013/218" in page and "regulation 23(1)" in page
    consulted(room)
    assert room.keep("consultees", committees="Brent\nHarrow", joint="A joint committee").status_code == 302
    assert room.keep("measure", measure="M053").status_code == 302
    assert room.keep("document", label="Impact", where="https://example.org/a", sha256="").status_code == 302
    told = {"comments": "Say how far people travel.", "recommends": "yes", "sent_on": TODAY.isoformat()}
    assert room.decide("comments", **told).status_code == 302
    assert room.keep("disagreement", reasons="It costs more.").status_code == 302
    assert room.decide("resolution", steps="Two meetings", agreed="no").status_code == 302
    told = {"decision": "goes_ahead", "words": "It goes ahead.", "decided_on": TODAY.isoformat()}
    assert room.keep("decision", **told).status_code == 302
    page = room.page()
    for words in (
        "First treatment", "M053", "Joint committee: A joint committee", "Not agreed. Two meetings",
        "It was decided before the consultation ended", "before the day by which comments were asked for",
    ):  # fmt: skip
        assert words in page, words
    told = {
        "from_whom": "the committee",
        "grounds": "Two meetings led nowhere.",
        "requested_on": TODAY.isoformat(),
    }
    assert room.decide("call-in", **told).status_code == 302
    page = room.page()
    assert "Call-in requested" in page and "refer it" not in page and "referral" not in page
    again = room.decide("call-in", **told)
    assert again.status_code == 422 and "waits for its answer already" in text(again)
    told = {"called_in": "yes", "answered_on": TODAY.isoformat(), "words": ""}
    assert room.keep("answer", **told).status_code == 302
    assert "Called in" in room.page() and "may decide until" in room.page()
    assert (
        room.keep("ruling", words="It goes ahead, changed.", decided_on=TODAY.isoformat()).status_code == 302
    )
    assert "It goes ahead, changed." in room.page() and "Decided" in text(
        room.officer.get("/scrutiny/proposals/")
    )


def test_a_commitment_is_a_row_of_the_tracker_and_closes_there_on_evidence(room: Room) -> None:
    promise = {"commitment": "Nobody travels 45 minutes.", "due": (TODAY + timedelta(days=99)).isoformat()}
    refused = room.keep("commitment", **promise)
    assert refused.status_code == 422 and "has no tracker yet" in text(refused)
    room.bring_in_a_tracker()
    assert room.keep("commitment", **promise).status_code == 302
    page = room.officer.get(room.address).content.decode()
    assert "Row Tracker!3" in page and "Awaiting response" in page
    from joinedup_web.governance.scrutiny.models import Row, Tracker

    with brent():
        row = Row.objects.get(tracker__committee=room.committee, number=2)
        tracker = Tracker.objects.get(committee=room.committee)
    said = text(room.officer.get(f"/scrutiny/row/{row.pk}/"))
    assert "Nobody travels 45 minutes." in said and "as promised" in said and "A trust" in said
    book, _ = read_bytes(room.officer.get(f"/scrutiny/{tracker.pk}/file.xlsx").content, "a.xlsx")
    rows = book.sheets[0].rows
    assert rows[:2] == (HEAD, ROW) and rows[2][2] == "Nobody travels 45 minutes."
    test = {
        "by": "document",
        "questions": "How far?",
        "points": "",
        "measure": "",
        "place": "",
        "why": "agreed",
    }
    where = f"/scrutiny/row/{row.pk}"
    assert room.officer.post(f"{where}/test/", test).status_code == 302
    offered = {"title": "Letter", "where": "page 2", "answer_0": "page 2", "why": "it came"}
    assert room.officer.post(f"{where}/evidence/", offered).status_code == 302
    assert room.chair.post(f"{where}/decide/", {"accept": "yes", "why": "it answers"}).status_code == 302
    assert "Closed" in room.page(), "delivery is followed in the tracker"
    assert room.keep("withdraw").status_code == 302
    assert room.keep("commitment", **promise).status_code == 302, "commitments go on"
    late = room.keep("measure", measure="M053")
    assert late.status_code == 422 and "was withdrawn" in text(late)


def test_what_is_the_committee_s_the_chair_records_and_the_rest_the_officer(room: Room) -> None:
    assert room.decide("view", room.officer, substantial="yes").status_code == 403
    assert room.keep("withdraw", room.chair).status_code == 403
    assert room.officer.get(f"{room.address}do/view/").status_code == 404
    assert room.chair.post("/scrutiny/proposals/new/", room.told()).status_code == 403


@pytest.mark.parametrize(
    ("act", "told", "words"),
    [
        ("dates", {}, "No day is given"),
        ("dates", {"decision_by": TODAY.isoformat()}, "after the decision"),
        (
            "consultation",
            {"begins": TODAY.isoformat(), "ends": "2020-01-01", "how": "x"},
            "ends after it begins",
        ),
        ("measure", {"measure": "nothing"}, "nothing"),
        ("document", {"label": "a", "where": "b", "sha256": "zz"}, "64 characters"),
        ("disagreement", {"reasons": "x"}, "No comments with a recommendation"),
        ("answer", {"called_in": "no", "answered_on": TODAY.isoformat()}, "No request for call-in"),
        (
            "decision",
            {"decision": "perhaps", "words": "x", "decided_on": TODAY.isoformat()},
            "There is a problem",
        ),
        ("consultees", {"committees": " \n"}, "There is a problem"),
        ("consultation", {"why": ""}, "There is a problem"),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(
    act: str, told: dict[str, str], words: str, room: Room
) -> None:
    answer = room.keep(act, **told)
    assert answer.status_code == 422 and words in text(answer)
    from joinedup_web.governance.scrutiny.variation.records import Proposal

    with brent():
        assert Proposal.objects.get(committee=room.committee).steps.count() == 1


def test_a_proposal_that_is_ahead_of_its_day_or_points_to_a_person_is_not_kept(room: Room) -> None:
    for more in (
        {"told_on": "2999-01-01"},
        {"proposer": "jo@example.org"},
        {"boroughs": " "},
        {"place": "RKL"},
    ):
        answer = room.officer.post("/scrutiny/proposals/new/", room.told(**{"title": "Another", **more}))
        assert answer.status_code == 422, more


def test_what_is_late_is_told_to_officer_and_chair(room: Room) -> None:
    from django.db import transaction

    from joinedup_web.governance.scrutiny.rooms import notices
    from joinedup_web.organisations.scope import scope_of
    from tests.system.web.api_people import person_of

    for role in ("scrutiny_officer", "scrutiny_chair"):
        with transaction.atomic():
            scope = scope_of(person_of(role), TODAY)
            told = [one.words for one in notices(scope, TODAY + timedelta(days=61))]
        assert any(room.title in words and "Consultation" in words for words in told)


@pytest.mark.parametrize("filters_off", [False, True])
def test_others_of_the_council_read_and_another_council_sees_none(
    filters_off: bool, room: Room, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.bring_in_a_tracker()
    room.keep("commitment", commitment="A promise", due="")
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    reader = browser_at(BRENT, "analyst")
    assert room.title in text(reader.get("/scrutiny/proposals/"))
    assert "A promise" in text(reader.get(room.address)), "its row of the tracker is not theirs to see"
    assert reader.post(f"{room.address}do/withdraw/", {"why": "x"}).status_code == 403
    elsewhere = browser_at("RKL", "scrutiny_officer", "scrutiny_chair")
    assert room.title not in text(elsewhere.get("/scrutiny/proposals/"))
    not_there(elsewhere, [room.address, f"{room.address}do/withdraw/", f"{room.address}decide/view/"])


def test_steps_are_added_and_never_changed(room: Room, workspace: Served) -> None:
    consulted(room)
    nothing_changes(workspace, "scrutiny_proposalstep")


def test_the_demo_has_a_proposal_under_way(django_here: Any) -> None:
    page = text(client("scrutiny_officer").get("/scrutiny/proposals/"))
    assert "One place for Talking Therapies assessments instead of three" in page and "Consulted on" in page
