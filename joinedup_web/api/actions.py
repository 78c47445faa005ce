"""What people do to their tokens. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.api.asking import hashed, kinds_open_to, tokens
from joinedup_web.api.models import Token
from joinedup_web.organisations.scope import Scope

BEGINS = "joinedup_"
"""By which a scanner for lost secrets knows a token of ours."""
LONGEST = timedelta(days=365)
MOST = 20
"""Tokens that one person may have at a time."""


@transaction.atomic
def make_token(
    *, by: Scope, name: str, kinds: Sequence[str], expires: date, today: date
) -> tuple[Token, str]:
    """A new token and its text, which nobody can read again.

    Raises YourCommand where it would open more than the person's roles do, or for longer than a year.
    """
    if by.person is None:
        raise YourCommand("Only people who have signed in make tokens.", remedy="Sign in.")
    _check(by, name.strip(), kinds, expires, today)
    secret = BEGINS + secrets.token_urlsafe(32)
    with pghistory.context(why="made on the page of tokens"):
        token = Token.objects.create(
            person=by.person, name=name.strip(), kinds=sorted(set(kinds)), sha256=hashed(secret), expires=expires,
        )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, by: Scope, token: Token) -> Token:
    """End a token at once and for good. Raises YourCommand for a token of somebody else."""
    if by.person is None or token.person_id != by.person.pk:
        raise YourCommand("This token is somebody else's.", remedy="They can end it.")
    if token.revoked is None:
        with pghistory.context(why="ended on the page of tokens"):
            token.revoked = timezone.now()
            token.save(update_fields=["revoked"])
    return token


def _check(by: Scope, name: str, kinds: Sequence[str], expires: date, today: date) -> None:
    live = [one for one in tokens(by).filter(person=by.person) if one.live(today)]
    if not name:
        raise YourCommand("The token has no name.", remedy="Say which program will use it.")
    if name in {one.name for one in live}:
        raise YourCommand(
            f"You already have a token called {name!r}.", remedy="Choose another name, or end the first."
        )
    if len(live) >= MOST:
        raise YourCommand(f"You have {MOST} tokens already.", remedy="End one that nothing uses any more.")
    if not kinds or not set(kinds) <= set(kinds_open_to(by)):
        raise YourCommand(
            "A token opens no more than your own roles do.", remedy="Choose from the kinds of thing listed."
        )
    if not today <= expires <= today + LONGEST:
        raise YourCommand(
            "A token lasts until today at least and for a year at most.", remedy="Choose an earlier day."
        )
