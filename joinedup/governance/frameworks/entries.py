"""What cells of a form say: days, whole numbers, levels, places; what cannot be read is told and left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from joinedup.definitions.frameworks import Framework
from joinedup.definitions.measure import Measure
from joinedup.definitions.places import Places
from joinedup.definitions.places_models import Place
from joinedup.errors import UnknownName
from joinedup.governance.days import read_day
from joinedup.governance.frameworks.parts import Cell, Form, Notes

NEAR = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Head:
    """What each form is about: a framework and a place at its level."""

    framework: Framework
    place: Place


def read_head(form: Form, notes: Notes) -> Head | None:
    """Framework and place; None where one is not known."""
    named, place = (
        form.head.get(name, Cell(None, 1, form.kind.head[name])) for name in ("framework", "place")
    )
    if not named.text or not place.text:
        notes.tell(
            named if not named.text else place, "no-head", "Fill in framework and place above the rows."
        )
        return None
    try:
        framework = Framework.load(named.text)
    except UnknownName as error:
        notes.tell(named, "unknown-framework", error.remedy)
        return None
    version = form.told("version")
    if version and version != framework.version:
        notes.tell(
            form.head["version"],
            "other-version",
            f"Make a blank form again: this is version {framework.version}.",
        )
        return None
    found = place_named(place.text, framework.unit)
    if found is None:
        known = [one.label for one in Places.load().places if one.level == framework.unit]
        notes.tell(place, "unknown-place", f"Write one of {', '.join(known[:15])}.")
        return None
    return Head(framework, found)


def place_named(words: str, level: str) -> Place | None:
    """The place of a level by its code, name or short name, whatever the case."""
    said = words.casefold()
    for one in Places.load().places:
        if one.level == level and said in (
            one.code.casefold(),
            one.name.casefold(),
            one.short_name.casefold(),
        ):
            return one
    return None


def any_place(words: str) -> Place | None:
    """The place of any level by its code, or by a name that only one place has."""
    said = words.casefold()
    found = [one for one in Places.load().places if said in (one.name.casefold(), one.short_name.casefold())]
    coded = [one for one in Places.load().places if said == one.code.casefold()]
    return coded[0] if coded else found[0] if len(found) == 1 else None


def read_date(cell: Cell, form: Form, notes: Notes) -> date | None:
    """The day in a cell; None where it is blank or none."""
    if not cell.text:
        return None
    found = read_day(cell.value, form.date_1904)
    if found is None or not NEAR[0] <= found.day <= NEAR[1]:
        notes.tell(cell, "not-a-day", "Write it as 18 November 2025, between 2000 and 2100.")
        return None
    if found.rule:
        notes.tell(cell, found.rule, f"Check that {found.day:%-d %B %Y} is meant.")
    return found.day


def number_in(cell: Cell) -> float | None:
    """The number in a cell, written as a number or as text with commas; None for anything else."""
    if isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, float):
        return cell.value
    try:
        return float(cell.text.replace(",", "")) if len(cell.text) < 20 and cell.text.isascii() else None
    except ValueError:
        return None


def read_number(
    cell: Cell, notes: Notes, lowest: float, highest: float, *, whole: bool = True
) -> float | None:
    """A number within bounds; None where it is blank or not one."""
    if not cell.text:
        return None
    found = number_in(cell)
    if found is None or not lowest <= found <= highest or (whole and not float(found).is_integer()):
        kind = "a whole number" if whole else "a number"
        notes.tell(cell, "not-a-number", f"Write {kind} from {lowest:g} to {highest:g}.")
        return None
    return found


def read_level(cell: Cell, framework: Framework, notes: Notes) -> int | None:
    """A level by number or title; None where it is blank or no level."""
    if not cell.text:
        return None
    titled = next(
        (one.level for one in framework.levels if one.title.casefold() == cell.text.casefold()), None
    )
    found = titled if titled is not None else number_in(cell)
    if found is None or found not in [one.level for one in framework.levels]:
        notes.tell(
            cell, "not-a-level", f"Write a whole number from 1 to {framework.highest}, or leave it blank."
        )
        return None
    return int(found)


def read_measure(cell: Cell, notes: Notes) -> str | None:
    """The id of one measure; None where there is none of that name."""
    try:
        return Measure.load(cell.text).id
    except UnknownName as error:
        notes.tell(cell, "unknown-measure", error.remedy)
        return None
