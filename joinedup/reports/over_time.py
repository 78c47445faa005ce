"""What the report shows beyond one year's figures: waits as curves, the spread between boroughs, gaps over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from joinedup.charts import (
    Picture,
    ReleasedWaits,
    gap_trend,
    league,
    release_waits,
    spread_trend,
    wait_curve,
    wait_ends,
)
from joinedup.definitions import Breakdown, Measure, Period, quarters
from joinedup.disclosure import Released, release
from joinedup.equity import (
    InequalityTrend,
    PlaceVariation,
    VariationTrend,
    inequality_trend,
    variation_between,
    variation_trend,
    waits,
)
from joinedup.errors import YourCommand
from joinedup.measures import calculate
from joinedup.reports.content import Section

if TYPE_CHECKING:
    from joinedup.journeys import Journeys

T = TypeVar("T")
BY = "ethnic_group"
OUTCOME = "reliable_recovery"
FOLLOWED = 6
"""Months by which the year of waits ends before the returns do, so that all are followed for half a year."""
STANDARD_WEEKS = 6
QUARTERS = 8


@dataclass(frozen=True)
class OverTime:
    """Released results; None where the returns are too short or the people too few."""

    first: ReleasedWaits | None
    second: ReleasedWaits | None
    places: Released[PlaceVariation] | None
    spread: Released[VariationTrend] | None
    inequality: Released[InequalityTrend] | None

    @property
    def registry(self) -> dict[str, Any]:
        """Entries of every code."""
        found: dict[str, Any] = {}
        for part in (self.first, self.second, self.places, self.spread, self.inequality):
            found |= dict(part.registry) if part is not None else {}
        return found


def over_time(journeys: Journeys, group: str | None) -> OverTime:
    """Waits, spread and the trend of one group's gap: `group` is that of the widest gap, beside its reference."""
    between = (group or "", Breakdown.load(BY).reference)
    return OverTime(
        first=_if_any(lambda: release_waits(waits(journeys, period=_year(journeys)))),
        second=_if_any(lambda: release_waits(_second(journeys, between))) if group else None,
        places=_if_any(lambda: release(variation_between(journeys, OUTCOME))),
        spread=_if_any(lambda: release(variation_trend(journeys, OUTCOME))),
        inequality=_if_any(lambda: release(_inequality(journeys, between))) if group else None,
    )


def _if_any(made: Callable[[], T]) -> T | None:
    try:
        return made()
    except YourCommand:  # too short or too few: the section leaves it out
        return None


def _year(journeys: Journeys) -> Period:
    last = journeys.last_day
    month = last.year * 12 + last.month - 1 - FOLLOWED
    return Period.parse(f"12m-{month // 12}-{month % 12 + 1:02d}")


def _second(journeys: Journeys, between: tuple[str, str]) -> Any:
    return waits(journeys, "second_treatment", period=_year(journeys), by=BY, groups=between)


def _inequality(journeys: Journeys, between: tuple[str, str]) -> InequalityTrend:
    chosen = quarters(QUARTERS, ending=journeys.last_day.strftime("%Y-%m"))
    periods = [period for period in chosen if period.start >= journeys.first_day]
    result = calculate(Measure.load("M195"), journeys, by=BY, place="total", periods=periods)
    return inequality_trend(result, between=between)


def wait_pictures(shown: OverTime, caption: str) -> tuple[Picture, ...]:
    """How waits for a first treatment ended, and the wait for a second one by group."""
    found = []
    if shown.first is not None:
        found.append(
            wait_ends(
                shown.first.ends[0], slug="wait-ends", caption=caption, standard=STANDARD_WEEKS,
                people=f"People referred {_span(shown.first)}",
            )
        )  # fmt: skip
    if shown.second is not None:
        found.append(
            wait_curve(
                shown.second.curves, slug="second-wait", caption=caption, what=shown.second.of.title,
                people=f"People first treated {_span(shown.second)}", since="the first treatment",
            )
        )  # fmt: skip
    return tuple(found)


def _span(shown: ReleasedWaits) -> str:
    period = Period.parse(shown.of.period)
    return f"{period.start:%B %Y} to {period.end:%B %Y}"


def spread_section(shown: OverTime, caption: str) -> Section | None:
    """How far boroughs differ beyond chance, whether that shrinks, and whether the widest gap closes."""
    items = (
        *((league(shown.places, slug="league", caption=caption),) if shown.places else ()),
        *((spread_trend(shown.spread, slug="spread-trend", caption=caption),) if shown.spread else ()),
        *((gap_trend(shown.inequality, slug="gap-trend", caption=caption),) if shown.inequality else ()),
    )
    if not items:
        return None
    return Section(
        slug="spread",
        heading="How far places differ, and whether gaps close",
        lead=(
            "Places always differ a little by chance, and because they see different people. What is left is the variation that can be acted on.",
        ),
        items=items,
        cautions=(
            "Eight boroughs say little about how far places differ: read the limits before the order.",
            "Quarters count people by the date they finished, as official measures do; the gap at the top follows people from referral.",
        ),
    )
