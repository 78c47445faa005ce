"""Run charts: too long a run, or too few crossings of the centre, is a signal that the level moved (Anhøj rules)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.run_chart_boxes import FEWEST, MOST, boxes
from joinedup.stats.series import Flags, Series, Whole, in_time_order, numbers, signs, whole_number

RULES = ("anhoej", "bestbox", "cutbox")


@dataclass(frozen=True)
class RunChart:
    """One entry for each series. `points` are its rows, `useful` those not on the centre and not missing.

    The longest run and the crossings, and the most and the fewest that chance allows, are NaN where no point is useful.
    `centre` is the median, or the mean of the centres given.
    """

    groups: NDArray[Any]
    centre: Floats
    points: Whole
    useful: Whole
    longest_run: Floats
    longest_run_limit: Floats
    crossings: Floats
    crossings_limit: Floats
    signal: Flags


def run_chart(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    centre: ArrayLike | None = None,
    baseline: int | None = None,
    rule: str = "anhoej",
) -> RunChart:
    """Runs analysis of `values` (rows,), a series for each label in `groups`, in time order.

    centre: of each row, or one for all; without it the median of the series, or of its first `baseline` points.
    rule: "anhoej", a signal for a run longer than round(log2 n) + 3 or fewer crossings than the 5th percentile of a
    fair coin's (Anhøj & Olesen 2014, PLoS ONE 9:e113825; Schilling 2012; Chen 2010); "bestbox" or "cutbox", limits set
    together (Anhøj & Wentzel-Larsen 2020), for 10 to 100 useful points; with fewer or more, anhoej.

    Missing points and points on the centre are passed over. Raises YourCommand for an unknown rule and for what
    `in_time_order` refuses.
    """
    if rule not in RULES:
        raise YourCommand(f"{rule!r} is no rule for run charts.", remedy=f"Write one of {', '.join(RULES)}.")
    whole_number(baseline, 1, "The baseline")
    series = in_time_order(values, groups, when=when)
    level = _centres(series, centre, baseline)
    side = signs(series.values - level)
    useful = series.total((side != 0).astype(np.intp))
    longest, crossings = _runs(series, side)
    most, fewest = _limits(useful, rule)
    signal = (longest > most) | (crossings < fewest)
    if rule == "cutbox":
        signal |= _in_cut_corner(useful, longest, crossings)
    none = useful == 0
    return RunChart(
        groups=series.groups.labels,
        centre=series.average(level),
        points=series.sizes,
        useful=useful,
        longest_run=np.where(none, np.nan, longest),
        longest_run_limit=np.where(none, np.nan, most),
        crossings=np.where(none, np.nan, crossings),
        crossings_limit=np.where(none, np.nan, fewest),
        signal=signal & ~none,
    )


def _centres(series: Series, centre: ArrayLike | None, baseline: int | None) -> Floats:
    """The centre of each row, in sorted order."""
    if centre is None:
        counted = np.where(series.baseline(baseline), series.values, np.nan)
        return series.spread(series.median(counted))
    given = numbers(np.atleast_1d(np.asarray(centre)))
    if given.size not in (1, series.values.size):
        raise YourCommand(
            f"{given.size} centres were given for {series.values.size} rows.",
            remedy="Give one centre, or one a row.",
        )
    return np.broadcast_to(given, series.values.shape)[series.order]


def _runs(series: Series, side: NDArray[np.int8]) -> tuple[Whole, Whole]:
    """Longest run and crossings of each series, over its useful points; 0 where there is none."""
    kept = side != 0
    stretch, side = series.stretch[kept], side[kept]
    new = np.ones(side.size, bool)
    new[1:] = (stretch[1:] != stretch[:-1]) | (side[1:] != side[:-1])
    starts = np.flatnonzero(new)
    longest = np.zeros(series.starts.size, np.intp)
    np.maximum.at(longest, stretch[starts], np.diff(starts, append=side.size))
    runs = np.bincount(stretch[starts], minlength=series.starts.size)
    return longest, np.maximum(runs - 1, 0)


def _limits(useful: Whole, rule: str) -> tuple[Whole, Whole]:
    """The longest run and the fewest crossings that are ordinary, by number of useful points."""
    longest = np.round(np.log2(np.maximum(useful, 1))).astype(np.intp) + 3
    fewest = _fifth_percentile(np.maximum(useful - 1, 0))
    if rule == "anhoej":
        return longest, fewest
    boxed, box = _boxes_of(useful)
    return np.where(boxed, box[:, 1], longest), np.where(boxed, box[:, 0], fewest)


def _boxes_of(useful: Whole) -> tuple[Flags, Whole]:
    """Whether there is a box for so many points, and the box (of the nearest number where there is none)."""
    boxed = (useful >= FEWEST) & (useful <= MOST)
    return boxed, boxes()[np.clip(useful, FEWEST, MOST) - FEWEST]


def _in_cut_corner(useful: Whole, longest: Whole, crossings: Whole) -> Flags:
    boxed, box = _boxes_of(useful)
    fewest, most, cut_crossings, cut_run = box.T
    cut = ((crossings == fewest) & (longest > cut_run)) | ((longest == most) & (crossings < cut_crossings))
    return np.asarray(boxed & cut)


def _fifth_percentile(trials: Whole) -> Whole:
    """The least count that a fair coin stays at or below with probability 0.05 or more."""
    from scipy.special import bdtr

    distinct, places = np.unique(trials, return_inverse=True)
    # A normal approximation is never above the answer, and less than 3 below it.
    guess = np.maximum(np.floor(distinct / 2 - 1.645 * np.sqrt(distinct) / 2) - 1, 0)
    tried = guess[:, None] + np.arange(4)
    reached = bdtr(tried, np.maximum(distinct, 1)[:, None], 0.5) >= 0.05
    return np.asarray((guess + reached.argmax(axis=1)).astype(np.intp)[places])
