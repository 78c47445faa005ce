"""Bodies of a collaborative: terms of reference, seats, delegation. People change them through `actions.py` only.

`place` is the organisation or collaborative that keeps the record: whose row it is. Meetings lie in `records.py`.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, TypeVar

import pghistory
from django.db import models
from django.db.models import F, Q

from joinedup_web.organisations.models import Place

Model = TypeVar("Model", bound=type[models.Model])


def tracked(model: Model) -> Model:
    """Have triggers enter every change of these rows in the audit. Each model needs trackers of its own."""
    made: Model = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(
        model
    )
    return made


@tracked
class Body(models.Model):
    """A board, group, meeting, workstream or committee. `host` runs it where it is not the keeper's own.

    `rule` is an RFC 5545 recurrence from `starts_on`, empty where it meets when called. `edition` counts the changes.
    Meetings from `public_since` on are public once their agenda is issued, decisions once the record is closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    formal = models.BooleanField(default=False)
    host = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reports_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="below", null=True, blank=True
    )
    valid_from = models.DateField()
    rule = models.CharField(max_length=100, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    begins_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    venue = models.CharField(max_length=200, blank=True)
    quorum = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)
    public_since = models.DateField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1)
    entered_by = models.CharField(max_length=254)

    def __str__(self) -> str:
        return self.name

    @property
    def outside(self) -> bool:
        """Whether another organisation runs it: its own record is kept there."""
        return self.host_id is not None


class OfBody(models.Model):
    """What belongs to a body. `place` is the body's: the wall of the database asks each row for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:  # noqa: D106 - Django's own place for it
        abstract = True


@tracked
class Terms(OfBody):
    """One version of the terms of reference, from a day on."""

    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    valid_from = models.DateField()

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "version"], name="terms_have_a_version"),
        ]


@tracked
class Seat(OfBody):
    """A seat, from a day to a day. `needed`: there is no quorum without its organisation."""

    office = models.CharField(max_length=200)
    organisation = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sector = models.CharField(max_length=30)
    needed = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="seat_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.organisation}" if self.organisation else self.office


@tracked
class Delegation(OfBody):
    """What the body may decide in another's stead, within which limits, from a day to a day."""

    what = models.CharField(max_length=500)
    from_whom = models.CharField(max_length=200)
    limits = models.CharField(max_length=500, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.what


# Kept in a file of their own; named here because Django looks for tables in this module.
from joinedup_web.governance.boards.records import (  # noqa: E402
    Action,
    AgendaItem,
    Attendance,
    Clearance,
    Decision,
    Escalation,
    Interest,
    Meeting,
    Paper,
)

__all__ = [
    "Action", "AgendaItem", "Attendance", "Body", "Clearance", "Decision", "Delegation", "Escalation", "Interest",
    "Meeting", "OfBody", "Paper", "Seat", "Terms", "tracked",
]  # fmt: skip
