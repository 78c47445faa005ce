"""Proof that a hidden count can be any of 0 to 4: whole tables of whole numbers that fit all that is shown.

Intervals and linear programmes can only say what is impossible. Here a solver looks for tables. Each round asks for
a table that comes as near as can be to a target for every small cell, drawn from the values not seen of it yet, so
that one table proves a value of very many; what is left after some rounds is asked for one by one. A vertex of these
programmes mostly is a table of whole numbers already; where it is not, the cells around its fractions are solved as
whole numbers. Nothing is believed of the solver: a table counts once its sums have been added up again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.knowing import Known, small_cells, told
from joinedup.disclosure.linked import UNKNOWN, Bools, Floats, Ints, Linked
from joinedup.disclosure.solving import Programme

if TYPE_CHECKING:
    from joinedup.disclosure.profiles import Profile

WHOLE = 20_000
"""Cells of a component that is solved as a whole; in a larger one, so many around each cell."""
NEAR = 2_000
ROUNDS = 12
"""Rounds of targets for all cells at once, before values are asked for one by one."""
MENDED = 600
"""Cells around the fractions of a solution that may move while it is mended."""
SEED = 7


def unproved(tables: Linked, hidden: Bools, rule: Profile, seen: Bools) -> list[int]:
    """Small cells of which some value from 0 to the highest hidden one was not proved possible.

    The reader is the strong one, who knows which hidden cells are small. `seen`: values of each cell that were
    proved before, with fewer cells hidden; those found now are added to it.
    """
    small = small_cells(tables, rule)
    known = told(tables, hidden, rule, strong=True)
    proof = _Proof(tables, known, small, seen)
    for component in components(tables, small & ~seen.all(axis=1)):
        if len(component) <= WHOLE:
            proof.search(component)
            continue
        for cell in component[proof.open[component]]:
            if proof.open[cell]:
                proof.search(near(tables, int(cell), NEAR))
    return [int(cell) for cell in np.flatnonzero(proof.open)]


def components(tables: Linked, wanted: Bools) -> list[Ints]:
    """The cells of every connected component that holds a wanted cell."""
    number = tables.components()
    return [np.flatnonzero(number == one) for one in np.unique(number[wanted])]


def near(tables: Linked, cell: int, size: int) -> Ints:
    """The cells nearest to a cell through relations, about so many; with all that have no known count."""
    free = tables.values == UNKNOWN
    found, layer = {cell}, [cell]
    while layer:
        rows = {int(row) for one in layer for row in tables.rows_of(one)}
        beside = sorted({int(other) for row in rows for other in tables.entries(row)} - found)
        # what has no known count cannot stay as it is, however far it is
        layer = [one for place, one in enumerate(beside) if free[one] or place < size - len(found)]
        found |= set(layer)
    return np.array(sorted(found), dtype=np.int64)


class _Proof:
    """Which values of which small cells have been seen in a table that fits."""

    def __init__(self, tables: Linked, known: Known, small: Bools, seen: Bools) -> None:
        self.tables, self.known, self.small, self.seen = tables, known, small, seen
        linked = np.zeros(tables.size, dtype=bool)
        linked[tables.cells] = True
        self.seen[~linked] = True  # no sum tells of it
        self.note(np.flatnonzero(small), tables.values[small])
        self.chance = np.random.default_rng(SEED)

    @property
    def open(self) -> Bools:
        """Small cells of which a value has not been seen."""
        return self.small & ~self.seen.all(axis=1)

    def note(self, cells: Ints, values: Ints) -> None:
        """Enter what the small cells hold in a table that fits."""
        inside = (values >= 0) & (values < self.seen.shape[1])
        self.seen[cells[inside], values[inside]] = True

    def search(self, cells: Ints) -> None:
        """Look for tables in which these cells move and all others stay as they truly are."""
        chosen = cells[self.open[cells]]
        programme = Programme(self.tables, self.known, cells, chosen)
        for _ in range(ROUNDS):
            if not self.open[chosen].any():
                return
            self._take(cells, programme, programme.nearest(self._targets(chosen)))
        for cell in chosen:
            for value in np.flatnonzero(~self.seen[cell]):
                held = int(cell), int(value)
                self._take(cells, programme, programme.nearest(self._targets(chosen), held))

    def _targets(self, chosen: Ints) -> Floats:
        """For every cell one of the values not seen of it, or its true one."""
        lots = self.chance.random((len(chosen), self.seen.shape[1])) * ~self.seen[chosen]
        return np.where(lots.any(axis=1), lots.argmax(axis=1), self.tables.values[chosen]).astype(float)

    def _take(self, cells: Ints, programme: Programme, solution: Floats | None) -> None:
        table = None if solution is None else programme.whole(solution, MENDED)
        if table is not None:
            small = self.small[cells]
            self.note(cells[small], table[small])
