"""Which published counts add up to which, worked out from what the counts are: anyone who reads them can do the same.

Groups make everyone, fine groups make coarse ones, boroughs make areas, months make quarters and years, and
counts make counts as the lattice says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from joinedup.definitions import Breakdown, Period, Places
from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE

if TYPE_CHECKING:
    from joinedup.definitions.lattice import Lattice


class Key(NamedTuple):
    """What one published count is, in the columns that every published table has."""

    measure: str
    count: str  # type: ignore[assignment]  # the head that every published table has
    place_level: str
    place: str
    period: str
    breakdown: str
    group: str


Sum = tuple[int, tuple[int, ...], bool]
"""Position of a total, positions of its parts, and whether there are further parts that are not published."""

Index = Mapping[Key, int]
NESTED = (("ethnic_group", "ethnic_category"),)
"""Breakdowns of one column of the returns, of which the second divides the groups of the first."""
TOTAL, NOT_KNOWN = "total", "not_known"


def sums_of(keys: Sequence[Key], lattice: Lattice) -> tuple[Sum, ...]:
    """Every sum among these counts. A sum of which a part is not among them is left out, unless it has a rest."""
    at = {key: i for i, key in enumerate(keys)}
    makers = (_groups(at), _places(at), _periods(at), _counts(at, lattice))
    return tuple(dict.fromkeys(found for maker in makers for found in maker))


def _sum(at: Index, total: Key, parts: Sequence[Key], rest: bool = False) -> Iterator[Sum]:
    positions = tuple(at[part] for part in parts if part in at)
    if total in at and positions and len(positions) == len(parts):
        yield at[total], positions, rest


def _groups(at: Index) -> Iterator[Sum]:
    for key in dict.fromkeys(key._replace(group="") for key in at if key.breakdown != EVERYONE):
        everyone = key._replace(breakdown=EVERYONE, group=ALL)
        parts = [key._replace(group=name) for name in Breakdown.load(key.breakdown).group_names]
        found = [part for part in parts if part in at]
        yield from _sum(at, everyone, found, rest=len(found) < len(parts))
        for coarse, fine in NESTED:
            for name, inside in _inside(coarse, fine).items() if key.breakdown == fine else ():
                total = key._replace(breakdown=coarse, group=name)
                yield from _sum(at, total, [key._replace(group=one) for one in inside])


@lru_cache(maxsize=8)
def _inside(coarse: str, fine: str) -> dict[str, tuple[str, ...]]:
    """Coarse group -> the fine groups that it is made of."""
    upper, found = Breakdown.load(coarse), defaultdict(list)
    for group in Breakdown.load(fine).groups:
        found[upper.group_of(group.codes[0])].append(group.name)
    return {name: tuple(names) for name, names in found.items()}


def _places(at: Index) -> Iterator[Sum]:
    """Boroughs make the area whose members they are; boroughs and nowhere make everyone held."""
    boroughs = tuple(dict.fromkeys(key.place for key in at if key.place_level == BOROUGH))
    members = {
        place: _members(place) for place in dict.fromkeys(k.place for k in at if k.place_level == AREA)
    }
    if NOT_KNOWN in boroughs:
        members[TOTAL] = boroughs
    for key in at:
        if key.place_level in (AREA, TOTAL) and key.place in members:
            inside = members[key.place]
            yield from _sum(at, key, [key._replace(place_level=BOROUGH, place=one) for one in inside])


def _members(place: str) -> tuple[str, ...]:
    found = Places.load().place(place)
    return tuple(
        member.code for member in found.members if member.share == "whole" and member.valid_to is None
    )


def _periods(at: Index) -> Iterator[Sum]:
    """A quarter is its months; a year its quarters, or its months where it has no quarters."""
    made_of = _made_of(tuple(dict.fromkeys(key.period for key in at)))
    for key in at:
        for parts in made_of[key.period]:
            found = tuple(_sum(at, key, [key._replace(period=one) for one in parts]))
            yield from found
            if found:
                break


def _made_of(keys: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Period -> the sets of shorter ones that fill it, longest parts first."""
    periods = {key: Period.parse(key) for key in keys}
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for key, period in periods.items():
        parts = []
        for kind in ("quarter", "month"):
            inside = [
                p for p in periods.values()
                if p.kind == kind and period.start <= p.start and p.end <= period.end and p.key != key
            ]  # fmt: skip
            if sum(len(p.months) for p in inside) == len(period.months):
                parts.append(tuple(p.key for p in sorted(inside)))
        found[key] = tuple(parts)
    return found


def _counts(at: Index, lattice: Lattice) -> Iterator[Sum]:
    names: dict[tuple[str, str], str] = {(count.measure, count.count): count.name for count in lattice.counts}
    counts = {count.name: count for count in lattice.counts}
    for key in at:
        for one in lattice.sums if (key.measure, key.count) in names else ():
            if names[key.measure, key.count] == one.total:
                parts = [key._replace(measure=counts[n].measure, count=counts[n].count) for n in one.parts]
                yield from _sum(at, key, parts, one.rest)
