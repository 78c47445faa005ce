"""A number in [0, 1) for a thing and a question, always the same: attributes without storing them."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from joinedup.twin.drawing import Array, Floats


def lot(question: str, thing: Array, seed: int) -> Floats:
    """Uniform numbers from the SplitMix64 finaliser (Steele, Lea and Flood 2014) of thing, question and
    seed."""
    start = (zlib.crc32(question.encode()) << 20) ^ (seed * 0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        mixed = thing.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
            start & 0xFFFFFFFFFFFFFFFF
        )
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)


def pick(shares: NDArray[np.float64] | list[float], uniform: Floats) -> Array:
    """Position chosen by each uniform number, with the given shares."""
    upto = np.cumsum(np.asarray(shares, dtype=float))
    return np.searchsorted(upto / upto[-1], uniform, side="right").clip(0, len(upto) - 1)
