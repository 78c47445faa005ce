"""Committees' trackers, their rows and what happened to each. People change them through `actions.py` only; queries
begin at a `Scope`. `place` is the council that keeps the tracker.

No status stands in any column: it is folded from a row's steps, which are only ever added.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup_web.organisations.models import Place

KEPT_APART = ["book", "layouts", "findings"]
"""What a workbook holds is as large as it likes: the audit keeps its hash."""


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=[*KEPT_APART, "looked_at"],
)
class Tracker(models.Model):
    """A committee's tracker: the workbook as it last came (`book`), where its headings stand, and what was found.

    `meeting` is that of rows that name none; `looked_at` the state of the released figures that its rows have seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    committee = models.CharField(max_length=200)
    meeting = models.DateField(null=True, blank=True)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_on = models.DateField()
    imported_by = models.CharField(max_length=100)
    book = models.JSONField()
    layouts = models.JSONField()
    findings = models.JSONField()
    looked_at = models.PositiveIntegerField(default=0)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "committee"], name="one_tracker_a_committee"),
        ]

    def __str__(self) -> str:
        return self.committee


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["read"])
class Row(models.Model):
    """A row of a tracker: where it stands in the workbook (`number` from 0), and whether the public may read it.

    `imported` and `read` are those of the library's `Item`. A blank row has no steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="rows")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    imported = models.PositiveIntegerField(default=0)
    read = models.JSONField(default=list)
    public_since = models.DateField(null=True, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tracker", "sheet", "number"],
                name="one_row_a_place_in_the_sheet",
                deferrable=models.Deferrable.DEFERRED,  # a merge moves rows past one another
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number + 1}"


@pghistory.track(pghistory.InsertEvent())
class Step(models.Model):
    """One event of a row's history, sealed over all before it. Added, never changed; who recorded it is a person here
    and a role in the event."""

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="steps")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=30)
    event = models.JSONField()
    seal = models.CharField(max_length=64)
    person = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "number"], name="steps_follow_one_another"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.row_id}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["book", "findings"]
)
class Newer(models.Model):
    """A newer file of a tracker that waits for a person to say what of it is taken. Decided, its workbook is let go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="newer")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    book = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    meeting = models.DateField(null=True, blank=True)
    sent_by = models.CharField(max_length=254)
    sent_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.file
