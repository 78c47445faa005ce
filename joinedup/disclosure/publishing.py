"""A publication: every cell of a lattice as it may be shown, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.cube import Cube
from joinedup.disclosure.holding import Held
from joinedup.disclosure.joining import join
from joinedup.disclosure.knowing import small_cells
from joinedup.disclosure.linked import linked
from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.disclosure.sums import Key

if TYPE_CHECKING:
    from joinedup.definitions.lattice import Lattice
    from joinedup.disclosure.ledger import ReleaseEntry

PERCENTAGE = "percentage"
STAR = "*"


@dataclass(frozen=True, eq=False)
class Publication:
    """Cells in the order of the lattice with what is shown of each, None where it is hidden.

    `small` cells are hidden because they are; those `further_at` these positions to keep the small ones hidden.
    """

    lattice: Lattice
    snapshot: int | None
    profile: Profile
    keys: tuple[Key, ...]
    shown: tuple[int | None, ...]
    small: int
    further_at: frozenset[int]

    @property
    def further(self) -> int:
        """Number of cells hidden to keep small ones hidden."""
        return len(self.further_at)

    def rows(self) -> Iterator[tuple[Key, str]]:
        """Every cell with its value as text."""
        for key, value in zip(self.keys, self.shown, strict=True):
            yield key, STAR if value is None else str(value)

    def percentages(self) -> Iterator[tuple[Key, str]]:
        """Every percentage of the lattice, computed from what is shown; a star where one of its counts is hidden."""
        at = dict(zip(self.keys, self.shown, strict=True))
        counts = {count.name: count for count in self.lattice.counts}
        for one in self.lattice.percentages:
            above, below = counts[one.numerator], counts[one.denominator]
            for key in self.keys:
                if (key.measure, key.count) == (below.measure, below.count):
                    part = at.get(key._replace(measure=above.measure, count=above.count))
                    yield key._replace(measure=one.measure, count=PERCENTAGE), self._percent(part, at[key])

    def _percent(self, part: int | None, whole: int | None) -> str:
        if part is None or not whole:
            return STAR
        share = self.profile.display.percentage(100 * min(part, whole) / whole, whole)
        if share is None:
            return STAR
        decimals = 10 if self.profile.display.plain else self.profile.display.decimals(whole)
        return f"{share:.{decimals}f}"


def publish(cube: Cube, profile: str | Profile, earlier: Sequence[ReleaseEntry] = ()) -> Publication:
    """Hide, round, and give back what may be shown of a cube after the `earlier` releases of its lake.

    Raises UnknownName for an unknown profile, YourCommand where earlier releases leave no way to keep every
    hidden count hidden.
    """
    rule = profile_of(profile)
    joint = join(cube, rule, earlier if rule.complementary else ())
    tables, at = linked(joint.values, joint.sums, joint.bounds)
    small = small_cells(tables, rule)
    hidden = Held.of(joint, tables, at, rule).hide(earlier) if rule.complementary else small
    small, hidden = small[at][: len(cube.keys)], hidden[at][: len(cube.keys)]
    return Publication(
        lattice=cube.lattice,
        snapshot=cube.snapshot,
        profile=rule,
        keys=cube.keys,
        shown=tuple(
            None if away else rule.shown(int(count)) for count, away in zip(cube.counts, hidden, strict=True)
        ),
        small=int(np.count_nonzero(small)),
        further_at=frozenset(np.flatnonzero(hidden & ~small).tolist()),
    )
