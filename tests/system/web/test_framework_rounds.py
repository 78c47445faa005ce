"""A round of a framework: partners score apart, levels are agreed on evidence, each party signs, and it is fixed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from joinedup.definitions.frameworks import Framework
from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.frameworks.assessments import Score
from joinedup.governance.frameworks.evidence import NothingHeld
from joinedup.governance.reading import read_bytes
from joinedup.governance.writing import write_xlsx
from tests.system.web.access import as_keeper
from tests.system.web.board_people import acting, browser
from tests.system.web.conftest import Served

BRENT = "PBP-BRENT"
ABOUT = Framework.load("maturity")
PLACE = f"/frameworks/{ABOUT.slug}/{BRENT}/"
COUNCIL, TRUST, VOLUNTARY = "London Borough of Brent", "Central and North West London", "Local charities"
TABLES = ("signature", "agreement", "handover", "sheet", "party", "round")


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class Room:
    """A round of its own with three who take part."""

    def __init__(self) -> None:
        self.name = f"Round {uuid4().hex[:8]}"
        asked = {
            "unit": BRENT, "name": self.name, "day": "2026-10-30", "note": "",
            "view_partner": f"GB-LAE-BEN\nRV3\n{VOLUNTARY}",
        }  # fmt: skip
        answer = browser("partnership").post(f"/frameworks/new/{ABOUT.slug}/{BRENT}/", asked)
        assert answer.status_code == 302, text(answer)
        self.address = str(answer.headers["Location"])
        self.id = self.address.split("/")[-2]

    def party(self, name: str) -> str:
        from joinedup_web.governance.frameworks.models import Party

        with acting("partnership"):
            return str(Party.objects.get(round_id=self.id, name__startswith=name).pk)

    def sheet(self, name: str, more: str = "") -> str:
        return f"{self.address}score/{self.party(name)}/{more}"

    def score(self, who: str, name: str, level: int = 2) -> None:
        """Every criterion at once: how a form does it is tried with single domains."""
        from joinedup_web.governance.frameworks import actions
        from joinedup_web.governance.frameworks.models import Party, Round

        scores = [Score(one.slug, level, "so") for one in ABOUT.criteria]
        with acting(who) as scope:
            found = Round.objects.get(pk=self.id)
            party = Party.objects.get(round=found, name__startswith=name)
            actions.save_scores(by=scope, found=found, party=party, scores=scores, edition=0)

    def hand_in(self, who: str, name: str) -> Any:
        return browser(who).post(self.sheet(name, "hand-in/"))

    def all_in(self) -> None:
        for who, name in (("council", COUNCIL), ("board", TRUST), ("partnership", VOLUNTARY)):
            self.score(who, name)
            assert self.hand_in(who, name).status_code == 302

    def act(self, name: str, reason: str = "as agreed in the meeting", who: str = "partnership-chair") -> Any:
        return browser(who).post(f"{self.address}do/{name}/", {"reason": reason})

    def agree(self, domain: str, level: int, reason: str = "All see it so.", **more: str) -> Any:
        page, chair = f"{self.address}agree/{domain}/", browser("partnership-chair")
        return chair.post(page, {**filled(chair.get(page), level, reason), **more})

    def agree_all(self, level: int = 2) -> None:
        from joinedup_web.governance.frameworks import agreeing
        from joinedup_web.governance.frameworks.models import Round

        scores = [Score(one.slug, level, "All see it so.") for one in ABOUT.criteria]
        with acting("partnership-chair") as scope:
            found = Round.objects.get(pk=self.id)
            agreeing.agree(by=scope, found=found, scores=scores, edition=1, figures=NothingHeld())

    def sign(self, who: str, name: str) -> Any:
        told = {"office": "Director", "agrees": "yes"}
        return browser(who).post(f"{self.address}sign/{self.party(name)}/", told)

    def signed(self) -> None:
        self.all_in()
        assert self.act("moderate").status_code == 302
        self.agree_all()
        assert self.act("send").status_code == 302
        for who, name in (("council", COUNCIL), ("board", TRUST), ("partnership-chair", VOLUNTARY)):
            assert self.sign(who, name).status_code == 302


def filled(page: Any, level: int, reason: str) -> dict[str, str]:
    """The form of a domain with that level everywhere."""
    found = page.content.decode()
    assert page.status_code == 200, text(page)
    codes = [code for code in re.findall(r'name="([\w.]+)-reason"', found) if code != "new"]
    edition = re.search(r'name="edition" value="(\d+)"', found)
    assert edition is not None and codes
    told = {"edition": edition[1]}
    for code in codes:
        told |= {f"{code}-level": str(level), f"{code}-reason": reason}
    return told


def seen_by(who: str, room: Room, model: str) -> int:
    """How many rows of the round the database shows to somebody."""
    from joinedup_web.governance.frameworks import models

    with acting(who):
        rows = getattr(models, model).objects
        return int(rows.filter(**{"pk" if model == "Round" else "round_id": room.id}).count())


@contextmanager
def unfixed(workspace: Served) -> Iterator[psycopg.Connection[Any]]:
    """As PostgreSQL's superuser, without triggers."""
    with psycopg.connect(as_keeper(workspace)) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def room(django_here: Any, workspace: Served) -> Iterator[Room]:
    made = Room()
    yield made
    mine = "SELECT id FROM frameworks_round WHERE name = %s"
    with unfixed(workspace) as connection:
        for table in TABLES:
            column = "id" if table == "round" else "round_id"
            connection.execute(
                f"DELETE FROM frameworks_{table} WHERE {column} IN ({mine})", [made.name]  # type: ignore[arg-type]
            )  # fmt: skip


