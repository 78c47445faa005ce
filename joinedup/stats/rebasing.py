"""Where charts start new limits: marked by a person, or suggested to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.groups import groups_of
from joinedup.stats.series import Flags, Series, Whole, in_time_order, signs, whole_number
from joinedup.stats.xmr import FEWEST, LIMITS, xmr_levels


def rebase_rows(
    when: ArrayLike,
    at: ArrayLike,
    groups: ArrayLike | None = None,
    of: ArrayLike | None = None,
    *,
    must_exist: bool = True,
) -> Flags:
    """True on each row whose time is in `at`, to be given to `xmr_chart` as `rebase`.

    `of` names the series that each time in `at` is for; without it every series is rebased there. Raises
    YourCommand for a time at which there is no row, as nothing would be rebased there; `must_exist=False` lets it
    pass, as NHSRplotthedots does.
    """
    times, wanted = np.asarray(when), np.atleast_1d(np.asarray(at))
    if of is None:
        found, used = np.isin(times, wanted), np.isin(wanted, times)
    else:
        together = np.concatenate([times, wanted])
        labels = groups_of(np.concatenate([np.asarray(groups), np.atleast_1d(np.asarray(of))]), together.size)
        keys = groups_of(together, together.size).codes * labels.count + labels.codes
        rows, pairs = keys[: times.size], keys[times.size :]
        found, used = np.isin(rows, pairs), np.isin(pairs, rows)
    if must_exist and not bool(used.all()):
        raise YourCommand(
            f"There is no row at {wanted[~used][0]}, so nothing would be rebased there.",
            remedy="Give the time of the first point of the new level.",
        )
    return found


@dataclass(frozen=True)
class RebaseSuggestion:
    """Rows at which a person might rebase: place of the row, its series, and the mean of the stretch before it and
    from it on."""

    row: Whole
    group: NDArray[Any]
    before: Floats
    after: Floats


def suggest_rebase(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    rebase: ArrayLike | None = None,
    shift_points: int = 7,
    fewest: int = FEWEST,
) -> RebaseSuggestion:
    """Where each stretch has most plainly moved to a new level; at most one row a stretch. It changes no chart.

    The rule is ours. A row qualifies when it starts `shift_points` or more points that all lie on one side of the mean
    of the stretch, when the means of the points before it and from it on are more than two thirds of a process limit
    apart (1.77 average moving ranges), and when both parts have `fewest` points. Of several the one with the largest
    move is given. Making Data Count rebases only where a person knows the cause and says so.
    """
    whole_number(fewest, 2, "The points on each side")
    whole_number(shift_points, 2, "The points of a shift")
    series = in_time_order(values, groups, when=when, rebase=rebase)
    mean, average = xmr_levels(series, None, screen=True, flat_limits=True)
    before, after, enough = _sides(series, fewest)
    side = signs(series.values - series.spread(mean))
    starts = series.first | (series.steps(side.astype(np.float64)) != 0)
    move = np.abs(after - before)
    with np.errstate(invalid="ignore"):
        far = move > 2 / 3 * LIMITS * series.spread(average)
    qualifies = starts & (side != 0) & (series.run_lengths(side) >= shift_points) & enough & far
    places = _largest(series, np.where(qualifies, move, -1.0))
    return RebaseSuggestion(
        series.order[places], series.groups.labels[series.groups.codes[series.order[places]]],
        before[places], after[places],
    )  # fmt: skip


def _sides(series: Series, fewest: int) -> tuple[Floats, Floats, Flags]:
    """Mean of the points of a stretch before each row and from it on, and whether both have enough points."""
    there = ~np.isnan(series.values)
    level = series.spread(series.centre(series.values))
    moved = np.where(there, series.values - level, 0.0)
    found = []
    for what in (there.astype(np.float64), moved):
        total = np.cumsum(what)
        upto = total - what - series.spread((total - what)[series.starts])
        found.append((upto, series.spread(series.total(what)) - upto))
    (n_before, n_after), (sum_before, sum_after) = found
    with np.errstate(invalid="ignore", divide="ignore"):
        before, after = level + sum_before / n_before, level + sum_after / n_after
    return before, after, (n_before >= fewest) & (n_after >= fewest)


def _largest(series: Series, move: Floats) -> Whole:
    """Place of the largest move in each stretch, where one qualifies (is above 0); the first of equal ones."""
    largest = series.spread(np.maximum.reduceat(move, series.starts))
    places = np.flatnonzero((move == largest) & (move > 0))
    _, one = np.unique(series.stretch[places], return_index=True)
    return np.asarray(places[one])
