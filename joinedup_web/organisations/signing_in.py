"""How people sign in: accounts are given, not taken, and ten wrong tries lock the door for a while."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

TOO_MANY = "Too many wrong tries. Wait a quarter of an hour, then sign in again."


class Adapter(DefaultAccountAdapter):
    """allauth, without signing up by oneself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """An account that has ended opens nothing, whatever was typed."""
        from joinedup_web.organisations.identity.adapter import refusal

        return refusal(request, "Your account here has ended. Ask the administrator of your organisation.")

    def get_login_stages(self) -> list[str]:
        """allauth's stages, with our second factor left out after a strong sign-in elsewhere."""
        ours = "joinedup_web.organisations.identity.adapter.SecondFactorStage"
        stages: list[str] = super().get_login_stages()
        return [ours if one == "allauth.mfa.stages.AuthenticateStage" else one for one in stages]

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Remember for this session whether the identity service asked for a second factor."""
        from joinedup_web.organisations.second_factor import UPSTREAM

        given = (more.get("signal_kwargs") or {}).get("sociallogin")
        request.session[UPSTREAM] = given is not None and given.account.extra_data.get("strong") is True
        answer: HttpResponse = super().post_login(request, user, **more)
        return answer


class CountedCode(forms.Form):
    """Wrong codes are counted with wrong passwords, in the database: six digits can be tried out otherwise."""

    user: Any

    def clean_code(self) -> str:
        """The code, where it is right and not too many wrong ones came before it."""
        from allauth.core import context

        told = {"username": self.user.email}
        if not AxesProxyHandler.is_allowed(context.request, told):
            raise forms.ValidationError(TOO_MANY)
        try:
            code: str = super().clean_code()
        except forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=told, request=context.request)
            raise
        return code


class Code(CountedCode, AuthenticateForm):
    """The second factor, at signing in."""


class CodeAgain(CountedCode, ReauthenticateForm):
    """The second factor, before a change of how one signs in."""


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address that somebody tried to sign in with, small letters throughout."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username") or ""
    if not tried and request is not None:
        tried = request.POST.get("login", "")
    return str(tried).lower()
