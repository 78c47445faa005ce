"""Did the places that changed move away from those that did not? One number for each place, compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.stats.arrays import Floats
from joinedup.stats.autocorrelation import Autoregression, fit_ar1
from joinedup.stats.change import Aim, Change, reach_of
from joinedup.stats.panels import Panel, panel_of

TREND_LIMIT = 0.1
"""Difference of the trends before, in standard deviations of a month a year, above which each place gets its
own trend. 0.3 was tried first: with autocorrelation 0.5 a drift of 0.4 slipped through often enough for 10% false
alarms; at 0.1 they were 3 to 5%, for a larger smallest visible effect. Where one place changed, see `_drift`."""
TREND_BEYOND_DOUBT = 3.0
"""The same where one place changed: a trend that no drift explains."""
DRIFT = 0.3
"""Standard deviation of places' own trends where nothing is done, in standard deviations of a month a year."""
MEMORY = 2.0
"""How many times a month that remembers the one before it counts for less in a trend: autocorrelation of a third."""
FEWEST_FOR_TREND = 12
"""Months before the change from which on trends can be compared."""

Bools = NDArray[np.bool_]
EVERY: Bools = np.ones(1, bool)
"""Chooses all."""


@dataclass(frozen=True)
class DifferenceInDifferences(Change):
    """A `Change` against places that did not change. Further arrays by group (and place).

    `of_places` (groups, places) is the one number of each place; NaN for places left out, which `used` names.
    `trend_difference` is that of the trends before, in standard deviations of a month a year; `with_trends`
    says where each place was given its own in full. `rho` is the autocorrelation from month to month. `freedom` and
    `standard_error` (2, groups) are those of the comparison of places, and of months with AR(1).
    """

    places: NDArray[Any]
    of_places: Floats
    trend_difference: Floats
    with_trends: Bools
    rho: Floats
    standard_error: Floats
    freedom: Floats

    @property
    def used(self) -> tuple[tuple[str, ...], ...]:
        """Names of the places that count, by group."""
        return tuple(tuple(str(p) for p in self.places[row]) for row in np.isfinite(self.of_places))


def difference_in_differences(
    x: ArrayLike,
    n: ArrayLike,
    *,
    place: ArrayLike,
    month: ArrayLike,
    changed: Mapping[Any, Any],
    aim: Aim,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> DifferenceInDifferences:
    """How much further the changed places moved than the others, from counts `x` out of `n` by month.

    For each place the change of its log odds between the same calendar months before and after, less what the
    unchanged places did in those months; then the mean of the changed less that of the others (Donald and Lang
    2007: with few places, the place is the unit). Limits are the wider of Student's t between places (6
    degrees of freedom for 8) and of AR(1) errors by month, each place with its own noise. Where trends before
    differ by more than 0.1 SD a year, each place is given its own trend. Where one place alone changed, its trend
    before is hard to tell from the drift that every place has: up to 3 SD a year trends are shrunk by ridge regression,
    and the drift that may be left is in the limits.

    `changed`: place -> first month; places may change at different times. `groups`: several measures at once.
    A month without counts is left out for its place. Raises YourCommand as `panel_of` and `Aim` do.
    """
    panel = panel_of(x, n, place=place, month=month, changed=changed, groups=groups)
    moved = panel.log_odds - _common(panel)[:, None, :]
    difference = _trend_difference(panel, moved)
    drift = _drift(panel, difference)
    with_trends = np.abs(difference) > np.where(drift > 0, TREND_BEYOND_DOUBT, TREND_LIMIT)
    weights = _weights(panel, moved, with_trends, drift)
    of_places = np.where(
        np.isnan(weights).any(axis=2), np.nan, np.nansum(weights * np.nan_to_num(moved), axis=2)
    )
    effect, between = _compared(panel, of_places)
    fits = [_monthly(panel, moved, with_trends | (drift > 0), apart=apart) for apart in (False, True)]
    errors = np.stack([between, np.fmax(*(_monthly_error(panel, fit, weights, drift) for fit in fits))])
    freedom = _freedom(panel, of_places, fits[0])
    widths, visible = reach_of(errors, freedom, confidence)
    width = np.fmax(*widths)
    return DifferenceInDifferences(
        labels=panel.groups.labels,
        method="difference in differences",
        effect=effect,
        lower=effect - width,
        upper=effect + width,
        smallest_visible=np.fmax(*visible),
        before=panel.before,
        aim=aim,
        confidence=confidence,
        note=_notes(effect, difference, with_trends, drift),
        places=panel.places,
        of_places=of_places,
        trend_difference=difference,
        with_trends=with_trends,
        rho=fits[0].rho.reshape(of_places.shape)[:, 0],
        standard_error=errors,
        freedom=freedom,
    )


def mean_of(values: Floats, chosen: Bools, axis: int) -> Floats:
    """Mean of the chosen values that are known along an axis; NaN where there is none."""
    known = chosen & np.isfinite(values)
    number = known.sum(axis=axis)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0.0).sum(axis=axis) / np.where(number, number, np.nan))


