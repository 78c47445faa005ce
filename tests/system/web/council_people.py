"""Who works in tests of a council's rooms: its officer and chair, others of the council, and officers elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import AS_DJANGO, Served

BRENT = "GB-LAE-BEN"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def browser_at(place: str, *roles: str) -> Any:
    """A browser of somebody who holds these roles at a place, and no other."""
    from django.test import Client

    from joinedup_web.organisations.models import Person, RoleHeld
    from joinedup_web.organisations.row_security import opened

    with opened("a test", [place]):
        name = f"{'.'.join(roles)}.{place}@council.invalid".lower()
        person, _ = Person.objects.get_or_create(email=name)
        for role in roles:
            RoleHeld.objects.get_or_create(
                person=person, role=role, place_id=place,
                defaults={"valid_from": date(2024, 4, 1), "reason": "a test", "given_by": "tests"},
            )  # fmt: skip
    made = Client(**AS_DJANGO)
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@contextmanager
def brent() -> Iterator[None]:
    from joinedup_web.organisations.row_security import opened

    with opened("a test", [BRENT]):
        yield


def nothing_changes(workspace: Served, table: str) -> None:
    """Steps of a table are added and never changed, by the app's role or the owner's; the audit's chain holds."""
    from joinedup_web.organisations.chain import verify

    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        for statement in (f"UPDATE {table} SET what = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)  # type: ignore[arg-type]
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [BRENT])
        assert connection.execute(f"UPDATE {table} SET what = 'x'").rowcount == 0  # type: ignore[arg-type]
    with brent():
        chains = verify()
    assert [one.place for one in chains] == [BRENT] and not chains[0].faults


def not_there(browser: Any, addresses: Iterable[str]) -> None:
    """None of the addresses is there for this person, to read or to write."""
    for address in addresses:
        assert browser.get(address).status_code == 404, address
        assert browser.post(address, {"why": "x"}).status_code in (404, 405), address
