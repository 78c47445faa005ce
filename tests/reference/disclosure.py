"""An attack on one table, told plainly: whole-number programmes for every hidden count and every value of it.

Every table that a programme finds fits all that is shown, so it proves a value of each of its cells.
"""

from __future__ import annotations

import numpy as np


def possible(shown, relations, hidden_small, hide_below=5, base=5, exact=False, strong=True):
    """Hidden cell -> the values from 0 to `hide_below` - 1 that some whole table allows.

    `shown`: figure or None per cell. `relations`: (total, parts, rest) by position. `hidden_small`: positions
    that the strong reader knows to be small; only those are asked for. The weak reader is asked for all.
    """
    low, high = np.zeros(len(shown)), np.full(len(shown), np.inf)
    for cell, figure in enumerate(shown):
        if figure is None:
            if strong and cell in hidden_small:
                high[cell] = hide_below - 1
        elif exact:
            low[cell] = high[cell] = figure
        else:
            low[cell], high[cell] = max(figure - base // 2, hide_below), figure + (base - 1) // 2
    asked = [c for c, figure in enumerate(shown) if figure is None and (not strong or c in hidden_small)]
    found = {cell: set() for cell in asked}
    if not asked:
        return found
    rows = _rows(relations, len(shown))
    for cost in (1.0, -1.0):  # as many small values as can be, as many large ones as can be
        _learn(found, _table(rows, low, high, cost * np.isin(range(len(shown)), asked)), hide_below)
    for cell in asked:
        for value in set(range(hide_below)) - found[cell]:
            if value not in found[cell] and low[cell] <= value <= high[cell]:
                lower, upper = low.copy(), high.copy()
                lower[cell] = upper[cell] = value
                _learn(found, _table(rows, lower, upper, np.zeros(len(shown))), hide_below)
    return found


def _rows(relations, size):
    matrix, ceiling = np.zeros((len(relations), size)), np.zeros(len(relations))
    for row, (total, parts, rest) in enumerate(relations):
        matrix[row, total] += 1
        for part in parts:
            matrix[row, part] -= 1
        ceiling[row] = np.inf if rest else 0
    return matrix, ceiling


def _table(rows, low, high, cost):
    """Whole numbers between `low` and `high` that fulfil every row; None where there are none.

    Without asking for whole numbers first: most answers are whole all the same, and four times as fast.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, ceiling = rows
    for integrality in (0, 1):
        answer = milp(
            np.where(np.isinf(high), 0.0, cost),
            integrality=np.full(len(low), integrality),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, 0, ceiling) if len(matrix) else (),
        )
        if answer.status != 0:
            return None
        whole = np.rint(answer.x).astype(int)
        if np.abs(answer.x - whole).max() < 1e-6:
            break
    sums = matrix @ whole
    assert ((whole >= low) & (whole <= high)).all() and ((sums >= 0) & (sums <= ceiling)).all()
    return whole


def _learn(found, table, hide_below):
    for cell, values in found.items() if table is not None else ():
        if table[cell] < hide_below:
            values.add(int(table[cell]))
