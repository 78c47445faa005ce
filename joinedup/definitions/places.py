"""Places and how they change: services, boroughs, partnerships, trusts, collaboratives, boards, and who
came before whom.

Measures are computed for units (services, or boroughs of residence) and rolled up to any level on any day's
map. A roll-up puts a unit in one place only, so totals are the same whichever day's map is drawn. A unit
that lies in two places goes where most of it lies; `straddling` names such units, so that a chart can say
so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar, get_args

from joinedup.definitions.places_models import (
    Home,
    Level,
    Member,
    Place,
    ResidentTable,
    Succession,
    Transfer,
)
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import DefinitionBroken, UnknownName

FOLDERS = (
    "services", "boroughs", "councils", "partnerships", "trusts", "collaboratives",
    "pcts", "ccgs", "stps", "icbs", "areas",
)  # fmt: skip
LEVELS: tuple[str, ...] = get_args(Level)
SHORT_LEVELS = {"nwl": "north_west_london"}


@dataclass(frozen=True)
class Residents:
    """Residents of a place: a total, the same people by group, the day they were counted, and the source."""

    total: int
    groups: tuple[tuple[str, int], ...]
    as_of: date
    source: str
    note: str

    def of(self, group: str) -> int:
        """Residents in one group. Raises UnknownName, for instance for people who did not state one."""
        for name, count in self.groups:
            if name == group:
                return count
        raise UnknownName(
            f"There is no count of residents for {group!r}.", remedy="Not stated has no residents."
        )


@dataclass(frozen=True)
class History:
    """A place with the organisations it came from and those that came after it, each with its own history."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    came_from: tuple[tuple[Succession, History], ...]
    became: tuple[tuple[Succession, History], ...]

    def lines(self) -> tuple[str, ...]:
        """The tree as text, oldest first: one line a place, indented by its distance from this one."""
        before = [line for step, past in self.came_from for line in (*past.lines(), f"  {_arrow(step)}")]
        after = [line for step, next_ in self.became for line in (f"  {_arrow(step)}", *next_.lines())]
        return (*before, f"{self.code} {self.name} ({_span(self)})", *after)


