"""Proof that a hidden count can be any of 0 to 4: whole tables of whole numbers that fit all that is shown.

Intervals and linear programmes can only say what is impossible. Here a solver looks for tables: near a cell
first, with everything farther away as it truly is, then wider. One table proves a value for every cell in
it, so a few tables with many zeros, or many fours, prove most; what is left is asked for one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.disclosure.knowing import Known, small_cells, told
from joinedup.disclosure.linked import UNKNOWN, Bools, Ints, Linked

if TYPE_CHECKING:
    from joinedup.disclosure.profiles import Profile

SIZES = (150, 500, 2_000)
"""Cells that may move in one search; where a value is not found among so many, more are tried."""
SECONDS = 1.0


def unproved(tables: Linked, hidden: Bools, rule: Profile, seen: Bools) -> list[int]:
    """Small cells of which some value from 0 to the highest hidden one was not proved possible.

    The reader is the strong one, who knows which hidden cells are small. `seen`: values of each cell that were
    proved before, with fewer cells hidden; those found now are added to it.
    """
    small = small_cells(tables, rule)
    if seen[small].all():
        return []
    known = told(tables, hidden, rule, strong=True)
    proof = _Proof(tables, known, small, seen)
    for size in SIZES:
        for cell in np.flatnonzero(small):
            if not proof.done(int(cell)):
                proof.search(int(cell), size)
        if proof.complete or size >= tables.size:
            break
    return [int(cell) for cell in np.flatnonzero(small) if not proof.done(int(cell))]


class _Proof:
    """Which values of which small cells have been seen in a table that fits."""

    def __init__(self, tables: Linked, known: Known, small: Bools, seen: Bools) -> None:
        self.tables, self.known, self.small = tables, known, small
        self.seen = seen
        self.base = tables.values.astype(float)
        self.free = tables.values == UNKNOWN
        self.note(np.flatnonzero(small & ~self.free), self.base)
        linked = np.zeros(tables.size, dtype=bool)
        linked[tables.cells] = True
        self.seen[~linked] = True

    @property
    def complete(self) -> bool:
        """Whether every value of every small cell has been seen."""
        return bool(self.seen[self.small].all())

    def done(self, cell: int) -> bool:
        """Whether every value of a cell has been seen."""
        return bool(self.seen[cell].all())

    def note(self, cells: Ints, values: Any) -> None:
        """Enter what a table that fits holds."""
        small = cells[self.small[cells]]
        found = np.rint(np.asarray(values, dtype=float)[self.small[cells]] if len(values) == len(cells)
                        else values[small]).astype(np.int64)  # fmt: skip
        inside = (found >= 0) & (found < self.seen.shape[1])
        self.seen[small[inside], found[inside]] = True

    def search(self, cell: int, size: int) -> None:
        """Look for tables around a cell: many small values, many large ones, then each that is left."""
        around = near(self.tables, cell, size, self.free)
        model = _Model(self, around)
        for cost in (1.0, -1.0):
            if not self.done(cell):
                model.extreme(cost)
        for value in np.flatnonzero(~self.seen[cell]):
            if not self.seen[cell, value]:
                model.exactly(cell, int(value))


def near(tables: Linked, cell: int, size: int, free: Bools) -> Ints:
    """The cells nearest to a cell through relations, about so many; with all that have no known count."""
    found, layer = {cell}, [cell]
    while layer and len(found) < size:
        rows = {int(row) for one in layer for row in tables.rows_of(one)}
        layer = sorted({int(other) for row in rows for other in tables.entries(row)} - found)
        layer = layer[: size - len(found)]
        found |= set(layer)
    reached = _reached(tables, found, free)
    return np.array(sorted(found | reached), dtype=np.int64)


def _reached(tables: Linked, found: set[int], free: Bools) -> set[int]:
    """Cells without a known count in the relations of cells found: they cannot stay as they are."""
    reached, layer = set[int](), list(found)
    while layer:
        rows = {int(row) for one in layer for row in tables.rows_of(one)}
        layer = [int(o) for row in rows for o in tables.entries(row) if free[o] and o not in reached | found]
        reached |= set(layer)
    return reached


class _Model:
    """A solver over the cells around one, all others as they truly are."""

    def __init__(self, proof: _Proof, cells: Ints) -> None:
        import highspy

        self.proof, self.cells, self.highs = proof, cells, highspy.Highs()
        self.optimal = highspy.HighsModelStatus.kOptimal
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", SECONDS),
            ("mip_rel_gap", 0.3),
        ):
            self.highs.setOptionValue(option, value)
        model: Any = highspy.HighsLp()
        tables, known = proof.tables, proof.known
        rows = np.unique(np.concatenate([tables.rows_of(int(cell)) for cell in cells]))
        at = np.full(tables.size, -1, dtype=np.int64)
        at[cells] = np.arange(len(cells))
        entries = np.concatenate([np.arange(tables.starts[r], tables.starts[r + 1]) for r in rows])
        inside = at[tables.cells[entries]] >= 0
        row = np.searchsorted(rows, tables.row_of[entries])
        fixed = np.where(inside, 0.0, tables.signs[entries] * proof.base[tables.cells[entries]])
        rest = np.bincount(row, weights=fixed, minlength=len(rows))
        model.num_col_, model.num_row_ = len(cells), len(rows)
        model.col_cost_ = np.zeros(len(cells))
        model.col_lower_, model.col_upper_ = known.low[cells], known.high[cells]
        model.row_lower_ = -rest
        model.row_upper_ = np.where(tables.rest[rows], highspy.kHighsInf, -rest)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate(
            [[0], np.cumsum(np.bincount(row[inside], minlength=len(rows)))]
        )
        model.a_matrix_.index_ = at[tables.cells[entries[inside]]]
        model.a_matrix_.value_ = tables.signs[entries[inside]]
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(cells)
        self.highs.passModel(model)
        self.at = at

    def extreme(self, cost: float) -> None:
        """A table with small values as low (or as high) as can be where they have not been seen so."""
        edge = 0 if cost > 0 else -1
        wanted = self.proof.small[self.cells] & ~self.proof.seen[self.cells, edge]
        self.highs.changeColsCost(len(self.cells), np.arange(len(self.cells), dtype=np.int32), cost * wanted)
        self._solve()
        self.highs.changeColsCost(
            len(self.cells), np.arange(len(self.cells), dtype=np.int32), np.zeros(len(self.cells))
        )

    def exactly(self, cell: int, value: int) -> None:
        """A table with one cell at one value."""
        column = int(self.at[cell])
        self.highs.changeColBounds(column, float(value), float(value))
        self._solve()
        self.highs.changeColBounds(column, self.proof.known.low[cell], self.proof.known.high[cell])

    def _solve(self) -> None:
        self.highs.run()
        if self.highs.getModelStatus() == self.optimal:
            self.proof.note(self.cells, np.array(self.highs.getSolution().col_value))
