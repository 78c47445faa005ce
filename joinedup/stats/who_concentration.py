"""Concentration indices: is an outcome gathered among the advantaged or the disadvantaged? By convenient regression
(Kakwani, Wagstaff and van Doorslaer 1997), as the WHO's package does."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.who_subgroups import Inequality, Subgroups, subgroups_of

NORMALISED = ("wagstaff", "erreygers")


def absolute_concentration_index(
    estimates: ArrayLike,
    population: ArrayLike | None,
    order: ArrayLike,
    *,
    bounds: tuple[float, float] | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """Twice the covariance of estimate and rank, in the units of the estimate: above 0 where it gathers among the
    advantaged (the last in `order`).

    The standard error is that of the regression on rank, so it needs no errors of the estimates. `bounds` put a
    bounded indicator on 0 to 1 first. Raises YourCommand as `subgroups_of` does, and for estimates below the
    bounds.
    """
    sub = _bounded(estimates, population, order, bounds, groups)
    return sub.measured(*_regressed(sub, sub.estimate), confidence)


def relative_concentration_index(
    estimates: ArrayLike,
    population: ArrayLike | None,
    order: ArrayLike,
    *,
    bounds: tuple[float, float] | None = None,
    normalised: str | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Inequality:
    """The absolute index over the mean, -1 to 1.

    A bounded indicator cannot reach both ends: `normalised` "wagstaff" divides by 1 - mean (2005), "erreygers"
    gives 4 x the absolute index (2009); both need `bounds`. NaN where the mean is 0. Raises YourCommand as the
    absolute index does.
    """
    if normalised is not None and (normalised not in NORMALISED or bounds is None):
        raise YourCommand(
            f"{normalised!r} is not a normalisation, or bounds are missing.",
            remedy="Write wagstaff or erreygers, with bounds=(lowest, highest).",
        )
    sub = _bounded(estimates, population, order, bounds, groups)
    middle = sub.settings.spread(sub.mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = sub.estimate / middle
        if normalised == "wagstaff":
            relative = relative / (1 - middle)
        elif normalised == "erreygers":
            relative = 4 * sub.estimate
    return sub.measured(*_regressed(sub, relative), confidence)


def _bounded(
    estimates: ArrayLike,
    population: ArrayLike | None,
    order: ArrayLike,
    bounds: tuple[float, float] | None,
    groups: ArrayLike | None,
) -> Subgroups:
    values = np.asarray(estimates, np.float64)
    if bounds is not None:
        low, high = bounds
        if not low < high or (values < low).any() or (values > high).any():
            raise YourCommand(
                f"The bounds {low} to {high} do not hold every estimate.",
                remedy="Give the bounds of the indicator.",
            )
        values = (values - low) / (high - low)
    return subgroups_of(values, population=population, order=order, groups=groups)


def _regressed(sub: Subgroups, height: Floats) -> tuple[Floats, Floats]:
    """Slope of 2 var(rank) x height on rank, weighted by people, and its standard error."""
    total, spread = sub.settings.total, sub.settings.spread
    share, off = sub.share, rank_of(sub)
    variance = total(share * off**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = total(share * height)
        slope = 2 * total(share * off * (height - spread(level)))
        rest = 2 * spread(variance) * (height - spread(level)) - spread(slope) * off
        error = np.sqrt(total(share * rest**2) / (sub.settings.sizes - 2) / variance)
    return slope, error


def rank_of(sub: Subgroups) -> Floats:
    """Middle of each subgroup's share of the population in `order`, less a half. Their weighted mean is 0."""
    place = np.lexsort((sub.order, sub.settings.codes))
    people = sub.people[place]
    totals = sub.settings.total(sub.people)
    running = np.cumsum(people)
    starts = sub.settings.starts
    before = np.append(0.0, running)[starts]
    codes = sub.settings.codes[place]
    found = np.empty_like(people)
    with np.errstate(divide="ignore", invalid="ignore"):
        found[place] = (2 * (running - before[codes]) - people - totals[codes]) / (2 * totals[codes])
    return found
