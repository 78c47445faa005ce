"""What is agreed once for several trusts, and what each does with it. People change it through `asset_actions.py`.

Everybody who has signed in may read it; its own place writes the asset, each trust writes its own adoption.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from joinedup_web.organisations.models import Person, Place

KINDS = (
    ("policy", "Policy"), ("specification", "Specification"), ("pathway", "Pathway"), ("procedure", "Procedure"),
    ("code list", "Code list"),
)  # fmt: skip
NOT_YET, PLANNED, ADOPTED, CHANGED, DECLINED = (
    "not yet",
    "planned",
    "adopted",
    "adopted with changes",
    "declined",
)
STATES = (
    (NOT_YET, "Not yet"), (PLANNED, "Planned"), (ADOPTED, "Adopted"), (CHANGED, "Adopted with changes"),
    (DECLINED, "Declined"),
)  # fmt: skip
IN_USE, DATED, EXPLAINED = (ADOPTED, CHANGED), (PLANNED, ADOPTED, CHANGED), (CHANGED, DECLINED)
"""States in which it is in use; those that have a day; those that say what or why."""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Asset(models.Model):
    """A policy, specification or pathway agreed once for several trusts (`trusts`, their codes)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KINDS)
    title = models.CharField(max_length=200)
    what = models.CharField(max_length=1000, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    trusts = models.JSONField(default=list)
    written_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_why=""), name="an_asset_ends_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class AssetVersion(models.Model):
    """One version: where the file is, or the SHA-256 by which it is known, and by when it is reviewed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    agreed_on = models.DateField()
    review_by = models.DateField()
    link = models.URLField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["asset", "version"], name="a_version_of_an_asset_is_agreed_once"),
            models.CheckConstraint(condition=~Q(link="", sha256=""), name="a_version_has_a_link_or_a_hash"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Adoption(models.Model):
    """What one trust (`place`) says of a version, on a day: never changed, only followed by another.

    `on` is the day it is planned for, or was adopted on; `words` what was changed, or why it was declined.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="adoptions")
    version = models.ForeignKey(AssetVersion, on_delete=models.CASCADE, related_name="adoptions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=STATES)
    on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(Q(state__in=DATED) & ~Q(on=None)) | (~Q(state__in=DATED) & Q(on=None)),
                name="an_adoption_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=EXPLAINED) | ~Q(words=""), name="an_adoption_says_what_or_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.state}"

    @property
    def told(self) -> str:
        """In words, with its day."""
        day = f"{self.on:%-d %B %Y}" if self.on else ""
        return {
            NOT_YET: "Not yet", PLANNED: f"Planned for {day}", ADOPTED: f"Adopted on {day}",
            CHANGED: f"Adopted with changes on {day}: {self.words}", DECLINED: f"Declined: {self.words}",
        }[self.state]  # fmt: skip
