"""What people do to meetings: open, build the agenda, issue it, record who came, close. Triggers write the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pghistory
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.governance.boards.agenda import Due, due
from joinedup_web.governance.boards.checking import (
    clean,
    locked,
    own_record,
    permitted,
    said,
    still_open,
    unchanged,
)
from joinedup_web.governance.boards.models import Body, Seat
from joinedup_web.governance.boards.records import (
    ABSENT,
    ADDED,
    APOLOGIES,
    CANCELLED,
    DEPUTY,
    FILLED,
    HELD,
    ISSUED,
    LEAVES,
    NO_VOTE,
    OPEN,
    PREPARED,
    PRESENT,
    STAYS,
    AgendaItem,
    Attendance,
    Interest,
    Meeting,
)
from joinedup_web.organisations.scope import Scope

PURPOSES = ("decide", "discuss", "note")
ATTENDED = (PRESENT, DEPUTY, APOLOGIES, ABSENT)


@transaction.atomic
def open_meeting(*, by: Scope, body: Body, on: date) -> Meeting:
    """Open the meeting of a day and put on its agenda what is due. Raises YourCommand where there is one, or the day
    is over."""
    permitted(by, "meeting", body.place_id)
    found = locked(body)
    own_record(found)
    if on < timezone.localdate():
        raise YourCommand("That day is over.", remedy="Choose today or a later day.")
    if Meeting.objects.filter(body=found, on=on).exists():
        raise YourCommand("There is a meeting on that day already.", remedy="Open that one.")
    with pghistory.context(why="meeting opened"):
        made = Meeting.objects.create(
            place_id=found.place_id, body=found, on=on, begins_at=found.begins_at, minutes=found.minutes,
            venue=found.venue,
        )  # fmt: skip
        _put(made, due(by, found, on))
    return made


@transaction.atomic
def build_agenda(*, by: Scope, meeting: Meeting) -> int:
    """Add what has become due since; how many items. What is there, or was left out, is not touched."""
    permitted(by, "meeting", meeting.place_id)
    found = still_open(meeting)
    with pghistory.context(why="agenda built"):
        return _put(found, due(by, found.body, found.on))


@transaction.atomic
def add_item(*, by: Scope, meeting: Meeting, title: str, purpose: str, lead: str = "") -> AgendaItem:
    """Add an item of one's own."""
    permitted(by, "meeting", meeting.place_id)
    found = still_open(meeting)
    if purpose not in PURPOSES:
        raise YourCommand("An item is to decide, to discuss or to note.", remedy="Choose one of the three.")
    with pghistory.context(why="item added"):
        return _item(found, Due(ADDED, "", said(title, "What it is about"), purpose), clean(lead))


@transaction.atomic
def leave_out(*, by: Scope, item: AgendaItem, reason: str) -> AgendaItem:
    """Take an item off the agenda, with the reason; nothing that was decided or agreed under it. It can be put back."""
    permitted(by, "meeting", item.place_id)
    still_open(item.meeting)
    found, why = locked(item), said(reason, "A reason")
    if found.decisions.filter(taken_back="").exists() or found.actions.exists():
        raise YourCommand("Something was decided or agreed under this item.", remedy="Take that back first.")
    with pghistory.context(why=why):
        found.left_out = why
        found.save(update_fields=["left_out"])
    return found


@transaction.atomic
def put_back(*, by: Scope, item: AgendaItem) -> AgendaItem:
    """Put an item that was left out on the agenda again."""
    permitted(by, "meeting", item.place_id)
    still_open(item.meeting)
    found = locked(item)
    with pghistory.context(why="put back on the agenda"):
        found.left_out = ""
        found.save(update_fields=["left_out"])
    return found


@transaction.atomic
def put_earlier(*, by: Scope, item: AgendaItem) -> AgendaItem:
    """Take an item before the one that stands above it; the first stays first."""
    permitted(by, "meeting", item.place_id)
    still_open(item.meeting)
    found = locked(item)
    before = AgendaItem.objects.filter(meeting_id=found.meeting_id, left_out="", position__lt=found.position)
    above = before.select_for_update().order_by("-position").first()
    if above is not None:
        found.position, above.position = above.position, found.position
        with pghistory.context(why="order of the agenda"):
            above.save(update_fields=["position"])
            found.save(update_fields=["position"])
    return found


@transaction.atomic
def issue_agenda(*, by: Scope, meeting: Meeting) -> Meeting:
    """Issue the agenda. Raises YourCommand where it has no items."""
    permitted(by, "meeting", meeting.place_id)
    found = still_open(meeting)
    if not found.items.filter(left_out="").exists():
        raise YourCommand("Nothing is on the agenda yet.", remedy="Add an item first.")
    return _to(found, ISSUED, "agenda issued")


@transaction.atomic
def cancel_meeting(*, by: Scope, meeting: Meeting, reason: str) -> Meeting:
    """Cancel a meeting that has decided nothing; what was due comes to the next one."""
    permitted(by, "meeting", meeting.place_id)
    found, why = still_open(meeting), said(reason, "A reason")
    if found.items.filter(decisions__taken_back="").exists() or found.items.exclude(actions=None).exists():
        raise YourCommand("This meeting has decided or agreed something.", remedy="Close it instead.")
    return _to(found, CANCELLED, why)


