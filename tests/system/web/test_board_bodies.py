"""Bodies of the boards: entered and changed, read by their seats, kept by nobody else, and what leaves of them."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.system.web.board_people import (
    BOARD,
    GROUP,
    KEEPER,
    acting,
    attendance,
    browser,
    decision,
    opened,
    post,
    text,
    today,
    with_item,
)
from tests.system.web.conftest import Served

pytestmark = pytest.mark.usefixtures("boards_cleared")
NOWHERE = "00000000-0000-0000-0000-000000000001"


ASKED = {
    "place": KEEPER, "name": "Peer <b>review</b> group", "kind": "workstream", "formal": "", "host": "",
    "reports_to": GROUP, "valid_from": "2026-01-01", "every": "1", "week": "2", "weekday": "TU", "starts_on": "",
    "begins_at": "10:00", "minutes": "60", "venue": "", "terms": "Peers look at each other's work.",
    "reason": "agreed by the group",
}  # fmt: skip
CHANGE = {**ASKED, "name": "Peers", "quorum": "1", "edition": "1", "reason": "shorter"}


def entered() -> str:
    """A group of its own with one seat, which makes its quorum; its slug."""
    made = post("/boards/new/", ASKED)
    assert made.status_code == 302, text(made)
    slug = str(made.headers["Location"]).split("/")[-2]
    page = text(browser().get(f"/boards/{slug}/"))
    assert "Monthly, on the second Tuesday" in page and "<b>review" not in page
    seat = {"office": "Lead", "organisation": "RV3", "sector": "nhs_provider", "needed": "yes"}
    told = {**seat, "from_day": "2026-01-01", "reason": "leads it"}
    assert post(f"/boards/{slug}/do/seat/", told).status_code == 302
    assert post(f"/boards/{slug}/do/change/", CHANGE).status_code == 302
    return slug


def test_a_body_is_entered_changed_and_never_reports_to_itself() -> None:
    slug = entered()
    stale = post(f"/boards/{slug}/do/change/", CHANGE)
    assert stale.status_code == 422 and "Somebody else" in text(stale)
    many = post(f"/boards/{slug}/do/change/", {**CHANGE, "quorum": "2", "edition": "2"})
    assert many.status_code == 422 and "It has 1 seats" in text(many)
    board = text(browser().get(f"/boards/{BOARD}/do/change/"))
    assert 'value="nwl-board"' not in board
    with acting() as scope:
        from joinedup.errors import YourCommand
        from joinedup_web.governance.boards.actions import change_body
        from joinedup_web.governance.boards.asking import body_of
        from joinedup_web.governance.boards.forms import BodyForm

        above, below = body_of(BOARD), body_of(slug)
        told = {**CHANGE, "reports_to": slug, "quorum": "5", "edition": str(above.edition)}
        form = BodyForm(told, scope=scope, thing=above)
        assert form.is_valid() and below is not None
        with pytest.raises(YourCommand, match="lead back to this body"):
            change_body(by=scope, body=above, **form.asked())


def test_terms_have_versions_and_parts_of_a_body_end() -> None:
    slug = entered()
    terms = {"text": "Longer terms.", "from_day": "2026-06-01", "reason": "first year over"}
    assert post(f"/boards/{slug}/do/terms/", terms).status_code == 302
    assert "Version 2" in text(browser().get(f"/boards/{slug}/"))
    lent = {"what": "To choose dates", "from_whom": "The board", "limits": "none", "from_day": "2026-01-01"}
    assert post(f"/boards/{slug}/do/delegation/", {**lent, "last_day": "", "reason": "x"}).status_code == 302
    with acting():
        from joinedup_web.governance.boards.models import Delegation, Seat

        row, held = Delegation.objects.get(body__slug=slug), Seat.objects.get(body__slug=slug)
    assert post(f"/boards/parts/{row.pk}/end/", {"last_day": "2026-02-01", "reason": "x"}).status_code == 302
    last = post(f"/boards/parts/{held.pk}/end/", {"last_day": "2026-02-01", "reason": "x"})
    assert last.status_code == 422 and "Lower the quorum first" in text(last)


@pytest.mark.parametrize(
    ("who", "page", "reads"),
    [
        ("board", "body", True), ("board", "meeting", True), ("analyst", "meeting", True),
        ("scrutiny", "meeting", False), ("clinician", "meeting", False), ("resident", "body", True),
    ],
)  # fmt: skip
def test_seats_read_and_nobody_else(who: str, page: str, reads: bool) -> None:
    meeting = opened()
    addresses = {"body": f"/boards/{GROUP}/", "meeting": f"/boards/meetings/{meeting}/"}
    assert browser(who).get(addresses[page]).status_code == (200 if reads else 404)
    if not reads:
        assert "Its meetings are read by those" in text(browser(who).get(f"/boards/{GROUP}/"))


def test_who_may_not_keep_a_record_finds_nothing_to_change(workspace: Served) -> None:
    meeting, item = with_item()
    acts = (
        f"/boards/meetings/{meeting}/do/cancel/", f"/boards/items/{item}/do/note/", f"/boards/{GROUP}/do/seat/",
        f"/boards/{GROUP}/open/",
    )  # fmt: skip
    for address in acts:
        assert browser("board").get(address).status_code == 404
        assert post(address, {"reason": "x", "note": "x"}, "board").status_code == 404
        assert browser("analyst").get(address).status_code == 403
    assert browser("resident").get(f"/boards/meetings/{meeting}/").status_code == 403
    for address in ("/boards/new/", f"/boards/{GROUP}/do/nothing/", f"/boards/items/{NOWHERE}/"):
        assert browser().get(address).status_code == (200 if address == "/boards/new/" else 404)
    assert post("/boards/new/", {"place": KEEPER}, "board").status_code == 422
    seen = {"RV3": 1, "RKL": 1, "RYX": 0, "GB-LAE-BEN": 0}
    for place, count in seen.items():
        with psycopg.connect(workspace.app) as connection:
            connection.execute(
                "SELECT set_config('joinedup.places', %s, true), set_config('joinedup.person', 'x', true)",
                [place],
            )
            rows = connection.execute(
                "SELECT count(*) FROM boards_meeting WHERE id = %s", [meeting]
            ).fetchone()
            assert rows == (count,), place
            changed = connection.execute("UPDATE boards_meeting SET venue = 'x'").rowcount
            assert changed == 0
            assert connection.execute("SELECT count(*) FROM boards_meetingevent").fetchone() == (0,)


def test_actions_refuse_by_themselves() -> None:
    """The second wall: an action asks again, whatever the page has let through."""
    from joinedup.errors import YourCommand
    from joinedup_web.governance.boards import deciding, meeting_actions
    from joinedup_web.governance.boards.asking import body_of
    from joinedup_web.governance.boards.records import AgendaItem

    _, item = with_item()
    with acting("board") as scope:
        row, group = AgendaItem.objects.get(pk=item), body_of(GROUP)
        with pytest.raises(YourCommand, match="kept by the board members"):
            deciding.agree_action(by=scope, item=row, what="x", owner="x", due=today())
        with pytest.raises(YourCommand, match="kept by the board members"):
            meeting_actions.open_meeting(by=scope, body=group, on=today())
    with acting() as scope:
        outside = body_of("nwl-icb-executive")
        with pytest.raises(YourCommand, match="keeps its own record"):
            meeting_actions.open_meeting(by=scope, body=outside, on=today())
        with pytest.raises(YourCommand, match="That day is over"):
            meeting_actions.open_meeting(by=scope, body=group, on=today() - timedelta(days=1))
        crisis = body_of("nwl-crisis")
        with pytest.raises(YourCommand, match="the body above or to an outside body"):
            deciding.escalate(by=scope, item=row, to_body=crisis, ask="x")
        deciding.escalate(by=scope, item=row, to_body=outside, ask="x")


def test_meetings_leave_as_a_calendar_and_decisions_as_a_feed() -> None:
    from defusedxml.ElementTree import fromstring
    from icalendar import Calendar

    meeting, _ = with_item()
    answer = browser("board").get(f"/boards/{GROUP}/meetings.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    days = [one["DTSTART"].dt for one in events]
    assert len({str(one["UID"]) for one in events}) == len(events) >= 13
    assert all(one.tzinfo is not None and (one.hour, one.minute) == (14, 0) for one in days)
    stated = {one["DTSTART"].dt.date(): str(one["STATUS"]) for one in events}
    assert stated[today()] == "CONFIRMED" and "TENTATIVE" in stated.values()
    assert b"VTIMEZONE" in answer.content
    post(f"/boards/meetings/{meeting}/do/cancel/", {"reason": "strike"})
    again = Calendar.from_ical(browser().get(f"/boards/{GROUP}/meetings.ics").content).walk("VEVENT")
    assert {one["DTSTART"].dt.date(): str(one["STATUS"]) for one in again}[today()] == "CANCELLED"
    feed = browser("board").get(f"/boards/{GROUP}/decisions.rss")
    items = fromstring(feed.content).findall("channel/item")
    assert [one.findtext("title") for one in items] == ["Decision 1: Each service by itself"]
    assert "Dissent: Expert by experience" in (items[0].findtext("description") or "")
    for address in ("meetings.ics", "decisions.rss", "decisions/"):
        assert browser("scrutiny").get(f"/boards/{GROUP}/{address}").status_code == 404


def test_every_step_is_in_the_audit_and_sealed(workspace: Served) -> None:
    from django.apps import apps

    from joinedup_web.governance.boards.telling import WORDS, words
    from joinedup_web.organisations.chain import verify

    meeting, item = with_item()
    post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    post(f"/boards/items/{item}/do/decision/", decision())
    with acting() as scope:
        chains = verify()
        assert [one.place for one in chains] == [KEEPER] and not chains[0].faults
        rows = {
            model: apps.get_model("boards", f"{model}Event").objects.order_by("-pgh_id").first()
            for model in WORDS
        }
        assert rows["Decision"].pgh_context["person"] == str(scope.person.pk)
        told = {model: words(model, row) for model, row in rows.items() if row is not None}
    assert told["Decision"] == "Decision entered: 2" and told["AgendaItem"].endswith("Missing questionnaires")
    assert set(told) >= {"Body", "Terms", "Seat", "Delegation", "Meeting", "Attendance", "Action"}
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [KEEPER])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE boards_decisionevent SET chosen = 'another'")


def test_the_chair_is_told_of_overdue_actions() -> None:
    front = text(browser().get("/"))
    from joinedup_web.governance.boards.records import Action

    with acting():
        late = Action.objects.filter(done_on=None, due__lt=today()).count()
    assert ("overdue" in front) is bool(late)
    assert "overdue" not in text(browser("board").get("/"))