@dataclass(frozen=True, eq=False)
class Places:
    """Everything known about places. Loaded once from the definitions; see `load`."""

    places: tuple[Place, ...]
    successions: tuple[Succession, ...]
    transfers: tuple[Transfer, ...]
    resident_tables: tuple[ResidentTable, ...]
    home: Home

    @classmethod
    def load(cls) -> Places:
        """The places that ship with joinedup. Raises DefinitionBroken when their files do not agree."""
        return _loaded()

    def place(self, code: str) -> Place:
        """The place with that code, whenever it was valid. Raises UnknownName with the nearest codes."""
        known = _by_code(self)
        if code not in known:
            nearest = get_close_matches(code, known, n=3, cutoff=0.5) or sorted(known)[:5]
            raise UnknownName(f"There is no place with code {code!r}.", remedy=f"Try {', '.join(nearest)}.")
        return known[code]

    def name(self, code: str, on: date | None = None, *, short: bool = False) -> str:
        """Name of a place. Raises UnknownName if there is none, or if it was not valid `on` that day."""
        place = self.place(code)
        if on is not None and not place.holds(on):
            raise UnknownName(
                f"{place.name} ({code}) did not exist on {on}.", remedy=f"It held for {_span(place)}."
            )
        return place.label if short else place.name

    def of_level(self, level: str, on: date) -> tuple[Place, ...]:
        """Every place of a level that was valid on a day, in the order of their files. Raises UnknownName."""
        wanted = self.check_level(level)
        return tuple(place for place in self.places if place.level == wanted and place.holds(on))

    def services(self, on: date) -> tuple[Place, ...]:
        """The Talking Therapies services (site codes) on a day."""
        return self.of_level("service", on)

    def boroughs(self, on: date, *, within: str | None = None) -> tuple[Place, ...]:
        """Boroughs of an area or board on a day, the home area when none is named."""
        inside = {member.code for member in self.place(within or self.home.area).members if member.holds(on)}
        return tuple(place for place in self.of_level("borough", on) if place.code in inside)

    def service_for_borough(self, gss: str, on: date) -> str | None:
        """Site code of the service for most of a borough's residents; None where we know of none."""
        found = (service.code for service in self.services(on) if gss in service.holds_members(on))
        return next(found, None)

    def level(self, name: str, on: date) -> Mapping[str, Place]:
        """Unit (service or borough code) -> the place of that level it belongs to on a day."""
        return {unit: self.place(code) for unit, code in self.roll_up(name, on).items()}

    def roll_up(self, level: str, on: date) -> dict[str, str]:
        """Unit (service or borough code) -> code of its place. Empty where the level did not exist on that
        day.

        A service has no borough: its people may live anywhere. Raises UnknownName for a level we do not
        have.
        """
        boroughs = _boroughs_to(self, self.check_level(level), on)
        services = {unit.code: _service_to(self, unit, level, on, boroughs) for unit in self.services(on)}
        return boroughs | {unit: code for unit, code in services.items() if code is not None}

    def straddling(self, level: str, on: date) -> tuple[tuple[str, Member], ...]:
        """(place, member) for every unit of which the place has only a part; a roll-up counts it
        elsewhere."""
        return tuple(
            (place.code, member)
            for place in self.of_level(level, on)
            for member in place.members
            if member.share == "part" and member.holds(on)
        )

    def check_level(self, level: str) -> str:
        """The full name of a level. Raises UnknownName."""
        full = SHORT_LEVELS.get(level, level)
        if full not in LEVELS:
            raise UnknownName(
                f"There is no level of place called {level!r}.", remedy=f"Try {', '.join(LEVELS)}."
            )
        return full

    def residents(
        self, level: str, code: str, breakdown: str | None = None, on: date | None = None
    ) -> Residents:
        """Residents of a place, by the groups of a breakdown or in total, from the newest count not after
        `on`.

        Raises UnknownName for a place that is not made of whole boroughs (such as the service RV3L8), or
        when nothing was counted for it. The note says what the count can and cannot be used for.
        """
        day = on or date.max
        units = self._whole_boroughs(self.check_level(level), code, _map_day(self.place(code), day))
        tables = [
            table
            for table in sorted(self.resident_tables, key=lambda table: table.as_of, reverse=True)
            if table.as_of <= day and (breakdown is None or table.breakdown == breakdown)
            if all(unit in table.rows for unit in units)
        ]
        if not tables:
            known = sorted({table.breakdown for table in self.resident_tables})
            raise UnknownName(
                f"There is no count of residents of {self.place(code).name} by {breakdown or 'anything'}.",
                remedy=f"Counts are by {', '.join(known)}.",
            )
        return _sum(tables[0], units)

    def successor_of(self, code: str, on: date) -> str:
        """The code under which a place's figures are found on a later day; the same one where it still
        holds.

        Follows the succession of the whole or most of it. A place that ends with no known successor keeps
        its code.
        """
        for step in sorted(self.successions, key=lambda step: step.day):
            if step.predecessor == code and step.day <= on and step.share != "part":
                return self.successor_of(step.successor, on)
        return code

    def earlier_codes(self, code: str) -> tuple[str, ...]:
        """A code and those under which the same place was known before it was renamed, the latest first."""
        before = [s.predecessor for s in self.successions if s.successor == code and s.kind == "renamed"]
        return (code, *(earlier for old in before for earlier in self.earlier_codes(old)))

    def history(self, code: str) -> History:
        """What came before a place and after it. Raises UnknownName for a code in no place and no
        succession."""
        if code not in _by_code(self) and not any(
            code in (s.predecessor, s.successor) for s in self.successions
        ):
            self.place(code)
        return _history(self, code, back=True, forth=True)

    def _whole_boroughs(self, level: str, code: str, on: date) -> tuple[str, ...]:
        if level == "service":
            service = self.place(code)
            if any(member.share != "whole" for member in service.members):
                raise UnknownName(
                    f"{service.name} ({code}) does not serve whole boroughs, so no residents are its own.",
                    remedy="Ask for the partnership or the boroughs instead.",
                )
            return tuple(member.code for member in service.members)
        mapped = _boroughs_to(self, level, on)
        units = tuple(unit for unit, place in mapped.items() if place == code)
        parts = {place for place, _ in self.straddling(level, on)}
        if not units or code in parts or _is_left_with_most(self.place(code)):
            raise UnknownName(
                f"{self.place(code).name} ({code}) is not made of whole boroughs on {on}.",
                remedy="Ask for a borough, a partnership, a board or an area.",
            )
        return units


@lru_cache(maxsize=1)
def _loaded() -> Places:
    found = tuple(place for folder in FOLDERS for place in _load_all(Place, folder))
    places = Places(
        places=found,
        successions=_load_all(Succession, "successions"),
        transfers=_load_all(Transfer, "transfers"),
        resident_tables=_load_all(ResidentTable, "residents"),
        home=load(Home, "places/home.yaml"),
    )
    _check(places)
    return places


