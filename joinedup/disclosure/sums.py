"""Which published counts add up to which, worked out from what the counts are: anyone who reads them can do the same.

Groups make everyone, fine groups make coarse ones, boroughs make areas and small areas large ones, months make
quarters and years, and counts make counts as the lattice says. Counts that nobody published, but that others make
up, link releases: the boroughs of one make the area that is part of another's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from joinedup.definitions import Breakdown, Period, Places
from joinedup.definitions.crossing import margins
from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE
from joinedup.definitions.periods import containing

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
ALL_BUT = re.compile(r"(?:all|everyone) (?:but|except) (?P<group>.+)", re.IGNORECASE)


def sums_of(keys: Sequence[Key], lattice: Lattice) -> tuple[Sum, ...]:
    """Every sum among these counts. Parts that are not among them are a rest of it."""
    at = {key: i for i, key in enumerate(keys)}
    makers = (_groups(at), _places(at), _periods(at), _counts(at, lattice))
    return tuple(dict.fromkeys(found for maker in makers for found in maker))


def unpublished(keys: Sequence[Key], lattice: Lattice) -> tuple[Key, ...]:
    """Counts that are not among these, but that some of these make up to the last person."""
    by_count: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in keys:
        by_count[key.measure, key.count].append(key)
    return tuple(found for own in by_count.values() for found in _between(own, lattice))


def _between(keys: Sequence[Key], lattice: Lattice) -> Iterator[Key]:
    """Unpublished counts at the places, periods and groups of one count's keys."""
    places = dict.fromkeys((key.place_level, key.place) for key in keys)
    periods = dict.fromkeys(key.period for key in keys)
    groups = dict.fromkeys((key.breakdown, key.group) for key in keys)
    at = dict.fromkeys(keys)
    for (level, place), period, (breakdown, group) in product(places, periods, groups):
        at.setdefault(Key(keys[0].measure, keys[0].count, level, place, period, breakdown, group))
    every = tuple(at)
    made = {t for t, parts, rest in sums_of(every, lattice) if not rest and max(parts) < len(keys)}
    yield from (every[total] for total in sorted(made) if total >= len(keys))


def _sum(at: Index, total: Key, parts: Sequence[Key], rest: bool = False) -> Iterator[Sum]:
    positions = tuple(at[part] for part in parts if part in at)
    if total in at and positions:
        yield at[total], positions, rest or len(positions) < len(parts)


def _groups(at: Index) -> Iterator[Sum]:
    for key in at:
        if but := ALL_BUT.fullmatch(key.group):
            everyone = key._replace(breakdown=EVERYONE, group=ALL)
            yield from _sum(at, everyone, [key, key._replace(group=but["group"])])
    for key in dict.fromkeys(key._replace(group="") for key in at if key.breakdown != EVERYONE):
        everyone = key._replace(breakdown=EVERYONE, group=ALL)
        parts = [key._replace(group=name) for name in Breakdown.load(key.breakdown).group_names]
        yield from _sum(at, everyone, parts)
        for (half, name), inside in margins(key.breakdown).items():
            total = key._replace(breakdown=half, group=name)
            yield from _sum(at, total, [key._replace(group=one) for one in inside], rest=True)
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
    """Boroughs make the area whose members they are, beside a smaller area in it too; boroughs and nowhere make
    everyone held.
    """
    boroughs = tuple(dict.fromkeys(key.place for key in at if key.place_level == BOROUGH))
    members = {
        place: _members(place) for place in dict.fromkeys(k.place for k in at if k.place_level == AREA)
    }
    smaller = {
        place: [one for one in members if set(members[one]) < set(inside)]
        for place, inside in members.items()
    }
    if NOT_KNOWN in boroughs:
        members[TOTAL] = boroughs
    for key in at:
        if key.place_level in (AREA, TOTAL) and key.place in members:
            everywhere = {one: key._replace(place_level=BOROUGH, place=one) for one in members[key.place]}
            yield from _sum(at, key, list(everywhere.values()))
            for area in smaller.get(key.place, ()):
                beside = [found for one, found in everywhere.items() if one not in members[area]]
                yield from _sum(at, key, [key._replace(place=area), *beside])


def _members(place: str) -> tuple[str, ...]:
    found = Places.load().place(place)
    return tuple(
        member.code for member in found.members if member.share == "whole" and member.valid_to is None
    )


def _periods(at: Index) -> Iterator[Sum]:
    """A quarter is its months; a year its quarters, or its months where it has no quarters. Of a period of which
    some parts are published, those are parts beside a rest.
    """
    made_of = _made_of(tuple(dict.fromkeys(key.period for key in at)))
    for key in at:
        for parts in made_of[key.period]:
            found = tuple(_sum(at, key, [key._replace(period=one) for one in parts]))
            yield from found
            if any(not rest for *_, rest in found):
                break


def _made_of(keys: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Period -> the sets of shorter ones that fill it, longest parts first."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for key in keys:
        period = Period.parse(key)
        within = [Period.parse(month) for month in period.months if period.kind != "month"]
        quarters = dict.fromkeys(containing("quarter", month.start) for month in within)
        whole = [q.key for q in quarters if q != period and period.start <= q.start and q.end <= period.end]
        filled = 3 * len(whole) == len(within)
        found[key] = tuple(
            parts for parts in (tuple(whole) if filled else (), period.months) if len(parts) > 1
        )
    return found


def _counts(at: Index, lattice: Lattice) -> Iterator[Sum]:
    names: dict[tuple[str, str], str] = {(count.measure, count.count): count.name for count in lattice.counts}
    counts = {count.name: count for count in lattice.counts}
    for key in at:
        for one in lattice.sums if (key.measure, key.count) in names else ():
            if names[key.measure, key.count] == one.total:
                parts = [key._replace(measure=counts[n].measure, count=counts[n].count) for n in one.parts]
                yield from _sum(at, key, parts, one.rest)
