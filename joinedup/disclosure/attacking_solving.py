"""What whole numbers hidden counts can be: linear programmes exclude, tables of whole numbers prove.

A value outside what the linear programme allows is impossible: nothing is reported on less. In parts of up
to EXACT_UP_TO counts the integer programme settles every value between, and a table of whole numbers proves
each that is possible. In larger parts, where it takes minutes a question, a value that the linear programme
allows is taken to be possible, and the cell is told as not proved.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.disclosure.attacking_bounds import CLOSE, Bools, Floats, Ints, System

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

SMALL = range(5)
EXACT_UP_TO = 300
MOST_PUSHES = 12
SECONDS_A_QUESTION = 10.0
FEASIBLE = 2  # as HiGHS says that a solution fulfils everything


@dataclass(frozen=True)
class Range:
    """What a count can be: the ends, which of 0 to 4, whether the question was settled, and whether every
    possible one of 0 to 4 was proved by a table of whole numbers.
    """

    smallest: float
    largest: float
    possible: tuple[int, ...]
    decided: bool = True
    proved: bool = True


def open_range(low: float, high: float) -> Range:
    """The range of a count that can be anything from `low` to `high`."""
    return Range(low, high, tuple(value for value in SMALL if low <= value <= high))


def ranges(
    system: System, hidden: Ints, until: float = math.inf, exact_up_to: int = EXACT_UP_TO
) -> list[Range] | None:
    """The range of every hidden count of a narrowed part; None where its rows contradict each other. The ends
    of a count that can be all of 0 to 4 are not looked for. `until`: when to stop (time.monotonic).
    """
    if system.is_tree:
        return [open_range(system.low[at], system.high[at]) for at in hidden]
    search = _Search(system, hidden, until)
    exact = len(system.low) <= exact_up_to
    if not search.push(exact):
        return None
    return [search.range_of(at, exact) for at in range(len(hidden))]


class _Search:
    """Collects solutions, each of which shows what many hidden counts can be at once. Two solutions have
    everything between them (in fractions); those of whole numbers are proofs.
    """

    def __init__(self, system: System, hidden: Ints, until: float) -> None:
        self.system, self.hidden, self.until = system, hidden, until
        self.proved: Bools = np.zeros((len(hidden), len(SMALL)), bool)
        self.least: Floats = np.full(len(hidden), np.inf)
        self.most: Floats = np.full(len(hidden), -np.inf)
        self.model = _Model(system)

    def learn(self, values: Floats) -> None:
        """Keep what a solution shows."""
        found, whole = values[self.hidden], np.round(values)
        self.least, self.most = np.minimum(self.least, found), np.maximum(self.most, found)
        if self.system.holds(whole):
            for value in SMALL:
                self.proved[:, value] |= whole[self.hidden] == value

    def push(self, exact: bool) -> bool:
        """Move all hidden counts towards 0 together and then towards 4 (all of 0 to 4 where each is to be
        proved), and again those that did not follow. False where there is no solution at all.
        """
        pushed = _Model(self.system, self.hidden)
        low, high = self.system.low[self.hidden], self.system.high[self.hidden]
        solved = False
        for value in SMALL if exact else (SMALL[0], SMALL[-1]):
            can = (low <= value) & (value <= high)
            for _ in range(MOST_PUSHES):
                wanted = can & ~(self.proved[:, value] if exact else self.reached(value))
                if solved and (not wanted.any() or time.monotonic() > self.until):
                    break
                values = pushed.towards(value, wanted)
                if values is None:
                    return not pushed.impossible
                self.learn(values)
                solved = True
                left = can & ~(self.proved[:, value] if exact else self.reached(value))
                if left.sum() == wanted.sum():
                    break
        return True

    def reached(self, value: int) -> Bools:
        """Hidden counts that can be as small as 0, or as large as 4."""
        far: Bools = self.least <= value + CLOSE if value == SMALL[0] else self.most >= value - CLOSE
        return far

    def range_of(self, at: int, exact: bool) -> Range:
        """The range of one hidden count."""
        column = int(self.hidden[at])
        around = open_range(self.system.low[column], self.system.high[column])
        if time.monotonic() > self.until:
            return replace(around, decided=False, proved=False)
        if not (self.reached(SMALL[0])[at] and self.reached(SMALL[-1])[at]):
            around = open_range(self.end(column, -1, exact), self.end(column, 1, exact))
        asked = {value: self.can_be(at, value, exact) for value in around.possible}
        possible = tuple(value for value, answer in asked.items() if answer is not False)
        return replace(around, possible=possible, proved=None not in asked.values())

    def end(self, column: int, way: int, exact: bool) -> float:
        """The smallest (`way` -1) or largest (1) whole value of a count."""
        found = self.model.extreme(column, way)
        if math.isfinite(found) and exact:
            found = self.model.extreme(column, way, whole=True, default=found)
        if self.model.values is not None:
            self.learn(self.model.values)
        if not math.isfinite(found):
            return found
        return float(math.floor(found + CLOSE) if way > 0 else math.ceil(found - CLOSE))

    def can_be(self, at: int, value: int, exact: bool) -> bool | None:
        """Whether a table with this value exists; None where the linear programme allows it, and no more is
        known.
        """
        if exact and not self.proved[at, value]:
            values, impossible = self.model.fixed(int(self.hidden[at]), value)
            if impossible:
                return False
            if values is not None:
                self.learn(values)
        return True if self.proved[at, value] else None


class _Model:
    """A part as HiGHS holds it, kept between questions so that each starts where the last ended."""

    def __init__(self, system: System, pushed: ArrayLike = ()) -> None:
        import highspy

        self.highspy, self.system = highspy, system
        self.pushed = np.asarray(pushed, dtype=np.int64)
        self.values: Floats | None = None
        self.kind = highspy.HighsVarType.kContinuous
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            self.solver.setOptionValue(option, value)
        self.solver.passModel(self._programme())

    def _programme(self) -> Any:
        """The rows of the system, and for each pushed count `count - above + below = value` to be set."""
        system, size, extra = self.system, len(self.system.low), len(self.pushed)
        links = len(system.row_low) + np.arange(extra)
        row = np.concatenate([system.row, links, links, links])
        column = np.concatenate([system.column, self.pushed, size + np.arange(2 * extra)])
        ones = np.ones(extra)
        weight = np.concatenate([system.weight, ones, -ones, ones])
        order = np.lexsort((row, column))
        total = size + 2 * extra
        programme = self.highspy.HighsLp()
        programme.num_col_, programme.num_row_ = total, len(system.row_low) + extra
        programme.col_cost_ = np.zeros(total)
        programme.col_lower_ = np.concatenate([system.low, np.zeros(2 * extra)])
        programme.col_upper_ = np.concatenate([system.high, np.full(2 * extra, np.inf)])
        programme.row_lower_ = np.concatenate([system.row_low, np.zeros(extra)])
        programme.row_upper_ = np.concatenate([system.row_high, np.zeros(extra)])
        programme.a_matrix_.format_ = self.highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = np.searchsorted(column[order], np.arange(total + 1))
        programme.a_matrix_.index_ = row[order]
        programme.a_matrix_.value_ = weight[order]
        return programme

    def solve(self, *, whole: bool = False) -> Floats | None:
        """A solution, best or found in time; None where there is none. `whole`: of whole numbers."""
        self._kind(self.highspy.HighsVarType.kInteger if whole else self.highspy.HighsVarType.kContinuous)
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + SECONDS_A_QUESTION)
        self.solver.run()
        status = self.solver.getModelStatus()
        self.impossible = status == self.highspy.HighsModelStatus.kInfeasible
        self.best = status == self.highspy.HighsModelStatus.kOptimal
        self.values = None
        if self.solver.getInfo().primal_solution_status == FEASIBLE:
            self.values = np.array(self.solver.getSolution().col_value)[: len(self.system.low)]
        return self.values

    def _kind(self, kind: Any) -> None:
        if kind != self.kind:
            size = len(self.system.low)
            columns = np.arange(size, dtype=np.int32)
            self.solver.changeColsIntegrality(size, columns, np.full(size, int(kind), np.uint8))
            self.kind = kind

    def towards(self, value: int, wanted: Bools) -> Floats | None:
        """A solution with the wanted counts as near to the value as they all can be."""
        size, extra = len(self.system.low), len(self.pushed)
        rows = (len(self.system.row_low) + np.arange(extra)).astype(np.int32)
        self.solver.changeRowsBounds(extra, rows, np.full(extra, float(value)), np.full(extra, float(value)))
        costs = np.tile(wanted.astype(float), 2)
        self.solver.changeColsCost(2 * extra, (size + np.arange(2 * extra)).astype(np.int32), costs)
        return self.solve()

    def extreme(self, column: int, way: int, *, whole: bool = False, default: float | None = None) -> float:
        """The largest (way 1) or smallest (-1) value of a count; `default`, or its bound, where that is not
        settled in time.
        """
        self.solver.changeColCost(column, float(-way))
        values = self.solve(whole=whole)
        self.solver.changeColCost(column, 0.0)
        if values is not None and self.best:
            return float(values[column])
        bound = self.system.high[column] if way > 0 else self.system.low[column]
        return float(bound if default is None else default)

    def fixed(self, column: int, value: int) -> tuple[Floats | None, bool]:
        """A table of whole numbers in which the count has this value, and whether there can be none."""
        self.solver.changeColBounds(column, float(value), float(value))
        values = self.solve(whole=True)
        self.solver.changeColBounds(column, float(self.system.low[column]), float(self.system.high[column]))
        return values, self.impossible