def _common(panel: Panel) -> Floats:
    """What the unchanged places did in each month, beside their levels: shape (groups, months).

    Levels and months are fitted in turn, so that a place that misses a month does not shift it.
    """
    others = ~panel.changed[:, None]
    months = np.zeros((len(panel.x), panel.length))
    for _ in range(30):
        levels = mean_of(panel.log_odds - months[:, None, :], EVERY, axis=2)
        months = mean_of(panel.log_odds - levels[:, :, None], others, axis=1)
    return months


def _trend_difference(panel: Panel, moved: Floats) -> Floats:
    """Trend of the changed places before, less that of the others, in SD of a month a year: (groups,).

    NaN where fewer than 12 months before are known.
    """
    month = np.arange(panel.length, dtype=float)
    until = np.where(panel.changed, panel.start, panel.starts.min())
    early = month < until[:, None]
    centred = month - mean_of(np.where(np.isfinite(moved), month, np.nan), early, axis=2)[..., None]
    known = early & np.isfinite(moved)
    u = np.where(known, moved - mean_of(moved, early, axis=2)[..., None], 0.0)
    centred = np.where(known, centred, 0.0)
    number, spread = known.sum(axis=2), (centred**2).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(number >= FEWEST_FOR_TREND, (centred * u).sum(axis=2) / spread, np.nan)
        left = ((u - slope[..., None] * centred) ** 2).sum(axis=2) / (number - 2)
        # a series without any noise has a spread of 0; its trends are then compared with next to nothing
        sd = 1e-9 + np.sqrt(mean_of(left, panel.changed, 1) / 2 + mean_of(left, ~panel.changed, 1) / 2)
        return np.asarray(12 * (mean_of(slope, panel.changed, 1) - mean_of(slope, ~panel.changed, 1)) / sd)


def _drift(panel: Panel, difference: Floats) -> Floats:
    """Variance of the drift to be reckoned with where one place changed, in squared SD a year, (groups,); else 0.

    That of any place, and by how much the square of the difference before is beyond its own chance.
    """
    if panel.changed.sum() != 1:
        return np.zeros(len(difference))
    before = np.arange(int(panel.starts.min())) / 12
    spread = np.maximum(((before - before.mean()) ** 2).sum(), 1e-9)
    chance = MEMORY * (1 + 1 / np.maximum((~panel.changed).sum(), 1)) / spread
    return np.asarray(DRIFT**2 + np.maximum(np.nan_to_num(difference) ** 2 - chance, 0))


