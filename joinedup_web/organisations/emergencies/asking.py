"""What the pages of emergency access ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from joinedup_web.organisations.asking import LEVELS
from joinedup_web.organisations.emergencies.records import EmergencyAccess, EmergencyStep
from joinedup_web.organisations.letters.records import Letter
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.reads import record_read
from joinedup_web.organisations.scope import Scope

ASKED_OF = ("trust", "service", "icb", "council")
"""Levels of places that hold something of their own."""


@dataclass(frozen=True)
class Shown:
    """One emergency access, as its page shows it."""

    access: EmergencyAccess
    role: str
    holds: bool
    ended: EmergencyStep | None
    reviewed: EmergencyStep | None
    told: str


def mine(scope: Scope) -> list[EmergencyAccess]:
    """One's own that hold now."""
    now = timezone.now()
    return list(
        EmergencyAccess.objects.at(now).filter(person=scope.person).select_related("place").order_by("until")
    )


def own(scope: Scope, identity: Any) -> EmergencyAccess | None:
    """One's own, by its id; None for anybody else's."""
    return EmergencyAccess.objects.filter(pk=identity, person=scope.person).first()


def of_place(scope: Scope, identity: Any) -> EmergencyAccess | None:
    """One of a place whose officer asks; None for any other, as if it did not exist."""
    rows = scope.only(EmergencyAccess.objects.select_related("person", "place"), "end", "emergency")
    return rows.filter(pk=identity).first()


def listed(scope: Scope, limit: int = 100) -> list[Shown]:
    """Those of the places whose officer asks, the newest first. That names of staff are read is itself recorded."""
    rows = scope.only(EmergencyAccess.objects.select_related("person", "place"), "see", "emergency")
    found = list(rows.prefetch_related("steps__by").order_by("-asked_at")[:limit])
    letters = _letters([one.pk for one in found])
    record_read(
        by=scope, places={one.place_id for one in found}, kind="emergency", what="who had emergency access"
    )
    now = timezone.now()
    return [_shown(one, letters.get(one.pk, []), now) for one in found]


def _letters(about: list[Any]) -> dict[Any, list[Letter]]:
    """Letters about accesses that may be seen."""
    sorted_by: dict[Any, list[Letter]] = {}
    for letter in Letter.objects.filter(about__in=about):
        sorted_by.setdefault(letter.about, []).append(letter)
    return sorted_by


def _shown(access: EmergencyAccess, letters: list[Letter], now: datetime) -> Shown:
    steps = {one.step: one for one in access.steps.all()}
    title = load_policy().roles[access.role].title if access.role in load_policy().roles else access.role
    ended = steps.get(EmergencyStep.ENDED)
    told = "; ".join(letter.state for letter in letters)
    return Shown(
        access, title, ended is None and access.until > now, ended, steps.get(EmergencyStep.REVIEWED), told
    )


def places_to_ask(scope: Scope) -> list[Place]:
    """Places of others that exist today."""
    today = timezone.localdate()
    found = Place.objects.filter(level__in=ASKED_OF).exclude(code__in=scope.places).order_by("name")
    return [one for one in found if one.holds(today) and one.level in LEVELS]


def holds(access: EmergencyAccess) -> bool:
    """Whether it holds now."""
    return EmergencyAccess.objects.at(timezone.now()).filter(pk=access.pk).exists()
