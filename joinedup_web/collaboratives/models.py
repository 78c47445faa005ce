"""Collaboratives made in the workspace. People change them through `actions.py` only; queries begin at a `Scope`.

A trigger writes each into the register of places (see the migration), which nobody else may write.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from joinedup_web.organisations.models import Place


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Collaborative(models.Model):
    """Trusts that run services together from a day on. `place` is the lead provider, whose row it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
    sector = models.CharField(max_length=40)
    template = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    made_by = models.CharField(max_length=254)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="collaborative_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CollaborativeMember(models.Model):
    """A trust, borough or service of a collaborative, from a day to a day. `place` is the lead provider."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaborative = models.ForeignKey(Collaborative, on_delete=models.CASCADE, related_name="members")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
