"""The register of neighbourhoods: are they of the size agreed, and does each area lie in one and only one?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from joinedup.definitions.frameworks import Framework, NeighbourhoodRule
from joinedup.definitions.places import Places
from joinedup.errors import UnknownName
from joinedup.governance.cells import Value
from joinedup.governance.frameworks.entries import place_named, read_head, read_number
from joinedup.governance.frameworks.findings import FormFinding
from joinedup.governance.frameworks.parts import Form, Notes

CLOSE = 0.05
"""Counts of different years differ: nearer than this to the borough's own count is the same."""


@dataclass(frozen=True)
class Area:
    """One area: the neighbourhood it lies in ("" for none), its borough, its code, and its residents where known."""

    neighbourhood: str
    borough: str
    code: str
    residents: int | None
    source: str = ""
    row: int = field(default=0, compare=False)

    def fields(self) -> dict[str, Value]:
        """The row of the form."""
        return {
            "neighbourhood": self.neighbourhood or None, "borough": self.borough, "area": self.code,
            "residents": None if self.residents is None else float(self.residents), "source": self.source or None,
        }  # fmt: skip


@dataclass(frozen=True)
class Size:
    """A neighbourhood: boroughs it lies in, its areas, its residents (None where not all are known), the verdict."""

    name: str
    boroughs: tuple[str, ...]
    areas: int
    residents: int | None
    verdict: str


@dataclass(frozen=True)
class Cover:
    """A borough: residents in its neighbourhoods, residents counted, the day of that count, how many it would need."""

    borough: str
    name: str
    inside: int
    counted: int
    as_of: date
    fewest: int
    most: int


@dataclass(frozen=True)
class Register:
    """Areas of a place by neighbourhood, in the order of the form."""

    framework: str
    place: str
    rows: tuple[Area, ...] = field(repr=False)
    file: str = field(default="", compare=False)

    @property
    def rule(self) -> NeighbourhoodRule | None:
        """The size agreed."""
        return Framework.load(self.framework).neighbourhoods

    def sizes(self) -> tuple[Size, ...]:
        """Each neighbourhood with its residents: those of its areas, each area once."""
        names = dict.fromkeys(area.neighbourhood for area in self.rows if area.neighbourhood)
        return tuple(self._size(name) for name in names)

    def cover(self) -> tuple[Cover, ...]:
        """Each borough of the register beside the newest count of its residents."""
        found = []
        for code in dict.fromkeys(area.borough for area in self.rows):
            own = {
                area.code: area.residents or 0
                for area in self.rows
                if area.borough == code and area.neighbourhood
            }
            try:
                count = Places.load().residents("borough", code)
            except UnknownName:
                continue
            low, high = (self.rule.lowest, self.rule.highest) if self.rule else (1, 1)
            found.append(
                Cover(
                    code,
                    Places.load().name(code),
                    sum(own.values()),
                    count.total,
                    count.as_of,
                    ceil(count.total / high),
                    count.total // low,
                )
            )
        return tuple(found)

    def findings(self) -> tuple[FormFinding, ...]:
        """What people have to settle: sizes, then areas, then whole boroughs."""
        return (*_of_sizes(self), *_of_areas(self), *_of_boroughs(self))

    def _size(self, name: str) -> Size:
        mine = {area.code: area for area in self.rows if area.neighbourhood == name}
        known = [area.residents for area in mine.values() if area.residents is not None]
        residents = sum(known) if len(known) == len(mine) else None
        boroughs = tuple(dict.fromkeys(area.borough for area in mine.values()))
        return Size(name, boroughs, len(mine), residents, self._verdict(residents))

    def _verdict(self, residents: int | None) -> str:
        if self.rule is None or residents is None:
            return "cannot tell"
        return (
            "too small"
            if residents < self.rule.lowest
            else "too large"
            if residents > self.rule.highest
            else "fits"
        )


def read_register(form: Form, notes: Notes) -> Register | None:
    """The register in a form; None where its head does not say whose it is, or the framework has none."""
    head = read_head(form, notes)
    if head is None:
        return None
    if head.framework.neighbourhoods is None:
        notes.tell(form.head["framework"], "unknown-framework", "This framework has no neighbourhoods.")
        return None
    rows = []
    for row in form.rows:
        borough, code = place_named(row.text("borough"), "borough"), row.text("area").upper()
        if borough is None:
            notes.tell(row.cell("borough"), "unknown-place", "Write the borough's name or code.")
        elif not code:
            notes.tell(row.cell("area"), "unreadable-row", "Write the code of the area, one area to a row.")
        else:
            residents = read_number(row.cell("residents"), notes, 0, 1_000_000)
            whole = None if residents is None else int(residents)
            rows.append(
                Area(row.text("neighbourhood"), borough.code, code, whole, row.text("source"), row.number)
            )
    return Register(head.framework.slug, head.place.code, tuple(rows), form.file)


def _of_sizes(register: Register) -> Iterator[FormFinding]:
    rule = register.rule
    if rule is None:
        return
    for size in register.sizes():
        row = next(area.row for area in register.rows if area.neighbourhood == size.name)
        if len(size.boroughs) > 1:
            yield FormFinding(
                register.file,
                row,
                "Borough",
                "two-boroughs",
                "Check the boroughs of its areas, or split it.",
                size.name,
            )
        if size.residents is None:
            yield FormFinding(
                register.file,
                row,
                "Residents",
                "residents-unknown",
                "Fill in the residents of each area, with the source.",
                size.name,
            )
            continue
        text = f"{size.name}: {size.residents:,} residents; {rule.lowest:,} to {rule.highest:,} are agreed"
        if size.verdict == "too small":
            yield FormFinding(
                register.file,
                row,
                "Residents",
                "too-small",
                "Join it with a neighbour, or say why it stands alone.",
                text,
            )
        if size.verdict == "too large":
            parts = ceil(size.residents / rule.highest)
            yield FormFinding(
                register.file, row, "Residents", "too-large", f"Split it into {parts} or more.", text
            )


def _of_areas(register: Register) -> Iterator[FormFinding]:
    seen: dict[str, list[Area]] = {}
    for area in register.rows:
        seen.setdefault(area.code, []).append(area)
    for code, found in seen.items():
        names = list(dict.fromkeys(area.neighbourhood for area in found if area.neighbourhood))
        last = found[-1].row
        if not names:
            yield FormFinding(
                register.file,
                found[0].row,
                "Neighbourhood",
                "area-in-none",
                "Write the neighbourhood it belongs to.",
                code,
            )
        elif len(names) > 1:
            yield FormFinding(
                register.file,
                last,
                "Area",
                "area-in-two",
                "Keep it in one of them.",
                f"{code}: {', '.join(names)}",
            )
        elif len(found) > 1:
            yield FormFinding(register.file, last, "Area", "area-twice", "Remove one of the rows.", code)


def _of_boroughs(register: Register) -> Iterator[FormFinding]:
    for cover in register.cover():
        text = f"{cover.name}: {cover.inside:,} of {cover.counted:,} residents ({cover.as_of:%d %B %Y})"
        if cover.inside < cover.counted * (1 - CLOSE):
            yield FormFinding(
                register.file,
                0,
                "Residents",
                "borough-short",
                "Look for areas that are missing from the register.",
                text,
            )
        if cover.inside > cover.counted * (1 + CLOSE):
            yield FormFinding(
                register.file,
                0,
                "Residents",
                "borough-over",
                "Look for areas counted twice, or a count of another year.",
                text,
            )
