"""The four rules of special cause by which Making Data Count reads an XmR chart, for many series at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from joinedup.stats.arrays import Floats
from joinedup.stats.series import Flags, Series, earlier, later

Codes = NDArray[np.int8]


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
    MISSING = "No value"


COMMON, MISSING = 8, 9


def cause_names(shift_points: int, trend_points: int) -> NDArray[np.str_]:
    """The text of each cause, with the run lengths that were asked for; a cause's code is its place."""
    lengths = {"7 Point ": f"{trend_points} Point ", "7 Points ": f"{shift_points} Points "}
    names = [str(cause) for cause in SpecialCause]
    for written, asked in lengths.items():
        names = [asked + name.removeprefix(written) if name.startswith(written) else name for name in names]
    return np.array(names)


@dataclass(frozen=True)
class Beyond:
    """Rows above the upper limit, below the lower, and near one: in the outer third of either side, not beyond."""

    above: Flags
    below: Flags
    near: Flags

    @property
    def either(self) -> Flags:
        """Outside the limits."""
        return self.above | self.below


def limits_passed(values: Floats, mean: Floats, lower: Floats, upper: Floats) -> Beyond:
    """Each row against the mean and limits it has. False where a value or limit is missing."""
    with np.errstate(invalid="ignore"):
        above, below = values > upper, values < lower
        near = ~above & ~below & (np.abs(values - mean) > 2 / 3 * (upper - mean))
    return Beyond(above, below, near)


def causes(series: Series, side: Codes, beyond: Beyond, *, shift_points: int, trend_points: int) -> Codes:
    """Code of each row, in sorted order: its place in `SpecialCause`. `side` of the mean: 1, 0 or -1."""
    trend = _trends(series, trend_points)
    two = np.where(_two_of_three(series, side, beyond.near), side, 0)
    shift = np.where(series.run_lengths(side) >= shift_points, side, 0)
    outside = beyond.above.astype(np.int8) - beyond.below.astype(np.int8)
    found = np.full(side.size, COMMON, np.int8)
    # The last to be written is the first to be named.
    for up, down, direction in ((6, 7, shift), (4, 5, two), (2, 3, trend), (0, 1, outside)):
        found[direction > 0] = up
        found[direction < 0] = down
    found[np.isnan(series.values)] = MISSING
    return found


def _trends(series: Series, points: int) -> Codes:
    """1 in a rising trend, -1 in a falling one, 0 else.

    As in NHSRplotthedots the direction is the step out of a point while the next point is of a trend too, and
    else the step into it. So a point where one trend ends beside the start of another takes the step between.
    """
    into = series.steps(series.values)
    long = (into != 0) & (series.run_lengths(into) >= points - 1)
    flagged = long | later(long)
    goes_on = later(flagged & ~series.first)
    return np.where(flagged, np.where(goes_on, later(into), into), 0).astype(np.int8)


def _two_of_three(series: Series, side: Codes, near: Flags) -> Flags:
    """The near points among three successive ones that are all on one side, two or more of them near."""
    together = ~later(series.first) & ~later(series.first, 2)
    same_side = (side != 0) & (side == later(side)) & (side == later(side, 2))
    two = (near & later(near)) | (near & later(near, 2)) | (later(near) & later(near, 2))
    window = together & same_side & two
    return np.asarray(near & (window | earlier(window) | earlier(window, 2)))
