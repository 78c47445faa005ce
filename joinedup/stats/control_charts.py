"""XmR limits and rules of one series. `xmr_chart` does the same, and more, for many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import floats
from joinedup.stats.series import in_time_order, numbers, signs
from joinedup.stats.xmr import LIMITS, SCREEN, xmr_levels
from joinedup.stats.xmr_rules import SpecialCause, cause_names, causes, limits_passed

__all__ = ["LIMITS", "SCREEN", "SpecialCause", "XmrLimits", "xmr_limits", "xmr_rules"]


@dataclass(frozen=True)
class XmrLimits:
    """Mean, lower and upper process limit, and the average moving range behind them (after screening)."""

    mean: float
    lower: float
    upper: float
    average_moving_range: float


def xmr_limits(values: ArrayLike, *, screen: bool = True, first: int | None = None) -> XmrLimits:
    """Limits of one series in time order, from all its points or from the `first` so many of them.

    One point gives a mean and no limits (NaN). Where nothing varies the limits are the mean; the R peer
    has none there. Raises YourCommand for no value or a missing one: a gap must be dealt with first.
    """
    (series,) = floats(values)
    series = series[:first]
    if series.ndim != 1 or series.size == 0 or not np.isfinite(series).all():
        raise YourCommand(
            "A control chart needs one series without missing values.",
            remedy="Leave the gap out or fill it first.",
        )
    levels = xmr_levels(in_time_order(series), None, screen=screen, flat_limits=True)
    mean, average = (float(level[0]) for level in levels)
    return XmrLimits(mean, mean - LIMITS * average, mean + LIMITS * average, average)


def xmr_rules(
    values: ArrayLike, limits: XmrLimits, *, trend_points: int = 7, shift_points: int = 7
) -> NDArray[np.str_]:
    """Label of every point, by the four rules; every point of a pattern is flagged.

    Outside a limit; `trend_points` points strictly up or down (ties break it); two of three successive
    points near one limit with all three on that side (the near points are flagged, and a point beyond the
    limit is not near); `shift_points` successive points on one side of the mean (a point on the mean breaks
    it).
    """
    series = in_time_order(numbers(values))
    mean, lower, upper = (
        np.full(series.values.size, line) for line in (limits.mean, limits.lower, limits.upper)
    )
    beyond = limits_passed(series.values, mean, lower, upper)
    found = causes(
        series, signs(series.values - mean), beyond, shift_points=shift_points, trend_points=trend_points
    )
    return cause_names(shift_points, trend_points)[found]
