"""Slope and relative index by the WHO's logistic line: not that of weighted least squares, and named apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.who_concentration import rank_of
from joinedup.stats.who_subgroups import Inequality, Subgroups, subgroups_of

STEPS = 60
"""Newton steps at most; an ordinary setting takes six."""
SETTLED = 1e-10
"""A step of the log-odds below which the line stands."""
LARGEST = 4.0
"""No step moves the log-odds further: with counts near 0 a full one overshoots."""


def logistic_slope_index(
    estimates: ArrayLike,
    population: ArrayLike,
    order: ArrayLike,
    *,
    scale: ArrayLike = 1.0,
    linear: bool = False,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> tuple[Inequality, Inequality]:
    """Slope index (top less bottom, in the units of the estimate) and relative index (top over bottom) of a
    logistic line through the subgroups, setting by setting (Schlotheuber and Hosseinpoor 2022; healthequal 1.0.1).

    `order` runs from the most disadvantaged; each subgroup stands at the middle of its share of people. `scale` is
    what estimates are out of (100: per cent). People are rounded up, events to whole ones. As in healthequal each
    subgroup weighs as its people **squared** (people as weights on top of counts); standard errors are robust
    (HC1). `linear` fits a straight line instead. The relative index's `standard_error` is that of its logarithm.

    NaN with its `problem` where all estimates are equal, lie above the scale, or the line does not settle. Raises
    YourCommand as `subgroups_of` does, and where no setting has a line.
    """
    sub = subgroups_of(estimates, population=population, order=order, scale=scale, groups=groups)
    sub = replace(sub, people=np.ceil(sub.people))
    events = np.rint(sub.estimate / sub.scale * sub.people)
    sub = _checked(sub, events)
    with np.errstate(all="ignore"):
        share = sub.estimate / sub.scale if linear else events / sub.people
        weight = sub.people if linear else sub.people**2
        # nobody: no weight, and no share that could spoil the sums
        share = np.where(sub.people > 0, share, 0.0)
        off = rank_of(sub)
        line = _straight(sub, off, share, weight) if linear else _logistic(sub, off, share, weight)
        return _indices(sub, off, share, weight, line, linear, confidence)


def _checked(sub: Subgroups, events: Floats) -> Subgroups:
    highest, lowest = sub.first_by(sub.estimate), sub.first_by(-sub.estimate)
    equal = sub.at(sub.estimate, highest) == sub.at(sub.estimate, lowest)
    outside = sub.settings.total((events < 0) | (events > sub.people)) > 0
    texts = ["all estimates are equal", "an estimate lies outside 0 and its scale"]
    problem = np.where(sub.problem == "", np.select([equal, outside], texts, ""), sub.problem)
    if (problem != "").all():
        raise YourCommand(f"No line can be drawn: {problem[0]}.", remedy="Mend or leave out that setting.")
    return replace(sub, problem=problem)


def _information(sub: Subgroups, off: Floats, weight: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Inverse of the information of level and slope, as its three entries, and its determinant."""
    total = sub.settings.total
    zero, one, two = total(weight), total(weight * off), total(weight * off**2)
    determinant = zero * two - one**2
    return two / determinant, -one / determinant, zero / determinant, determinant


def _straight(sub: Subgroups, off: Floats, share: Floats, weight: Floats) -> tuple[Floats, Floats]:
    total = sub.settings.total
    first, cross, second, _ = _information(sub, off, weight)
    level, slope = total(weight * share), total(weight * off * share)
    return first * level + cross * slope, cross * level + second * slope


def _logistic(sub: Subgroups, off: Floats, share: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Level (at the middle of the population) and slope on the log-odds scale; NaN where Newton's steps do not
    settle."""
    from scipy.special import expit, logit

    total, spread = sub.settings.total, sub.settings.spread
    usable = sub.problem == ""
    weight = weight / spread(total(weight))
    level = np.where(usable, logit(total(weight * share)), np.nan)
    slope = np.zeros_like(level)
    moved = np.full_like(level, np.inf)
    for _ in range(STEPS):
        chance = expit(spread(level) + spread(slope) * off)
        first, cross, second, _ = _information(sub, off, weight * chance * (1 - chance))
        rest = weight * (share - chance)
        up, turn = total(rest), total(rest * off)
        step = np.stack((first * up + cross * turn, cross * up + second * turn))
        moved = np.abs(step).max(axis=0)
        step = step * np.minimum(1.0, LARGEST / np.maximum(moved, SETTLED))
        level, slope = level + step[0], slope + step[1]
        if not (moved > SETTLED).any():
            break
    unsettled = ~(moved <= SETTLED)
    return np.where(unsettled, np.nan, level), np.where(unsettled, np.nan, slope)


def _indices(
    sub: Subgroups,
    off: Floats,
    share: Floats,
    weight: Floats,
    line: tuple[Floats, Floats],
    linear: bool,
    confidence: float,
) -> tuple[Inequality, Inequality]:
    from scipy.special import expit

    level, slope = line
    top, bottom = level + slope / 2, level - slope / 2
    along = sub.settings.spread(level) + sub.settings.spread(slope) * off
    rate = 1.0
    steep_top, steep_bottom = np.ones_like(top), np.ones_like(bottom)
    if not linear:
        top, bottom, along = expit(top), expit(bottom), expit(along)
        rate = along * (1 - along)
        steep_top, steep_bottom = top * (1 - top), bottom * (1 - bottom)
    covariance = _robust(sub, off, weight * rate, weight * (share - along))
    problem = np.where((sub.problem == "") & np.isnan(top), "the logistic line does not settle", sub.problem)
    sub = replace(sub, problem=problem.astype(np.str_))
    absolute = _error(covariance, steep_top - steep_bottom, (steep_top + steep_bottom) / 2)
    relative = _error(
        covariance,
        steep_top / top - steep_bottom / bottom,
        (steep_top / top + steep_bottom / bottom) / 2,
    )
    scale = sub.at(sub.scale, sub.first_by(sub.order))
    ratio = np.where(top * bottom > 0, top / bottom, np.nan)
    reach = np.exp(upper_tail_z(confidence) * relative)
    found = sub.measured((top - bottom) * scale, absolute * scale, confidence)
    return found, sub.limited(ratio, relative, ratio / reach, ratio * reach)


def _robust(sub: Subgroups, off: Floats, weight: Floats, score: Floats) -> tuple[Floats, Floats, Floats]:
    """Variance of level, covariance, variance of slope, robust to how subgroups scatter: HC1 (MacKinnon and White
    1985)."""
    total = sub.settings.total
    first, cross, second, _ = _information(sub, off, weight)
    small = sub.settings.sizes / (sub.settings.sizes - 2)
    zero, one, two = (small * total(score**2 * off**power) for power in (0, 1, 2))
    return (
        first**2 * zero + 2 * first * cross * one + cross**2 * two,
        first * cross * zero + (first * second + cross**2) * one + cross * second * two,
        cross**2 * zero + 2 * cross * second * one + second**2 * two,
    )


def _error(covariance: tuple[Floats, Floats, Floats], level: Floats, slope: Floats) -> Floats:
    """Standard error of what moves so much with level and with slope."""
    first, cross, second = covariance
    return np.sqrt(level**2 * first + 2 * level * slope * cross + slope**2 * second)
