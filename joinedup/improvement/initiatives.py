"""Initiatives: what is done where and from when, and by which measure it is to be judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.errors import YourCommand
from joinedup.stats.change import Aim

if TYPE_CHECKING:
    from datetime import date

OWN_TREND = "own trend"
"""Stands for places to compare with: what the changed places would have gone on to do, from their own months."""


@dataclass(frozen=True)
class Group:
    """A group of a breakdown whose figures count, such as ethnic_group, Asian or Asian British."""

    breakdown: str
    name: str


@dataclass(frozen=True)
class Initiative:
    """Something done to change a measure. Codes of `places` at `level`; `start` is its first month, as 2025-04.

    `expected` and `worthwhile` are effects as shares of 1 (0.05 is five percentage points), above 0 whichever way is
    better. `comparison` are codes of places where nothing changed, or OWN_TREND. `declared` is the day on which all of
    this was written down. `story`: something worth telling that asks for no verdict; nothing else is needed then.
    """

    name: str
    start: str = ""
    places: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    population: str = ""
    expected: float | None = None
    worthwhile: float | None = None
    comparison: tuple[str, ...] | str = ()
    level: str = "borough"
    group: Group | None = None
    declared: date | None = None
    story: bool = False

    def __post_init__(self) -> None:
        """Raises YourCommand that names everything missing, for a place compared with itself, and as `Aim` does."""
        if self.story:
            return
        missing = self.missing
        if missing:
            raise YourCommand(
                f"The initiative “{self.name}” does not say {_listed(missing)}.",
                remedy="Say so before it starts, or call it a story, which asks for no verdict.",
            )
        if not re.fullmatch(r"[0-9]{4}-(?:0[1-9]|1[0-2])", self.start):
            raise YourCommand(f"“{self.start}” is no month.", remedy="Write the first month as 2025-04.")
        if isinstance(self.comparison, str) and self.comparison != OWN_TREND:
            raise YourCommand(
                f"“{self.comparison}” is nothing to compare with.",
                remedy=f"Give codes of places, or “{OWN_TREND}”.",
            )
        both = sorted(set(self.places) & set(self.compared))
        if both:
            raise YourCommand(
                f"{', '.join(both)} cannot be compared with itself.",
                remedy="Name places where nothing changed.",
            )
        Aim(expected=self.expected, worthwhile=self.worthwhile)  # type: ignore[arg-type]  # neither is missing

    @property
    def missing(self) -> tuple[str, ...]:
        """What it does not say yet, in words; nothing for a story."""
        said = {
            "its measures": self.measures,
            "its population": self.population,
            "its places": self.places,
            "its start": self.start,
            "the expected effect": self.expected,
            "the smallest worthwhile effect": self.worthwhile,
            "what it is compared with": self.comparison,
        }
        return () if self.story else tuple(what for what, value in said.items() if not value)

    @property
    def compared(self) -> tuple[str, ...]:
        """Codes of the places it is compared with; none for its own trend."""
        return () if isinstance(self.comparison, str) else self.comparison

    @property
    def declared_late(self) -> bool:
        """Whether what would count as success was written down when it had begun."""
        return self.declared is not None and self.declared.strftime("%Y-%m") >= self.start


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
