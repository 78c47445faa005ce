"""XmR charts by the NHS "Making Data Count" method, of any number of series at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats
from joinedup.stats.making_data_count import VARIATIONS, assurance, direction_of, point_types
from joinedup.stats.series import Flags, Series, Whole, in_time_order, signs, whole_number
from joinedup.stats.xmr_rules import Codes, cause_names, causes, limits_passed

LIMITS = 2.66
"""Average moving ranges from the mean to a process limit."""
SCREEN = 3.267
"""A moving range of this many averages or more is left out, once, before limits are set (Nelson 1982)."""
FEWEST = 12
"""The fewest points that Making Data Count sets lasting limits from."""


@dataclass(frozen=True)
class Stretches:
    """One entry for each stretch of each series, in time order: what has one mean and one set of limits.

    `group` is the label of the series and `number` counts its stretches from 0. `short`: too few points for lasting
    limits. `variation` is what its last point is, and `kinds`, shape (stretches, 6), counts the points of each
    `Variation`.
    """

    group: NDArray[Any]
    number: Whole
    points: Whole
    missing: Whole
    mean: Floats
    lower: Floats
    upper: Floats
    average_moving_range: Floats
    short: Flags
    variation: NDArray[np.str_]
    kinds: Whole


@dataclass(frozen=True)
class XmrChart:
    """Charts of many series.

    Of each row, as given: its `stretch` (a place in `stretches`), `mean`, `lower`, `upper`, which `side` of the mean it
    is on (-1, 0, 1), whether `outside` a limit or `near` one, and the codes of its cause and kind. Of each series:
    its label in `groups`, and the icons `variation` and `assurance`, texts of `Variation` and `Assurance`.
    """

    stretches: Stretches
    stretch: Whole
    mean: Floats
    lower: Floats
    upper: Floats
    side: Codes
    outside: Flags
    near: Flags
    cause_codes: Codes
    kind_codes: Codes
    groups: NDArray[Any]
    variation: NDArray[np.str_]
    assurance: NDArray[np.str_]
    names: NDArray[np.str_]

    @cached_property
    def cause(self) -> NDArray[np.str_]:
        """Text of `SpecialCause` for each row, with the run lengths asked for."""
        return self.names[self.cause_codes]

    @cached_property
    def kind(self) -> NDArray[np.str_]:
        """Text of `Variation` for each row."""
        return VARIATIONS[self.kind_codes]


def xmr_chart(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    rebase: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = True,
    target: ArrayLike | None = None,
    better: str = "neither",
    shift_points: int = 7,
    trend_points: int = 7,
    short_below: int = 13,
    flat_limits: bool = True,
) -> XmrChart:
    """XmR charts of `values` (rows,), a series for each label in `groups`, with limits, rules and icons.

    when: time of each row; rows stand in time order without it. rebase: True on each row that starts a new mean and
    new limits (see `rebase_rows`). baseline: limits from the first so many rows of each stretch, 12 or more.
    target: one, or one a row; that of the last row counts. better: "higher", "lower" or "neither".
    shift_points, trend_points: how long a run must be; NHSRplotthedots takes 7 and 7, others 8 and 6.
    short_below: stretches with fewer points are marked. flat_limits: limits are the mean where nothing varies;
    False gives none, as NHSRplotthedots does after screening.

    A missing value keeps its row, is in no limit, breaks every run, and is labelled so; the icon is that of the last
    point that is there. One point gives a mean and no limits. Raises YourCommand for what `in_time_order` refuses,
    a baseline below 12 and an unknown direction.
    Source: NHS England, Making Data Count; limits 2.66 average moving ranges (Wheeler), screened (Nelson 1982).
    """
    whole_number(baseline, FEWEST, "The baseline")
    whole_number(shift_points, 2, "The points of a shift")
    whole_number(trend_points, 2, "The points of a trend")
    direction_of(better)
    series = in_time_order(values, groups, when=when, rebase=rebase)
    mean, average = xmr_levels(series, baseline, screen=screen, flat_limits=flat_limits)
    spread = LIMITS * average
    lines = [series.spread(line) for line in (mean, mean - spread, mean + spread)]
    beyond = limits_passed(series.values, *lines)
    side = signs(series.values - lines[0])
    found = causes(series, side, beyond, shift_points=shift_points, trend_points=trend_points)
    kinds = point_types(found, better)
    stretches = _stretches(series, mean, average, kinds, short_below)
    latest = series.stretch[series.ends]
    back = series.back
    return XmrChart(
        stretches,
        stretch=back(series.stretch),
        mean=back(lines[0]),
        lower=back(lines[1]),
        upper=back(lines[2]),
        side=back(side),
        outside=back(beyond.either),
        near=back(beyond.near),
        cause_codes=back(found),
        kind_codes=back(kinds),
        groups=series.groups.labels,
        variation=stretches.variation[latest],
        assurance=_assurance(series, stretches, target, better),
        names=cause_names(shift_points, trend_points),
    )


def xmr_levels(
    series: Series, baseline: int | None, *, screen: bool, flat_limits: bool
) -> tuple[Floats, Floats]:
    """Mean, and average moving range after screening, of each stretch."""
    counted = np.where(series.baseline(baseline), series.values, np.nan)
    flat = 0.0 if flat_limits else np.nan
    return series.centre(counted), average_range(
        series, series.moving_ranges(counted), screen=screen, flat=flat
    )


def average_range(series: Series, ranges: Floats, *, screen: bool, flat: float = 0.0) -> Floats:
    """Average of moving ranges by stretch, screened once; `flat` where screening finds nothing that varies."""
    average = series.average(ranges)
    if not screen:
        return average
    with np.errstate(invalid="ignore"):
        kept = np.where(ranges < SCREEN * series.spread(average), ranges, np.nan)
    return np.where(average == 0, flat, series.average(kept))


def _stretches(series: Series, mean: Floats, average: Floats, kinds: Codes, short_below: int) -> Stretches:
    """What there is to say of each stretch."""
    before = np.searchsorted(series.group_places, series.group_places)
    cells = series.stretch * VARIATIONS.size + kinds
    counted = np.bincount(cells, minlength=mean.size * VARIATIONS.size).reshape(-1, VARIATIONS.size)
    missing = counted[:, -1]
    spread = LIMITS * average
    return Stretches(
        group=series.groups.labels[series.group_places],
        number=np.arange(mean.size) - before,
        points=series.sizes - missing,
        missing=missing,
        mean=mean,
        lower=mean - spread,
        upper=mean + spread,
        average_moving_range=average,
        short=series.sizes - missing < short_below,
        variation=VARIATIONS[_last(series, kinds)],
        kinds=counted,
    )


def _last(series: Series, kinds: Codes) -> Codes:
    """Kind of the last point of each stretch that is there."""
    places = np.where(np.isnan(series.values), -1, np.arange(kinds.size))
    last = np.maximum.reduceat(places, series.starts)
    return np.where(last < 0, kinds[series.starts], kinds[last]).astype(np.int8)


def _assurance(
    series: Series, stretches: Stretches, target: ArrayLike | None, better: str
) -> NDArray[np.str_]:
    """Assurance of each series, from its last row's target and its last stretch's limits."""
    latest = series.stretch[series.ends]
    wanted = _targets(target, series.values.size)[series.order[series.ends]]
    return assurance(wanted, stretches.lower[latest], stretches.upper[latest], better)


def _targets(target: ArrayLike | None, rows: int) -> Floats:
    (wanted,) = floats(np.nan if target is None else target)
    if wanted.shape not in ((), (rows,)):
        raise YourCommand(
            f"{wanted.size} targets were given for {rows} rows.", remedy="Give one target, or one a row."
        )
    return np.broadcast_to(wanted, (rows,))
