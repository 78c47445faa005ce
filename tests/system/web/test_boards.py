"""Boards as the chair meets them: an agenda of what is due, a quorum, a decision with dissent, the body above."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.system.web.board_people import (
    BOARD,
    GROUP,
    acting,
    attendance,
    browser,
    decision,
    item_in,
    opened,
    post,
    text,
    today,
    with_item,
)
from tests.system.web.conftest import Served

pytestmark = pytest.mark.usefixtures("boards_cleared")


def test_from_an_agenda_to_the_agenda_above(workspace: Served) -> None:
    """Given the demo's group, when the chair decides with dissent and escalates, it stands on the board's agenda."""
    front = text(browser().get("/boards/"))
    assert "Operational Delivery Group reports to Collaborative Board" in front and "<svg" in front
    meeting, item = with_item()
    page = text(browser().get(f"/boards/meetings/{meeting}/"))
    assert "Missing questionnaires" in page and "Not quorate: 0 of 7 seats" in page
    asked = decision(review_on=f"{today() + timedelta(days=60):%Y-%m-%d}")
    refused = post(f"/boards/items/{item}/do/decision/", asked)
    assert refused.status_code == 422 and "Nothing can be decided. Not quorate" in text(refused)
    came = post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    assert came.status_code == 302
    assert "Quorate: 5 of 7 seats" in text(browser().get(f"/boards/meetings/{meeting}/"))
    assert post(f"/boards/items/{item}/do/decision/", asked).status_code == 302
    page = text(browser().get(f"/boards/items/{item}/"))
    assert "One team" in page and "people know their own service" in page and "/number/A234567BCD/" in page
    above = post(f"/boards/items/{item}/do/escalate/", {"to_body": BOARD, "ask": "Money for one team"})
    assert above.status_code == 302
    assert "Awaiting" in text(browser().get(f"/boards/{GROUP}/"))
    assert "awaiting its answer" in text(browser().get(f"/boards/{BOARD}/"))
    board = opened(BOARD)
    agenda = text(browser().get(f"/boards/meetings/{board}/agenda/"))
    assert "From Operational Delivery Group: Missing questionnaires" in agenda and "escalated" in agenda
    arrived = item_in(board, "Missing questionnaires")
    assert "Money for one team" in text(browser().get(f"/boards/items/{arrived}/"))
    with acting():
        from joinedup_web.governance.boards.records import Escalation

        row = Escalation.objects.get(item_id=item)
    answered = post(f"/boards/records/{row.pk}/do/answer-escalation/", {"answer": "Agreed for a year."})
    assert answered.status_code == 302
    assert "Agreed for a year." in text(browser().get(f"/boards/{GROUP}/"))
    minutes = text(browser("board").get(f"/boards/meetings/{meeting}/minutes/"))
    assert "A draft: the record is not closed" in minutes and "Passed to Collaborative Board" in minutes


def test_what_is_escalated_goes_on_an_agenda_that_is_open_already() -> None:
    board, (_, item) = opened(BOARD), with_item()
    post(f"/boards/items/{item}/do/escalate/", {"to_body": BOARD, "ask": "Please decide"})
    assert "Missing questionnaires" in text(browser().get(f"/boards/meetings/{board}/agenda/"))
    again = post(f"/boards/items/{item}/do/escalate/", {"to_body": BOARD, "ask": "Please decide"})
    assert again.status_code == 422 and "passed there already" in text(again)
    with acting():
        from joinedup_web.governance.boards.records import Escalation

        row = Escalation.objects.get(item_id=item)
    back = post(f"/boards/records/{row.pk}/do/take-back-escalation/", {"reason": "settled by ourselves"})
    assert back.status_code == 302
    agenda = text(browser().get(f"/boards/meetings/{board}/agenda/"))
    assert "Missing questionnaires" not in agenda
    assert "settled by ourselves" in text(browser().get(f"/boards/meetings/{board}/"))
    late = post(f"/boards/records/{row.pk}/do/answer-escalation/", {"answer": "too late"})
    assert late.status_code == 422


def test_an_agenda_is_built_of_what_is_due_and_nothing_twice() -> None:
    """The demo's actions and decision come up when their days have come; what is left out is not built again."""
    from joinedup_web.governance.boards.records import Action, AgendaItem, Decision

    with acting():
        last = max(Action.objects.filter(body__slug=GROUP).values_list("due", flat=True))
        review = Decision.objects.get(body__slug=GROUP).review_on
    early = opened(on=today())
    with acting():
        due = Action.objects.filter(body__slug=GROUP, due__lte=today(), done_on=None).count()
        assert AgendaItem.objects.filter(meeting_id=early, kind="action").count() == due
        assert not AgendaItem.objects.filter(meeting_id=early, kind="review").exists()
    later = opened(on=max(last, review))
    with acting():
        found = list(AgendaItem.objects.filter(meeting_id=later).values_list("kind", "title"))
    kinds = [kind for kind, _ in found]
    assert kinds.count("action") == 2 and kinds.count("review") == 1
    assert "Decision 1 comes up for review: Each service by itself" in dict(found)["review"]
    item = item_in(later, "comes up for review")
    out = post(f"/boards/items/{item}/do/leave-out/", {"reason": "in the spring"})
    assert out.status_code == 302
    built = post(f"/boards/meetings/{later}/do/build/")
    assert built.status_code == 302
    with acting():
        assert AgendaItem.objects.filter(meeting_id=later).count() == len(found)
    assert "in the spring" in text(browser().get(f"/boards/meetings/{later}/"))
    assert "comes up for review" not in text(browser().get(f"/boards/meetings/{later}/agenda/"))
    assert post(f"/boards/items/{item}/do/put-back/").status_code == 302
    assert "comes up for review" in text(browser().get(f"/boards/meetings/{later}/agenda/"))


