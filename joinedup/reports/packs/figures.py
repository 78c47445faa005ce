"""The released results that a pack asks for: each calculated and released once, when a section first asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.charts import Figure, figures, gap_registry
from joinedup.charts.control import Panel, panels_of
from joinedup.definitions import Breakdown, Measure, Period
from joinedup.disclosure import Released, entries_of, release
from joinedup.equity import GapAttribution, attribute_gap
from joinedup.errors import YourCommand
from joinedup.intake import not_withdrawn
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import SubmissionRecord, open_lake
from joinedup.measures import MeasureResult
from joinedup.reports.asked import Figures, charted, figures_of_pack, named, year_to

if TYPE_CHECKING:
    from joinedup.definitions.pack_layouts import PackLayout

TOGETHER = "All services together"


@dataclass(frozen=True, eq=False)
class Material:
    """Released results of one month and what led up to it, together with those of the other documents of the state."""

    journeys: Journeys
    layout: PackLayout
    period: Period
    months: tuple[Period, ...]
    submissions: tuple[SubmissionRecord, ...]
    moment: datetime
    figures: Figures

    @property
    def year(self) -> Period:
        """The twelve months that end with the month of the pack."""
        return year_to(self.period)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Measures of the pack, in its order."""
        return tuple(Measure.load(name) for name in self.layout.measures)

    @cached_property
    def monthly(self) -> Released[MeasureResult]:
        """Every measure by month, at every level of the pack and for everyone."""
        return named(self.figures["monthly"], TOGETHER)

    @cached_property
    def yearly(self) -> Released[MeasureResult]:
        """The same of the year."""
        return named(self.figures["yearly"], TOGETHER)

    @cached_property
    def groups(self) -> Released[MeasureResult]:
        """Every percentage of the pack by the groups its sections name, in the year, for everyone."""
        return self.figures["groups"]

    @cached_property
    def stated(self) -> Released[MeasureResult]:
        """Referrals of the year by trust, by what is recorded of people."""
        return self.figures["stated"]

    @cached_property
    def paired(self) -> Released[MeasureResult]:
        """How many finished courses of the year have scores at both ends."""
        return self.figures["paired"]

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

    @cached_property
    def _charted(self) -> dict[tuple[str, str], list[Figure]]:
        """Figures by month of each measure at each level."""
        found: dict[tuple[str, str], list[Figure]] = {}
        table = self.monthly.value.table
        keys = zip(table["measure_id"].to_pylist(), table["level"].to_pylist(), strict=True)
        for key, figure in zip(keys, figures(self.monthly), strict=True):
            found.setdefault(key, []).append(figure)
        return found

    def series(self, measure: Measure, level: str) -> tuple[Figure, ...]:
        """Figures of a measure by month at one level; the value of a number of people is the number."""
        found = self._charted.get((measure.id, level), [])
        if measure.statistic == "percentage":
            return tuple(found)
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
                found |= entries_of(released)
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
        journeys=journeys, layout=layout, period=month, months=charted(journeys, month, layout.months),
        figures=figures_of_pack(journeys, layout, month),
        submissions=not_withdrawn(opened), moment=_moment(opened),
    )  # fmt: skip


def _moment(opened: Any) -> datetime:
    """When the state that is read was written: a document carries this time, so that it is the same whenever made."""
    snapshot = opened.snapshot
    written = snapshot.committed_at if snapshot is not None else datetime(2000, 1, 1, tzinfo=UTC)
    return datetime.fromtimestamp(int(written.timestamp()), UTC).replace(tzinfo=None)
