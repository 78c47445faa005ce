"""Letters as they are kept."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.utils import timezone


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), exclude=["body", "tries", "due_at", "said"]
)
class Letter(models.Model):
    """One letter to one address. Not sent: `tries` and `said` tell how often it was tried and what went wrong."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("organisations.Place", on_delete=models.PROTECT)
    to = models.EmailField()
    subject = models.CharField(max_length=120)
    body = models.TextField()
    about = models.UUIDField()
    queued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"letter about {self.about}"

    @property
    def state(self) -> str:
        """Whether it has arrived, in words."""
        if self.sent_at:
            return f"{self.to} told on {timezone.localtime(self.sent_at):%-d %B at %H:%M}"
        if self.tries:
            return f"{self.to} NOT told yet: tried {self.tries} times, {self.said}"
        return f"{self.to} not told yet"
