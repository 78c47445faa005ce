"""What areas above add to the pages of organisations: words for their audit, places they make, and notices.

Each area adds in its `AppConfig.ready`, so that organisations name none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from joinedup_web.organisations.scope import Scope


@dataclass(frozen=True)
class Notice:
    """Something that somebody should know or do, with where to go."""

    words: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class MemberHeld:
    """A member of a place, from a day to a day; `code` is empty for what is in no register."""

    code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Matter:
    """Something out of the ordinary that a board should hear of. `about` names it: the code of a number, or a key."""

    about: str
    words: str


Matters = Callable[[Scope, date], list[Matter]]
Notices = Callable[[Scope, date], list[Notice]]
Members = Callable[[str], list[MemberHeld]]
AUDITED: dict[str, Callable[[Any], str]] = {}
"""Event model ("app.ModelEvent") -> what one entry says, in words."""
NOTICES: list[Notices] = []
MEMBERS: list[Members] = []
EXCEPTIONS: list[Matters] = []
"""What areas have out of the ordinary to tell a meeting on a day, of figures and returns that may be seen."""


def notices(scope: Scope, on: date) -> list[Notice]:
    """Everything that areas have to tell whoever asks."""
    return [notice for ask in NOTICES for notice in ask(scope, on)]


def exceptions(scope: Scope, on: date) -> list[Matter]:
    """Everything out of the ordinary that areas have to tell a meeting."""
    return [matter for ask in EXCEPTIONS for matter in ask(scope, on)]
