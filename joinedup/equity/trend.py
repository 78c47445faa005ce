"""Is inequality narrowing? On the absolute and on the relative scale, which need not agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.definitions import Period
from joinedup.equity.by_group import ByGroup, OfFigures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joinedup.equity.by_group import Floats
    from joinedup.measures import MeasureResult

FEWEST = 4
"""Periods from which a trend is spoken of: with three, Student's t leaves one degree of freedom."""


class Movement(StrEnum):
    """Which way a gap has moved."""

    NARROWING = "narrowing"
    WIDENING = "widening"
    REVERSED = "reversed"
    NO_EVIDENCE = "no evidence of change"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class ScaleTrend:
    """A gap on one scale. `gaps` and `errors` (periods,); `slope` a year with limits; the line's two ends,
    and how far the limits of the last one reach.

    Absolute: share less share. Relative: log of the ratio of shares.
    """

    gaps: tuple[float, ...]
    errors: tuple[float, ...]
    slope: float
    lower: float
    upper: float
    first: float
    last: float
    reach: float

    @property
    def movement(self) -> Movement:
        """Towards nothing, away from it, or through it; only what the limits of the slope bear out."""
        if not np.isfinite([self.slope, self.lower, self.upper]).all():
            return Movement.CANNOT_TELL
        if self.lower <= 0 <= self.upper:
            return Movement.NO_EVIDENCE
        # a gap that closes ends a little to either side of nothing: that alone is no reversal
        if self.first * self.last < 0 and abs(self.last) > self.reach:
            return Movement.REVERSED
        return Movement.NARROWING if abs(self.last) < abs(self.first) else Movement.WIDENING


@dataclass(frozen=True, eq=False)
class InequalityTrend(OfFigures):
    """Gap of a group (first) to a reference group (second) over periods, from nothing but counts."""

    @property
    def between(self) -> tuple[str, str]:
        """Group and reference."""
        return self.figures.groups[0], self.figures.groups[1]

    @cached_property
    def absolute(self) -> ScaleTrend:
        """Trend of the difference of shares."""
        p, variance, _ = self._shares()
        return self._trend(p[:, 0] - p[:, 1], np.sqrt(variance.sum(axis=1)))

    @cached_property
    def relative(self) -> ScaleTrend:
        """Trend of the log ratio of shares; missing where nobody had the outcome."""
        p, variance, known = self._shares()
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(known & (p > 0), np.log(p), np.nan)
            errors = np.sqrt((variance / p**2).sum(axis=1))
        gaps = logs[:, 0] - logs[:, 1]
        return self._trend(gaps, np.where(np.isfinite(gaps), errors, np.nan))

    @property
    def agree(self) -> bool:
        """Whether both scales say the same."""
        return self.absolute.movement == self.relative.movement

    def headline(self) -> str:
        """The finding in a few words."""
        absolute, relative = self.absolute.movement, self.relative.movement
        if self.agree:
            return f"Gap between {' and '.join(self.between)}: {absolute}"
        return f"Gap between {' and '.join(self.between)}: {absolute} in points, {relative} as a ratio"

    def sentence(self) -> str:
        """Both scales, and where they disagree, that they do and why that can be."""
        told = f"{self._points()} {self._ratios()}"
        if self.agree:
            return told
        return (
            f"{told} The two scales disagree: when both groups move, a gap can shrink in points and grow as a "
            "ratio, or the other way round. Say which one was the aim."
        )

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        return {
            "measure": self.figures.measure.slug,
            "place": self.figures.place,
            "by": self.figures.breakdown,
            "group": self.between[0],
            "reference": self.between[1],
            "periods": list(self.figures.periods),
            "absolute": {"unit": "percentage points", **self._shown(self.absolute, self._as_points)},
            "relative": {"unit": "ratio", **self._shown(self.relative, self._as_ratio)},
            "agree": self.agree,
            "headline": self.headline(),
            "sentence": self.sentence(),
            "profile": self.figures.display.profile if self.figures.display else None,
        }

    def identity(self) -> Mapping[str, Any]:
        """What the figures are, for their codes."""
        return self.figures.identity("inequality trend", between=list(self.between))

    def _shares(self) -> tuple[Floats, Floats, Any]:
        """Shares, their variance (half a person added, so that 0 of 20 is not certain), and which are known.

        A share that a release would not show (of fewer than 20) is not known.
        """
        figures, display = self.figures, self.figures.display
        known = np.isfinite(figures.rates)
        if display is not None:
            absent = [[display.percentage(0.0, n) is None for n in row] for row in figures.n.tolist()]
            known &= ~np.array(absent, dtype=bool)
        noise = display.rounding if display else 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            near = (figures.x + 0.5) / (figures.n + 1)
            variance = near * (1 - near) / figures.n + noise * (1 + near**2) / figures.n**2
        return np.where(known, figures.rates, np.nan), np.where(known, variance, np.nan), known

    def _trend(self, gaps: Floats, errors: Floats) -> ScaleTrend:
        starts = [Period.parse(key).start for key in self.figures.periods]
        years = np.array([(day - starts[0]).days / 365.25 for day in starts])
        return trend_of(gaps, errors, years, self.figures.confidence)

    def _as_points(self, value: float) -> float | None:
        display = self.figures.display
        return display.points(100 * value) if display else _known(100 * value)

    def _as_ratio(self, value: float) -> float | None:
        display, ratio = self.figures.display, float(np.exp(value))
        return display.index(ratio) if display else _known(ratio)

    def _shown(self, scale: ScaleTrend, show: Any) -> dict[str, Any]:
        return {
            "gaps": [show(gap) for gap in scale.gaps],
            "a_year": show(scale.slope),
            "lower": show(scale.lower),
            "upper": show(scale.upper),
            "first": show(scale.first),
            "last": show(scale.last),
            "movement": str(scale.movement),
        }

    def _points(self) -> str:
        scale = self.absolute
        if scale.movement is Movement.CANNOT_TELL:
            return "In percentage points: cannot tell."
        return (
            f"In percentage points: {scale.movement} ({100 * scale.first:+.1f} to {100 * scale.last:+.1f}; "
            f"{100 * scale.slope:+.1f} a year, {100 * scale.lower:+.1f} to {100 * scale.upper:+.1f})."
        )

    def _ratios(self) -> str:
        scale = self.relative
        if scale.movement is Movement.CANNOT_TELL:
            return "As a ratio: cannot tell."
        change, lower, upper = (100 * np.expm1(v) for v in (scale.slope, scale.lower, scale.upper))
        return (
            f"As a ratio: {scale.movement} ({np.exp(scale.first):.2f} to {np.exp(scale.last):.2f}; "
            f"{change:+.1f}% a year, {lower:+.1f}% to {upper:+.1f}%)."
        )


