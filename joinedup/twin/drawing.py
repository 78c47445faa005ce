"""Random draws that keep exact totals: chance decides who, not how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Array = NDArray[Any]


SMALL_BLOCK = 5.0


def systematic(
    probability: Floats, order: Array, block: Array, generator: np.random.Generator
) -> NDArray[np.bool_]:
    """Pass or not for each person, with the given probabilities; each `block` passes as many as they sum to.

    Systematic sampling (Madow 1949) within runs of equal `block` (one value per person; `order` keeps a
    block together): the number that passes is the expected number rounded, or within one of it by chance
    where fewer than five are expected. Every run of neighbours passes within one of its expected number
    too, so that sorting by decile and ethnic category keeps those margins near the published ones at any
    seed.
    """
    result = np.zeros(len(probability), dtype=bool)
    if not len(order):
        return result
    blocks, upto = block[order], np.cumsum(probability[order])
    starts = np.flatnonzero(np.concatenate([[True], blocks[1:] != blocks[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    before = np.concatenate([[0.0], upto])[starts]
    expected = upto[starts + sizes - 1] - before
    chance = generator.random(len(starts))
    offset = np.where(expected < SMALL_BLOCK, chance, 0.5)
    steps = np.floor(upto + np.repeat(offset - before, sizes))
    previous = np.concatenate([[0.0], steps[:-1]])
    previous[starts] = 0.0
    result[order] = steps > previous
    return result


def quota(weights: Sequence[float] | Floats, size: int, generator: np.random.Generator) -> Array:
    """`size` positions into `weights`, each drawn as often as its weight says (within one), in random
    order."""
    share = np.asarray(weights, dtype=float)
    upto = np.floor(np.cumsum(share / share.sum() * size) + generator.random() * 0.999999)
    upto[-1] = size
    counts = np.diff(np.minimum(upto, size), prepend=0.0).astype(int)
    return generator.permutation(np.repeat(np.arange(len(share)), counts))


def choose(weights: Mapping[str, float], size: int, generator: np.random.Generator) -> Array:
    """Positions into the keys of `weights`, independent draws."""
    share = np.asarray(list(weights.values()), dtype=float)
    upto = np.cumsum(share / share.sum())
    return np.searchsorted(upto, generator.random(size), side="right").clip(0, len(share) - 1)


def scaled_to(probability: Floats, target: float, ceiling: float = 1.0) -> Floats:
    """Probabilities multiplied so that their mean is `target`, none above `ceiling`."""
    if not len(probability):
        return probability
    current: Floats = np.clip(probability, 1e-4, ceiling)
    for _ in range(12):
        current = np.clip(current * (target / current.mean()), 1e-4, ceiling)
    return current


def interpolated(days: Sequence[float], shares: Sequence[float], uniform: Floats) -> Floats:
    """Days by inverse of a distribution given at knots; shares rise from 0 to 1."""
    days_drawn: Floats = np.interp(
        uniform, np.maximum.accumulate(np.asarray(shares)), np.asarray(days, dtype=float)
    )
    return days_drawn
