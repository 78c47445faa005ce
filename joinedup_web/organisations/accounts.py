"""What whoever runs the server does to accounts. Keyword-only, with `by` and a reason, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pghistory
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from joinedup.errors import UnknownName, YourCommand
from joinedup_web.organisations.actions import Operator, end_role
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.row_security import opened
from joinedup_web.organisations.second_factor import COUNTED

Role = tuple[str, str, date, date | None]


@dataclass(frozen=True)
class Account:
    """An account as it is listed. `roles`: slug, code of the place, from, until; `ways`: how it may be opened."""

    email: str
    name: str
    active: bool
    roles: tuple[Role, ...]
    ways: tuple[str, ...]


@contextmanager
def everywhere(reason: str = "") -> Iterator[None]:
    """A transaction that sees every place: only the command line asks beyond what is somebody's own."""
    codes = list(Place.objects.values_list("code", flat=True))
    with opened("", codes), pghistory.context(person="", address="joinedup accounts", why=reason):
        yield


def accounts(place: str = "") -> list[Account]:
    """Every account, or those with a role at a place, by address."""
    with everywhere():
        rows = Person.objects.order_by("email").prefetch_related("roles")
        found = [_account(person) for person in rows]
    return [one for one in found if not place or any(at == place for _, at, _, _ in one.roles)]


def _account(person: Person) -> Account:
    roles = sorted((one.role, one.place_id, one.valid_from, one.valid_to) for one in person.roles.all())
    today = timezone.localdate()
    holding = tuple(one for one in roles if one[3] is None or one[3] >= today)
    ways = [
        *(["password"] if person.has_usable_password() else []),
        *Authenticator.objects.filter(user=person, type__in=COUNTED).values_list("type", flat=True),
        *SocialAccount.objects.filter(user=person).values_list("provider", flat=True),
    ]
    return Account(person.email, person.name, person.is_active, holding, tuple(dict.fromkeys(ways)))


def person_of(email: str) -> Person:
    """The account of an address, open or ended. Raises UnknownName."""
    found = Person.objects.filter(email=email.lower()).first()
    if found is None:
        raise UnknownName(
            f"Nobody has an account with {email}.", remedy="`joinedup accounts list` has them all."
        )
    return found


def add(*, by: Operator, email: str, name: str, password: str, reason: str) -> Person:
    """An account; without a password it opens through an identity service or not at all. Opens an ended one again."""
    try:
        validate_email(email)
        if password:
            validate_password(password)
    except ValidationError as error:
        raise YourCommand(
            " ".join(error.messages), remedy="Mend the address or choose another password."
        ) from None
    with everywhere(reason):
        person = Person.objects.filter(email=email.lower()).first()
        if person is not None and person.is_active:
            raise YourCommand(
                f"{email} has an account already.", remedy="Give it a role: `joinedup accounts give`."
            )
        person = person or Person(email=email.lower())
        person.is_active, person.name = True, name or person.name
        person.set_password(password or None)
        person.save()
    return person


def end(*, by: Operator, person: Person, reason: str) -> int:
    """End an account and every role it holds; how many roles ended. What it did stays in the audit."""
    today = timezone.localdate()
    with everywhere(_reason(reason)):
        held = [
            one
            for one in RoleHeld.objects.filter(person=person)
            if one.valid_to is None or one.valid_to >= today
        ]
        for one in held:
            end_role(by=by, held=one, on=today, reason=reason)
        person.is_active = False
        person.save(update_fields=["is_active"])
    return len(held)


def reset_second_factor(*, by: Operator, person: Person, reason: str) -> int:
    """Remove authenticator app, passkeys and recovery codes; how many. The next sign-in is led to set one up."""
    with everywhere(_reason(reason)):
        return int(Authenticator.objects.filter(user=person).delete()[0])


def unlink(*, by: Operator, person: Person, service: str, reason: str) -> None:
    """End the link to an identity, so that another one of that service may be linked. Raises UnknownName."""
    with everywhere(_reason(reason)):
        if not SocialAccount.objects.filter(user=person, provider=service).delete()[0]:
            raise UnknownName(
                f"{person.email} is not linked to {service!r}.",
                remedy="`joinedup accounts list` shows the links.",
            )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say it with --why.")
    return reason.strip()
