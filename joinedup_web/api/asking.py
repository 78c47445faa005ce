"""Questions about tokens: one's own begin at a scope; the one who shows a token finds that one alone."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from joinedup_web.api.models import Token
from joinedup_web.organisations.policy import Ask, load_policy
from joinedup_web.organisations.scope import Scope

PREFIX = "api_"
"""Names of addresses of the API begin so."""


def tokens(scope: Scope) -> QuerySet[Token]:
    """One's own tokens, the newest first. Tests switch the filter off, to try the database alone."""
    rows = Token.objects.order_by("-made")
    return rows if settings.FILTERS_OFF else rows.filter(person=scope.person)


def token_of(scope: Scope, identity: Any) -> Token | None:
    """A token of one's own; None for any other, as if it did not exist."""
    return tokens(scope).filter(pk=identity).first()


def token_shown(secret: str) -> Token | None:
    """The token that somebody shows. The database is told its hash, and shows the one row that has it."""
    found = hashed(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('joinedup.token', %s, true)", [found])
    return Token.objects.select_related("person").filter(sha256=found).first()


def hashed(secret: str) -> str:
    """What is kept of a token: it is 256 random bits, so a plain hash cannot be turned round."""
    return hashlib.sha256(secret.encode()).hexdigest()


def kinds_open_to(scope: Scope) -> tuple[str, ...]:
    """Kinds of thing that the API has operations for and that a role held today opens."""
    policy = load_policy()
    asked = [policy.asks(name) for name in policy.addresses if name.startswith(PREFIX)]
    found = {ask.kind for ask in asked if isinstance(ask, Ask) and scope.may(ask.action, ask.kind)}
    return tuple(sorted(found))
