"""What anyone may read of bodies that meet in public: agendas that were issued, decisions of records that are closed.

The database itself holds the same line, for a page that says it is the public one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch

from joinedup_web.governance.boards.feeds import calendar_of
from joinedup_web.governance.boards.models import Body, Seat
from joinedup_web.governance.boards.records import HELD, PREPARED, AgendaItem, Decision, Meeting
from joinedup_web.organisations.row_security import as_public


@dataclass(frozen=True)
class PublicMeeting:
    """A meeting with the titles on its agenda, and its decisions once the record is closed."""

    meeting: Meeting
    titles: tuple[str, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class PublicBody:
    """A body that meets in public, the organisations with a seat on it, and what is public of its meetings."""

    body: Body
    organisations: frozenset[str]
    meetings: tuple[PublicMeeting, ...]


def public_bodies() -> list[PublicBody]:
    """Every body that meets in public, by name."""
    with as_public():
        rows = Body.objects.exclude(public_since=None).select_related("place").order_by("name")
        return [PublicBody(one, _organisations(one), _meetings(one)) for one in rows]


def public_calendar(slug: str, page: str, now: datetime) -> bytes | None:
    """The calendar of a body that meets in public, as RFC 5545 has it; None for any other."""
    with as_public():
        body = Body.objects.exclude(public_since=None).filter(slug=slug).first()
        if body is None:
            return None
        return calendar_of(
            body, [one.meeting for one in _meetings(body)], page, settings.ALLOWED_HOSTS[0], now
        )


def _meetings(body: Body) -> tuple[PublicMeeting, ...]:
    items = AgendaItem.objects.filter(left_out="").order_by("position")
    decisions = Decision.objects.order_by("number")
    rows = Meeting.objects.filter(body=body, on__gte=body.public_since).exclude(state=PREPARED).order_by("on")
    found = rows.prefetch_related(Prefetch("items", items), Prefetch("items__decisions", decisions))
    return tuple(_told(one) for one in found)


def _told(meeting: Meeting) -> PublicMeeting:
    items = list(meeting.items.all())
    decided = tuple(one for item in items for one in item.decisions.all()) if meeting.state == HELD else ()
    return PublicMeeting(meeting, tuple(item.title for item in items), decided)


def _organisations(body: Body) -> frozenset[str]:
    held = Seat.objects.filter(body=body, valid_to=None).exclude(organisation=None)
    return frozenset(held.values_list("organisation_id", flat=True)) | {body.place_id}
