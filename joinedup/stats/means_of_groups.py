"""The mean of each group, with limits by Student's t."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.groups import groups_of
from joinedup.stats.rows import rows_of


@dataclass(frozen=True)
class Means:
    """One entry for each group, in order of first appearance: number of values, their sum, standard deviation
    (n - 1), mean and its limits."""

    groups: NDArray[Any]
    number: NDArray[np.intp]
    total: Floats
    deviation: Floats
    value: Floats
    lower: Floats
    upper: Floats


def means_of_groups(values: ArrayLike, groups: ArrayLike | None = None, *, confidence: float = 0.95) -> Means:
    """Mean ± t(n-1) s/√n of each group, or of all rows together (Student 1908; Altman 2000).

    A missing value makes its group missing: leave it out to have the mean of the others. One value alone has a
    mean and no limits; no value has neither (NaN).
    """
    from scipy.special import stdtrit

    tail = (1 + confidence) / 2
    upper_tail_z(confidence)  # refuses one outside (0, 1)
    (value,) = rows_of(values)
    labels = groups_of(groups, value.size)
    number, total = labels.sizes, labels.total(value)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / number
        squares = labels.total((value - labels.spread(mean)) ** 2)
        deviation = np.where(number > 1, np.sqrt(squares / (number - 1)), np.nan)
        # stdtrit gives a number at 0 degrees of freedom, where there is no t; the deviation is missing there
        reach = stdtrit(np.maximum(number - 1, 1), tail) * deviation / np.sqrt(number)
    return Means(labels.labels, number, total, deviation, mean, mean - reach, mean + reach)
