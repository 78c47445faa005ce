"""What anybody can know of how published counts hang together, from the published definitions alone.

Places lie in larger ones, groups make everyone, fine groups make coarse ones, months make quarters and
years, and counts make counts. A sum that is not published itself is thought of all the same, where its parts
are: two ways to make it up tell on each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.crossing import margins
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.disclosure.attacking_cells import Cell, Row
from joinedup.disclosure.attacking_measures import adds_up, at_period_end, measure_rows
from joinedup.errors import UnknownName

EVERYONE, ALL = "total", "All"
TOTAL_PLACE, ELSEWHERE = "total", "not_known"
BY_RESIDENCE = ("borough", "council", "partnership", "pct", "ccg", "stp", "icb")
AREAS = ("north_west_london",)
_BUT = re.compile(r"(?:All|Everyone|Anyone)[ ,]+(?:except|but|without)[: ]+(.+)", re.IGNORECASE)


class Node(NamedTuple):
    """Where a count stands, whatever is counted: a place, a period, a group."""

    place: tuple[str, str]
    period: str
    group: tuple[str, str]


class Tiling(NamedTuple):
    """Parts of a node along one axis; not `whole` where further parts are not published."""

    parts: tuple[Node, ...]
    whole: bool
    why: str


def rows_of(cells: Collection[Cell]) -> Iterator[Row]:
    """Every relation an outsider can write down among these counts (no percentages), and sums of them that are
    not shown.
    """
    stacks: dict[tuple[str, str, str], set[Node]] = {}
    for cell in cells:
        if adds_up(cell.measure, cell.which):
            stacks.setdefault((cell.data, cell.measure, cell.which), set()).add(node_of(cell))
    for (data, measure, count), nodes in stacks.items():
        for node, tiling in _tilings(frozenset(nodes), at_period_end(measure)):
            parts = tuple(_cell(part, measure, count, data) for part in tiling.parts)
            yield _sum_row(_cell(node, measure, count, data), parts, tiling)
    yield from measure_rows(cells)


def node_of(cell: Cell) -> Node:
    """Where a cell stands."""
    return Node((cell.level, cell.place), cell.period, (cell.breakdown, cell.group))


def _cell(node: Node, measure: str, count: str, data: str) -> Cell:
    return Cell(measure, count, *node.place, node.period, *node.group, data)


def _sum_row(total: Cell, parts: tuple[Cell, ...], tiling: Tiling) -> Row:
    weights = (1.0, *(-1.0 for _ in parts))
    return Row((total, *parts), weights, 0.0, 0.0 if tiling.whole else float("inf"), tiling.why)


@lru_cache(maxsize=8)
def _tilings(nodes: frozenset[Node], at_end: bool) -> tuple[tuple[Node, Tiling], ...]:
    """The same for every count that is shown at the same nodes."""
    return tuple(_Stack(nodes, at_end).tilings())


class _Stack:
    """Counts of one thing at many nodes."""

    def __init__(self, nodes: frozenset[Node], at_end: bool) -> None:
        self.nodes, self.at_end = nodes, at_end
        self.places = sorted({node.place for node in nodes})
        self.periods = sorted({node.period for node in nodes})
        self.groups = sorted({node.group for node in nodes})
        self.of_groups = {group: tuple(group_tilings(group, self.groups)) for group in self.groups}
        self.of_periods = {period: tuple(period_tilings(period, self.periods)) for period in self.periods}
        self.of_places = {
            (place, period): tuple(place_tilings(place, self.places, period))
            for place in self.places
            for period in self.periods
        }

    def tilings(self) -> Iterator[tuple[Node, Tiling]]:
        """Every node, shown or only thought of, with every way in which others make it up."""
        thought: dict[Node, list[Tiling]] = {}
        for place in self.places:
            for period in self.periods:
                for group in self.groups:
                    node = Node(place, period, group)
                    if node not in self.nodes:
                        made = [t for t in self._around(node, self.nodes) if t.whole]
                        thought.update({node: made} if made else {})
        yield from ((node, tiling) for node, made in thought.items() for tiling in made)
        known = self.nodes | thought.keys()
        for node in sorted(self.nodes):
            yield from ((node, tiling) for tiling in self._around(node, known))
        for node, made in thought.items():
            more = (tiling for tiling in self._around(node, known) if tiling.whole and tiling not in made)
            yield from ((node, tiling) for tiling in more)

    def _around(self, node: Node, known: Collection[Node]) -> Iterator[Tiling]:
        place, period, group = node
        for parts, whole, why in self.of_groups[group]:
            yield from _present([Node(place, period, part) for part in parts], known, whole, why)
        for parts, whole, why in self.of_places[place, period]:
            yield from _present([Node(part, period, group) for part in parts], known, whole, why)
        for months, whole, same_end in self.of_periods[period]:
            if same_end == self.at_end:
                yield from _present([Node(place, part, group) for part in months], known, whole, "periods")


def _present(parts: list[Node], known: Collection[Node], whole: bool, why: str) -> Iterator[Tiling]:
    """A tiling by the parts that are known; what is missing may be anything but negative."""
    found = tuple(part for part in parts if part in known)
    if found:
        yield Tiling(found, whole and len(found) == len(parts), why)


Group = tuple[str, str]


def group_tilings(group: Group, groups: Collection[Group]) -> Iterator[tuple[list[Group], bool, str]]:
    """Groups that make up a group, for each breakdown in which they do; and whether they are all of it."""
    breakdown, name = group
    by_slug: dict[str, list[str]] = {}
    for slug, other in groups:
        by_slug.setdefault(slug, []).append(other)
    for slug, names in by_slug.items():
        if breakdown == EVERYONE and name == ALL:
            yield from _of_everyone(slug, names)
        elif inside := [part for part in _margins(slug).get(group, ()) if part in names]:
            yield [(slug, part) for part in inside], False, f"{slug} in {breakdown}"
        elif slug not in (breakdown, EVERYONE) and (finer := _finer(breakdown, slug)):
            parts = [part for part in finer.get(name, ()) if part in names]
            if parts:
                yield (
                    [(slug, part) for part in parts],
                    len(parts) == len(finer[name]),
                    f"{slug} in {breakdown}",
                )


def _of_everyone(slug: str, names: list[str]) -> Iterator[tuple[list[Group], bool, str]]:
    for name in names:
        if (but := _BUT.fullmatch(name)) is not None:
            other = (slug, but[1]) if but[1] in names else None
            yield [(slug, name), *([other] if other else [])], other is not None, f"all but one of {slug}"
    names = [name for name in names if not _BUT.fullmatch(name)]
    if slug == EVERYONE or not names:
        return
    known = _breakdown(slug)
    if known is not None and known.overlapping:
        yield from (([(slug, name)], False, f"{slug} in everyone") for name in names)
        return
    # of a breakdown without a definition, all groups are those that are published anywhere
    whole = set(known.group_names) <= set(names) if known else len(names) > 1
    yield [(slug, name) for name in names], whole, f"{slug} in everyone"


@lru_cache(maxsize=256)
def _finer(coarse: str, fine: str) -> dict[str, tuple[str, ...]]:
    """Group of a coarse breakdown -> groups of a finer one of the same column that make it up."""
    upper, lower = _breakdown(coarse), _breakdown(fine)
    if upper is None or lower is None or upper.column is None or upper.column != lower.column:
        return {}
    if upper.overlapping or lower.overlapping or len(lower.groups) <= len(upper.groups):
        return {}
    found: dict[str, list[str]] = {}
    for group in lower.groups:
        values: list[str | int] = [*group.codes, *(v for v in (group.low, group.high) if v is not None)]
        inside = {upper.group_of(value) for value in values} or {upper.not_stated}
        if len(inside) > 1 or group.prefixes:
            return {}
        found.setdefault(inside.pop(), []).append(group.name)
    return {name: tuple(parts) for name, parts in found.items()}


def _margins(slug: str) -> Mapping[Group, tuple[str, ...]]:
    """Group of either half of a crossed breakdown -> the crossed groups in it."""
    return margins(slug) if _breakdown(slug) is not None else {}


@lru_cache(maxsize=64)
def _breakdown(slug: str) -> Breakdown | None:
    try:
        return Breakdown.load(slug)
    except UnknownName:
        return None


Place = tuple[str, str]


def place_tilings(
    place: Place, places: Collection[Place], period: str
) -> Iterator[tuple[list[Place], bool, str]]:
    """Places that make up a place on the last day of a period; and whether they are all of it."""
    level, code = place
    day = _last_day(period)
    levels = {other for other, _ in places} - {level, *AREAS}
    if level in AREAS and levels & set(BY_RESIDENCE):  # people belong to it by where they live, then
        levels &= set(BY_RESIDENCE)
    for lower in sorted(levels):
        named = [other for other in places if other[0] == lower]
        if level == TOTAL_PLACE:
            yield named, (lower, ELSEWHERE) in named, f"{lower} in {level}"
        elif day is not None and (inside := _inside(level, code, lower, day)):
            parts = [(lower, part) for part in inside]
            yield parts, all(part in named for part in parts), f"{lower} in {level}"


@lru_cache(maxsize=4096)
def _inside(level: str, code: str, lower: str, day: date) -> tuple[str, ...]:
    """Codes of a lower level that make up a place, and nothing else; empty where none do."""
    upper_of, lower_of = _units(level, lower, day), _units(lower, lower, day)
    units = {unit for unit, owner in upper_of.items() if owner == code}
    parts = {lower_of[unit] for unit in units if unit in lower_of}
    covered = {unit for unit, owner in lower_of.items() if owner in parts}
    return tuple(sorted(parts)) if covered == units else ()


@lru_cache(maxsize=256)
def _units(level: str, lower: str, day: date) -> dict[str, str]:
    """Borough or service -> its place of a level: boroughs where people belong by where they live."""
    try:
        boroughs = {place.code for place in Places.load().of_level("borough", day)}
        mapped = Places.load().roll_up(level, day)
    except UnknownName:
        return {}
    wanted = lower in BY_RESIDENCE
    if level not in AREAS and (level in BY_RESIDENCE) != wanted:
        return {}
    return {unit: owner for unit, owner in mapped.items() if (unit in boroughs) == wanted}


def period_tilings(period: str, periods: Collection[str]) -> Iterator[tuple[list[str], bool, bool]]:
    """Periods that make up a period, whether they are all of it, and whether because they end on one day."""
    whole = _period(period)
    if whole is None:
        return
    inside = [p for p in map(_period, periods) if p is not None and p.key != whole.key and _within(p, whole)]
    for kind in ("month", "quarter", "financial_year"):
        found = sorted(p for p in inside if p.kind == kind)
        if found:
            months = {month for part in found for month in part.months}
            yield [p.key for p in found], months == set(whole.months), False
    mixed = _longest_first(inside)
    if len({p.kind for p in mixed}) > 1:
        months = {month for part in mixed for month in part.months}
        yield [p.key for p in mixed], months == set(whole.months), False
    yield from (([p.key], True, True) for p in inside if p.end == whole.end)


def _longest_first(periods: Iterable[Period]) -> list[Period]:
    """Periods that do not overlap: the longest, then those that fit beside it."""
    chosen: list[Period] = []
    for period in sorted(periods, key=lambda p: (-len(p.months), p.start)):
        if all(period.end < other.start or other.end < period.start for other in chosen):
            chosen.append(period)
    return chosen


def _within(part: Period, whole: Period) -> bool:
    return whole.start <= part.start and part.end <= whole.end


@lru_cache(maxsize=4096)
def _period(key: str) -> Period | None:
    try:
        return Period.parse(key)
    except UnknownName:
        return None


def _last_day(key: str) -> date | None:
    period = _period(key)
    return None if period is None else period.end