def test_nobody_sees_the_others_before_its_own_is_handed_in(room: Room) -> None:
    """Given a council that has handed in, then the trust sees nothing of it until it hands in too."""
    room.score("council", COUNCIL)
    assert seen_by("board", room, "Sheet") == 0 and seen_by("partnership", room, "Sheet") == 0
    assert room.hand_in("council", COUNCIL).status_code == 302
    assert seen_by("board", room, "Sheet") == 0 and seen_by("partnership-chair", room, "Sheet") == 0
    assert "No scores can be seen by you yet" in text(browser("board").get(room.address))
    room.score("board", TRUST, 3)
    assert seen_by("council", room, "Sheet") == 1
    assert room.hand_in("board", TRUST).status_code == 302
    assert seen_by("board", room, "Sheet") == 2 and seen_by("council", room, "Sheet") == 2
    told = text(browser("board").get(room.address))
    assert "2 to 3" in told and "differ on 12 of 12" in told
    assert (
        seen_by("programme", room, "Round") == 0 and browser("programme").get(room.address).status_code == 404
    )


def test_only_its_own_people_score_for_a_party(room: Room) -> None:
    domain = f"{ABOUT.domains[0].slug}/"
    for who, name in (
        ("council", TRUST),
        ("board", COUNCIL),
        ("partnership", COUNCIL),
        ("council", VOLUNTARY),
    ):
        for more in ("", domain, "hand-in/", "send/", "form.xlsx"):
            assert browser(who).get(room.sheet(name, more)).status_code == 404, (who, name, more)
    assert browser("partnership").get(room.sheet(VOLUNTARY, domain)).status_code == 200
    assert browser("scrutiny").get(room.sheet(COUNCIL)).status_code == 403


def test_a_draft_is_kept_and_handing_in_asks_for_every_criterion(room: Room) -> None:
    page = room.sheet(COUNCIL, f"{ABOUT.domains[0].slug}/")
    council = browser("council")
    told = filled(council.get(page), 3, "We have one lead.")
    assert council.post(page, told).status_code == 302
    sheet = text(council.get(room.sheet(COUNCIL)))
    assert "2 of 2" in sheet and "these levels will not stand: One accountable lead; Inclusive board" in sheet
    refused = room.hand_in("council", COUNCIL)
    assert refused.status_code == 422 and "Not scored yet: Priorities from need" in text(refused)
    again = council.post(page, told)  # the page of before: somebody was faster
    assert again.status_code == 422 and "Somebody else has changed these scores" in text(again)


