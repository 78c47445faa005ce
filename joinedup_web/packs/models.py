"""Packs that were asked for, and templates that trusts sent. People change them through `actions.py` only; queries
begin at a `Scope`. The files themselves lie in the workspace's folder (`files.py`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup_web.organisations.models import Person, Place

WAITING, MAKING, READY, FAILED, REMOVED = "waiting", "making", "ready", "failed", "removed"
UNDER_WAY = (WAITING, MAKING)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Template(models.Model):
    """A template of an organisation, .pptx or .docx, checked when it came. `ended_at`: nobody chooses it any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(),
    exclude=["step", "done", "total", "commentary", "files", "titles", "left_out"],
)  # fmt: skip
class Pack(models.Model):
    """One pack: what was asked, of which state of the lake, and the files that were made.

    `key` is a hash of all that the files depend on: the same request of the same state is the same row. `commentary` is
    the notes as whoever asked could see them, in the shape of the API; they go with the files.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    layout = models.CharField(max_length=20)
    period = models.CharField(max_length=7)
    formats = models.JSONField(default=list)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64)
    snapshot = models.PositiveBigIntegerField()
    released = models.CharField(max_length=40, blank=True)
    commentary = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=WAITING)
    step = models.CharField(max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    files = models.JSONField(default=list)
    titles = models.JSONField(default=list)
    left_out = models.JSONField(default=list)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "key"], name="a_pack_once"),
        ]

    def __str__(self) -> str:
        return f"{self.layout} pack, {self.period}"
