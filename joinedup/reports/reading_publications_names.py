"""Names in published files, however they are written, as the ids of our definitions; and figures as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.lattice import Lattice
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.places import LEVELS, SHORT_LEVELS, Places
from joinedup.disclosure.attacking_cells import COUNTS, PERCENTAGE, Cell
from joinedup.errors import JoinedupError, UnreadableFile
from joinedup.reports.reading_publications_files import AGAIN, TidyRow

HIDDEN = frozenset({"*", "", "-", "–", "hidden", "[c]", "null", "none"})
WHICH = {"numerator": COUNTS[0], "count": COUNTS[0], "denominator": COUNTS[1], PERCENTAGE: PERCENTAGE}
WHICH |= {"percent": PERCENTAGE, "%": PERCENTAGE, "value": COUNTS[0], "number": COUNTS[0]}
MOST = 10**12
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,20}))?(?:[eE][+-]?\d{1,2})? ?%?", re.ASCII
)


def cell_of(row: TidyRow, data: str) -> Cell:
    """The cell that a row is about. Raises UnreadableFile for a count that is none."""
    values = {head: text.strip() for head, text in row.values.items()}
    measure, own = measure_id(values["measure"])
    which = WHICH.get(values["count"].lower())
    if which is None:
        message = f"{values['count']!r} is neither numerator, denominator nor percentage"
        raise UnreadableFile(message, file=row.file, row=row.row, column="count", remedy=AGAIN)
    level, place = place_of(values.get("place_level", values.get("level", "")), values["place"])
    breakdown, group = group_of(values.get("breakdown", ""), values["group"])
    which = own if own and which != PERCENTAGE else which
    return Cell(measure, which, level, place, period_of(values["period"]), breakdown, group, data)


def figure_of(text: str, which: str, row: TidyRow) -> tuple[float | None, int]:
    """A figure and its decimals; None for a star. Raises UnreadableFile for what is no figure."""
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", "")
    if plain.lower() in HIDDEN:
        return None, 0
    found = _NUMBER.fullmatch(plain)
    value = float(plain.rstrip("% ").replace(",", "")) if found else -1.0
    whole = which == PERCENTAGE or value == int(value)
    if found is None or not 0 <= value <= MOST or not whole:
        message = f"{text[:40]!r} is no {'percentage' if which == PERCENTAGE else 'count'}"
        raise UnreadableFile(message, file=row.file, row=row.row, column="value", remedy=AGAIN)
    return value, len(found[1] or "") if which == PERCENTAGE else 0


@lru_cache(maxsize=4096)
def measure_id(text: str) -> tuple[str, str | None]:
    """National id of a measure named by id, slug or title (and which of its counts, for a name of the lattice);
    the text itself for one that we do not know.
    """
    return _measures().get(text.lower(), (text.lower(), None))


@lru_cache(maxsize=1)
def _measures() -> Mapping[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for count in Lattice.load().counts:
        found[count.name.lower()] = (Measure.load(count.measure).id, count.count)
    for measure in Measure.all():
        found |= dict.fromkeys((measure.title.lower(), measure.slug, measure.id.lower()), (measure.id, None))
    return found


@lru_cache(maxsize=4096)
def place_of(level: str, text: str) -> tuple[str, str]:
    """Level and code of a place named by code or name; the texts themselves where we do not know it."""
    plain = re.sub(r"\W+", "_", level.strip().lower())
    plain = SHORT_LEVELS.get(plain, plain)
    named = places_named(text)
    if plain in LEVELS:
        named = tuple(place for place in named if place[0] == plain)
    return named[0] if named else (plain, text)


def places_named(text: str) -> tuple[tuple[str, str], ...]:
    """Level and code of every place of that code or name, boroughs first: a service may be called as one."""
    return _places().get(text.lower(), ())


@lru_cache(maxsize=1)
def _places() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for place in sorted(Places.load().places, key=lambda place: (place.level != "borough", place.code)):
        for name in {place.code, place.name, place.label}:
            found.setdefault(name.lower(), []).append((place.level, place.code))
    return {name: tuple(places) for name, places in found.items()}


@lru_cache(maxsize=4096)
def period_of(text: str) -> str:
    """The key of a period, or the text itself."""
    try:
        return Period.parse(text).key
    except JoinedupError:
        return text


@lru_cache(maxsize=4096)
def group_of(breakdown: str, group: str) -> tuple[str, str]:
    """Slug of a breakdown and name of a group; everyone is "All" of "total"."""
    plain = re.sub(r"\W+", "_", breakdown.strip().lower())
    if plain in ("", "total", "everyone", "all", "none") and group.lower() in (
        "",
        "all",
        "everyone",
        "total",
    ):
        return "total", "All"
    return _slugs().get(breakdown.strip().lower(), plain), group


@lru_cache(maxsize=1)
def _slugs() -> Mapping[str, str]:
    known = [*Breakdown.all(), *Breakdown.published()]
    return {name.lower(): one.slug for one in known for name in (one.title, one.slug)}


_ROW = re.compile(
    rf" (?:numerator|denominator|percentage) (?:{'|'.join((*LEVELS, 'area', 'total'))}) ", re.IGNORECASE
)


class Words:
    """Every name in use, to find rows in running text: those of the definitions and those in other files."""

    def __init__(self, rows: list[TidyRow]) -> None:
        heads = ("measure", "count", "place_level", "place", "period", "breakdown", "group")
        self.heads = heads
        used: dict[str, set[str]] = {head: set() for head in heads}
        for row in rows:
            for head in heads:
                used[head].add(" ".join(row.values.get(head, "").split()))
        used["measure"] |= {name for m in Measure.all() for name in (m.id, m.slug, m.title)}
        used["count"] |= {*COUNTS, PERCENTAGE}
        used["place_level"] |= {*LEVELS, "area", "total"}
        used["place"] |= {name for p in Places.load().places for name in (p.code, p.name, p.label)}
        known = [*Breakdown.all(), *Breakdown.published()]
        used["breakdown"] |= {"total", *(name for one in known for name in (one.slug, one.title))}
        used["group"] |= {"All", *(name for one in known for name in one.group_names)}
        parts = [rf"(?P<{head}>{_any(used[head])})" for head in heads if head != "period"]
        parts.insert(heads.index("period"), r"(?P<period>12m-\d{4}-\d\d|\d{4}[-/]\d\d(?:-Q[1-4])?)")
        value = r"(?P<value>\*|\d[\d,]*(?:\.\d+)? ?%?)"
        self.pattern = re.compile(r"(?<!\S)" + r"\s+".join([*parts, value]) + r"(?!\S)", re.IGNORECASE)

    def rows(self, text: str, name: str) -> Iterator[TidyRow]:
        """The rows of tidy tables that were set as running text. Raises UnreadableFile where there are more of
        them than could be read.
        """
        number = 0
        for number, found in enumerate(self.pattern.finditer(text), start=1):
            yield TidyRow(found.groupdict(), name, number)
        unread = len(_ROW.findall(text)) - number
        if unread > 0:
            remedy = "Tables of every name it uses have to lie beside it as CSV, JSON, HTML or XLSX."
            message = f"{unread:,} rows of its tables could not be read"
            raise UnreadableFile(message, file=name, remedy=remedy)


def _any(names: set[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)) if name)


_POINT = re.compile(
    r"(?P<measure>.+), (?P<place>[^,]+), (?P<period>12m-\d{4}-\d\d|\d{4}[-/]\d\d(?:-Q[1-4])?), "
    r"(?P<group>.+): (?P<value>\*|hidden|[\d,]+(?:\.\d+)? ?%?)",
    re.IGNORECASE,
)


def point_of(text: str) -> dict[str, Any] | None:
    """ "measure, place, period, group: value", as charts speak of a point; None for another text."""
    found = _POINT.fullmatch(" ".join(text.split()))
    return found.groupdict() if found else None
