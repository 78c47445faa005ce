"""Limits of slope and relative index by simulation: what the R peer does, for whoever must do the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from joinedup.stats.arrays import Floats

AT_ONCE = 4_000_000
"""Values drawn at once, so that memory stays bounded."""


@dataclass(frozen=True)
class Drawn:
    """How many draws, from which seed."""

    draws: int
    seed: int | None


def drawn_limits(
    centre: Floats,
    error: Floats,
    back: Callable[[Floats], Floats],
    weights: tuple[Floats, Floats],
    z: float,
    drawn: Drawn,
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Limits of the slope and of the ratio of top to bottom, of values drawn about `centre` and brought back.

    `weights` are those of slope and intercept; all arrays (settings, quantiles).
    """
    from scipy.special import ndtr

    tails = [float(ndtr(-z)), float(ndtr(z))]
    generator = np.random.default_rng(drawn.seed)
    settings, quantiles = centre.shape
    found = np.full((4, settings), np.nan)
    block = max(1, AT_ONCE // (drawn.draws * quantiles))
    for start in range(0, settings, block):
        part = slice(start, start + block)
        noise = generator.standard_normal((drawn.draws, *centre[part].shape))
        values = back(centre[part] + error[part] * noise)
        slope, intercept = ((values * weight[part]).sum(axis=2) for weight in weights)
        found[:2, part] = np.quantile(slope, tails, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[2:, part] = np.quantile((intercept + slope) / intercept, tails, axis=0)
    return (found[0], found[1]), (found[2], found[3])
