"""Further stars, hidden only to keep small counts hidden: the least that each can stand for, and why not less.

Linear programmes find the least. Their dual solutions name the shown counts on which it rests: unless one of those is
hidden too, the star stays as it is. So the counts to choose from are few, and after more were hidden only stars
whose reason is gone are asked again. One programme for each connected component is kept from round to round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.disclosure.knowing import Known, small_cells, told
from joinedup.disclosure.linked import UNKNOWN, Bools, Floats, Ints, Linked
from joinedup.disclosure.solving import CLOSE, loaded, rows_among, run

if TYPE_CHECKING:
    from joinedup.disclosure.profiles import Profile

SECONDS = 60.0
"""Of one programme: a star whose least was not found by then counts as half known through all its sums."""
PRIMAL = 4  # as HiGHS numbers its ways: only costs change, so that the last solution stays one


@dataclass(frozen=True, eq=False)
class Reason:
    """The least that a star can stand for, and the cells whose limits keep it from being less."""

    least: float
    cells: Ints


class Stars:
    """What a reader who does not know which hidden counts are small can tell of further stars, while more and more
    counts are hidden."""

    def __init__(self, tables: Linked, rule: Profile) -> None:
        self.tables, self.rule = tables, rule
        self.small = small_cells(tables, rule)
        self.component = tables.components()
        self.zero = tables.trees()  # can be 0: intervals were exact there
        self.reasons: dict[int, Reason] = {}
        self.programmes: dict[int, _Programme] = {}
        self.hidden: Bools = np.zeros(tables.size, dtype=bool)

    def half_known(self, hidden: Bools) -> list[Ints]:
        """For every star that can be some of what is hidden for being small, but not 0, the cells that keep it from
        being less. (A star that is seen to be large tells of nobody.) `hidden`: all cells hidden so far, no fewer
        than the last time.
        """
        self._hide(hidden)
        known = told(self.tables, hidden, self.rule, strong=False)
        further = hidden & ~self.small & (self.tables.values != UNKNOWN) & ~self.zero
        stars = np.array([star for star in np.flatnonzero(further) if star not in self.reasons], np.int64)
        for component in np.unique(self.component[stars]):
            if component not in self.programmes:
                cells = np.flatnonzero(self.component == component)
                self.programmes[component] = _Programme(self.tables, known, cells)
            self._ask(self.programmes[component], stars[self.component[stars] == component])
        return [each.cells for each in self.reasons.values() if self._is_half_known(each)]

    def _hide(self, hidden: Bools) -> None:
        """Forget reasons that rest on what is now hidden."""
        fresh, self.hidden = hidden & ~self.hidden, hidden.copy()
        self.reasons = {star: why for star, why in self.reasons.items() if not fresh[why.cells].any()}
        for component, programme in self.programmes.items():
            programme.free(np.flatnonzero(fresh & (self.component == component)))

    def _ask(self, programme: _Programme, stars: Ints) -> None:
        """The least of every star: first of all together, as long as some reach 0 so, then of each."""
        left = len(stars) + 1
        while 1 < len(stars) < left:
            left = len(stars)
            self._learn(programme.least(stars))
            stars = stars[~self.zero[stars]]
        for star in stars:
            if not self.zero[star]:
                table = programme.least(np.array([star]))
                self._learn(table)
                if not self.zero[star]:
                    self.reasons[int(star)] = self._reason(programme, star, table)

    def _learn(self, table: Floats | None) -> None:
        """Enter which cells are 0 in a table that fits."""
        if table is not None:
            self.zero |= table <= CLOSE

    def _reason(self, programme: _Programme, star: int, table: Floats | None) -> Reason:
        if table is not None:
            return Reason(float(table[star]), programme.resting())
        rows = self.tables.rows_of(star)
        return Reason(1.0, np.unique(np.concatenate([self.tables.entries(row) for row in rows])))

    def _is_half_known(self, reason: Reason) -> bool:
        return reason.least <= self.rule.hide_below - 1 + CLOSE


class _Programme:
    """What is shown of a component and its sums."""

    def __init__(self, tables: Linked, known: Known, cells: Ints) -> None:
        self.size, self.cells = tables.size, cells
        matrix, _, rest = rows_among(tables, cells)
        zeros = np.zeros(len(rest))
        limits, columns = (zeros, np.where(rest, np.inf, zeros)), (known.low[cells], known.high[cells])
        self.cost = np.zeros(len(cells))
        self.highs: Any = loaded(matrix, limits, columns, self.cost, integer=False)
        self.highs.setOptionValue("simplex_strategy", PRIMAL)

    def free(self, cells: Ints) -> None:
        """Nothing is told of these any more."""
        columns = np.searchsorted(self.cells, cells).astype(np.int32)
        zeros = np.zeros(len(cells))
        self.highs.changeColsBounds(len(cells), columns, zeros, zeros + np.inf)

    def least(self, stars: Ints) -> Floats | None:
        """The table in which these stars together are least, cells of other components endless; None where it was
        not found in time."""
        cost = np.isin(self.cells, stars).astype(float)
        changed = np.flatnonzero(cost != self.cost).astype(np.int32)
        self.highs.changeColsCost(len(changed), changed, cost[changed])
        self.cost = cost
        if not run(self.highs, SECONDS):
            return None
        solution = self.highs.getSolution()
        self.reduced = np.asarray(solution.col_dual)
        table = np.full(self.size, np.inf)
        table[self.cells] = solution.col_value
        return table

    def resting(self) -> Ints:
        """Cells whose limits keep the last table from being less: those of a reduced cost."""
        return np.asarray(self.cells[np.abs(self.reduced) > CLOSE / 10])
