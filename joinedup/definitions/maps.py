"""The map of commissioners on a day, the days on which it changed, and where boroughs lie on a grid of tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from joinedup.definitions.places import Places
from joinedup.definitions.places_models import Place, Succession
from joinedup.definitions.reading import Definition, load

COMMISSIONERS = ("pct", "ccg", "icb")
WORDS = {
    "pct": ("primary care trust", "primary care trusts"),
    "ccg": ("clinical commissioning group", "clinical commissioning groups"),
    "icb": ("integrated care board", "integrated care boards"),
    "trust": ("trust", "trusts"),
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class TileGrid(Definition):
    """Where each borough lies on a grid: column and row, from the top left."""

    title: str
    source: str
    note: str = ""
    tiles: Mapping[str, tuple[int, int]]

    @classmethod
    def load(cls) -> TileGrid:
        """The grid that ships with joinedup."""
        return load(cls, "places/tile_grid.yaml")


@dataclass(frozen=True)
class Commissioner:
    """A commissioner on a map: its boroughs, and parts of other boroughs that it had but that count elsewhere."""

    place: Place
    boroughs: tuple[str, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapOn:
    """Commissioners on a day, each borough in at most one; boroughs that had none are in `without`."""

    day: date
    level: str
    commissioners: tuple[Commissioner, ...]
    without: tuple[str, ...]

    def of(self, borough: str) -> Place | None:
        """The commissioner of a borough; None where there was none."""
        return next((one.place for one in self.commissioners if borough in one.boroughs), None)


@dataclass(frozen=True)
class ChangeOfMap:
    """A day on which organisations changed, and how, in words."""

    day: date
    words: str
    assumed: bool = False


def map_on(register: Places, day: date) -> MapOn:
    """The map on a day: of the first level of commissioner that holds any borough of the home area."""
    home = {place.code for place in register.boroughs(day)}
    boroughs = tuple(place.code for place in register.of_level("borough", day))
    for level in COMMISSIONERS:
        held = {unit: code for unit, code in register.roll_up(level, day).items() if unit in boroughs}
        if held.keys() & home:
            found = tuple(_commissioner(register, code, held, day) for code in dict.fromkeys(held.values()))
            return MapOn(day, level, found, tuple(code for code in boroughs if code not in held))
    return MapOn(day, "", (), boroughs)


def changes_of_map(register: Places) -> tuple[ChangeOfMap, ...]:
    """Every day on which commissioners began, they or trusts followed each other, or a service moved."""
    known = {place.code: place for place in register.places}
    found: dict[date, list[tuple[str, bool]]] = {}
    for day, codes in _begun(register).items():
        found[day] = [(_began(codes, known), False)]
    steps = [one for one in register.successions if _drawn(one, known)]
    for day in sorted({one.day for one in steps}):
        found.setdefault(day, []).extend(_told([one for one in steps if one.day == day], known))
    for one in register.transfers:
        ends = [_label(known, code) for code in (one.from_organisation, one.to_organisation)]
        words = f"{one.service} move from {ends[0]} to {ends[1]}"
        found.setdefault(one.day, []).append((words, False))
    start = min(_begun(register), default=date.min)
    return tuple(
        ChangeOfMap(day, "; ".join(words for words, _ in told), any(assumed for _, assumed in told))
        for day, told in sorted(found.items())
        if day >= start
    )


def joins(
    register: Places, places: tuple[str, ...], first: date, last: date, sector: str = ""
) -> tuple[ChangeOfMap, ...]:
    """Changes between two days that touch any of these places: theirs, their commissioners', their trusts', and
    moves of services of that sector. A chart over time marks them.
    """
    touched = set(places)
    for level in (*COMMISSIONERS, "trust"):
        mapped = register.roll_up(level, first)
        touched |= {mapped[code] for code in places if code in mapped}
    for one in sorted(register.successions, key=lambda step: step.day):
        if one.predecessor in touched and first < one.day <= last:
            touched.add(one.successor)
    known = {place.code: place for place in register.places}
    steps = [
        one for one in register.successions
        if first < one.day <= last and {one.predecessor, one.successor} & touched and _drawn(one, known)
    ]  # fmt: skip
    found = [
        ChangeOfMap(day, "; ".join(words for words, _ in told), any(assumed for _, assumed in told))
        for day in sorted({one.day for one in steps})
        for told in [_told([one for one in steps if one.day == day], known)]
    ]
    found += [
        ChangeOfMap(one.day, f"{one.service} move to {_label(known, one.to_organisation)}")
        for one in register.transfers
        if first < one.day <= last and one.sector == sector
        if {one.borough, one.from_organisation, one.to_organisation} & touched
    ]
    return tuple(sorted(found, key=lambda change: change.day))


def _commissioner(register: Places, code: str, held: Mapping[str, str], day: date) -> Commissioner:
    level = register.place(code).level
    parts = tuple(member.area or member.code for at, member in register.straddling(level, day) if at == code)
    return Commissioner(register.place(code), tuple(unit for unit, at in held.items() if at == code), parts)


def _begun(register: Places) -> Mapping[date, tuple[str, ...]]:
    """Commissioners that followed nobody, by the day on which they began."""
    followed = {one.successor for one in register.successions}
    found: dict[date, tuple[str, ...]] = {}
    for place in register.places:
        if place.level in COMMISSIONERS and place.valid_from and place.code not in followed:
            found[place.valid_from] = (*found.get(place.valid_from, ()), place.code)
    return found


def _began(codes: tuple[str, ...], known: Mapping[str, Place]) -> str:
    if len(codes) == 1:
        return f"{known[codes[0]].name} begins"
    words = f"{counted(len(codes), known[codes[0]].level)} begin"
    return words[0].upper() + words[1:]


def _drawn(step: Succession, known: Mapping[str, Place]) -> bool:
    """A step between two commissioners or two trusts that we both know; a mere new name of a partnership is none."""
    ends = [known.get(code) for code in (step.predecessor, step.successor)]
    return all(place is not None and place.level in (*COMMISSIONERS, "trust") for place in ends)


def _told(steps: list[Succession], known: Mapping[str, Place]) -> list[tuple[str, bool]]:
    """Steps of one day in words: one sentence for each pair of levels."""
    pairs = dict.fromkeys((known[one.predecessor].level, known[one.successor].level) for one in steps)
    told = []
    for before, after in pairs:
        mine = [
            one
            for one in steps
            if (known[one.predecessor].level, known[one.successor].level) == (before, after)
        ]
        old, new = ({getattr(one, end) for one in mine} for end in ("predecessor", "successor"))
        sure = any(one.certainty == "assumed" for one in mine)
        verb = "merges into" if {one.kind for one in mine} == {"merger"} else "becomes"
        told.append((_sentence(old, new, before, after, known, verb), sure))
    return told


def _sentence(
    old: set[str], new: set[str], before: str, after: str, known: Mapping[str, Place], verb: str
) -> str:
    if len(old) == len(new) == 1:
        return f"{_label(known, min(old))} {verb} {_label(known, min(new))}"
    target = known[min(new)].name if len(new) == 1 else counted(len(new), after)
    words = f"{counted(len(old), before)} become {target}"
    return words[0].upper() + words[1:]


def _label(known: Mapping[str, Place], code: str) -> str:
    return known[code].name if code in known else code


def counted(number: int, level: str) -> str:
    """So many of a level of organisation, in words: "eight primary care trusts"."""
    words = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{words} {WORDS[level][number != 1]}"
