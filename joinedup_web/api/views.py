"""Pages of tokens: scope, question, page."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand
from joinedup_web.api import actions, asking
from joinedup_web.api.forms import MakeToken
from joinedup_web.api.words import words_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens: what each opens, until when, and when it was last used."""
    today = timezone.localdate()
    rows = [
        (one, one.live(today), ", ".join(map(words_of, one.kinds)))
        for one in asking.tokens(scope_in(request))
    ]
    return render(request, "api/tokens.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make a token, after saying again who one is: its text stands in the answer, once, and nowhere else."""
    try:
        return _make(request)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise
        return redirect("make_token")  # allauth would keep what was posted and run it past the policy


@reauthentication_required
def _make(request: HttpRequest) -> HttpResponse:
    scope = scope_in(request)
    form = MakeToken(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            token, secret = actions.make_token(
                by=scope, name=asked["name"], kinds=asked["kinds"], expires=asked["expires"],
                today=timezone.localdate(),
            )  # fmt: skip
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            return _kept_by_nobody(render(request, "api/made.html", {"token": token, "secret": secret}))
    return render(request, "api/make.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, held: UUID) -> HttpResponse:
    """End one of one's own tokens; any other is not there."""
    scope = scope_in(request)
    found = asking.token_of(scope, held)
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.revoke_token(by=scope, token=found)
        messages.success(request, "The token is ended: nothing opens with it any more.")
        return redirect("tokens")
    return render(request, "api/revoke.html", {"token": found})


def _kept_by_nobody(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
