"""Whom an identity service's word lets in: accounts that an administrator made, linked once by a verified address."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from joinedup_web.organisations.identity.claims import Refused
from joinedup_web.organisations.identity.exchange import application, service_of, session
from joinedup_web.organisations.identity.linking import link

LOG = logging.getLogger("joinedup.identity")
NO_ANSWER = (
    "The identity service does not answer as it should. Try again in a few minutes, or sign in another way."
)
CANCELLED = "You stopped signing in at the identity service. Nothing has changed."
NOT_OURS = "This sign-in was not begun here, or was begun too long ago. Begin again from the sign-in page."


class IdentityAdapter(DefaultSocialAccountAdapter):
    """allauth's adapter: services come from the settings alone, and nobody signs up."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Every configured service; the database is not asked."""
        found = [application(one) for one in settings.IDENTITY_SERVICES]
        known = [one for one in found if provider in (None, one.provider, one.provider_id)]
        return [one for one in known if client_id in (None, one.client_id)]

    def get_requests_session(self) -> Any:
        """A session that reaches the services alone."""
        return session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody makes an account by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link an account the first time. Raises Refused where there is none, or where it has ended."""
        if not sociallogin.is_existing:
            link(sociallogin.told, service_of(sociallogin.account.provider))
            sociallogin.lookup()
        if not sociallogin.user.is_active:
            raise Refused("Your account here has ended. Ask the administrator of your organisation.")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """A page that says why; the log says which service and which kind of fault, and nothing of the person."""
        words = _words(error, exception, extra_context or {})
        LOG.warning("sign-in through %s refused: %s", provider.sub_id, type(exception).__name__)
        raise ImmediateHttpResponse(refusal(request, words))


def _words(error: Any, exception: Any, context: dict[str, Any]) -> str:
    if isinstance(exception, Refused):
        return str(exception)
    if error == AuthError.CANCELLED:
        return CANCELLED
    return NOT_OURS if "callback_view" in context and "state" not in context else NO_ANSWER


def refusal(request: HttpRequest, words: str) -> Any:
    """The page of a sign-in that did not succeed."""
    return render(request, "account/refused.html", {"words": words}, status=403)


class SecondFactorStage(AuthenticateStage):
    """Our own second factor, asked unless the identity service already asked for one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not was_strong(self.login) and super()._should_handle(request)


def was_strong(login: Any) -> bool:
    """Whether this sign-in came through a service that asked for more than a password."""
    given = (login.signal_kwargs or {}).get("sociallogin")
    return given is not None and given.account.extra_data.get("strong") is True


def linked(person: Any) -> list[str]:
    """The identity services through which a person may sign in, by title."""
    names = set(SocialAccount.objects.filter(user=person).values_list("provider", flat=True))
    return [one.title for one in settings.IDENTITY_SERVICES if one.name in names]
