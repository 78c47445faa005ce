"""Many tests at once: adjusted p-values, so that a claim made among many is still a claim."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats


def holm(p: ArrayLike) -> Floats:
    """p-values adjusted so that the chance of any false claim is held (Holm 1979). Missing ones are not
    tests."""
    values, order, known = _sorted(p)
    factors = np.arange(order.size, 0, -1)
    stepped = np.maximum.accumulate(values[order] * factors)
    return _back(values, order, known, np.minimum(stepped, 1.0))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """p-values adjusted so that the share of false claims is held (Benjamini and Hochberg 1995)."""
    values, order, known = _sorted(p)
    factors = order.size / np.arange(1, order.size + 1)
    stepped = np.minimum.accumulate((values[order] * factors)[::-1])[::-1]
    return _back(values, order, known, np.minimum(stepped, 1.0))


def _sorted(p: ArrayLike) -> tuple[Floats, np.ndarray, np.ndarray]:
    (flat,) = floats(p)
    known = np.isfinite(flat)
    values = flat[known]
    if bool(((values < 0) | (values > 1)).any()):
        raise YourCommand("A p-value is not between 0 and 1.", remedy="Check the tests that gave them.")
    return values, np.argsort(values, kind="stable"), known


def _back(values: Floats, order: np.ndarray, known: np.ndarray, adjusted: Floats) -> Floats:
    placed = np.empty_like(values)
    placed[order] = adjusted
    result = np.full(known.shape, np.nan)
    result[known] = placed
    return result
