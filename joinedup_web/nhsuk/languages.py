"""Which language a page is in: the address, then the choice kept in a cookie, then what the browser asks for.

Pages that everybody meets (open ones, and those of one's own account) are translated. The others are in English and
say so: their layout stays in the chosen language, their content is marked as English.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views import defaults

from joinedup_web.nhsuk.catalogues import catalogue, translated

ENGLISH = "en-gb"
YEAR = 365 * 24 * 3600
Next = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Language:
    """A language of the workspace, as pages name it. `reviewed`: whether a speaker has read the translation."""

    code: str
    tag: str
    name: str
    direction: str
    reviewed: bool


LANGUAGES = {
    ENGLISH: Language(ENGLISH, "en-GB", "English", "ltr", True),
    # Arabic is what residents of Westminster speak most after English (Westminster City Council, joint strategic needs
    # assessment, "People", from Census 2021); of the right-to-left languages it alone leads a borough of the eight.
    "ar": Language("ar", "ar", "العربية", "rtl", False),
}


def load_catalogues() -> None:
    """Add our catalogues to those of Django and its applications; ours win. Compiled in memory, once a process."""
    from django.utils.translation import trans_real

    for code in translated():
        trans_real.translation(code).merge(catalogue(code))


def chosen(request: HttpRequest) -> Language:
    """The language that was asked for; English before the middleware has seen the request."""
    return LANGUAGES.get(getattr(request, "language", ENGLISH), LANGUAGES[ENGLISH])


def spoken() -> Language:
    """The language that this page's content is in."""
    return LANGUAGES.get(translation.get_language() or ENGLISH, LANGUAGES[ENGLISH])


def say(request: HttpRequest) -> Callable[[str], str]:
    """How a layout speaks: in the chosen language, whatever the content is in."""

    def spoken_in(words: str) -> str:
        with translation.override(chosen(request).code):
            return translation.gettext(words)

    return spoken_in


def address_in(request: HttpRequest, code: str) -> str:
    """This page in another language: the same question, and the language beside it."""
    asked = request.GET.copy()
    asked["lang"] = code
    return f"?{asked.urlencode()}"


class LanguageMiddleware:
    """Finds the language, keeps a choice, and puts what is not translated into English. Stands before ScopeMiddleware.

    `public` says of an address whether its pages are translated; organisations give it, for it asks the policy.
    """

    public: Callable[[str], bool] = staticmethod(lambda name: True)

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The language holds until the answer is made, and no longer: threads are used again."""
        asked = request.GET.get("lang", "")
        request.language = asked if asked in LANGUAGES else translation.get_language_from_request(request)
        translation.activate(request.language)
        try:
            response = self.get_response(request)
        finally:
            translation.deactivate()
        response.headers.setdefault("Content-Language", request.language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if asked in LANGUAGES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, asked, max_age=YEAR, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, keywords: Any) -> None:
        """English where the page is not translated."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not self.public(name):
            translation.activate(ENGLISH)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the chosen language."""
    with translation.override(chosen(request).code):
        return defaults.page_not_found(request, exception)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 in the chosen language."""
    with translation.override(chosen(request).code):
        return defaults.permission_denied(request, exception)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit: mostly a page that was open too long."""
    with translation.override(chosen(request).code):
        return render(request, "stale.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500 in the chosen language."""
    with translation.override(chosen(request).code):
        return defaults.server_error(request)
