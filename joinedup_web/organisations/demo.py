"""Making the sign-ins of the demo."""

from __future__ import annotations

from datetime import date

import pghistory
from django.contrib.auth.hashers import make_password
from django.db import transaction

from joinedup_web.organisations.demo_words import SIGN_INS, Sign
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.row_security import opened

SINCE = date(2024, 4, 1)
WHY = "a sign-in of the demo"


def make_sign_ins(password: str) -> tuple[Sign, ...]:
    """Make the sign-ins that are not there yet; where the password is new, they all get it.

    It is hashed once for all of them, since hashing is made to be slow: they have one password anyway.
    """
    kept = Person.objects.filter(email=SIGN_INS[0].email).first()
    hashed = kept.password if kept and kept.check_password(password) else make_password(password)
    for sign in SIGN_INS:
        with transaction.atomic(), pghistory.context(why=WHY):
            _make(sign, hashed)
    return SIGN_INS


def _make(sign: Sign, hashed: str) -> None:
    title = load_policy().roles[sign.role].title
    told = {"name": f"Demo: {title.lower()}", "password": hashed}
    person, _ = Person.objects.get_or_create(email=sign.email, defaults=told)
    if person.password != hashed:
        person.password = hashed
        person.save(update_fields=["password"])
    with opened(str(person.pk), [sign.place]):
        RoleHeld.objects.get_or_create(
            person=person, role=sign.role, place=Place.objects.get(code=sign.place),
            defaults={"valid_from": SINCE, "reason": WHY, "given_by": "joinedup serve"},
        )  # fmt: skip
