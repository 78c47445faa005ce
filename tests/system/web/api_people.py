"""Tokens for tests of the API, made by the action that the page calls, and questions asked with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from tests.system.web.conftest import AS_DJANGO
from tests.system.web.test_access_matrix import PEOPLE

KINDS = ("figure", "register")


def person_of(role: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=PEOPLE[role].email)


def token_for(
    role: str, *, kinds: tuple[str, ...] = KINDS, name: str = "", days: int = 7, most: int = 1000
) -> tuple[Any, str]:
    """A token of the demo's person in a role, and its text; all tests of a run make more than one may have."""
    from uuid import uuid4

    from django.db import transaction

    from joinedup_web.api import actions
    from joinedup_web.organisations.scope import scope_of

    today = date.today()
    with transaction.atomic(), patch.object(actions, "MOST", most):
        scope, last = scope_of(person_of(role), today), today + timedelta(days=days)
        return actions.make_token(by=scope, name=name or str(uuid4()), kinds=kinds, expires=last, today=today)


def ask(path: str, secret: str = "", *, method: str = "get", **headers: str) -> Any:
    """An answer of the API, with a token or without."""
    from django.test import Client

    told = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
    return getattr(Client(**AS_DJANGO), method)(f"/api/v1/{path}", **told, **headers)
