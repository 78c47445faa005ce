"""Everything the report on a lake needs: calculated once, released once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.charts import JourneyMap, gap_registry, journey_map
from joinedup.definitions import Breakdown, Measure, Period, Places, months
from joinedup.disclosure import Released, release
from joinedup.equity import GapAttribution, GapScan, attribute_gap, scan_gaps
from joinedup.errors import UnknownName, YourCommand
from joinedup.intake import not_withdrawn
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import SubmissionRecord, open_lake
from joinedup.measures import MeasureResult, calculate, outcome_completeness
from joinedup.reports.over_time import OverTime, over_time

if TYPE_CHECKING:
    from collections.abc import Sequence

Progress = Callable[[str, int, int], None]
Gaps = tuple[Released[GapAttribution], ...]
RUN_IN = 12
"""Months at the start of the returns that are not charted: courses that ended then began before anything is held."""
MONTHLY = ("M195", "M053", "M047")
YEARLY = ("M001", "M031", "M076", "M195", "M192", "M186", "M1010", "M053", "M055", "M047")
WAITING = ("M038", "M044", "M045")
EXPERIENCE = "PEQ_T1_4"
"""The first question about treatment, answered with "all of the time"; the return carries its code, not its words."""
AREA_LEVEL = "north_west_london"
GROUPS = ("ethnic_group", "deprivation_quintile", "age_band", "gender", "disability", "long_term_condition")
BY_TRUST = (
    "ethnic_group",
    "deprivation_quintile",
    "gender",
    "sexual_orientation",
    "religion",
    "disability",
    "presenting_problem",
)


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
            reasons = {f"{r.table} by {r.date_basis}: {r.reason}": r.number for r in released.value.excluded}
            found |= {code: {**entry, "in and out": reasons} for code, entry in released.registry.items()}
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
    ending = journeys.last_day.strftime("%Y-%m")
    year = Period.parse(f"12m-{ending}")
    months_held = (
        (journeys.last_day.year - journeys.first_day.year) * 12
        + journeys.last_day.month
        - journeys.first_day.month
        + 1
    )
    shown = months(max(min(months_held - RUN_IN, 36), min(months_held, 12)), ending=ending)
    show(step, 1, 4)
    results = _measures(journeys, year, shown)
    show(step, 3, 4)
    gaps, scan, unavailable = _gaps(journeys)
    show(step, 4, 4)
    return Material(
        journeys=journeys, year=year, months=shown, journey=_journey(journeys), submissions=not_withdrawn(opened),
        gaps=gaps, scan=scan, unavailable=unavailable, over_time=over_time(journeys, _widest(gaps)), **results,
    )  # fmt: skip


def _journey(journeys: Journeys) -> Released[JourneyMap] | None:
    try:
        return release(journey_map(journeys))
    except YourCommand:  # nothing can be followed that long: the gap section says so
        return None


def _measures(
    journeys: Journeys, year: Period, shown: Sequence[Period]
) -> dict[str, Released[MeasureResult]]:
    cuts = [(slug,) for slug in GROUPS]
    stated = [(slug,) for slug in BY_TRUST]
    asked = {
        "monthly": calculate(MONTHLY, journeys, place="service", periods=shown),
        "yearly": calculate(YEARLY, journeys, place=("service", "total"), periods=year),
        "groups": calculate(
            ("M195", "M186", "M053", "M047", EXPERIENCE), journeys, by=cuts, place="total", periods=year
        ),
        "boroughs": calculate(("M001", "M031"), journeys, place="borough", periods=year),
        "waiting": calculate(WAITING, journeys, place="service", periods=shown[-1]),
        "stated": calculate("M001", journeys, by=[(), *stated], place="trust", periods=year),
        "paired": outcome_completeness(journeys, place=("trust", "service"), periods=year),
        "residents": calculate(
            ("M001", "M031"),
            journeys,
            by=[("ethnic_group",), ("deprivation_decile",)],
            place=AREA_LEVEL,
            periods=year,
        ),
    }
    return {name: release(result) for name, result in asked.items()}


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
