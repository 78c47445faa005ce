"""What pages ask about bodies and meetings: each question begins at a scope, or at what everyone signed in may read.

Meetings are read where a role is held at the keeper, or at an organisation with a seat: `shared` in the policy.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from joinedup_web.governance.boards.agenda import awaiting
from joinedup_web.governance.boards.models import Body, Delegation, OfBody, Seat, Terms
from joinedup_web.governance.boards.records import (
    ACTION,
    CANCELLED,
    ESCALATED,
    HELD,
    OPEN,
    REVIEW,
    Action,
    AgendaItem,
    Clearance,
    Decision,
    Escalation,
    Meeting,
    Paper,
)
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

MATTERS = {ACTION: Action, REVIEW: Decision, ESCALATED: Escalation}


def bodies() -> list[Body]:
    """Every body, which everyone who has signed in may read: those above before those below."""
    rows = list(Body.objects.select_related("place", "host", "reports_to").order_by("name"))
    return sorted(rows, key=lambda row: (_depth(row, {one.pk: one for one in rows}), row.name))


def body_of(slug: str) -> Body | None:
    """A body by its name in addresses."""
    return Body.objects.select_related("place", "host", "reports_to").filter(slug=slug).first()


def kept_body(scope: Scope, slug: str) -> Body | None:
    """A body whose record is one's own to keep; None for any other, as if it did not exist."""
    rows = scope.only(Body.objects.select_related("place", "host"), "keep", "body")
    return rows.filter(slug=slug).first()


def body_to_meet(scope: Scope, slug: str) -> Body | None:
    """A body whose meetings are one's own to keep."""
    rows = scope.only(Body.objects.select_related("place", "host"), "keep", "meeting")
    return rows.filter(slug=slug).first()


def part_of(scope: Scope, identity: Any) -> Seat | Delegation | None:
    """A seat or delegation that is one's own to end."""
    for kind in (Seat, Delegation):
        found = scope.only(kind.objects.select_related("body", "place"), "keep", "body")
        row: Seat | Delegation | None = found.filter(pk=identity).first()
        if row is not None:
            return row
    return None


def terms_of(body: Body) -> list[Terms]:
    """Every version of the terms of reference, the newest first."""
    return list(Terms.objects.filter(body=body).order_by("-version"))


def seats_on(body: Body, on: date) -> list[Seat]:
    """The seats of a body on a day, by organisation."""
    rows = Seat.objects.filter(body=body).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return list(rows.select_related("organisation").order_by("organisation__name", "office", "id"))


def delegations_on(body: Body, on: date) -> list[Delegation]:
    """What is delegated to a body now or later."""
    rows = Delegation.objects.filter(body=body).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return list(rows.order_by("valid_from", "id"))


def may_read(scope: Scope, body: Body) -> bool:
    """Whether this person reads what the body does at its meetings."""
    return bool(_readable(scope, Body.objects.filter(pk=body.pk), "pk").exists())


def meetings_of(scope: Scope, body: Body) -> list[Meeting]:
    """The meetings of a body, the latest first."""
    return list(_readable(scope, Meeting.objects.filter(body=body)).order_by("-on"))


def meeting_of(scope: Scope, identity: Any) -> Meeting | None:
    """A meeting that this person may read."""
    return _readable(scope, _with_body(Meeting)).filter(pk=identity).first()


def kept_meeting(scope: Scope, identity: Any) -> Meeting | None:
    """A meeting whose record is one's own to keep."""
    return scope.only(_with_body(Meeting), "keep", "meeting").filter(pk=identity).first()


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last meeting of the body whose record was closed, before this one; the caller may read this one."""
    held = Meeting.objects.filter(body_id=meeting.body_id, state=HELD, on__lt=meeting.on)
    return held.order_by("-on").first()


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The items of a meeting in order, those that were left out at the end."""
    rows = meeting.items.prefetch_related(
        "papers__clearances", "decisions", "actions", "escalations__to_body"
    )
    return sorted(rows, key=lambda row: (bool(row.left_out), row.position))


def item_of(scope: Scope, identity: Any) -> AgendaItem | None:
    """An item that this person may read."""
    return _readable(scope, _with_body(AgendaItem).select_related("meeting")).filter(pk=identity).first()


def kept_item(scope: Scope, identity: Any) -> AgendaItem | None:
    """An item whose record is one's own to keep."""
    rows = scope.only(_with_body(AgendaItem).select_related("meeting__body"), "keep", "meeting")
    return rows.filter(pk=identity).first()


def paper_of(scope: Scope, identity: Any) -> Paper | None:
    """A paper that stands, and that this person may read."""
    found = _readable(scope, _with_body(Paper)).filter(pk=identity, removed_on=None).first()
    return None if found is None or (found.private and not reads_private(scope, found.body)) else found


