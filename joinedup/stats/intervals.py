"""Confidence intervals for proportions, counts, differences and ratios. Arrays in, arrays out, NaN where
undefined."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats, upper_tail_z

EXACT_BELOW = 10
"""Events below which the English public health methods use exact Poisson limits, and Byar's from there on."""


def proportion(x: ArrayLike, n: ArrayLike) -> Floats:
    """x / n as a share of 1, NaN where n is 0."""
    count, total = counts_out_of(x, n)
    return _divided(count, total)


def wilson_interval(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Score limits of a proportion as shares of 1, without continuity correction (Wilson 1927)."""
    count, total = counts_out_of(x, n)
    z = upper_tail_z(confidence)
    share = _divided(count, total)
    # x(1-x/n) can come out a rounding error below 0 at x = n
    spread = z * np.sqrt(z * z + 4 * np.maximum(count * (1 - share), 0))
    scale = 2 * (total + z * z)
    lower = np.where(count == 0, 0.0, (2 * count + z * z - spread) / scale)
    upper = np.where(count == total, 1.0, (2 * count + z * z + spread) / scale)
    known = np.isfinite(share)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def exact_interval(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Exact limits of a proportion as shares of 1 (Clopper and Pearson 1934), by the beta distribution."""
    from scipy.special import betaincinv

    count, total = counts_out_of(x, n)
    tail = (1 - _checked(confidence)) / 2
    known = np.isfinite(count) & (total > 0)
    safe_x, safe_n = np.where(known, count, 1.0), np.where(known, total, 2.0)
    lower = np.where(safe_x == 0, 0.0, betaincinv(np.maximum(safe_x, 0.5), safe_n - safe_x + 1, tail))
    upper = np.where(
        safe_x == safe_n, 1.0, betaincinv(safe_x + 1, np.maximum(safe_n - safe_x, 0.5), 1 - tail)
    )
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def poisson_interval(
    x: ArrayLike, confidence: float = 0.95, method: Literal["exact", "byar", "phe"] = "phe"
) -> tuple[Floats, Floats]:
    """Limits of a Poisson count. `phe` is exact below 10 events and Byar's from 10 (OHID technical guide).

    Byar's lower limit below 0 is missing, as in the peer. Raises YourCommand for a count below 0.
    """
    (count,) = floats(x)
    z = upper_tail_z(confidence)
    with np.errstate(invalid="ignore"):
        if bool((count < 0).any()):
            raise YourCommand("A count of events is below 0.", remedy="Check the counts.")
        exact, byar = _exact_poisson(count, confidence), _byar(count, z)
        use_exact = {"exact": np.ones(count.shape, bool), "byar": np.zeros(count.shape, bool)}.get(
            method, count < EXACT_BELOW
        )
    return np.where(use_exact, exact[0], byar[0]), np.where(use_exact, exact[1], byar[1])


def difference_of_proportions(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """x1/n1 - x2/n2 with limits (Newcombe 1998, method 10: the Wilson limits of both, squared and added)."""
    p1, p2 = proportion(x1, n1), proportion(x2, n2)
    lower1, upper1 = wilson_interval(x1, n1, confidence)
    lower2, upper2 = wilson_interval(x2, n2, confidence)
    difference = p1 - p2
    return (
        difference,
        difference - np.hypot(p1 - lower1, upper2 - p2),
        difference + np.hypot(upper1 - p1, p2 - lower2),
    )


def ratio_of_proportions(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """(x1/n1) / (x2/n2) with limits from the Wilson limits of both (MOVER-R: Donner and Zou 2012, Fagerland
    2013).

    Holds at 0 and at n: nothing in the second group gives an upper limit of infinity. NaN where both are 0.
    """
    p1, p2 = proportion(x1, n1), proportion(x2, n2)
    lower1, upper1 = wilson_interval(x1, n1, confidence)
    lower2, upper2 = wilson_interval(x2, n2, confidence)
    product = p1 * p2
    with np.errstate(divide="ignore", invalid="ignore"):
        below = lower1 * (2 * p1 - lower1)
        root = np.sqrt(np.maximum(product**2 - below * upper2 * (2 * p2 - upper2), 0))
        lower = np.where(below == 0, 0.0, below / (product + root))
        above = lower2 * (2 * p2 - lower2)
        root = np.sqrt(np.maximum(product**2 - upper1 * (2 * p1 - upper1) * above, 0))
        upper = np.where(above == 0, np.inf, (product + root) / above)
        ratio = p1 / p2
    known = np.isfinite(p1) & np.isfinite(p2)
    return ratio, np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _exact_poisson(count: Floats, confidence: float) -> tuple[Floats, Floats]:
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    safe = np.where(np.isfinite(count), count, 1.0)
    lower = np.where(safe == 0, 0.0, gammaincinv(np.where(safe == 0, 1.0, safe), tail))
    known = np.isfinite(count)
    return np.where(known, lower, np.nan), np.where(known, gammaincinv(safe + 1, 1 - tail), np.nan)


def _byar(count: Floats, z: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
        above = count + 1
        upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return np.where(lower < 0, np.nan, lower), upper


def _divided(count: Floats, total: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, count / total, np.nan)


def _checked(confidence: float) -> float:
    upper_tail_z(confidence)
    return confidence
