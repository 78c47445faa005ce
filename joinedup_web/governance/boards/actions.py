"""What people do to bodies. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import count
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from joinedup.definitions.bodies import KINDS, SECTORS
from joinedup.errors import YourCommand
from joinedup_web.governance.boards.checking import clean, locked, own_record, permitted, said, unchanged
from joinedup_web.governance.boards.models import Body, Delegation, Seat, Terms
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

RESERVED = ("new", "parts", "meetings", "items", "records")
LATER = "The last day lies before the first."


@dataclass(frozen=True)
class Plan:
    """A body as somebody wants it: what may be changed of it."""

    name: str
    kind: str
    formal: bool
    begins_at: time
    minutes: int
    valid_from: date
    host: Place | None = None
    reports_to: Body | None = None
    rule: str = ""
    starts_on: date | None = None
    venue: str = ""
    quorum: int = 0

    def fields(self) -> Mapping[str, Any]:
        """As columns. Raises YourCommand for what does not hold together."""
        if self.kind not in KINDS:
            raise YourCommand("There is no such kind of body.", remedy="Choose one from the list.")
        if self.rule and self.starts_on is None:
            raise YourCommand("A cadence needs a first day.", remedy="Enter the day from which it meets.")
        return {**vars(self), "name": said(self.name, "A name"), "venue": clean(self.venue)}


@transaction.atomic
def make_body(*, by: Scope, place: Place, plan: Plan, terms: str, reason: str) -> Body:
    """Enter a body with the first version of its terms of reference. Raises YourCommand where `by` may not."""
    who, why, text = permitted(by, "body", place.code), said(reason, "A reason"), said(terms, "Its terms")
    fields = plan.fields()
    if plan.quorum:
        raise YourCommand("It has no seats yet.", remedy="Leave the quorum at 0, add seats, then set it.")
    with pghistory.context(why=why):
        made = _create(place=place, slug=_free_slug(plan.name), entered_by=who, **fields)
        Terms.objects.create(place=place, body=made, version=1, text=text, valid_from=plan.valid_from)
    return made


@transaction.atomic
def change_body(*, by: Scope, body: Body, plan: Plan, edition: int, reason: str) -> Body:
    """Change a body as it was when the page was opened (`edition`). Raises YourCommand for a circle of lines, a quorum
    that its seats cannot fill, or where somebody was faster."""
    permitted(by, "body", body.place_id)
    why = said(reason, "A reason")
    list(
        Body.objects.select_for_update().filter(place_id=body.place_id).order_by("pk")
    )  # lines change one by one
    found = locked(body)
    unchanged(found, edition)
    _refuse_circle(found, plan.reports_to)
    seats = Seat.objects.filter(body=found, valid_to=None).count()
    if plan.quorum > seats:
        raise YourCommand(f"It has {seats} seats.", remedy="Choose a quorum that they can fill.")
    for name, value in plan.fields().items():
        setattr(found, name, value)
    found.edition += 1
    with pghistory.context(why=why):
        found.save()
    return found


@transaction.atomic
def meet_in_public(*, by: Scope, body: Body, public: bool, reason: str) -> Body:
    """Make meetings from today on public, or none of them any more. Raises YourCommand where another organisation runs
    the body, or it is so already. What was written for closed doors stays there."""
    permitted(by, "body", body.place_id)
    own_record(body)
    why, found = said(reason, "A reason"), locked(body)
    if (found.public_since is not None) == public:
        raise YourCommand("It is so already.", remedy="Nothing is left to do.")
    found.public_since = timezone.localdate() if public else None
    found.edition += 1
    with pghistory.context(why=why):
        found.save(update_fields=["public_since", "edition"])
    return found


@transaction.atomic
def set_terms(*, by: Scope, body: Body, text: str, from_day: date, reason: str) -> Terms:
    """Enter the next version of the terms of reference; the earlier ones stay."""
    permitted(by, "body", body.place_id)
    why, words = said(reason, "A reason"), said(text, "The text")
    found = locked(body)
    newest = Terms.objects.filter(body=found).order_by("-version").first()
    if newest is not None and from_day < newest.valid_from:
        raise YourCommand(
            f"The version before holds from {newest.valid_from:%-d %B %Y}.", remedy="Choose a later day."
        )
    version = 1 if newest is None else newest.version + 1
    with pghistory.context(why=why):
        return Terms.objects.create(
            place_id=found.place_id, body=found, version=version, text=words, valid_from=from_day
        )


@transaction.atomic
def add_seat(
    *, by: Scope, body: Body, office: str, sector: str, from_day: date, organisation: Place | None = None,
    needed: bool = False, reason: str,
) -> Seat:  # fmt: skip
    """Add a seat. `needed`: nothing is decided without its organisation."""
    permitted(by, "body", body.place_id)
    why, words = said(reason, "A reason"), said(office, "The office")
    if sector not in SECTORS:
        raise YourCommand("There is no such sector.", remedy="Choose one from the list.")
    if needed and organisation is None:
        raise YourCommand(
            "Only a seat of an organisation can be needed.", remedy="Name it, or leave that out."
        )
    with pghistory.context(why=why):
        return Seat.objects.create(
            place_id=body.place_id, body=locked(body), office=words, organisation=organisation, sector=sector,
            needed=needed, valid_from=from_day,
        )  # fmt: skip


@transaction.atomic
def end_seat(*, by: Scope, row: Seat, last_day: date, reason: str) -> Seat:
    """End a seat. Raises YourCommand where the quorum could not be filled any more."""
    permitted(by, "body", row.place_id)
    why = said(reason, "A reason")
    body, found = locked(row.body), locked(row)
    left = Seat.objects.filter(body=body, valid_to=None).exclude(pk=found.pk).count()
    _refuse_end(found, last_day)
    if left < body.quorum:
        raise YourCommand(
            f"The quorum is {body.quorum}; {left} seats would be left.", remedy="Lower the quorum first."
        )
    with pghistory.context(why=why):
        found.valid_to = last_day
        found.save(update_fields=["valid_to"])
    return found


@transaction.atomic
def delegate(
    *, by: Scope, body: Body, what: str, from_whom: str, limits: str = "", from_day: date,
    last_day: date | None = None, reason: str,
) -> Delegation:  # fmt: skip
    """Enter what the body may decide in another's stead, within which limits, until when."""
    permitted(by, "body", body.place_id)
    why = said(reason, "A reason")
    if last_day is not None and last_day < from_day:
        raise YourCommand(LATER, remedy="Mend one of the days.")
    with pghistory.context(why=why):
        return Delegation.objects.create(
            place_id=body.place_id, body=locked(body), what=said(what, "What is delegated"),
            from_whom=said(from_whom, "From whom"), limits=clean(limits), valid_from=from_day, valid_to=last_day,
        )  # fmt: skip


