"""Theil index and mean log deviation between subgroups, by the WHO's definitions (Schlotheuber and Hosseinpoor
2022; limits: Ahn et al. 2018, JCO Clin Cancer Inform 2:1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joinedup.stats.arrays import Floats
from joinedup.stats.who_subgroups import Inequality, Subgroups, subgroups_of

TIMES = 1000
"""Both indices are read in thousandths."""


def theil_index(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    zero_as: float = 0.0,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    as_healthequal: bool = False,
) -> Inequality:
    """1000 Σ p r ln r, with p the share of people and r the estimate over the mean: more weight to those far above.

    An estimate of 0 adds nothing, and leaves no limits (their logarithm has no slope there); healthequal takes it as
    0.000001 (`zero_as`). That package also leaves the standard error in units while the index is in thousandths, so
    that its limits are a thousand times too narrow: `as_healthequal` does the same, to compare.
    Below 0 there is no index: NaN. Raises YourCommand as `subgroups_of` does.
    """
    sub, relative = _relative(estimates, population, standard_error, zero_as, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(relative)
        parts = np.where(relative == 0, 0.0, relative * logarithm)
        index = sub.settings.total(sub.share * parts)
        slopes = sub.share * (logarithm - sub.settings.spread(index))
        return _in_thousandths(sub, index, slopes, confidence, as_healthequal)


def mean_log_deviation(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    zero_as: float = 0.0,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    as_healthequal: bool = False,
) -> Inequality:
    """-1000 Σ p ln r: more weight to those far below the mean. Infinite where an estimate is 0, unless `zero_as`.

    The other arguments are those of `theil_index`.
    """
    sub, relative = _relative(estimates, population, standard_error, zero_as, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = -sub.settings.total(sub.share * np.log(relative))
        slopes = sub.share * (1 - 1 / relative)
        return _in_thousandths(sub, index, slopes, confidence, as_healthequal)


def _relative(
    estimates: ArrayLike,
    population: ArrayLike | None,
    standard_error: ArrayLike | None,
    zero_as: float,
    groups: ArrayLike | None,
) -> tuple[Subgroups, Floats]:
    values = np.asarray(estimates, np.float64)
    values = np.where(values == 0, zero_as, values)
    sub = subgroups_of(values, population=population, standard_error=standard_error, groups=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        return sub, sub.estimate / sub.settings.spread(sub.mean)


def _in_thousandths(
    sub: Subgroups, index: Floats, slopes: Floats, confidence: float, as_healthequal: bool
) -> Inequality:
    moved = slopes * sub.error / sub.settings.spread(sub.mean)
    error = np.sqrt(sub.settings.total(moved**2)) * (1 if as_healthequal else TIMES)
    return sub.measured(TIMES * index, np.where(np.isfinite(error), error, np.nan), confidence)
