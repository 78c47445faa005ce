"""How the records of one dataset about one place stand on a day: open, or suspended, since when, and who can approve.

Pure: rows of the register of controllers and the register of organisations in, an answer out. A controller ends on
its own last day, when the organisation closes, or when the service that the records are of moves away from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from joinedup.definitions import Places
from joinedup.definitions.datasets import Dataset

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holding:
    """One row of the register of controllers, as far as standing goes."""

    dataset: str
    covers: str
    controller: str
    valid_from: date
    valid_to: date | None = None
    approved: bool = False


@dataclass(frozen=True)
class Move:
    """Records go to another organisation on a day; `to` is empty where nobody is known."""

    day: date
    to: str
    why: str


@dataclass(frozen=True)
class Standing:
    """Whether figures may be seen. `controller` answers for them now, `before` did; either may be unknown (empty)."""

    dataset: str
    covers: str
    controller: str
    before: str
    since: date
    open: bool
    why: str = ""

    @property
    def approver(self) -> str:
        """The organisation whose administrator can let people in again; empty where no controller is known."""
        return self.controller


def standing(rows: Sequence[Holding], register: Places, on: date) -> Standing | None:
    """How records stand on a day; None where nobody has been entered for them by then.

    `rows` are those of one dataset about one place. A row that follows another controller's is suspended until
    approved; so is every day that no row covers after the first.
    """
    begun = sorted((row for row in rows if row.valid_from <= on), key=lambda row: row.valid_from)
    if not begun:
        return None
    now = begun[-1]
    left = leaves(now, register)
    if left is not None and left.day <= on:
        return _gone(now, left, register, on)
    earlier = [row for row in begun[:-1] if row.controller != now.controller]
    if not earlier or now.approved:
        before = earlier[-1].controller if earlier else ""
        return Standing(now.dataset, now.covers, now.controller, before, now.valid_from, open=True)
    last = leaves(earlier[-1], register)
    since = min(last.day, now.valid_from) if last is not None else now.valid_from
    why = last.why if last is not None else f"{_name(register, now.controller)} became the controller"
    return Standing(now.dataset, now.covers, now.controller, earlier[-1].controller, since, False, why)


def leaves(row: Holding, register: Places) -> Move | None:
    """When a controller stops answering for these records, and to whom they go as far as the registers know."""
    found = [*_ended(row, register), *_closed(row, register), *_transferred(row, register)]
    return min(found, key=lambda move: (move.day, not move.to), default=None)


def _gone(row: Holding, left: Move, register: Places, on: date) -> Standing:
    to = register.successor_of(left.to, on) if left.to else ""
    return Standing(row.dataset, row.covers, to, row.controller, left.day, False, left.why)


def _ended(row: Holding, register: Places) -> list[Move]:
    if row.valid_to is None:
        return []
    why = f"{_name(register, row.controller)} is no longer the controller"
    return [Move(row.valid_to + DAY, "", why)]


def _closed(row: Holding, register: Places) -> list[Move]:
    if row.controller not in _codes(register):
        return []
    place = register.place(row.controller)
    if place.valid_to is None:
        return []
    day = place.valid_to + DAY
    to = register.successor_of(row.controller, day)
    return [Move(day, "" if to == row.controller else to, f"{place.name} closed")]


def _transferred(row: Holding, register: Places) -> list[Move]:
    sector = Dataset.load(row.dataset).sector
    return [
        Move(one.day, one.to_organisation, f"{one.service} moved to {register.name(one.to_organisation)}")
        for one in register.transfers
        if one.from_organisation == row.controller and one.sector == sector and one.day > row.valid_from
        if one.borough in _boroughs(register, row.covers)
    ]


def reach(covers: str, dataset: str, register: Places, on: date) -> frozenset[str]:
    """The place itself, and the services of that kind that are wholly its: whoever holds a role there is affected."""
    sector = Dataset.load(dataset).sector
    services = (one for one in register.services(on) if one.sector == sector)
    held = {one.code for one in services if covers == one.trust or covers in one.holds_members(on)}
    return frozenset({covers, *held})


def _boroughs(register: Places, covers: str) -> frozenset[str]:
    """The borough that records are of, or those that a service serves; a whole trust's records do not move with one."""
    place = register.place(covers) if covers in _codes(register) else None
    members = place.members if place is not None and place.level == "service" else ()
    return frozenset({covers, *(member.code for member in members)})


def _codes(register: Places) -> frozenset[str]:
    return frozenset(place.code for place in register.places)


def _name(register: Places, code: str) -> str:
    return register.name(code) if code in _codes(register) else code
