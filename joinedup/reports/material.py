"""Everything the report on a lake needs: calculated once, released once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.definitions import Breakdown, Measure, Period, months
from joinedup.disclosure import Released, release
from joinedup.equity import GapAttribution, GapScan, attribute_gap, scan_gaps
from joinedup.errors import YourCommand
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import open_lake
from joinedup.measures import MeasureResult, calculate, outcome_completeness

if TYPE_CHECKING:
    from collections.abc import Sequence

Progress = Callable[[str, int, int], None]
RUN_IN = 12
"""Months at the start of the returns that are not charted: courses that ended then began before anything is held."""
MONTHLY = ("M195", "M053", "M047")
YEARLY = ("M001", "M031", "M076", "M195", "M192", "M186", "M1010", "M053", "M055", "M047")
WAITING = ("M038", "M044", "M045")
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
    gaps: dict[str, tuple[Released[GapAttribution], ...]]
    scan: Released[GapScan] | None
    unavailable: tuple[str, ...]

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
        ):
            reasons = {f"{r.table} by {r.date_basis}: {r.reason}": r.number for r in released.value.excluded}
            found |= {code: {**entry, "in and out": reasons} for code, entry in released.registry.items()}
        for gaps in self.gaps.values():
            for gap in gaps:
                found |= gap.registry
        return found


def gather(lake: Path, *, as_known: date | None = None, progress: Progress | None = None) -> Material:
    """Calculate and release what the report shows. Raises YourCommand for a lake without a year of journeys."""
    show = progress or (lambda step, done, total: None)
    step = "Calculating and releasing"
    show(step, 0, 4)
    journeys = load_journeys(open_lake(lake, as_known=as_known))
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
        journeys=journeys, year=year, months=shown, gaps=gaps, scan=scan, unavailable=unavailable, **results
    )


def _measures(
    journeys: Journeys, year: Period, shown: Sequence[Period]
) -> dict[str, Released[MeasureResult]]:
    cuts = [(slug,) for slug in GROUPS]
    stated = [(slug,) for slug in BY_TRUST]
    asked = {
        "monthly": calculate(MONTHLY, journeys, place="service", periods=shown),
        "yearly": calculate(YEARLY, journeys, place=("service", "total"), periods=year),
        "groups": calculate(("M195", "M186", "M053", "M047"), journeys, by=cuts, place="total", periods=year),
        "boroughs": calculate(("M001", "M031"), journeys, place="borough", periods=year),
        "waiting": calculate(WAITING, journeys, place="service", periods=shown[-1]),
        "stated": calculate("M001", journeys, by=[(), *stated], place="trust", periods=year),
        "paired": outcome_completeness(journeys, place="trust", periods=year),
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


def target(measure: Measure, on: date) -> float | None:
    """The standard in force on a day, in per cent."""
    return next((t.value for t in measure.standard if t.start <= on and (t.end is None or on <= t.end)), None)
