"""The map as at a day, and figures by place on that map, made of published cells only.

Every commissioner of the eight boroughs was, for figures by borough of residence, either one whole borough or all
eight. So the figure of a place on any day's map is a cell that is published already: of its borough, or of the area. A
place made of some boroughs and not others has no cell of its own; sums of rounded cells are not made for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from joinedup.charts.cells import Figure
from joinedup.charts.cells import figures as cells
from joinedup.charts.words import percent, whole
from joinedup.definitions import Places
from joinedup.definitions.lattice import BOROUGH, EVERYONE, Lattice
from joinedup.definitions.maps import (
    ChangeOfMap,
    Commissioner,
    MapOn,
    TileGrid,
    changes_of_map,
    counted,
)
from joinedup.disclosure.published_results import TOTAL
from joinedup_web.equity.crossing import LATTICE, cube_of
from joinedup_web.equity.figures import CUBE, Figures

SIDES = {"n": (0, -1), "e": (1, 0), "s": (0, 1), "w": (-1, 0)}
COLOURS = 4


@dataclass(frozen=True)
class Tile:
    """A borough on the grid; `sides` are those that border another commissioner."""

    column: int
    row: int
    name: str
    commissioner: str
    colour: int
    sides: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A place on the map with its figure, in words; `codes` of the published cells behind it."""

    code: str
    name: str
    boroughs: tuple[str, ...]
    value: str
    of: str
    number: str
    note: str = ""


def slider(register: Places, at: str, on: str) -> tuple[tuple[ChangeOfMap, ...], int, date]:
    """Every change of the map, which of them is chosen, and the day that is shown: by number, by day, or the last one
    that has come.
    """
    found = changes_of_map(register)
    today = date.today()
    if on:
        day = date.fromisoformat(on)
        return found, max((i for i, one in enumerate(found) if one.day <= day), default=0), day
    if at:
        chosen = int(at)
        if not 0 <= chosen < len(found):
            raise ValueError("no such change")
        return found, chosen, found[chosen].day
    chosen = max((i for i, one in enumerate(found) if one.day <= today), default=0)
    return found, chosen, today


def lead(drawn: MapOn) -> str:
    """Who commissioned care for whom, in a sentence."""
    if not drawn.level:
        return "Nobody of the register commissioned care here on that day."
    words = counted(len(drawn.commissioners), drawn.level)
    eight = "the eight boroughs of North West London" if drawn.without else "thirteen boroughs"
    return f"{words[0].upper()}{words[1:]}, for {eight}."


def key(drawn: MapOn) -> tuple[str, ...]:
    """Names of commissioners in the order of the map's colours; none where each has its own borough and no colour."""
    names = tuple(one.place.name for one in drawn.commissioners)
    return names if len(names) <= COLOURS else ()


def tiles(register: Places, drawn: MapOn) -> tuple[Tile, ...]:
    """The boroughs of a map as tiles: neighbours of one commissioner touch, others are parted."""
    grid = TileGrid.load().tiles
    held = {code: drawn.of(code) for code in grid}
    at = {place: code for code, place in grid.items()}
    order = [one.place.code for one in drawn.commissioners]
    found = []
    for code, (column, row) in grid.items():
        mine = held[code]
        beside = {side: at.get((column + x, row + y), "") for side, (x, y) in SIDES.items()}
        parted = tuple(side for side, other in beside.items() if held.get(other) != mine or mine is None)
        colour = order.index(mine.code) % COLOURS if mine and len(order) <= COLOURS else 0
        found.append(
            Tile(
                column,
                row,
                register.name(code, short=True),
                mine.label if mine else "",
                colour if mine else -1,
                parted,
            )
        )
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))


def rows(figures: Figures | None, drawn: MapOn, measure: str, period: str) -> tuple[Row, ...]:
    """Every place on the map with its figure, and what stands for all of them."""
    register, lattice = Places.load(), Lattice.load(LATTICE)
    published = _cells(figures.folder, measure, period) if figures and _ready(figures) else {}
    area = tuple(register.boroughs(drawn.day, within=lattice.area))
    home = frozenset(place.code for place in area)
    found = [_row(one, published, home, lattice.area, register) for one in drawn.commissioners]
    return (*found, _figure(lattice.area, register.name(lattice.area), (), published.get(lattice.area), ""))


def _row(
    one: Commissioner, published: dict[str, Figure], home: frozenset[str], area: str, register: Places
) -> Row:
    inside = frozenset(one.boroughs) & home
    names = tuple(register.name(code, short=True) for code in one.boroughs)
    note = (
        f"{' and '.join(one.parts)} belonged to it too, and is counted with its borough." if one.parts else ""
    )
    if not inside:
        return Row(one.place.code, one.place.name, names, "", "", "", "Outside the figures published here.")
    cell = published.get(area) if inside == home else published.get(min(inside)) if len(inside) == 1 else None
    if len(inside) not in (1, len(home)):
        note = "It has no published figure of its own."
    elif inside != frozenset(one.boroughs):
        note = "Figures are of its boroughs in North West London."
    return _figure(one.place.code, one.place.name, names, cell, note)


def _figure(code: str, name: str, boroughs: tuple[str, ...], cell: Figure | None, note: str) -> Row:
    if cell is None:
        return Row(code, name, boroughs, "", "", "", note)
    hidden = "hidden to protect people"
    return Row(
        code, name, boroughs, hidden if cell.value is None else percent(cell.value),
        hidden if cell.denominator is None else whole(cell.denominator), cell.code, note,
    )  # fmt: skip


def _ready(figures: Figures) -> bool:
    held = cube_of(figures)
    return held is not None and held.released is not None


@lru_cache(maxsize=64)
def _cells(folder: Path, measure: str, period: str) -> dict[str, Figure]:
    """The published cells of everyone, by borough and for the area. Empty where there are none."""
    held = cube_of(Figures.open(folder)) if (folder / CUBE).is_file() else None
    if held is None or held.released is None:
        return {}
    found = cells(
        held.released, measure_id=measure, period=period, breakdown=EVERYONE, level=(BOROUGH, TOTAL)
    )
    return {one.place: one for one in found}
