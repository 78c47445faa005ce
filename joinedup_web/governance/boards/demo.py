"""The bodies of the demo, as the definitions have them, and one meeting that is over: two actions and a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.definitions.bodies import BodyDefined
from joinedup_web.governance.boards.cadence import last_day
from joinedup_web.governance.boards.models import Body, Delegation, Seat, Terms
from joinedup_web.governance.boards.records import (
    APOLOGIES,
    HELD,
    PRESENT,
    Action,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
)
from joinedup_web.organisations.row_security import opened

WHY = "a body of the demo"
BY = "joinedup serve"


def enter_bodies() -> None:
    """Enter those that are not there yet, and the demo's meeting."""
    for told in BodyDefined.all():
        with transaction.atomic(), pghistory.context(why=WHY), opened(BY, [told.place]):
            if not Body.objects.filter(slug=told.slug).exists():
                _enter(told)
    group = next(told for told in BodyDefined.all() if told.kind == "delivery_group")
    with transaction.atomic(), pghistory.context(why=WHY), opened(BY, [group.place]):
        _meet(Body.objects.get(slug=group.slug), timezone.localdate())


def _enter(told: BodyDefined) -> None:
    above = Body.objects.get(slug=told.reports_to) if told.reports_to else None
    body = Body.objects.create(
        place_id=told.place, slug=told.slug, name=told.name, kind=told.kind, formal=told.formal,
        host_id=told.host or None, reports_to=above, valid_from=told.valid_from, rule=told.rule,
        starts_on=told.starts_on, begins_at=told.begins_at, minutes=told.minutes, venue=told.venue,
        quorum=told.quorum, source=f"{told.source}. {told.note}".strip(), entered_by=BY,
    )  # fmt: skip
    own = {"place_id": told.place, "body": body}
    Terms.objects.create(version=1, text=told.terms, valid_from=told.terms_from, **own)
    for seat in told.seats:
        Seat.objects.create(
            office=seat.office, organisation_id=seat.organisation or None, sector=seat.sector, needed=seat.needed,
            valid_from=told.valid_from, **own,
        )  # fmt: skip
    for one in told.delegations:
        Delegation.objects.create(
            what=one.what, from_whom=one.from_whom, limits=one.limits, valid_from=one.valid_from,
            valid_to=one.valid_to, **own,
        )  # fmt: skip


def _meet(body: Body, today: date) -> None:
    """The last meeting of its cadence, held: invented, and it says so."""
    on = last_day(body.rule, body.starts_on, today)
    if on is None or Meeting.objects.filter(body=body).exists():
        return
    own = {"place_id": body.place_id, "body": body}
    meeting = Meeting.objects.create(on=on, begins_at=body.begins_at, minutes=body.minutes, state=HELD, **own)
    Body.objects.filter(pk=body.pk).update(public_since=on)
    for number, seat in enumerate(Seat.objects.filter(body=body).order_by("organisation_id", "office")):
        Attendance.objects.create(
            meeting=meeting, seat=seat, state=PRESENT if number < 6 else APOLOGIES, **own
        )
    item = AgendaItem.objects.create(
        meeting=meeting, position=1, title="Second questionnaires that are missing", purpose="decide",
        note="Invented for the demo. Both trusts see the same: people leave before the second questionnaire.", **own,
    )  # fmt: skip
    Decision.objects.create(
        item=item, number=1, on=on, question="Who calls people who missed their second questionnaire?",
        options="Each service by itself\nOne team for both trusts\nNobody: as it is now",
        chosen="Each service by itself",
        reason="It can begin at once. One team is looked at again when there are figures of two months.",
        dissent="Expert by experience: people would rather be called by whoever they know.", present=6,
        review_on=on + timedelta(days=56), **own,
    )  # fmt: skip
    for number, (what, owner, days) in enumerate(
        (("Write down how each service calls people back", "Clinical leads, Talking Therapies", 14),
         ("Bring the figures by borough to the next meeting", "Director of Strategy, West London", 35)), start=1,
    ):  # fmt: skip
        Action.objects.create(
            item=item, number=number, what=what, owner=owner, due=on + timedelta(days=days), **own
        )
