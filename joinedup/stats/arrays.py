"""Turning what callers pass (numbers, lists, arrays) into arrays of float64, and counts that cannot be into
errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand

Floats = NDArray[np.float64]


def floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """Arrays of float64 of one shape, by broadcasting. None becomes missing (NaN)."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def counts_out_of(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts and what they are out of. A missing value, or n = 0, stays: it gives a missing result.

    Raises YourCommand where a count is below 0 or above n.
    """
    count, total = floats(x, n)
    with np.errstate(invalid="ignore"):
        wrong = (count < 0) | (total < 0) | (count > total)
    if bool(wrong.any()):
        raise YourCommand(
            f"{int(wrong.sum())} counts are below 0 or above what they are out of.",
            remedy="Check that numerators belong to their denominators.",
        )
    return count, total


def upper_tail_z(confidence: float) -> float:
    """z of a two-sided interval: 1.959964 at 0.95. Raises YourCommand outside (0, 1)."""
    from scipy.special import ndtri

    if not 0 < confidence < 1:
        raise YourCommand(
            f"A confidence of {confidence} is not between 0 and 1.", remedy="Write 0.95, not 95."
        )
    return float(ndtri(0.5 + confidence / 2))
