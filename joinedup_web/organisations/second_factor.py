"""A second factor is compulsory for some roles: whoever lacks one sets it up before anything else."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope

UPSTREAM = "joinedup_identity_service_asked"
"""Session: the identity service asked for a second factor when this session began."""
COUNTED = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def roles_that_ask(scope: Scope) -> tuple[str, ...]:
    """Titles of the roles held that ask for a second factor."""
    policy = load_policy()
    asking = dict.fromkeys(one.role for one in scope.held if one.role in policy.second_factor)
    return tuple(policy.roles[role].title for role in asking)


def is_missing(request: HttpRequest, scope: Scope) -> bool:
    """Whether this person must set one up before going on. A demo asks nobody; `--production` is never a demo."""
    if not settings.SECOND_FACTOR or scope.person is None or not roles_that_ask(scope):
        return False
    if request.session.get(UPSTREAM) is True:
        return False
    return not has_one(scope.person)


def has_one(person: Any) -> bool:
    """Whether a person has an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=person, type__in=COUNTED).exists()
