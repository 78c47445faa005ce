"""Tokens, by which programs ask as a person does, and how much of its allowance each has used.

People change records through `actions.py` only. The token itself is stored nowhere: what is kept is its SHA-256.
"""

from __future__ import annotations

import uuid
from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["sha256", "last_used"],
)
class Token(models.Model):
    """A token of a person. `kinds` are kinds of thing of the policy table, `expires` is the last day on which it
    opens anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    kinds = ArrayField(models.CharField(max_length=30))
    sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateField()
    revoked = models.DateTimeField(null=True)
    last_used = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name

    def live(self, on: date) -> bool:
        """Whether it opens anything on a day."""
        return self.revoked is None and on <= self.expires


class Allowance(models.Model):
    """When whoever asks by `key` will have nothing left to make good; see `allowance.py`."""

    key = models.CharField(max_length=60, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
