"""Pages of signing in: the form with every way that is offered, and the way to a service and back."""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from joinedup_web.organisations.identity.adapter import NO_ANSWER, linked, refusal
from joinedup_web.organisations.identity.claims import Refused
from joinedup_web.organisations.identity.exchange import Callback, Exchange, service_of
from joinedup_web.organisations.second_factor import roles_that_ask


class SignIn(LoginView):
    """allauth's sign-in page, with the identity services. A form may lead to their origins from here, and only here."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page shows."""
        shown: dict[str, Any] = super().get_context_data(**more)
        return {**shown, "services": settings.IDENTITY_SERVICES}

    def dispatch(self, request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        """The page, whose policy names the services: browsers apply it to where a form is led on to."""
        answer: Any = super().dispatch(request, *given, **more)
        origins = [one for service in settings.IDENTITY_SERVICES for one in service.origins]
        if origins:
            answer._csp_update = {"form-action": origins}
        return answer


sign_in = SignIn.as_view()


class Account(IndexView):
    """How one signs in: second factors, passkeys, linked identities, password."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page shows."""
        shown: dict[str, Any] = super().get_context_data(**more)
        asking = roles_that_ask(self.request.scope)
        return {
            **shown,
            "linked": linked(self.request.user),
            "asking": asking,
            "enforced": settings.SECOND_FACTOR,
        }


account = Account.as_view()


@require_POST
def begin(request: HttpRequest, service: str) -> HttpResponse:
    """To the identity service. Only by POST: nobody is sent there by a link of somebody else's."""
    exchange = Exchange(request, service_of(service).name)
    try:
        answer: HttpResponse = exchange.get_provider().redirect(
            request, "login", get_next_redirect_url(request)
        )
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        return refusal(request, str(error) if isinstance(error, Refused) else NO_ANSWER)
    return answer


@require_safe
def back(request: HttpRequest, service: str) -> HttpResponse:
    """Back from the identity service: signed in, asked for a second factor, or told why not."""
    try:
        answer: HttpResponse = Callback.adapter_view(Exchange(request, service_of(service).name))(request)
    except (KeyError, ValueError):  # an answer that is no OpenID provider's
        return refusal(request, NO_ANSWER)
    return answer
