"""Quantiles of many settings as one matrix, and the weights that make slope and intercept sums of the values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.groups import Groups


@dataclass(frozen=True)
class Layout:
    """Where each row stands in a matrix of (settings, quantiles). A setting that has not every quantile exactly
    once is incomplete."""

    settings: int
    quantiles: int
    rows: NDArray[np.intp]
    places: NDArray[np.intp]
    complete: NDArray[np.bool_]

    def matrix(self, values: ArrayLike) -> Floats:
        """Values of the rows, shape (settings, quantiles); NaN throughout an incomplete setting."""
        filled = np.full(self.settings * self.quantiles, np.nan)
        filled[self.places] = np.asarray(values, np.float64)[self.rows]
        matrix = filled.reshape(self.settings, self.quantiles)
        matrix[~self.complete] = np.nan
        return matrix


def layout_of(groups: Groups, quantile: ArrayLike | None, rows: int) -> Layout:
    """The matrix of so many rows, a setting a line, ordered by `quantile` or, without one, as given.

    Raises YourCommand where `quantile` has another length or a missing value.
    """
    within = np.zeros(rows) if quantile is None else np.asarray(quantile, np.float64)
    if within.shape != (rows,) or np.isnan(within).any():
        raise YourCommand(
            "Not every row has a quantile.", remedy="Give each row its quantile, or leave the row out."
        )
    order = np.lexsort((within, groups.codes))
    codes = groups.codes[order]
    place = np.arange(rows) - groups.starts[codes]
    if quantile is None:
        count = int(groups.sizes.max(initial=0))
        fits = np.ones(rows, np.bool_)
    else:
        distinct, label = np.unique(within[order], return_inverse=True)
        count = distinct.size
        fits = label.ravel() == place
    complete = (groups.sizes == count) & (groups.total((~fits)[np.argsort(order)]) == 0)
    inside = place < count
    return Layout(groups.count, count, order[inside], (codes * count + place)[inside], complete)


def line_weights(population: Floats) -> tuple[Floats, Floats]:
    """Weights (settings, quantiles) whose sums with the values are the slope and the intercept of weighted least
    squares on the middle of each quantile's share of the population (Low and Low 2004).

    NaN where a population is missing or all of it lies in one quantile.
    """
    before = np.cumsum(population, axis=1)
    total = before[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = population / total
        # people below less people above: whole numbers, so that a rank near the middle keeps its digits
        from_middle = (2 * before - population - total) / (2 * total)
        centred = share * from_middle
        slope = centred / (centred * from_middle).sum(axis=1, keepdims=True)
    return slope, share - slope / 2
