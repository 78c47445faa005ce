"""Every request runs in one transaction that knows who asks; every address is listed, or it is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from joinedup_web.organisations.policy import OPEN, SIGNED_IN, Ask, load_policy
from joinedup_web.organisations.scope import scope_of
from joinedup_web.organisations.second_factor import is_missing

Next = Callable[[HttpRequest], HttpResponse]


class ScopeMiddleware:
    """Opens the transaction, tells the database who asks, and asks the policy whether this address may be opened."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One transaction from here to the answer."""
        with transaction.atomic():
            scope = scope_of(request.user, timezone.localdate(), getattr(request, "kinds", None))
            request.scope = scope
            who = str(scope.person.pk) if scope.person else ""
            with pghistory.context(person=who, address=request.path):
                answer = self.get_response(request)
            if answer.status_code >= 500:
                transaction.set_rollback(True)  # Django has made a page of the fault: nothing of it is kept
            return answer

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        """None lets the view answer; otherwise the sign-in page, a refusal, or nothing there."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        asks = load_policy().asks(name)
        scope = request.scope
        if asks is None:
            raise Http404
        if asks == OPEN:
            return redirect("mfa_index") if name == "start" and is_missing(request, scope) else None
        if scope.person is None:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if asks == SIGNED_IN:
            return None
        if not (isinstance(asks, Ask) and scope.may(asks.action, asks.kind)):
            raise PermissionDenied
        return redirect("mfa_index") if is_missing(request, scope) else None
