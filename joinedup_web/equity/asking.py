"""What an address asks, what can be asked, and why a question has no answer; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.charts.words import listed, span
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.lattice import AREA, BOROUGH, EVERYONE, Lattice
from joinedup.errors import UnknownName
from joinedup_web.equity.crossing import (
    BOROUGHS,
    EACH,
    LATTICE,
    LIVED,
    MONTHS,
    OVER_TIME,
    QUARTERS,
    SERVICES,
    TREATED_AT,
    Question,
    area,
    place_names,
    service_names,
)
from joinedup_web.equity.drawing import charts_for

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Heading -> (value, words), as a list with headings has them."""
KIND_WORDS = {
    "month": "months", "quarter": "quarters", "financial_year": "financial years", "rolling_year": "twelve months",
}  # fmt: skip


SHORTER = "in shorter periods too many would have to be hidden to protect people."
NEVER = "This measure is not published by these groups."
SMALLER = "at one borough too many would have to be hidden to protect people."


@dataclass(frozen=True)
class Held:
    """What a source of figures has of one measure: its breakdowns by kind of period, and its periods."""

    periods: tuple[str, ...]
    cuts: Mapping[str, frozenset[str]]
    """Kind of period -> breakdowns ("total" for everyone)."""

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Every breakdown, in the order of the lattice."""
        known = Lattice.load(LATTICE).breakdowns
        every = {slug for found in self.cuts.values() for slug in found} - {EVERYONE}
        return (*(slug for slug in known if slug in every), *sorted(every - set(known)))

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Periods of a kind, the newest first."""
        return tuple(key for key in self.periods if Period.parse(key).kind == kind)


def held_of(released: Released[MeasureResult], measure: str) -> Held:
    """What was released of a measure."""
    table = released.value.only(measure_id=measure).table
    pairs = set(zip(table["period"].to_pylist(), table["breakdown"].to_pylist(), strict=True))
    cuts: dict[str, set[str]] = {}
    for period, breakdown in pairs:
        cuts.setdefault(Period.parse(period).kind, set()).add(breakdown)
    keys = sorted(
        {period for period, _ in pairs},
        key=lambda key: (Period.parse(key).end, Period.parse(key).start),
        reverse=True,
    )
    return Held(tuple(keys), {kind: frozenset(found) for kind, found in cuts.items()})


def question(asked: Mapping[str, str], measure: str, count: str, own: str, held: Held) -> Question:
    """The question that an address asks, with what is left out filled in: one's own place first, months, the usual
    chart."""
    by = asked.get("by", "")
    over = MONTHS if "month" in held.cuts else ""
    if by == MONTHS:  # as addresses had it before
        by, over = BOROUGHS, MONTHS
    by = by or (BOROUGHS if count == LIVED else SERVICES)
    period = asked.get("period", "")
    if by not in (BOROUGHS, SERVICES):
        over = ""
    period = (
        period
        or over
        or next(iter((*held.of_kind("financial_year"), *held.of_kind("rolling_year"), *held.periods)), "")
    )
    anyone = service_names() if count == TREATED_AT else place_names()[1:]
    first = (own or anyone[0][0]) if by in (BOROUGHS, SERVICES) or count == TREATED_AT else area()
    found = Question(measure, by, asked.get("place", "") or first, period, own, asked.get("chart", ""), count)
    kinds = charts_for(found, Measure.load(measure).statistic)
    return found if found.chart in kinds else replace(found, chart=kinds[0])


def ways(held: Held, count: str) -> tuple[tuple[str, str], ...]:
    """By what a measure can be shown."""
    first = (
        (BOROUGHS, "Boroughs beside each other")
        if count == LIVED
        else (SERVICES, "Services beside each other")
    )
    return (first, *((slug, Breakdown.load(slug).title) for slug in held.breakdowns))


def places(count: str) -> tuple[tuple[str, str], ...]:
    """Where: which place comes first, or the only one."""
    if count != LIVED:
        return service_names()
    whole, *boroughs = place_names()
    return (whole, *boroughs, (EACH, "Each borough (for groups)"))