Kind = TypeVar("Kind", bound=Definition)


def _load_all(model: type[Kind], folder: str) -> tuple[Kind, ...]:
    return tuple(load(model, file) for file in list_files(f"places/{folder}"))


def _check(places: Places) -> None:
    codes = [place.code for place in places.places]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    named = [(place.code, member.code) for place in places.places for member in place.members]
    named += [(place.code, place.trust) for place in places.places if place.trust]
    named += [(step.predecessor, step.successor) for step in places.successions]
    named += [(table.title, unit) for table in places.resident_tables for unit in table.rows]
    lost = sorted({f"{owner} names {code}" for owner, code in named if code not in codes})
    if twice or lost:
        raise DefinitionBroken(
            f"places: codes used twice: {twice or 'none'}; codes with no file: {lost or 'none'}"
        )


@lru_cache(maxsize=8)
def _by_code(places: Places) -> Mapping[str, Place]:
    return MappingProxyType({place.code: place for place in places.places})


def _boroughs_to(places: Places, level: str, on: date) -> dict[str, str]:
    """Borough -> place of a level. Through its service where the level is made of services or trusts."""
    boroughs = [place.code for place in places.of_level("borough", on)]
    if level == "borough":
        return {code: code for code in boroughs}
    if level == "england":
        return dict.fromkeys(boroughs, places.of_level("england", on)[0].code)
    if level in ("service", "trust", "collaborative"):
        served = {code: places.service_for_borough(code, on) for code in boroughs}
        return _present((code, _through_trust(places, site, level, on)) for code, site in served.items())
    return {unit: place.code for place in places.of_level(level, on) for unit in place.holds_members(on)}


def _service_to(
    places: Places, service: Place, level: str, on: date, boroughs: Mapping[str, str]
) -> str | None:
    full = places.check_level(level)
    if full in ("borough", "council"):
        return None
    if full in ("service", "trust", "collaborative"):
        return _through_trust(places, service.code, full, on)
    found = {boroughs.get(unit) for unit in service.holds_members(on)}
    return found.pop() if len(found) == 1 else None


def _through_trust(places: Places, site: str | None, level: str, on: date) -> str | None:
    if site is None or level == "service":
        return site
    service = places.place(site)
    if level == "trust":
        return service.trust
    for collaborative in places.of_level("collaborative", on):
        if collaborative.sector == service.sector and service.trust in collaborative.holds_members(on):
            return collaborative.code
    return None


def _present(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    return {key: value for key, value in pairs if value is not None}


def _map_day(place: Place, on: date) -> date:
    """The day whose map says what a place is made of: a place that has ended is taken as it was on its last
    day."""
    return max(min(on, place.valid_to or date.max), place.valid_from or date.min)


def _is_left_with_most(place: Place) -> bool:
    return any(member.share == "most" for member in place.members)


def _sum(table: ResidentTable, units: tuple[str, ...]) -> Residents:
    counts = [sum(table.rows[unit][at] for unit in units) for at in range(len(table.groups))]
    groups = tuple(zip(table.groups, counts, strict=True))
    return Residents(sum(counts), groups, table.as_of, table.source, table.note)


def _history(places: Places, code: str, *, back: bool, forth: bool) -> History:
    known = _by_code(places).get(code)
    steps = sorted(places.successions, key=lambda step: (step.day, step.predecessor, step.successor))
    past = [
        (s, _history(places, s.predecessor, back=True, forth=False))
        for s in steps
        if back and s.successor == code
    ]
    next_ = [
        (s, _history(places, s.successor, back=False, forth=True))
        for s in steps
        if forth and s.predecessor == code
    ]
    return History(
        code=code,
        name=known.name if known else "a former organisation whose name is not in our sources",
        valid_from=known.valid_from if known else None,
        valid_to=known.valid_to if known else next_[0][0].day if next_ else None,
        came_from=tuple(past),
        became=tuple(next_),
    )


def _arrow(step: Succession) -> str:
    taken = "" if step.share == "whole" else f", {step.share} of it"
    sure = "" if step.certainty == "confirmed" else ", date assumed"
    return f"-> {step.day} {step.kind}{taken}{sure}"


def _span(dated: Place | History) -> str:
    return f"{dated.valid_from or 'before our sources'} to {dated.valid_to or 'today'}"