def test_what_was_handed_in_is_fixed_even_for_the_database(room: Room, workspace: Served) -> None:
    from django.db import DatabaseError

    from joinedup_web.governance.frameworks.models import Sheet as Scores

    room.score("council", COUNCIL)
    room.hand_in("council", COUNCIL)
    page = room.sheet(COUNCIL, f"{ABOUT.domains[0].slug}/")
    assert browser("council").post(page, {"edition": "6"}).status_code == 302
    with pytest.raises(DatabaseError, match="fixed"), acting("council"):
        Scores.objects.filter(round_id=room.id).update(scores={})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"one_accountable_lead-document": "Minutes"}, "A document has a title, a date and a link"),
        ({"one_accountable_lead-link": "ftp://a.b/c"}, "begins with https"),
        ({"one_accountable_lead-level": "9"}, "valid choice"),
        ({"one_accountable_lead-measure": "M999"}, "valid choice"),
        ({"new-level": "2"}, "Write what is scored"),
    ],
)
def test_what_does_not_hold_together_is_told_and_not_kept(
    room: Room, more: dict[str, str], told: str
) -> None:
    page, council = room.sheet(COUNCIL, f"{ABOUT.domains[0].slug}/"), browser("council")
    answer = council.post(page, {**filled(council.get(page), 2, "so"), **more})
    assert answer.status_code == 422 and told in text(answer)
    assert seen_by("council", room, "Sheet") == 0


def test_a_criterion_of_one_s_own_is_kept_apart(room: Room) -> None:
    own = {"new-own": "Our park", "new-level": "2", "new-reason": "It is green."}
    council, pages = browser("council"), [room.sheet(COUNCIL, f"{one.slug}/") for one in ABOUT.domains[:2]]
    assert council.post(pages[0], {**filled(council.get(pages[0]), 2, "so"), **own}).status_code == 302
    assert "Our park (own)" in text(council.get(room.sheet(COUNCIL)))
    twice = council.post(pages[1], {**filled(council.get(pages[1]), 2, "so"), **own})
    assert twice.status_code == 422 and "one of that name already" in text(twice)


def test_no_level_three_without_evidence_that_holds(room: Room) -> None:
    """Given a moderator, then level 3 needs a reason and evidence; a document of a later day is none."""
    room.all_in()
    assert browser("partnership").get(f"{room.address}do/moderate/").status_code == 403
    assert room.act("moderate").status_code == 302
    domain = ABOUT.domains[0]
    page = text(browser("partnership-chair").get(f"{room.address}agree/{domain.slug}/"))
    assert "All gave 2" in page and "allows level 2" in page and f"{VOLUNTARY}: 2. so" in page
    assert "Say why this level was agreed" in text(room.agree(domain.slug, 2, ""))
    refused = room.agree(domain.slug, 3)
    assert refused.status_code == 422 and "level 3, and evidence that holds allows 2" in text(refused)
    late, good = (
        {f"{one.slug}-{name}": value for one in domain.criteria for name, value in fields.items()}
        for fields in (
            {"document": "Minutes", "dated": "2026-11-02", "link": "https://a.invalid/m"},
            {"document": "Minutes", "dated": "2026-09-01", "link": "https://a.invalid/m"},
        )
    )
    assert room.agree(domain.slug, 3, **late).status_code == 422
    assert room.agree(domain.slug, 3, **good).status_code == 302
    send = room.act("send")
    assert send.status_code == 422 and "Not agreed yet: Priorities from need" in text(send)


def test_all_parties_sign_and_a_correction_is_a_new_version(room: Room, workspace: Served) -> None:
    from django.db import DatabaseError

    from joinedup_web.governance.frameworks.models import Agreement, Round

    room.signed()
    shown = text(browser("programme").get(room.address))
    assert "it is fixed" in shown and "Director" in shown and VOLUNTARY in shown
    assert seen_by("programme", room, "Sheet") == 0 and seen_by("programme", room, "Agreement") == 1
    for model, change in ((Round, {"day": date(2020, 1, 1)}), (Agreement, {"scores": {}})):
        key = {"pk": room.id} if model is Round else {"round_id": room.id}
        with pytest.raises(DatabaseError, match="fixed"), acting("partnership-chair"):
            model.objects.filter(**key).update(**change)
    corrected = room.act("correct", "A level was written down wrongly.")
    assert corrected.status_code == 302, text(corrected)
    second = str(corrected.headers["Location"])
    assert "version 2" in text(browser("partnership-chair").get(second))
    assert room.act("correct").status_code == 422  # one at a time
    assert "it is fixed" in text(browser("programme").get(room.address))
    assert browser("programme").get(second).status_code == 404


