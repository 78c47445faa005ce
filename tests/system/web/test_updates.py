"""Updates: asked for without an account, confirmed once, a letter a week of what is public, and gone at one click.

Each test lives in a transaction that is taken back, so that the worker of the workspace sees nothing of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import psycopg
import pytest
from icalendar import Calendar

from tests.system.web.board_people import (
    GROUP,
    acting,
    browser,
    text,
    today,
)
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.scrutiny_tracker import ROWS, Room, published, workbook
from tests.system.web.test_access_matrix import client
from tests.system.web.test_emergencies import Post, post
from tests.system.web.update_people import (
    ABOUT_BRENT,
    ABOUT_GROUP,
    Resident,
    act,
    body_of,
    decided,
    held,
    in_public,
    monday,
    write,
)

__all__ = ["post"]


@pytest.fixture(autouse=True)
def taken_back(django_here: Any) -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def no_figures(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cube of the workspace is read by one test alone."""
    monkeypatch.setattr("joinedup_web.governance.updates.figures.published", lambda: None)


@pytest.fixture
def resident(post: Post) -> Resident:
    return Resident(post)


@pytest.fixture
def room(django_here: Any) -> Room:
    made = Room()
    assert made.bring_in(workbook(*ROWS)).status_code == 302
    return made


def test_from_a_page_to_a_letter_and_away_at_one_click(resident: Resident, room: Room) -> None:
    """Given a row made public, when a resident confirms, then Monday's letter quotes it with its link, once."""
    own = resident.subscribe(ABOUT_BRENT)
    (*_, first) = resident.letters()
    assert "London Borough of Brent" in body_of(first) and "List-Unsubscribe" not in first
    assert room.say(room.officer, "Tracker!2", "public/").status_code == 302
    now = monday()
    assert write(now)[0] >= 1
    assert write(now + timedelta(hours=1)) == (0, 0), "once a week, however often the job runs"
    (weekly,) = [one for one in resident.letters() if "List-Id" in one]
    resident.letters()
    assert len([one for one in resident.letters() if "List-Id" in one]) == 1
    plain, html = body_of(weekly), body_of(weekly, "html")
    assert (
        "See nine in ten people within six weeks." in plain
        and f"/promises/#row-{room.row('Tracker!2').pk}" in plain
    )
    assert (
        "<blockquote>See nine in ten people within six weeks." in html
        and "Publish how many beds" not in plain + html
    )
    assert weekly["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = re.search(r"<https?://[^/]+(/updates/leave/[^>]+)>", weekly["List-Unsubscribe"])
    assert leave is not None and "text/html" in weekly.as_string() and resident.address not in plain + html
    assert write(monday(2)) == (0, 1), "told already: nothing new, no letter"
    page = resident.browser.get(own)
    assert (
        page.status_code == 200
        and "London Borough of Brent" in text(page)
        and resident.address not in text(page)
    )
    from django.test import Client

    program = Client(enforce_csrf_checks=True, **AS_DJANGO)
    assert program.get(leave.group(1)).status_code == 200 and resident.browser.get(own).status_code == 200
    assert "Choose less" in plain and "No more letters" not in text(resident.browser.get(own))
    one_click = program.post(
        leave.group(1), "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert one_click.status_code == 200 and "is erased" in text(one_click)
    assert program.post(leave.group(1)).status_code == 200, "a second click is the same"
    assert "No more letters" in text(resident.browser.get(own))
    assert held(resident) == []


def test_before_it_is_confirmed_only_one_letter_is_sent(resident: Resident, room: Room) -> None:
    room.say(room.officer, "Tracker!2", "public/")
    assert resident.ask().status_code == 302
    link = resident.link()
    assert write(monday())[0] == 0 and len(resident.letters()) == 1
    assert "Yes, send them" in text(resident.browser.get(link)) and held(resident) == ["Asking"]
    assert resident.browser.post(link).status_code == 302 and held(resident) == ["Reader"]
    assert resident.browser.post(link).status_code == 404, "a link is used once"
    assert resident.browser.get("/updates/confirm/none/").status_code == 404


def test_a_link_is_for_one_purpose_signed_and_too_old_after_two_days(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup_web.governance.updates.posting import forget

    resident.ask()
    link = resident.link()
    token = link.split("/")[3]
    for wrong in (f"/updates/mine/{token}/", f"/updates/leave/{token}/", f"/updates/confirm/{token[:-2]}xx/"):
        assert resident.browser.post(wrong).status_code == 404
    later = time.time() + 49 * 3600
    with monkeypatch.context() as moved:
        moved.setattr("django.core.signing.time.time", lambda: later)
        assert resident.browser.post(link).status_code == 404
    from django.utils import timezone

    assert forget(timezone.now() + timedelta(hours=49)) >= 1 and held(resident) == []


def test_the_answer_does_not_say_whether_an_address_is_known_and_asking_is_limited(
    resident: Resident, post: Post
) -> None:
    resident.subscribe()
    stranger = Resident(post)
    known, unknown = stranger.ask(address=resident.address), stranger.ask()
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    for _ in range(4):
        assert stranger.ask(address=resident.address).status_code == 302
    before = len(resident.letters())
    stranger.ask(address=resident.address)
    assert len(resident.letters()) == before <= 3, "an address is written to three times at once at most"
    answers = [stranger.ask(address=f"{uuid4().hex}@x.example").status_code for _ in range(8)]
    assert answers[0] == 302 and answers[-1] == 429, "and a client asks ten times"


@pytest.mark.parametrize("told", [{}, {"email": "a@b.example"}, {"choices": ABOUT_BRENT, "email": "no"},
                                  {"choices": "place/RKL", "email": "a@b.example"}])  # fmt: skip
def test_a_form_says_what_is_wrong(told: dict[str, str], resident: Resident) -> None:
    answer = resident.browser.post("/updates/", told)
    assert answer.status_code == 422 and "There is a problem" in text(answer)


def test_what_is_not_public_is_in_no_page_feed_calendar_or_letter(resident: Resident, room: Room) -> None:
    """Given rows, meetings and decisions of every kind behind closed doors, when anyone asks, then none of them."""
    from joinedup_web.governance.boards.models import Body

    with acting():
        Body.objects.filter(slug=GROUP).update(public_since=None)
    title = f"Secret {uuid4().hex[:6]}"
    meeting, _ = decided(title)
    assert resident.browser.get(f"/updates/body/{GROUP}/").status_code == 404
    assert resident.browser.get(f"/updates/body/{GROUP}/meetings.ics").status_code == 404
    in_public()
    with acting():
        Body.objects.filter(slug=GROUP).update(public_since=today() + timedelta(days=1))
    act(meeting, "close")
    resident.subscribe(ABOUT_BRENT, ABOUT_GROUP)
    where = [f"/updates/{one}/{what}" for one in (ABOUT_BRENT, ABOUT_GROUP) for what in ("", "feed.rss")]
    shown = "".join(
        text(resident.browser.get(one)) for one in (*where, f"/updates/{ABOUT_GROUP}/meetings.ics")
    )
    write(monday())
    shown += "".join(body_of(one) for one in resident.letters())
    assert title not in shown and "See nine in ten" not in shown and "Publish how many beds" not in shown


def test_a_body_that_meets_in_public_shows_agendas_issued_and_decisions_of_closed_records(
    resident: Resident,
) -> None:
    in_public()
    title = f"Open {uuid4().hex[:6]}"
    meeting, _ = decided(title)
    page, feed = f"/updates/{ABOUT_GROUP}/", f"/updates/{ABOUT_GROUP}/feed.rss"
    assert title not in text(resident.browser.get(page)), "prepared: not issued yet"
    act(meeting, "issue")
    told = text(resident.browser.get(page))
    assert "On the agenda: " in told and title in told and "decided: One team" not in told
    act(meeting, "close")
    told = text(resident.browser.get(page))
    assert "decided: One team" in told and "Dissent: Expert by experience" in told and "A lead" not in told
    entries = fromstring(resident.browser.get(feed).content).findall("./channel/item")
    again = fromstring(resident.browser.get(feed).content).findall("./channel/item")
    ids = [one.findtext("guid") for one in entries]
    assert ids == [one.findtext("guid") for one in again] and len(ids) == len(set(ids)) >= 2
    for one in entries:
        link = one.findtext("link") or ""
        anchor = link.partition("#")[2]
        assert link.startswith("http") and f'id="{anchor}"' in resident.browser.get(page).content.decode()
    calendar = Calendar.from_ical(resident.browser.get(f"/updates/{ABOUT_GROUP}/meetings.ics").content)
    days = [event.decoded("dtstart").date() for event in calendar.walk("VEVENT")]
    assert today() in days
    assert resident.browser.get(f"/updates/{ABOUT_BRENT}/meetings.ics").status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again(resident: Resident, room: Room) -> None:
    room.say(room.officer, "Tracker!2", "public/")
    address = f"/updates/{ABOUT_BRENT}/feed.rss"
    first = resident.browser.get(address)
    root = fromstring(first.content)
    assert (
        root.tag == "rss"
        and root.get("version") == "2.0"
        and first.headers["Content-Type"].startswith("application/rss")
    )
    assert "See nine in ten" in first.content.decode()
    second = resident.browser.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (second.status_code, second.content) == (304, b"")


def test_a_meeting_to_come_is_told_and_a_decision_once(resident: Resident) -> None:
    in_public()
    resident.subscribe(ABOUT_GROUP)
    title = f"Soon {uuid4().hex[:6]}"
    meeting, _ = decided(title)
    act(meeting, "issue")
    assert write(monday())[0] == 1
    (weekly,) = [one for one in resident.letters() if "List-Id" in one]
    assert "MEETINGS TO COME" in body_of(weekly) and title in body_of(weekly)
    act(meeting, "close")
    assert write(monday(2))[0] == 1
    newest = body_of(resident.letters()[-1])
    assert "DECISIONS" in newest and "decided: One team" in newest
    assert write(monday(3)) == (0, 1)


def test_choosing_less_and_nothing(resident: Resident) -> None:
    in_public()
    own = resident.subscribe(ABOUT_BRENT, ABOUT_GROUP)
    assert resident.browser.post(own, {"choices": [ABOUT_GROUP]}).status_code == 302
    page = resident.browser.get(own).content.decode()
    assert ABOUT_GROUP in page and ABOUT_BRENT not in page
    assert resident.browser.post(own, {}).status_code == 422
    assert resident.browser.post(own, {"choices": [ABOUT_BRENT]}).status_code == 422


def test_a_letter_that_is_refused_waits_and_is_sent_later_once(
    resident: Resident, room: Room, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from joinedup_web.governance.updates import posting
    from joinedup_web.governance.updates.counting import counts

    resident.subscribe()
    room.say(room.officer, "Tracker!2", "public/")
    write(monday())
    post.refuses = True
    assert posting.send_due() == 0 and counts()["waiting"] == 1
    post.refuses = False
    assert posting.send_due() == 0, "it waits a while first"
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(posting.timezone, "now", lambda: later)
    assert posting.send_due() == 1 and posting.send_due() == 0
    (week, *_rest) = counts()["weeks"]
    assert (week["written"], week["sent"]) == (1, 1) and "@" not in str(counts())


def test_a_stop_after_the_mail_server_s_yes_sends_the_same_letter_again_and_no_other(
    resident: Resident, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup_web.governance.updates import posting
    from joinedup_web.governance.updates.models import Digest

    resident.subscribe()
    room.say(room.officer, "Tracker!2", "public/")
    write(monday())

    def killed(self: Any, *given: Any, **more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(Digest, "save", killed)
        posting.send_due()
    assert posting.send_due() == 1 and posting.send_due() == 0
    two = [one for one in resident.letters() if "List-Id" in one]
    assert len(two) == 2 and len({one["Message-ID"] for one in two}) == 1


def test_letters_of_a_week_are_written_all_or_none(
    resident: Resident, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup_web.governance.updates import posting

    resident.subscribe()
    room.say(room.officer, "Tracker!2", "public/")
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(posting, "_write", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        write(monday())
    assert write(monday())[0] == 1


def test_no_address_stands_in_the_database_s_other_tables_or_its_jobs(
    resident: Resident, room: Room, caplog: pytest.LogCaptureFixture, post: Post
) -> None:
    from django.db import connection

    post.refuses = True
    resident.ask()
    resident.letters()
    name = resident.address.partition("@")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('joinedup.updates', 'post', true)")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{name}%"])
            assert cursor.fetchone() == (0,), table
    assert name not in caplog.text and "could not be sent" in caplog.text


def test_the_database_shows_a_row_to_whoever_names_it_and_to_nobody_else(resident: Resident) -> None:
    from joinedup_web.governance.updates.models import Choice, Reader
    from joinedup_web.governance.updates.telling import POST, shown

    own = resident.subscribe()
    assert Reader.objects.count() == 0
    with shown(POST):
        mine = Reader.objects.latest("since")
    for names, choices, readers in (
        ((), 0, 0),
        ((uuid4(),), 0, 0),
        ((mine.pk,), 1, 1),
        ((mine.known_by,), 0, 1),
    ):
        with shown(*names):
            assert Choice.objects.filter(reader_id=mine.pk).count() == choices
            assert Reader.objects.filter(pk=mine.pk).count() == readers
    assert own.startswith("/updates/mine/") and str(mine.pk) not in own


def test_figures_are_told_of_without_a_number(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = published(10_000, 91)
    monkeypatch.setattr("joinedup_web.governance.updates.figures.published", lambda: newest)
    from joinedup_web.governance.updates.figures import figures_published

    one = figures_published()[0]
    page = text(resident.browser.get(f"/updates/measure/{one.measure.slug}/"))
    assert f"New figures were published: {one.measure.title}" in page and one.last in page
    assert "%" not in re.sub(r"<[^>]+>", "", page)


def test_only_whoever_keeps_a_body_says_that_it_meets_in_public(django_here: Any) -> None:
    for role in ("analyst", "scrutiny_officer", "resident"):
        answer = client(role).post(f"/boards/{GROUP}/do/public/", {"public": "yes", "reason": "mine"})
        assert answer.status_code in (403, 404)
    outside = browser().post("/boards/nwl-icb-executive/do/public/", {"public": "yes", "reason": "so"})
    assert outside.status_code == 422 and "keeps its own record" in text(outside)


def test_the_operator_s_letter_and_counts_name_nobody(resident: Resident, room: Room) -> None:
    from joinedup_web.config.updates_command import _letter
    from joinedup_web.governance.updates.counting import counts

    resident.subscribe()
    room.say(room.officer, "Tracker!2", "public/")
    letter = _letter(ABOUT_BRENT, 7)
    assert "See nine in ten" in letter["text"] and "<blockquote>" in letter["html"]
    assert _letter("topic/ophthalmology", 7) == {}
    assert counts()["readers"] >= 1 and resident.address not in str(counts())


def test_without_a_setting_the_database_shows_no_body_to_anyone(workspace: Served) -> None:
    with psycopg.connect(workspace.app) as connection:
        for table in ("body", "meeting", "agendaitem", "decision", "seat"):
            assert connection.execute(f"SELECT count(*) FROM boards_{table}").fetchone() == (0,)
