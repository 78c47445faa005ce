"""Areas put into fifths, tenths or other equal parts by a value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.groups import groups_of
from joinedup.stats.rows import rows_of


def assigned_quantiles(
    values: ArrayLike, groups: ArrayLike | None = None, *, parts: int = 10, highest_first: bool = True
) -> Floats:
    """Which of so many equal parts each row falls into, 1 to `parts`, ranked within its group; shape (rows,).

    Quantile 1 holds the highest values, or the lowest where `highest_first` is False. Ties share the rank of
    their first, so they are never parted. Missing values are left out and stay missing (NaN), as does every
    row of a group with fewer values than parts. Raises YourCommand for `parts` that are no whole number from 2.
    Source: OHID, PHEindicatormethods 2.1.0 (phe_quantile).
    """
    if parts != int(parts) or parts < 2:
        raise YourCommand(
            f"{parts} parts cannot be made.", remedy="Ask for a whole number from 2, as 5 or 10."
        )
    (value,) = rows_of(values)
    codes = groups_of(groups, value.size).codes
    known = np.flatnonzero(~np.isnan(value))
    rank, areas = _ranks(-value[known] if highest_first else value[known], codes[known])
    # in whole numbers, since area / (areas / parts) rounds ties at a boundary either way
    quantile = parts + 1 + (areas + 1 - rank) * -int(parts) // areas
    found = np.full(value.size, np.nan)
    found[known] = np.where(areas >= parts, quantile, np.nan)
    return found


def _ranks(value: Floats, codes: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rank from 1 of each value in its group, ties at their lowest, and the number of values in its group."""
    order = np.lexsort((value, codes))
    value, code = value[order], codes[order]
    place = np.arange(order.size)
    begins = np.ones(order.size, bool)
    begins[1:] = code[1:] != code[:-1]
    new = begins.copy()
    new[1:] |= value[1:] != value[:-1]
    start, tie = (np.maximum.accumulate(np.where(flags, place, 0)) for flags in (begins, new))
    rank = np.empty_like(place)
    rank[order] = tie - start + 1
    return rank, np.bincount(codes)[codes] if codes.size else rank
