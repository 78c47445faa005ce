"""Proportions and rates of groups with limits, and two rates set against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.groups import groups_of
from joinedup.stats.intervals import (
    EXACT_BELOW,
    exact_interval,
    poisson_interval,
    wilson_interval,
)
from joinedup.stats.rows import refuse, rows_of


@dataclass(frozen=True)
class Proportions:
    """One entry for each group in order of first appearance, or for each row where `groups` is None.

    `value` and its limits are x / n times `per`; NaN where a count is missing.
    """

    groups: NDArray[Any] | None
    x: Floats
    n: Floats
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Rates:
    """One entry for each group in order of first appearance, or for each row where `groups` is None.

    `value` and its limits are events for every `per` people. `method` of the limits: "exact", "byar", or ""
    where the events are missing.
    """

    groups: NDArray[Any] | None
    events: Floats
    people: Floats
    value: Floats
    lower: Floats
    upper: Floats
    method: NDArray[np.str_]


def crude_proportions(
    x: ArrayLike,
    n: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    per: float = 1.0,
    confidence: float = 0.95,
) -> Proportions:
    """x / n of each row, or of the sums of each group, with Wilson limits (Wilson 1927; OHID technical guide).

    A missing count makes its row or its group missing. Raises YourCommand for a count below 0 or above its n,
    and where a row or group has nobody.
    """
    count, total = rows_of(x, n)
    refuse(count < 0, "A numerator is below 0", remedy="Check the counts.")
    refuse(count > total, "A numerator is above its denominator", remedy="Check what the counts are out of.")
    labels, count, total = _summed(count, total, groups)
    lower, upper = wilson_interval(count, total, confidence)
    return Proportions(labels, count, total, count / total * per, lower * per, upper * per)


def crude_rates(
    events: ArrayLike,
    people: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    per: float = 100_000.0,
    confidence: float = 0.95,
) -> Rates:
    """Events for every `per` people, of each row or of the sums of each group, with Poisson limits: exact below
    10 events, Byar's from 10 (Breslow and Day 1987; OHID technical guide).

    `people` may be person-years. A missing count makes its row or its group missing. Raises YourCommand for
    events below 0, and where a row or group has nobody.
    """
    count, size = rows_of(events, people)
    refuse(count < 0, "Events are below 0", remedy="Check the counts.")
    labels, count, size = _summed(count, size, groups)
    lower, upper = poisson_interval(count, confidence)
    scale = per / size
    return Rates(
        labels, count, size, count * scale, lower * scale, upper * scale, method_of_poisson_limits(count)
    )


def method_of_poisson_limits(events: Floats) -> NDArray[np.str_]:
    """ "exact" below 10 events, "byar" from there on, "" where they are missing."""
    return np.where(events < EXACT_BELOW, "exact", np.where(np.isnan(events), "", "byar"))


def difference_of_rates(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    per: float = 100_000.0,
    confidence: float = 0.95,
    method: Literal["mover", "wald"] = "mover",
) -> tuple[Floats, Floats, Floats]:
    """x1/n1 - x2/n2 for every `per` people, with limits; arrays of the shape of the rows.

    `mover`: the exact Poisson limits of both, squared and added (Zou and Donner 2008), which holds for few
    events and for none. `wald`: ± z √(x1/n1² + x2/n2²), which needs events in plenty and has no width at
    none. NaN where a figure is missing or nobody is there. Raises YourCommand below 0.
    """
    counts, sizes = _two(x1, n1, x2, n2)
    rate1, rate2 = counts[0] / sizes[0], counts[1] / sizes[1]
    if method == "mover":
        (low1, high1), (low2, high2) = (
            [limit / size for limit in poisson_interval(count, confidence, "exact")]
            for count, size in zip(counts, sizes, strict=True)
        )
        below, above = np.hypot(rate1 - low1, high2 - rate2), np.hypot(high1 - rate1, rate2 - low2)
    elif method == "wald":
        below = above = upper_tail_z(confidence) * np.sqrt(rate1 / sizes[0] + rate2 / sizes[1])
    else:
        raise YourCommand(f"There are no {method} limits of a difference.", remedy="Use mover or wald.")
    difference = rate1 - rate2
    return difference * per, (difference - below) * per, (difference + above) * per


def ratio_of_rates(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    confidence: float = 0.95,
    method: Literal["log-normal", "exact"] = "log-normal",
) -> tuple[Floats, Floats, Floats]:
    """(x1/n1) / (x2/n2) with limits; arrays of the shape of the rows.

    `log-normal`: exp(ln ratio ± z √(1/x1 + 1/x2)) (Rothman 2008), NaN where either has no events. `exact`:
    given the events of both together, the share in the first is binomial; its Clopper-Pearson limits are those
    of the ratio (Breslow and Day 1987), from 0 where the first has no events and to infinity where the second
    has none. The ratio to no events is NaN. Raises YourCommand below 0.
    """
    (count1, count2), (size1, size2) = _two(x1, n1, x2, n2)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        ratio = np.where(count2 > 0, (count1 / size1) / (count2 / size2), np.nan)
        if method == "log-normal":
            spread = np.exp(upper_tail_z(confidence) * np.sqrt(1 / count1 + 1 / count2))
            lower, upper = (np.where(count1 > 0, limit, np.nan) for limit in (ratio / spread, ratio * spread))
        elif method == "exact":
            lower, upper = (
                limit / (1 - limit) * size2 / size1
                for limit in exact_interval(count1, count1 + count2, confidence)
            )
        else:
            raise YourCommand(f"There are no {method} limits of a ratio.", remedy="Use log-normal or exact.")
    return ratio, lower, upper


def _summed(
    count: Floats, size: Floats, groups: ArrayLike | None
) -> tuple[NDArray[Any] | None, Floats, Floats]:
    refuse(size < 0, "A denominator is below 0", remedy="Check the counts.")
    labels = None
    if groups is not None:
        grouped = groups_of(groups, count.size)
        labels, count, size = grouped.labels, grouped.total(count), grouped.total(size)
    refuse(size == 0, "A denominator is 0", remedy="Leave out rows and groups with nobody in them.")
    return labels, count, size


def _two(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[list[Floats], list[Floats]]:
    """Events of both, and the people of both: NaN where nobody is there."""
    columns = rows_of(x1, n1, x2, n2)
    for column in columns:
        refuse(column < 0, "Events or people are below 0", remedy="Check the counts.")
    return [columns[0], columns[2]], [np.where(size > 0, size, np.nan) for size in (columns[1], columns[3])]
