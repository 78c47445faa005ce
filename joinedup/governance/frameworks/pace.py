"""How fast scores rise, and between which days they could reach the target; or why that cannot be told.

A straight line through the rounds, and the days on which a further round's score could equal the target: inverse
prediction by Fieller's theorem (E. C. Fieller, Some problems in interval estimation, Journal of the Royal Statistical
Society B 16, 1954). Levels are ordered words, not lengths; the line is a way of speaking of pace, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final, Literal

FEWEST: Final = 3
AHEAD: Final = 5 * 365
"""Days after the last round beyond which a straight line says nothing: five years."""
CONFIDENCE: Final = 0.95
_YEAR: Final = 365.25


@dataclass(frozen=True)
class Forecast:
    """What the rounds say of the target. Days are None where they cannot be told; `latest` may be open alone.

    `per_year`: levels gained in a year; `why`: a sentence.
    """

    verdict: Literal["reached", "forecast", "cannot tell"]
    why: str
    per_year: float | None = None
    day: date | None = None
    earliest: date | None = None
    latest: date | None = None


def forecast(points: Sequence[tuple[date, float]], target: float, *, step: float) -> Forecast:
    """Points: a day and a score, in any order. `step`: the least by which a score can change.

    The scatter is never taken as less than that of rounding to such steps: scores on a perfect line are luck.
    """
    found = sorted(points)
    if not found:
        return Forecast("cannot tell", "Nothing has been scored.")
    if found[-1][1] >= target:
        return Forecast("reached", f"Reached in the round of {_said(found[-1][0])}.")
    rounds = len({day for day, _ in found})
    if rounds < FEWEST:
        return Forecast(
            "cannot tell", f"It takes {FEWEST} rounds or more to speak of pace; there are {rounds}."
        )
    return _on_the_line(found, target, step)


def _on_the_line(found: Sequence[tuple[date, float]], target: float, step: float) -> Forecast:
    first, last = found[0][0], (found[-1][0] - found[0][0]).days
    slope, crossing, limits = _line(
        [(day - first).days for day, _ in found], [score for _, score in found], target, step
    )
    gained = slope * _YEAR
    if limits is None or slope <= 0:
        why = "Scores do not rise beyond what chance and rounding would do."
        return Forecast("cannot tell", why, gained)
    low, high = limits
    if crossing <= last:
        return Forecast("cannot tell", "By the line it should be reached already, and it is not.", gained)
    if crossing > last + AHEAD:
        return Forecast("cannot tell", "At this pace it is more than five years away.", gained)
    # before the last round it was not reached, whatever the line says
    day, early = (first + timedelta(days=round(max(at, last))) for at in (crossing, low))
    late = first + timedelta(days=round(high)) if high <= last + AHEAD else None
    until = _said(late) if late else "more than five years from the last round"
    words = f"between {_said(early)} and {until}, 95 times in 100 if nothing else changes"
    return Forecast("forecast", f"At the pace so far about {_said(day)}; {words}.", gained, day, early, late)


def _line(
    days: Sequence[int], scores: Sequence[float], target: float, step: float
) -> tuple[float, float, tuple[float, float] | None]:
    """Slope a day, the day on which the line meets the target, and its limits; None where they are without end."""
    from scipy.special import stdtrit

    n = len(days)
    middle, mean = sum(days) / n, sum(scores) / n
    spread = sum((day - middle) ** 2 for day in days)
    slope = sum((day - middle) * (score - mean) for day, score in zip(days, scores, strict=True)) / spread
    rest = sum((score - mean - slope * (day - middle)) ** 2 for day, score in zip(days, scores, strict=True))
    scatter = max(rest / (n - 2), step**2 / 12)
    reach = float(stdtrit(n - 2, 0.5 + CONFIDENCE / 2)) ** 2 * scatter
    away = target - mean
    a = slope**2 - reach / spread
    if a <= 0 or slope == 0:
        return slope, 0.0, None
    half = sqrt(reach * away**2 / spread + a * reach * (1 + 1 / n)) / a
    centre = slope * away / a
    return slope, middle + away / slope, (middle + centre - half, middle + centre + half)


def _said(day: date) -> str:
    return f"{day:%B %Y}"
