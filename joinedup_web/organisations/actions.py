"""What people do to roles. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.db import transaction

from joinedup.errors import YourCommand
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.policy import PUBLIC, load_policy
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def give_role(
    *, by: Scope, person: Person, role: str, place: Place, from_day: date, to_day: date | None, reason: str
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
            reason=reason.strip(), given_by=str(by.person),
        )  # fmt: skip


@transaction.atomic
def end_role(*, by: Scope, held: RoleHeld, on: date, reason: str) -> RoleHeld:
    """End a role: it holds until the day before `on`. A role that had not begun ends on the day it would have begun."""
    _check(by, "end", held.place_id)
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why the role ends.")
    with pghistory.context(why=reason):
        held.valid_to = max(on - timedelta(days=1), held.valid_from)
        held.save(update_fields=["valid_to"])
    return held


def move_role(*, by: Scope, held: RoleHeld, on: date, reason: str) -> RoleHeld:
    """Give a person the role they held at an organisation that has closed, at its successor."""
    place = Place.objects.filter(code=held.place.successor).first()
    if place is None or held.place.valid_to is None or on <= held.place.valid_to:
        raise YourCommand(
            "The organisation has not closed, or has no successor.", remedy="Give a role instead."
        )
    return give_role(
        by=by, person=held.person, role=held.role, place=place, from_day=on, to_day=None, reason=reason
    )


def _check(by: Scope, action: str, place: str) -> None:
    if by.person is None or not by.may_at(action, "role", place):
        raise YourCommand(
            "Roles are given and ended by the administrator of that organisation.", remedy="Ask them."
        )
