"""What one file under `places/` holds: a place, a succession, a transfer, or a small table of residents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition

Level = Literal[
    "service", "borough", "council", "partnership", "trust", "collaborative",
    "pct", "ccg", "stp", "icb", "north_west_london", "england",
]  # fmt: skip
Certainty = Literal["confirmed", "assumed"]
Share = Literal["whole", "most", "part"]


class Dated(Definition):
    """Something that holds from a day to a day, both included; no end means that it still holds."""

    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Member(Dated):
    """A unit that belongs to a place. `most` and `part` are the two sides of a unit that lies in two
    places."""

    code: str
    share: Share = "whole"
    area: str = ""


class Place(Dated):
    """A service, borough, partnership, organisation or area. `members` are boroughs, for a collaborative
    trusts."""

    code: str
    name: str
    short_name: str = ""
    level: Level
    trust: str | None = None
    sector: str | None = None
    certainty: Certainty = "confirmed"
    source: str
    note: str = ""
    members: tuple[Member, ...] = ()

    @property
    def label(self) -> str:
        """The name for a chart: the short one where there is one."""
        return self.short_name or self.name

    def holds_members(self, on: date) -> tuple[str, ...]:
        """Codes of the members that are wholly or mostly its own on a day."""
        return tuple(member.code for member in self.members if member.share != "part" and member.holds(on))


class Succession(Definition):
    """One organisation taking over from another on a day; `share` says how much of the predecessor it
    took."""

    predecessor: str
    successor: str
    day: date
    kind: Literal["merger", "abolished", "renamed"]
    share: Share = "whole"
    certainty: Certainty = "confirmed"
    source: str
    note: str = ""


class Transfer(Definition):
    """A service that moved from one organisation to another on a day, while both went on.

    `sector` is the kind of its records (see `Dataset.sector`).
    """

    service: str
    sector: str
    from_organisation: str
    to_organisation: str
    day: date
    borough: str
    source: str
    note: str = ""


class Home(Definition):
    """The area meant when none is named, and the sector whose collaborative a service rolls up to."""

    area: str
    sector: str
    source: str


class ResidentTable(Definition):
    """Residents of boroughs by the groups of one breakdown, at one day."""

    title: str
    breakdown: str
    as_of: date
    source: str
    note: str = ""
    groups: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]] = Field(
        description="borough code -> residents, in the order of groups"
    )

    @model_validator(mode="after")
    def _rows_fit_groups(self) -> Self:
        for code, counts in self.rows.items():
            if len(counts) != len(self.groups) or min(counts) < 0:
                raise ValueError(f"row {code} does not have one count for each group")
        return self
