"""Two subgroups compared: difference and ratio; and everyone compared with the best: population attributable risk
and fraction. By the WHO's definitions (Schlotheuber and Hosseinpoor 2022, Int J Environ Res Public Health 19:3697)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.who_subgroups import Inequality, Subgroups, subgroups_of


def subgroup_difference(
    estimates: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    favourable: ArrayLike = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """One subgroup's estimate less another's, in the units of the estimate.

    With `order` (1 = most disadvantaged): last less first where higher is better (`favourable`), first less last
    where it is worse. Without: highest less lowest; with a `reference` (true in its row) the reference less the
    lowest of the others, or the highest of the others less the reference. Limits are normal. A missing end gives
    NaN. Raises YourCommand as `subgroups_of` does.
    """
    sub, above, below = _ends(estimates, standard_error, order, reference, favourable, groups)
    first, second = sub.at(sub.estimate, above), sub.at(sub.estimate, below)
    error = np.hypot(sub.at(sub.error, above), sub.at(sub.error, below))
    return sub.measured(first - second, error, confidence)


def subgroup_ratio(
    estimates: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    favourable: ArrayLike = True,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """The same two subgroups as a ratio. Limits and `standard_error` are those of the logarithm (Ahn 2018).

    Over 0 it is infinite, without limits. Raises YourCommand as `subgroups_of` does.
    """
    sub, above, below = _ends(estimates, standard_error, order, reference, favourable, groups)
    first, second = sub.at(sub.estimate, above), sub.at(sub.estimate, below)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = first / second
        error = np.hypot(sub.at(sub.error, above) / first, sub.at(sub.error, below) / second)
        error = np.where((first > 0) & (second > 0), error, np.nan)
        reach = np.exp(upper_tail_z(confidence) * error)
        return sub.limited(ratio, error, ratio / reach, ratio * reach)


def population_attributable_risk(
    estimates: ArrayLike,
    population: ArrayLike,
    *,
    order: ArrayLike | None = None,
    favourable: ArrayLike = True,
    scale: ArrayLike = 1.0,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """How far the mean would move if every subgroup did as well as the best, in the units of the estimate.

    The best is the last in `order`; without one the highest (`favourable`) or the lowest. Never the wrong way: 0
    where the mean is already better. `scale` is what the estimate is out of (100: per cent); the standard error is
    that of counts of people (Walter 1978 Int J Epidemiol 7:175), so it needs no errors of the estimates.
    """
    sub, gain, error = _attributable(estimates, population, order, favourable, scale, groups)
    return sub.measured(gain, error * np.abs(sub.mean), confidence)


def population_attributable_fraction(
    estimates: ArrayLike,
    population: ArrayLike,
    *,
    order: ArrayLike | None = None,
    favourable: ArrayLike = True,
    scale: ArrayLike = 1.0,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    as_healthequal: bool = False,
) -> Inequality:
    """The population attributable risk as a percentage of the mean.

    The R package healthequal 1.0.1 prints the percentage with the standard error of the fraction, so that its
    limits are a hundred times too narrow: `as_healthequal` does the same, to compare.
    """
    sub, gain, error = _attributable(estimates, population, order, favourable, scale, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = 100 * gain / sub.mean
    return sub.measured(fraction, error * (1 if as_healthequal else 100), confidence)


def _ends(
    estimates: ArrayLike,
    standard_error: ArrayLike | None,
    order: ArrayLike | None,
    reference: ArrayLike | None,
    favourable: ArrayLike,
    groups: ArrayLike | None,
) -> tuple[Subgroups, NDArray[np.intp], NDArray[np.intp]]:
    """Subgroups and, for each setting, the rows that are compared: the first less (or over) the second."""
    sub = subgroups_of(
        estimates,
        standard_error=standard_error,
        order=order,
        reference=reference,
        favourable=favourable,
        groups=groups,
        fewest=1,
        whole=order is None,
    )
    better = sub.settings.total(sub.favourable) > 0
    if order is not None:
        last, first = sub.first_by(sub.order), sub.first_by(-sub.order)
        return sub, np.where(better, last, first), np.where(better, first, last)
    # the reference is compared with another, even where it is itself the lowest or highest
    others = np.where(sub.reference, -np.inf, 0.0)
    highest, lowest = sub.first_by(sub.estimate + others), sub.first_by(others - sub.estimate)
    marked = sub.first_by(sub.reference.astype(np.float64))
    has_mark = sub.settings.total(sub.reference) > 0
    return sub, np.where(has_mark & better, marked, highest), np.where(has_mark & ~better, marked, lowest)


def _attributable(
    estimates: ArrayLike,
    population: ArrayLike,
    order: ArrayLike | None,
    favourable: ArrayLike,
    scale: ArrayLike,
    groups: ArrayLike | None,
) -> tuple[Subgroups, Floats, Floats]:
    """Subgroups, the gain, and the standard error of the gain as a share of the mean."""
    sub = subgroups_of(
        estimates, population=population, order=order, favourable=favourable, scale=scale, groups=groups
    )
    better = sub.settings.total(sub.favourable) > 0
    best = sub.settings.spread(np.where(better, 1.0, -1.0)) * sub.estimate
    row = sub.first_by(sub.order if order is not None else best, sub.people)
    target, scales = sub.at(sub.estimate, row), sub.at(sub.scale, row)
    gain = np.where(better, 1.0, -1.0) * np.maximum(np.where(better, 1.0, -1.0) * (target - sub.mean), 0)
    everyone, people = sub.settings.total(sub.people), sub.at(sub.people, row)
    inside = target / scales * people
    outside = sub.mean / scales * everyone - inside
    return sub, gain, _walter(outside, everyone - outside - people, inside, people - inside)


def _walter(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Standard error of an attributable fraction, from those with and without the event elsewhere (a, b) and in
    the best subgroup (c, d)."""
    everyone = a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = c * everyone * (a * d * (everyone - c) + b * c**2) / ((a + c) ** 3 * (c + d) ** 3)
        return np.sqrt(inside)
