"""What a person may see and do: every question begins here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings

from joinedup_web.organisations.models import Person, RoleHeld
from joinedup_web.organisations.policy import PUBLIC, load_policy
from joinedup_web.organisations.row_security import tell

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@dataclass(frozen=True)
class Held:
    """A role and the place it is held at."""

    role: str
    place: str


@dataclass(frozen=True)
class Scope:
    """A person with the roles they hold today. Without a person it is the public's."""

    person: Person | None
    held: tuple[Held, ...] = ()

    @property
    def places(self) -> frozenset[str]:
        """Codes of the places where a role is held."""
        return frozenset(one.place for one in self.held)

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
        policy = load_policy()
        roles: Iterable[Held] = self.held or ((Held(PUBLIC, ""),) if self.person is None else ())
        found = ((policy.reach(one.role, action, kind), one.place) for one in roles)
        return tuple((reach, place) for reach, place in found if reach is not None)


def scope_of(person: Any, on: date) -> Scope:
    """The scope of whoever asks, told to the database for this transaction."""
    if not isinstance(person, Person) or not person.is_active:
        tell("", ())
        return Scope(None)
    tell(str(person.pk), ())
    mine = RoleHeld.objects.on(on).filter(person=person).order_by("valid_from", "id")
    scope = Scope(person, tuple(Held(role, place) for role, place in mine.values_list("role", "place_id")))
    tell(str(person.pk), scope.places)
    return scope


def scope_in(request: HttpRequest) -> Scope:
    """The scope that the middleware found for this request."""
    scope: Scope = request.scope
    return scope
