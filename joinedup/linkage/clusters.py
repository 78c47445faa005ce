"""From links to people: records joined by any chain of links are one person, with a guard on every chain.

No person may come to hold two different valid NHS numbers unless a link between two such records explains it, nor two
records of one source unless they bear the same number, nor two records that a reviewer has kept apart. Where a chain
would do so, its weakest links are not made, and go to review with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.linkage.fields import UNKNOWN, Codes

Bools = npt.NDArray[np.bool_]

DECIDED = -1.0
"""The rank of a link that a reviewer made: before all others, and only another decision stands against it."""
TWO_NUMBERS, SOURCE_TWICE, KEPT_APART = "two NHS numbers", "one source twice", "kept apart by a reviewer"
REASONS = ("", TWO_NUMBERS, SOURCE_TWICE, KEPT_APART)


@dataclass(frozen=True)
class Edges:
    """Links: ends, rank (the lower, the stronger), whether the link may join two different numbers, and whether it
    may join two records of a source."""

    left: Codes
    right: Codes
    rank: npt.NDArray[np.float64]
    may_differ: Bools
    may_repeat: Bools


@dataclass(frozen=True)
class People:
    """`person` of each record: the lowest place of a record of the same person. `refused` holds for each edge the
    place in REASONS of why it was not made, 0 where it was."""

    person: Codes
    refused: npt.NDArray[np.int8]


def settle(
    source: Codes,
    numbers: Codes,
    edges: Edges,
    name: Callable[[int], tuple[str, str]],
    apart: Iterable[tuple[int, int]] = (),
) -> People:
    """Join records along the edges, the strongest first. `numbers` are NHS numbers by any code, UNKNOWN for none.

    `name` gives a record's source and local identifier: edges of one rank are taken by these, so that the order of
    rows decides nothing. `apart` are pairs that must not become one person.
    """
    kept_apart = list(apart)
    person = _components(len(source), edges.left, edges.right)
    refused = np.zeros(len(edges.left), dtype=np.int8)
    doubtful = _doubtful(person, source, numbers, edges, kept_apart)
    chosen = np.flatnonzero(doubtful[edges.left]).tolist()
    if chosen:
        guard = _Guard(source, numbers, kept_apart)
        for edge in sorted(chosen, key=lambda edge: _order(edges, edge, name)):
            refused[edge] = guard.join(
                int(edges.left[edge]),
                int(edges.right[edge]),
                may_differ=bool(edges.may_differ[edge]),
                may_repeat=bool(edges.may_repeat[edge]),
                decided=edges.rank[edge] == DECIDED,
            )
        rows = np.flatnonzero(doubtful)
        person[rows] = [guard.person(int(row)) for row in rows]
    return People(person, refused)


def _order(
    edges: Edges, edge: int, name: Callable[[int], tuple[str, str]]
) -> tuple[float, list[tuple[str, str]]]:
    return float(edges.rank[edge]), sorted([name(int(edges.left[edge])), name(int(edges.right[edge]))])


def _components(size: int, left: Codes, right: Codes) -> Codes:
    """For each record the lowest place among those it is joined to by any chain."""
    lowest = np.arange(size)
    degree = np.bincount(left, minlength=size) + np.bincount(right, minlength=size)
    plain = (degree[left] == 1) & (degree[right] == 1)  # a pair and no more: nearly all of them
    lowest[np.maximum(left, right)[plain]] = np.minimum(left, right)[plain]
    ends, places = np.unique(np.concatenate([left[~plain], right[~plain]]), return_inverse=True)
    lowest[ends] = ends[_lowest(len(ends), *np.split(places, 2))]
    return lowest


def _lowest(size: int, left: Codes, right: Codes) -> Codes:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    lowest = np.empty(size, dtype=np.int64)
    lowest[labels[::-1]] = np.arange(size)[::-1]  # of several assignments the last, the lowest place, stays
    found: Codes = lowest[labels]
    return found


def _doubtful(
    person: Codes, source: Codes, numbers: Codes, edges: Edges, apart: Sequence[tuple[int, int]]
) -> Bools:
    """Records of people that cannot be taken as they are: more than two records, or a pair the guard may refuse."""
    sizes = np.bincount(person, minlength=len(person))
    wrong = sizes > 2
    one, other = numbers[edges.left], numbers[edges.right]
    differ = (one != UNKNOWN) & (other != UNKNOWN) & (one != other) & ~edges.may_differ
    twice = (source[edges.left] == source[edges.right]) & ~edges.may_repeat
    wrong[person[edges.left[differ | twice]]] = True
    for left, right in apart:
        wrong[person[[left, right]]] = True
    found: Bools = wrong[person]
    return found


class _Guard:
    """People under way, record by record: whose numbers and sources are held together, and who is kept apart."""

    def __init__(self, source: Codes, numbers: Codes, apart: Sequence[tuple[int, int]]) -> None:
        self._source, self._numbers = source, numbers
        self._apart = {frozenset(pair) for pair in apart}
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}

    def person(self, record: int) -> int:
        """The lowest record of the person this one belongs to."""
        while (above := self._parent.get(record, record)) != record:
            record = above
        return record

    def join(self, left: int, right: int, *, may_differ: bool, may_repeat: bool, decided: bool) -> int:
        """Make a link; answers 0, or the place in REASONS of why not."""
        first, second = sorted((self.person(left), self.person(right)))
        if first == second:
            return 0
        ones, others = self._members.get(first, [first]), self._members.get(second, [second])
        explained = decided or self._explains(left, right, may_differ)
        reason = self._reason(ones, others, explained, may_repeat or decided)
        if not reason:
            self._parent[second] = first
            self._members[first] = [*ones, *others]
        return reason

    def _explains(self, left: int, right: int, may_differ: bool) -> bool:
        one, other = int(self._numbers[left]), int(self._numbers[right])
        return may_differ and UNKNOWN not in (one, other) and one != other

    def _reason(self, ones: Sequence[int], others: Sequence[int], explained: bool, may_repeat: bool) -> int:
        if any(frozenset((a, b)) in self._apart for a in ones for b in others):
            return REASONS.index(KEPT_APART)
        first, second = self._held(ones), self._held(others)
        if not (first <= second or second <= first or explained):
            return REASONS.index(TWO_NUMBERS)
        if not may_repeat and self._sources(ones) & self._sources(others):
            return REASONS.index(SOURCE_TWICE)
        return 0

    def _held(self, records: Sequence[int]) -> set[int]:
        return {int(self._numbers[record]) for record in records} - {UNKNOWN}

    def _sources(self, records: Sequence[int]) -> set[int]:
        return {int(self._source[record]) for record in records}
