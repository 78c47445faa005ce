"""Questions answered from a cube that was counted before: any of its measures, groups, places and periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys import clustered_record
from joinedup.journeys.clustered import Array
from joinedup.journeys.one_pass import JourneyRows, Reading, in_chunks
from joinedup.lake import Lake
from joinedup.measures.asking import Cut, Level, Method, Unit, cuts_of, levels_of, measures_of, periods_of
from joinedup.measures.calculating import About, Question, answered, reckonings
from joinedup.measures.components import (
    Component,
    Source,
    by_source,
    components_of,
    distinct_components,
    needs_values,
)
from joinedup.measures.counted import counted
from joinedup.measures.cubes import Cubes
from joinedup.measures.figures import Spread
from joinedup.measures.finest import Axis, Cube, Frame, Values
from joinedup.measures.result import MeasureResult, Reckoning
from joinedup.measures.spans import Span, span_of


@dataclass(frozen=True)
class MeasureCube:
    """A cube of measures with what is said beside every result: snapshot, rule, and the days the returns cover."""

    cube: Cube
    snapshot: int | None
    rule: str
    first_day: date
    last_day: date

    def calculate(
        self,
        measures: Measure | str | Sequence[Measure | str],
        *,
        by: str | Breakdown | Sequence[str | Breakdown | Sequence[str | Breakdown]] = (),
        place: str | Sequence[str] = "borough",
        on: date | None = None,
        periods: Period | Sequence[Period],
        confidence: float = 0.95,
        method: Method = "wilson",
    ) -> MeasureResult:
        """What `measures.calculate` answers to the same question, from the counts held here.

        Raises YourCommand for a measure, breakdown or level that was not counted, else as `calculate` does.
        """
        asked, cuts = measures_of(measures), cuts_of(by)
        spans = periods_of(periods, self.first_day, self.last_day)
        day = on or max(period.end for period in spans)
        question = Question(asked, cuts, levels_of(place, day, Places.load()), spans, day, confidence, method)
        looked_up, excluded = Cubes({}, {}), []
        for source, group in by_source(asked).items():
            span = span_of(source, spans)
            excluded += self._reckoned(source, span)
            for cut in cuts:
                for level in question.levels:
                    self._look_up(looked_up, _Asked(source, cut, level, span), group)
        return answered(looked_up, question, excluded, self)

    def _look_up(self, into: Cubes, asked: _Asked, measures: Sequence[Measure]) -> None:
        cut, level = asked.cut, asked.level
        for part in distinct_components(measures):
            into.sums[part, cut, level.name] = self._sums(asked, part)
        for measure in measures:
            if needs_values(measure):
                part = components_of(measure)[0]
                into.spreads[part, cut, level.name] = self._spread(asked, part)

    def _sums(self, asked: _Asked, part: Component) -> Array:
        """Periods x places x groups x groups."""
        if part not in self.cube.components.get(asked.source, ()):
            raise _not_held()
        names, turned = self._names(asked.cut)
        months = self.cube.sums(asked.source, part, names)
        within, makes = self._months(asked.span)
        by_period: Array = np.tensordot(makes, months[within], axes=1)
        by_place: Array = np.tensordot(self._belongs(asked.level), by_period, axes=(1, 1)).swapaxes(0, 1)
        return np.asarray(by_place.swapaxes(2, 3) if turned else by_place)

    def _spread(self, asked: _Asked, part: Component) -> Spread:
        """How often each value occurs in each cell of the answer."""
        if part not in self.cube.values.get(asked.source, {}):
            raise _not_held()
        frame, values = self.cube.frame, self.cube.values[asked.source][part]
        names, turned = self._names(asked.cut)
        first, second = frame.shape(names)
        group = frame.group_of_finest[frame.cuts.index(names)] - frame.lies[names].start
        if turned:
            group = group % second * first + group // second
        place = np.argmax(self._belongs(asked.level), axis=0)
        cell_of = (place[:, None] * (first * second) + group).reshape(-1)
        within, makes = self._months(asked.span)
        inner = asked.level.size * first * second
        found = [
            _occurring(values, within.start + np.flatnonzero(makes[period]), cell_of, inner, period)
            for period in range(len(makes))
        ]
        return Spread(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))

    def _names(self, cut: Cut) -> tuple[tuple[str, ...], bool]:
        """The cut by the names of axes in the order of the cube, and whether that turned it round."""
        asked = tuple(breakdown.slug for breakdown in cut.breakdowns)
        for names in self.cube.frame.cuts:
            if set(names) == set(asked):
                return names, names != asked
        raise YourCommand(
            f"The cube was not counted by {' and '.join(asked)}.",
            remedy=f"It has {', '.join(axis.name for axis in self.cube.frame.axes)}.",
        )

    def _belongs(self, level: Level) -> Array:
        """Places of the level x places of the cube: 1 where the one is in the other."""
        frame = self.cube.frame
        if level.unit not in ("", frame.unit):
            raise YourCommand(
                f"The cube was counted by {frame.unit}.", remedy="Ask for a level made of those."
            )
        of_unit, nowhere = dict(level.of_unit), level.size - 1
        places = [*(of_unit.get(place, nowhere) for place in frame.places), nowhere]
        return np.asarray(np.array(places) == np.arange(level.size)[:, None], np.int64)

    def _months(self, span: Span) -> tuple[slice, Array]:
        """The months of the cube that the span asks for, and how they make its periods."""
        start = _number(str(span.first)) - _number(self.cube.frame.first)
        first, stop = max(start, 0), min(start + span.steps, self.cube.frame.months)
        return slice(first, max(stop, first)), span.makes[:, first - start : max(stop - start, first - start)]

    def _reckoned(self, source: Source, span: Span) -> list[Reckoning]:
        if source not in self.cube.dated:
            return []
        dated, (within, _) = self.cube.dated[source], self._months(span)
        before, inside = dated[: within.start + 1].sum(), dated[within.start + 1 : within.stop + 1].sum()
        after = dated[within.stop + 1 : -1].sum()
        return reckonings(source, span, int(inside), int(dated[-1]), int(before), int(after))


@dataclass(frozen=True)
class _Asked:
    """One cut and level of the rows of one date."""

    source: Source
    cut: Cut
    level: Level
    span: Span


def measure_cube(
    lake: Lake,
    measures: Measure | str | Sequence[Measure | str],
    *,
    by: Sequence[str | Breakdown] = (),
    unit: Unit = "borough",
    pathway: str = "talking_therapies",
) -> MeasureCube:
    """Measures of a lake counted in one pass by month, by `unit` (service or borough) and by any two of `by`.

    Goes through the clustered record of the lake's snapshot, which is made if it is not there. Only measures of
    journeys by a date of theirs can be counted so. Raises YourCommand for others, and when there are no returns.
    """
    record, found = clustered_record(lake, pathway), lake.snapshot
    reading = Reading.of(record.columns, Derivations.load(pathway), Thresholds.load())
    first, last = (date.fromisoformat(record.made_of[name]) for name in ("first_day", "last_day"))
    about = _Held(found.number if found else None, record.made_of["rule"], first, last)
    return cube_of(in_chunks(record.parts(), reading), reading, measures, by=by, unit=unit, about=about)


@dataclass(frozen=True)
class _Held:
    """What a clustered record says of itself."""

    snapshot: int | None
    rule: str
    first_day: date
    last_day: date


def cube_of(
    chunks: Iterable[JourneyRows],
    reading: Reading,
    measures: Measure | str | Sequence[Measure | str],
    *,
    by: Sequence[str | Breakdown],
    unit: Unit,
    about: About,
) -> MeasureCube:
    """`measure_cube` over journeys as they are derived; months are those from the first day of `about` to the last."""
    sources = by_source(measures_of(measures))
    for source in sources:
        if source.table != "journeys" or source.date_basis == PERIOD_END:
            raise YourCommand(
                f"Measures of {source.table} by {source.date_basis} are not counted in one pass with the journeys.",
                remedy="Calculate them from the journeys.",
            )
    found = [Breakdown.load(one) if isinstance(one, str) else one for one in by]
    axes = tuple(Axis.of(breakdown, reading.columns[breakdown.column or ""]) for breakdown in found)
    months = _number(str(about.last_day)) - _number(str(about.first_day)) + 1
    places = tuple(sorted(place for place in reading.columns[unit] if place is not None))
    frame = Frame(str(about.first_day)[:7], months, unit, places, axes)
    parts = {source: distinct_components(group) for source, group in sources.items()}
    valued = {
        source: tuple({components_of(measure)[0]: None for measure in group if needs_values(measure)})
        for source, group in sources.items()
    }
    cube = counted(chunks, frame, parts, valued)
    return MeasureCube(cube, about.snapshot, about.rule, about.first_day, about.last_day)


def _not_held() -> YourCommand:
    return YourCommand(
        "The cube does not hold this measure.", remedy="Calculate it from the journeys, or count it."
    )


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _occurring(
    values: Values, months: Array, cell_of: Array, inner: int, period: int
) -> tuple[Array, Array, Array]:
    """Cells of the answer, values, and how often each occurs in these months together."""
    rows = [slice(values.first[month], values.first[month + 1]) for month in months]
    value = np.concatenate([values.value[own] for own in rows] or [np.zeros(0, np.int32)]).astype(np.int64)
    if not len(value):
        return (np.zeros(0, np.int64),) * 3
    cell = cell_of[np.concatenate([values.cell[own] for own in rows])]
    low, width = value.min(), int(value.max() - value.min()) + 1
    keys, counts = _frequencies(cell * width + (value - low), inner * width)
    return period * inner + keys // width, keys % width + low, counts


def _frequencies(keys: Array, limit: int) -> tuple[Array, Array]:
    """Which keys below `limit` occur, and how often."""
    if limit > 20_000_000:  # a table of all keys would be larger than what it counts
        found, counts = np.unique(keys, return_counts=True)
        return found, counts.astype(np.int64)
    every = np.bincount(keys, minlength=limit)
    there = np.flatnonzero(every)
    return there, every[there]
