"""The released results that a pack asks for: each calculated and released once, when a section first asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from joinedup.charts import Figure, figures, gap_registry
from joinedup.charts.control import Panel, panels_of
from joinedup.definitions import Breakdown, Measure, Period, months
from joinedup.disclosure import Released, release
from joinedup.equity import GapAttribution, attribute_gap
from joinedup.errors import YourCommand
from joinedup.intake import not_withdrawn
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import SubmissionRecord, open_lake
from joinedup.measures import MeasureResult, calculate, outcome_completeness
from joinedup.reports.material import BY_TRUST, RUN_IN

if TYPE_CHECKING:
    from joinedup.definitions.pack_layouts import PackLayout

TOTAL, TOGETHER = "total", "All services together"


@dataclass(frozen=True, eq=False)
class Material:
    """Released results of one month and what led up to it. All levels that a pack shows are released together."""

    journeys: Journeys
    layout: PackLayout
    period: Period
    months: tuple[Period, ...]
    submissions: tuple[SubmissionRecord, ...]
    moment: datetime

    @property
    def year(self) -> Period:
        """The twelve months that end with the month of the pack."""
        return Period.parse(f"12m-{self.period.key}")

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Measures of the pack, in its order."""
        return tuple(Measure.load(name) for name in self.layout.measures)

    @cached_property
    def monthly(self) -> Released[MeasureResult]:
        """Every measure by month, at every level of the pack and for everyone."""
        return self._released(self.months, (*self.layout.levels, TOTAL))

    @cached_property
    def yearly(self) -> Released[MeasureResult]:
        """The same of the year."""
        return self._released(self.year, (*self.layout.levels, TOTAL))

    def _released(self, periods: Any, place: tuple[str, ...]) -> Released[MeasureResult]:
        wanted = [measure.id for measure in self.measures]
        released = release(calculate(wanted, self.journeys, place=place, periods=periods))
        table = released.value.table
        names = pc.if_else(pc.equal(table["level"], TOTAL), TOGETHER, table["place_name"])
        table = table.set_column(
            table.schema.get_field_index("place_name"), table.schema.field("place_name"), names
        )
        return replace(released, value=replace(released.value, table=table))

    @cached_property
    def groups(self) -> Released[MeasureResult]:
        """Every percentage of the pack by the groups its sections name, in the year, for everyone."""
        cuts = dict.fromkeys(slug for one in self.layout.sections if one.kind == "groups" for slug in one.by)
        wanted = [measure.id for measure in self.measures if measure.statistic == "percentage"]
        result = calculate(
            wanted, self.journeys, by=[(slug,) for slug in cuts], place=TOTAL, periods=self.year
        )
        return release(result)

    @cached_property
    def stated(self) -> Released[MeasureResult]:
        """Referrals of the year by trust, by what is recorded of people."""
        cuts = [(), *((slug,) for slug in BY_TRUST)]
        return release(calculate("M001", self.journeys, by=cuts, place="trust", periods=self.year))

    @cached_property
    def paired(self) -> Released[MeasureResult]:
        """How many finished courses of the year have scores at both ends."""
        return release(outcome_completeness(self.journeys, place=("trust", "service"), periods=self.year))

    @cached_property
    def gaps(self) -> dict[str, tuple[Released[GapAttribution], ...]]:
        """Gaps of every group beside the reference, by breakdown; a group that cannot be followed is not there."""
        wanted = dict.fromkeys(slug for one in self.layout.sections if one.kind == "gap" for slug in one.by)
        return {slug: self._gaps(Breakdown.load(slug)) for slug in wanted}

    def _gaps(self, breakdown: Breakdown) -> tuple[Released[GapAttribution], ...]:
        found = []
        for group in breakdown.stated_names:
            if group != breakdown.reference:
                try:
                    between = (group, breakdown.reference)
                    gap = attribute_gap(
                        self.journeys, by=breakdown.slug, between=between, period=self._followed
                    )
                    found.append(release(gap))
                except YourCommand:  # nobody can be followed that long: the page says so
                    continue
        return tuple(found)

    @property
    def _followed(self) -> Period | None:
        """The year of referrals that can be followed; chosen by the gap itself where the month is the last held."""
        if self.period.end == self.journeys.last_day:
            return None
        return Period.parse(f"12m-{self.period.start.year - 1}-{self.period.start.month:02d}")

    def series(self, measure: Measure, level: str) -> tuple[Figure, ...]:
        """Figures of a measure by month at one level; the value of a number of people is the number."""
        found = figures(self.monthly, measure_id=measure.id, level=level)
        if measure.statistic == "percentage":
            return found
        return tuple(replace(f, value=None if f.numerator is None else float(f.numerator)) for f in found)

    def panels(self, measure: Measure, level: str) -> list[Panel]:
        """Control charts of the places of a level, those alone whose last figure is of the month of the pack."""
        found = panels_of(self.series(measure, level), measure.better)
        return [panel for panel in found if panel.figures[-1].period == self.period]

    def now(self, measure: Measure, level: str, key: str = "") -> dict[str, Figure]:
        """Figures of one month (of the pack, where none is named) by code of the place."""
        return {f.place: f for f in self.series(measure, level) if f.period.key == (key or self.period.key)}

    def narrowed(self, measure: Measure, level: str) -> Released[MeasureResult]:
        """The monthly figures of one measure at one level: nothing is shown that was not released."""
        rows = self.monthly.value.only(measure_id=measure.id, level=level)
        return replace(self.monthly, value=rows)

    def target(self, measure: Measure) -> float | None:
        """The standard in force at the end of the month."""
        found = measure.target_on(self.period.end)
        return None if found is None else float(found.value)

    def name(self, measure: Measure) -> str:
        """What titles call a measure."""
        return self.layout.names.get(measure.id, measure.title)

    @property
    def registry(self) -> dict[str, Any]:
        """Entries of every code that was released for this pack, with what went in and out."""
        found: dict[str, Any] = {}
        for name in ("monthly", "yearly", "groups", "stated", "paired"):
            released = self.__dict__.get(name)
            if released is not None:
                reasons = {
                    f"{r.table} by {r.date_basis}: {r.reason}": r.number for r in released.value.excluded
                }
                found |= {code: {**entry, "in and out": reasons} for code, entry in released.registry.items()}
        for gaps in self.__dict__.get("gaps", {}).values():
            for gap in gaps:
                found |= gap_registry(gap)
        return found


