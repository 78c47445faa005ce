"""Linear relations over whole numbers: narrowing by intervals, folding away what decides nothing, parts that
do not touch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CLOSE = 1e-6
MOST_ROUNDS = 200


@dataclass(frozen=True)
class System:
    """Entries (`row`, `column`, `weight`) of rows within `row_low`, `row_high`, over counts in `low`, `high`."""

    row: Ints
    column: Ints
    weight: Floats
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats

    def activity(self) -> tuple[Floats, Floats]:
        """Smallest and largest value that each row can have, by the bounds alone; may be infinite."""
        least, most = self._ends()
        number = len(self.row_low)
        return _sums(self.row, least, number), _sums(self.row, most, number)

    def _ends(self) -> tuple[Floats, Floats]:
        low, high = self.low[self.column], self.high[self.column]
        up = self.weight > 0
        return self.weight * np.where(up, low, high), self.weight * np.where(up, high, low)

    def narrowed(self) -> System:
        """The same with bounds narrowed by every row until nothing changes; a `low` above its `high` means
        that the rows contradict each other.
        """
        found = self
        for _ in range(MOST_ROUNDS):
            low, high = found._once()
            same = np.array_equal(low, found.low) and np.array_equal(high, found.high)
            if same or bool((low > high).any()):
                return replace(found, low=low, high=high)
            found = replace(found, low=low, high=high)
        return found

    def _once(self) -> tuple[Floats, Floats]:
        least, most = self._ends()
        beyond_low = self._others(least, self.row_high)
        beyond_high = self._others(most, self.row_low)
        up = self.weight > 0
        to_high = np.where(up, beyond_low, beyond_high) / self.weight
        to_low = np.where(up, beyond_high, beyond_low) / self.weight
        low, high = self.low.copy(), self.high.copy()
        np.fmax.at(low, self.column, np.ceil(to_low - CLOSE))
        np.fmin.at(high, self.column, np.floor(to_high + CLOSE))
        return low, high

    def _others(self, ends: Floats, limit: Floats) -> Floats:
        """What each row's limit leaves for one count when all others are at their ends; NaN where nothing is
        known.
        """
        number, open_ = len(self.row_low), ~np.isfinite(ends)
        finite = np.where(open_, 0.0, ends)
        sums, opens = np.bincount(self.row, finite, number), np.bincount(self.row, open_, number)
        left = limit[self.row] - sums[self.row] + finite
        known = (opens[self.row] - open_ == 0) & np.isfinite(left)
        return np.where(known, left, np.nan)

    def idle(self) -> Bools:
        """Rows that the bounds alone fulfil."""
        least, most = self.activity()
        return (least >= self.row_low - CLOSE) & (most <= self.row_high + CLOSE)

    def folded(self, kept: Bools) -> System:
        """Without idle rows, with fixed counts and those not `kept` that stand in one row only moved into the
        row's limits. Nothing is lost: such a count can always be chosen to fit (its weight is 1 in a row of
        whole weights).
        """
        found = self._without_fixed()
        while True:
            found = found._without(found.idle()[found.row])
            alone = np.bincount(found.column, minlength=len(self.low)) == 1
            broken = np.bincount(found.row, np.abs(found.weight) != 1, len(self.row_low)) > 0
            slack = alone[found.column] & ~kept[found.column] & ~broken[found.row]
            if not slack.any():
                return found
            found = found._into_limits(slack)

    def _without_fixed(self) -> System:
        return self._into_limits(self.low[self.column] == self.high[self.column])

    def _into_limits(self, entries: Bools) -> System:
        least, most = self._ends()
        row_low, row_high = self.row_low.copy(), self.row_high.copy()
        np.subtract.at(row_low, self.row[entries], most[entries])
        np.subtract.at(row_high, self.row[entries], least[entries])
        return replace(self, row_low=row_low, row_high=row_high)._without(entries)

    def _without(self, entries: Bools) -> System:
        left = ~entries
        return replace(self, row=self.row[left], column=self.column[left], weight=self.weight[left])

    def parts(self) -> list[Part]:
        """Parts that share no count, each with its counts and rows numbered anew."""
        columns, column = np.unique(self.column, return_inverse=True)
        rows, row = np.unique(self.row, return_inverse=True)
        size = len(columns) + len(rows)
        graph = coo_array((np.ones(len(row)), (column, row + len(columns))), shape=(size, size))
        number, label = connected_components(graph, directed=False)
        of_column, of_row = label[: len(columns)], label[len(columns) :]
        groups = zip(
            _by_label(of_column, number), _by_label(of_row, number), _by_label(of_column[column], number),
            strict=True,
        )  # fmt: skip
        return [self._part(columns[c], rows[r], entries) for c, r, entries in groups]

    def _part(self, columns: Ints, rows: Ints, entries: Ints) -> Part:
        system = System(
            np.searchsorted(rows, self.row[entries]),
            np.searchsorted(columns, self.column[entries]),
            self.weight[entries],
            self.row_low[rows],
            self.row_high[rows],
            self.low[columns],
            self.high[columns],
        )
        return Part(columns, system)

    @property
    def is_tree(self) -> bool:
        """Whether narrowed bounds are the whole truth: whole weights of 1, and one way between any two counts."""
        joined = len(self.row) == len(self.low) + len(self.row_low) - 1
        return joined and bool((np.abs(self.weight) == 1).all())

    def holds(self, values: Floats) -> bool:
        """Whether these whole numbers fulfil every row and bound."""
        if (values < self.low).any() or (values > self.high).any():
            return False
        sums = np.bincount(self.row, self.weight * values[self.column], len(self.row_low))
        return bool(((sums >= self.row_low - CLOSE) & (sums <= self.row_high + CLOSE)).all())


def _sums(row: Ints, values: Floats | Bools, number: int) -> Floats:
    return np.bincount(row, values, number).astype(np.float64)


@dataclass(frozen=True)
class Part:
    """Counts that hang together: their numbers in the whole system, and the system of their own."""

    columns: Ints
    system: System


def _by_label(labels: NDArray[np.int32], number: int) -> list[Ints]:
    """Places of each label, in order."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.searchsorted(labels[order], np.arange(1, number)))
