"""Funnels of counts of events: ratios to an expected count, and rates. Exact Poisson lines and verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats, upper_tail_z
from joinedup.stats.funnel import Z_95, Z_998, Verdict, funnel_centre, verdicts
from joinedup.stats.intervals import EXACT_BELOW, poisson_interval

Tails = Literal["phe", "exact"]
TAIL_95, TAIL_998 = 0.025, 0.001
FEWEST_STANDARDISED = 10
"""Events below which a directly standardised rate has no verdict (OHID technical guide)."""


def ratio_verdict(
    observed: ArrayLike, expected: ArrayLike, *, target: ArrayLike = 1.0, tails: Tails = "phe"
) -> NDArray[np.str_]:
    """Verdict of each unit: are so many events more, or fewer, than `target` times the expected?

    `phe` takes exact Poisson limits of fewer than 10 events and Byar's from 10 (OHID, as its published
    flags); `exact` the exact tails throughout. "" where a count is missing or nothing is expected. Raises
    YourCommand for a count below 0.
    """
    count, centre = _counts(observed, np.multiply(*floats(expected, target)))
    known = np.isfinite(count) & np.isfinite(centre) & (centre > 0)
    exact = known & (count < (EXACT_BELOW if tails == "phe" else np.inf))
    lowest, low, high, highest = (np.zeros(count.shape, bool) for _ in range(4))
    # Tails are cheaper than inverted limits and say the same: a lower limit above the expected is a small tail.
    above, below = _tails(count[exact], centre[exact])
    low[exact], lowest[exact] = below < TAIL_95, below < TAIL_998
    high[exact], highest[exact] = above < TAIL_95, above < TAIL_998
    rest = known & ~exact
    for z, under, over in ((Z_95, low, high), (Z_998, lowest, highest)):
        lower, upper = _byar(count[rest], z)
        under[rest], over[rest] = upper < centre[rest], lower > centre[rest]
    return verdicts(lowest, low, high, highest, known)


def rate_verdict(
    events: ArrayLike,
    population: ArrayLike,
    *,
    rate0: ArrayLike | None = None,
    fewest: int = 0,
    tails: Tails = "phe",
    groups: ArrayLike | None = None,
) -> NDArray[np.str_]:
    """Verdict of each unit's rate against `rate0` (events for each one of population), or against all units
    of its group together.

    For directly standardised rates give the population behind the rate (`population_behind`) and
    `fewest=FEWEST_STANDARDISED`: units of fewer events are "Too few events". Raises YourCommand for a count
    below 0.
    """
    count, people = _counts(events, population)
    centre = funnel_centre(count, people, groups) if rate0 is None else rate0
    found = ratio_verdict(count, people, target=centre, tails=tails)
    few = np.isfinite(count) & (count < fewest)
    return np.where(few, str(Verdict.TOO_FEW), found)


def population_behind(
    events: ArrayLike,
    rate: ArrayLike,
    *,
    multiplier: float = 100_000,
    population: ArrayLike | None = None,
    standardised: bool = False,
) -> Floats:
    """Population in which so many events are this rate: multiplier · events / rate.

    A rate of no events does not tell: then it is `population`, and where that is not given YourCommand is
    raised. Where the rate is directly `standardised` it is NaN, since the people counted are not those behind
    the rate. Raises YourCommand for a count below 0.
    """
    count, value = _counts(events, rate)
    stated = floats(np.nan if population is None or standardised else population, count)[0]
    if not standardised and bool(((count == 0) & ~(stated > 0)).any()):
        raise YourCommand(
            "A rate without events does not tell how large its population is.",
            remedy="Give the population of units without events.",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count == 0, stated, np.where(value > 0, multiplier * count / value, np.nan))


def ratio_limits(expected: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lines of a funnel for ratios, around 1, for units of so many expected events; NaN where none are.

    A unit lies on a line exactly when the exact Poisson limit of its own count is the expected (Dobson and
    others 1991; between whole counts by the gamma distribution). Where even no events at all would be no
    surprise the lower line is 0.
    """
    from scipy.special import gammainc, gammaincc

    z = upper_tail_z(confidence)
    tail = (1 - confidence) / 2
    (centre,) = floats(expected)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(centre) & (centre > 0)
    safe = np.where(known, centre, 1.0)
    furthest = safe + 2 * z * np.sqrt(safe) + 2 * z * z + 10
    lower = _crossing(lambda k: gammaincc(k + 1, safe) < tail, furthest)
    upper = _crossing(lambda k: gammainc(k, safe) > tail, furthest)
    return np.where(known, lower / safe, np.nan), np.where(known, upper / safe, np.nan)


def rate_limits(rate0: ArrayLike, population: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lines of a funnel for rates around `rate0`, in its units (events for each one of population)."""
    rate, people = floats(rate0, population)
    lower, upper = ratio_limits(rate * people, confidence)
    return rate * lower, rate * upper


def expected_on_lines(observed: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Expected events of a unit that lies on the lower line, and on the upper, with so many observed.

    For drawing lines point by point: the ratios there are observed over these.
    """
    lower, upper = poisson_interval(observed, confidence, "exact")
    return upper, lower


def _crossing(before: Callable[[Floats], NDArray[np.bool_]], furthest: Floats) -> Floats:
    """Count from 0 to `furthest` up to which `before` holds, by halving; 0 where it never does."""
    low, high = np.zeros(furthest.shape), furthest
    for _ in range(64):
        middle = (low + high) / 2
        short = before(middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return low


def _counts(events: ArrayLike, size: ArrayLike) -> tuple[Floats, Floats]:
    count, total = floats(events, size)
    with np.errstate(invalid="ignore"):
        if bool(((count < 0) | (total < 0)).any()):
            raise YourCommand(
                "A count of events, or what it is out of, is below 0.", remedy="Check the counts."
            )
    return count, total


def _tails(count: Floats, centre: Floats) -> tuple[Floats, Floats]:
    """Chance of so many events or more, and of so many or fewer."""
    from scipy.special import gammainc, gammaincc

    above = np.where(count > 0, gammainc(np.maximum(count, 1e-300), centre), 1.0)
    return above, gammaincc(count + 1, centre)


def _byar(count: Floats, z: float) -> tuple[Floats, Floats]:
    """Byar's limits of counts from 10 (Breslow and Day 1987)."""
    more = count + 1
    lower = 1 - 1 / (9 * count) - z / (3 * np.sqrt(count))
    upper = 1 - 1 / (9 * more) + z / (3 * np.sqrt(more))
    return count * lower * lower * lower, more * upper * upper * upper
