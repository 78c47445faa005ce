"""Days as numbers, a row's own and those of the referral or person it hangs on, for all rows at once.

Only what is certain is claimed. A text that is not plainly a day, or a key that its table repeats, is `odd`:
what it means is left to the SQL of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.returns.coded import NO_TEXT, Sheet, days_of_texts
from joinedup.returns.identifiers import same_texts

_BEGINNING = date(1970, 1, 1)
_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"


@dataclass(frozen=True)
class Days:
    """For each row: the day as a number since 1970, whether there is one for certain, whether it is odd."""

    days: np.ndarray
    known: np.ndarray
    odd: np.ndarray


@dataclass(frozen=True)
class Parents:
    """For each row: the place of its parent (-1 where there is none), and whether that is in doubt."""

    places: np.ndarray
    doubtful: np.ndarray


def number_of_day(day: date | datetime) -> int:
    """Days since 1970."""
    return date(day.year, day.month, day.day).toordinal() - _BEGINNING.toordinal()


def days_of(texts: pa.Array, *, instants: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The day each text plainly says as a number since 1970, and whether it says one."""
    if instants:
        plain = pc.match_substring_regex(texts, _INSTANT)
        texts = pc.if_else(plain, pc.utf8_slice_codeunits(texts, 0, 10), NO_TEXT)
    days = days_of_texts(texts)
    known = pc.is_valid(days).to_numpy(zero_copy_only=False)
    return days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False), known