def test_nobody_signs_twice_or_for_another_and_a_signed_round_is_not_taken_back(room: Room) -> None:
    room.all_in()
    room.act("moderate")
    room.agree_all()
    room.act("send")
    assert browser("council").get(f"{room.address}sign/{room.party(TRUST)}/").status_code == 404
    assert room.sign("council", COUNCIL).status_code == 302
    twice = room.sign("council", COUNCIL)
    assert twice.status_code == 422 and "has signed already" in text(twice)
    back = room.act("take-back")
    assert back.status_code == 422 and "Begin a corrected version instead" in text(back)
    assert "Not yet" in text(browser("council").get(room.address))


def test_forms_go_out_and_come_in_and_a_fault_keeps_nothing(room: Room) -> None:
    """Given the workbook of a party, when it is filled in and sent, then it is the draft; faults are told by row."""
    council, send = browser("council"), room.sheet(COUNCIL, "send/")
    for kind in ("xlsx", "csv", "yaml"):
        blank = council.get(room.sheet(COUNCIL, f"form.{kind}"))
        assert blank.status_code == 200 and "attachment" in blank.headers["Content-Disposition"]
    book, _ = read_bytes(council.get(room.sheet(COUNCIL, "form.xlsx")).content, "a.xlsx")
    sheet = book.sheets[0]
    at = next(number for number, row in enumerate(sheet.rows) if row and row[0] == "Code")
    level = sheet.rows[at].index("Level")

    def form(value: Any) -> SimpleUploadedFile:
        rows = [
            (*row[:level], value, *row[level + 1 :]) if n > at else row for n, row in enumerate(sheet.rows)
        ]
        return SimpleUploadedFile("a.xlsx", write_xlsx(Workbook((Sheet("Scores", tuple(rows)),))))

    wrong = council.post(send, {"file": form(9.0)})
    assert wrong.status_code == 422 and "This is no level of the framework" in text(wrong)
    assert seen_by("council", room, "Sheet") == 0
    assert council.post(send, {"file": form(2.0)}).status_code == 302
    assert "2 of 2" in text(council.get(room.sheet(COUNCIL)))
    other = browser("board").post(room.sheet(TRUST, "send/"), {"file": form(2.0)})
    assert other.status_code == 422 and "this page is of" in text(other)
    nonsense = SimpleUploadedFile("a.xlsx", b"not a workbook")
    assert council.post(send, {"file": nonsense}).status_code == 422
    assert council.post(send, {"file": SimpleUploadedFile("a.exe", b"x")}).status_code == 422


def test_a_round_says_what_is_wrong_with_who_takes_part(django_here: Any) -> None:
    page, keeper = f"/frameworks/new/{ABOUT.slug}/{BRENT}/", browser("partnership")
    asked = {"unit": BRENT, "name": "Another", "day": "2026-10-30", "note": ""}
    for who, told in (("RV3\nRV3", "twice"), ("ZZ99", "No organisation has the code"), ("", "required")):
        answer = keeper.post(page, {**asked, "view_partner": who})
        assert answer.status_code == 422 and told in text(answer)
    same = keeper.post(page, {**asked, "name": "July 2026", "view_partner": "RV3"})
    assert same.status_code == 422 and "round of that name already" in text(same)
    panel = keeper.get(f"/frameworks/new/world_class_commissioning/{BRENT}/")
    assert "Brent Teaching PCT" in text(panel) and "Self-assessment" in text(panel)
    assert browser("manager").get(page).status_code == 404


def test_those_who_have_something_to_do_are_told(room: Room) -> None:
    assert f"{room.name}: the scores of {COUNCIL} are not handed in yet" in text(browser("council").get("/"))
    room.all_in()
    assert f"{room.name}: all have handed in" in text(browser("partnership-chair").get("/"))
    room.act("moderate")
    room.agree_all()
    room.act("send")
    assert f"{room.name}: the agreed levels wait for the signature of {COUNCIL}" in text(
        browser("council").get("/")
    )
