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


Notices = Callable[[Scope, date], list[Notice]]
Members = Callable[[str], list[MemberHeld]]
AUDITED: dict[str, Callable[[Any], str]] = {}
"""Event model ("app.ModelEvent") -> what one entry says, in words."""
NOTICES: list[Notices] = []
MEMBERS: list[Members] = []


def notices(scope: Scope, on: date) -> list[Notice]:
    """Everything that areas have to tell whoever asks."""
    return [notice for ask in NOTICES for notice in ask(scope, on)]
