"""What pages of organisations ask: each question begins at a scope, or at the public register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps

from joinedup.definitions import Places
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope

LEVELS = {
    "trust": "Trusts", "service": "Talking Therapies services", "borough": "Boroughs", "council": "Councils",
    "partnership": "Borough-based partnerships",
    "collaborative": "Provider collaboratives", "icb": "Integrated care boards",
    "ccg": "Clinical commissioning groups", "pct": "Primary care trusts",
    "stp": "Sustainability and transformation partnerships",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One entry of the audit, as a person reads it."""

    when: datetime
    who: str
    what: str
    why: str


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


def changes(scope: Scope, limit: int = 200) -> list[Change]:
    """The latest changes of roles at the places where this person may see them, the newest first."""
    events = apps.get_model("organisations", "RoleHeldEvent").objects.all()
    rows = scope.only(events, "see", "audit").order_by("-pgh_id")[:limit]
    entries = list(rows)
    people = {
        str(one.pk): str(one)
        for one in Person.objects.filter(pk__in={row.person_id for row in entries} | _who(entries))
    }
    return [_change(row, people) for row in entries]


def _who(entries: list[Any]) -> set[str]:
    named = {str((row.pgh_context or {}).get("person") or "") for row in entries}
    return named - {""}


def _change(row: Any, people: dict[str, str]) -> Change:
    context = row.pgh_context or {}
    title = load_policy().roles[row.role].title if row.role in load_policy().roles else row.role
    verb = {"insert": "given", "update": "changed", "delete": "removed"}.get(row.pgh_label, row.pgh_label)
    until = f" until {row.valid_to:%-d %B %Y}" if row.valid_to else ""
    return Change(
        when=row.pgh_created_at,
        who=people.get(context.get("person", ""), "joinedup itself"),
        what=f"{title} {verb}: {people.get(str(row.person_id), 'a person')} at {row.place_id}{until}",
        why=context.get("why", ""),
    )
