"""Which counts are hidden: the small ones, and further ones where sums would give a small one away.

A reader knows that a shown count lies within its rounding, and which parts add up to which totals; the strong
one also knows which hidden counts are small. Nobody may be able to exclude any of 0 to 4 for a hidden count.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.choosing import Cut, costs, cover, cuts_of, shown_near
from joinedup.disclosure.knowing import exposed, narrowed, small_cells, told
from joinedup.disclosure.linked import UNKNOWN, Bools, Ints, Linked, linked, numbered
from joinedup.disclosure.releasable import Cell, Relation
from joinedup.disclosure.stars import Stars
from joinedup.disclosure.witnesses import unproved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.disclosure.profiles import Profile


SECONDS = 60.0
"""After so long all counts in the sums of an unproved cell are hidden at once, its totals among them."""

ROUNDS = 20
"""After so many all shown counts that keep a further star from being 0 are hidden at once."""


@dataclass(frozen=True)
class Protection:
    """Cells hidden because they are small, and cells hidden to keep those hidden."""

    small: frozenset[Cell]
    complementary: frozenset[Cell]

    @property
    def hidden(self) -> frozenset[Cell]:
        """All of them."""
        return self.small | self.complementary


def protect(
    cells: Mapping[Cell, int | None],
    relations: Sequence[Relation],
    profile: Profile,
    before: Mapping[Cell, bool] | None = None,
) -> Protection:
    """Decide what to hide. A cell of None has been hidden before: nothing is known of it but that it is not
    negative. `before` says of cells that stand elsewhere whether they are hidden there, and so they stay.
    Raises OurFault for a count below 0.
    """
    tables, at = linked(list(cells.values()), numbered(cells, relations))
    small = small_cells(tables, profile)
    shown, stars = (_standing(cells, at, tables.size, before or {}, one) for one in (False, True))
    # What is small or not known is not shown, whatever stands elsewhere
    shown &= ~small & (tables.values != UNKNOWN)
    stars &= ~shown
    hidden = (hide(tables, profile, stars, shown) if profile.complementary else small) | stars
    further = hidden & ~small & (tables.values != UNKNOWN)
    return Protection(
        frozenset(cell for cell, i in zip(cells, at, strict=True) if small[i]),
        frozenset(cell for cell, i in zip(cells, at, strict=True) if further[i]),
    )


def _standing(
    cells: Mapping[Cell, int | None], at: Ints, size: int, before: Mapping[Cell, bool], hidden: bool
) -> Bools:
    """The linked cells that stand hidden, or shown, elsewhere."""
    found = np.zeros(size, dtype=bool)
    found[[number for cell, number in zip(cells, at, strict=True) if before.get(cell) is hidden]] = True
    return found


def hide(tables: Linked, rule: Profile, start: Bools | None = None, locked: Bools | None = None) -> Bools:
    """Small cells, cells hidden before, those of `start`, and the further cells that keep all of them hidden.

    `locked` cells were shown before: hiding them now would hide nothing. A further star may be seen to stand for a
    large count, which tells of nobody: to hide that as well would take figures that people need.
    """
    small = small_cells(tables, rule)
    hidden: Bools = small | (tables.values == UNKNOWN)
    if not small.any():
        return hidden
    none = np.zeros(tables.size, dtype=bool)
    shut = none if locked is None else locked
    hidden = _by_intervals(tables, hidden | (none if start is None else start), rule, shut)
    return _by_stars(tables, _by_tables(tables, hidden, rule, shut), rule, shut)


def _by_intervals(tables: Linked, hidden: Bools, rule: Profile, locked: Bools) -> Bools:
    """Hide further cells until intervals exclude nothing of what is small, or may be."""
    hidden, small = hidden.copy(), small_cells(tables, rule)
    before, highest = tables.values == UNKNOWN, rule.hide_below - 1
    while True:
        cuts = []
        for strong in (True, False):
            known = narrowed(tables, told(tables, hidden & ~locked, rule, strong=strong))
            wanted = small if strong else hidden & ~small & ~before & (known.low <= highest)
            out = exposed(tables, hidden, wanted, known, rule)
            cuts += cuts_of(tables, hidden | locked, out, known, highest)
        if not cuts:
            return hidden
        hidden[list(cover(cuts, costs(tables, known, highest), tables.values))] = True


def _by_tables(tables: Linked, hidden: Bools, rule: Profile, locked: Bools) -> Bools:
    """Hide further cells until whole tables prove every small count possible from 0 on, save those that what is
    locked gives away by itself: nothing that could be hidden helps them.
    """
    seen = np.repeat(tables.trees()[:, None], rule.hide_below, axis=1)
    if locked.any():
        seen[unproved(tables, ~locked, rule, seen.copy())] = True
    until = time.monotonic() + SECONDS
    while True:
        cuts: list[Cut] = []
        late = time.monotonic() > until
        for cell in unproved(tables, hidden & ~locked, rule, seen):
            rows = tables.rows_of(cell)
            near = [cut for row in rows if (cut := shown_near(tables, hidden | locked, row))]
            cuts += near if late else sorted(near, key=len)[:1]
        if not cuts:
            return hidden
        hidden = _with_one_of_each(tables, hidden, rule, cuts, every=late)


def _by_stars(tables: Linked, hidden: Bools, rule: Profile, locked: Bools) -> Bools:
    """Hide further cells until every further star can be anything from 0 on, or is seen to be large."""
    stars, rounds = Stars(tables, rule), 0
    while True:
        held_by = (cells[~(hidden | locked)[cells]] for cells in stars.half_known(hidden & ~locked))
        cuts = [tuple(cells.tolist()) for cells in held_by if len(cells)]
        if not cuts:
            return hidden
        hidden = _with_one_of_each(tables, hidden, rule, cuts, every=rounds >= ROUNDS)
        rounds += 1


def _with_one_of_each(tables: Linked, hidden: Bools, rule: Profile, cuts: list[Cut], *, every: bool) -> Bools:
    """Hidden cells with one at least of each cut, at least cost; or with all of every cut."""
    known = narrowed(tables, told(tables, hidden, rule, strong=False))
    chosen = (
        set().union(*cuts) if every else cover(cuts, costs(tables, known, rule.hide_below - 1), tables.values)
    )
    more = hidden.copy()
    more[list(chosen)] = True
    return more
