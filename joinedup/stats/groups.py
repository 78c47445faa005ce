"""Rows sorted into groups once, so that sums and running totals by group are single array operations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats


@dataclass(frozen=True)
class Groups:
    """Distinct labels in order of first appearance, and for every row the position of its label."""

    labels: NDArray[Any]
    codes: NDArray[np.intp]

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.labels.size)

    @cached_property
    def sizes(self) -> NDArray[np.intp]:
        """Rows of each group."""
        return np.bincount(self.codes, minlength=self.count)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions that bring the rows of a group together; rows of a group keep their order."""
        return np.argsort(self.codes, kind="stable")

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """First place of each group in `order`."""
        return (np.cumsum(self.sizes) - self.sizes).astype(np.intp)

    def total(self, values: ArrayLike) -> Floats:
        """Sum by group, shape (count,). A missing value makes its group's sum missing."""
        weights = np.asarray(values, dtype=np.float64)
        return np.bincount(self.codes, weights=weights, minlength=self.count).astype(np.float64)

    def spread(self, per_group: NDArray[Any]) -> NDArray[Any]:
        """A value of each group, repeated for each of its rows."""
        return per_group[self.codes]

    def running_total(self, values: ArrayLike) -> Floats:
        """Sum of a row and the rows of its group before it, in the order given, shape (rows,). A missing value
        makes the sums of its group from there on missing."""
        ordered = np.asarray(values, dtype=np.float64)[self.order]
        # One running sum over all rows would carry a missing value into the groups after its own.
        missing = np.isnan(ordered)
        total = self._within(np.where(missing, 0.0, ordered))
        found = np.empty_like(total)
        found[self.order] = np.where(self._within(missing.astype(np.float64)) > 0, np.nan, total)
        return found

    def _within(self, ordered: Floats) -> Floats:
        """Running sums, starting anew in every group, of rows in the order of `order`."""
        total = np.cumsum(ordered)
        before = np.where(self.starts > 0, total[self.starts - 1], 0.0) if total.size else total
        return np.asarray(total - np.repeat(before, self.sizes))


def groups_of(groups: ArrayLike | None, rows: int) -> Groups:
    """Groups of so many rows; None is one group of all. Raises YourCommand where labels and rows differ in
    number or a label is missing.
    """
    if groups is None:
        return Groups(np.array(["all"]), np.zeros(rows, np.intp))
    labels = np.asarray(groups)
    if labels.shape != (rows,):
        raise YourCommand(
            f"{labels.size} group labels were given for {rows} rows.", remedy="Give each row one label."
        )
    if _any_missing(labels):
        raise YourCommand("A group label is missing.", remedy="Name every row's group, or leave the row out.")
    texts = labels.astype(str) if labels.dtype.kind == "O" else labels
    # Rows mostly come group by group, so runs of one label are found first and only their heads sorted.
    heads = np.flatnonzero(np.concatenate(([True], texts[1:] != texts[:-1]))[:rows])
    distinct, first, codes = np.unique(texts[heads], return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    place = np.empty_like(by_appearance)
    place[by_appearance] = np.arange(distinct.size)
    lengths = np.diff(np.append(heads, rows))
    return Groups(
        labels[heads[first[by_appearance]]], np.repeat(place[codes.ravel()], lengths).astype(np.intp)
    )


def _any_missing(labels: NDArray[Any]) -> bool:
    if labels.dtype.kind == "f":
        return bool(np.isnan(labels).any())
    if labels.dtype.kind == "O":
        return any(label is None or (isinstance(label, float) and np.isnan(label)) for label in labels)
    return False
