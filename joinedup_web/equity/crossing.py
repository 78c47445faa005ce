"""Questions to the published cube: one measure by borough, month or group, at a place and in a period.

Nothing is computed from people here: pictures are drawn from published cells, and what was not published is not there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from joinedup.charts import Lens, Picture, by_group, control, funnel
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.lattice import AREA, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure import Released
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import TOTAL, results_of
from joinedup.disclosure.sums import Key
from joinedup.measures import MeasureResult
from joinedup_web.equity.figures import CUBE, Figures, Shown
from joinedup_web.equity.publishing import PROFILE

MONTHS, BOROUGHS = "months", "boroughs"
LATTICE = "talking_therapies"
LOADING = threading.Lock()
"""One thread reads or draws, the others wait and find it kept."""


@dataclass(frozen=True)
class Question:
    """What is asked of the cube; `own` is the borough that comes first."""

    measure: str
    by: str
    place: str
    period: str
    own: str = ""


@dataclass(frozen=True)
class Cube:
    """A published cube, or why there is none."""

    released: Released[MeasureResult] | None
    periods: tuple[str, ...] = ()
    refused: str = ""


def cube_of(figures: Figures) -> Cube | None:
    """The cube of a state; None while it is being published."""
    file = figures.folder / CUBE
    if not file.is_file():
        return None
    with LOADING:
        return _read(file)


@lru_cache(maxsize=2)
def _read(file: Path) -> Cube:
    raw = json.loads(file.read_text(encoding="utf-8"))
    if "refused" in raw:
        return Cube(None, refused=raw["refused"])
    shown: Mapping[Key, int | None] = {Key(*row[:-1]): row[-1] for row in raw["cells"]}
    lattice = Lattice.load(raw["lattice"])
    released = results_of(lattice, shown, profile_of(PROFILE), snapshot=raw["snapshot"], rule=raw["rule"])
    found = sorted(
        {key.period for key in shown}, key=lambda key: (Period.parse(key).end, -_days(key)), reverse=True
    )
    return Cube(released, tuple(found))


def _days(key: str) -> int:
    period = Period.parse(key)
    return (period.end - period.start).days


def measures() -> tuple[Measure, ...]:
    """The percentages that are published."""
    return tuple(Measure.load(one.measure) for one in Lattice.load(LATTICE).percentages)


def breakdowns(kind: str, place: str) -> tuple[str, ...]:
    """Breakdowns published in periods of a kind, at the area or at one of its boroughs."""
    lattice = Lattice.load(LATTICE)
    level = AREA if place == lattice.area else BOROUGH
    found = (slug for table in lattice.tables if table.period == kind for slug in table.at(level))
    return tuple(slug for slug in found if slug != EVERYONE)


def answer(figures: Figures, asked: Question) -> Shown | None:
    """The picture that answers; None where it was not published."""
    if cube_of(figures) is None:
        return None
    with LOADING:
        return _answer(figures.folder, figures.about["caption"], asked)


def warm(figures: Figures | None) -> None:
    """Load the cube and start the drawing engine before anyone asks: together they take seconds the first time."""
    cube = cube_of(figures) if figures is not None else None
    if figures is not None and cube is not None and cube.periods:
        answer(figures, Question(measures()[0].id, BOROUGHS, "", cube.periods[0]))


@lru_cache(maxsize=256)
def _answer(folder: Path, caption: str, asked: Question) -> Shown | None:
    cube = _read(folder / CUBE)
    if cube.released is None or asked.measure not in {one.id for one in measures()}:
        return None
    measure = Measure.load(asked.measure)
    picture = _picture(cube.released, measure, asked, caption)
    return None if picture is None else of_boroughs(Shown.of(picture))


def _picture(
    released: Released[MeasureResult], measure: Measure, asked: Question, caption: str
) -> Picture | None:
    if asked.by == MONTHS:
        months = tuple(
            key
            for key in released.value.table["period"].unique().to_pylist()
            if Period.parse(key).kind == "month"
        )
        found = _only(released, measure, level=BOROUGH, breakdown=EVERYONE, period=months)
        return (
            control(found, measure, slug="cube", caption=caption, first=asked.own)
            if len(found.value)
            else None
        )
    if asked.by == BOROUGHS:
        found = _only(released, measure, level=BOROUGH, breakdown=EVERYONE, period=asked.period)
        return (
            funnel(found, measure, slug="cube", caption=caption, unit="People counted")
            if len(found.value)
            else None
        )
    level = TOTAL if asked.place == Lattice.load(LATTICE).area else BOROUGH
    found = _only(released, measure, level=level, place=asked.place, breakdown=asked.by, period=asked.period)
    if not len(found.value):
        return None
    return by_group(
        found, Breakdown.load(asked.by), [Lens(measure, measure.title)], slug="cube", caption=caption
    )


def _only(released: Released[MeasureResult], measure: Measure, **wanted: Any) -> Released[MeasureResult]:
    return replace(released, value=released.value.only(measure_id=measure.id, **wanted))


def of_boroughs(shown: Shown) -> Shown:
    """The library's charts speak of services; these are of boroughs."""
    return replace(
        shown,
        title=_said(shown.title),
        subtitle=_said(shown.subtitle),
        sentence=_said(shown.sentence),
        how_to_read=_said(shown.how_to_read),
        table=replace(shown.table, header=tuple(map(_said, shown.table.header))),
        svg={size: _said(drawing) for size, drawing in shown.svg.items()},
    )


def _said(text: str) -> str:
    for service, borough in (
        ("services", "boroughs"),
        ("service", "borough"),
        ("Services", "Boroughs"),
        ("Service", "Borough"),
    ):
        text = text.replace(service, borough)
    return text


def place_names() -> tuple[tuple[str, str], ...]:
    """The area and its boroughs today: code and name."""
    lattice, register = Lattice.load(LATTICE), Places.load()
    inside = lattice.places(date.today())[BOROUGH]
    return (
        (lattice.area, register.name(lattice.area)),
        *((code, register.name(code, short=True)) for code in inside),
    )
