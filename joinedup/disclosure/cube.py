"""The true counts of a publication lattice: one question to the journeys, every cell of the lattice answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.definitions.crossing import cross, group_in_both, halves
from joinedup.definitions.lattice import AREA, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure.sums import Key, Sum, sums_of
from joinedup.errors import YourCommand
from joinedup.measures import calculate

if TYPE_CHECKING:
    from joinedup.journeys import Journeys

KEPT = ("measure", "place", "period", "breakdown", "group", "breakdown_2", "group_2")


@dataclass(frozen=True, eq=False)
class Cube:
    """Every cell of a lattice, in its order, with its true count. `snapshot` is the state of the lake."""

    lattice: Lattice
    snapshot: int | None
    keys: tuple[Key, ...]
    counts: NDArray[np.int64]

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Which cells add up to which."""
        return sums_of(self.keys, self.lattice)


def cube_of(journeys: Journeys, lattice: Lattice) -> Cube:
    """Count every cell of the lattice over the whole periods held. A cell that nobody is in counts 0.

    Raises YourCommand where not one whole period of the lattice is held.
    """
    held = lattice.periods(journeys.first_day, journeys.last_day)
    if not held:
        raise YourCommand("No whole period is held.", remedy="Load the returns of at least one month.")
    places = lattice.places(journeys.last_day)
    cuts: list[Any] = [() if slug == EVERYONE else halves(slug) for slug in lattice.breakdowns]
    result = calculate(
        lattice.measures,
        journeys,
        by=cuts,
        place=BOROUGH,
        on=journeys.last_day,
        periods=[period for _, period in held],
    )
    keys = tuple(
        Key(count.measure, count.count, level, place, period.key, breakdown, group)
        for count in lattice.counts
        for level, codes in places.items()
        for place in codes
        for table, period in held
        for breakdown in table.at(level)
        for group in lattice.groups(breakdown)
    )
    return Cube(lattice, journeys.snapshot, keys, _counts(result.table, keys, places[BOROUGH]))


def _counts(table: pa.Table, keys: tuple[Key, ...], boroughs: tuple[str, ...]) -> NDArray[np.int64]:
    """Counts in the order of the keys, the area's as the sum of its boroughs. Nobody at a place leaves no row."""
    wanted = table.filter(pc.is_in(table["place"], pa.array(boroughs)))
    columns = [wanted[name].to_pylist() for name in (*KEPT, "numerator", "denominator")]
    found: dict[tuple[str, ...], int] = defaultdict(int)
    for *row, second, group_2, numerator, denominator in zip(*columns, strict=True):
        measure, place, period, breakdown, group = row
        both = (cross(breakdown, second), group_in_both(group, group_2)) if second else (breakdown, group)
        rest = (period, *both)
        for count, value in (("numerator", numerator), ("denominator", denominator)):
            found[measure, count, BOROUGH, place, *rest] += value or 0
            found[measure, count, AREA, "", *rest] += value or 0
    return np.array(
        [found[key if key.place_level == BOROUGH else key._replace(place="")] for key in keys], dtype=np.int64
    )
