"""The slope index of inequality: how far an outcome falls from one end of an ordered population to the
other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import floats, upper_tail_z


@dataclass(frozen=True)
class SlopeIndex:
    """Slope and its limits in the units of the value; the relative index is the value at one end over the
    other."""

    slope: float
    lower: float
    upper: float
    relative: float
    intercept: float


def slope_index_of_inequality(
    values: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    multiplier: float = 1.0,
    confidence: float = 0.95,
) -> SlopeIndex:
    """Weighted least squares of a value on cumulative population, groups in their order (Low and Low 2004;
    OHID).

    Each group stands at the middle of its share of the whole population, 0 to 1, and weighs as that share.
    `multiplier` -1 turns the index round, for a value that is worse when higher. The slope is linear in the
    values, so with standard errors of the values its limits are exact; the peer simulates them. Without
    them they are NaN. Raises YourCommand for fewer than three groups, a missing value or a population that
    is not above 0.
    """
    value, people = floats(values, population)
    if value.ndim != 1 or value.size < 3 or not np.isfinite(value).all() or not (people > 0).all():
        raise YourCommand(
            "A slope index needs three or more groups in order, each with a value and people in it.",
            remedy="Leave out not stated, and groups that are hidden or empty.",
        )
    weight = people / people.sum()
    rank = np.cumsum(weight) - weight / 2
    centred = weight * (rank - (weight * rank).sum())
    slope_weights = centred / (centred * rank).sum()
    slope = float((slope_weights * value).sum())
    intercept = float((weight * value).sum() - slope * (weight * rank).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = float(np.divide(intercept + slope, intercept))
    reach = np.nan
    if standard_error is not None:
        (errors,) = floats(standard_error)
        reach = (
            upper_tail_z(confidence) * float(np.sqrt(((slope_weights * errors) ** 2).sum())) * abs(multiplier)
        )
    index = slope * multiplier
    return SlopeIndex(
        index, index - reach, index + reach, 1 / relative if multiplier < 0 else relative, intercept
    )