@transaction.atomic
def close_meeting(*, by: Scope, meeting: Meeting) -> Meeting:
    """Close the record of a meeting. Raises YourCommand before its day, or without a word on who came."""
    permitted(by, "meeting", meeting.place_id)
    found = still_open(meeting)
    if timezone.localdate() < found.on:
        raise YourCommand(f"The meeting is on {found.on:%-d %B %Y}.", remedy="Close it when it is over.")
    if not found.attendance.exists():
        raise YourCommand("Nobody has said who came.", remedy="Record the attendance first.")
    return _to(found, HELD, "record closed")


@transaction.atomic
def reopen_meeting(*, by: Scope, meeting: Meeting, reason: str) -> Meeting:
    """Open a closed record, or a cancelled meeting, again: the undoing of both. The audit keeps each step."""
    permitted(by, "meeting", meeting.place_id)
    found, why = locked(meeting), said(reason, "A reason")
    if found.state in OPEN:
        raise YourCommand("It is open already.", remedy="Nothing is left to do.")
    return _to(found, PREPARED if found.state == CANCELLED else ISSUED, why)


@transaction.atomic
def record_attendance(*, by: Scope, meeting: Meeting, states: Mapping[str, str]) -> int:
    """Record which seats (by id) were filled, sent a deputy or apologies, or stayed away; how many changed.

    Apologies may be entered beforehand, presence not. A seat that `states` does not name stays as it is; an empty
    state takes its entry away.
    """
    permitted(by, "meeting", meeting.place_id)
    found, changed = still_open(meeting), 0
    held = {str(seat.pk): seat for seat in Seat.objects.filter(body_id=found.body_id)}
    if unknown := set(states) - held.keys() or set(states.values()) - {*ATTENDED, ""}:
        raise YourCommand(
            f"This body has no such seat or answer: {min(unknown)}.", remedy="Open the page again."
        )
    if timezone.localdate() < found.on and set(states.values()) & {*FILLED, ABSENT}:
        raise YourCommand(
            f"The meeting is on {found.on:%-d %B %Y}: until then there are only apologies.",
            remedy="Record who is there on the day.",
        )
    with pghistory.context(why="attendance"):
        for seat, state in states.items():
            row = Attendance.objects.filter(meeting=found, seat_id=seat).first()
            changed += _attend(found, held[seat], row, state)
    return changed


@transaction.atomic
def declare_interest(
    *, by: Scope, meeting: Meeting, seat: Seat, what: str, handling: str, item: AgendaItem | None = None
) -> Interest:
    """Record an interest and how it was handled. A seat that leaves for an item does not count for its quorum."""
    permitted(by, "meeting", meeting.place_id)
    found = still_open(meeting)
    if seat.body_id != found.body_id or (item is not None and item.meeting_id != found.pk):
        raise YourCommand("That seat or item is of another body.", remedy="Open the page again.")
    if handling not in (STAYS, NO_VOTE, LEAVES):
        raise YourCommand("Who declares stays, does not vote, or leaves.", remedy="Choose one of the three.")
    with pghistory.context(why="interest declared"):
        return Interest.objects.create(
            place_id=found.place_id, body_id=found.body_id, meeting=found, seat=seat, item=item,
            what=said(what, "The interest"), handling=handling,
        )  # fmt: skip


@transaction.atomic
def note_item(*, by: Scope, item: AgendaItem, note: str, edition: int) -> AgendaItem:
    """Write the minutes of an item, as it was when the page was opened (`edition`)."""
    permitted(by, "meeting", item.place_id)
    still_open(item.meeting)
    found = locked(item)
    unchanged(found, edition)
    with pghistory.context(why="minutes"):
        found.note, found.edition = clean(note), found.edition + 1
        found.save(update_fields=["note", "edition"])
    return found


def put_due(meeting: Meeting, found: Due) -> None:
    """Put one due thing on the agenda of an open meeting, whose lock the caller holds."""
    _put(meeting, [found])


def _put(meeting: Meeting, found: list[Due]) -> int:
    there = set(AgendaItem.objects.filter(meeting=meeting).exclude(about="").values_list("kind", "about"))
    new = [one for one in found if (one.kind, one.about) not in there]
    for one in new:
        _item(meeting, one)
    return len(new)


def _item(meeting: Meeting, one: Due, lead: str = "") -> AgendaItem:
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(
        place_id=meeting.place_id, body_id=meeting.body_id, meeting=meeting, position=last + 1, kind=one.kind,
        about=one.about, title=one.title, purpose=one.purpose, lead=lead,
    )  # fmt: skip


def _to(meeting: Meeting, state: str, why: str) -> Meeting:
    meeting.state, meeting.reason = state, why if state == CANCELLED else ""
    with pghistory.context(why=why):
        meeting.save(update_fields=["state", "reason"])
    return meeting


def _attend(meeting: Meeting, seat: Seat, row: Attendance | None, state: str) -> int:
    if (row.state if row else "") == state:
        return 0
    if row is None:
        Attendance.objects.create(
            place_id=meeting.place_id, body_id=meeting.body_id, meeting=meeting, seat=seat, state=state
        )
    elif not state:
        row.delete()
    else:
        row.state = state
        row.save(update_fields=["state"])
    return 1
