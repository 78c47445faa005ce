"""Did the changed places leave their own path? Without a comparison, so anything else of that month counts
too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.autocorrelation import fit_ar1, limits_over_rho
from joinedup.stats.change import Aim, Change, reach_of
from joinedup.stats.panels import Panel, panel_of

FEWEST = 8
"""Months before and after from which on a path and a step can be told apart."""
CONFOUNDED = "Fewer than {} months before or after the change."


@dataclass(frozen=True)
class InterruptedTimeSeries(Change):
    """A `Change` against a series' own level, trend and season: `effect` is the step.

    `observed`, `fitted` and `without` are log odds by month, shape (groups, months): as they were, as the model
    has them, and as they would have gone on; NaN where not told. `months` as numpy months.
    """

    months: NDArray[np.datetime64]
    observed: Floats
    fitted: Floats
    without: Floats
    rho: Floats
    standard_error: Floats
    freedom: Floats


def interrupted_time_series(
    x: ArrayLike,
    n: ArrayLike,
    *,
    place: ArrayLike,
    month: ArrayLike,
    changed: Mapping[Any, Any],
    aim: Aim,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> InterruptedTimeSeries:
    """The step in the changed places together, beside a straight trend and a season of two yearly waves.

    Log odds of their summed counts by month; generalised least squares with AR(1) errors by REML (Cooper and
    Thompson 1977; Turner et al. 2021, where REML held its size best on short series), t limits. The
    autocorrelation is itself uncertain: see `fit_ar1`. A month that one of the places did not tell is left out,
    since the others alone are a different mix. Raises YourCommand as `panel_of` does, and where places changed
    at different times.
    """
    panel = panel_of(x, n, place=place, month=month, changed=changed, groups=groups)
    if panel.starts.size > 1:
        raise YourCommand("The places changed at different times.", remedy="Look at each start by itself.")
    design = season_and_step(panel)
    observed = together(panel)
    enough = _enough(panel, observed)
    series = np.where(enough[:, None], observed, np.nan)
    fit = fit_ar1(series, design)
    freedom = np.where(enough, fit.freedom, 0)
    effect = np.where(freedom > 0, fit.coefficients[:, 0], np.nan)
    error = np.sqrt(fit.covariance[:, 0, 0])
    width, visible = reach_of(error, freedom, confidence)
    lower, upper = limits_over_rho(series, design, 0, confidence)
    fitted = np.where(np.isfinite(observed) & (freedom > 0)[:, None], fit.coefficients @ design.T, np.nan)
    return InterruptedTimeSeries(
        labels=panel.groups.labels,
        method="interrupted time series",
        effect=effect,
        lower=lower,
        upper=upper,
        smallest_visible=visible * (upper - lower) / (2 * width),
        before=panel.before,
        aim=aim,
        confidence=confidence,
        note=tuple("" if known else CONFOUNDED.format(FEWEST) for known in enough),
        months=np.arange(panel.first, panel.first + panel.length).astype("datetime64[M]"),
        observed=observed,
        fitted=fitted,
        without=fitted - effect[:, None] * design[:, 0],
        rho=fit.rho,
        standard_error=error,
        freedom=freedom,
    )


def season_and_step(panel: Panel) -> Floats:
    """Columns step, level, trend a year, and waves of twelve and six months: shape (months, 7)."""
    month = np.arange(panel.length)
    turn = 2 * np.pi * panel.calendar / 12
    waves = [wave(k * turn) for k in (1, 2) for wave in (np.cos, np.sin)]
    step = (month >= panel.starts[0]).astype(float)
    return np.stack([step, np.ones(panel.length), (month - month.mean()) / 12, *waves], axis=1)


def together(panel: Panel) -> Floats:
    """Log odds of the changed places' summed counts, (groups, months); NaN where one of them is missing."""
    x, n = (counts[:, panel.changed].sum(axis=1) for counts in (panel.x, panel.n))
    return np.asarray(np.log((x + 0.5) / (n - x + 0.5)), dtype=np.float64)


def _enough(panel: Panel, observed: Floats) -> NDArray[np.bool_]:
    told = np.isfinite(observed)
    start = panel.starts[0]
    sides = (told[:, :start].sum(axis=1), told[:, start:].sum(axis=1))
    return np.asarray(np.minimum(*sides) >= FEWEST)