class Kinship:
    """The tables of one return and how their rows hang together."""

    def __init__(
        self, spec: ReturnSpec, sheets: Mapping[str, Sheet], header: Mapping[str, date | None]
    ) -> None:
        self.spec = spec
        self.sheets = sheets
        self._header = header
        self._texts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._firsts: dict[str, np.ndarray] = {}
        self._days: dict[str, Days] = {}
        self._seen: dict[tuple[str, str], Days | None] = {}
        self._steps: dict[tuple[str, str], Parents] = {}
        self._found: dict[tuple[str, str], np.ndarray] = {}

    def days(self, table: Table, place: str) -> Days | None:
        """The days at `place` seen from the rows of `table`; None where it is not known how to tell."""
        if (table.id, place) not in self._seen:
            self._seen[table.id, place] = self._look(table, place)
        return self._seen[table.id, place]

    def _look(self, table: Table, place: str) -> Days | None:
        owner, _, name = place.partition(".")
        size = len(self.sheets[table.id])
        if owner == table.id:
            return self._own(owner, name)
        if owner == "IDS000":
            return same_day(self._header.get(name), size)
        parents = self.parents(table, owner)
        if parents is None:
            return None
        if owner not in self.sheets:
            return same_day(None, size)
        own, absent = self._own(owner, name), parents.places < 0
        return Days(
            np.where(absent, 0, own.days[parents.places]),
            own.known[parents.places] & ~absent,
            (own.odd[parents.places] & ~absent) | parents.doubtful,
        )

    def _own(self, table: str, name: str) -> Days:
        place = f"{table}.{name}"
        if place not in self._days:
            column = self.sheets[table][name]
            days, known = self.days_of_texts(table, name)
            sure = column.look_up(known, False)
            self._days[place] = Days(column.look_up(days, 0), sure, column.present & ~sure)
        return self._days[place]

    def days_of_texts(self, table: str, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The day that each different text of a column plainly says, and whether it says one."""
        place = f"{table}.{name}"
        if place not in self._texts:
            instants = self.spec.column(place).type == "datetime"
            self._texts[place] = days_of(self.sheets[table][name].texts, instants=instants)
        return self._texts[place]

    def parents(self, table: Table, owner: str) -> Parents | None:
        """Which row of `owner` each row of `table` belongs to, by the same path as the rules take."""
        for name, place in table.references.items():
            nearest = place.partition(".")[0]
            step = self._step(table, name, nearest)
            if nearest == owner:
                return step
            further = self.parents(self.spec.table(nearest), owner)
            if further is not None:
                return _joined(step, further)
        return None

    def _step(self, table: Table, name: str, owner: str) -> Parents:
        if (table.id, name) in self._steps:
            return self._steps[table.id, name]
        size = len(self.sheets[table.id]) if table.id in self.sheets else 0
        found = Parents(np.full(size, -1), np.zeros(size, dtype=bool))
        key = self.spec.table(owner).primary_key
        if size and owner in self.sheets and key:
            child, parent = self.sheets[table.id][name], self.sheets[owner][key]
            first = self._first_rows(owner, key)
            matched = self.matched((table.id, name), (owner, key))
            there = matched >= 0
            places = np.where(there, first[matched], -1) if len(first) else np.full(len(matched), -1)
            repeated = there & (parent.times[matched] > 1) if len(first) else there
            found = Parents(child.look_up(places, -1), child.look_up(repeated, False))
        self._steps[table.id, name] = found
        return found

    def _first_rows(self, table: str, key: str) -> np.ndarray:
        """For each text of a key the first row that holds it, -1 where none does."""
        place = f"{table}.{key}"
        if place not in self._firsts:
            column = self.sheets[table][key]
            rows = np.flatnonzero(column.present)[::-1]
            self._firsts[place] = np.full(len(column.texts), -1)
            self._firsts[place][column.codes[rows]] = rows
        return self._firsts[place]

    def matched(self, child: tuple[str, str], parent: tuple[str, str]) -> np.ndarray:
        """For each text of a column the code of the same text in another column, -1 where it is not there."""
        at = (f"{child[0]}.{child[1]}", f"{parent[0]}.{parent[1]}")
        texts = self.sheets[child[0]][child[1]].texts
        if same_texts(texts, self.sheets[parent[0]][parent[1]].texts):
            return np.arange(len(texts))
        if at not in self._found:
            self._match(child, parent)
        return self._found[at]

    def _match(self, child: tuple[str, str], parent: tuple[str, str]) -> None:
        """Match all columns that point at `parent` together, as building its table of hashes costs most."""
        children = {child}
        if self.spec.table(parent[0]).primary_key == parent[1]:
            children.update(place for place in self.spec.children_of(parent[0]) if place[0] in self.sheets)
        ours = {place: self.sheets[place[0]][place[1]].texts for place in sorted(children)}
        theirs = self.sheets[parent[0]][parent[1]].texts
        # The parent's texts come first and differ, so their numbers are its own codes.
        numbered = pa.chunked_array([theirs, *ours.values()]).dictionary_encode()
        for place, chunk in zip(ours, numbered.chunks[1:], strict=True):
            numbers = chunk.indices.to_numpy()
            found = np.where(numbers < len(theirs), numbers, -1)
            self._found[f"{place[0]}.{place[1]}", f"{parent[0]}.{parent[1]}"] = found

    def relatives(self, table: Table, chosen: np.ndarray) -> Mapping[str, np.ndarray]:
        """The rows of other tables that have the keys which `chosen` rows point at, and so on upwards."""
        found: dict[str, np.ndarray] = {}
        for name, place in table.references.items():
            owner, _, key = place.partition(".")
            if owner not in self.sheets or table.id not in self.sheets:
                continue
            matched = self.matched((table.id, name), (owner, key))
            codes = self.sheets[table.id][name].codes[chosen]
            wanted = np.zeros(len(self.sheets[owner][key].texts) + 1, dtype=bool)
            wanted[matched[codes[codes >= 0]]] = True
            wanted[-1] = False
            rows = wanted[self.sheets[owner][key].codes]
            further = self.relatives(self.spec.table(owner), rows)
            for other, more in [(owner, rows), *further.items()]:
                found[other] = found[other] | more if other in found else more
        return found


def same_day(day: date | None, size: int) -> Days:
    """The same day for every row, or none."""
    number = number_of_day(day) if day else 0
    return Days(
        np.full(size, number, dtype=np.int32), np.full(size, day is not None), np.zeros(size, dtype=bool)
    )


def _joined(step: Parents, further: Parents) -> Parents:
    if not len(further.places):
        return Parents(np.full(len(step.places), -1), step.doubtful)
    absent = step.places < 0
    return Parents(
        np.where(absent, -1, further.places[step.places]),
        step.doubtful | (further.doubtful[step.places] & ~absent),
    )
