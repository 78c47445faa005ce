"""Results that lie side by side, released as one: a sum in one of them must not open a star of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.disclosure.releasable import Cell
from joinedup.disclosure.releasing import Released, hidden_in, released_with
from joinedup.measures import MeasureResult
from joinedup.measures.adding_up import Nested
from joinedup.measures.result import COUNTS, KEYS, SCHEMA

Key = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Standing:
    """What stands of a state: results with the counts that are hidden in all of them together. What is asked
    beside them later finds the same figure shown or hidden as it is here.
    """

    results: Mapping[str, MeasureResult]
    rule: Profile
    hidden: frozenset[tuple[Key, str]]

    def released(self, name: str) -> Released[MeasureResult]:
        """One of the results as it leaves. Raises KeyError for a name that was not asked."""
        return _released(self.results[name], self.rule, self.hidden)

    def beside(self, results: Mapping[str, MeasureResult]) -> Standing:
        """Further results of the state, with what stands left as it stands."""
        stood = {key for result in self.results.values() for key in _keys(result)}
        if all(stood.issuperset(_keys(result)) for result in results.values()):
            return Standing({**self.results, **results}, self.rule, self.hidden)
        whole = _whole([*self.results.values(), *results.values()])
        keys = _keys(whole)
        cells = [(row, column) for row, key in enumerate(keys) if key in stood for column in COUNTS]
        before = {(row, column): (keys[row], column) in self.hidden for row, column in cells}
        hidden = _by_key(whole, hidden_in(whole, self.rule, before))
        return Standing({**self.results, **results}, self.rule, hidden)


def stand(results: Mapping[str, MeasureResult], profile: str | Profile = "nhs-england") -> Standing:
    """Decide what is hidden in results of measures of one state, all of them together.

    Raises UnknownName for an unknown profile, OurFault without a result.
    """
    rule, whole = profile_of(profile), _whole(list(results.values()))
    return Standing(results, rule, _by_key(whole, hidden_in(whole, rule)))


def _released(
    result: MeasureResult, rule: Profile, hidden: frozenset[tuple[Key, str]]
) -> Released[MeasureResult]:
    own = ((row, key, column) for row, key in enumerate(_keys(result)) for column in COUNTS)
    return released_with(
        result, rule, frozenset((row, column) for row, key, column in own if (key, column) in hidden)
    )


def _by_key(whole: MeasureResult, hidden: frozenset[Cell]) -> frozenset[tuple[Key, str]]:
    keys = _keys(whole)
    return frozenset((keys[row], column) for row, column in hidden)


def _keys(result: MeasureResult) -> list[Key]:
    return list(zip(*(result.table[name].to_pylist() for name in KEYS), strict=True))


def _whole(results: Sequence[MeasureResult]) -> MeasureResult:
    """All results as one, each figure once."""
    table = pa.concat_tables([result.table for result in results])
    rows = dict(zip(_keys(replace(results[0], table=table)), table.to_pylist(), strict=True))
    nesting = tuple(dict.fromkeys(nested for result in results for nested in result.nesting))
    measures = {measure.id: measure for result in results for measure in result.measures}
    kept = [*rows.values(), *_unshown(rows.values(), nesting)]
    table = pa.Table.from_pylist(kept, schema=SCHEMA)
    return replace(results[0], table=table, measures=tuple(measures.values()), nesting=nesting)


def _unshown(rows: Iterable[Mapping[str, Any]], nesting: Sequence[Nested]) -> Iterator[Mapping[str, Any]]:
    """Rows that a result leaves out because nobody is in them, of places that are one place by two names (those not
    known): another result may have that place, at its own level. A reader cannot tell that nobody was left out.
    """
    stacks: dict[Key, dict[tuple[str, str], Mapping[str, Any]]] = {}
    for row in rows:
        stack = tuple(row[name] for name in KEYS if name not in ("level", "place", "place_name"))
        stacks.setdefault(stack, {})[row["level"], row["place"]] = row
    for held in stacks.values():
        levels = {level for level, _ in held}
        for found in nesting:
            upper, lower = (found.level, found.place), (found.of_level, found.of_places[0])
            for one, other in ((upper, lower), (lower, upper)):
                if len(found.of_places) == 1 and one in held and other not in held and other[0] in levels:
                    yield {**held[one], "level": other[0], "place": other[1]}
