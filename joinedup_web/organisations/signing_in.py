"""How people sign in: accounts are given, not taken, and ten wrong tries lock the door for a while."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """allauth, without signing up by oneself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address that somebody tried to sign in with, small letters throughout."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username") or ""
    if not tried and request is not None:
        tried = request.POST.get("login", "")
    return str(tried).lower()
