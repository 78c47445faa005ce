"""A publication lattice: every count that is published, and which of them make up which others.

What is not in the lattice does not leave by `joinedup release`, so the attack on a release can be carried
through in full: places lie in an area, groups make everyone, fine groups make coarse ones, months make
quarters and years, and counts make counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.crossing import halves
from joinedup.definitions.periods import Kind, Period, containing
from joinedup.definitions.places import Places
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName

FOLDER = "lattices"
EVERYONE, ALL = "total", "All"
AREA, BOROUGH = "area", "borough"


class Count(Definition):
    """One count: a measure, and which of its two counts."""

    name: str
    measure: str
    count: Literal["numerator", "denominator"]


class Sum(Definition):
    """Counts that make up another; with `rest`, together with something that is not published."""

    total: str
    parts: tuple[str, ...] = Field(min_length=1)
    rest: bool = False


class Percentage(Definition):
    """A measure shown as a percentage of two published counts."""

    measure: str
    numerator: str
    denominator: str


class LatticeTable(Definition):
    """By which breakdowns counts are shown in periods of one kind; those `area_only` not for its boroughs."""

    period: Kind
    breakdowns: tuple[str, ...] = Field(min_length=1)
    area_only: tuple[str, ...] = ()

    def at(self, level: str) -> tuple[str, ...]:
        """Breakdowns shown at a level of place."""
        return (*self.breakdowns, *self.area_only) if level == AREA else self.breakdowns


class Lattice(Definition):
    """The counts, places, periods and groups of one publication. `area` is the place whose
    boroughs are shown below it.
    """

    slug: str
    title: str
    version: int
    valid_from: date
    source: str
    note: str = ""
    area: str
    counts: tuple[Count, ...] = Field(min_length=1)
    sums: tuple[Sum, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    tables: tuple[LatticeTable, ...] = Field(min_length=1)
    run_in: int = Field(
        default=0, ge=0, description="months at the start of what is held that are not published"
    )

    @classmethod
    def load(cls, slug: str = "talking_therapies") -> Lattice:
        """The lattice of that name. Raises UnknownName."""
        known = _known()
        if slug not in known:
            raise UnknownName(
                f"There is no publication lattice {slug!r}.", remedy=f"There are {', '.join(known)}."
            )
        return known[slug]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [count.name for count in self.counts]
        used = {name for one in self.sums for name in (one.total, *one.parts)}
        used |= {name for one in self.percentages for name in (one.numerator, one.denominator)}
        if len(set(names)) != len(names) or not used <= set(names):
            raise ValueError("each count has a name of its own, and sums and percentages name counts")
        if len({table.period for table in self.tables}) != len(self.tables):
            raise ValueError("each kind of period has one table")
        for slug in {slug for table in self.tables for slug in table.at(AREA)} - {EVERYONE}:
            if any(Breakdown.load(half).column is None for half in halves(slug)):
                raise ValueError(f"{slug} is known from publications only")
        return self

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Every breakdown of its tables, once."""
        return tuple(dict.fromkeys(slug for table in self.tables for slug in table.at(AREA)))

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure of its counts, once."""
        return tuple(dict.fromkeys(count.measure for count in self.counts))

    def groups(self, breakdown: str) -> tuple[str, ...]:
        """The stated groups of a breakdown in their order; everyone together is the group "All" of "total"."""
        return (ALL,) if breakdown == EVERYONE else Breakdown.load(breakdown).stated_names

    def places(self, on: date) -> Mapping[str, tuple[str, ...]]:
        """Level -> codes of its places: the area, and the boroughs in it on a day. People count where they live."""
        inside = tuple(place.code for place in Places.load().boroughs(on, within=self.area))
        return {AREA: (self.area,), BOROUGH: inside}

    def periods(self, first_day: date, last_day: date) -> tuple[tuple[LatticeTable, Period], ...]:
        """Each table with each whole period of its kind between two days (both held), in order.

        The run-in is left out as far as a year remains: courses that ended then began before anything is held.
        """
        held = (last_day.year - first_day.year) * 12 + last_day.month - first_day.month + 1
        skipped = first_day.month - 1 + max(0, min(self.run_in, held - 12))
        first = date(first_day.year + skipped // 12, skipped % 12 + 1, first_day.day)
        return tuple(
            (table, period) for table in self.tables for period in _whole(table.period, first, last_day)
        )


def _whole(kind: Kind, first_day: date, last_day: date) -> tuple[Period, ...]:
    found, day = [], last_day
    while (period := containing(kind, day)).end >= first_day:
        if period.start >= first_day and period.end <= last_day:
            found.append(period)
        day = period.start - timedelta(days=1)
    return tuple(reversed(found))


@lru_cache(maxsize=1)
def _known() -> dict[str, Lattice]:
    return {lattice.slug: lattice for lattice in (load(Lattice, file) for file in list_files(FOLDER))}
