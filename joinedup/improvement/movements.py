"""How far figures moved, and how far beyond a comparison: relative changes with limits, from released figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.improvement.claim_verdicts import UNKNOWN, Moved
from joinedup.improvement.judging import MOST_HIDDEN
from joinedup.stats.arrays import upper_tail_z
from joinedup.stats.change import Aim
from joinedup.stats.difference_in_differences import difference_in_differences
from joinedup.stats.interrupted_time_series import interrupted_time_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.improvement.monthly import MonthlyCounts
    from joinedup.improvement.staying import StayFigures, StayWindow

CONFIDENCE = 0.95
NO_AIM = Aim(expected=0.1, worthwhile=0.1)
"""Change methods ask for one; the verdict on a claim has its own rule."""


@dataclass(frozen=True)
class Level:
    """What a measure was in a window: `value` a share of 1, or a count a month; `count` what it rests on; `months` of
    the places that are known, of `asked`."""

    value: float
    count: float
    total: float
    months: int
    asked: int

    @property
    def known(self) -> bool:
        """Whether enough of it is not hidden."""
        return self.asked > 0 and self.months >= (1 - MOST_HIDDEN) * self.asked and self.count > 0


def level_of(counts: MonthlyCounts, places: Sequence[str], months: Sequence[str]) -> Level:
    """The measure of the places together in these months."""
    rows = counts.of(places, months)
    x, n = rows.arrays
    told = ~np.isnan(x)
    count, total = float(x[told].sum()), float(n[told].sum())
    asked = len(places) * len(months)
    number = int(told.sum())
    whole = total if counts.share else float(number) / len(places)
    return Level(count / whole if whole else np.nan, count, total, number, asked)


def moved_between(before: Level, after: Level, rounding: float) -> Moved:
    """Relative change of a share or a count, with limits on its logarithm (Katz et al. 1978), widened by what release
    has rounded: `rounding` is the variance of that in each count."""
    if not (before.known and after.known):
        return UNKNOWN
    variance = sum(
        1 / each.count - 1 / each.total + rounding * each.months / each.count**2 for each in (before, after)
    )
    return _moved(
        float(np.log(after.value / before.value)), float(np.sqrt(variance)), upper_tail_z(CONFIDENCE)
    )


def net_of_comparison(
    counts: MonthlyCounts,
    places: Sequence[str],
    comparison: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
) -> Moved:
    """What the places did beyond others, or beyond their own trend where there are none: the effect of a change in the
    first month `after`, relative to before. Months of neither window are left out.
    """
    rows = counts.of((*places, *comparison), (*before, *after))
    x, n = rows.arrays
    if not x.size or np.isnan(x).mean() > MOST_HIDDEN:
        return UNKNOWN
    method = difference_in_differences if comparison else interrupted_time_series
    found = method(
        x,
        n,
        place=np.array(rows.place),
        month=np.array(rows.month),
        changed=dict.fromkeys(places, after[0]),
        aim=NO_AIM,
    )
    return Moved(*(float(value) for value in found.points[:, 0] / found.before[0]))


def stays_moved(figures: StayFigures) -> tuple[Moved, Moved | None]:
    """Relative change of the mean stay of ours, and beyond that of the others: ratios, with limits on the logarithm."""
    ours, *others = (figures.windows[at : at + 2] for at in range(0, len(figures.windows), 2))
    z = upper_tail_z(CONFIDENCE)
    ratio, error = _log_ratio(*ours)
    moved = _moved(ratio, error, z)
    if not others:
        return moved, None
    theirs, their_error = _log_ratio(*others[0])
    return moved, _moved(ratio - theirs, float(np.hypot(error, their_error)), z)


def _log_ratio(before: StayWindow, after: StayWindow) -> tuple[float, float]:
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.hypot(before.std_error / before.mean, after.std_error / after.mean)
        return float(np.log(after.mean / before.mean)), float(error)


def _moved(log_ratio: float, error: float, z: float) -> Moved:
    return Moved(*(float(np.expm1(log_ratio + by * error)) for by in (0, -z, z)))
