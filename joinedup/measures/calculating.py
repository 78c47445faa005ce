"""`calculate`: measures by groups of people, places and periods, from journeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.lake import Session, sql_session
from joinedup.measures.adding_up import nesting
from joinedup.measures.asking import (
    Cut,
    Level,
    Method,
    cuts_of,
    incomplete,
    levels_of,
    measures_of,
    periods_of,
)
from joinedup.measures.components import Component, Source, by_source, components_of, needs_values, signed
from joinedup.measures.cubes import Asked, Cubes, Held, run, shape_of
from joinedup.measures.figures import Figures, means, order_statistics, percentages, without_limits
from joinedup.measures.queries import reckoning_sql
from joinedup.measures.result import COUNTS, FIGURES, SCHEMA, MeasureResult, Reckoning
from joinedup.measures.spans import Span, span_of
from joinedup.measures.words import ALL, EVERYONE

Floats = NDArray[np.float64]


def calculate(
    measures: Measure | str | Sequence[Measure | str],
    journeys: Held,
    *,
    by: str | Breakdown | Sequence[str | Breakdown | Sequence[str | Breakdown]] = (),
    place: str | Sequence[str] = "service",
    on: date | None = None,
    periods: Period | Sequence[Period],
    confidence: float = 0.95,
    method: Method = "wilson",
    memory_limit: str = "1GB",
    threads: int = 1,
) -> MeasureResult:
    """Measures for every period, place and group, as a table with the columns of `result.SCHEMA`.

    `measures`: one or several, by slug or national id; a national range such as M212-M236 stands for its
    members. `by`: nothing (everyone), a breakdown, two to cross, or a sequence of tuples for several cuts at
    once, such as `[(), ("ethnic_group",), ("ethnic_group", "gender")]`. `place`: a level of place or several,
    as on the map of the day `on` (by default the end of the last period); "total" is everyone held. Levels
    such as borough and partnership count people where they live, levels such as service and trust where they
    are treated.

    What happened in a period is counted by the national date of the measure; what stood at its end is counted
    as it stood on that day, with everything later unknown. A journey at no known place is counted under
    "not_known", so that places and groups add up to everyone. Rows come for every group of every place that
    occurs, zeros among them, in the order of measures, cuts, levels, places, groups and periods.

    Raises UnknownName for a name that does not exist, YourCommand for a period of which nothing is held.
    """
    asked, cuts = measures_of(measures), cuts_of(by)
    spans = periods_of(periods, journeys.first_day, journeys.last_day)
    levels = levels_of(place, on or max(period.end for period in spans), Places.load())
    sources = by_source(asked)
    with sql_session(memory_limit, threads) as session:
        for name in ("journeys", "contacts", "events", "answers"):
            session.register(name, getattr(journeys, name))
        cubes = run(session, sources, Asked(cuts, levels, spans))
        excluded = [reckoning for source in sources for reckoning in _reckon(session, source, spans)]
    day = on or max(period.end for period in spans)
    return answered(cubes, Question(asked, cuts, levels, spans, day, confidence, method), excluded, journeys)


class About(Protocol):
    """Where counts come from: the snapshot, the rule that made pathways, and the days the returns cover."""

    @property
    def snapshot(self) -> int | None:
        """Number of the snapshot."""

    @property
    def rule(self) -> str:
        """Name of the rule."""

    @property
    def first_day(self) -> date:
        """First day covered."""

    @property
    def last_day(self) -> date:
        """Last day covered."""


@dataclass(frozen=True)
class Question:
    """What is asked, checked: `on` is the day of the map of places."""

    measures: tuple[Measure, ...]
    cuts: tuple[Cut, ...]
    levels: tuple[Level, ...]
    periods: tuple[Period, ...]
    on: date
    confidence: float
    method: Method


def answered(cubes: Cubes, question: Question, excluded: Sequence[Reckoning], about: About) -> MeasureResult:
    """The result of a question from the sums that were found, whichever way they were counted."""
    known = _without_empty_places(question.levels, question.cuts, cubes)
    answer = _Answer(cubes, question.periods, question.confidence, question.method)
    blocks = [
        _block(answer, measure, cut, level, keep)
        for measure in question.measures
        for cut in question.cuts
        for level, keep in known
    ]
    return MeasureResult(
        table=pa.concat_tables(blocks).combine_chunks(),
        measures=question.measures,
        snapshot=about.snapshot,
        rule=about.rule,
        excluded=tuple(dict.fromkeys(excluded)),
        incomplete=incomplete(question.periods, about.first_day, about.last_day),
        confidence=question.confidence,
        method=question.method,
        filters={"map": str(question.on)},
        nesting=nesting(question.levels),
    )


def _reckon(session: Session, source: Source, periods: Sequence[Period]) -> list[Reckoning]:
    """How many rows of the table are in and out of the periods, and why."""
    if source.date_basis == PERIOD_END:
        return []
    span = span_of(source, periods)
    row = session.fetch(reckoning_sql(source, span)).to_pylist()[0]
    inside = row["held"] - row["undated"] - row["before"] - row["after"]
    return reckonings(source, span, inside, row["undated"], row["before"], row["after"])


def reckonings(
    source: Source, span: Span, inside: int, undated: int, before: int, after: int
) -> list[Reckoning]:
    """How many rows are in and out of the span, and why, in words."""
    reasons = [
        (f"dated {span.first} to {span.last}", inside),
        ("without this date", undated),
        (f"before {span.first}", before),
        (f"after {span.last}", after),
    ]
    return [Reckoning(source.table, source.date_basis, reason, number) for reason, number in reasons]


@dataclass(frozen=True)
class _Answer:
    """What every block of rows is made from."""

    cubes: Cubes
    periods: tuple[Period, ...]
    confidence: float
    method: Method


Kept = tuple[Level, NDArray[np.bool_]]


def _without_empty_places(levels: Sequence[Level], cuts: Sequence[Cut], cubes: Cubes) -> list[Kept]:
    """Which places of each level occur at all: the others are not in these returns, which is not the same as
    zero."""
    kept = []
    for level in levels:
        found = np.zeros(level.size, dtype=bool)
        for (_, cut, name), sums in cubes.sums.items():
            if name == level.name and cut == cuts[0]:
                found |= sums.any(axis=(0, 2, 3))
        # Where nobody is at any place, all of them are shown with nobody; "total" is a place by itself.
        keep_all = level.size == 1 or not found[:-1].any()
        kept.append((level, np.ones(level.size, dtype=bool) if keep_all else found))
    return kept


def _block(answer: _Answer, measure: Measure, cut: Cut, level: Level, keep: NDArray[np.bool_]) -> pa.Table:
    """All rows of one measure, cut and level."""
    shape = shape_of(cut, level, len(answer.periods))
    counts, figures = _figures(answer, measure, cut, level)
    grid = np.broadcast_to(keep[None, :, None, None], shape)
    places, groups, others, spans = (_axis(shape, axis)[grid] for axis in (1, 2, 3, 0))
    # Arrays run period x place x groups; rows are read place by place, each place's periods together at the
    # end.
    order = np.lexsort((spans, others, groups, places))
    first, second = _group_names(cut)
    columns: dict[str, Any] = {
        "measure": measure.slug,
        "measure_id": measure.id,
        "version": measure.version,
        "statistic": measure.statistic,
        "period": _named([period.key for period in answer.periods], spans[order]),
        "level": level.name,
        "place": _named(level.codes, places[order]),
        "place_name": _named(level.names, places[order]),
        "breakdown": cut.breakdowns[0].slug if cut.breakdowns else EVERYONE,
        "group": _named(first, groups[order]),
        "breakdown_2": cut.breakdowns[1].slug if len(cut.breakdowns) > 1 else "",
        "group_2": _named(second, others[order]),
    }
    for name, array in zip(COUNTS, counts, strict=True):
        columns[name] = None if array is None else pa.array(array[grid][order].astype(np.int64))
    for name in FIGURES:
        columns[name] = pa.array(getattr(figures, name)[grid][order], from_pandas=True)
    return _table(columns, len(order))


def _figures(
    answer: _Answer, measure: Measure, cut: Cut, level: Level
) -> tuple[tuple[Floats | None, Floats | None], Figures]:
    """Numerator and denominator (None where the statistic has none) with the figures made of them."""
    parts = components_of(measure)
    if needs_values(measure):
        return _of_values(answer, measure, cut, level)

    def sums(part: Component) -> Floats:
        return np.asarray(answer.cubes.sums[part, cut, level.name], dtype=np.float64)

    if measure.statistic == "mean":
        number, total, squares = (sums(part) for part in parts)
        return (total, number), means(total, number, squares, answer.confidence)
    if measure.statistic == "sum":
        return (sums(parts[1]), None), without_limits(sums(parts[1]))
    numerator = np.sum([sign * sums(part) for sign, part in signed(measure.numerator_terms)], axis=0)
    if measure.statistic == "count":
        return (numerator, None), without_limits(numerator)
    denominator = np.sum([sign * sums(part) for sign, part in signed(measure.denominator_terms)], axis=0)
    return (numerator, denominator), percentages(numerator, denominator, answer.confidence, answer.method)


def _of_values(
    answer: _Answer, measure: Measure, cut: Cut, level: Level
) -> tuple[tuple[None, Floats], Figures]:
    """Median, largest or smallest of each cell, and of how many values."""
    shape = shape_of(cut, level, len(answer.periods))
    spread = answer.cubes.spreads[components_of(measure)[0], cut, level.name]
    found, number = order_statistics(spread, int(np.prod(shape)), measure.statistic, answer.confidence)
    shaped = [figure.reshape(shape) for figure in (found.value, found.lower, found.upper)]
    return (None, number.reshape(shape)), Figures(*shaped)


def _axis(shape: tuple[int, int, int, int], axis: int) -> NDArray[np.int64]:
    """Position along one axis, for every cell."""
    return np.broadcast_to(np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(4)]), shape)


def _group_names(cut: Cut) -> tuple[Sequence[str], Sequence[str]]:
    names = [breakdown.group_names for breakdown in cut.breakdowns]
    return (names[0] if names else (ALL,), names[1] if len(names) > 1 else ("",))


def _named(names: Sequence[str], at: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(at, pa.int32()), pa.array(names, pa.string())
    ).dictionary_decode()


def _table(columns: dict[str, Any], rows: int) -> pa.Table:
    arrays = [
        value if isinstance(value, pa.Array) else pa.repeat(pa.scalar(value, SCHEMA.field(name).type), rows)
        for name, value in columns.items()
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
