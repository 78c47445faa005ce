"""Runs the queries and holds what comes back as dense arrays: period x place x group x group, one per
component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.journeys import Journeys
from joinedup.lake import Session
from joinedup.measures.asking import Cut, Level, Unit
from joinedup.measures.components import Component, Source, components_of, distinct_components, needs_values
from joinedup.measures.figures import Spread
from joinedup.measures.queries import (
    cube_sql,
    group_name,
    journeys_columns,
    journeys_sql,
    rows_sql,
    units_of,
    values_sql,
)
from joinedup.measures.spans import Span, span_of

Counts = NDArray[np.int64]
Shape = tuple[int, int, int, int]


Held = Journeys
"""The tables that measures are calculated from."""


@dataclass(frozen=True)
class Cubes:
    """Sums of every component, and single values where a measure needs them, for each cut and level of
    place."""

    sums: dict[tuple[Component, Cut, str], Counts]
    spreads: dict[tuple[Component, Cut, str], Spread]


@dataclass(frozen=True)
class Asked:
    """By which groups, at which levels of place, in which periods."""

    cuts: tuple[Cut, ...]
    levels: tuple[Level, ...]
    periods: tuple[Period, ...]

    @property
    def units(self) -> dict[Unit, tuple[str, ...]]:
        """Units of place that the levels are made of, with the codes they know."""
        return units_of(self.levels)


def run(session: Session, sources: Mapping[Source, Sequence[Measure]], asked: Asked) -> Cubes:
    """Everything the measures need, from the tables `journeys`, `contacts`, `events`, `answers` of the
    session."""
    components = {source: distinct_components(measures) for source, measures in sources.items()}
    columns = journeys_columns(tuple(components.items()))
    session.execute(f"CREATE TEMP TABLE journeys_ AS {journeys_sql(columns, asked.cuts, asked.units)}")
    cubes = Cubes({}, {})
    for source, measures in sources.items():
        _run_source(session, source, measures, asked, cubes)
    return cubes


def shape_of(cut: Cut, level: Level, periods: int) -> Shape:
    """Periods x places x groups x groups."""
    return (periods, level.size, *cut.shape)


def _run_source(
    session: Session, source: Source, measures: Sequence[Measure], asked: Asked, cubes: Cubes
) -> None:
    """The rows of one date once, then one grouping of them per cut and unit of place."""
    span, components = span_of(source, asked.periods), distinct_components(measures)
    session.register("period_ends", _ends(span))
    rows = rows_sql(source, components, asked.cuts, span, asked.units)
    session.execute(f"CREATE OR REPLACE TEMP TABLE rows_ AS {rows}")
    single = {components_of(measure)[0] for measure in measures if needs_values(measure)}
    for cut in asked.cuts:
        for unit, codes in asked.units.items():
            levels = [level for level in asked.levels if level.unit == unit]
            sums = _Grouped(session.fetch(cube_sql(cut, unit, components)), cut, span, codes)
            _add_sums(cubes, sums, components, levels)
            for part in single:
                found = session.fetch(values_sql(cut, unit, components.index(part)))
                _add_spreads(cubes, _Grouped(found, cut, span, codes), part, levels)


@dataclass(frozen=True)
class _Grouped:
    """Rows that came back: by month (or end), unit of place (0 for none of `units`) and group."""

    rows: pa.Table
    cut: Cut
    span: Span
    units: tuple[str, ...]

    def cells(self, level: Level) -> Counts:
        """Position of each row in the flattened array of steps x places x groups x groups."""
        groups = [_whole(self.rows[group_name(breakdown)]) for breakdown in self.cut.breakdowns]
        parts = [_whole(self.rows["at_"]), self._places(level), *groups]
        parts += [np.zeros(self.rows.num_rows, dtype=np.int64)] * (4 - len(parts))
        shape = shape_of(self.cut, level, self.span.steps)
        return np.asarray(np.ravel_multi_index(parts, shape), dtype=np.int64)

    def _places(self, level: Level) -> Counts:
        if not level.unit:
            return np.zeros(self.rows.num_rows, dtype=np.int64)
        # Who is at no place of the map goes to the last one, "not known", so that places add up to everyone.
        belongs, nowhere = dict(level.of_unit), level.size - 1
        place = np.array([nowhere, *(belongs.get(unit, nowhere) for unit in self.units)], dtype=np.int64)
        return np.asarray(place[_whole(self.rows[f"{level.unit}_"])])


def _ends(span: Span) -> pa.Table:
    days = span.ends or (span.last,)
    return pa.table({"at_": pa.array(range(len(days)), pa.int32()), "day_": pa.array(days, pa.date32())})


def _add_sums(
    cubes: Cubes, found: _Grouped, components: Sequence[Component], levels: Sequence[Level]
) -> None:
    for level in levels:
        shape, where = shape_of(found.cut, level, found.span.steps), found.cells(level)
        for at, part in enumerate(components):
            sums = np.zeros(int(np.prod(shape)), dtype=np.int64)
            np.add.at(sums, where, _whole(found.rows[f"n{at}"]))
            by_period = np.tensordot(found.span.makes, sums.reshape(shape), axes=1)
            cubes.sums[part, found.cut, level.name] = by_period


def _add_spreads(cubes: Cubes, found: _Grouped, part: Component, levels: Sequence[Level]) -> None:
    value, number = _whole(found.rows["value_"]), _whole(found.rows["n"])
    for level in levels:
        inner = int(np.prod(shape_of(found.cut, level, 1)))
        step, rest = np.divmod(found.cells(level), inner)
        period, row = np.nonzero(found.span.makes[:, step])
        spread = Spread(period * inner + rest[row], value[row], number[row])
        cubes.spreads[part, found.cut, level.name] = spread


def _whole(column: pa.ChunkedArray) -> Counts:
    return np.asarray(column.to_numpy(), dtype=np.int64)