def inequality_trend(result: MeasureResult | ByGroup, *, between: tuple[str, str]) -> InequalityTrend:
    """Trend of the gap between a group and a reference group over the periods of a result.

    Each period's gap as a difference and as a log ratio, a line through each weighted by precision, t limits
    widened where periods scatter more than chance (Hartung and Knapp 2001, never narrowed). Periods must not
    overlap. Raises YourCommand unless the result is one percentage in one place by one breakdown, UnknownName
    for a group it does not have.
    """
    return InequalityTrend(ByGroup.of(result).only(groups=between))


def trend_of(gaps: Floats, errors: Floats, years: Floats, confidence: float) -> ScaleTrend:
    """Weighted line through gaps with standard errors; NaN slope with fewer than four known gaps."""
    from scipy.special import stdtrit

    known = np.isfinite(gaps) & np.isfinite(errors)
    told = tuple(gaps.tolist()), tuple(errors.tolist())
    freedom = int(known.sum()) - 2
    if freedom < FEWEST - 2:
        return ScaleTrend(*told, *[np.nan] * 6)
    y, t, w = gaps[known], years[known], errors[known] ** -2
    middle, level = (w @ t) / w.sum(), (w @ y) / w.sum()
    spread = w @ (t - middle) ** 2
    slope = float(w @ ((t - middle) * (y - level)) / spread)
    scatter = float(w @ (y - level - slope * (t - middle)) ** 2) / freedom
    unit = float(stdtrit(freedom, 0.5 + confidence / 2)) * np.sqrt(max(scatter, 1.0))
    reach = float(unit / np.sqrt(spread))
    first, last = (float(level + slope * (end - middle)) for end in (years[0], years[-1]))
    at_end = float(unit * np.sqrt(1 / w.sum() + (years[-1] - middle) ** 2 / spread))
    return ScaleTrend(*told, slope, slope - reach, slope + reach, first, last, at_end)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
