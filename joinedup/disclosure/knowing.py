"""What a reader of a release knows: how low and how high each count can be, by itself and through every sum.

Two readers are feared. The strong one knows which hidden counts are small; the weak one takes every hidden
count for anything from 0 up. Interval arithmetic narrows what they know through the sums; what it excludes is
impossible, but it need not find everything that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.linked import UNKNOWN, Bools, Floats, Ints, Linked

if TYPE_CHECKING:
    from joinedup.disclosure.profiles import Profile

ROUNDS = 200
"""Narrowing ends by itself unless what is told is contradictory."""


@dataclass(frozen=True, eq=False)
class Known:
    """Lowest and highest possible value of every cell."""

    low: Floats
    high: Floats


def told(tables: Linked, hidden: Bools, rule: Profile, *, strong: bool) -> Known:
    """What the release itself says of each cell, before any sum is used."""
    base = rule.display.base
    shown = base * ((2 * tables.values + base) // (2 * base))
    low = np.where(hidden, 0, np.maximum(shown - base // 2, rule.hide_below)).astype(float)
    high = np.where(hidden, np.inf, shown + (base - 1) // 2)
    before = tables.values == UNKNOWN
    low, high = np.where(before, tables.floor, low), np.where(before, tables.ceiling, high)
    if strong:
        high = np.where(small_cells(tables, rule), rule.hide_below - 1, high)
    return Known(low, high)


def small_cells(tables: Linked, rule: Profile) -> Bools:
    """Cells whose count is known and below what may be shown."""
    return np.asarray((tables.values != UNKNOWN) & (tables.values < rule.hide_below))


def narrowed(tables: Linked, known: Known) -> Known:
    """What follows from the sums, each used until none of them says anything new."""
    for _ in range(ROUNDS):
        low, high = known.low.copy(), known.high.copy()
        lower, upper = implied(tables, known)
        np.maximum.at(low, tables.cells, lower)
        np.minimum.at(high, tables.cells, upper)
        same = bool((low == known.low).all() and (high == known.high).all())
        known = Known(low, high)
        if same or bool((low > high).any()):
            break
    return known


def implied(tables: Linked, known: Known) -> tuple[Floats, Floats]:
    """Bounds of every entry of every relation that the other cells of that relation leave."""
    cells, plus = tables.cells, tables.signs > 0
    least = np.where(plus, known.low[cells], -known.high[cells])
    most = np.where(plus, known.high[cells], -known.low[cells])
    least_others = _others(tables, least, -np.inf)
    most_others = _others(tables, most, np.inf)
    ceiling = np.where(tables.rest, np.inf, 0.0)[tables.row_of] - least_others
    floor = -most_others
    return np.where(plus, floor, -ceiling), np.where(plus, ceiling, -floor)


def _others(tables: Linked, values: Floats, unbounded: float) -> Floats:
    """Sum of the other entries of each entry's row; infinities are counted, not added."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    sums = np.add.reduceat(finite, tables.starts[:-1])[tables.row_of] - finite
    number = np.add.reduceat(endless.astype(np.int64), tables.starts[:-1])[tables.row_of] - endless
    return np.where(number > 0, unbounded, sums)


def exposed(tables: Linked, hidden: Bools, wanted: Bools, known: Known, rule: Profile) -> Ints:
    """Those of the wanted cells of which intervals exclude some of 0 to what is hidden."""
    out = wanted & hidden & ((known.low > 0) | (known.high < rule.hide_below - 1))
    return np.flatnonzero(out)
