"""Hidden counts stay hidden: those of this release and those of the releases before it, all of it put together.

What this release shows must not open a star of an earlier one. Counts that would are hidden as well; where none
is left to hide, nothing leaves.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.attacking_bounds import System
from joinedup.disclosure.attacking_solving import SMALL, Range, ranges
from joinedup.disclosure.choosing import Cut, costs, cover, cuts_of
from joinedup.disclosure.knowing import Known, exposed, narrowed, small_cells, told
from joinedup.disclosure.linked import Bools, Ints, Linked
from joinedup.disclosure.protecting import hide
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from joinedup.disclosure.joining import Joint
    from joinedup.disclosure.ledger import ReleaseEntry
    from joinedup.disclosure.profiles import Profile

REMEDY = "Release the lattice and profile that were released before, or a new snapshot."
SECONDS = 600.0
"""After so long a release that is not like those before it is refused for want of a proof."""


@dataclass(frozen=True, eq=False)
class Held:
    """Linked cells with what earlier releases did with them: `start`, `locked`, `stars` and `small_stars` as in
    `Joint`.
    """

    tables: Linked
    rule: Profile
    start: Bools
    locked: Bools
    stars: Bools
    small_stars: Bools

    @classmethod
    def of(cls, joint: Joint, tables: Linked, at: Ints, rule: Profile) -> Held:
        """The masks of a joint by linked cell."""
        start, locked, stars, small = (
            np.bincount(at, weights=mask, minlength=tables.size) > 0
            for mask in (joint.start, joint.locked, joint.stars, joint.small_stars)
        )
        return cls(tables, rule, start & ~locked, locked, stars, small)

    def hide(self, earlier: Sequence[ReleaseEntry]) -> Bools:
        """The cells to hide. Raises YourCommand where earlier releases leave no way to keep every star."""
        self._check_locked(earlier)
        start = self.start
        while True:
            hidden = hide(self.tables, self.rule, start, self.locked) | start
            cuts, known = self._cuts(hidden)
            if not cuts:
                break
            further = np.zeros(self.tables.size, dtype=bool)
            further[list(cover(cuts, costs(self.tables, known, self.highest), self.tables.values))] = True
            start = start | further
        self._check_held(hidden, earlier)
        return hidden

    @property
    def highest(self) -> int:
        """The largest count that is hidden for being small."""
        return self.rule.hide_below - 1

    def _known(self, hidden: Bools, *, strong: bool) -> Known:
        """What is told of every cell; what was shown before is known, starred or not."""
        known = told(self.tables, hidden & ~self.locked, self.rule, strong=strong)
        return known if strong else Known(known.low, np.where(self.small_stars, np.inf, known.high))

    def _readers(self, hidden: Bools) -> Iterator[tuple[Known, Bools]]:
        """What each reader is told, and of which stars nothing may be excluded for that reader."""
        yield self._known(hidden, strong=True), small_cells(self.tables, self.rule) | self.small_stars
        yield self._known(hidden, strong=False), self.stars & ~self.small_stars

    def _cuts(self, hidden: Bools) -> tuple[list[Cut], Known]:
        """Shown cells of which one each has to be hidden too, for the sake of stars of earlier releases."""
        cuts: list[Cut] = []
        for told_of, wanted in self._readers(hidden):
            known = narrowed(self.tables, told_of)
            before = wanted & self.stars & (known.low <= self.highest)
            out = exposed(self.tables, hidden, before, known, self.rule)
            cuts += cuts_of(self.tables, hidden | self.locked, out, known, self.highest)
        return cuts, known

    def _check_locked(self, earlier: Sequence[ReleaseEntry]) -> None:
        """Refuse to hide what was shown."""
        shown = np.count_nonzero(small_cells(self.tables, self.rule) & self.locked)
        if shown:
            raise YourCommand(
                f"{shown:,} counts that this profile hides were shown by release {_numbers(earlier)}.",
                remedy=REMEDY,
            )

    def _check_held(self, hidden: Bools, earlier: Sequence[ReleaseEntry]) -> None:
        """Refuse a release that, with all before it, would exclude some of 0 to 4 for a hidden count."""
        beside_others = bool(self.stars.any() or (hidden & self.locked).any())
        narrow = 0
        for told_of, wanted in self._readers(hidden):
            known = narrowed(self.tables, told_of)
            narrow += len(
                exposed(self.tables, hidden, wanted & (known.low <= self.highest), known, self.rule)
            )
            if beside_others and not narrow:
                narrow += sum(_is_narrow(found) for found in _solved(self.tables, told_of, wanted))
        if narrow:
            beside = f" beside release {_numbers(earlier)}" if earlier else ""
            raise YourCommand(
                f"{narrow:,} hidden counts could be narrowed{beside}: nothing was written.", remedy=REMEDY
            )


def _solved(tables: Linked, known: Known, wanted: Bools) -> Iterator[Range]:
    """What the wanted cells can be, by the solver of the attack: intervals find only what one sum tells."""
    zeros = np.zeros(len(tables.rest))
    system = System(
        tables.row_of,
        tables.cells,
        tables.signs,
        zeros,
        np.where(tables.rest, np.inf, zeros),
        known.low,
        known.high,
    )
    until = time.monotonic() + SECONDS
    for part in system.narrowed().folded(wanted).parts():
        asked = np.flatnonzero(wanted[part.columns])
        yield from (ranges(part.system, asked, until) or ()) if len(asked) else ()


def _is_narrow(found: Range) -> bool:
    return not found.decided or len(found.possible) not in (0, len(SMALL))


def _numbers(earlier: Sequence[ReleaseEntry]) -> str:
    return ", ".join(str(entry.number) for entry in earlier)
