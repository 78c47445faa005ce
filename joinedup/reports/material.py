"""Everything the report on a lake needs: calculated once, released once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from joinedup.charts import JourneyMap, gap_registry, journey_map
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.disclosure import Released, entries_of, release
from joinedup.equity import GapAttribution, GapScan, attribute_gap, scan_gaps
from joinedup.errors import UnknownName, YourCommand
from joinedup.intake import not_withdrawn
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import SubmissionRecord, open_lake
from joinedup.measures import MeasureResult
from joinedup.reports.asked import AREA_LEVEL, charted, figures_of_report, last_month, year_to
from joinedup.reports.over_time import OverTime, over_time

Progress = Callable[[str, int, int], None]
Gaps = tuple[Released[GapAttribution], ...]


@dataclass(frozen=True)
class Material:
    """Released results, and what they are of. `year` is the last twelve whole months held."""

    journeys: Journeys
    year: Period
    months: tuple[Period, ...]
    monthly: Released[MeasureResult]
    yearly: Released[MeasureResult]
    groups: Released[MeasureResult]
    boroughs: Released[MeasureResult]
    waiting: Released[MeasureResult]
    stated: Released[MeasureResult]
    paired: Released[MeasureResult]
    residents: Released[MeasureResult]
    journey: Released[JourneyMap] | None
    submissions: tuple[SubmissionRecord, ...]
    gaps: dict[str, tuple[Released[GapAttribution], ...]]
    scan: Released[GapScan] | None
    unavailable: tuple[str, ...]
    over_time: OverTime

    @property
    def registry(self) -> dict[str, Any]:
        """Entries of every code, with what went in and out of the measures."""
        found: dict[str, Any] = {}
        for released in (
            self.monthly,
            self.yearly,
            self.groups,
            self.boroughs,
            self.waiting,
            self.stated,
            self.paired,
            self.residents,
        ):
            found |= entries_of(released)
        for gaps in self.gaps.values():
            for gap in gaps:
                found |= gap_registry(gap)
        for other in (self.journey, self.scan, self.over_time):
            found |= dict(other.registry) if other is not None else {}
        claimed = {(claim.place, claim.group) for claim in self.scan.value.claims} if self.scan else set()
        for place, part in scanned(self.scan):
            if (place, part.value.group) in claimed:
                found |= gap_registry(part)
        return found


def gather(
    lake: Path, *, as_known: date | None = None, engine: str = "duckdb", progress: Progress | None = None
) -> Material:
    """Calculate and release what the report shows. Raises YourCommand for a lake without a year of journeys."""
    show = progress or (lambda step, done, total: None)
    step = "Calculating and releasing"
    show(step, 0, 4)
    opened = open_lake(lake, as_known=as_known, engine=engine)
    journeys = load_journeys(opened)
    if journeys.journeys.num_rows == 0:
        raise YourCommand(
            "The lake holds no journeys.", remedy="Load returns, then run `joinedup journeys build`."
        )
    month = last_month(journeys)
    show(step, 1, 4)
    results = figures_of_report(journeys)
    show(step, 3, 4)
    gaps, scan, unavailable = _gaps(journeys)
    show(step, 4, 4)
    return Material(
        journeys=journeys, year=year_to(month), months=charted(journeys, month), journey=_journey(journeys), submissions=not_withdrawn(opened),
        gaps=gaps, scan=scan, unavailable=unavailable, over_time=over_time(journeys, _widest(gaps)), **results,
    )  # fmt: skip


def _journey(journeys: Journeys) -> Released[JourneyMap] | None:
    try:
        return release(journey_map(journeys))
    except YourCommand:  # nothing can be followed that long: the gap section says so
        return None


def _gaps(
    journeys: Journeys,
) -> tuple[dict[str, tuple[Released[GapAttribution], ...]], Released[GapScan] | None, tuple[str, ...]]:
    """Every group of two breakdowns against its reference; what cannot be followed for a year says so."""
    found: dict[str, tuple[Released[GapAttribution], ...]] = {}
    unavailable = []
    for slug in ("ethnic_group", "deprivation_quintile"):
        breakdown = Breakdown.load(slug)
        gaps = []
        for group in breakdown.stated_names:
            if group != breakdown.reference:
                try:
                    gaps.append(
                        release(attribute_gap(journeys, by=slug, between=(group, breakdown.reference)))
                    )
                except YourCommand as error:
                    unavailable.append(f"{group}: {error.message}")
        found[slug] = tuple(gaps)
    try:
        scan = release(scan_gaps(journeys, by="ethnic_group"))
    except YourCommand as error:
        scan, unavailable = None, [*unavailable, error.message]
    return found, scan, tuple(dict.fromkeys(unavailable))


def widest(gaps: Gaps) -> Released[GapAttribution] | None:
    """The gap with the most recoveries missing per referral among those that can be shown."""
    shown = [gap for gap in gaps if gap.value.gap is not None and gap.value.gap < 0]
    return min(shown, key=lambda gap: gap.value.gap or 0.0, default=None)


def _widest(gaps: dict[str, tuple[Released[GapAttribution], ...]]) -> str | None:
    """The group whose gap by ethnic group is the widest."""
    found = widest(gaps["ethnic_group"])
    return found.value.group if found is not None else None


def target(measure: Measure, on: date) -> float | None:
    """The standard in force on a day, in per cent."""
    return next((t.value for t in measure.standard if t.start <= on and (t.end is None or on <= t.end)), None)


def residents_of(slug: str, on: date) -> dict[str, int]:
    """Residents of the home area by group; empty where nobody counted them by this breakdown."""
    places = Places.load()
    try:
        return dict(places.residents(AREA_LEVEL, places.home.area, slug, on).groups)
    except UnknownName:
        return {}


def scanned(scan: Released[GapScan] | None) -> tuple[tuple[str, Released[GapAttribution]], ...]:
    """The gaps of a released scan, each as the released result that it is."""
    return (
        ()
        if scan is None
        else tuple(
            (place, Released(gap, scan.profile, scan.hidden, scan.cells, {}))
            for place, gap in scan.value.gaps
        )
    )
