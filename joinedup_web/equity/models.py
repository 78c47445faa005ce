"""Notes that people write beside numbers. They stay with the cell of a number, whose code changes with each release.

People change records through `note_actions.py` only; queries begin at a `Scope`.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from joinedup_web.organisations.models import Person, Place

KINDS = (("success", "A success"), ("challenge", "A challenge"), ("explanation", "An explanation"))
LONGEST = 500


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Note(models.Model):
    """A few words beside one cell, of the organisation or place where its writer holds a role. It ends; it is not
    deleted. `figure` is what the number was when they were written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    kind = models.CharField(max_length=20, choices=KINDS)
    text = models.CharField(max_length=LONGEST)
    cell = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=400)
    figure = models.CharField(max_length=60, blank=True)
    shared = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_why=""), name="a_note_ends_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} beside {self.about}"

    @property
    def kind_words(self) -> str:
        """The kind as a page has it."""
        words: dict[str, Any] = dict(KINDS)
        return str(words.get(self.kind, self.kind)).partition(" ")[2].capitalize()
