"""An attack on one table, told plainly: a whole-number programme for every hidden count and every value."""

from __future__ import annotations

import numpy as np

KNOWN_SMALL, ANYTHING = "small", "anything"


def possible(shown, relations, hidden_small, hide_below=5, base=5, exact=False, strong=True):
    """Hidden cell -> the values from 0 to `hide_below` - 1 that some whole table allows.

    `shown`: figure or None per cell. `relations`: (total, parts, rest) by position. `hidden_small`: positions
    that the strong reader knows to be small.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    low, high = np.zeros(len(shown)), np.full(len(shown), np.inf)
    for cell, figure in enumerate(shown):
        if figure is None:
            if strong and cell in hidden_small:
                high[cell] = hide_below - 1
        elif exact:
            low[cell] = high[cell] = figure
        else:
            low[cell], high[cell] = max(figure - base // 2, hide_below), figure + (base - 1) // 2
    matrix, ceiling = np.zeros((len(relations), len(shown))), np.zeros(len(relations))
    for row, (total, parts, rest) in enumerate(relations):
        matrix[row, total] += 1
        for part in parts:
            matrix[row, part] -= 1
        ceiling[row] = np.inf if rest else 0
    found = {}
    for cell, figure in enumerate(shown):
        if figure is not None or (strong and cell not in hidden_small):
            continue
        found[cell] = set()
        for value in range(hide_below):
            lower, upper = low.copy(), high.copy()
            lower[cell] = upper[cell] = value
            answer = milp(
                np.zeros(len(shown)),
                integrality=np.ones(len(shown)),
                bounds=Bounds(lower, upper),
                constraints=LinearConstraint(matrix, 0, ceiling),
            )
            if answer.status == 0:
                found[cell].add(value)
    return found