def test_late_returns_come_to_the_board_and_not_to_a_workstream(monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.organisations import registering
    from joinedup_web.organisations.registering import Matter

    told = [Matter("late-return-RKL-2026-08", "Returns of West London NHS Trust are late: August 2026")]
    monkeypatch.setattr(registering, "EXCEPTIONS", [lambda scope, on: told])
    assert "are late: August 2026" in text(browser().get(f"/boards/meetings/{opened(BOARD)}/"))
    assert "are late" not in text(browser().get(f"/boards/meetings/{opened('nwl-crisis')}/"))


def test_late_returns_are_those_of_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.returns import late

    monkeypatch.setattr(late, "received", list)
    with acting() as scope:
        found = late.late_returns(scope, today())
        trusts = late.trusts_that_send(today())
    assert {one.about.split("-")[2] for one in found} == {trust.code for trust in trusts}
    assert all("are late: " in one.words for one in found)
    with acting("resident") as scope:
        assert late.late_returns(scope, today()) == []


def test_who_leaves_for_an_item_does_not_count_for_it() -> None:
    meeting, item = with_item()
    post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=4))
    seat = next(name for name, state in attendance(meeting, present=4).items() if state == "present")
    declared = {
        "seat": seat.removeprefix("seat-"),
        "item": item,
        "what": "Runs that team",
        "handling": "leaves",
    }
    assert post(f"/boards/meetings/{meeting}/do/interest/", declared).status_code == 302
    refused = post(f"/boards/items/{item}/do/decision/", decision())
    assert refused.status_code == 422 and "Not quorate: 3 of 7" in text(refused)
    assert "Quorate: 4 of 7" in text(browser().get(f"/boards/meetings/{meeting}/"))
    assert "Runs that team" in text(browser().get(f"/boards/meetings/{meeting}/minutes/"))


WRONG = (
    ({"chosen": "Another"}, "one of them is chosen"), ({"options": "One team"}, "at least two options"),
    ({"evidence": "javascript:alert(1)"}, "neither the code"), ({"review_on": "2020-01-01"}, "before it is taken"),
    ({"review_on": "never"}, "valid date"), ({"reason": ""}, "required"), ({"question": "x" * 301}, "at most 300"),
    ({"reason": "\x00"}, "Null"), ({"options": "\n".join(map(str, range(30)))}, "At most 20 lines"),
)  # fmt: skip


def test_a_decision_that_does_not_hold_together_is_said_and_not_kept() -> None:
    meeting, item = with_item()
    post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    for wrong, words in WRONG:
        answer = post(f"/boards/items/{item}/do/decision/", decision(**wrong))
        assert answer.status_code == 422 and words in text(answer), wrong
    assert "Nothing was decided under this item" in text(browser().get(f"/boards/items/{item}/"))


def test_before_its_day_a_meeting_takes_apologies_and_decides_nothing() -> None:
    meeting = opened(on=today() + timedelta(days=3))
    post(f"/boards/meetings/{meeting}/do/item/", {"title": "Ahead", "purpose": "note"})
    item = item_in(meeting, "Ahead")
    sorry = dict.fromkeys(attendance(meeting, present=0), "apologies")
    assert post(f"/boards/meetings/{meeting}/do/attendance/", sorry).status_code == 302
    refused = post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    assert refused.status_code == 422 and "until then there are only apologies" in text(refused)
    for address, asked in (
        (f"/boards/items/{item}/do/decision/", decision()), (f"/boards/meetings/{meeting}/do/close/", {}),
    ):  # fmt: skip
        answer = post(address, asked)
        assert answer.status_code == 422 and "The meeting is on" in text(answer)


def test_a_closed_record_is_closed_and_can_be_opened_again() -> None:
    meeting, item = with_item()
    early = post(f"/boards/meetings/{meeting}/do/close/")
    assert early.status_code == 422 and "Nobody has said who came" in text(early)
    post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    action = {"what": "Ask the services", "owner": "Director of Strategy", "due": f"{today():%Y-%m-%d}"}
    assert post(f"/boards/items/{item}/do/action/", action).status_code == 302
    assert post(f"/boards/meetings/{meeting}/do/close/").status_code == 302
    closed = post(f"/boards/items/{item}/do/note/", {"note": "more", "edition": "1"})
    assert closed.status_code == 422 and "is closed" in text(closed)
    reopened = post(f"/boards/meetings/{meeting}/do/reopen/", {"reason": "a name was wrong"})
    assert reopened.status_code == 302
    assert post(f"/boards/items/{item}/do/note/", {"note": "more", "edition": "1"}).status_code == 302
    refused = post(f"/boards/meetings/{meeting}/do/cancel/", {"reason": "no"})
    assert refused.status_code == 422 and "decided or agreed something" in text(refused)
    out = post(f"/boards/items/{item}/do/leave-out/", {"reason": "no"})
    assert out.status_code == 422 and "decided or agreed under this item" in text(out)


