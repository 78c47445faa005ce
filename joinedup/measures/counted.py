"""Counting journeys into a finest-grain cube as they are derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from joinedup.definitions.conditions_arrays import Holding
from joinedup.journeys.clustered import MISSING, Array
from joinedup.journeys.one_pass import JourneyRows
from joinedup.measures.components import Component, Source
from joinedup.measures.counting_kernel import add, count, roll_up
from joinedup.measures.finest import Cube, Frame, Values

_RECEIVED = "ReferralRequestReceivedDate"
FINEST_BYTES = 256 << 20
"""Finest cells that would take more are left out: rows are counted into the rolled-up cells straight away."""


def counted(
    chunks: Iterable[JourneyRows],
    frame: Frame,
    sources: Mapping[Source, Sequence[Component]],
    valued: Mapping[Source, Sequence[Component]] | None = None,
) -> Cube:
    """The cube of these components, each by the date of its source (a date of journeys), in one pass over the chunks.

    `valued` are components whose single values are kept, for medians and extremes.
    """
    kept = valued or {}
    counting = [
        _Counting(frame, source, tuple(parts), tuple(kept.get(source, ())))
        for source, parts in sources.items()
    ]
    for rows in chunks:
        holding, where = Holding(rows), _cells(rows, frame)
        for one in counting:
            one.add(rows, holding, where)
    return Cube(
        frame=frame,
        components={one.source: one.components for one in counting},
        rolled={one.source: one.finished() for one in counting},
        values={one.source: one.values() for one in counting},
        dated={one.source: one.dated for one in counting},
    )


def _cells(rows: JourneyRows, frame: Frame) -> Array:
    """Place and finest group of every journey, as one number."""
    places = {place: at for at, place in enumerate(frame.places)}
    columns = rows.reading.columns
    table = [places.get(value, len(places)) for value in columns[frame.unit]]
    cell = np.array(table, np.int32)[rows.record.codes[frame.unit]]
    for axis in frame.axes:
        group = np.array(axis.of_value, np.int32)[rows.record.codes[axis.column]]
        cell = cell * np.int32(len(axis.groups)) + group
    return cell


class _Counting:
    """One source under way.

    Journeys come by month of referral. Counted by that date, one month of finest cells is in hand at a time, small
    enough for the cache; by any other date, all months are, or none where they would take too much memory.
    """

    def __init__(
        self, frame: Frame, source: Source, components: tuple[Component, ...], valued: tuple[Component, ...]
    ) -> None:
        self.frame, self.source, self.components, self.valued = frame, source, components, valued
        self.window = 1 if source.date_basis == _RECEIVED else frame.months
        self.start = 0
        self.size = (len(frame.places) + 1) * frame.finest
        self.groups = max(found.stop for found in frame.lies.values())
        self.rolled = np.zeros((frame.months, len(frame.places) + 1, self.groups, len(components)), np.int64)
        number = np.dtype(np.int64 if any(part.value for part in components) else np.int32)
        self.straight = self.window * self.size * len(components) * number.itemsize > FINEST_BYTES
        cells = 0 if self.straight else self.window * self.size
        self.grid = np.zeros((cells, len(components)), number)
        self.dated = np.zeros(frame.months + 3, np.int64)
        # Month, place and finest group, and value, of the rows of each chunk.
        self.kept: dict[Component, list[tuple[Array, Array, Array]]] = {part: [] for part in valued}

    def add(self, rows: JourneyRows, holding: Holding, where: Array) -> None:
        """Count these journeys. `where` is the place and finest group of each."""
        days = rows.days(self.source.date_basis)
        month = np.searchsorted(self.frame.month_starts, days, side="right") - 1
        inside = (month >= 0) & (month < self.frame.months) & (days != MISSING)
        self.dated += np.bincount(
            np.where(days == MISSING, self.frame.months + 1, month) + 1, minlength=self.frame.months + 3
        )
        month = np.where(inside, month, -1)
        self._keep(month, holding, where)
        if self.straight:
            self._count(
                self._rolled_cells(month, where), holding, self.rolled.reshape(-1, len(self.components))
            )
            return
        for found in np.flatnonzero(np.bincount(month[inside])) if self.window == 1 else (0,):
            self._move_to(int(found))
            here = month == found if self.window == 1 else inside
            cell = np.where(here, (month - self.start) * self.size + where, -1)
            self._count([cell], holding, self.grid)

    def _rolled_cells(self, month: Array, where: Array) -> list[Array]:
        """For each cut, the rolled-up cell of every journey."""
        place, finest = np.divmod(where, self.frame.finest)
        block = (month * (len(self.frame.places) + 1) + place) * self.groups
        return [np.where(month < 0, -1, block + groups[finest]) for groups in self.frame.group_of_finest]

    def _count(self, cells: Sequence[Array], holding: Holding, grid: Array) -> None:
        holds = np.array([self._counts(part, holding) for part in self.components])
        for cell in cells:
            count(cell, holds, grid)
        for at, part in enumerate(self.components):
            if part.kind != "count" and part.value:
                value, known = holding.values(part.value)
                there = holding(part.condition) & known
                for cell in cells:
                    add(cell, there, value, at, part.kind == "squares", grid)

    def _counts(self, part: Component, holding: Holding) -> Array:
        holds = holding(part.condition)
        if part.kind != "count":
            return np.zeros_like(holds)
        return holds & holding.values(part.value)[1] if part.value else holds

    def _keep(self, month: Array, holding: Holding, where: Array) -> None:
        for part in self.valued:
            value, known = holding.values(part.value) if part.value else (month, month >= 0)
            held = np.flatnonzero(holding(part.condition) & known & (month >= 0))
            chunk = (month[held], where[held], value[held])
            self.kept[part].append(tuple(array.astype(np.int32) for array in chunk))  # type: ignore[arg-type]

    def _move_to(self, month: int) -> None:
        """Roll up what is in hand and begin the cells of another month."""
        if month != self.start:
            self._roll_up()
            self.grid[:] = 0
            self.start = month

    def _roll_up(self) -> None:
        if self.straight:
            return
        within = self.rolled[self.start : self.start + self.window]
        roll_up(self.grid, self.frame.group_of_finest, within.reshape(-1, *within.shape[2:]))

    def finished(self) -> Array:
        """Months x places x groups of all cuts x components."""
        self._roll_up()
        return self.rolled

    def values(self) -> Mapping[Component, Values]:
        """The values kept, by month."""
        return {part: self._by_month(found) for part, found in self.kept.items()}

    def _by_month(self, found: Sequence[tuple[Array, Array, Array]]) -> Values:
        nothing = (np.zeros(0, np.int32),) * 3
        month, cell, value = (np.concatenate(arrays) for arrays in zip(nothing, *found, strict=True))
        order = np.argsort(month.astype(np.uint16), kind="stable")  # of 16 bits: a sort by counting
        first = np.searchsorted(month[order], np.arange(self.frame.months + 1))
        return Values(first, cell[order], value[order])
