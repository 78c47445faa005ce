"""Rows whose state is folded from steps that are only ever added, each sealed over those before it.

Topics of a work programme, proposals for a change of service and requests for information are such rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup.errors import YourCommand, YourData
from joinedup.governance.events import Recorded
from joinedup.governance.pointing import points_to_people
from joinedup.governance.sealing import seals_of
from joinedup_web.governance.scrutiny.actions import acting
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

Row = TypeVar("Row", bound="Chain")


class Chain(models.Model):
    """What steps are of. `place` is the council that keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for it
        abstract = True

    def __str__(self) -> str:
        return self.title


class Link(models.Model):
    """One event with its seal; who recorded it is a person here and a role in the event. `of` is the row."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=30)
    event = models.JSONField()
    seal = models.CharField(max_length=64)
    person = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106
        abstract = True

    def __str__(self) -> str:
        return self.what


Read = Callable[[Any], Any]
Fold = Callable[[Sequence[Any]], Any]


def events_of(row: Any, read: Read) -> tuple[Any, ...]:
    """The events of a row in order. Raises YourData where one was altered after it was recorded."""
    steps = sorted(row.steps.all(), key=lambda step: step.number)
    events = tuple(read(step.event) for step in steps)
    whole = [step.number for step in steps] == list(range(len(steps)))
    if not whole or [step.seal for step in steps] != list(seals_of(events)):
        raise YourData(
            f"The history of {row} was altered after it was recorded.",
            remedy="Tell whoever runs joinedup: a backup has it as it was.",
        )
    return events


def add(row: Row, event: Recorded, *, read: Read, fold: Fold, person: str) -> Row:
    """Record one more event of a row, in the transaction that is open. Raises YourCommand where it may not follow."""
    found = type(row)._default_manager.select_for_update().get(pk=row.pk)
    events = (*events_of(found, read), event)
    fold(events)
    kept: Any = found
    with pghistory.context(why=event.why):
        kept.steps.create(
            place_id=found.place_id, number=len(events) - 1, what=getattr(event, "what", ""),
            event=event.model_dump(mode="json"), seal=seals_of(events)[-1], person=person,
        )  # fmt: skip
    return found


def told(by: Scope, action: str, kind: str, place: str, why: str) -> dict[str, Any]:
    """What every event says: today, in which role, and why. Raises YourCommand where `by` may not, or says nothing."""
    role = acting(by, action, place, kind)
    return {"on": timezone.localdate(), "by": role, "why": said(why, "A reason")}


def said(text: str, what: str) -> str:
    """Words as they are kept. Raises YourCommand for none, and for what points to a person."""
    if not text.strip():
        raise YourCommand(f"{what} is missing.", remedy="Say it in a few words.")
    return nobody(text)


def nobody(text: str) -> str:
    """The same words. Raises YourCommand where they hold what points to a person."""
    if found := points_to_people(text):
        raise YourCommand(
            f"It holds {' and '.join(found)}, which points to a person.", remedy="Leave that out."
        )
    return text.strip()


def person_of(by: Scope) -> str:
    """Who records it, as steps keep it."""
    return str(by.person.pk) if by.person else ""
