"""Who asks by token, how often, and what every answer of the API carries; the policy table says what may be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from joinedup_web.api import allowance
from joinedup_web.api.answering import headers_of
from joinedup_web.api.asking import token_shown
from joinedup_web.api.models import Token
from joinedup_web.api.problems import CONTENT_TYPE, problem
from joinedup_web.organisations.models import Person
from joinedup_web.organisations.policy import Ask, load_policy
from joinedup_web.organisations.row_security import tell

Next = Callable[[HttpRequest], HttpResponse]
ROOT = "/api/"
SAFE = ("GET", "HEAD", "OPTIONS")
REALM = 'Bearer realm="joinedup"'


class TokenMiddleware:
    """Before the scope is found: a token stands for its person, a session only where nothing can change."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Addresses outside the API pass by."""
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        return dressed(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        refused = None
        if "Authorization" in request.headers:
            refused = _by_token(request)
        elif request.method not in SAFE:
            request.user = AnonymousUser()  # a page elsewhere could make a browser send its cookie
        elif isinstance(request.user, Person):
            refused = _spend(request, f"person:{request.user.pk}", request.user)
        if refused is not None:
            return refused
        if not hasattr(request, "token"):
            return self.get_response(request)
        with pghistory.context(token=str(request.token.pk)):
            return self.get_response(request)


def _by_token(request: HttpRequest) -> HttpResponse | None:
    """Let the token's person ask, in a transaction of its own; a problem where it opens nothing any more."""
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return _invalid("Only tokens are taken here, not passwords.")
    with transaction.atomic():
        token, today = token_shown(secret.strip()), timezone.localdate()
        if token is None or not token.person.is_active:
            return _invalid("There is no such token.")
        if not token.live(today):
            return _invalid(_ended(token))
        tell(str(token.person_id), ())
        if token.last_used != today:
            Token.objects.filter(pk=token.pk).update(last_used=today)
        refused = _allowed(request, f"token:{token.pk}", str(token.person_id))
    request.user, request.token, request.kinds = token.person, token, frozenset(token.kinds)
    return refused


def _spend(request: HttpRequest, key: str, person: Person) -> HttpResponse | None:
    with transaction.atomic():
        tell(str(person.pk), ())
        return _allowed(request, key, str(person.pk))


def _allowed(request: HttpRequest, key: str, person: str) -> HttpResponse | None:
    found = allowance.spend(key, person)
    if found.wait:
        words = f"{found.wait} second{'' if found.wait == 1 else 's'}"
        return problem(429, f"The allowance is used up for {words}.", headers=found.headers)
    headers_of(request).update(found.headers)
    return None


def _ended(token: Token) -> str:
    if token.revoked is not None:
        return f"The token was ended on {token.revoked:%-d %B %Y}."
    return f"The token expired on {token.expires:%-d %B %Y}."


def _invalid(detail: str) -> HttpResponse:
    told = f'{REALM}, error="invalid_token", error_description="{detail}"'
    return problem(401, detail, "Make a new one on your page of tokens.", headers={"WWW-Authenticate": told})


def dressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An answer as the API gives it: pages of errors become problems, and nothing is kept by others."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code != 304 and (answer.status_code >= 300 and kind != CONTENT_TYPE):
        answer = _as_problem(request, answer)
    for name, value in headers_of(request).items():
        if answer.status_code < 400 or name.startswith("RateLimit"):
            answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(answer, ("Authorization", "Cookie"))
    return answer


def _as_problem(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    kept: Mapping[str, str] = {
        name: answer[name] for name in ("Allow", "Retry-After", "Content-Security-Policy") if name in answer
    }
    if answer.status_code in (301, 302):
        return _elsewhere(answer.headers.get("Location", ""), kept)
    if answer.status_code == 403:
        detail, remedy, told = _forbidden(request)
        return problem(403, detail, remedy, headers={**kept, **told})
    return problem(answer.status_code, headers=kept)


def _elsewhere(address: str, kept: Mapping[str, str]) -> HttpResponse:
    """A page would send a person to another page first: to sign in, or to a step of their own account."""
    if address.startswith(reverse("account_login")):
        return problem(401, headers={**kept, "WWW-Authenticate": REALM})
    detail = "Something has to be done in a browser before this opens."
    return problem(403, detail, f"Sign in and open {address.partition('?')[0]}.", headers=kept)


def _forbidden(request: HttpRequest) -> tuple[str, str, Mapping[str, str]]:
    """Whether the token or the roles are too narrow."""
    matched: Any = request.resolver_match
    asks, kinds = load_policy().asks(matched.view_name if matched else ""), getattr(request, "kinds", None)
    if isinstance(asks, Ask) and kinds is not None and asks.kind not in kinds:
        told = f'{REALM}, error="insufficient_scope", scope="{asks.kind}"'
        detail = f"This token was not made for things of the kind {asks.kind}."
        return detail, f"Make one that is, on your page of tokens: {asks.kind}.", {"WWW-Authenticate": told}
    return "No role that you hold today opens this.", "", {}
