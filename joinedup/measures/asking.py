"""What is asked: which measures, by which groups, at which level of place, in which periods. All of it
checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.errors import UnknownName, YourCommand

Method = Literal["wilson", "exact"]
Unit = Literal["service", "borough", ""]

NOT_KNOWN, NOT_KNOWN_NAME = "not_known", "Elsewhere or not known"
TOTAL, TOTAL_NAME = "total", "Everyone held"
BY_RESIDENCE = frozenset({"borough", "council", "partnership", "pct", "ccg", "stp", "icb"})
"""Levels to which people belong by where they live; to every other level they belong by the service they
use."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of place on one day's map: which place each unit (service or borough of residence) belongs
    to."""

    name: str
    unit: Unit
    codes: tuple[str, ...]
    names: tuple[str, ...]
    of_unit: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Number of places, the one for "not known" (the last) among them."""
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to two breakdowns, crossed; none means everyone together."""

    breakdowns: tuple[Breakdown, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of groups of the first and of the second breakdown, 1 where there is none."""
        sizes = [len(breakdown.group_names) for breakdown in self.breakdowns]
        return (sizes[0] if sizes else 1, sizes[1] if len(sizes) > 1 else 1)


def measures_of(measures: Measure | str | Sequence[Measure | str]) -> tuple[Measure, ...]:
    """Measures in the order asked, each once; a national range stands for its members. Raises UnknownName."""
    several = [measures] if isinstance(measures, Measure | str) else list(measures)
    found = [m for asked in several for m in (Measure.find(asked) if isinstance(asked, str) else (asked,))]
    if not found:
        raise YourCommand("No measure was asked for.", remedy="Name one, such as reliable_recovery.")
    return tuple({measure.id: measure for measure in found}.values())


def cuts_of(by: str | Breakdown | Sequence[str | Breakdown | Sequence[str | Breakdown]]) -> tuple[Cut, ...]:
    """`()` is everyone; a name, or up to two to cross; a sequence of tuples is several cuts at once. Raises
    UnknownName."""
    if isinstance(by, str | Breakdown):
        return (_cut((by,)),)
    if any(not isinstance(part, str | Breakdown) for part in by):
        several = [(part,) if isinstance(part, str | Breakdown) else tuple(part) for part in by]
        return tuple(dict.fromkeys(_cut(part) for part in several))
    return (_cut(tuple(part for part in by if isinstance(part, str | Breakdown))),)


def _cut(by: Sequence[str | Breakdown]) -> Cut:
    found = tuple(Breakdown.load(part) if isinstance(part, str) else part for part in by)
    if len(found) > 2:
        raise YourCommand("At most two breakdowns can be crossed.", remedy="Ask for two of them.")
    if len({breakdown.slug for breakdown in found}) != len(found):
        raise YourCommand(
            f"{found[0].title} cannot be crossed with itself.", remedy="Name two different breakdowns."
        )
    for breakdown in found:
        if breakdown.column is None:
            raise UnknownName(
                f"{breakdown.title} is known from publications only: journeys have no column for it.",
                remedy=f"Choose one of {', '.join(known.slug for known in Breakdown.all())}.",
            )
    return Cut(found)


def levels_of(place: str | Sequence[str], on: date, places: Places) -> tuple[Level, ...]:
    """Levels of place as they were on a day; "total" is everyone held. Raises UnknownName."""
    names = [place] if isinstance(place, str) else list(place)
    if not names:
        raise YourCommand("No level of place was asked for.", remedy="Name one, such as service, or total.")
    return tuple(_level(name, on, places) for name in dict.fromkeys(names))


def _level(name: str, on: date, places: Places) -> Level:
    if name == TOTAL:
        return Level(TOTAL, "", (TOTAL,), (TOTAL_NAME,), ())
    level = places.check_level(name)
    unit: Unit = "borough" if level in BY_RESIDENCE else "service"
    units = {
        found.code for found in (places.of_level("borough", on) if unit == "borough" else places.services(on))
    }
    mapped = {code: belongs for code, belongs in places.roll_up(level, on).items() if code in units}
    known = [found for found in places.of_level(level, on) if found.code in set(mapped.values())]
    position = {found.code: at for at, found in enumerate(known)}
    return Level(
        name=level,
        unit=unit,
        codes=(*(found.code for found in known), NOT_KNOWN),
        names=(*(found.name for found in known), NOT_KNOWN_NAME),
        of_unit=tuple((code, position[belongs]) for code, belongs in mapped.items()),
    )


def periods_of(periods: Period | Sequence[Period], first_day: date, last_day: date) -> tuple[Period, ...]:
    """Periods in the order asked, each once. Raises YourCommand for one in which nothing is held."""
    found = tuple(dict.fromkeys([periods] if isinstance(periods, Period) else periods))
    if not found:
        raise YourCommand("No period was asked for.", remedy="Name one, such as 2025-26.")
    for period in found:
        if period.start > last_day or period.end < first_day:
            raise YourCommand(
                f"Nothing is held for {period.key}: the returns cover {first_day} to {last_day}.",
                remedy="Ask for a period inside that span, or load the returns of the others.",
            )
    return found


def incomplete(periods: Sequence[Period], first_day: date, last_day: date) -> tuple[str, ...]:
    """Keys of periods that begin before the first or end after the last day held."""
    return tuple(p.key for p in periods if p.start < first_day or p.end > last_day)
