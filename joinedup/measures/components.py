"""Measures taken apart into counts and sums that add up, one SQL column each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from joinedup.definitions.conditions import Both, Condition, Missing, Value, columns_in
from joinedup.definitions.measure import Measure, Term

Kind = Literal["count", "sum", "squares"]


@dataclass(frozen=True, slots=True)
class Component:
    """Number of rows that meet a condition, or the sum (of squares) of a value among them. Whole numbers
    throughout."""

    kind: Kind
    condition: Condition
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that are counted by one date: a table, and a date column of it or the end of the period."""

    table: str
    date_basis: str


def source_of(measure: Measure) -> Source:
    """Where a measure's rows are found."""
    return Source(measure.table, measure.date_basis)


def components_of(measure: Measure) -> tuple[Component, ...]:
    """Everything that has to be added up for a measure."""
    terms = (*measure.numerator_terms, *measure.denominator_terms)
    if measure.value_of is None:
        return tuple(Component("count", term.condition) for term in terms)
    return tuple(
        Component(kind, terms[0].condition, measure.value_of) for kind in ("count", "sum", "squares")
    )


def by_source(measures: Iterable[Measure]) -> dict[Source, tuple[Measure, ...]]:
    """Measures grouped so that each group needs its rows once."""
    found: dict[Source, list[Measure]] = {}
    for measure in measures:
        found.setdefault(source_of(measure), []).append(measure)
    return {source: tuple(group) for source, group in found.items()}


def distinct_components(measures: Iterable[Measure]) -> tuple[Component, ...]:
    """The components of several measures, each once: M076 is counted once for all measures that divide by
    it."""
    return tuple(dict.fromkeys(part for measure in measures for part in components_of(measure)))


def needs_values(measure: Measure) -> bool:
    """Whether sums are not enough and the single values have to be looked at."""
    return measure.statistic in ("median", "max", "min")


def always_missing(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Date columns that every one of the conditions requires to be missing, so that other rows can be left
    out early."""
    sets = [
        frozenset(part.column.name for part in _outermost(c) if isinstance(part, Missing)) for c in conditions
    ]
    return tuple(sorted(frozenset.intersection(*sets))) if sets else ()


def named_columns(components: Iterable[Component]) -> frozenset[str]:
    """Names of the columns that any of the components reads."""
    return frozenset(
        column.name
        for part in components
        for column in (columns_in(part.condition) | (columns_in(part.value) if part.value else frozenset()))
    )


def signed(terms: Sequence[Term]) -> tuple[tuple[int, Component], ...]:
    """Terms of a numerator or denominator as components with their signs."""
    return tuple((term.sign, Component("count", term.condition)) for term in terms)


def _outermost(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, Both) else (condition,)
