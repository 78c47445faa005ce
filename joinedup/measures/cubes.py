"""Runs the queries and holds what comes back as dense arrays: period x place x group x group, one per component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.lake import Session
from joinedup.measures.asking import Cut, Level
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


class Held(Protocol):
    """The tables that measures are calculated from: `journeys.Journeys` fits."""

    journeys: pa.Table
    contacts: pa.Table
    events: pa.Table
    answers: pa.Table
    rule: str
    snapshot: int | None
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Cubes:
    """Sums of every component, and single values where a measure needs them, for each cut and level of place."""

    sums: dict[tuple[Component, Cut, str], Counts]
    spreads: dict[tuple[Component, Cut, str], Spread]


def run(
    session: Session,
    sources: Mapping[Source, Sequence[Measure]],
    cuts: Sequence[Cut],
    levels: Sequence[Level],
    periods: Sequence[Period],
) -> Cubes:
    """Everything the measures need, from the tables `journeys`, `contacts`, `events` and `answers` of the session."""
    components = {source: distinct_components(measures) for source, measures in sources.items()}
    columns = journeys_columns(tuple(components.items()))
    session.execute(f"CREATE TEMP TABLE journeys_ AS {journeys_sql(columns, cuts, units_of(levels))}")
    cubes = Cubes({}, {})
    for source, measures in sources.items():
        _run_source(session, source, measures, cuts, levels, periods, cubes)
    return cubes


def _run_source(
    session: Session,
    source: Source,
    measures: Sequence[Measure],
    cuts: Sequence[Cut],
    levels: Sequence[Level],
    periods: Sequence[Period],
    cubes: Cubes,
) -> None:
    """The rows of one date once, then one grouping of them per cut and unit of place."""
    span, units = span_of(source, periods), units_of(levels)
    components = distinct_components(measures)
    session.register("period_ends", _ends(span))
    session.execute(f"CREATE OR REPLACE TEMP TABLE rows_ AS {rows_sql(source, components, cuts, span, units)}")
    single = {components_of(measure)[0] for measure in measures if needs_values(measure)}
    for cut in cuts:
        for unit in units:
            of_unit = [level for level in levels if level.unit == unit]
            found = session.fetch(cube_sql(cut, unit, components))
            _add_sums(cubes, found, components, cut, of_unit, span, units[unit])
            for part in single:
                values = session.fetch(values_sql(cut, unit, components.index(part)))
                _add_spreads(cubes, values, part, cut, of_unit, span, units[unit])


def shape_of(cut: Cut, level: Level, periods: int) -> Shape:
    """Periods x places x groups x groups."""
    return (periods, level.size, *cut.shape)


def _ends(span: Span) -> pa.Table:
    days = span.ends or (span.last,)
    return pa.table({"at_": pa.array(range(len(days)), pa.int32()), "day_": pa.array(days, pa.date32())})


def _add_sums(
    cubes: Cubes,
    found: pa.Table,
    components: Sequence[Component],
    cut: Cut,
    levels: Sequence[Level],
    span: Span,
    units: Sequence[str],
) -> None:
    for level in levels:
        shape = shape_of(cut, level, span.steps)
        where = _cells(found, cut, level, shape, units)
        for at, part in enumerate(components):
            sums = np.zeros(int(np.prod(shape)), dtype=np.int64)
            np.add.at(sums, where, found[f"n{at}"].to_numpy())
            cubes.sums[part, cut, level.name] = np.tensordot(span.makes, sums.reshape(shape), axes=1)


def _add_spreads(
    cubes: Cubes,
    found: pa.Table,
    part: Component,
    cut: Cut,
    levels: Sequence[Level],
    span: Span,
    units: Sequence[str],
) -> None:
    value, number = found["value_"].to_numpy(), found["n"].to_numpy()
    for level in levels:
        shape = shape_of(cut, level, span.steps)
        inner = int(np.prod(shape[1:]))
        step, rest = np.divmod(_cells(found, cut, level, shape, units), inner)
        period, row = np.nonzero(span.makes[:, step])
        cubes.spreads[part, cut, level.name] = Spread(period * inner + rest[row], value[row], number[row])


def _cells(found: pa.Table, cut: Cut, level: Level, shape: Shape, units: Sequence[str]) -> Counts:
    """Position of each row in the flattened array."""
    parts = [_whole(found["at_"]), _places(found, level, units), *(_whole(found[group_name(b)]) for b in cut.breakdowns)]
    parts += [np.zeros(found.num_rows, dtype=np.int64)] * (4 - len(parts))
    return np.asarray(np.ravel_multi_index(parts, shape), dtype=np.int64)


def _places(found: pa.Table, level: Level, units: Sequence[str]) -> Counts:
    if not level.unit:
        return np.zeros(found.num_rows, dtype=np.int64)
    # Whoever is at no place of the map goes to the last one, "not known", so that places always add up to everyone.
    belongs, nowhere = dict(level.of_unit), level.size - 1
    place = np.array([nowhere, *(belongs.get(unit, nowhere) for unit in units)], dtype=np.int64)
    return np.asarray(place[_whole(found[f"{level.unit}_"])])


def _whole(column: pa.ChunkedArray) -> Counts:
    return np.asarray(column.to_numpy(), dtype=np.int64)
