"""Which pages are translated: those that everybody meets, as the policy table has them."""

from __future__ import annotations

from joinedup_web.nhsuk.languages import LanguageMiddleware
from joinedup_web.organisations.policy import OPEN, SIGNED_IN, load_policy

PROGRAMS = ("api_",)
"""Addresses that programs ask, and the page for those who write them: in English."""


class PolicyLanguageMiddleware(LanguageMiddleware):
    """Open pages, and those of one's own account."""

    @staticmethod
    def public(name: str) -> bool:
        """Whether the address of that name is one of them."""
        return load_policy().asks(name) in (OPEN, SIGNED_IN) and not name.startswith(PROGRAMS)
