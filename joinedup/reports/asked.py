"""What the documents of a state ask of measures: the report and every pack, asked together and released as one.

A report beside a pack, or one pack beside another, must not open a star of either; so each figure is hidden or shown
in all of them alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from joinedup.definitions import Measure, Period, months
from joinedup.definitions.pack_layouts import PackLayout
from joinedup.disclosure.releasing import Released
from joinedup.disclosure.together import stand
from joinedup.measures import MeasureResult, calculate, outcome_completeness

if TYPE_CHECKING:
    from joinedup.journeys import Journeys

Questions = dict[str, MeasureResult]
Figures = Mapping[str, Released[MeasureResult]]
RUN_IN = 12
"""Months at the start of the returns that are not charted: courses that ended then began before anything is held."""
MOST = 36
"""Months that a report charts."""
MONTHLY = ("M195", "M053", "M047")
YEARLY = ("M001", "M031", "M076", "M195", "M192", "M186", "M1010", "M053", "M055", "M047")
WAITING = ("M038", "M044", "M045")
EXPERIENCE = "PEQ_T1_4"
"""The first question about treatment, answered with "all of the time"; the return carries its code, not its words."""
AREA_LEVEL = "north_west_london"
GROUPS = ("ethnic_group", "deprivation_quintile", "age_band", "gender", "disability", "long_term_condition")
BY_TRUST = (
    "ethnic_group", "deprivation_quintile", "gender", "sexual_orientation", "religion", "disability", "presenting_problem",
)  # fmt: skip
TOTAL = "total"
REPORT = "report "


def year_to(month: Period) -> Period:
    """The twelve months that end with a month."""
    return Period.parse(f"12m-{month.key}")


def last_month(journeys: Journeys) -> Period:
    """The month in which the returns end."""
    return Period.parse(journeys.last_day.strftime("%Y-%m"))


def charted(journeys: Journeys, month: Period, most: int = MOST) -> tuple[Period, ...]:
    """The months that are charted: those of the run-in are left out as far as a year remains."""
    first, last = journeys.first_day, month.end
    held = (last.year - first.year) * 12 + last.month - first.month + 1
    return months(max(min(held - RUN_IN, most), min(held, 12)), ending=month.key)


def figures_of_report(journeys: Journeys) -> Figures:
    """The figures of the report, released: monthly, yearly, groups, boroughs, waiting, stated, paired, residents."""
    standing = stand(of_every_document(journeys))
    own = (name for name in standing.results if name.startswith(REPORT))
    return {name.removeprefix(REPORT): standing.released(name) for name in own}


def figures_of_pack(journeys: Journeys, layout: PackLayout, month: Period) -> Figures:
    """The figures of a pack, released beside what stands: monthly, yearly, groups, stated, paired. What stands is what
    every document of the last month shows, then what every pack of that month does.
    """
    ask = _Once(journeys)
    own = of_pack(ask, layout, month)
    standing = stand(_of_every_document(ask)).beside(_of_packs(ask, month)).beside(own)
    return {name: standing.released(name) for name in own}


def of_every_document(journeys: Journeys, *earlier: Period) -> Questions:
    """What the report and the packs of the last month ask, and packs of earlier months."""
    ask, asked = _Once(journeys), Questions()
    for month in earlier:
        asked |= _of_packs(ask, month)
    return asked | _of_every_document(ask)


def _of_every_document(ask: _Once) -> Questions:
    of_the_report = {REPORT + name: result for name, result in of_report(ask).items()}
    return of_the_report | _of_packs(ask, last_month(ask.journeys))


def _of_packs(ask: _Once, month: Period) -> Questions:
    return {
        f"{layout.slug} {month.key} {name}": result
        for layout in PackLayout.all()
        for name, result in of_pack(ask, layout, month).items()
    }


class _Once:
    """What is calculated of journeys, each question once."""

    def __init__(self, journeys: Journeys) -> None:
        self.journeys = journeys
        self.known: dict[Hashable, MeasureResult] = {}

    def __call__(
        self, ids: Sequence[str], place: Sequence[str], periods: Sequence[Period], cuts: Sequence[str] = ()
    ) -> MeasureResult:
        """Figures of measures; `cuts` are breakdowns, "" for everyone beside them."""
        by = [(slug,) if slug else () for slug in cuts]
        asked = (tuple(ids), tuple(place), tuple(periods), tuple(cuts))
        if asked not in self.known:
            self.known[asked] = calculate(ids, self.journeys, by=by, place=place, periods=periods)
        return self.known[asked]

    def stated(self, year: Period) -> MeasureResult:
        """Referrals by trust, by what is recorded of people."""
        return self(("M001",), ("trust",), (year,), ("", *BY_TRUST))

    def paired(self, year: Period) -> MeasureResult:
        """How many finished courses have scores at both ends."""
        if year not in self.known:
            self.known[year] = outcome_completeness(self.journeys, place=("trust", "service"), periods=year)
        return self.known[year]


def of_report(ask: _Once) -> Questions:
    """What the report asks, of the last month that is held and what led up to it."""
    month = last_month(ask.journeys)
    year, shown = year_to(month), charted(ask.journeys, month)
    return {
        "monthly": ask(MONTHLY, ("service",), shown),
        "yearly": ask(YEARLY, ("service", TOTAL), (year,)),
        "groups": ask(("M195", "M186", "M053", "M047", EXPERIENCE), (TOTAL,), (year,), GROUPS),
        "boroughs": ask(("M001", "M031"), ("borough",), (year,)),
        "waiting": ask(WAITING, ("service",), (month,)),
        "stated": ask.stated(year),
        "paired": ask.paired(year),
        "residents": ask(("M001", "M031"), (AREA_LEVEL,), (year,), ("ethnic_group", "deprivation_decile")),
    }


def of_pack(ask: _Once, layout: PackLayout, month: Period) -> Questions:
    """What a pack asks: every measure at every level it shows and for everyone, and percentages by its groups."""
    year, ids = year_to(month), [Measure.load(name).id for name in layout.measures]
    places, shown = (*layout.levels, TOTAL), charted(ask.journeys, month, layout.months)
    cuts = dict.fromkeys(slug for one in layout.sections if one.kind == "groups" for slug in one.by)
    shares = [name for name in ids if Measure.load(name).statistic == "percentage"]
    asked = {
        "monthly": ask(ids, places, shown),
        "yearly": ask(ids, places, (year,)),
        "stated": ask.stated(year),
        "paired": ask.paired(year),
    }
    if cuts and shares:
        asked["groups"] = ask(shares, (TOTAL,), (year,), tuple(cuts))
    return asked


def named(released: Released[MeasureResult], together: str) -> Released[MeasureResult]:
    """The same figures with the place of everyone called `together`."""
    table = released.value.table
    names = pc.if_else(pc.equal(table["level"], TOTAL), together, table["place_name"])
    table = table.set_column(
        table.schema.get_field_index("place_name"), table.schema.field("place_name"), names
    )
    return replace(released, value=replace(released.value, table=table))
