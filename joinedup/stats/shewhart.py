"""Shewhart charts of counts, proportions, rates, measurements and rare events, of many series at once.

Each takes a row for each point in time, a series for each label in `groups`, rows in time order or with their time in
`when`; sets its limits from all points of a series or the first `baseline` of them; and returns a `ControlChart` times
`multiplier`. A missing point keeps its row and is in no limit. A new level is a new group.
Source: Montgomery, Introduction to Statistical Quality Control; limits at 3 standard deviations, warnings at 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats
from joinedup.stats.series import Flags, Series, in_time_order, numbers, whole_number
from joinedup.stats.xmr import SCREEN, average_range

D2 = 1.128
"""Expected range of two values from a normal distribution, in standard deviations."""
T_POWER = 3.6
"""The root that makes times between events of a steady process nearly normal (Nelson 1994)."""


@dataclass(frozen=True)
class ControlChart:
    """Of each row, as given: whether outside the limits, value, centre line, control limits, warning limits."""

    outside: Flags
    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    lower_warning: Floats
    upper_warning: Floats


@dataclass(frozen=True)
class _Rows:
    """Values in time order, and what each is out of."""

    series: Series
    value: Floats
    out_of: Floats
    counted: Flags

    def base(self, rows: Floats) -> Floats:
        return np.where(self.counted, rows, np.nan)


def i_chart(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = False,
    multiplier: float = 1,
) -> ControlChart:
    """Single measurements: mean and 3 average moving ranges / 1.128. `screen` leaves out wide ranges, as `xmr_chart`.

    The XmR chart of Making Data Count is this with 2.66 for 3 / 1.128, and screened.
    """
    rows = _rows(values, 1.0, groups, when, baseline)
    centre = rows.series.spread(rows.series.centre(rows.base(rows.value)))
    return _chart(rows, centre, _spread_of_ranges(rows, rows.value, screen=screen), multiplier, floor=-np.inf)


def mr_chart(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    multiplier: float = 1,
) -> ControlChart:
    """Moving ranges of single measurements: their mean, and 3.267 of it; warnings at two thirds of that limit.

    The first point of a series has none. Lower limits are 0.
    """
    rows = _rows(values, 1.0, groups, when, baseline)
    ranges = rows.series.moving_ranges(rows.value)
    centre = rows.series.spread(rows.series.average(rows.base(ranges)))
    none, upper = centre * 0, SCREEN * centre
    return _scaled(rows.series, (ranges, centre, none, upper, none, 2 / 3 * upper), multiplier)


def p_chart(
    events: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    multiplier: float = 1,
) -> ControlChart:
    """Proportions, by the binomial distribution; limits within 0 and 1. Raises YourCommand for more events than n."""
    rows, centre = _shares(*counts_out_of(events, out_of), groups, when, baseline)
    return _chart(rows, centre, _binomial(rows, centre), multiplier, ceiling=1)


def p_prime_chart(
    events: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = False,
    multiplier: float = 1,
) -> ControlChart:
    """Proportions out of large numbers: the p chart's limits times the spread between points (Laney 2002)."""
    rows, centre = _shares(*counts_out_of(events, out_of), groups, when, baseline)
    spread = _laney(rows, centre, _binomial(rows, centre), screen=screen)
    return _chart(rows, centre, spread, multiplier, ceiling=1)


def u_chart(
    events: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    multiplier: float = 1,
) -> ControlChart:
    """Rates, by the Poisson distribution; limits not below 0. Raises YourCommand for a count below 0."""
    rows, centre = _shares(*_rates(events, out_of), groups, when, baseline)
    return _chart(rows, centre, _poisson(rows, centre), multiplier)


def u_prime_chart(
    events: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = False,
    multiplier: float = 1,
) -> ControlChart:
    """Rates out of large numbers: the u chart's limits times the spread between points (Laney 2002)."""
    rows, centre = _shares(*_rates(events, out_of), groups, when, baseline)
    return _chart(rows, centre, _laney(rows, centre, _poisson(rows, centre), screen=screen), multiplier)


def c_chart(
    events: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    multiplier: float = 1,
) -> ControlChart:
    """Counts out of the same number each time, by the Poisson distribution; limits not below 0."""
    count, _ = _rates(events, 1.0)
    rows = _rows(count, 1.0, groups, when, baseline)
    centre = rows.series.spread(rows.series.centre(rows.base(rows.value)))
    return _chart(rows, centre, np.sqrt(centre), multiplier)


def i_prime_chart(
    totals: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = False,
    multiplier: float = 1,
) -> ControlChart:
    """Means or rates out of differing numbers: moving ranges weighed by those numbers (Taylor 2018)."""
    total, number = floats(numbers(totals), out_of)
    _not_negative(number)
    rows, centre = _shares(total, number, groups, when, baseline)
    chances = 1 / rows.out_of
    before = np.concatenate([chances[:1], chances[:-1]])
    ranges = rows.series.moving_ranges(rows.base(rows.value)) * np.sqrt(np.pi / 2 / (chances + before))
    spread = rows.series.spread(average_range(rows.series, ranges, screen=screen)) * np.sqrt(chances)
    return _chart(rows, centre, spread, multiplier, floor=-np.inf)


