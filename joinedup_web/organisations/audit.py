"""The audit as a person reads it: who changed or read what, when and why, at the places where they may see that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.apps import apps
from django.utils import timezone

from joinedup_web.organisations.emergencies.records import EmergencyAccess, EmergencyStep
from joinedup_web.organisations.models import Person
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.reads import Reading
from joinedup_web.organisations.registering import AUDITED
from joinedup_web.organisations.scope import Scope

VERBS = {"insert": "given", "update": "changed", "delete": "removed"}
STEPS = {EmergencyStep.ENDED: "Emergency access ended", EmergencyStep.REVIEWED: "Emergency access reviewed"}


@dataclass(frozen=True)
class Change:
    """One entry: who, what and why in words."""

    when: datetime
    who: str
    what: str
    why: str


def changes(scope: Scope, limit: int = 200) -> list[Change]:
    """The latest changes and reads at the places whose audit may be seen, the newest first."""
    found = chain(
        _roles(scope, limit), _accesses(scope, limit), _steps(scope, limit), _reads(scope, limit),
        *(_of_area(scope, limit, model, words) for model, words in AUDITED.items()),
    )  # fmt: skip
    return sorted(found, key=lambda one: one.when, reverse=True)[:limit]


def _roles(scope: Scope, limit: int) -> Iterable[Change]:
    events = apps.get_model("organisations", "RoleHeldEvent").objects.all()
    rows = list(scope.only(events, "see", "audit").order_by("-pgh_id")[:limit])
    people = _named({str(row.person_id) for row in rows} | {_by(row) for row in rows})
    return [_role(row, people) for row in rows]


def _role(row: Any, people: dict[str, str]) -> Change:
    until = f" until {row.valid_to:%-d %B %Y}" if row.valid_to else ""
    verb, whom = VERBS.get(row.pgh_label, row.pgh_label), people.get(str(row.person_id), "a person")
    return Change(
        when=row.pgh_created_at,
        who=people.get(_by(row), "joinedup itself"),
        what=f"{_title(row.role)} {verb}: {whom} at {row.place_id}{until}",
        why=(row.pgh_context or {}).get("why", ""),
    )


def _accesses(scope: Scope, limit: int) -> Iterable[Change]:
    rows = scope.only(EmergencyAccess.objects.select_related("person"), "see", "audit").order_by("-asked_at")
    for row in rows[:limit]:
        until = timezone.localtime(row.until)
        what = f"Emergency access taken to {row.place_id} as {_title(row.role).lower()} until {until:%H:%M}"
        yield Change(row.asked_at, str(row.person), what, row.reason)


def _steps(scope: Scope, limit: int) -> Iterable[Change]:
    rows = scope.only(EmergencyStep.objects.select_related("by"), "see", "audit").order_by("-at")
    for row in rows[:limit]:
        yield Change(row.at, str(row.by), f"{STEPS.get(row.step, row.step)} at {row.place_id}", row.note)


def _reads(scope: Scope, limit: int) -> Iterable[Change]:
    rows = scope.only(Reading.objects.select_related("person"), "see", "audit").order_by("-pgh_id")
    for row in rows[:limit]:
        yield Change(row.at, str(row.person), f"Read at {row.place_id}: {row.what}", row.why)


def _of_area(scope: Scope, limit: int, model: str, words: Callable[[Any], str]) -> Iterable[Change]:
    """What an area above has entered, in its own words."""
    rows = list(scope.only(apps.get_model(model).objects.all(), "see", "audit").order_by("-pgh_id")[:limit])
    people = _named({_by(row) for row in rows})
    for row in rows:
        who, why = people.get(_by(row), "joinedup itself"), (row.pgh_context or {}).get("why", "")
        yield Change(row.pgh_created_at, who, words(row), why)


def _by(row: Any) -> str:
    return str((row.pgh_context or {}).get("person") or "")


def _named(identities: set[str]) -> dict[str, str]:
    return {str(one.pk): str(one) for one in Person.objects.filter(pk__in=identities - {""})}


def _title(role: str) -> str:
    found = load_policy().roles.get(role)
    return found.title if found else role
