"""Linear programmes over linked counts, through HiGHS: the table nearest to given targets, in whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from joinedup.disclosure.knowing import Known
from joinedup.disclosure.linked import UNKNOWN, Floats, Ints, Linked

SECONDS = 5.0
"""Of one run of the solver: a value not found by then counts as not possible."""
CLOSE = 1e-6


class Programme:
    """Cells that move within what is known of them, all others at their true counts; and how far each is from its
    target. The distances of chosen cells weigh a hundred times those of the others, whose targets are their true
    counts: so that little moves, and what moves is whole."""

    def __init__(self, tables: Linked, known: Known, cells: Ints, chosen: Ints) -> None:
        self.low, self.high = known.low[cells], known.high[cells]
        self.matrix, self.fixed, self.rest = rows_among(tables, cells)
        self.true = tables.values[cells]
        self.chosen = np.searchsorted(cells, chosen)
        self.column = dict(zip(chosen.tolist(), self.chosen.tolist(), strict=True))
        self.weight = np.full(len(cells), 0.01)
        self.weight[self.chosen] = 1.0
        self.weight[tables.values[cells] == UNKNOWN] = 0.0
        self.highs = loaded(*self._with_distances(), integer=False)

    def _with_distances(self) -> tuple[Any, ...]:
        """Matrix, row limits, column limits and cost, with a column of distance and two rows for each cell:
        cell - distance <= target <= cell + distance."""
        number = len(self.true)
        eye = identity(number, format="csr")
        none = csr_array((self.matrix.shape[0], number))
        matrix = vstack([hstack([self.matrix, none]), hstack([eye, -eye]), hstack([eye, eye])]).tocsr()
        endless, zeros = np.full(number, np.inf), np.zeros(number)
        rows = (
            np.concatenate([-self.fixed, -endless, self.true]),
            np.concatenate([np.where(self.rest, np.inf, -self.fixed), self.true, endless]),
        )
        columns = np.concatenate([self.low, zeros]), np.concatenate([self.high, endless])
        return matrix, rows, columns, np.concatenate([zeros, self.weight])

    def nearest(self, targets: Floats, held: tuple[int, int] | None = None) -> Floats | None:
        """The table nearest to the targets of the chosen cells, perhaps in fractions; `held`: a cell and the value
        that it must have. None where there is no such table, or it was not found in time."""
        number = len(self.chosen)
        above = self.matrix.shape[0] + self.chosen
        rows = np.concatenate([above, above + len(self.true)]).astype(np.int32)
        endless = np.full(number, np.inf)
        self.highs.changeRowsBounds(
            2 * number, rows, np.concatenate([-endless, targets]), np.concatenate([targets, endless])
        )
        if held is None:
            return self._solved()
        column = self.column[held[0]]
        self.highs.changeColBounds(column, float(held[1]), float(held[1]))
        found = self._solved()
        self.highs.changeColBounds(column, float(self.low[column]), float(self.high[column]))
        return found

    def _solved(self) -> Floats | None:
        return _solution(self.highs, len(self.low))

    def whole(self, solution: Floats, most: int) -> Ints | None:
        """A solution as a table of whole numbers that fits, with fractions mended; None where that fails."""
        table = np.rint(solution)
        broken = np.abs(solution - table) > CLOSE
        if broken.any():
            mended = self._mended(table, broken, most)
            if mended is None:
                return None
            table = mended
        return table.astype(np.int64) if self.fits(table) else None

    def fits(self, table: Floats) -> bool:
        """Whether a table lies within what is known and all its sums hold, added up anew."""
        off = self.matrix @ table + self.fixed
        inside = (table >= self.low) & (table <= self.high)
        return bool(inside.all() and np.where(self.rest, off >= 0, off == 0).all())

    def _mended(self, table: Floats, broken: Any, most: int) -> Floats | None:
        """The cells in the sums of broken ones, and in theirs, solved as whole numbers; the others as they are."""
        move = broken
        for _ in range(2):
            wider = self._beside(move)
            if np.count_nonzero(wider) > most and move is not broken:
                break
            move = wider
        columns = np.flatnonzero(move)
        rows = np.flatnonzero(np.abs(self.matrix[:, columns]).sum(axis=1) > 0)
        stay = np.where(move, 0.0, table)
        fixed = (self.matrix[rows] @ stay) + self.fixed[rows]
        limits = -fixed, np.where(self.rest[rows], np.inf, -fixed)
        part = self.matrix[rows][:, columns].tocsr()
        highs = loaded(
            part, limits, (self.low[columns], self.high[columns]), np.zeros(len(columns)), integer=True
        )
        found = _solution(highs, len(columns))
        if found is None:
            return None
        mended = table.copy()
        mended[columns] = np.rint(found)
        return mended

    def _beside(self, cells: Any) -> Any:
        """Cells that stand in a sum with one of these."""
        touched = (np.abs(self.matrix) @ cells.astype(float)) > 0
        return (np.abs(self.matrix).T @ touched.astype(float)) > 0


def rows_among(tables: Linked, cells: Ints) -> tuple[csr_array, Floats, Any]:
    """The relations in which the cells stand, over those cells; what the others add; and which have a rest."""
    at = np.full(tables.size, -1, dtype=np.int64)
    at[cells] = np.arange(len(cells))
    inside = at[tables.cells] >= 0
    rows = np.unique(tables.row_of[inside])
    within = np.isin(tables.row_of, rows)
    place = np.searchsorted(rows, tables.row_of)
    shape = (len(rows), len(cells))
    matrix = csr_array((tables.signs[inside], (place[inside], at[tables.cells[inside]])), shape=shape)
    outside = within & ~inside
    if (tables.values[tables.cells[outside]] == UNKNOWN).any():
        raise ValueError("a cell without a known count stays outside the programme")
    added = tables.signs[outside] * tables.values[tables.cells[outside]]
    fixed = np.bincount(place[outside], weights=added, minlength=len(rows)).astype(np.float64)
    return matrix, fixed, tables.rest[rows]


def loaded(
    matrix: Any, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], cost: Floats, *, integer: bool
) -> Any:
    """A programme as HiGHS holds it; limits are lowest and highest values."""
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    model: Any = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = columns
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    if integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    highs.passModel(model)
    return highs


def _solution(highs: Any, number: int) -> Floats | None:
    return (
        np.asarray(highs.getSolution().col_value[:number], dtype=np.float64) if run(highs, SECONDS) else None
    )


def run(highs: Any, seconds: float) -> bool:
    """Solve as far as it goes in so many seconds; whether the solution found is the best."""
    import highspy

    highs.setOptionValue("time_limit", highs.getRunTime() + seconds)  # its clock goes on from run to run
    highs.run()
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
