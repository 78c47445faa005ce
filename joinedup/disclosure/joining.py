"""A cube beside everything released before it: what readers know already, and what they must not learn.

A cell shown before is known, whether it is shown again or not, as long as its count still rounds to the same
figure; a cell hidden before to keep others hidden stays hidden. After a resubmission a count that rounds to
another figure is another quantity; from one snapshot it is a contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.knowing import exposed, narrowed, small_cells, told
from joinedup.disclosure.linked import Bools, Linked
from joinedup.disclosure.sums import Key, Sum, sums_of
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from joinedup.disclosure.cube import Cube
    from joinedup.disclosure.ledger import ReleaseEntry
    from joinedup.disclosure.profiles import Profile

REMEDY = "Release the lattice and profile that were released before, or a new snapshot."


@dataclass(frozen=True, eq=False)
class Joint:
    """The cells of a cube, then cells that only earlier releases had (None, with what was told of them).

    `masks`: cells hidden before to keep others hidden, and cells that were shown.
    """

    values: list[int | None]
    sums: tuple[Sum, ...]
    bounds: dict[int, tuple[int, float]]
    masks: tuple[Bools, Bools]


def join(cube: Cube, rule: Profile, earlier: Sequence[ReleaseEntry]) -> Joint:
    """Put a cube beside the earlier releases. Raises YourCommand where one snapshot would show two figures."""
    at = {key: i for i, key in enumerate(cube.keys)}
    start, locked = set[int](), set[int]()
    others: dict[Key, tuple[int, float]] = {}
    for entry in earlier:
        same = entry.snapshot == cube.snapshot
        for key, shown in entry.cells.items():
            if key not in at:
                if same:
                    low, high = entry.could_be(key)
                    before = others.get(key, (0, float("inf")))
                    others[key] = max(low, before[0]), min(high, before[1])
            elif shown is not None and shown == rule.shown(int(cube.counts[at[key]])):
                locked.add(at[key])
            elif shown is not None and same:
                raise YourCommand(
                    f"Release {entry.number} showed {shown} for {', '.join(key)} of this snapshot.",
                    remedy="Use the profile of that release: one count must not be shown in two ways.",
                )
            elif key in entry.further:
                start.add(at[key])
    keys = (*cube.keys, *others)
    values: list[int | None] = [*cube.counts.tolist(), *(None for _ in others)]
    bounds = {len(cube.keys) + i: bound for i, bound in enumerate(others.values())}
    sums = sums_of(keys, cube.lattice) if others else cube.sums
    masks = (_mask(start - locked, len(keys)), _mask(locked, len(keys)))
    return Joint(values, sums, bounds, masks)


def _mask(cells: set[int], size: int) -> Bools:
    mask = np.zeros(size, dtype=bool)
    mask[list(cells)] = True
    return mask


def check_locked(small: Bools, earlier: Sequence[ReleaseEntry]) -> None:
    """Refuse to hide what was shown."""
    if small.any():
        raise YourCommand(
            f"{np.count_nonzero(small):,} counts that this profile hides were shown by "
            f"release {_numbers(earlier)}.",
            remedy=REMEDY,
        )


def check_held(
    tables: Linked, hidden: Bools, rule: Profile, locked: Bools, earlier: Sequence[ReleaseEntry]
) -> None:
    """Refuse a release that, with all before it, would exclude some of 0 to 4 for a hidden count."""
    small = small_cells(tables, rule)
    # what was shown before is known, starred or not
    known = narrowed(tables, told(tables, hidden & ~locked, rule, strong=True))
    narrow = exposed(tables, hidden, small, known, rule)
    if len(narrow):
        beside = f" beside release {_numbers(earlier)}" if earlier else ""
        raise YourCommand(
            f"{len(narrow):,} hidden counts could be narrowed{beside}: nothing was written.", remedy=REMEDY
        )


def _numbers(earlier: Sequence[ReleaseEntry]) -> str:
    return ", ".join(str(entry.number) for entry in earlier)
