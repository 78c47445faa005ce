"""The template environment: the macros of the NHS design system, and what every page knows."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from joinedup_web.nhsuk.assets import installed

# name of the address, words, and what the policy must allow
ROOMS = (
    ("explore", "Explore", ("see", "figure")),
    ("places", "Places", ("see", "register")),
    ("collaboratives", "Collaboratives", ("see", "collaborative")),
    ("controllers", "Controllers", ("see", "controller")),
    ("people", "People", ("see", "role")),
    ("audit", "Changes", ("see", "audit")),
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
        },
        loader=ChoiceLoader([own, PackageLoader("nhsuk_frontend_jinja")]),
    )
    made.globals.update(static=static, url=address, styled=installed())
    made.filters["day"] = lambda day: f"{day:%-d %B %Y}" if day else ""
    return made


def address(name: str, *arguments: Any) -> str:
    """The address of that name."""
    return reverse(name, args=arguments)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: who asks, where they may go, and whether the design system's files are there."""
    scope = getattr(request, "scope", None)
    rooms = [
        {"href": reverse(name), "text": words, "current": request.path.startswith(reverse(name))}
        for name, words, (action, kind) in ROOMS
        if scope is not None and scope.person is not None and scope.may(action, kind)
    ]
    return {
        "scope": scope,
        "rooms": rooms,
        "styled": installed(),
        "said": list(get_messages(request)) if hasattr(request, "_messages") else [],
        "nonce": lambda: str(getattr(request, "csp_nonce", "")),
    }
