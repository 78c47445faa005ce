"""The template environment: the macros of the NHS design system, and what every page knows."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import strip_tags
from django.utils.translation import gettext, ngettext
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from joinedup_web.nhsuk.assets import installed, mirrored
from joinedup_web.nhsuk.languages import LANGUAGES, address_in, chosen, say, spoken

# name of the address, words, and what the policy must allow
ROOMS = (
    ("explore", "Explore", ("see", "figure")),
    ("returns", "Returns", ("see", "submission")),
    ("returns_calendar", "Calendar", ("see", "timetable")),
    ("improvement", "Improvement", ("see", "initiative")),
    ("claims", "Claims", ("see", "claim")),
    ("packs", "Packs", ("see", "pack")),
    ("scrutiny", "Scrutiny", ("see", "recommendation")),
    ("places", "Places", ("see", "register")),
    ("boards", "Boards", ("see", "body")),
    ("collaboratives", "Collaboratives", ("see", "collaborative")),
    ("controllers", "Controllers", ("see", "controller")),
    ("people", "People", ("see", "role")),
    ("audit", "Changes", ("see", "audit")),
    ("emergency_ask", "Emergency access", ("ask", "emergency")),
    ("emergencies", "Emergencies", ("see", "emergency")),
)


def environment(**options: Any) -> Environment:
    """The environment of Django's Jinja2 backend. The macros of the design system need chainable undefined values."""
    own = options.pop("loader")
    made = Environment(  # noqa: S701 - it is on, two lines below
        **{
            **options,
            "undefined": ChainableUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n"],
        },
        loader=ChoiceLoader([own, PackageLoader("nhsuk_frontend_jinja")]),
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(static=static, url=address, styled=installed(), mirrored=mirrored(), spoken=spoken)
    made.filters["moment"] = lambda at: date_format(timezone.localtime(at), "j F Y, H:i") if at else ""
    made.filters["day"] = lambda day: date_format(day, "j F Y") if day else ""
    made.filters["plain"] = plain
    made.filters["number"] = lambda number: number_format(number, force_grouping=True)
    return made


def plain(markup: object) -> str:
    """The words of a help text, whose rules Django writes as a list; items stay apart."""
    return " ".join(strip_tags(str(markup).replace("</li>", " </li>")).split())


def address(name: str, *arguments: Any) -> str:
    """The address of that name."""
    return reverse(name, args=arguments)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: who asks, where they may go, and whether the design system's files are there."""
    scope, tell = getattr(request, "scope", None), say(request)
    rooms = [
        {"href": reverse(name), "text": tell(words), "current": request.path.startswith(reverse(name))}
        for name, words, (action, kind) in ROOMS
        if scope is not None and scope.person is not None and scope.may(action, kind)
    ]
    return {
        "scope": scope,
        "rooms": rooms,
        "styled": installed(),
        "said": list(get_messages(request)) if hasattr(request, "_messages") else [],
        "language": chosen(request),
        "say": tell,
        "languages": _others(request),
        "nonce": lambda: str(getattr(request, "csp_nonce", "")),
    }


def _others(request: HttpRequest) -> list[dict[str, Any]]:
    """The languages that this page is not shown in, each with its address; `translated` where the content is too."""
    own, inside = chosen(request), spoken()
    return [
        {
            "href": address_in(request, one.code), "tag": one.tag, "name": one.name, "direction": one.direction,
            "translated": inside == own,
        }
        for one in LANGUAGES.values()
        if one != own
    ]  # fmt: skip
