"""What pages of organisations ask: each question begins at a scope, or at the public register."""

from __future__ import annotations

from datetime import date
from typing import Any

from joinedup.definitions import Places
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.reads import record_read
from joinedup_web.organisations.scope import Scope

LEVELS = {
    "trust": "Trusts", "service": "Talking Therapies services", "borough": "Boroughs", "council": "Councils",
    "partnership": "Borough-based partnerships",
    "collaborative": "Provider collaboratives", "icb": "Integrated care boards",
    "ccg": "Clinical commissioning groups", "pct": "Primary care trusts",
    "stp": "Sustainability and transformation partnerships",
}  # fmt: skip


def register(on: date) -> list[tuple[str, list[Place]]]:
    """Every place by level that exists on a day."""
    found = Place.objects.filter(level__in=LEVELS).order_by("name")
    by_level: dict[str, list[Place]] = {}
    for one in found:
        if one.holds(on):
            by_level.setdefault(one.level, []).append(one)
    return [(words, by_level[level]) for level, words in LEVELS.items() if level in by_level]


def place_of(code: str) -> Place | None:
    """A place of the register, whenever it existed."""
    return Place.objects.filter(code=code).first()


def lineage(place: Place) -> tuple[str, ...]:
    """What came before a place and after it, in words."""
    return Places.load().history(place.code).lines()


def successor(place: Place) -> Place | None:
    """Where most of a place that has ended is now."""
    return place_of(place.successor) if place.successor else None


def person_of(email: str) -> Person | None:
    """An account by its address."""
    return Person.objects.filter(email=email.lower(), is_active=True).first()


def named_places(codes: frozenset[str]) -> list[Place]:
    """Places by code, in the order of their names."""
    return list(Place.objects.filter(code__in=codes).order_by("name"))


def role_held(scope: Scope, identity: Any) -> RoleHeld | None:
    """A role held at a place where this person may end roles; None for any other, as if it did not exist."""
    rows = scope.only(RoleHeld.objects.select_related("person", "place"), "end", "role")
    return rows.filter(pk=identity).first()


def people(scope: Scope) -> list[RoleHeld]:
    """Who holds which role at the places of whoever asks; that their addresses were read is kept."""
    rows = list(scope.roles_held().order_by("place__name", "role", "person__email"))
    places = {row.place_id for row in rows}
    record_read(by=scope, places=places, kind="role", what="names and addresses of who holds which role")
    return rows
