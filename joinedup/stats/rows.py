"""Columns of a table as arrays: one shape, one length, and what cannot be refused in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats


def rows_of(*columns: ArrayLike) -> tuple[Floats, ...]:
    """Columns of float64, shape (rows,); a single number stands for every row. None becomes missing (NaN).

    Raises YourCommand where columns differ in length or are tables themselves.
    """
    arrays = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns]
    lengths = {array.size for array in arrays if array.size != 1}
    if len(lengths) > 1 or any(array.ndim != 1 for array in arrays):
        raise YourCommand(
            f"Columns of shapes {', '.join(str(array.shape) for array in arrays)} are not rows of one table.",
            remedy="Give every column one entry for each row, or a single number for all of them.",
        )
    return tuple(np.broadcast_arrays(*arrays))


def refuse(wrong: NDArray[np.bool_], what: str, *, remedy: str) -> None:
    """Raises YourCommand, with the number of rows, where any row is wrong."""
    number = int(np.count_nonzero(wrong))
    if number:
        raise YourCommand(f"{what} ({number} of {wrong.size} rows).", remedy=remedy)
