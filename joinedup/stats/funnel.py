"""Funnels: is a unit further from the whole than chance alone would put it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats
from joinedup.stats.groups import groups_of
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
    TOO_FEW = "Too few events"


_LABELS = np.array(
    [
        "",
        str(Verdict.LOW_001),
        str(Verdict.LOW_025),
        str(Verdict.NOT_SIGNIFICANT),
        str(Verdict.HIGH_025),
        str(Verdict.HIGH_001),
    ]
)


@dataclass(frozen=True)
class Outliers:
    """Units beyond the lines, the furthest tail first and high before low; arrays of one shape.

    `row` is the position of the unit in what was given, `unit` its label, `excess` its value less the centre.
    """

    row: NDArray[np.intp]
    unit: NDArray[Any]
    verdict: NDArray[np.str_]
    value: Floats
    centre: Floats
    excess: Floats

    def __len__(self) -> int:
        return int(self.row.size)


def funnel_limits(p0: ArrayLike, n: ArrayLike, z: float = Z_95) -> tuple[Floats, Floats]:
    """Lines of a funnel for proportions, as shares of 1 clipped to 0 and 1, for units of size n around p0.

    A unit lies on a line exactly when the Wilson limit of its own proportion is p0.
    """
    centre, size = floats(p0, n)
    spread = z * _error(centre, size)
    return np.clip(centre - spread, 0, 1), np.clip(centre + spread, 0, 1)


def funnel_centre(x: ArrayLike, n: ArrayLike, groups: ArrayLike | None = None) -> Floats:
    """Sum of x over sum of n, of the whole or of each unit's group; shape of the units, at any x and n.

    Units with a missing count or n = 0 are left out of the sums; NaN where nothing is left.
    """
    count, total = floats(x, n)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(count) & (total > 0)
    of = groups_of(groups, count.size)
    above = of.total(np.where(known, count, 0.0).ravel())
    below = of.total(np.where(known, total, 0.0).ravel())
    centre = np.divide(above, below, out=np.full(of.count, np.nan), where=below > 0)
    return np.asarray(of.spread(centre).reshape(count.shape), dtype=np.float64)


def funnel_verdict(
    x: ArrayLike, n: ArrayLike, p0: ArrayLike | None = None, groups: ArrayLike | None = None
) -> NDArray[np.str_]:
    """Verdict of each unit against p0 (one for all, or one a unit), or against all units of its group
    together when p0 is not given; "" where n is 0 or a count is missing.
    """
    count, total = counts_out_of(x, n)
    centre = funnel_centre(count, total, groups) if p0 is None else floats(p0, count)[0]
    share = proportion(count, total)
    # against the lines before they are clipped to 0 and 1, which no share is beyond
    error = _error(centre, total)
    near, far = Z_95 * error, Z_998 * error
    with np.errstate(invalid="ignore"):
        return verdicts(
            share < centre - far,
            share < centre - near,
            share > centre + near,
            share > centre + far,
            np.isfinite(share),
        )


def _error(centre: Floats, size: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(size > 0, np.sqrt(centre * (1 - centre) / size), np.nan)


def verdicts(
    lowest: NDArray[np.bool_],
    low: NDArray[np.bool_],
    high: NDArray[np.bool_],
    highest: NDArray[np.bool_],
    known: NDArray[np.bool_],
) -> NDArray[np.str_]:
    """Verdicts from whether units lie beyond each line; "" where not known."""
    # a number from -2 to 2, and a label looked up: quicker than choosing among texts
    side = (high | highest).astype(np.int8) + highest - (low | lowest) - lowest
    return _LABELS[np.where(known, side + 3, 0)]


def funnel_outliers(
    verdict: ArrayLike, value: ArrayLike, centre: ArrayLike, units: ArrayLike | None = None
) -> Outliers:
    """The table of units beyond the 95% or the 99.8% lines. `units`: their labels, by default their
    positions. Raises YourCommand where labels and verdicts differ in number.
    """
    found = np.asarray(verdict, dtype=str).ravel()
    values, centres, _ = floats(np.ravel(value), np.ravel(centre), np.zeros(found.size))
    names = np.arange(found.size) if units is None else np.asarray(units)
    if names.shape != found.shape:
        raise YourCommand(
            f"{names.size} labels were given for {found.size} units.", remedy="Give each unit one label."
        )
    order = [Verdict.HIGH_001, Verdict.LOW_001, Verdict.HIGH_025, Verdict.LOW_025]
    row = np.concatenate([np.flatnonzero(found == str(kind)) for kind in order])
    excess = values[row] - centres[row]
    return Outliers(row, names[row], found[row], values[row], centres[row], excess)