def periods(held: Held) -> Choices:
    """When, under headings: over time first, then single periods."""
    over = tuple(
        (slug, f"All {KIND_WORDS[kind]}") for slug, kind in OVER_TIME.items() if len(held.of_kind(kind)) > 1
    )
    single = tuple(
        (KIND_WORDS[kind].capitalize(), tuple((key, span(key)) for key in held.of_kind(kind)))
        for kind in ("financial_year", "quarter", "month", "rolling_year")
        if held.of_kind(kind)
    )
    return ((("Over time", over),) if over else ()) + single


def is_asked_for(asked: Question, held: Held) -> bool:
    """Whether every word of the question is known: another address is not there at all."""
    known_places = {code for code, _ in places(asked.count)} | {area()}
    known_ways = {value for value, _ in ways(held, asked.count)} | set(_every_breakdown())
    return asked.by in known_ways and asked.place in known_places and _is_period(asked.period)


def _every_breakdown() -> tuple[str, ...]:
    return Lattice.load(LATTICE).breakdowns


def _is_period(key: str) -> bool:
    if key in OVER_TIME:
        return True
    try:
        return bool(Period.parse(key))
    except UnknownName:
        return False


def reason(asked: Question, held: Held) -> str:
    """Why a question has no answer, in words: what is published in which periods and places."""
    kind = OVER_TIME.get(asked.period) or Period.parse(asked.period).kind
    if asked.period not in OVER_TIME and asked.period not in held.periods:
        return f"{span(asked.period)} is not among the periods that were published."
    if not asked.by_place:
        title = Breakdown.load(asked.by).title.lower()
        kinds = [KIND_WORDS[k] for k in KIND_WORDS if asked.by in held.cuts.get(k, ())]
        if kind not in held.cuts or asked.by not in held.cuts[kind]:
            return f"Figures by {title} are published for {listed(kinds)}: {SHORTER}" if kinds else NEVER
        if asked.place != area() and asked.by in _area_only():
            return f"Figures by {title} are published for {Places.load().name(area())} as a whole: {SMALLER}"
    if asked.place == EACH and asked.over_time and not asked.by_place:
        return "Groups in each borough are shown for one period at a time; over time, choose one borough."
    if asked.by_place and kind not in held.cuts:
        return f"There are no {KIND_WORDS[kind]} of this measure yet."
    return "That was not published."


def _area_only() -> frozenset[str]:
    tables = Lattice.load(LATTICE).tables
    return frozenset(slug for table in tables for slug in set(table.at(AREA)) - set(table.at(BOROUGH)))


def near(asked: Question, held: Held) -> tuple[Question, ...]:
    """Questions next to one without an answer that have one: another period, the whole area, everyone."""
    return tuple(dict.fromkeys(_near(asked, held)))[:3]


def _near(asked: Question, held: Held) -> Iterator[Question]:
    plain = replace(asked, chart="")
    kinds = [kind for kind, found in held.cuts.items() if (EVERYONE if asked.by_place else asked.by) in found]
    if asked.over_time and "quarter" in kinds and asked.place != EACH:
        yield replace(plain, period=QUARTERS)
    for kind in sorted(kinds, key=list(KIND_WORDS).index):
        newest: Sequence[str] = held.of_kind(kind)
        if newest and not (asked.by in _area_only() and asked.place != area()):
            yield replace(plain, period=newest[0])
    if asked.by in _area_only() and held.of_kind("financial_year"):
        yield replace(plain, place=area(), period=held.of_kind("financial_year")[0])
        yield replace(plain, by="ethnic_group", period=held.of_kind("financial_year")[0])
    if not asked.by_place and (asked.over_time or asked.period in held.periods):
        yield replace(plain, by=BOROUGHS if asked.count == LIVED else SERVICES, period=asked.period)


def words_of(asked: Question) -> str:
    """A question as a person says it."""
    by = {BOROUGHS: "boroughs", SERVICES: "services"}.get(
        asked.by
    ) or f"by {Breakdown.load(asked.by).title.lower()}"
    when = f"all {KIND_WORDS[OVER_TIME[asked.period]]}" if asked.over_time else span(asked.period)
    where = (
        ""
        if asked.by_place
        else f", {'each borough' if asked.place == EACH else Places.load().name(asked.place, short=True)}"
    )
    return f"{by[:1].upper()}{by[1:]}{where}, {when}"
