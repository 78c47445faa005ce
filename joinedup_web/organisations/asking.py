"""What pages of organisations ask: each question begins at a scope, or at the public register."""

from __future__ import annotations

from datetime import date
from typing import Any

from joinedup.definitions import Places
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.reads import record_read
from joinedup_web.organisations.registering import MEMBERS, MemberHeld
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
    """What came before a place and after it, in words; nothing where it was made in the workspace."""
    register = Places.load()
    if all(place.code != one.code for one in register.places):
        return ()
    return register.history(place.code).lines()


def members(place: Place) -> list[MemberHeld]:
    """What a place is made of, now and before: from the definitions, or as whoever made it entered it."""
    names = dict(Place.objects.values_list("code", "name"))
    kinds = dict(Place.objects.values_list("code", "level"))
    found = next((one for one in Places.load().places if one.code == place.code), None)
    own = [
        MemberHeld(m.code, names.get(m.code, m.code), kinds.get(m.code, ""), m.valid_from, m.valid_to)
        for m in (found.members if found else ())
    ]
    return own or [member for ask in MEMBERS for member in ask(place.code)]


def moved(place: Place) -> list[str]:
    """Services that moved from or to an organisation while both went on."""
    register = Places.load()
    return [
        f"{one.day:%-d %B %Y}: {one.service}, from {register.name(one.from_organisation)}"
        f" to {register.name(one.to_organisation)}"
        for one in register.transfers
        if place.code in (one.from_organisation, one.to_organisation, one.borough)
    ]


def successor(place: Place) -> Place | None:
    """Where most of a place that has ended is now."""
    return place_of(place.successor) if place.successor else None


def successor_names() -> dict[str, str]:
    """Name of every place that another one became."""
    codes = Place.objects.exclude(successor="").values_list("successor", flat=True)
    return dict(Place.objects.filter(code__in=set(codes)).values_list("code", "name"))


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


def roles_left(scope: Scope, on: date) -> list[RoleHeld]:
    """Roles that ended with a closed organisation and that the successor has not given to the same person yet."""
    found = list(scope.roles_left(on).order_by("place__name", "person__email"))
    now = set(
        RoleHeld.objects.on(on)
        .filter(place_id__in={row.place.successor for row in found})
        .values_list("person_id", "role", "place_id")
    )
    return [row for row in found if (row.person_id, row.role, row.place.successor) not in now]


def closed_roles(scope: Scope, on: date) -> list[Place]:
    """Closed organisations at which this person's own role ended, and where they hold none at the successor."""
    if scope.person is None:
        return []
    rows = RoleHeld.objects.left(on).filter(person=scope.person).select_related("place")
    return [row.place for row in rows if row.place.successor not in scope.places]
