"""What was sent, what the check found in it, and what the lake holds by now. Nothing here identifies a person: findings
show shapes instead of values, and the file itself lies in the staging folder until it is loaded or withdrawn."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup_web.organisations.models import Person, Place

WAITING, CHECKING, READY, REFUSED = "waiting", "checking", "ready", "refused"
LOADING, LOADED, KEPT_OUT = "loading", "loaded", "kept_out"
WITHDRAWING, WITHDRAWN, REPLACED, FAILED = "withdrawing", "withdrawn", "replaced", "failed"
UNDER_WAY = (WAITING, CHECKING, LOADING, WITHDRAWING)
STAGED = (WAITING, CHECKING, READY, LOADING, FAILED)
"""States in which the file itself is still needed."""


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(),
    exclude=["step", "steps", "counts", "files", "not_run"],
)  # fmt: skip
class Submission(models.Model):
    """One return that a trust sent, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="submissions")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    sent_at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    staged = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=12, default=WAITING)
    step = models.CharField(max_length=120, blank=True)
    steps = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)

    period = models.CharField(max_length=7, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    made = models.CharField(max_length=19, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    rows = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rules_version = models.CharField(max_length=10, blank=True)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    not_run = models.JSONField(default=dict)
    lake_state = models.IntegerField(null=True)

    class Meta:  # noqa: D106 - Django's own place for indexes
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-sent_at"], name="submissions_of_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.place_id}"


class Finding(models.Model):
    """One thing wrong in a submission, as `ValidationReport` shows it. Written once, by the check."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="findings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    rule = models.CharField(max_length=20)
    severity = models.CharField(max_length=14)
    file = models.CharField(max_length=255, blank=True)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=120, blank=True)
    message = models.TextField()

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "number"], name="findings_are_numbered"),
        ]


class Received(models.Model):
    """One submission of the lake's ledger, mirrored: what was received of which month, and whether it is still held."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    kind = models.CharField(max_length=10)
    received = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    lake_state = models.IntegerField()
    rows_in = models.IntegerField(null=True)
    rows_kept = models.IntegerField()
    tables_filled = models.IntegerField()
    withdrawn_in = models.IntegerField(null=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["content_hash", "lake_state"], name="received_once"),
        ]
