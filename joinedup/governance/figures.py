"""The released figures that a topic opens, and those that a test is judged on. True counts stay inside the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period, containing, months, quarters
from joinedup.definitions.scrutiny import TopicRow
from joinedup.disclosure import Released, release
from joinedup.errors import UnknownName
from joinedup.governance.evidence import Figures, MeasureTest, Point
from joinedup.measures import MeasureResult, calculate
from joinedup.measures.asking import NOT_KNOWN
from joinedup.measures.cubes import Held

AREA = "north_west_london"
_KEYS = ("measure_id", "period", "level", "place", "breakdown", "group", "breakdown_2", "group_2")


@dataclass(frozen=True)
class Figure:
    """One released figure with its code; `value` is None where it is hidden."""

    measure: str
    title: str
    statistic: str
    period: str
    level: str
    place: str
    value: float | None
    lower: float | None
    upper: float | None
    code: str


def topic_figures(
    topic: TopicRow, journeys: Held, *, periods: Sequence[Period] = (), level: str = "borough"
) -> tuple[Figure, ...]:
    """Released figures of the measures that a topic opens, by place, and for all places together.

    `periods`: the last four whole quarters that are held, where none are given. No data held: no figures.
    Raises UnknownName, YourCommand.
    """
    measures = topic.opens()
    if not measures:
        return ()
    asked = tuple(periods) or last_quarters(journeys)
    levels = tuple(dict.fromkeys((level, AREA)))
    released = release(calculate(measures, journeys, place=levels, periods=asked))
    return _figures(released)


def evidence_of(test: MeasureTest, journeys: Held, *, ending: str | None = None) -> Figures:
    """The released figures that the test asks for, the last whole month last: evidence that a person may then accept.

    Raises UnknownName for a measure, place or group that there is not.
    """
    return released_evidence(test, journeys, ending=ending)[0]


def released_evidence(
    test: MeasureTest, journeys: Held, *, ending: str | None = None
) -> tuple[Figures, Mapping[str, Any]]:
    """The same, and the entries of the registry that open its codes."""
    measure = Measure.load(test.series.measure)
    last = last_months(journeys, 1)[-1].key if ending is None else ending
    by = () if test.series.breakdown is None else (test.series.breakdown,)
    result = calculate(
        measure, journeys, by=by, place=test.series.level, periods=months(test.points, ending=last)
    )
    released = release(result)
    codes = codes_of(released)
    points = [
        Point(period=row["period"], value=row["value"], code=codes.get(key_of(row), ""))
        for row in released.value.table.to_pylist()
        if test.series.place in (row["place"], row["place_name"])
        and (test.series.group is None or row["group"] == test.series.group)
    ]
    if not points:
        raise UnknownName(
            f"Nothing is held of {test.series.place} at the level {test.series.level}.",
            remedy="Name place and group as `joinedup measures calculate` prints them.",
        )
    entries = {point.code: released.registry[point.code] for point in points if point.code}
    return Figures(series=test.series, points=tuple(points)), entries


def last_months(journeys: Held, number: int) -> tuple[Period, ...]:
    """The last whole months that the returns hold."""
    month = containing("month", journeys.last_day)
    if journeys.last_day < month.end:
        month = containing("month", month.start - timedelta(days=1))
    found = months(number, ending=month.key)
    return tuple(period for period in found if period.start >= journeys.first_day) or found[-1:]


def last_quarters(journeys: Held, number: int = 4) -> tuple[Period, ...]:
    """The last whole quarters that the returns hold; months where they hold no whole quarter."""
    ending = last_months(journeys, 1)[-1]
    found = [period for period in quarters(number, ending=ending.key) if period.start >= journeys.first_day]
    return tuple(found) or last_months(journeys, 3)


def _figures(released: Released[MeasureResult]) -> tuple[Figure, ...]:
    titles = {measure.id: measure.title for measure in released.value.measures}
    codes = codes_of(released)
    return tuple(
        Figure(
            row["measure_id"], titles[row["measure_id"]], row["statistic"], row["period"], row["level"],
            row["place_name"], row["value"], row["lower"], row["upper"], codes.get(key_of(row), ""),
        )
        for row in released.value.table.to_pylist()
        # whoever lives elsewhere is shown once, among the boroughs
        if (row["level"], row["place"]) != (AREA, NOT_KNOWN)
    )  # fmt: skip


def codes_of(released: Released[MeasureResult]) -> dict[tuple[Any, ...], str]:
    """The code of each released cell, by what `key_of` says of its row."""
    return {key_of(entry["cell"]): code for code, entry in released.registry.items()}


def key_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What names the cell of a row of figures."""
    return tuple(row.get(name) for name in _KEYS)
