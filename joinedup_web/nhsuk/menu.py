"""The menu: rooms in groups along the top, and below it the rooms of the group that the page is in.

A person may open up to a dozen rooms, more than a line holds on a laptop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse


class Room(NamedTuple):
    """A room of the menu: the name of its address, its words, and what the policy must allow."""

    name: str
    words: str
    allowed: tuple[str, str]


GROUPS: dict[str, tuple[Room, ...]] = {
    "Figures": (
        Room("explore", "Explore", ("see", "figure")),
        Room("packs", "Packs", ("see", "pack")),
    ),
    "Returns": (
        Room("returns", "Returns", ("see", "submission")),
        Room("returns_calendar", "Calendar", ("see", "timetable")),
    ),
    "Improvement": (
        Room("improvement", "Improvement", ("see", "initiative")),
        Room("practice", "Best practice", ("see", "initiative")),
        Room("assets", "Agreed once", ("see", "initiative")),
        Room("claims", "Claims", ("see", "claim")),
    ),
    "Governance": (
        Room("boards", "Boards", ("see", "body")),
        Room("frameworks", "Frameworks", ("see", "framework")),
        Room("scrutiny", "Scrutiny", ("see", "recommendation")),
    ),
    "Updates": (Room("updates", "Updates", ("see", "register")),),
    "Partners": (
        Room("places", "Places", ("see", "register")),
        Room("collaboratives", "Collaboratives", ("see", "collaborative")),
        Room("controllers", "Controllers", ("see", "controller")),
    ),
    "Access": (
        Room("people", "People", ("see", "role")),
        Room("audit", "Changes", ("see", "audit")),
        Room("emergency_ask", "Emergency access", ("ask", "emergency")),
        Room("emergencies", "Emergencies", ("see", "emergency")),
    ),
}
"""Words along the top -> the rooms below them. Who may open one room of a group sees that room in its place."""


def along_the_top(scope: Any) -> list[tuple[str, list[Room]]]:
    """The groups that a scope may open, each with its rooms; a group of one room bears the room's words."""
    if scope is None or scope.person is None:
        return []
    mine = {words: [room for room in rooms if scope.may(*room.allowed)] for words, rooms in GROUPS.items()}
    return [(rooms[0].words if len(rooms) == 1 else words, rooms) for words, rooms in mine.items() if rooms]


def menu(request: HttpRequest, tell: Callable[[str], str]) -> dict[str, Any]:
    """What the layout draws: `groups` along the top, `rooms` of the group that the page is in, its words."""
    groups, rooms, inside = [], [], ""
    top = along_the_top(getattr(request, "scope", None))
    within = [reverse(room.name) for _, held in top for room in held]
    current = max((href for href in within if request.path.startswith(href)), key=len, default="")
    for words, held in top:
        below = [_link(room, current, tell) for room in held]
        here = any(one["current"] for one in below)
        groups.append({"href": below[0]["href"], "text": tell(words), "active": here})
        if here and len(below) > 1:
            rooms, inside = below, tell(words)
    return {"groups": groups, "rooms": rooms, "inside": inside}


def _link(room: Room, current: str, tell: Callable[[str], str]) -> dict[str, Any]:
    href = reverse(room.name)
    return {"href": href, "text": tell(room.words), "current": href == current}
