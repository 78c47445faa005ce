"""Invented stays in hospital, as a later return will tell of them, in worlds of which the truth is known.

Stays begin at a steady pace and end at a rate that falls with their length: most people leave within months, some stay
for years. What the worlds do to that is in `World`. Nothing here is about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

YEAR = 365.25
RUN_IN = 12
"""Years of admissions before anything is counted, so that those who stay longest are there."""
LONG = 3 * YEAR
"""Days from which on a stay is a long one."""


class World(StrEnum):
    """What happens from the change on: nothing; stays and placements fall in our places; they fall everywhere alike;
    or, in the year before, those who had stayed longest are discharged at once, and nothing else changes.
    """

    STEADY = "steady"
    OURS = "ours"
    EVERYWHERE = "everywhere"
    CLEAR_OUT = "clear-out"


@dataclass(frozen=True)
class StayTable:
    """Stays, one row each: `admitted` and `left` as numpy days (NaT while in), `place` as its number, `independent`."""

    admitted: NDArray[np.datetime64]
    left: NDArray[np.datetime64]
    place: NDArray[np.intp]
    independent: NDArray[np.bool_]


def make_stays(
    seed: int,
    world: World = World.STEADY,
    *,
    ours: int = 8,
    others: int = 24,
    a_year: int = 400,
    change: str = "2022-04-01",
    end: str = "2025-04-01",
    shorter: float = 0.62,
    fewer: float = 0.20,
) -> StayTable:
    """Stays of places numbered from 0, the first `ours` of which are ours, each with `a_year` admissions.

    Where the world has them fall, every stay still to come is `shorter` by that share and independent placements are
    `fewer` by that share, from the day of the `change`. Those in on the day `end` have not left.
    """
    rng = np.random.default_rng(seed)
    turn, last = (float(np.datetime64(day).astype(np.int64)) for day in (change, end))
    opens = turn - (RUN_IN + 3) * YEAR
    number = rng.poisson(a_year * (last - opens) / YEAR, ours + others)
    place = np.repeat(np.arange(ours + others), number)
    admitted = rng.uniform(opens, last, place.size)
    falls = {World.OURS: place < ours, World.EVERYWHERE: np.ones(place.size, bool)}.get(
        world, np.zeros(place.size, bool)
    )
    left = admitted + _length(rng, turn - admitted, np.where(falls, 1 / (1 - shorter), 1.0))
    if world is World.CLEAR_OUT:
        left = _cleared(rng, admitted, left, place < ours, turn)
    independent = rng.random(place.size) < 0.5
    kept = ~independent | ~(falls & (admitted >= turn)) | (rng.random(place.size) >= fewer)
    days = [np.floor(column[kept]).astype(np.int64).astype("datetime64[D]") for column in (admitted, left)]
    days[1][np.floor(left[kept]) >= last] = np.datetime64("NaT")
    return StayTable(days[0], days[1], place[kept], independent[kept])


def _length(rng: np.random.Generator, until: Floats, faster: Floats) -> Floats:
    """Length of a stay in days that ends so many times as fast once `until` days have passed."""
    mean = np.where(rng.random(until.size) < 0.75, 0.4, 4.0) * YEAR
    alone = rng.exponential(mean)
    slow = np.maximum(until, 0)
    return np.asarray(np.where(alone < slow, alone, slow + (alone - slow) / faster))


def _cleared(
    rng: np.random.Generator, admitted: Floats, left: Floats, ours: NDArray[np.bool_], turn: float
) -> Floats:
    """Most long stays of our places end in the year before `turn`."""
    day = turn - rng.uniform(0, YEAR, left.size)
    gone = ours & (day - admitted > LONG) & (left > day) & (rng.random(left.size) < 0.8)
    return np.asarray(np.where(gone, day, left))
