"""The released figures of a workspace, as its explorer publishes them: the newest state's cube, read from its folder.

A page never computes figures: what was not published is not there, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from joinedup.definitions.lattice import Lattice
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Kind
from joinedup.disclosure import Released
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import results_of
from joinedup.disclosure.sums import Key
from joinedup.errors import UnknownName
from joinedup.governance.evidence import Figures, MeasureTest, Point, Series
from joinedup.governance.figures import AREA, codes_of, key_of
from joinedup.measures import MeasureResult

CUBE, PROFILE = "cube.json", "nhs-england"
EVERYWHERE = "total"
FINEST: tuple[Kind, ...] = ("month", "quarter", "financial_year")
_AREAS = frozenset({AREA, "area", EVERYWHERE})


@dataclass(frozen=True)
class Published:
    """One published state: its number, and every percentage and count of it with its code."""

    state: int
    released: Released[MeasureResult]


def newest_state(folder: Path) -> int:
    """Number of the newest state in `folder` whose cube is published; 0 where there is none."""
    held = (found.parent.name for found in folder.glob(f"[0-9]*/{CUBE}")) if folder.is_dir() else ()
    return max((int(name) for name in held if name.isdigit()), default=0)


def published_in(folder: Path) -> Published | None:
    """The newest state's figures; None where nothing is published, or publishing it was refused."""
    state = newest_state(folder)
    return _read(folder / str(state) / CUBE, state) if state else None


def series_of(series: Series, published: Published, kind: Kind | None = None) -> tuple[Point, ...]:
    """The published figures of a series, the earliest first; empty for none. In periods of that kind, else in the
    finest of which at least half are shown: months of a small place are mostly hidden, and its quarters are not.
    """
    rows, codes = _rows(published, series), codes_of(published.released)
    points = [
        Point(period=row["period"], value=row["value"], code=codes.get(key_of(row), "")) for row in rows
    ]
    kinds = {one: [point for point in points if point.span.kind == one] for one in FINEST}
    shown = (
        one
        for one, held in kinds.items()
        if held and 2 * sum(point.value is not None for point in held) >= len(held)
    )
    coarsest = next((one for one in reversed(FINEST) if kinds[one]), FINEST[0])
    wanted: Kind = kind if kind is not None else next(shown, coarsest)
    return tuple(sorted(kinds.get(wanted, []), key=lambda point: point.span))


def evidence_in(test: MeasureTest, published: Published) -> Figures:
    """The last published figures that the test asks for. Raises UnknownName where none of its series is published."""
    points = series_of(test.series, published)
    if not points:
        raise UnknownName(
            f"No figures of {test.series.measure} at {test.series.place} are published.",
            remedy="Name a measure, place and group as the explorer shows them.",
        )
    return Figures(series=test.series, points=points[-test.points :])


def places_in(published: Published) -> tuple[tuple[str, str], ...]:
    """Level and name of every place of which figures are published, the area first."""
    table = published.released.value.table.select(["level", "place_name"]).group_by(["level", "place_name"])
    found = {(row["level"], row["place_name"]) for row in table.aggregate([]).to_pylist()}
    return tuple(sorted(found, key=lambda one: (one[0] != EVERYWHERE, one[1])))


def held_of(measures: Sequence[str], published: Published) -> tuple[Measure, ...]:
    """Those of the measures (by name or id) of which figures are published."""
    there = set(published.released.value.table["measure_id"].to_pylist())
    return tuple(one for name in measures if (one := Measure.load(name)).id in there)


def _rows(published: Published, series: Series) -> list[dict[str, Any]]:
    table = published.released.value.table
    level = EVERYWHERE if series.level in _AREAS else series.level
    try:
        measure = Measure.load(series.measure).id
    except UnknownName:
        return []
    kept = pc.and_(pc.equal(table["measure_id"], measure), pc.equal(table["level"], level))
    return [
        row
        for row in table.filter(kept).to_pylist()
        if (level == EVERYWHERE or series.place in (row["place"], row["place_name"]))
        and (row["breakdown"], row["group"]) == (series.breakdown or "total", series.group or row["group"])
    ]


@lru_cache(maxsize=2)
def _read(file: Path, state: int) -> Published | None:
    raw = json.loads(file.read_text(encoding="utf-8"))
    if "refused" in raw:
        return None
    shown = {Key(*row[:-1]): row[-1] for row in raw["cells"]}
    lattice = Lattice.load(raw["lattice"])
    released = results_of(lattice, shown, profile_of(PROFILE), snapshot=raw["snapshot"], rule=raw["rule"])
    return Published(state, released)