def reads_private(scope: Scope, body: Body) -> bool:
    """Whether this person is one of those for whom the private papers of a body are: a member of the keeper, or of an
    organisation with a seat, in a role that the policy names."""
    own, today = scope.places_for("see", "private_paper"), timezone.localdate()
    held = Seat.objects.filter(body=body, organisation_id__in=own)
    return body.place_id in own or held.filter(Q(valid_to=None) | Q(valid_to__gte=today)).exists()


def matter_of(item: AgendaItem) -> Any:
    """The action, decision or escalation that an item was built from; None for any other item."""
    kind = MATTERS.get(item.kind)
    return None if kind is None else kind.objects.filter(pk=item.about).select_related("body").first()


def record_of(scope: Scope, kind: type[OfBody], identity: Any) -> Any:
    """A record that is one's own to keep."""
    return scope.only(_with_body(kind), "keep", "meeting").filter(pk=identity).first()


def item_id_of(row: Any) -> Any:
    """The item that a record belongs to."""
    return row.paper.item_id if isinstance(row, Clearance) else row.item_id


def above_and_outside(body: Body) -> list[Body]:
    """Where an item of this body may be passed to: the body above, then outside bodies of the same keeper."""
    outside = Body.objects.filter(place_id=body.place_id).exclude(host=None).exclude(pk=body.pk)
    above = [body.reports_to] if body.reports_to else []
    return [*above, *(one for one in outside.order_by("name") if one not in above)]


def open_actions(scope: Scope, body: Body) -> list[Action]:
    """Actions of a body that are not done, the first due first."""
    rows = _readable(scope, Action.objects.filter(body=body, done_on=None))
    return list(rows.select_related("item").order_by("due", "number"))


def decisions_of(scope: Scope, body: Body) -> list[Decision]:
    """Decisions of a body, the latest first."""
    rows = _readable(scope, Decision.objects.filter(body=body)).select_related("item")
    return list(rows.order_by("-on", "-number"))


def sent_up(scope: Scope, body: Body) -> list[Escalation]:
    """What a body passed to others, the latest first."""
    rows = _readable(scope, Escalation.objects.filter(body=body)).select_related("to_body", "item")
    return list(rows.order_by("-made_on", "title"))


def sent_here(scope: Scope, body: Body) -> list[Escalation]:
    """What others passed to a body and what still waits for its answer, the oldest first."""
    return awaiting(body) if may_read(scope, body) else []


def dates_of(body: Body) -> list[Meeting]:
    """Meetings of a body that were not cancelled or are still to come, for calendars; the caller may read them."""
    since = timezone.localdate().replace(day=1)
    return list(body.meeting_rows.filter(Q(on__gte=since) | ~Q(state=CANCELLED)).order_by("on"))


def coming(body: Body) -> Meeting | None:
    """The next meeting whose record is open."""
    return body.meeting_rows.filter(state__in=OPEN).order_by("on").first()


def organisations() -> list[tuple[str, str]]:
    """Code and name of places that can hold a seat or run a body."""
    levels = ("trust", "icb", "council", "collaborative", "partnership")
    found = Place.objects.filter(level__in=levels).order_by("level", "name")
    return [(place.code, place.name) for place in found]


def _with_body(kind: Any) -> QuerySet[Any]:
    return kind.objects.select_related("body", "place", "body__reports_to", "body__host")


def _readable(scope: Scope, rows: QuerySet[Any], of: str = "body") -> QuerySet[Any]:
    """Rows of bodies whose meetings this person may read: the keeper's own, and where their organisation has a seat."""
    if settings.FILTERS_OFF:
        return rows
    own, today = scope.places_for("see", "meeting"), timezone.localdate()
    if not scope.sees_shared("meeting"):
        return rows.filter(place_id__in=own)
    held = Seat.objects.filter(organisation_id__in=own).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return rows.filter(Q(place_id__in=own) | Q(**{f"{of}__in": held.values("body_id")}))


def _depth(row: Body, known: dict[Any, Body]) -> int:
    depth, seen = 0, {row.pk}
    while row.reports_to_id in known and row.reports_to_id not in seen:
        row, depth = known[row.reports_to_id], depth + 1
        seen.add(row.pk)
    return depth


def late_actions(scope: Scope, on: date) -> list[tuple[Body, int]]:
    """How many actions are overdue, by body whose record is one's own to keep."""
    rows = scope.only(Action.objects.filter(done_on=None, due__lt=on), "keep", "meeting").select_related(
        "body"
    )
    counted = Counter(row.body for row in rows)
    return sorted(counted.items(), key=lambda one: one[0].name)