def test_a_cancelled_meeting_comes_back() -> None:
    meeting = opened()
    assert post(f"/boards/meetings/{meeting}/do/cancel/", {"reason": "strike"}).status_code == 302
    assert "cancelled: strike" in text(browser().get(f"/boards/meetings/{meeting}/agenda/"))
    assert post(f"/boards/meetings/{meeting}/do/item/", {"title": "x", "purpose": "note"}).status_code == 422
    assert post(f"/boards/meetings/{meeting}/do/reopen/", {"reason": "called off"}).status_code == 302
    assert "In preparation" in text(browser().get(f"/boards/meetings/{meeting}/"))


def test_papers_have_authors_and_wait_for_those_who_clear_them() -> None:
    from joinedup_web.governance.boards.records import Clearance

    meeting, item = with_item()
    paper = {
        "title": "Options", "authors": "A Person, Director\nB Person, Lead\n", "clearances": "Chief Nurse\nFinance",
        "summary": "", "link": "https://example.invalid/paper",
    }  # fmt: skip
    assert post(f"/boards/items/{item}/do/paper/", paper).status_code == 302
    nobody = post(f"/boards/items/{item}/do/paper/", {**paper, "authors": " \n "})
    assert nobody.status_code == 422
    agenda = text(browser().get(f"/boards/meetings/{meeting}/agenda/"))
    assert "by A Person, Director; B Person, Lead" in agenda and "Not yet cleared by Chief Nurse" in agenda
    with acting():
        row = Clearance.objects.get(paper__item_id=item, office="Chief Nurse")
    assert post(f"/boards/records/{row.pk}/do/clear/").status_code == 302
    agenda = text(browser().get(f"/boards/meetings/{meeting}/agenda/"))
    assert "Cleared by Chief Nurse" in agenda and "Not yet cleared by Finance" in agenda
    assert post(f"/boards/records/{row.pk}/do/clear/").status_code == 422


def test_actions_and_decisions_end_and_can_be_undone() -> None:
    from joinedup_web.governance.boards.records import Action, Decision

    with acting():
        action = Action.objects.filter(body__slug=GROUP).order_by("number").first()
        taken = Decision.objects.get(body__slug=GROUP)
    done = post(f"/boards/records/{action.pk}/do/finish-action/", {"outcome": "Written down."})
    assert done.status_code == 302 and "Written down." in text(
        browser().get(f"/boards/items/{action.item_id}/")
    )
    assert post(f"/boards/records/{action.pk}/do/reopen-action/", {"reason": "not quite"}).status_code == 302
    with acting():
        assert Action.objects.get(pk=action.pk).done_on is None
    closed = post(f"/boards/records/{taken.pk}/do/take-back-decision/", {"reason": "wrong"})
    assert closed.status_code == 422 and "closed" in text(closed)
    reviewed = post(
        f"/boards/records/{taken.pk}/do/review-decision/", {"review": "It works.", "again_on": ""}
    )
    assert reviewed.status_code == 302
    assert "It works." in text(browser().get(f"/boards/{GROUP}/decisions/"))
    meeting, item = with_item()
    post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    post(f"/boards/items/{item}/do/decision/", decision())
    with acting():
        row = Decision.objects.get(item_id=item)
    assert (
        post(f"/boards/records/{row.pk}/do/take-back-decision/", {"reason": "not agreed"}).status_code == 302
    )
    assert row.number == 2 and "Taken back" in text(browser().get(f"/boards/items/{item}/"))


def test_who_was_slower_is_told_and_overwrites_nothing() -> None:
    _, item = with_item()
    assert post(f"/boards/items/{item}/do/note/", {"note": "first", "edition": "1"}).status_code == 302
    second = post(f"/boards/items/{item}/do/note/", {"note": "second", "edition": "1"})
    assert second.status_code == 422 and "Somebody else has changed this" in text(second)
    assert "first" in text(browser().get(f"/boards/items/{item}/"))


def test_of_two_who_open_the_same_meeting_at_once_one_does() -> None:
    from django.db import connection

    from joinedup.errors import YourCommand
    from joinedup_web.governance.boards.asking import body_of
    from joinedup_web.governance.boards.meeting_actions import open_meeting

    said: list[str] = []
    ready = threading.Barrier(2, timeout=60)

    def opens() -> None:
        try:
            with acting() as scope:
                body = body_of(GROUP)
                assert body is not None
                ready.wait()
                open_meeting(by=scope, body=body, on=today())
            said.append("opened")
        except YourCommand as error:
            said.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=opens) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert sorted(said) == ["There is a meeting on that day already.", "opened"]
