"""The finest-grain cube: measures counted by month, place and crossed groups in the pass that derives the journeys.

Counts are made at the finest grain, all breakdowns crossed, and rolled up to everyone, each breakdown and each pair.
Values of which a median is taken are kept with their cell, eight bytes each, and counted into a histogram when they are
asked for. Counts grow with cells and not with people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from joinedup.definitions.breakdown import Breakdown
from joinedup.journeys.clustered import Array
from joinedup.measures.components import Component, Source

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """One breakdown of the cube: its name, its groups in order, and the group of each value of a column."""

    name: str
    column: str
    groups: tuple[str, ...]
    of_value: tuple[int, ...]

    @classmethod
    def of(cls, breakdown: Breakdown, values: Sequence[Any]) -> Axis:
        """The axis of a breakdown for a column whose dictionary is `values`."""
        places = [breakdown.group_names.index(breakdown.group_of(value)) for value in values]
        return cls(breakdown.slug, breakdown.column or "", breakdown.group_names, tuple(places))


@dataclass(frozen=True)
class Frame:
    """The cells of a cube: months in a row from `first` ("2021-04"), places by the column `unit`, and axes.

    A journey whose place is not among `places` is counted at the place after the last.
    """

    first: str
    months: int
    unit: str
    places: tuple[str, ...]
    axes: tuple[Axis, ...]

    @property
    def cuts(self) -> tuple[tuple[str, ...], ...]:
        """Everyone, each axis, each pair of axes, by name."""
        names = [axis.name for axis in self.axes]
        return ((), *((name,) for name in names), *combinations(names, 2))

    @property
    def finest(self) -> int:
        """Number of groups when all axes are crossed."""
        return int(np.prod([len(axis.groups) for axis in self.axes], dtype=np.int64))

    def shape(self, cut: tuple[str, ...]) -> tuple[int, int]:
        """Number of groups of the first and of the second axis of a cut, 1 where there is none."""
        sizes = [len(axis.groups) for name in cut for axis in self.axes if axis.name == name]
        return (sizes[0] if sizes else 1, sizes[1] if len(sizes) > 1 else 1)

    @cached_property
    def lies(self) -> Mapping[tuple[str, ...], slice]:
        """Where the groups of each cut lie when the groups of all cuts stand in a row."""
        ends = np.cumsum([int(np.prod(self.shape(cut))) for cut in self.cuts]).tolist()
        return {
            cut: slice(start, stop) for cut, start, stop in zip(self.cuts, [0, *ends], ends, strict=False)
        }

    @cached_property
    def group_of_finest(self) -> Array:
        """Cuts x finest groups: the place of each finest group among the groups of all cuts."""
        sizes = [len(axis.groups) for axis in self.axes]
        crossed = np.unravel_index(np.arange(self.finest), sizes) if sizes else ()
        at = {axis.name: places for axis, places in zip(self.axes, crossed, strict=True)}
        rows = []
        for cut in self.cuts:
            first, second = (at.get(name, 0) for name in (*cut, "", "")[:2])
            group = self.lies[cut].start + first * self.shape(cut)[1] + second
            rows.append(np.broadcast_to(group, self.finest))
        return np.array(rows, np.int64)

    @cached_property
    def month_starts(self) -> Array:
        """Days since 1970-01-01 on which the months begin, and that on which the last is over."""
        months = np.datetime64(self.first, "M") + np.arange(self.months + 1)
        return np.asarray(months.astype("datetime64[D]").astype(np.int64))


@dataclass(frozen=True)
class Values:
    """Values of one component by month: those of month m stand from `first[m]` up to `first[m + 1]`.

    `cell` is place and finest group as one number.
    """

    first: Array
    cell: Array
    value: Array


@dataclass(frozen=True)
class Cube:
    """Counts by month, place and group. Made by `counted`.

    `rolled` holds, per source, months x places x groups of all cuts x components. `values` holds the values of those
    components of which a median or an extreme is taken. `dated`: how many journeys have the date of the source before
    the months, in each of them, after them, and not at all.
    """

    frame: Frame
    components: Mapping[Source, tuple[Component, ...]]
    rolled: Mapping[Source, Counts]
    values: Mapping[Source, Mapping[Component, Values]]
    dated: Mapping[Source, Counts]

    def sums(self, source: Source, component: Component, cut: tuple[str, ...]) -> Counts:
        """Months x places x groups x groups of one component. The names of `cut` come in the order of the axes."""
        part = self.components[source].index(component)
        found: Counts = self.rolled[source][:, :, self.frame.lies[cut], part]
        return found.reshape(*found.shape[:2], *self.frame.shape(cut))
