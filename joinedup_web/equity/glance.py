"""One borough at a glance, from the published cube: every measure there, beside the whole and the other boroughs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from joinedup.charts.scorecard import named, scorecard
from joinedup.charts.words import span
from joinedup.definitions import Measure, Period
from joinedup_web.equity.crossing import LIVED, LOADING, area, cube_of, lived, place_names, read_cube
from joinedup_web.equity.drawing import residents
from joinedup_web.equity.figures import CUBE, Figures, Shown
from joinedup_web.equity.presenting import address

KINDS = ("financial_year", "quarter")


@dataclass(frozen=True)
class Asked:
    """Which borough, which period."""

    place: str
    period: str


def periods(figures: Figures) -> tuple[tuple[str, str], ...]:
    """Years, then quarters."""
    cube = cube_of(figures)
    keys = cube.periods if cube is not None else ()
    return tuple((key, span(key)) for kind in KINDS for key in keys if Period.parse(key).kind == kind)


def asked(figures: Figures, given: Mapping[str, str], own: str) -> Asked:
    """What an address asks; one's own borough and the newest whole year where it says nothing."""
    first = own or place_names()[1][0]
    held = [key for key, _ in periods(figures)]
    return Asked(given.get("place", "") or first, given.get("period", "") or next(iter(held), ""))


def shown_of(figures: Figures, given: Mapping[str, str], own: str) -> Shown | None:
    """The table; None where there is no cube, or it has no such place or period."""
    cube, wanted = cube_of(figures), asked(figures, given, own)
    known = wanted.place in dict(place_names()[1:]) and wanted.period in dict(periods(figures))
    if cube is None or cube.released is None or not known:
        return None
    with LOADING:
        return _shown(figures.folder, figures.about["caption"], wanted)


def rows_of(place: str) -> dict[str, str]:
    """Row of the table -> the page of its measure, that borough first."""
    found = ((Measure.load(one), one) for one in lived())
    return {named(measure): address("measure", [one], count=LIVED, place=place) for measure, one in found}


@lru_cache(maxsize=64)
def _shown(folder: Path, caption: str, wanted: Asked) -> Shown | None:
    released = read_cube(folder / CUBE).released
    if released is None:
        return None
    picture = scorecard(
        released, [Measure.load(one) for one in lived()], slug="glance", caption=caption, own=wanted.place,
        whole_of=area(), what="borough", period=wanted.period, residents=residents(),
    )  # fmt: skip
    return Shown.of_table(picture)
