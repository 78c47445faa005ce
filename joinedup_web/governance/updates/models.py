"""Who reads updates, what of, and the letters that wait. Nobody's record but the reader's own, so no place keeps it.

An address stands here encrypted, and nowhere else: not in the audit, which is never rewritten. Who leaves is erased.
The database shows a row to whoever names it (`joinedup.updates`): its id, its hash, or `post` for the worker.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Reader(models.Model):
    """Somebody who has confirmed an address. `known_by` is its keyed hash; what was public by `told_until` is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    known_by = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    since = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Choice(models.Model):
    """One thing that a reader is told of: a place, body, workstream, topic or measure."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=60)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reader", "kind", "key"], name="a_choice_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Posted(models.Model):
    """What every letter that waits has: how often it was tried, what went wrong, when it went."""

    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:  # noqa: D106
        abstract = True


class Asking(Posted):
    """Somebody has typed an address. Until the link of the one letter is used nothing else is sent; then it is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    known_by = models.CharField(max_length=64)
    sealed = models.TextField()
    choices = models.JSONField()
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"asking {self.pk}"


class Digest(Posted):
    """One week's letter to one reader: once, whoever runs the job and however often. Its words are let go once sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="digests")
    week = models.DateField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reader", "week"], name="one_digest_a_week"),
        ]

    def __str__(self) -> str:
        return f"digest of {self.week}"


class Week(models.Model):
    """A week whose letters were written: how many, and for how many readers there was nothing. It names nobody."""

    monday = models.DateField(primary_key=True)
    at = models.DateTimeField()
    written = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"week of {self.monday}"


class Noticed(models.Model):
    """When a public fact was first seen to be public: a letter tells it once, however late it came."""

    key = models.CharField(max_length=160, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Allowance(models.Model):
    """How often an address, or a client, may still ask: by keyed hash, forgotten within a day."""

    key = models.CharField(max_length=64, primary_key=True)
    due = models.DateTimeField()

    def __str__(self) -> str:
        return "allowance"
