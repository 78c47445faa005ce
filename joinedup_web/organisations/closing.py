"""What people are told when an organisation closes: administrators of the successor, and those whose role ended."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from joinedup_web.organisations import asking, registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope


def notices(scope: Scope, on: date) -> list[Notice]:
    """Roles that wait to be moved to one's own organisation, one's own that ended, and an end that is near."""
    names = asking.successor_names()
    waiting = [
        f"{row.place.name} closed on {row.place.valid_to:%-d %B %Y}; {names[row.place.successor]} is its successor."
        for row in asking.roles_left(scope, on)
    ]
    told = [
        Notice(
            f"{words} Roles held there: {waiting.count(words)}. Move those of people who came over.",
            reverse("people"),
            "Open people and roles",
        )
        for words in dict.fromkeys(waiting)
    ]
    for place in asking.closed_roles(scope, on):
        after = (
            f" The administrator of {names[place.successor]} can move it." if place.successor in names else ""
        )
        told.append(
            Notice(f"Your role at {place.name} ended when it closed on {place.valid_to:%-d %B %Y}.{after}")
        )
    for place in asking.named_places(scope.places_for("give", "role")):
        if place.valid_to is not None and place.valid_to >= on:
            after = f" Most of it will be {names[place.successor]}." if place.successor in names else ""
            told.append(
                Notice(f"{place.name} ends on {place.valid_to:%-d %B %Y}, and roles there with it.{after}")
            )
    return told


def register() -> None:
    """Add them, once."""
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)