def _designs(panel: Panel) -> tuple[Floats, Floats, Floats]:
    """Columns with the step first, for each start: season; season and trend; trend only. (starts, months, p).

    Calendar months that lie on one side only take a coefficient of their own and say nothing of the step.
    """
    month = np.arange(panel.length)
    step = (month >= panel.starts[:, None]).astype(float)[..., None]
    shape = (*step.shape[:2], 1)
    trend = np.broadcast_to(((month - month.mean()) / 12)[:, None], shape)
    season = np.broadcast_to(np.eye(12)[panel.calendar], (*step.shape[:2], 12))
    return (
        np.concatenate([step, season], axis=2),
        np.concatenate([step, season, trend], axis=2),
        np.concatenate([step, np.ones(shape), trend], axis=2),
    )


def _step_weights(design: Floats, told: Bools) -> Floats:
    """Weights of the months in the least squares step, (starts, rows, months); NaN where it cannot be told."""
    patterns, which = np.unique(told, axis=0, return_inverse=True)
    masked = design[:, None] * patterns[None, :, :, None]
    weights = np.linalg.pinv(masked)[..., 0, :]
    own = np.einsum("spt,sptk->spk", weights, masked)
    own[..., 0] -= 1
    weights[np.abs(own).max(axis=2) > 1e-7] = np.nan
    return np.asarray(weights[:, which.ravel()])


def _weights(panel: Panel, moved: Floats, with_trends: Bools, drift: Floats) -> Floats:
    """Weights of the months in the number of each place: its own start's, for the others the mean over starts.

    (groups, places, months), NaN for a place without calendar months on both sides.
    """
    told = np.isfinite(moved).reshape(-1, panel.length)
    shape = (len(panel.starts), *moved.shape)
    season, both, trend = (_step_weights(design, told).reshape(shape) for design in _designs(panel))
    if drift.any():
        season = _shrunk(panel, season, both, drift)
    found = np.where(with_trends[:, None, None], np.where(np.isnan(both), trend, both), season)
    own = found[np.searchsorted(panel.starts, panel.start[panel.changed]), :, panel.changed]
    weights = np.empty_like(moved)
    weights[:, panel.changed] = np.swapaxes(own, 0, 1)
    starts = np.equal.outer(panel.start[panel.changed], panel.starts).astype(float)
    unknown = np.isnan(own).any(axis=2, keepdims=True)
    share = mean_of(np.where(unknown, np.nan, starts[:, None, :]), EVERY, 0)
    weights[:, ~panel.changed] = np.einsum("gs,sgct->gct", share, found[:, :, ~panel.changed])
    return weights


def _shrunk(panel: Panel, season: Floats, both: Floats, drift: Floats) -> Floats:
    """Weights of the step beside a trend that is shrunk as its variance `drift` (groups,) says: ridge regression.

    They lie between those without trends, `season`, and those with them, `both`: (starts, groups, places, months).
    """
    away = both - season
    with np.errstate(invalid="ignore", divide="ignore"):
        told = _tilt(panel, season) ** 2 / (away**2).sum(axis=3)
        share = np.nan_to_num(told / (told + MEMORY / drift[:, None]))
    return np.asarray(np.where(np.isnan(away), season, season + share[..., None] * np.nan_to_num(away)))


def _tilt(panel: Panel, weights: Floats) -> Floats:
    """What a trend of 1 a year adds to a number with these weights (..., months)."""
    return np.asarray(weights @ (np.arange(panel.length) / 12))


def _compared(panel: Panel, of_places: Floats) -> tuple[Floats, Floats]:
    """Mean of the changed less that of the others, and its standard error with one spread: (groups,)."""
    means = [mean_of(of_places, chosen, 1) for chosen in (panel.changed, ~panel.changed)]
    number = _numbers(panel, of_places)
    away = of_places - np.where(panel.changed, means[0][:, None], means[1][:, None])
    freedom = number.sum(axis=0) - 2
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.nansum(away**2, axis=1) / np.where(freedom > 0, freedom, np.nan)
        return means[0] - means[1], np.sqrt(variance * (1 / number).sum(axis=0))


