"""Organisations and places as mirrored from the definitions, people, and the roles they hold.

People change records through `actions.py` only; queries begin at a `Scope`.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Place(models.Model):
    """An organisation or place of the register, as joinedup's definitions have it; nobody edits it here."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=30)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.short_name or self.name

    def holds(self, on: date) -> bool:
        """Whether it exists on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class People(BaseUserManager["Person"]):
    """How accounts are made."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Person:
        """An account; without a password nobody can sign in to it."""
        person = self.model(email=self.normalize_email(email).lower(), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login"],
)
class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do follows from the roles they hold, and from nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email


class RolesHeld(models.QuerySet["RoleHeld"]):
    """Roles held, narrowed."""

    def on(self, day: date) -> RolesHeld:
        """Those that hold on a day. A role ends with the organisation it is held at."""
        own = self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))
        return own.filter(Q(place__valid_to=None) | Q(place__valid_to__gte=day))

    def left(self, day: date) -> RolesHeld:
        """Those that nobody ended, at organisations that had closed by a day."""
        return self.filter(valid_to=None, place__valid_to__lt=day)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RoleHeld(models.Model):
    """A role held by a person at a place, from a day to a day, both included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    given_by = models.CharField(max_length=254)

    objects = RolesHeld.as_manager()

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="role_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.place_id}"


class AuditLink(models.Model):
    """One link of the audit's chain, written by a trigger: what was entered, sealed with the link before it.

    `place_id` is a plain column: a link outlives whatever it is of.
    """

    id = models.BigAutoField(primary_key=True)
    place_id = models.CharField(max_length=20)
    source = models.CharField(max_length=63)
    event = models.BigIntegerField()
    entry = models.TextField()
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place_id", "previous"], name="one_chain_a_place"),
        ]


# Kept beside what they belong to; named here because Django looks for tables in this module.
from joinedup_web.organisations.emergencies.records import EmergencyAccess, EmergencyStep  # noqa: E402
from joinedup_web.organisations.identity.records import IdentityLink, SecondFactor  # noqa: E402
from joinedup_web.organisations.letters.records import Letter  # noqa: E402
from joinedup_web.organisations.reads import Reading  # noqa: E402

__all__ = [
    "AuditLink", "EmergencyAccess", "EmergencyStep", "IdentityLink", "Letter", "Person", "Place", "Reading", "RoleHeld",
    "SecondFactor",
]  # fmt: skip
