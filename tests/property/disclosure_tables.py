"""Generated linked tables: two and three margins, places within places, numerators within denominators."""

from __future__ import annotations

from itertools import product

import numpy as np


def margins(shape, mean, rng):
    """A table with all its margins: values, and (total, parts, rest) for every line of it."""
    inner = rng.poisson(rng.exponential(mean, shape))
    at, values, relations = {}, [], []
    for index in product(*(range(size + 1) for size in shape)):
        part = inner
        for axis, position in reversed(list(enumerate(index))):
            part = part.sum(axis=axis) if position == shape[axis] else part.take(position, axis=axis)
        at[index] = len(values)
        values.append(int(part))
    for index, total in at.items():
        for axis, position in enumerate(index):
            if position == shape[axis]:
                parts = tuple(at[(*index[:axis], p, *index[axis + 1 :])] for p in range(shape[axis]))
                relations.append((total, parts, False))
    return values, relations


def hierarchy(mean, rng):
    """Boroughs in places in an area, twice: a numerator within its denominator everywhere."""
    values, relations = [], []
    below = rng.poisson(rng.exponential(mean, (2, 3)))
    above = rng.binomial(below, 0.4)
    for part in (below, above):
        start = len(values)
        values += [int(part.sum()), *part.sum(axis=1).tolist(), *part.ravel().tolist()]
        relations.append((start, (start + 1, start + 2), False))
        relations += [
            (start + 1 + i, tuple(start + 3 + 3 * i + j for j in range(3)), False) for i in range(2)
        ]
    return values, relations + [(i, (i + 9,), True) for i in range(9)]


def table(seed):
    """One of four kinds, by its number."""
    rng = np.random.default_rng(seed)
    mean = float(rng.choice([4, 8, 20, 60]))
    kind = seed % 4
    if kind == 3:
        return hierarchy(mean, rng)
    return margins([(3, 3), (4, 3), (2, 2, 3)][kind], mean, rng)
