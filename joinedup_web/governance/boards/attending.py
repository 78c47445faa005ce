"""Who is there and whether that is enough: the seats of a meeting's day, and the quorum of it or of one item."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from joinedup_web.governance.boards.models import Seat
from joinedup_web.governance.boards.quorum import Chair, Quorum, check
from joinedup_web.governance.boards.records import FILLED, LEAVES, AgendaItem, Meeting


def seats_of(meeting: Meeting) -> QuerySet[Seat]:
    """The seats that the body has on the day of the meeting."""
    held = Seat.objects.filter(body_id=meeting.body_id, valid_from__lte=meeting.on)
    return held.filter(Q(valid_to=None) | Q(valid_to__gte=meeting.on)).select_related("organisation").order_by(
        "organisation__name", "office", "id"
    )  # fmt: skip


def quorum_of(meeting: Meeting, item: AgendaItem | None = None) -> Quorum:
    """The quorum of a meeting as its attendance stands; for an item, without the seats that leave for it."""
    filled = set(meeting.attendance.filter(state__in=FILLED).values_list("seat_id", flat=True))
    leaving = meeting.interests.filter(handling=LEAVES)
    away = leaving.filter(Q(item=None) | Q(item=item)) if item is not None else leaving.filter(item=None)
    chairs = [
        Chair(seat.pk, seat.organisation.name if seat.organisation else "", seat.needed)
        for seat in seats_of(meeting)
    ]
    return check(chairs, filled, meeting.body.quorum, set(away.values_list("seat_id", flat=True)))
