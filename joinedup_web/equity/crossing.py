"""Questions to what was released: one measure by borough, service, group and period.

People are counted where they live (the published cube) or where they are treated (what the report on the same state
released): two sources that are never mixed. Nothing is computed from people here: pictures are drawn from published
cells, and what was not published is not there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from joinedup.charts.cells import figures as cells
from joinedup.charts.points import Points
from joinedup.definitions import Measure, Period, Places
from joinedup.definitions.lattice import AREA, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure import Released
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import results_of
from joinedup.disclosure.rolling import rolling_years
from joinedup.disclosure.sums import Key
from joinedup.measures import MeasureResult
from joinedup.measures.result import SCHEMA
from joinedup_web.equity.figures import CUBE, TREATED, Figures, Shown
from joinedup_web.equity.publishing import PROFILE

MONTHS, QUARTERS, YEARS, ROLLING = "months", "quarters", "years", "rolling"
OVER_TIME: Mapping[str, str] = {
    MONTHS: "month", QUARTERS: "quarter", YEARS: "financial_year", ROLLING: "rolling_year",
}  # fmt: skip
"""What stands for every period of a kind -> the kind."""
BOROUGHS, SERVICES = "boroughs", "services"
EACH = "each"
"""Instead of a place: every borough, beside each other."""
LIVED, TREATED_AT = "lived", "treated"
LATTICE = "talking_therapies"
LOADING = threading.Lock()
"""One thread reads or draws, the others wait and find it kept."""


@dataclass(frozen=True)
class Question:
    """What is asked. `by`: boroughs, services or a breakdown; `place`: which comes first, or the only one; `period`:
    a period or every one of a kind; `own`: the borough or service of whoever asks; `count`: lived or treated.
    """

    measure: str
    by: str
    place: str
    period: str
    own: str = ""
    chart: str = ""
    count: str = LIVED

    @property
    def over_time(self) -> bool:
        """Whether every period of a kind is asked for."""
        return self.period in OVER_TIME

    @property
    def by_place(self) -> bool:
        """Whether places stand beside each other."""
        return self.by in (BOROUGHS, SERVICES)


@dataclass(frozen=True)
class Cube:
    """A published cube, or why there is none. `told` is what was written beside its cells."""

    released: Released[MeasureResult] | None
    periods: tuple[str, ...] = ()
    refused: str = ""
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)


def cube_of(figures: Figures) -> Cube | None:
    """The cube of a state; None while it is being published."""
    file = figures.folder / CUBE
    if not file.is_file():
        return None
    with LOADING:
        return read_cube(file)


@lru_cache(maxsize=4)
def read_cube(file: Path) -> Cube:
    """The cube of a file, with every twelve months that its months make."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    if "refused" in raw:
        return Cube(None, refused=raw["refused"])
    shown: Mapping[Key, int | None] = {Key(*row[:-1]): row[-1] for row in raw.pop("cells")}
    lattice = Lattice.load(raw["lattice"])
    released = results_of(lattice, shown, profile_of(PROFILE), snapshot=raw["snapshot"], rule=raw["rule"])
    rolled = rolling_years(released)
    both = pa.concat_tables([released.value.table, rolled.value.table]).combine_chunks()
    whole = replace(
        released, value=replace(released.value, table=both), registry={**released.registry, **rolled.registry}
    )
    return Cube(whole, _newest_first({key.period for key in shown}), told=raw)


def _newest_first(keys: set[str]) -> tuple[str, ...]:
    def order(key: str) -> tuple[date, int]:
        period = Period.parse(key)
        return period.end, -(period.end - period.start).days

    return tuple(sorted(keys, key=order, reverse=True))


def treated_of(figures: Figures) -> Released[MeasureResult] | None:
    """Figures of services: people where they are treated. None for a state that was released before these were kept."""
    file = figures.folder / TREATED
    if not file.is_file():
        return None
    with LOADING:
        return _treated(file)


@lru_cache(maxsize=4)
def _treated(file: Path) -> Released[MeasureResult]:
    raw = json.loads(file.read_text(encoding="utf-8"))
    rows = [{name: row[name] for name in SCHEMA.names} for row in raw["rows"]]
    measures = tuple(Measure.load(one) for one in dict.fromkeys(row["measure_id"] for row in rows))
    result = MeasureResult(pa.Table.from_pylist(rows, SCHEMA), measures, raw["snapshot"], raw["rule"])
    registry = {row["code"]: {"cell": row} for row in raw["rows"] if row["code"]}
    return Released(result, PROFILE, 0, len(rows), registry)