def g_chart(
    cases: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    multiplier: float = 1,
) -> ControlChart:
    """Cases between rare events, by the geometric distribution. The centre line is the median, limits use the mean."""
    count, _ = _rates(cases, 1.0)
    rows = _rows(count, 1.0, groups, when, baseline)
    counted = rows.base(rows.value)
    mean = rows.series.spread(rows.series.centre(counted))
    shown = rows.series.spread(rows.series.median(counted))
    return _chart(rows, mean, np.sqrt(mean * (mean + 1)), multiplier, shown=shown)


def t_chart(
    times: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    baseline: int | None = None,
    screen: bool = False,
    multiplier: float = 1,
) -> ControlChart:
    """Time between rare events: an i chart of times to the power 1 / 3.6, taken back (Nelson 1994).

    Raises YourCommand for a time of 0 or below.
    """
    given = numbers(times)
    if bool((given <= 0).any()):
        raise YourCommand(
            "A time between events is 0 or below.", remedy="Give times in a finer unit, or use a g chart."
        )
    chart = i_chart(given ** (1 / T_POWER), groups, when=when, baseline=baseline, screen=screen)
    lines = (chart.centre, chart.lower, chart.upper, chart.lower_warning, chart.upper_warning)
    found = (given, *(np.maximum(line, 0) ** T_POWER for line in lines))
    return ControlChart(chart.outside, *(row * multiplier for row in found))


def _rows(
    value: ArrayLike,
    out_of: ArrayLike,
    groups: ArrayLike | None,
    when: ArrayLike | None,
    baseline: int | None,
) -> _Rows:
    whole_number(baseline, 1, "The baseline")
    series = in_time_order(value, groups, when=when)
    _, number = floats(series.values, out_of)
    return _Rows(series, series.values, number[series.order], series.baseline(baseline))


def _replaced(rows: _Rows, value: Floats) -> _Rows:
    return _Rows(rows.series, value, rows.out_of, rows.counted)


def _shares(
    events: Floats, out_of: Floats, groups: ArrayLike | None, when: ArrayLike | None, baseline: int | None
) -> tuple[_Rows, Floats]:
    """Values events / out_of, and the centre: all events over all they are out of. Nothing out of 0 is missing."""
    known = np.isfinite(events) & (out_of > 0)
    rows = _rows(
        np.where(known, events, np.nan), np.where(out_of > 0, out_of, np.nan), groups, when, baseline
    )
    series, counted = rows.series, rows.counted & ~np.isnan(rows.value)
    total, number = (series.total(np.where(counted, x, 0.0)) for x in (rows.value, rows.out_of))
    centre = np.divide(total, number, out=np.full(total.size, np.nan), where=number > 0)
    return _replaced(rows, rows.value / rows.out_of), series.spread(centre)


def _rates(events: ArrayLike, out_of: ArrayLike) -> tuple[Floats, Floats]:
    count, number = floats(numbers(events), out_of)
    _not_negative(count, number)
    return count, number


def _not_negative(*counts: Floats) -> None:
    if any(bool((count < 0).any()) for count in counts):
        raise YourCommand("A count is below 0.", remedy="Check the rows it comes from.")


def _binomial(rows: _Rows, centre: Floats) -> Floats:
    return np.sqrt(centre * (1 - centre) / rows.out_of)


def _poisson(rows: _Rows, centre: Floats) -> Floats:
    return np.sqrt(centre / rows.out_of)


def _laney(rows: _Rows, centre: Floats, spread: Floats, *, screen: bool) -> Floats:
    """The spread times that of the standardised values; as it is where it is 0."""
    score = np.divide(rows.value - centre, spread, out=np.full(spread.size, np.nan), where=spread > 0)
    return np.where(spread == 0, 0.0, spread * _spread_of_ranges(rows, score, screen=screen))


def _spread_of_ranges(rows: _Rows, value: Floats, *, screen: bool) -> Floats:
    """Standard deviation by the average moving range of the baseline, for each row."""
    ranges = rows.series.moving_ranges(rows.base(value))
    return rows.series.spread(average_range(rows.series, ranges, screen=screen)) / D2


def _chart(
    rows: _Rows,
    centre: Floats,
    spread: Floats,
    multiplier: float,
    *,
    floor: float = 0,
    ceiling: float = np.inf,
    shown: Floats | None = None,
) -> ControlChart:
    """Limits at 3 and 2 spreads, kept within what the figure can be; the line `shown` may be another than theirs."""
    upper, upper_warning = (np.minimum(centre + by * spread, ceiling) for by in (3, 2))
    lower, lower_warning = (np.maximum(centre - by * spread, floor) for by in (3, 2))
    line = centre if shown is None else shown
    lines = (rows.value, line, lower, upper, lower_warning, upper_warning)
    return _scaled(rows.series, lines, multiplier)


def _scaled(series: Series, lines: tuple[Floats, ...], multiplier: float) -> ControlChart:
    """The chart of lines in sorted order: value, centre, lower, upper and the two warnings."""
    value, _, lower, upper, _, _ = lines
    outside = (value > upper) | (value < lower)
    return ControlChart(series.back(outside), *(series.back(line * multiplier) for line in lines))
