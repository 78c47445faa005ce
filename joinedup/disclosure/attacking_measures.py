"""What anybody can know of how one measure hangs together with another at the same place, period and group.

From the published definitions: which counts are one and the same, which are sums of others, which are a
part of others, and which two a percentage is made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from joinedup.definitions.conditions import Both
from joinedup.definitions.measure import Measure, Term
from joinedup.disclosure.attacking_cells import COUNTS, PERCENTAGE, Cell, Row
from joinedup.errors import UnknownName

Meaning = tuple[Any, ...]
"""What is counted: the same for two counts exactly when their definitions say the same."""
INF = float("inf")
SHARPEST = 1e-7  # a percentage written to more digits than that says no more


@lru_cache(maxsize=1024)
def known(measure: str) -> Measure | None:
    """The published definition, or None."""
    try:
        return Measure.load(measure)
    except UnknownName:
        return None


def adds_up(measure: str, count: str) -> bool:
    """Whether a count adds up over places, groups and months: the sum behind a mean is no count of people."""
    found = known(measure)
    return found is None or count == "denominator" or found.statistic in ("count", "sum", "percentage")


def at_period_end(measure: str) -> bool:
    """Whether it counts how things stood on the last day."""
    found = known(measure)
    return found is not None and found.at_period_end


@lru_cache(maxsize=2048)
def meaning(measure: str, count: str) -> Meaning:
    """What a count counts. A measure we do not know is like no other."""
    found = known(measure)
    if found is None or found.statistic not in ("count", "percentage"):
        return ("?", measure, count)
    terms = found.numerator_terms if count == "numerator" else found.denominator_terms
    return (found.table, found.date_basis, terms)


def measure_rows(cells: Collection[Cell]) -> Iterator[Row]:
    """Every relation between the counts of different measures, and numerators within denominators."""
    nodes: dict[Meaning, dict[Meaning, list[Cell]]] = {}
    for cell in cells:
        node = (cell.data, *cell[2:7])
        nodes.setdefault(node, {}).setdefault(meaning(cell.measure, cell.which), []).append(cell)
    measures = tuple(sorted({cell.measure for cell in cells}))
    for by_meaning in nodes.values():
        for same in by_meaning.values():
            yield from (Row((same[0], other), (1.0, -1.0), 0.0, 0.0, "one count") for other in same[1:])
        firsts = {what: same[0] for what, same in by_meaning.items()}
        for part, whole in _within(measures, frozenset(firsts)):
            both = (firsts[whole], firsts[part])
            yield Row(both, (1.0, -1.0), 0.0, INF, f"{_told(both[1])} in {_told(both[0])}")
        for total, signed in _sums(frozenset(firsts)):
            weights = (1.0, *(-float(sign) for sign, _ in signed))
            others = tuple(firsts[what] for _, what in signed)
            yield Row((firsts[total], *others), weights, 0.0, 0.0, f"what makes {_told(firsts[total])}")


def _told(cell: Cell) -> str:
    return f"{cell.measure} {cell.which}"


@lru_cache(maxsize=1024)
def _within(measures: tuple[str, ...], present: frozenset[Meaning]) -> tuple[tuple[Meaning, Meaning], ...]:
    """(part, whole): numerators and denominators, and conditions that ask for all that others ask, and more."""
    pairs = {(meaning(measure, "numerator"), meaning(measure, "denominator")) for measure in measures}
    for part in present:
        for whole in present:
            if _asks(part) and _asks(whole) and part[:2] == whole[:2] and _asks(part) > _asks(whole):
                pairs.add((part, whole))
    pairs |= {(what, _first(what)) for what in present if _is_difference(what)}
    pairs = {(part, whole) for part, whole in pairs if {part, whole} <= present and part != whole}
    between = {(a, d) for a, b in pairs for c, d in pairs if b == c}
    return tuple(sorted(pairs - between, key=repr))


def _is_difference(what: Meaning) -> bool:
    return what[0] != "?" and [term.sign > 0 for term in what[2]] == [True] + [False] * (len(what[2]) - 1)


def _first(what: Meaning) -> Meaning:
    return (*what[:2], what[2][:1])


@lru_cache(maxsize=4096)
def _asks(what: Meaning) -> frozenset[Any]:
    """The conditions that all have to hold for a row to be counted; empty where it is no single condition."""
    if what[0] == "?" or len(what[2]) != 1:
        return frozenset()
    condition = what[2][0].condition
    return frozenset(condition.parts if isinstance(condition, Both) else (condition,))


@lru_cache(maxsize=1024)
def _sums(
    present: frozenset[Meaning],
) -> tuple[tuple[Meaning, tuple[tuple[int, Meaning], ...]], ...]:
    """(count, signed counts that make it up), such as the eligible: finished less those not at caseness."""
    found = []
    for what in sorted(present, key=repr):
        if what[0] != "?" and len(what[2]) > 1:
            single = [(term.sign, (*what[:2], (Term(1, term.condition),))) for term in what[2]]
            if all(other in present for _, other in single):
                found.append((what, tuple(single)))
    return tuple(found)


def pairs_of(shown: Collection[Cell], counts: Collection[Cell]) -> dict[Cell, tuple[Cell, Cell]]:
    """Shown percentage -> the published counts that are its numerator and denominator, where both are."""
    at: dict[tuple[Any, ...], Cell] = {}
    for cell in counts:
        at.setdefault((cell.data, *cell[2:7], meaning(cell.measure, cell.which)), cell)
    found = {}
    for cell in shown:
        node = (cell.data, *cell[2:7])
        numerator, denominator = (at.get((*node, meaning(cell.measure, count))) for count in COUNTS)
        if numerator is not None and denominator is not None and numerator != denominator:
            found[cell] = (numerator, denominator)
    return found


def percentage_rows(pair: tuple[Cell, Cell], value: float, decimals: int, near: float) -> Iterator[Row]:
    """What a percentage of so many decimals means for its two counts. `near`: how many people they may be away
    from a pair with that percentage; 0 where it was made of true counts.
    """
    half = max(0.5 * 10.0**-decimals, SHARPEST)
    yield Row(pair, (1.0, -(value + half) / 100), -INF, near, PERCENTAGE)
    yield Row(pair, (1.0, -(value - half) / 100), -near, INF, PERCENTAGE)
