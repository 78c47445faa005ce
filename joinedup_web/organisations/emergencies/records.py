"""Emergency access as it is kept: rows are added and never changed, and the database holds that."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

LONGEST = timedelta(hours=12)
"""What the database accepts, whatever the policy says."""


class Accesses(models.QuerySet["EmergencyAccess"]):
    """Emergency accesses, narrowed."""

    def at(self, moment: datetime) -> Accesses:
        """Those that hold at a moment: begun, not over, and not ended by anyone."""
        return self.filter(asked_at__lte=moment, until__gt=moment).exclude(steps__step=EmergencyStep.ENDED)


@pghistory.track(pghistory.InsertEvent())
class EmergencyAccess(models.Model):
    """Access of a person to one place, in a role they hold elsewhere, until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("organisations.Person", on_delete=models.PROTECT, related_name="emergencies")
    place = models.ForeignKey("organisations.Place", on_delete=models.PROTECT)
    role = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = Accesses.as_manager()

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until__gt=F("asked_at")) & Q(until__lte=F("asked_at") + LONGEST),
                name="emergency_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"emergency access to {self.place_id}"


@pghistory.track(pghistory.InsertEvent())
class EmergencyStep(models.Model):
    """What followed: it was ended before its time, or looked at by who must look at it."""

    ENDED, REVIEWED = "ended", "reviewed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    access = models.ForeignKey(EmergencyAccess, on_delete=models.PROTECT, related_name="steps")
    place = models.ForeignKey("organisations.Place", on_delete=models.PROTECT)
    step = models.CharField(max_length=10, choices=[(ENDED, "ended"), (REVIEWED, "reviewed")])
    by = models.ForeignKey("organisations.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.step}: {self.access_id}"
