"""One place beside all the others together, its case mix and chance allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.stats.arrays import upper_tail_z

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_PLACES = 3
"""Places below which there are no others to speak of."""


@dataclass(frozen=True, eq=False)
class BesideOthers:
    """Arrays by place, NaN where hidden. `own` and `others` are shares (0 to 1) at the mix of everyone; `difference`
    is the first less the second, with limits; `above` is the chance of so much or more were the place like the others,
    `apart` of so much either way.
    """

    own: Floats
    others: Floats
    difference: Floats
    lower: Floats
    upper: Floats
    above: Floats
    apart: Floats


def beside_others(
    x: Floats, n: Floats, expected: Floats, noise: Floats | float = 0.0, *, confidence: float = 0.95
) -> BesideOthers:
    """Each place of x out of n beside the mean of the others, weighted by their precision; arrays by place.

    On the scale of `stats.variation`: arcsin√(x/n) less arcsin√(expected/n), with variance 1/4n and `noise`. The place
    is not in what it is compared with, so one that stands out does not draw the level towards itself. NaN throughout
    for fewer than three places.
    """
    from scipy.special import ndtr

    known = ~np.isnan(x + n + expected) & (n > 0)
    if int(known.sum()) < FEWEST_PLACES:
        return BesideOthers(*(np.full(len(n), np.nan) for _ in range(7)))
    level = np.arcsin(np.sqrt(x[known].sum() / n[known].sum()))
    size = np.where(known, n, np.nan)
    effect = np.arcsin(np.sqrt(x / size)) - np.arcsin(np.sqrt(np.clip(expected / size, 0, 1))) + level
    variance = 0.25 / size + noise
    rest = np.nansum(1 / variance) - 1 / variance
    middle = (np.nansum(effect / variance) - effect / variance) / rest
    error = np.sqrt(variance + 1 / rest)
    z, reach = (effect - middle) / error, upper_tail_z(confidence) * error
    difference, lower, upper = (_share(effect + step) - _share(middle) for step in (0.0, -reach, reach))
    return BesideOthers(
        _share(effect), _share(middle), difference, lower, upper, ndtr(-z), 2 * ndtr(-np.abs(z))
    )


def _share(scaled: Floats) -> Floats:
    return np.asarray(np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2)
