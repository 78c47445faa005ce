"""What people write of what is done differently somewhere. They do so through `practice_actions.py` only."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.utils import timezone

from joinedup_web.organisations.models import Person, Place


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PracticeNote(models.Model):
    """What they do differently in a borough or service (`where`, its code), as one person wrote it on a day.

    A note is never changed: a newer one stands above it. `place` is whose note it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    measure_id = models.CharField(max_length=40)
    where = models.CharField(max_length=20)
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.measure_id} in {self.where}"