def _numbers(panel: Panel, of_places: Floats) -> NDArray[np.intp]:
    """Changed and other places that count, shape (2, groups)."""
    known = np.isfinite(of_places)
    return np.stack([known[:, panel.changed].sum(axis=1), known[:, ~panel.changed].sum(axis=1)])


def _monthly(panel: Panel, moved: Floats, with_trends: Bools, *, apart: bool) -> Autoregression:
    """AR(1) fit of every place, one autocorrelation for a group: level, year, step of the changed, trend if
    used. The common season has been taken off; what is left of a place's own is a yearly wave.

    `apart` gives the changed places an autocorrelation of their own. Both are tried and the wider limits kept:
    counts of a small place hide its memory, and one borrowed from it gave 14% false alarms in a noisier place.
    """
    month = np.arange(panel.length)
    step = ((month >= panel.start[:, None]) & panel.changed[:, None]).astype(float)
    turn = 2 * np.pi * panel.calendar / 12
    trend = with_trends[:, None, None] * ((month - month.mean()) / 12)
    columns = np.broadcast_arrays(moved, 1.0, np.cos(turn), np.sin(turn), step, trend)[1:]
    design = np.stack(columns, axis=3).reshape(-1, panel.length, 5)
    pools = 2 * np.arange(len(moved))[:, None] + (apart & panel.changed)
    _, pools = np.unique(pools, return_inverse=True)
    return fit_ar1(moved.reshape(-1, panel.length), design, pools.ravel())


def _monthly_error(panel: Panel, fit: Autoregression, weights: Floats, drift: Floats) -> Floats:
    """Standard error of the comparison from the months: every place with its own noise and drift, (groups,)."""
    used = ~np.isnan(weights).any(axis=2)
    number = _numbers(panel, np.where(used, 0.0, np.nan))
    variance = np.where(used, (fit.sd**2).reshape(used.shape), np.nan)
    others = number[1] / np.maximum(number[1] - 1, 1)
    # The months of the others were taken off every place: a changed one carries a share of their noise too.
    noise = mean_of(variance, ~panel.changed, 1) * others
    own = np.maximum(variance - (noise / np.maximum(number[1], 1))[:, None], 0)
    variance = np.where(panel.changed, own, variance * others[:, None])
    weights = np.nan_to_num(weights)
    each = _quadratic(weights, fit.rho.reshape(used.shape)) + drift[:, None] * _tilt(panel, weights) ** 2
    each *= variance
    parts = [np.nansum(each[:, side], axis=1) for side in (panel.changed, ~panel.changed)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(parts[0] / number[0] ** 2 + parts[1] / number[1] ** 2))


def _quadratic(weights: Floats, rho: Floats) -> Floats:
    """w'Rw of weights (groups, places, months), where months k apart correlate by rho^k: (groups, places)."""
    lag = np.abs(np.subtract.outer(np.arange(weights.shape[2]), np.arange(weights.shape[2])))
    correlation = rho[..., None, None] ** lag
    return np.asarray((weights[..., None, :] @ correlation @ weights[..., None])[..., 0, 0])


def _freedom(panel: Panel, of_places: Floats, fit: Autoregression) -> Floats:
    """Degrees of freedom of the two standard errors, shape (2, groups)."""
    known = np.isfinite(of_places) & panel.changed
    months = np.where(known, fit.freedom.reshape(known.shape), 0.0).sum(axis=1) - 1
    return np.stack([_numbers(panel, of_places).sum(axis=0) - 2.0, months])


def _notes(effect: Floats, difference: Floats, with_trends: Bools, drift: Floats) -> tuple[str, ...]:
    said = [
        "No place has the same calendar months before and after the change.",
        "Fewer than 12 months before: their trends could not be compared.",
        "Trends before differed, so each place has its own.",
        "Trends before differed; they are allowed for as far as the months before tell them.",
    ]
    beyond = drift > DRIFT**2
    at = np.select([np.isnan(effect), np.isnan(difference), with_trends, beyond], [0, 1, 2, 3], 4)
    return tuple([*said, ""][k] for k in at)
