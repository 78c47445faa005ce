"""XmR control charts by the NHS "Making Data Count" method: limits, and the four rules of special cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats

LIMITS = 2.66
"""Average moving ranges from the mean to a process limit."""
SCREEN = 3.267
"""A moving range of this many averages or more is left out, once, before limits are set (Nelson 1982)."""


class SpecialCause(StrEnum):
    """What a point is part of. Where several hold, the first in this order is given."""

    ABOVE = "Above UCL"
    BELOW = "Below LCL"
    TREND_UP = "7 Point Trend (Increasing)"
    TREND_DOWN = "7 Point Trend (Decreasing)"
    TWO_OF_THREE_ABOVE = "2 in 3 Above CL"
    TWO_OF_THREE_BELOW = "2 in 3 Below CL"
    SHIFT_ABOVE = "7 Points Above CL"
    SHIFT_BELOW = "7 Points Below CL"
    COMMON = "Common Cause"


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
    mean = float(series.mean())
    ranges = np.abs(np.diff(series))
    if ranges.size == 0:
        return XmrLimits(mean, np.nan, np.nan, np.nan)
    average = float(ranges.mean())
    if screen and average > 0:
        average = float(ranges[ranges < SCREEN * average].mean())
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
    (series,) = floats(values)
    with np.errstate(invalid="ignore"):
        above, below = series > limits.upper, series < limits.lower
        side = np.sign(series - limits.mean)
        third = 2 / 3 * LIMITS * limits.average_moving_range
        near = ~above & ~below & (np.abs(series - limits.mean) > third)
    rises, falls = _trends(series, trend_points)
    two_up, two_down = _two_of_three(side, near)
    shift_up, shift_down = _runs(side > 0, shift_points), _runs(side < 0, shift_points)
    labels = list(SpecialCause)[:-1]
    found = [above, below, rises, falls, two_up, two_down, shift_up, shift_down]
    return np.select(found, [str(label) for label in labels], default=str(SpecialCause.COMMON))


def _runs(flags: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Every point that is in a run of at least `length` flags."""
    if flags.size < length:
        return np.zeros(flags.shape, bool)
    starts = np.asarray(sliding_window_view(flags, length).all(axis=1))
    return _covered(starts, length, flags.size)


def _covered(starts: NDArray[np.bool_], length: int, size: int) -> NDArray[np.bool_]:
    padded = np.zeros(size + length - 1, bool)
    padded[length - 1 : length - 1 + starts.size] = starts
    return np.asarray(sliding_window_view(padded, length).any(axis=1))


def _trends(series: Floats, points: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Points of a trend, labelled rising or falling as NHSRplotthedots does.

    Its direction is the step out of a point while the next point is of a trend too, and else the step into
    it. So a point where one trend ends beside the start of another takes the step between them.
    """
    steps = np.sign(np.diff(series))
    flagged = _steps_to_points(_runs(steps > 0, points - 1)) | _steps_to_points(_runs(steps < 0, points - 1))
    into, out = np.concatenate([[0.0], steps]), np.concatenate([steps, [0.0]])
    direction = np.where(np.concatenate([flagged[1:], [False]]), out, into)
    return flagged & (direction > 0), flagged & (direction < 0)


def _steps_to_points(steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(np.concatenate([steps, [False]]) | np.concatenate([[False], steps]), dtype=bool)


def _two_of_three(side: Floats, near: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if side.size < 3:
        return np.zeros(side.shape, bool), np.zeros(side.shape, bool)
    enough = sliding_window_view(near, 3).sum(axis=1) >= 2
    flagged = [
        near & _covered(enough & sliding_window_view(side == sign, 3).all(axis=1), 3, side.size)
        for sign in (1, -1)
    ]
    return flagged[0], flagged[1]