def source_of(figures: Figures, count: str) -> Released[MeasureResult] | None:
    """The released figures that answer: of where people live, or of where they are treated."""
    if count == TREATED_AT:
        return treated_of(figures)
    cube = cube_of(figures)
    return cube.released if cube is not None else None


def _source(folder: Path, count: str) -> Released[MeasureResult] | None:
    return _treated(folder / TREATED) if count == TREATED_AT else read_cube(folder / CUBE).released


def measures() -> tuple[Measure, ...]:
    """The percentages that are published by place of residence."""
    return tuple(Measure.load(one.measure) for one in Lattice.load(LATTICE).percentages)


@lru_cache(maxsize=2)
def lived() -> tuple[str, ...]:
    """Ids of everything that is published by place of residence: percentages, and counts that stand alone."""
    counts = (Measure.load(count.measure) for count in Lattice.load(LATTICE).counts)
    found = [*(one.id for one in measures()), *(one.id for one in counts if one.statistic == "count")]
    return tuple(dict.fromkeys(found))


def breakdowns(kind: str, place: str) -> tuple[str, ...]:
    """Breakdowns published in periods of a kind, at the area or at one of its boroughs."""
    lattice = Lattice.load(LATTICE)
    level = AREA if place == lattice.area else BOROUGH
    found = (slug for table in lattice.tables if table.period == kind for slug in table.at(level))
    return tuple(slug for slug in found if slug != EVERYONE)


def codes_in(figures: Figures, asked: Question) -> tuple[str, ...]:
    """The code of every figure that a question is about, place by place and period by period."""
    return () if source_of(figures, asked.count) is None else _codes(figures.folder, asked)


@lru_cache(maxsize=256)
def _codes(folder: Path, asked: Question) -> tuple[str, ...]:
    from joinedup_web.equity.drawing import chosen

    released = _source(folder, asked.count)
    if released is None:
        return ()
    found = sorted(cells(chosen(released, asked)), key=lambda f: (f.place_name, f.start, f.group))
    return tuple(one.code for one in found)


def answer(figures: Figures, asked: Question, marks: Mapping[str, str] | None = None) -> Shown | None:
    """The picture that answers; None where it was not published. `marks`: of notes, by the code they stand beside."""
    if asked.by == MONTHS:  # as addresses had it before
        asked = replace(asked, by=BOROUGHS, period=MONTHS)
    if source_of(figures, asked.count) is None:
        return None
    with LOADING:
        return _answer(figures.folder, figures.about["caption"], asked, tuple((marks or {}).items()))


def warm(figures: Figures | None) -> bool:
    """Load the cube and start the drawing engine before anyone asks: together they take seconds the first time.
    False while there is no cube yet."""
    cube = cube_of(figures) if figures is not None else None
    if figures is None or cube is None:
        return False
    if cube.periods:
        shown = answer(figures, Question(measures()[0].id, BOROUGHS, "", cube.periods[0]))
        if shown is not None:
            shown.svg["page"]
    return True


@lru_cache(maxsize=256)
def _answer(folder: Path, caption: str, asked: Question, marks: tuple[tuple[str, str], ...]) -> Shown | None:
    from joinedup_web.equity.drawing import TABLE, picture_of

    released = _source(folder, asked.count)
    if released is None or asked.measure not in released.value.table["measure_id"].unique().to_pylist():
        return None
    picture = picture_of(released, asked, caption, Points(dict(marks), linked=True))
    if picture is None:
        return None
    return Shown.of_table(picture) if asked.chart == TABLE or not picture.drawing else Shown.of(picture)


def area() -> str:
    """The whole whose boroughs are shown."""
    return Lattice.load(LATTICE).area


def place_names(on: date | None = None) -> tuple[tuple[str, str], ...]:
    """The area and its boroughs on a day, today where none is named: code and name."""
    lattice, register = Lattice.load(LATTICE), Places.load()
    inside = lattice.places(on or date.today())[BOROUGH]
    return (
        (lattice.area, register.name(lattice.area)),
        *((code, register.name(code, short=True)) for code in inside),
    )


def service_names(on: date | None = None) -> tuple[tuple[str, str], ...]:
    """The services on a day: code and name."""
    return tuple((one.code, one.label) for one in Places.load().services(on or date.today()))
