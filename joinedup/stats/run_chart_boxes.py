"""Which pairs of crossings and longest run are ordinary in a run chart: best box and cut box.

Computed, not tabled: the exact joint distribution of the two, for points that fall on either side of the centre
independently, by the recursion over the last run (Wentzel-Larsen and Anhøj 2019, PLoS ONE 14:e0223233), and from it
the boxes of Anhøj and Wentzel-Larsen 2020 (PLoS ONE 15:e0233920).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from joinedup.stats.arrays import Floats

FEWEST, MOST = 10, 100
"""The numbers of useful points for which the authors give boxes."""
SPECIFICITY = 0.925
"""The least share of series without a shift that a box must leave alone."""
SHIFT = 0.8
"""The shift, in standard deviations, that a box is chosen to find."""


@dataclass(frozen=True)
class Box:
    """Ordinary are at least `crossings` with no run above `longest_run`.

    The cut box takes away, of the pairs with just `crossings`, those with a run above `cut_run`, and of the pairs with
    a run of just `longest_run` those with fewer than `cut_crossings`.
    """

    crossings: int
    longest_run: int
    cut_crossings: int
    cut_run: int


@cache
def boxes() -> NDArray[np.intp]:
    """The box of each number of useful points from FEWEST to MOST, shape (91, 4), columns as in `Box`."""
    from scipy.special import ndtr

    still, shifted = _pairs(0.5), _pairs(float(ndtr(SHIFT)))
    found = [_box(still[n][: n + 1, :n], shifted[n][: n + 1, :n]) for n in range(FEWEST, MOST + 1)]
    return np.array([[b.crossings, b.longest_run, b.cut_crossings, b.cut_run] for b in found], np.intp)


def _pairs(share: float) -> Floats:
    """Probability by number of points, longest run and crossings, shape (MOST + 1,) three times.

    `share` of the points lie above. Sequences with no run above l that end on one side are: any such sequence with a
    point more on that side, or one of the other side with a crossing more, less those whose last run is l + 1 by now.
    """
    size = MOST + 1
    runs = np.arange(size)
    ends = np.zeros((2, size, size, size))
    for n in range(1, size):
        for side, chance in enumerate((share, 1 - share)):
            ended = chance * ends[side, n - 1]
            ended[:, 1:] += chance * ends[1 - side, n - 1, :, :-1]
            if n == 1:
                ended[:, 0] = chance
            before = n - runs - 1
            full = chance ** (runs + 1.0)
            older = ends[1 - side, np.maximum(before, 0), runs]
            ended[:, 1:] -= np.where(before > 0, full, 0)[:, None] * older[:, :-1]
            ended[:, 0] -= np.where(before == 0, full, 0)
            ends[side, n] = ended
    up_to: Floats = ends.sum(axis=0)
    up_to[:, 0] = 0
    return np.diff(up_to, axis=1, prepend=0)


def _box(still: Floats, shifted: Floats) -> Box:
    """The box that holds fewest shifted series among those that hold enough of the others, with its corner cut."""
    held, missed = _boxed(still), _boxed(shifted)
    longest, crossings = np.unravel_index(np.where(held >= SPECIFICITY, missed, 2.0).argmin(), held.shape)
    return _cut(still, shifted, float(held[longest, crossings]), int(crossings), int(longest))


def _boxed(pairs: Floats) -> Floats:
    """Probability of no longer run and no fewer crossings, for each pair (longest run, crossings)."""
    return pairs.cumsum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1]


def _cut(still: Floats, shifted: Floats, held: float, crossings: int, longest: int) -> Box:
    """Cells are taken from the corner along both edges while enough stays: first the one that holds more shifted."""
    if held - still[longest, crossings] < SPECIFICITY:
        return Box(crossings, longest, crossings, longest)
    held -= still[longest, crossings]
    along, down = crossings + 1, longest - 1
    while True:
        edges = [(longest, along)] * (along < still.shape[1]) + [(down, crossings)] * (down > 0)
        spare = [cell for cell in edges if held - still[cell] >= SPECIFICITY]
        if not spare:
            return Box(crossings, longest, along, down)
        cell = max(spare, key=lambda cell: float(shifted[cell]))
        held -= still[cell]
        along, down = along + (cell[0] == longest), down - (cell[0] != longest)
