"""How far subgroups without an order lie apart: between-group variance, its root, coefficient of variation, index
of disparity and mean differences, by the WHO's definitions (Schlotheuber and Hosseinpoor 2022)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joinedup.stats.arrays import Floats
from joinedup.stats.who_subgroups import Inequality, Subgroups, subgroups_of

ROUNDING = 1e-12
"""Distances below this share of the centre are none."""


def between_group_variance(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Σ p (y - mean)², p the share of people: squared units of the estimate. Limits are normal, with the variance
    of Ahn et al. 2018 (JCO Clin Cancer Inform 2:1). Raises YourCommand as `subgroups_of` does.
    """
    sub = subgroups_of(estimates, population=population, standard_error=standard_error, groups=groups)
    return sub.measured(*_variance(sub), confidence)


def between_group_standard_deviation(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Root of the between-group variance, in the units of the estimate, with limits by the delta method. NaN limits
    where all are equal. The R peer simulates 100 draws instead.
    """
    sub = subgroups_of(estimates, population=population, standard_error=standard_error, groups=groups)
    variance, error = _variance(sub)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(variance > 0, error / (2 * np.sqrt(variance)), np.nan)
    return sub.measured(np.sqrt(variance), error, confidence, lowest=0.0)


def between_group_variation(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Coefficient of variation: the between-group standard deviation as a percentage of the mean. Limits by the
    delta method; NaN where all are equal or the mean is 0."""
    sub = subgroups_of(estimates, population=population, standard_error=standard_error, groups=groups)
    mean, deviation = sub.mean, np.sqrt(_variance(sub)[0])
    wide, middle = sub.settings.spread(deviation), sub.settings.spread(mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = sub.share * ((sub.estimate - middle) / (wide * middle) - wide / middle**2)
        found = 100 * deviation / mean
    error = np.where(deviation > 0, 100 * _delta(sub, slopes), np.nan)
    return sub.measured(found, error, confidence, lowest=0.0)


def index_of_disparity(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    weighted: bool = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Mean distance from the mean as a percentage of the mean; subgroups count by their people, or alike
    (`weighted` false; the mean stays that of people). Limits by the delta method, above 0."""
    sub = subgroups_of(estimates, population=population, standard_error=standard_error, groups=groups)
    distance, slopes = _distance(sub, sub.settings.spread(sub.mean), sub.share, weighted)
    middle = sub.settings.spread(sub.mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = slopes / middle - sub.settings.spread(distance) * sub.share / middle**2
        found = 100 * distance / sub.mean
    return sub.measured(found, 100 * _delta(sub, slopes), confidence, lowest=0.0)


def mean_difference_from_mean(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    weighted: bool = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Mean distance from the mean, in the units of the estimate. Limits by the delta method, above 0: too narrow
    where many subgroups lie at the mean itself."""
    sub = subgroups_of(estimates, population=population, standard_error=standard_error, groups=groups)
    distance, slopes = _distance(sub, sub.settings.spread(sub.mean), sub.share, weighted)
    return sub.measured(distance, _delta(sub, slopes), confidence, lowest=0.0)


def mean_difference_from_best(
    estimates: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    favourable: ArrayLike = True,
    weighted: bool = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Mean distance from the best subgroup: the highest where higher is better (`favourable`), else the lowest.

    Limits by the delta method take the best as known beforehand; picked by chance among many, it flatters itself.
    """
    sub = subgroups_of(
        estimates,
        population=population,
        standard_error=standard_error,
        favourable=favourable,
        groups=groups,
    )
    turned = np.where(sub.favourable, sub.estimate, -sub.estimate)
    return _from_one(sub, sub.first_by(turned), weighted, confidence)


def mean_difference_from_reference(
    estimates: ArrayLike,
    reference: ArrayLike,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    *,
    weighted: bool = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Mean distance from the reference subgroup (true in its row), in the units of the estimate. Limits by the
    delta method. NaN for a setting without a reference, or with one that has no estimate."""
    sub = subgroups_of(
        estimates,
        population=population,
        standard_error=standard_error,
        reference=reference,
        groups=groups,
    )
    row = np.where(
        sub.settings.total(sub.reference) == 1,
        sub.first_by(sub.reference.astype(np.float64)),
        sub.estimate.size,
    )
    return _from_one(sub, row, weighted, confidence)


def _variance(sub: Subgroups) -> tuple[Floats, Floats]:
    share, off = sub.share, _off(sub, sub.settings.spread(sub.mean))
    total = sub.settings.total
    moved = (share * sub.error) ** 2
    squared = 2 * (total(moved) ** 2 - total(moved**2) + total((1 - share) ** 2 * share**2 * sub.error**4))
    return total(share * off**2), np.sqrt(4 * total(moved * off**2) + squared)


def _off(sub: Subgroups, centre: Floats) -> Floats:
    """Distance from the centre; nothing where only rounding parts them."""
    off = sub.estimate - centre
    return np.where(np.abs(off) <= ROUNDING * np.abs(centre), 0.0, off)


def _from_one(sub: Subgroups, row: np.ndarray, weighted: bool, confidence: float) -> Inequality:
    centre = sub.settings.spread(sub.at(sub.estimate, row))
    one = (np.arange(sub.estimate.size) == sub.settings.spread(row)).astype(np.float64)
    distance, slopes = _distance(sub, centre, one, weighted)
    return sub.measured(distance, _delta(sub, slopes), confidence, lowest=0.0)


def _distance(sub: Subgroups, centre: Floats, pull: Floats, weighted: bool) -> tuple[Floats, Floats]:
    """Mean distance from a centre by setting, and how it moves with each estimate; `pull` is how the centre does."""
    weight = sub.share if weighted else 1 / sub.settings.spread(np.maximum(sub.settings.sizes, 1))
    off = _off(sub, centre)
    side = weight * np.sign(off)
    return sub.settings.total(weight * np.abs(off)), side - pull * sub.settings.spread(
        sub.settings.total(side)
    )


def _delta(sub: Subgroups, slopes: Floats) -> Floats:
    """Standard error of a measure from how it moves with each estimate; the estimates are independent."""
    return np.sqrt(sub.settings.total((slopes * sub.error) ** 2))
