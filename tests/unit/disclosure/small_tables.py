"""Small linked tables, and every table of whole numbers that fits what is told of them, by trying them all."""

from __future__ import annotations

import numpy as np

from joinedup.disclosure.linked import linked


def tables_of(values, *relations):
    """Linked cells; a relation is (total, parts) or (total, parts, True) with a rest."""
    return linked(values, [(total, tuple(parts), rest == [True]) for total, parts, *rest in relations])[0]


def two_by_two(a, b, c, d):
    """Four counts, then the totals of rows, of columns, and of all."""
    values = [a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d]
    return tables_of(values, (4, (0, 1)), (5, (2, 3)), (6, (0, 2)), (7, (1, 3)), (8, (4, 5)), (8, (6, 7)))


def mask(size, *cells):
    """Which cells are meant."""
    found = np.zeros(size, dtype=bool)
    found[list(cells)] = True
    return found


def two_by_twos(known, top):
    """Every table of four counts up to `top` that fits what is known of them and of their sums, tried one by one."""
    axes = [np.arange(known.low[i], min(known.high[i], top) + 1) for i in range(4)]
    a, b, c, d = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    rows = np.stack([a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d], axis=1)
    return rows[((rows >= known.low) & (rows <= known.high)).all(axis=1)]
