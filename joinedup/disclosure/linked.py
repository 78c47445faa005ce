"""Counts that are linked by sums, as arrays: cells by number, relations as the rows of a sparse matrix.

Counts that are equal by definition are one cell. Relations that the true counts contradict are not used as
they stand: parts short of their total have a rest, and parts above it (people in two groups) say nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from joinedup.errors import OurFault

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
UNKNOWN = -1
"""The count of a cell that was hidden before: nothing is known of it but that it is not negative."""

Cell = TypeVar("Cell", bound=Hashable)
Numbered = tuple[int, tuple[int, ...], bool]


@dataclass(frozen=True, eq=False)
class Linked:
    """`values` of n cells, and m relations: row r is cells `cells[starts[r]:starts[r + 1]]`, the total first.

    `signs` is +1 for a total and -1 for a part, so that a row sums to 0, or to 0 and more where `rest`.
    `weights` says how many published cells a cell stands for; `floor` and `ceiling` what an earlier release told
    of a cell whose count is not known here.
    """

    values: Ints
    weights: Ints
    starts: Ints
    cells: Ints
    rest: Bools
    floor: Floats
    ceiling: Floats

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.values)

    @cached_property
    def row_of(self) -> Ints:
        """Row of each entry of `cells`."""
        return np.repeat(np.arange(len(self.rest)), np.diff(self.starts))

    @cached_property
    def signs(self) -> Floats:
        """Sign of each entry of `cells`."""
        signs = np.full(len(self.cells), -1.0)
        signs[self.starts[:-1]] = 1.0
        return signs

    @cached_property
    def _by_cell(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.cells, kind="stable")
        return np.searchsorted(self.cells[order], np.arange(self.size + 1)), order

    def entries_of(self, cell: int) -> Ints:
        """Positions in `cells` at which a cell stands."""
        starts, order = self._by_cell
        return order[starts[cell] : starts[cell + 1]]

    def rows_of(self, cell: int) -> Ints:
        """Relations in which a cell stands."""
        return np.asarray(self.row_of[self.entries_of(cell)])

    def entries(self, row: int) -> Ints:
        """Cells of a relation, the total first."""
        return self.cells[self.starts[row] : self.starts[row + 1]]

    def components(self) -> Ints:
        """Number of the connected component of every cell."""
        return self._graph[0]

    def trees(self) -> Bools:
        """Cells in whose connected component no two relations are joined in two ways: intervals are exact there."""
        cells, relations = self._graph
        number = int(cells.max(initial=-1)) + 1
        edges = np.bincount(cells[self.cells], minlength=number)
        nodes = np.bincount(cells, minlength=number) + np.bincount(relations, minlength=number)
        return np.asarray((edges == nodes - 1)[cells])

    @cached_property
    def _graph(self) -> tuple[Ints, Ints]:
        """Components of the cells and of the relations, joined where a cell stands in a relation."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        nodes = self.size + len(self.rest)
        links = coo_array(
            (np.ones(len(self.cells)), (self.cells, self.size + self.row_of)), shape=(nodes, nodes)
        )
        component = connected_components(links, directed=False)[1]
        # every relation holds a cell, so components that hold cells are all there are
        return np.asarray(component[: self.size], np.int64), np.asarray(component[self.size :], np.int64)


def linked(
    values: Sequence[int | None],
    relations: Sequence[Numbered],
    earlier: Mapping[int, tuple[int, float]] | None = None,
) -> tuple[Linked, Ints]:
    """The linked cells, and the number of the linked cell that each of `values` is. Raises OurFault below 0.

    `earlier`: lowest and highest count of a cell of None that an earlier release showed.
    """
    known = np.array([UNKNOWN if value is None else value for value in values], dtype=np.int64)
    if any(value is not None and value < 0 for value in values):
        raise OurFault("A count is below 0.", remedy="A difference of counts is no count: release its terms.")
    same = _same(known, relations)
    kept, at = np.unique(same, return_inverse=True)
    merged = known[kept]
    rows: dict[tuple[int, tuple[int, ...], bool], None] = {}
    for total, parts, rest in relations:
        true = _true(known, total, parts, rest)
        row = (int(at[total]), tuple(sorted(int(at[part]) for part in parts)))
        if true is not None and not (len(parts) == 1 and row[0] == row[1][0]):
            rows[*row, true] = None
    bounds = {int(at[cell]): bound for cell, bound in (earlier or {}).items()}
    lengths = [1 + len(parts) for _, parts, _ in rows]
    cells = np.array([cell for total, parts, _ in rows for cell in (total, *parts)], dtype=np.int64)
    found = Linked(
        values=merged,
        weights=np.bincount(at, minlength=len(kept)).astype(np.int64),
        starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        cells=cells,
        rest=np.array([rest for *_, rest in rows], dtype=bool),
        floor=np.array([bounds.get(cell, (0, 0))[0] for cell in range(len(kept))], dtype=float),
        ceiling=np.array([bounds.get(cell, (0, np.inf))[1] for cell in range(len(kept))], dtype=float),
    )
    return found, np.asarray(at, dtype=np.int64)


def numbered(
    cells: Mapping[Cell, Any], relations: Sequence[tuple[Cell, tuple[Cell, ...], bool]]
) -> list[Numbered]:
    """Relations between cells by their position."""
    at = {cell: i for i, cell in enumerate(cells)}
    return [(at[total], tuple(at[part] for part in parts), rest) for total, parts, rest in relations]


def _true(known: Ints, total: int, parts: Sequence[int], rest: bool) -> bool | None:
    """Whether a relation has a rest, None where it does not hold."""
    values = known[list(parts)]
    if known[total] == UNKNOWN or (values == UNKNOWN).any() or known[total] == values.sum():
        return rest
    return None if known[total] < values.sum() else True


def _same(known: Ints, relations: Sequence[Numbered]) -> Ints:
    """For every cell the first of those that are equal to it by definition."""
    root = list(range(len(known)))

    def find(cell: int) -> int:
        while root[cell] != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for total, parts, rest in relations:
        if len(parts) == 1 and not rest and known[total] == known[parts[0]]:
            one, other = sorted((find(total), find(parts[0])))
            root[other] = one
    return np.array([find(cell) for cell in range(len(known))], dtype=np.int64)
