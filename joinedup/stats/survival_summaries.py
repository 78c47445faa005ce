"""What a curve of waits says in a number: the share still waiting at a time, the time by which a share has
been seen, and the mean wait up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats, upper_tail_z
from joinedup.stats.risk_sets import rows_at, running
from joinedup.stats.survival import Steps, SurvivalCurves

SAME_SHARE = 1.5e-8
"""Shares nearer than this are one: a product of fractions seldom hits one half exactly. As in R survival."""


@dataclass(frozen=True)
class CurveSummary:
    """`value`, `lower`, `upper` of shape (groups, asked), for what was asked, `at`; NaN where not reached."""

    labels: NDArray[Any]
    at: Floats
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class RestrictedMeans:
    """Mean time up to each of the horizons `at`, shape (groups, horizons), with its standard error and limits."""

    labels: NDArray[Any]
    at: Floats
    value: Floats
    std_error: Floats
    lower: Floats
    upper: Floats


def survival_at(curves: SurvivalCurves, times: ArrayLike) -> CurveSummary:
    """Share still waiting just after each time, with the curve's limits.

    Before the first step it is 1. NaN after the last time at which anybody was seen, unless the curve had
    come down to 0, and where the group is not seen yet.
    """
    asked = one_list(times)
    row = rows_at(curves.group, curves.time, curves.labels.size, asked)
    known = seen_at(curves, curves.survival, asked)
    found = [_taken(column, row, known) for column in (curves.survival, curves.lower, curves.upper)]
    return CurveSummary(curves.labels, asked, *found)


def survival_quantiles(curves: SurvivalCurves, probabilities: ArrayLike = 0.5) -> CurveSummary:
    """Time by which a share has ended: 0.5 the median wait, 0.92 the 92nd centile that NHS targets use.

    The first time at which the curve is at or below 1 - p, the middle of the step where it runs level exactly
    there; limits invert the limits of the curve (Brookmeyer and Crowley 1982). NaN where never reached.
    Raises YourCommand for probabilities outside 0 and 1.
    """
    shares = one_list(probabilities)
    if bool((~((shares > 0) & (shares < 1))).any()):
        raise YourCommand("A quantile is not between 0 and 1.", remedy="Write 0.92, not 92.")
    found = [
        np.stack([_first_at_or_below(curves, column, 1 - p) for p in shares], axis=1)
        if shares.size
        else np.empty((curves.labels.size, 0))
        for column in (curves.survival, curves.lower, curves.upper)
    ]
    known = [np.where(column >= curves.emptied_at[:, None], np.nan, column) for column in found]
    return CurveSummary(curves.labels, shares, *known)


def restricted_mean(curves: SurvivalCurves, horizons: ArrayLike) -> RestrictedMeans:
    """Mean of the time up to a horizon: the area under the curve from 0 to there (Irwin 1949).

    Variance: sum over steps of (area still to come)^2 d / (n (n - d)), of the steps that the curve uses.
    Normal limits, within 0 and the horizon. A group that is first seen later (`begins`) is taken as all there until
    then. NaN where nobody was followed as far as the horizon, unless the curve had come down to 0: nothing is
    drawn on beyond what was seen. Raises YourCommand for a horizon that is not above 0.
    """
    asked = one_list(horizons)
    if bool((~(asked > 0)).any()):
        raise YourCommand("A horizon is not above 0.", remedy="Give horizons in the unit of the times.")
    value, variance = np.empty((2, curves.labels.size, asked.size))
    for column, horizon in enumerate(asked):
        value[:, column], variance[:, column] = _area(curves, float(horizon))
    unseen = ~seen_at(curves, curves.survival, asked) | (curves.begins[:, None] >= asked)
    value[unseen] = variance[unseen] = np.nan
    error, z = np.sqrt(variance), upper_tail_z(curves.confidence)
    lower, upper = np.maximum(value - z * error, 0), np.minimum(value + z * error, asked)
    return RestrictedMeans(curves.labels, asked, value, error, lower, upper)


def restricted_mean_difference(
    first: RestrictedMeans, second: RestrictedMeans, confidence: float = 0.95
) -> RestrictedMeans:
    """Second less first, for independent curves of the same groups and horizons, with normal limits.

    Raises YourCommand where groups or horizons differ.
    """
    same = np.array_equal(first.labels, second.labels) and np.array_equal(first.at, second.at)
    if not same:
        raise YourCommand(
            "The two sets of means have other groups or horizons.", remedy="Compare like with like."
        )
    value = second.value - first.value
    error = np.hypot(first.std_error, second.std_error)
    spread = upper_tail_z(confidence) * error
    return RestrictedMeans(first.labels, first.at, value, error, value - spread, value + spread)


def one_list(values: ArrayLike) -> Floats:
    """Numbers asked for, shape (asked,). Raises YourCommand for a table."""
    (asked,) = floats(np.atleast_1d(np.asarray(values, dtype=np.float64)))
    if asked.ndim != 1:
        raise YourCommand("What is asked must be one list.", remedy="Give numbers in one list.")
    return asked


def seen_at(curves: Steps, survival: Floats, asked: Floats) -> NDArray[np.bool_]:
    """Whether each group was seen at each time asked, shape (groups, asked): from where it begins to its last
    step, or on and on where nobody is left; but not after it was emptied too early.
    """
    last = rows_at(curves.group, curves.time, curves.labels.size, np.array([np.inf]))
    end = np.append(curves.time, -np.inf)[last]
    ended = np.append(survival, 1.0)[last] == 0
    whole = ~(asked >= curves.emptied_at[:, None])
    return np.asarray((curves.begins[:, None] <= asked) & ((asked <= end) | ended) & whole)


def _taken(column: Floats, row: NDArray[np.intp], known: NDArray[np.bool_]) -> Floats:
    """The column at those rows; 1 before the first row; NaN where not known."""
    values = np.concatenate((column, [1.0]))[row]
    return np.where(known, values, np.nan)


def _first_at_or_below(curves: SurvivalCurves, column: Floats, share: float) -> Floats:
    with np.errstate(invalid="ignore"):
        start = _first_time(curves, column <= share + SAME_SHARE)
        after = _first_time(curves, column < share - SAME_SHARE)
        level = start == _first_time(curves, np.abs(column - share) <= SAME_SHARE)
    return np.where(level & np.isfinite(after), (start + after) / 2, start)


def _first_time(curves: SurvivalCurves, where: NDArray[np.bool_]) -> Floats:
    found = np.full(curves.labels.size, np.nan)
    rows = np.flatnonzero(where)[::-1]
    found[curves.group[rows]] = curves.time[rows]  # backwards, so that the first of each group stays
    return found


def _area(curves: SurvivalCurves, horizon: float) -> tuple[Floats, ...]:
    """Area under each curve up to the horizon, and its variance, shape (groups,)."""
    group, count = curves.group, curves.labels.size
    begin = np.minimum(curves.time, horizon)
    following = np.full(begin.size, horizon)
    following[:-1] = np.where(group[1:] == group[:-1], begin[1:], horizon)
    piece = curves.survival * (following - begin)
    # summed from the end: areas to come are small there, and differences of large ones would lose them
    to_come = running(np.add, piece[::-1], group[::-1])[::-1]
    staying = curves.at_risk - curves.used
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(staying > 0, to_come**2 * curves.used / (curves.at_risk * staying), 0.0)
    opening = np.where(np.concatenate(([True], group[1:] != group[:-1])), begin, 0.0)  # all there until then
    return tuple(
        np.bincount(group, weights=column, minlength=count).astype(np.float64)
        for column in (opening + piece, terms)
    )
