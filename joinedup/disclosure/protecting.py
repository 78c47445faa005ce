"""Which counts are hidden: the small ones, and further ones where sums would give a small one away.

A reader knows that a hidden small count is 0 to 4, that a shown one lies within the rounding of what is
shown, and which parts add up to which totals. Intervals are narrowed by every relation until nothing
changes. While that excludes any of 0 to 4 for some small count, the smallest shown count in its relations
is hidden too.

The intervals are exact where no two relations are joined by two ways (one relation; areas within areas).
Where they are (tables with two margins) they are an outer bound: `protect` is the seam where an integer
programme takes over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.disclosure.releasable import Cell, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from joinedup.disclosure.profiles import Profile

Bounds = tuple[float, float]
ANYTHING: Bounds = (0, math.inf)


@dataclass(frozen=True)
class Protection:
    """Cells hidden because they are small, and cells hidden to keep those hidden."""

    small: frozenset[Cell]
    complementary: frozenset[Cell]

    @property
    def hidden(self) -> frozenset[Cell]:
        """All of them."""
        return self.small | self.complementary


def protect(cells: Mapping[Cell, int | None], relations: Sequence[Relation], profile: Profile) -> Protection:
    """Decide what to hide. A cell of None has been hidden before: nothing is known of it but that it is not
    negative.
    """
    small = frozenset(
        cell for cell, count in cells.items() if count is not None and count < profile.hide_below
    )
    if not (profile.complementary and small):
        return Protection(small, frozenset())
    held = _Held(cells, relations, profile, small)
    while (exposed := held.exposed()) is not None:
        held.hide(exposed)
    return Protection(small, frozenset(held.further))


class _Held:
    """The search for what else to hide; only relations that can reach a small count are looked at."""

    def __init__(
        self,
        cells: Mapping[Cell, int | None],
        relations: Sequence[Relation],
        profile: Profile,
        small: frozenset[Cell],
    ) -> None:
        self.cells, self.profile, self.small = cells, profile, small
        self.further: set[Cell] = set()
        self.beyond_help: set[Cell] = set()
        self.of_cell: dict[Cell, list[Relation]] = {}
        for relation in relations:
            for cell in (relation.total, *relation.parts):
                self.of_cell.setdefault(cell, []).append(relation)
        self.waiting = sorted(cell for cell in small if cell in self.of_cell)

    def exposed(self) -> Cell | None:
        """A small cell for which the relations around it exclude some of 0 to 4, or None."""
        whole = (0, self.profile.hide_below - 1)
        while self.waiting:
            bounds = self._narrowed(self.waiting[-1])
            found = [cell for cell in self.waiting if cell in bounds and cell not in self.beyond_help]
            narrow_ones = [cell for cell in found if bounds[cell] != whole]
            if narrow_ones:
                return narrow_ones[0]
            self.waiting = [cell for cell in self.waiting if cell not in bounds]
        return None

    def hide(self, exposed: Cell) -> None:
        """Hide one more cell beside an exposed one: the smallest shown part, or the total where no part is
        left.
        """
        nearby = self._component(exposed)
        own = self.of_cell[exposed]
        shown = (
            self._shown(cell for relation in own for cell in relation.parts)
            or self._shown(relation.total for relation in own)
            or self._shown(cell for relation in nearby for cell in (*relation.parts, relation.total))
        )
        if not shown:
            self.beyond_help.add(exposed)
            return
        self.further.add(min(shown, key=lambda cell: (self.cells[cell], cell)))
        in_reach = {cell for relation in nearby for cell in (relation.total, *relation.parts)}
        self.waiting = sorted(set(self.waiting) | (in_reach & self.small))

    def _shown(self, cells: Iterable[Cell]) -> list[Cell]:
        return [
            c for c in cells if c not in self.small and c not in self.further and self.cells[c] is not None
        ]

    def _component(self, start: Cell) -> list[Relation]:
        """Relations joined to a cell, directly or through others."""
        seen, found, queue = {start}, dict[int, Relation](), [start]
        while queue:
            for relation in self.of_cell[queue.pop()]:
                if id(relation) not in found:
                    found[id(relation)] = relation
                    fresh = {relation.total, *relation.parts} - seen
                    seen |= fresh
                    queue.extend(fresh)
        return list(found.values())

    def _narrowed(self, start: Cell) -> dict[Cell, Bounds]:
        """What a reader can work out of every cell joined to this one."""
        relations = self._component(start)
        bounds = {c: self._told(c) for relation in relations for c in (relation.total, *relation.parts)}
        queue = {id(relation): relation for relation in relations}
        while queue:
            _, relation = queue.popitem()
            for cell in narrow(relation, bounds):
                queue.update((id(other), other) for other in self.of_cell[cell])
        return bounds

    def _told(self, cell: Cell) -> Bounds:
        count = self.cells[cell]
        if count is None or cell in self.further:
            return ANYTHING
        return (
            (0, self.profile.hide_below - 1)
            if cell in self.small
            else self.profile.could_be(self.profile.shown(count))
        )


def narrow(relation: Relation, bounds: dict[Cell, Bounds]) -> list[Cell]:
    """Narrow the bounds of one relation's cells in place by interval arithmetic; the cells that changed."""
    lows = sum(bounds[cell][0] for cell in relation.parts)
    highs = math.inf if relation.rest else sum(bounds[cell][1] for cell in relation.parts)
    total_low, total_high = bounds[relation.total]
    fresh = {relation.total: (max(total_low, lows), min(total_high, highs))}
    for cell in relation.parts:
        low, high = bounds[cell]
        others = math.inf if relation.rest else sum(bounds[c][1] for c in relation.parts if c != cell)
        fresh[cell] = (max(low, total_low - others), min(high, total_high - (lows - low)))
    changed = [cell for cell, found in fresh.items() if found != bounds[cell]]
    bounds.update(fresh)
    return changed
