"""Rules for figures that cannot be computed again from released counts: curves, medians, model estimates, limits.

They leave only where FEWEST_EVENTS events and FEWEST_PEOPLE people stand behind them, and no finer than
their own uncertainty: a fifth of the standard error (DECISIONS.md 16). Largest and smallest values belong to
one person and never leave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand

FEWEST_EVENTS, FEWEST_PEOPLE, STEP_PEOPLE, SHARE_OF_ERROR = 10, 20, 5, 5
EXTREMES = ("max", "min")


def enough(events: float | None, people: float | None) -> bool:
    """Whether as many events and people stand behind a figure as it takes to show it."""
    return events is not None and people is not None and events >= FEWEST_EVENTS and people >= FEWEST_PEOPLE


def estimate(value: float, error: float, events: float | None, people: float | None) -> float | None:
    """A model estimate, limit or mean, rounded to a fifth of its standard error; None where too few are behind it.

    Raises YourCommand for a standard error that is not above 0: such a figure is exact, and exact figures do
    not leave.
    """
    if not (math.isfinite(error) and error > 0):
        raise YourCommand(
            "A figure without a standard error cannot leave.", remedy="Give its standard error."
        )
    if not math.isfinite(value) or not enough(events, people):
        return None
    step = error / SHARE_OF_ERROR
    return round(value / step) * step


def whole_weeks(days: float | None, events: float | None, people: float | None) -> int | None:
    """A median of days in whole weeks; None where too few are behind it."""
    if days is None or not math.isfinite(days) or not enough(events, people):
        return None
    return math.floor(days / 7 + 0.5)


def refuse_extremes(statistic: str) -> None:
    """Raises YourCommand for a largest or smallest value."""
    if statistic in EXTREMES:
        raise YourCommand(
            f"A {statistic} belongs to one person and cannot leave.", remedy="Ask for a median or a mean."
        )


def steps(times: ArrayLike, events: ArrayLike, at_risk: float) -> NDArray[np.bool_]:
    """Which points of a curve (times rising, events at each) may be shown: those at which STEP_PEOPLE events or
    more have gathered since the last one shown. Nothing where too few events or people are behind the curve.
    """
    day, number = np.asarray(times, dtype=float), np.asarray(events, dtype=float)
    if day.shape != number.shape or (np.diff(day) < 0).any() or (number < 0).any():
        raise YourCommand(
            "Times must rise, with a number of events for each.", remedy="Sort the curve by time."
        )
    shown, gathered = np.zeros(len(day), dtype=bool), 0.0
    if not enough(float(number.sum()), at_risk):
        return shown
    for point, here in enumerate(number):  # a running sum that starts anew has no closed form
        gathered += here
        if gathered >= STEP_PEOPLE:
            shown[point], gathered = True, 0.0
    return shown


def largest_remainder(parts: Sequence[float], total: float = 100.0, decimals: int = 0) -> list[float]:
    """Parts of a whole, rounded so that what is displayed adds up to `total` (Hamilton's method; ties to the first).

    Raises YourCommand for parts below 0 or with nothing in them.
    """
    whole = math.fsum(parts)
    if not math.isfinite(whole) or whole <= 0 or min(parts) < 0:
        raise YourCommand(
            "Parts of a whole are 0 or more, and not all 0.", remedy="Leave out what is hidden."
        )
    unit = 10.0**-decimals
    exact = [part / whole * total / unit for part in parts]
    floors = [math.floor(value + 1e-9) for value in exact]
    left = round(total / unit) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    extra = set(by_remainder[:left])
    return [round((floor + (i in extra)) * unit, decimals) for i, floor in enumerate(floors)]