def gather(lake: Path, layout: PackLayout, period: str, *, as_known: date | None = None) -> Material:
    """Open the lake for one month. Raises UnknownName for what is no month, YourCommand for one that is not held."""
    month = Period.parse(period)
    if month.kind != "month":
        raise YourCommand(f"{period} is not a month.", remedy="Write it as 2026-03.")
    opened = open_lake(lake, as_known=as_known)
    journeys = load_journeys(opened)
    if journeys.journeys.num_rows == 0:
        raise YourCommand(
            "The lake holds no journeys.", remedy="Load returns, then run `joinedup journeys build`."
        )
    if month.start < journeys.first_day or month.end > journeys.last_day:
        raise YourCommand(
            f"{period} is not held: returns are from {journeys.first_day:%B %Y} to {journeys.last_day:%B %Y}.",
            remedy="Choose a month of those, or load the return of that month first.",
        )
    return Material(
        journeys=journeys, layout=layout, period=month, months=_months(journeys, month, layout.months),
        submissions=not_withdrawn(opened), moment=_moment(opened),
    )  # fmt: skip


def _months(journeys: Journeys, month: Period, most: int) -> tuple[Period, ...]:
    """The months charted: those of the run-in are left out as far as a year remains."""
    first, last = journeys.first_day, month.end
    held = (last.year - first.year) * 12 + last.month - first.month + 1
    return months(max(min(held - RUN_IN, most), min(held, 12)), ending=month.key)


def _moment(opened: Any) -> datetime:
    """When the state that is read was written: a document carries this time, so that it is the same whenever made."""
    snapshot = opened.snapshot
    written = snapshot.committed_at if snapshot is not None else datetime(2000, 1, 1, tzinfo=UTC)
    return datetime.fromtimestamp(int(written.timestamp()), UTC).replace(tzinfo=None)
