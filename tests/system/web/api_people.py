"""Tokens for tests of the API, made by the action that the page calls, and questions asked with them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from tests.system.web.conftest import AS_DJANGO
from tests.system.web.test_access_matrix import PEOPLE, addresses

KINDS = ("figure", "note", "register", "submission")
"""All that the API opens; an analyst may open each of them."""


def person_of(role: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=PEOPLE[role].email)


def token_for(
    role: str, *, kinds: tuple[str, ...] | None = None, name: str = "", days: int = 7, most: int = 1000
) -> tuple[Any, str]:
    """A token of the demo's person in a role, and its text, for all that is open to them where no kinds are named; all
    tests of a run make more than one may have."""
    from uuid import uuid4

    from django.db import transaction

    from joinedup_web.api import actions
    from joinedup_web.api.asking import kinds_open_to
    from joinedup_web.organisations.scope import scope_of

    today = date.today()
    with transaction.atomic(), patch.object(actions, "MOST", most):
        scope, last = scope_of(person_of(role), today), today + timedelta(days=days)
        chosen = kinds_open_to(scope) if kinds is None else kinds
        return actions.make_token(
            by=scope, name=name or str(uuid4()), kinds=chosen, expires=last, today=today
        )


def ask(path: str, secret: str = "", *, method: str = "get", **headers: str) -> Any:
    """An answer of the API, with a token or without."""
    from django.test import Client

    told = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
    return getattr(Client(**AS_DJANGO), method)(f"/api/v1/{path}", **told, **headers)


def tell(path: str, secret: str, told: Any = None, *, kind: str = "application/json", **headers: str) -> Any:
    """The answer to what is sent: bytes as they are, anything else as JSON."""
    from django.test import Client

    sent = told if isinstance(told, bytes) else json.dumps({} if told is None else told)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", **headers}
    return Client(**AS_DJANGO).post(f"/api/v1/{path}", sent, content_type=kind, **headers)


def body(answer: Any) -> Any:
    """What an answer says."""
    return json.loads(answer.content)


def operations() -> list[Any]:
    """Every operation of the API, and its description."""
    return [one for one in addresses() if (one.name or "").startswith("api_")]


def address_of(operation: Any) -> str:
    """An address of an operation; what it names is there where it is public, and otherwise is not."""
    from django.urls import reverse

    some = {
        "code": "RKL" if operation.name == "api_place" else "A234567BCD", "measure": "M195", "slug": "returns",
        "note": UUID(int=1), "submission": UUID(int=1),
    }  # fmt: skip
    told = {name: some[name] for name in operation.pattern.converters}
    return reverse(operation.name, kwargs=told).removeprefix("/api/v1/")
