"""The logarithmic mean, which turns a difference of products into a sum with one part for each factor."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats


def logarithmic_mean(a: ArrayLike, b: ArrayLike) -> Floats:
    """(a - b) / ln(a / b); a where they are equal, 0 where one of them is 0 (Ang 2005, LMDI).

    Lies between the geometric and the arithmetic mean. Raises YourCommand below 0, where it is not defined.
    """
    first, second = floats(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        if bool(((first < 0) | (second < 0)).any()):
            raise YourCommand("A logarithmic mean is for numbers from 0 up.", remedy="Check the shares.")
        low, high = np.minimum(first, second), np.maximum(first, second)
        # log1p of the relative difference keeps every digit when the two are close
        between = (high - low) / np.log1p((high - low) / low)
    return np.where(low == high, low, np.where(low == 0, 0.0, between))
