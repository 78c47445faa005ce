"""A body's meetings for calendars (RFC 5545, by icalendar) and its decisions for readers of feeds (RSS, by Django)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from icalendar import Calendar, Event

from joinedup_web.governance.boards.cadence import next_days
from joinedup_web.governance.boards.models import Body
from joinedup_web.governance.boards.records import CANCELLED, Decision, Meeting

LONDON = ZoneInfo("Europe/London")
AHEAD = 12
"""Days of the rule that a calendar holds beyond the meetings that are open."""


def calendar_of(body: Body, meetings: Iterable[Meeting], page: str, host: str, now: datetime) -> bytes:
    """An iCalendar file: meetings as they are entered, then the days of the rule, which are tentative.

    An event keeps its identity (body and day) when its agenda is opened, so that a calendar changes it, not adds one.
    """
    found = Calendar()
    found.add("prodid", "-//joinedup//boards//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", body.name)
    entered = {meeting.on: meeting for meeting in meetings}
    ruled = next_days(body.rule, body.starts_on, timezone.localdate(now), AHEAD)
    for on in sorted({*entered, *ruled}):
        found.add_component(_event(body, on, entered.get(on), page, host, now))
    found.add_missing_timezones()
    return bytes(found.to_ical())


def feed_of(body: Body, decisions: Iterable[Decision], page: str, own: str) -> str:
    """An RSS feed of the decisions of a body; those that were taken back say so."""
    feed = Rss201rev2Feed(
        title=f"Decisions of {body}", link=page, description=f"What {body} decided, and why.", feed_url=own,
        language="en-gb",
    )  # fmt: skip
    for one in decisions:
        feed.add_item(
            title=f"{'Taken back: ' if one.taken_back else ''}{one}", link=f"{page}#decision-{one.number}",
            description=_told(one), unique_id=str(one.pk), unique_id_is_permalink=False,
            pubdate=datetime.combine(one.on, time(12), LONDON),
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def _event(
    body: Body, on: date, meeting: Meeting | None, page: str, host: str, now: datetime
) -> Any:  # fmt: skip
    held = meeting or body
    begins = datetime.combine(on, held.begins_at, LONDON)
    event = Event()
    event.add("uid", f"{body.pk}-{on:%Y%m%d}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=held.minutes))
    event.add("summary", body.name)
    event.add("url", page)
    if held.venue:
        event.add("location", held.venue)
    state = "TENTATIVE" if meeting is None else "CANCELLED" if meeting.state == CANCELLED else "CONFIRMED"
    event.add("status", state)
    return event


def _told(one: Decision) -> str:
    parts = [
        one.question,
        f"Options: {'; '.join(one.options.splitlines())}.",
        f"Chosen: {one.chosen}.",
        one.reason,
    ]
    if one.dissent:
        parts.append(f"Dissent: {one.dissent}")
    if one.review_on:
        parts.append(f"To be looked at again on {one.review_on:%-d %B %Y}.")
    return " ".join(parts)
