"""What a person may see and do: every question begins here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from joinedup_web.organisations.emergencies.records import EmergencyAccess
from joinedup_web.organisations.models import Person, RoleHeld
from joinedup_web.organisations.policy import PUBLIC, load_policy
from joinedup_web.organisations.row_security import tell

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@dataclass(frozen=True)
class Held:
    """A role and the place it is held at. In an emergency it lets its holder see, and do nothing else."""

    role: str
    place: str
    emergency: bool = False


@dataclass(frozen=True)
class Scope:
    """A person with the roles they hold today. Without a person it is the public's.

    `reasons` of emergency access, by place. `kinds` are the kinds of thing that a token was made for; None where no
    token narrows what the roles allow.
    """

    person: Person | None
    held: tuple[Held, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] | None = None

    @property
    def standing(self) -> tuple[Held, ...]:
        """Roles that are held as a matter of course, not in an emergency."""
        return tuple(one for one in self.held if not one.emergency)

    @property
    def places(self) -> frozenset[str]:
        """Codes of the places where a role is held as a matter of course."""
        return frozenset(one.place for one in self.standing)

    @property
    def emergency_places(self) -> frozenset[str]:
        """Codes of the places that are seen for as long as an emergency access holds."""
        return frozenset(one.place for one in self.held if one.emergency) - self.places

    def tell(self) -> None:
        """Tell the database who asks, where they hold a role, and what they may see besides, for this transaction."""
        tell(str(self.person.pk) if self.person else "", self.places, self.emergency_places)

    def may(self, action: str, kind: str) -> bool:
        """Whether any role allows this anywhere."""
        return bool(self._reaches(action, kind))

    def may_at(self, action: str, kind: str, place: str) -> bool:
        """Whether a role allows this for something that belongs to that place."""
        return any(reach == "all" or at == place for reach, at in self._reaches(action, kind))

    def places_for(self, action: str, kind: str) -> frozenset[str]:
        """Places where a role that is held allows this."""
        return frozenset(place for _, place in self._reaches(action, kind))

    def sees_shared(self, kind: str) -> bool:
        """Whether what others have shared may be seen."""
        return any(reach in ("shared", "all") for reach, _ in self._reaches("see", kind))

    def roles_held(self) -> QuerySet[RoleHeld]:
        """Who holds which role, at the places where that may be seen."""
        return self.only(RoleHeld.objects.select_related("person", "place"), "see", "role")

    def roles_left(self, on: date) -> QuerySet[RoleHeld]:
        """Roles that ended with an organisation whose successor is one's own to give roles at."""
        found = RoleHeld.objects.left(on).select_related("person", "place")
        return found.filter(place__successor__in=self.places_for("give", "role"))

    def only(self, rows: QuerySet[Any], action: str, kind: str) -> QuerySet[Any]:
        """Rows that belong to places where this may be done. Tests let all through, to try the database alone."""
        if settings.FILTERS_OFF:
            return rows
        return rows.filter(place_id__in=self.places_for(action, kind))

    def _reaches(self, action: str, kind: str) -> tuple[tuple[str, str], ...]:
        if self.kinds is not None and kind not in self.kinds:
            return ()
        policy = load_policy()
        roles: Iterable[Held] = self.held or ((Held(PUBLIC, ""),) if self.person is None else ())
        found = (
            (policy.reach(one.role, action, kind), one.place)
            for one in roles
            if action == "see" or not one.emergency
        )
        return tuple((reach, place) for reach, place in found if reach is not None)


def scope_of(person: Any, on: date, kinds: frozenset[str] | None = None) -> Scope:
    """The scope of whoever asks, told to the database for this transaction; `kinds` where a token narrows it."""
    if not isinstance(person, Person) or not person.is_active:
        tell("", ())
        return Scope(None)
    tell(str(person.pk), ())
    mine = RoleHeld.objects.on(on).filter(person=person).order_by("valid_from", "id")
    standing = tuple(Held(role, place) for role, place in mine.values_list("role", "place_id"))
    # An emergency is a person's, who gave a reason: it opens nothing to a program that asks with a token.
    scope = _with_emergencies(person, standing) if kinds is None else Scope(person, standing, kinds=kinds)
    scope.tell()
    return scope


def _with_emergencies(person: Person, standing: tuple[Held, ...]) -> Scope:
    """Add what an emergency opens, as long as the role in which it was asked for is still held and may ask."""
    policy = load_policy()
    asking = {one.role for one in standing if policy.reach(one.role, "ask", "emergency")}
    now = EmergencyAccess.objects.at(timezone.now()).filter(person=person, role__in=asking)
    rows = list(now.order_by("asked_at").values_list("role", "place_id", "reason")) if asking else []
    further = tuple(Held(role, place, emergency=True) for role, place, _ in rows)
    return Scope(person, standing + further, {place: reason for _, place, reason in rows})


def scope_in(request: HttpRequest) -> Scope:
    """The scope that the middleware found for this request."""
    scope: Scope = request.scope
    return scope
