"""A cube beside everything released before it: what readers know already, and what they must not learn.

A cell shown before is known, whether it is shown again or not, as long as its count still rounds to the same
figure; a cell hidden before to keep others hidden stays hidden. After a resubmission a count that rounds to
another figure is another quantity; from one snapshot it is a contradiction. Stars of earlier releases are kept
as well as those of this one, through sums that nobody published too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.linked import Bools
from joinedup.disclosure.sums import Key, Sum, sums_of, unpublished
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from joinedup.disclosure.cube import Cube
    from joinedup.disclosure.ledger import ReleaseEntry
    from joinedup.disclosure.profiles import Profile

ANY = (0, float("inf"))
Bounds = dict[Key, tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Joint:
    """The cells of a cube, then cells that only earlier releases had and cells that nobody published (None, with
    what was told of them).

    `start`: cells that were hidden before. `locked`: cells that were shown before. `stars`: cells that only
    earlier releases had, hidden there; `small_stars` those of them that were small.
    """

    values: list[int | None]
    sums: tuple[Sum, ...]
    bounds: dict[int, tuple[int, float]]
    start: Bools
    locked: Bools
    stars: Bools
    small_stars: Bools


def join(cube: Cube, rule: Profile, earlier: Sequence[ReleaseEntry]) -> Joint:
    """Put a cube beside the earlier releases. Raises YourCommand where one snapshot would show two figures."""
    at = {key: i for i, key in enumerate(cube.keys)}
    start, locked = set[int](), set[int]()
    for entry in earlier:
        for key, shown in entry.cells.items():
            if key in at and shown is not None:
                count, (low, high) = int(cube.counts[at[key]]), entry.could_be(key)
                if shown == rule.shown(count) and low <= count <= high:
                    locked.add(at[key])
                elif entry.snapshot == cube.snapshot:
                    raise _shown_otherwise(entry, key)
            elif key in at and (key in entry.further or entry.snapshot == cube.snapshot):
                start.add(at[key])
    others, small = _only_before(cube, earlier)
    more = unpublished((*cube.keys, *others), cube.lattice) if others else ()
    keys = (*cube.keys, *others, *more)
    sums = sums_of(keys, cube.lattice) if others else cube.sums
    _forget_changed(others, keys, sums, cube, rule)
    bounds = {len(cube.keys) + i: bound for i, bound in enumerate([*others.values(), *(ANY for _ in more)])}
    stars = {i for i, key in enumerate(keys) if key in small and others[key] != ANY}
    return Joint(
        values=[*cube.counts.tolist(), *(None for _ in bounds)],
        sums=sums,
        bounds=bounds,
        start=_mask(start - locked, len(keys)),
        locked=_mask(locked, len(keys)),
        stars=_mask(
            {i for i, bound in bounds.items() if bound[1] == np.inf and keys[i] in others} | stars, len(keys)
        ),
        small_stars=_mask(stars, len(keys)),
    )


def _shown_otherwise(entry: ReleaseEntry, key: Key) -> YourCommand:
    return YourCommand(
        f"Release {entry.number} showed {entry.cells[key]} for {', '.join(key)} of this snapshot.",
        remedy="Use the profile of that release: one count must not be shown in two ways.",
    )


def _only_before(cube: Cube, earlier: Sequence[ReleaseEntry]) -> tuple[Bounds, set[Key]]:
    """What is known of cells that only earlier releases had, and which of those have a star for being small.

    Figures of another snapshot are known as long as nothing contradicts them: nobody can tell which counts a
    resubmission has changed.
    """
    at, others, small = set(cube.keys), Bounds(), set[Key]()
    for entry in earlier:
        for key, shown in entry.cells.items():
            if key not in at:
                is_small = shown is None and key not in entry.further
                low, high = (0, entry.hide_below - 1) if is_small else entry.could_be(key)
                before = others.get(key, ANY)
                both = max(low, before[0]), min(high, before[1])
                others[key] = both if both[0] <= both[1] else (low, high)  # resubmitted: the later one
                (small.add if is_small else small.discard)(key)
    return others, small


def _forget_changed(
    others: Bounds, keys: Sequence[Key], sums: Sequence[Sum], cube: Cube, rule: Profile
) -> None:
    """Nothing is known any more of cells that a resubmission has changed: those in a sum that does not hold."""
    told_of = [others.get(key, ANY) for key in keys]
    for i, count in enumerate(cube.counts.tolist()):
        told_of[i] = (0, rule.hide_below - 1) if count < rule.hide_below else rule.could_be(rule.shown(count))
    for total, parts, rest in sums if others else ():
        low, high = (sum(told_of[part][end] for part in parts) for end in (0, 1))
        if told_of[total][1] < low or (told_of[total][0] > high and not rest):
            others |= {keys[cell]: ANY for cell in (total, *parts) if keys[cell] in others}


def _mask(cells: set[int], size: int) -> Bools:
    mask = np.zeros(size, dtype=bool)
    mask[list(cells)] = True
    return mask
