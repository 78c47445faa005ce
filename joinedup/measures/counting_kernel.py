"""Counting into cells as compiled loops. This module imports numba; import it where it is used."""

from __future__ import annotations

from joinedup.compiling import compiled
from joinedup.journeys.kernel import Array


@compiled
def count(cell: Array, holds: Array, grid: Array) -> None:
    """Add one to `grid[cell, component]` for every row and component that `holds` (components x rows).

    A row whose cell is negative is nowhere and is left out.
    """
    for row in range(len(cell)):
        at = cell[row]
        if at >= 0:
            for part in range(holds.shape[0]):
                grid[at, part] += holds[part, row]


@compiled
def add(cell: Array, holds: Array, value: Array, part: int, squared: bool, grid: Array) -> None:
    """Add `value`, or its square, to `grid[cell, part]` for every row that `holds`."""
    for row in range(len(cell)):
        if cell[row] >= 0 and holds[row]:
            grid[cell[row], part] += value[row] * value[row] if squared else value[row]


@compiled
def roll_up(grid: Array, groups: Array, rolled: Array) -> None:
    """Add every cell of the finest grain to the cells it belongs to.

    `grid` is (places x finest groups) x components, `groups` is cuts x finest groups: the position of a finest
    group among the groups of all cuts. `rolled` is places x groups of all cuts x components.
    """
    cuts, finest = groups.shape
    parts = grid.shape[1]
    for place in range(rolled.shape[0]):
        for group in range(finest):
            row = grid[place * finest + group]
            any_there = False
            for part in range(parts):
                any_there |= row[part] != 0
            if any_there:
                for cut in range(cuts):
                    into = rolled[place, groups[cut, group]]
                    for part in range(parts):
                        into[part] += row[part]
