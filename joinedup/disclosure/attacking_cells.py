"""What an attack works on: cells, what was seen of each in a release, and the public rules of that release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

COUNTS = ("numerator", "denominator")
PERCENTAGE = "percentage"


class Cell(NamedTuple):
    """One published figure: `which` is numerator, denominator or percentage; `data` tells snapshots apart."""

    measure: str
    which: str
    level: str
    place: str
    period: str
    breakdown: str
    group: str
    data: str = ""


class Sighting(NamedTuple):
    """A cell as one file of one release shows it; a value of None is a star."""

    cell: Cell
    value: float | None
    decimals: int
    release: str
    where: str


@dataclass(frozen=True)
class Rules:
    """What a release says of itself: counts are to the nearest `base`, those below `hide_below` are hidden."""

    name: str
    profile: str
    base: int = 1
    hide_below: int = 0

    def could_be(self, shown: float) -> tuple[float, float]:
        """Smallest and largest count that is shown as this one."""
        low, high = shown - self.base // 2, shown + (self.base - 1) // 2
        return max(low, self.hide_below if shown >= self.hide_below else 0), high


class Row(NamedTuple):
    """A linear relation among counts: `low <= sum of weight * count <= high`, and why it holds."""

    cells: tuple[Cell, ...]
    weights: tuple[float, ...]
    low: float
    high: float
    why: str


@dataclass(frozen=True)
class Finding:
    """A hidden cell of which too much is known. `possible` are those of 0 to 4 that it can be."""

    cell: Cell
    kind: str
    smallest: int
    largest: int | None
    possible: tuple[int, ...]


@dataclass(frozen=True)
class Contradiction:
    """One cell shown as two different things."""

    cell: Cell
    shown: tuple[str, ...]
    where: tuple[str, ...]


@dataclass(frozen=True)
class Attack:
    """What was found. `large`: hidden cells that cannot be small, so their star tells of nobody.

    `undecided`: cells for which time ran out or whose figures contradict each other. `unproved`: hidden cells
    of which linear programmes exclude nothing, but not every one of 0 to 4 was proved possible by a table of
    whole numbers. `given_up`: relations that the shown figures disprove, so nothing was built on their kind.
    """

    hidden: int
    findings: tuple[Finding, ...]
    inconsistent: tuple[Contradiction, ...] = ()
    large: int = 0
    undecided: tuple[Cell, ...] = ()
    unproved: int = 0
    given_up: tuple[str, ...] = ()

    @property
    def recovered(self) -> int:
        """Hidden cells with one possible value."""
        return sum(found.kind == "recovered" for found in self.findings)

    @property
    def narrowed(self) -> int:
        """Hidden cells that can be some of 0 to 4, but not all."""
        return sum(found.kind == "narrowed" for found in self.findings)

    @property
    def held(self) -> bool:
        """Whether the release stands: nothing recovered, narrowed, contradictory or left open."""
        return not (self.findings or self.inconsistent or self.undecided)
