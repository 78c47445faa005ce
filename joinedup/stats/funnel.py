"""Funnels: is a unit further from the whole than chance alone would put it?"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.stats.arrays import Floats, counts_out_of, floats
from joinedup.stats.intervals import proportion

Z_95 = 1.959963984540054
Z_998 = 3.090232306167813
"""z of the two lines of an NHS funnel: 2.5% and 0.1% in each tail."""


class Verdict(StrEnum):
    """Where a unit lies, by the tail probability that it goes beyond."""

    LOW_001 = "Low (0.001)"
    LOW_025 = "Low (0.025)"
    NOT_SIGNIFICANT = "Not significant"
    HIGH_025 = "High (0.025)"
    HIGH_001 = "High (0.001)"


def funnel_limits(p0: ArrayLike, n: ArrayLike, z: float = Z_95) -> tuple[Floats, Floats]:
    """Lines of a funnel for proportions, as shares of 1 clipped to 0 and 1, for units of size n around p0.

    A unit lies on a line exactly when the Wilson limit of its own proportion is p0.
    """
    centre, size = floats(p0, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(size > 0, z * np.sqrt(centre * (1 - centre) / size), np.nan)
    return np.clip(centre - spread, 0, 1), np.clip(centre + spread, 0, 1)


def funnel_verdict(x: ArrayLike, n: ArrayLike, p0: float | None = None) -> NDArray[np.str_]:
    """Verdict of each unit against p0, or against all units together when p0 is not given; "" where n is
    0."""
    count, total = counts_out_of(x, n)
    known = np.isfinite(count) & (total > 0)
    if p0 is None:
        p0 = float(count[known].sum() / total[known].sum()) if bool(known.any()) else np.nan
    share = proportion(count, total)
    beyond = [
        (share < funnel_limits(p0, total, Z_998)[0], Verdict.LOW_001),
        (share < funnel_limits(p0, total, Z_95)[0], Verdict.LOW_025),
        (share > funnel_limits(p0, total, Z_998)[1], Verdict.HIGH_001),
        (share > funnel_limits(p0, total, Z_95)[1], Verdict.HIGH_025),
        (known, Verdict.NOT_SIGNIFICANT),
    ]
    return np.select([where for where, _ in beyond], [str(verdict) for _, verdict in beyond], default="")
