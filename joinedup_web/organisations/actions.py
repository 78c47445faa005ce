"""What people do to roles. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pghistory
from django.db import transaction

from joinedup.errors import YourCommand
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.policy import PUBLIC, load_policy
from joinedup_web.organisations.scope import Scope


@dataclass(frozen=True)
class Operator:
    """Whoever runs the server, at its command line: may do what the administrator of any place may."""

    person: None = None

    def may_at(self, action: str, kind: str, place: str) -> bool:
        """Always: whoever reaches the command line reaches the database too."""
        return True

    def __str__(self) -> str:
        return "the command line"


@transaction.atomic
def give_role(
    *,
    by: Scope | Operator,
    person: Person,
    role: str,
    place: Place,
    from_day: date,
    to_day: date | None,
    reason: str,
) -> RoleHeld:
    """Give a person a role at a place. Raises YourCommand where `by` may not, or the words make no sense."""
    _check(by, "give", place.code)
    if role not in load_policy().roles or role == PUBLIC:
        raise YourCommand(f"There is no role called {role!r}.", remedy="Choose one from the list.")
    if to_day is not None and to_day < from_day:
        raise YourCommand("The role would end before it begins.", remedy="Mend one of the two days.")
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why the role is needed.")
    with pghistory.context(why=reason):
        return RoleHeld.objects.create(
            person=person, role=role, place=place, valid_from=from_day, valid_to=to_day,
            reason=reason.strip(), given_by=str(by.person or by),
        )  # fmt: skip


@transaction.atomic
def end_role(*, by: Scope | Operator, held: RoleHeld, on: date, reason: str) -> RoleHeld:
    """End a role: it holds until the day before `on`. One that began on that day or later never held: it is removed."""
    _check(by, "end", held.place_id)
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why the role ends.")
    with pghistory.context(why=reason):
        if held.valid_from >= on:
            held.delete()
        else:
            held.valid_to = on - timedelta(days=1)
            held.save(update_fields=["valid_to"])
    return held


def move_role(*, by: Scope | Operator, held: RoleHeld, on: date, reason: str) -> RoleHeld:
    """Give a person the role they held at an organisation that has closed, at its successor."""
    place = Place.objects.filter(code=held.place.successor).first()
    if place is None or held.place.valid_to is None or on <= held.place.valid_to:
        raise YourCommand(
            "The organisation has not closed, or has no successor.", remedy="Give a role instead."
        )
    return give_role(
        by=by, person=held.person, role=held.role, place=place, from_day=on, to_day=None, reason=reason
    )


def _check(by: Scope | Operator, action: str, place: str) -> None:
    if not by.may_at(action, "role", place):
        raise YourCommand(
            "Roles are given and ended by the administrator of that organisation.", remedy="Ask them."
        )