@transaction.atomic
def end_delegation(*, by: Scope, row: Delegation, last_day: date, reason: str) -> Delegation:
    """End a delegation, or end it earlier than it was to."""
    permitted(by, "body", row.place_id)
    why, found = said(reason, "A reason"), locked(row)
    if last_day < found.valid_from or (found.valid_to is not None and found.valid_to <= last_day):
        raise YourCommand("That is not within the time for which it holds.", remedy="Choose a day within it.")
    with pghistory.context(why=why):
        found.valid_to = last_day
        found.save(update_fields=["valid_to"])
    return found


def next_number(rows: Any) -> int:
    """The next number of a numbered kind; the caller holds the body's lock."""
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _create(**fields: Any) -> Body:
    try:
        with transaction.atomic():
            return Body.objects.create(**fields)
    except IntegrityError as error:
        raise YourCommand(
            "Somebody has just entered a body of that name.", remedy="Look at the list of boards."
        ) from error


def _free_slug(name: str) -> str:
    """A name for addresses that no body has, and that no other page has either."""
    slug = slugify(name)[:34] or "body"
    named = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(one for one in named if one not in RESERVED and not Body.objects.filter(slug=one).exists())


def _refuse_end(row: Seat, last_day: date) -> None:
    if row.valid_to is not None:
        raise YourCommand("It has an end already.", remedy="Nothing is left to do.")
    if last_day < row.valid_from:
        raise YourCommand(LATER, remedy="Mend the day.")


def _refuse_circle(body: Body, above: Body | None) -> None:
    seen = {body.pk}
    while above is not None:
        if above.pk in seen:
            raise YourCommand(
                "The line would lead back to this body itself.", remedy="Choose another body above it."
            )
        seen.add(above.pk)
        above = above.reports_to
