"""Which counts of a result add up to which: what disclosure control has to know before any of them is hidden.

Groups make everyone, places make larger places, months make quarters and years, counts make percentages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from joinedup.definitions.measure import Measure, Term
from joinedup.definitions.periods import Period
from joinedup.measures.asking import TOTAL, Level
from joinedup.measures.words import ALL, EVERYONE

Key = tuple[str, str, str, str, str, str, str, str]
"""measure id, period, level, place, breakdown, group, second breakdown, second group."""

Relation = tuple[tuple[int, str], tuple[tuple[int, str], ...], bool]

_KEY = ("measure_id", "period", "level", "place", "breakdown", "group", "breakdown_2", "group_2")
_ADDS_UP = {"count": ("numerator",), "sum": ("numerator",), "percentage": ("numerator", "denominator")}
_ADDS_UP |= dict.fromkeys(("mean", "median", "max", "min"), ("denominator",))


@dataclass(frozen=True, slots=True)
class Nested:
    """A place that is made of places of a lower level, and of nothing else."""

    level: str
    place: str
    of_level: str
    of_places: tuple[str, ...]


def nesting(levels: Sequence[Level]) -> tuple[Nested, ...]:
    """How the places of the levels lie in one another, on the map that the levels were made on."""
    return tuple(
        found for upper in levels for lower in levels if upper is not lower for found in _nested(upper, lower)
    )


def _nested(upper: Level, lower: Level) -> Iterator[Nested]:
    if upper.name == TOTAL:
        yield Nested(upper.name, upper.codes[0], lower.name, lower.codes)
    if not upper.unit or upper.unit != lower.unit:
        return
    units = ("", *dict.fromkeys(code for level in (upper, lower) for code, _ in level.of_unit))
    pairs = {(_place(upper, unit), _place(lower, unit)) for unit in units}
    for at, place in enumerate(upper.codes):
        inside = {low for up, low in pairs if up == at}
        elsewhere = {low for up, low in pairs if up != at}
        if inside and not inside & elsewhere and (len(inside) > 1 or upper.size < lower.size):
            yield Nested(upper.name, place, lower.name, tuple(lower.codes[low] for low in sorted(inside)))


def _place(level: Level, unit: str) -> int:
    return dict(level.of_unit).get(unit, level.size - 1)


def relations_of(
    table: pa.Table, measures: Sequence[Measure], nested: Sequence[Nested]
) -> tuple[Relation, ...]:
    """Every relation between counts of the table, as (total, parts, whether there are further parts)."""
    keys: list[Key] = list(zip(*(table[name].to_pylist() for name in _KEY), strict=True))
    rows = {key: row for row, key in enumerate(keys)}
    known = {measure.id: measure for measure in measures}
    makers: tuple[Callable[[], Iterator[Relation]], ...] = (
        lambda: _by_group(rows, known),
        lambda: _by_place(rows, known, nested),
        lambda: _by_period(rows, known),
        lambda: _by_measure(rows, measures),
    )
    return tuple(dict.fromkeys(relation for maker in makers for relation in maker()))


def _together(total: int, parts: Sequence[int], measure: Measure) -> Iterator[Relation]:
    for name in _ADDS_UP[measure.statistic]:
        yield (total, name), tuple((part, name) for part in parts), False


def _by_group(rows: Mapping[Key, int], known: Mapping[str, Measure]) -> Iterator[Relation]:
    """Groups add up to everyone; crossed groups to the groups of either breakdown, where those are in the
    table."""
    parts: dict[Key, dict[tuple[str, str], list[int]]] = {}
    for (measure, period, level, place, first, group, second, other), row in rows.items():
        at = (measure, period, level, place)
        if second:
            parts.setdefault((*at, first, group, "", ""), {}).setdefault((first, second), []).append(row)
            parts.setdefault((*at, second, other, "", ""), {}).setdefault((first, second), []).append(row)
        if first != EVERYONE:
            parts.setdefault((*at, EVERYONE, ALL, "", ""), {}).setdefault((first, second), []).append(row)
    for key, by_cut in parts.items():
        for found in by_cut.values() if key in rows else ():
            yield from _together(rows[key], found, known[key[0]])


def _by_place(
    rows: Mapping[Key, int], known: Mapping[str, Measure], nested: Sequence[Nested]
) -> Iterator[Relation]:
    """Places add up to the larger places that they make. A place without a row has nobody in it."""
    by_place = {
        (found.level, found.place): [f for f in nested if (f.level, f.place) == (found.level, found.place)]
        for found in nested
    }
    for key, row in rows.items():
        for found in by_place.get((key[2], key[3]), ()):
            parts = [(key[0], key[1], found.of_level, place, *key[4:]) for place in found.of_places]
            inside = [rows[part] for part in parts if part in rows]
            if inside:
                yield from _together(row, inside, known[key[0]])


def _by_period(rows: Mapping[Key, int], known: Mapping[str, Measure]) -> Iterator[Relation]:
    """Months, or quarters, add up to the longer periods they make up; a state at an end is that of its last
    month."""
    periods = {key: Period.parse(key) for key in dict.fromkeys(key[1] for key in rows)}
    whole = {key: tuple(_made_of(period, periods)) for key, period in periods.items()}
    last = {key: tuple(_same_end(period, periods)) for key, period in periods.items()}
    for key, row in rows.items():
        measure = known[key[0]]
        for parts in last[key[1]] if measure.at_period_end else whole[key[1]]:
            inside = [(key[0], part, *key[2:]) for part in parts]
            if all(part in rows for part in inside):
                yield from _together(row, [rows[part] for part in inside], measure)


def _made_of(period: Period, periods: Mapping[str, Period]) -> Iterator[tuple[str, ...]]:
    for kind in ("month", "quarter"):
        inside = [
            p for p in periods.values() if p.kind == kind and period.start <= p.start and p.end <= period.end
        ]
        months = {month for part in inside for month in part.months}
        if len(inside) > 1 and months == set(period.months):
            yield tuple(part.key for part in inside)


def _same_end(period: Period, periods: Mapping[str, Period]) -> Iterator[tuple[str, ...]]:
    for other in periods.values():
        if other.end == period.end and other.start > period.start:
            yield (other.key,)


def _by_measure(rows: Mapping[Key, int], measures: Sequence[Measure]) -> Iterator[Relation]:
    """Counts that are the same count, and differences of counts: M076 is M179 and the rest of it.

    That a part is not above its whole is left out: a part of a hidden count is below 5 itself, so it tells
    nothing.
    """
    linked: dict[str, list[tuple[str, tuple[tuple[str, str], ...]]]] = {}
    for measure, column, parts in _links(measures):
        linked.setdefault(measure, []).append((column, parts))
    for key, row in rows.items():
        for column, parts in linked.get(key[0], ()):
            cells = [(rows.get((other, *key[1:])), other_column) for other, other_column in parts]
            if all(at is not None for at, _ in cells):
                yield (row, column), tuple((at, name) for at, name in cells if at is not None), False


Link = tuple[str, str, tuple[tuple[str, str], ...]]


def _links(measures: Sequence[Measure]) -> Iterator[Link]:
    """(measure, column, what makes it up) for every count that others of the same dates make up."""
    first: dict[tuple[Any, ...], tuple[str, str]] = {}
    counts = [(m, column, terms) for m in measures for column, terms in _terms(m)]
    for measure, column, terms in counts:
        same = first.setdefault((measure.table, measure.date_basis, terms), (measure.id, column))
        if same != (measure.id, column):
            yield measure.id, column, (same,)
    for measure, column, terms in counts:
        singles = [
            first.get((measure.table, measure.date_basis, (Term(1, term.condition),))) for term in terms
        ]
        if len(terms) > 1 and singles[0] is not None and all(single is not None for single in singles):
            others = tuple(single for single in singles[1:] if single is not None)
            if terms[0].sign > 0 and all(term.sign < 0 for term in terms[1:]):
                yield (*singles[0], ((measure.id, column), *others))


def _terms(measure: Measure) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    """The counts of a measure by column; sums of values are not counts of people."""
    if measure.statistic == "count":
        return (("numerator", measure.numerator_terms),)
    if measure.statistic == "percentage":
        return (("numerator", measure.numerator_terms), ("denominator", measure.denominator_terms))
    return ()
