"""The exchange with an identity service: allauth's, with a nonce, the token's signature, and no other host reached."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from joinedup_web.organisations.identity.claims import Refused, Told, told
from joinedup_web.organisations.identity.services import IdentityService, origin
from joinedup_web.organisations.identity.tokens import NOT_TRUSTED, verified

PATIENCE = 10
"""Seconds that a service has to answer."""


def service_of(name: str) -> IdentityService:
    """The service of that name; nothing is there for any other."""
    found = next((one for one in settings.IDENTITY_SERVICES if one.name == name), None)
    if found is None:
        raise Http404
    return found


def application(service: IdentityService) -> SocialApp:
    """A service as allauth has it; never stored."""
    return SocialApp(
        provider="openid_connect", provider_id=service.name, name=service.title, client_id=service.client_id,
        secret=service.secret, settings={"server_url": service.issuer, "oauth_pkce_enabled": True},
    )  # fmt: skip


def session() -> requests.Session:
    """A session that reaches the services and nothing else, follows nobody elsewhere and uses no proxy of ours."""
    made = requests.Session()
    made.trust_env = False
    made.request = partial(_inward, made.request)  # type: ignore[method-assign]
    return made


def _inward(ask: Any, method: str, url: str, **more: Any) -> requests.Response:
    known = {one for service in settings.IDENTITY_SERVICES for one in service.origins}
    if origin(url) not in known:
        raise Refused(NOT_TRUSTED)
    answer: requests.Response = ask(method, url, **{**more, "timeout": PATIENCE, "allow_redirects": False})
    return answer


class Provider(OpenIDConnectProvider):
    """allauth's provider, with a nonce and the account known by issuer and subject."""

    def get_oauth2_adapter(self, request: HttpRequest) -> Any:
        """Our exchange, whichever way it is begun."""
        return Exchange(request, self.app.provider_id)

    def redirect(self, request: HttpRequest, process: Any, next_url: Any = None, **more: Any) -> Any:
        """To the service, with state, nonce and PKCE; what the browser added to the address is not passed on."""
        nonce = secrets.token_urlsafe(24)
        asked = service_of(self.app.provider_id).ask_for
        extra = {"nonce": nonce, **({"acr_values": asked} if asked else {})}
        return super().redirect(request, process, next_url, data={"nonce": nonce}, auth_params=extra)

    def extract_uid(self, data: Any) -> str:
        """Issuer and subject: a subject alone is only unique to its issuer."""
        found: Told = data["told"]
        return found.uid

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """What is kept: whether the last sign-in was a strong one, and nothing else that the service said."""
        return {"strong": data["told"].strong}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Nothing: people are known by accounts that exist."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """Nothing: an address links an account once, by our own rule, and never again."""
        return []


class Exchange(OpenIDConnectOAuth2Adapter):
    """allauth's exchange of a code for a token, with the token checked in full."""

    nonce = ""

    def get_provider(self) -> Provider:
        """The service as a provider."""
        return Provider(self.request, app=application(service_of(self.provider_id)))

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the service sends the browser back to; the service knows this address beforehand."""
        return request.build_absolute_uri(reverse("identity_back", args=[self.provider_id]))

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the service publishes of itself; it must be the issuer that we were told of."""
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != service_of(self.provider_id).issuer:
            raise Refused(NOT_TRUSTED)
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **more: Any) -> Any:
        """Who signed in, as far as the service says so; nobody is let in yet."""
        service = service_of(self.provider_id)
        with session() as opened:
            keys = opened.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        claims = verified(str(more["response"].get("id_token") or ""), keys.json(), service, self.nonce)
        further = self._fetch_user_info(token.token)
        if further.get("sub") != claims["sub"]:
            raise Refused(NOT_TRUSTED)
        found = told(service, {**further, **claims})
        login = self.get_provider().sociallogin_from_response(request, {"told": found})
        login.told = found
        return login


class Callback(OAuth2CallbackView):
    """Where the service sends people back to. The nonce was kept beside the state of this browser.

    A service that says who it is (RFC 9207) must be the one that was asked: otherwise the answer of one is another's.
    """

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = (state.get("data") or {}).get("nonce", "")
            issuer = service_of(provider.sub_id).issuer
            if request.GET.get("iss", issuer) != issuer:
                return None, render_authentication_error(request, provider, exception=Refused(NOT_TRUSTED))
        return state, answer
