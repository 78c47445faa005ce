"""Is unfair variation shrinking? The real spread between places, chance taken out, from quarter to quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from joinedup.definitions import Period, quarters
from joinedup.disclosure import Relation
from joinedup.equity.trend import ScaleTrend, trend_of
from joinedup.equity.variation import COUNTS, PlaceVariation, variation_between
from joinedup.errors import YourCommand
from joinedup.stats.variation import excess_variance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.disclosure import Display
    from joinedup.equity.selecting import JourneyRecords

MOST = 12
"""Quarters looked back: three years."""
RUN_IN = 4
"""Quarters at the start of the returns left out: courses that ended then began before anything is held."""
ARROWS = {"shrinking": "↓", "growing": "↑", "no evidence of change": "→", "cannot tell": "?"}


class SpreadChange(StrEnum):
    """Which way the real spread has moved."""

    SHRINKING = "shrinking"
    GROWING = "growing"
    NO_EVIDENCE = "no evidence of change"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class VariationTrend:
    """The spread of an outcome between places in periods that do not overlap, in order of time."""

    spreads: tuple[PlaceVariation, ...]

    @cached_property
    def line(self) -> ScaleTrend:
        """A line through the variance between places beyond chance, on the arcsine scale, by years.

        Limits of its slope by Student's t, weighted by precision and widened where periods scatter more than
        chance. Places are those at hand: it says whether these have come closer, not all there could be.
        """
        places = [len(spread.places) for spread in self.spreads]
        found = [spread.effects for spread in self.spreads]
        effect, variance = (np.concatenate([each[k] for each in found]) for k in (0, 1))
        excess, error = excess_variance(effect, variance, groups=np.repeat(np.arange(len(places)), places))
        starts = [Period.parse(spread.period).start for spread in self.spreads]
        years = np.array([(start - starts[0]).days / 365.25 for start in starts])
        return trend_of(excess, error, years, self.spreads[0].confidence)

    @property
    def change(self) -> SpreadChange:
        """Only what the limits of the slope bear out."""
        if not np.isfinite([self.line.lower, self.line.upper]).all():
            return SpreadChange.CANNOT_TELL
        if self.line.lower <= 0 <= self.line.upper:
            return SpreadChange.NO_EVIDENCE
        return SpreadChange.SHRINKING if self.line.slope < 0 else SpreadChange.GROWING

    def sentence(self) -> str:
        """The verdict in words, with the real standard deviation at both ends of the line."""
        whole = self.spreads[0]
        of = f"The real spread of {whole.title[:1].lower() + whole.title[1:]} between {whole.by}s"
        if self.change is SpreadChange.CANNOT_TELL:
            return f"{of}: cannot tell whether it changes; too few periods have three places or more."
        first, last = (self._points(end, at) for end, at in ((self.line.first, 0), (self.line.last, -1)))
        told = f"a line through {len(self.spreads)} periods goes from {first:.1f} to {last:.1f} percentage points"
        if self.change is SpreadChange.NO_EVIDENCE:
            return f"{of}: no evidence that it changes, once chance is taken out ({told})."
        return f"{of} is {self.change}, once chance is taken out: {told} of standard deviation."

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        whole = self.spreads[0]
        return {
            "measure_id": whole.measure_id,
            "title": whole.title,
            "by": whole.by,
            "verdict": str(self.change),
            "arrow": ARROWS[self.change],
            "sentence": self.sentence(),
            "periods": [_period(spread) for spread in self.spreads],
            "warnings": list(dict.fromkeys(text for spread in self.spreads for text in spread.warnings)),
            "rule": whole.rule,
            "snapshot": whole.snapshot,
            "filters": dict(whole.filters),
            "profile": whole.display.profile if whole.display else None,
        }

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """People, outcomes and expected outcomes of each place in each period."""
        return pa.concat_tables(
            [
                spread.counts().add_column(0, "period", pa.array([spread.period] * len(spread.places)))
                for spread in self.spreads
            ]
        )

    def relations(self) -> tuple[Relation, ...]:
        """Those with the outcome, and those without, are all of a place."""
        return tuple(
            Relation((row, "denominator"), ((row, "numerator"),), rest=True)
            for row in range(sum(len(spread.places) for spread in self.spreads))
        )

    def with_counts(self, counts: pa.Table, display: Display) -> VariationTrend:
        """The same trend, computed again from other counts; null is hidden."""
        again, at = [], 0
        for spread in self.spreads:
            again.append(spread.with_counts(counts.slice(at, len(spread.places)), display))
            at += len(spread.places)
        return replace(self, spreads=tuple(again))

    def identity(self) -> Mapping[str, Any]:
        """What the figures are: measure, version, lake snapshot, rule and filters."""
        known = dict(self.spreads[0].identity())
        filters = {name: value for name, value in known["filters"].items() if name != "period"}
        return {**known, "filters": {"question": "variation trend", **filters}}

    def _points(self, variance: float, at: int) -> float:
        """A variance on the arcsine scale as a standard deviation in percentage points at a period's level."""
        level = float(self.spreads[at].found.level[0])
        return float(200 * np.sqrt(level * (1 - level) * max(variance, 0.0)))


def variation_trend(
    records: JourneyRecords,
    measure: str = "reliable_recovery",
    *,
    by: str = "borough",
    periods: Sequence[Period] | None = None,
    **asked: Any,
) -> VariationTrend:
    """The spread of an outcome between places by quarter, and whether it shrinks once chance is taken out.

    Without `periods`, up to twelve whole quarters that the returns hold, the first four left out where there
    are enough: courses that ended then began before anything is held. Other choices are those of
    `variation_between`, which says what is raised; YourCommand also for a lake without a whole quarter.
    """
    chosen = tuple(periods) if periods is not None else _quarters(records)
    return VariationTrend(
        tuple(variation_between(records, measure, by=by, period=period, **asked) for period in chosen)
    )


def _quarters(records: JourneyRecords) -> tuple[Period, ...]:
    last = quarters(MOST + RUN_IN, ending=records.last_day.strftime("%Y-%m"))
    held = tuple(period for period in last if period.start >= records.first_day)
    if not held:
        raise YourCommand(
            "The returns do not hold a whole quarter.", remedy="Load more months, or name periods."
        )
    return held[RUN_IN:][-MOST:] if len(held) > 2 * RUN_IN else held[-MOST:]


def _period(spread: PlaceVariation) -> dict[str, Any]:
    told = spread.to_json()
    kept = ("period", "real_sd_points", "shares", "verdict", "places")
    return {name: told[name] for name in kept}
