"""Confidence intervals for proportions, counts, differences and ratios. Arrays in, arrays out, NaN where
undefined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats, upper_tail_z

EXACT_BELOW = 10
"""Events below which the English public health methods use exact Poisson limits, and Byar's from there on."""

PoissonMethod = Literal["exact", "byar", "phe"]


def proportion(x: ArrayLike, n: ArrayLike) -> Floats:
    """x / n as a share of 1, NaN where n is 0."""
    count, total = counts_out_of(x, n)
    return _divided(count, total)


def wilson_interval(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Score limits of a proportion as shares of 1, without continuity correction (Wilson 1927).

    Exactly 0 below where x is 0, exactly 1 above where x is n. Raises YourCommand for a count below 0 or
    above n.
    """
    z = upper_tail_z(confidence)
    count, total, rest = _count_and_rest(x, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _wilson(count, total, rest, z)


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
    x: ArrayLike, confidence: float = 0.95, method: PoissonMethod = "phe"
) -> tuple[Floats, Floats]:
    """Limits of a Poisson count. `phe` is exact below 10 events and Byar's from 10 (OHID technical guide).

    Byar's lower limit below 0 is missing, as in the peer. Raises YourCommand for a count below 0 and an
    unknown method.
    """
    (count,) = floats(x)
    z = upper_tail_z(confidence)
    use_exact = _exact_wanted(count, method)
    lower, upper = _byar(count, z)
    if bool(use_exact.any()):
        tail = (1 - confidence) / 2
        few = count[use_exact]
        lower[use_exact] = _at_distinct(few, lambda events: _exact_lower(events, tail))
        upper[use_exact] = _at_distinct(few, lambda events: _exact_upper(events, tail))
    return lower, upper


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


def _count_and_rest(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Count, total and total - count. Two minima settle a million good rows; only a missing or an impossible
    one, which fails them, pays for looking at every row."""
    count, total = floats(x, n)
    with np.errstate(invalid="ignore"):
        rest = np.subtract(total, count, out=np.empty(count.shape))
    if count.size and not (count.min() >= 0 and rest.min() >= 0):
        counts_out_of(count, total)
    return count, total, rest


def _wilson(count: Floats, total: Floats, rest: Floats, z: float) -> tuple[Floats, Floats]:
    """In place, since passes over memory are what a million rows cost.

    The limits are the roots of a quadratic: the lower is taken from their product x²/(n(n+z²)), which is 0
    at x = 0 without a rounding error.
    """
    share = np.divide(count, total, out=np.empty(count.shape))
    reach = np.multiply(share, rest, out=np.empty(count.shape))
    reach += z * z / 4
    np.sqrt(reach, out=reach)
    reach *= z
    reach += z * z / 2
    reach += count
    lower = share
    lower *= count
    lower /= reach
    upper = reach
    upper /= total + z * z
    np.copyto(upper, 1.0, where=(rest == 0) & (total > 0))
    return lower, upper


def _exact_wanted(count: Floats, method: PoissonMethod) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        if bool((count < 0).any()):
            raise YourCommand("A count of events is below 0.", remedy="Check the counts.")
        wanted = {
            "exact": np.isfinite(count),
            "byar": np.zeros(count.shape, bool),
            "phe": count < EXACT_BELOW,
        }
    if method not in wanted:
        raise YourCommand(f"There are no {method} Poisson limits.", remedy="Use exact, byar or phe.")
    return np.asarray(wanted[method], dtype=bool)


def _at_distinct(values: Floats, function: Callable[[Floats], Floats]) -> Floats:
    """The inverse gamma function takes a microsecond, and counts repeat: each distinct one is asked once."""
    distinct, place = np.unique(values, return_inverse=True)
    return function(distinct)[place]


def _exact_lower(events: Floats, tail: float) -> Floats:
    from scipy.special import gammaincinv

    return np.where(events == 0, 0.0, gammaincinv(np.where(events == 0, 1.0, events), tail))


def _exact_upper(events: Floats, tail: float) -> Floats:
    from scipy.special import gammaincinv

    return np.asarray(gammaincinv(events + 1, 1 - tail))


def _byar(count: Floats, z: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        lower = _byar_limit(count, -z)
        lower[lower < 0] = np.nan
    return lower, _byar_limit(count + 1, z)


def _byar_limit(events: Floats, z: float) -> Floats:
    """events (1 - 1/(9 events) + z/(3 √events))³, the cube by multiplying: a power is ten times slower."""
    root = np.sqrt(events, out=np.empty(np.shape(events)))
    base = 1 - 1 / (9 * events)
    base += z / (3 * root)
    return np.asarray(events * base * base * base)


def _divided(count: Floats, total: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, count / total, np.nan)


def _checked(confidence: float) -> float:
    upper_tail_z(confidence)
    return confidence
