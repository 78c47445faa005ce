"""A publication as a released result, so that charts and pages read the cube as they read anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from joinedup.definitions import Measure, Places
from joinedup.definitions.lattice import AREA
from joinedup.disclosure.codes import registry_of
from joinedup.disclosure.profiles import Profile
from joinedup.disclosure.releasing import Released
from joinedup.measures import MeasureResult
from joinedup.measures.result import COUNTS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.definitions.lattice import Lattice
    from joinedup.disclosure.sums import Key

TOTAL = "total"


def results_of(
    lattice: Lattice, shown: Mapping[Key, int | None], profile: Profile, *, snapshot: int | None, rule: str
) -> Released[MeasureResult]:
    """Every percentage of the lattice, and every count that stands alone, made of published cells only.

    `shown` is what was published of each cell, None where it is hidden. The area is the level `total`.
    """
    counts = {count.name: count for count in lattice.counts}
    rows = [
        row
        for one in lattice.percentages
        for row in _shares(Measure.load(one.measure), counts[one.numerator], counts[one.denominator], shown)
    ]
    alone = [count for count in lattice.counts if Measure.load(count.measure).statistic == "count"]
    rows += [row for count in alone for row in _counts(Measure.load(count.measure), shown)]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    measures = tuple({row["measure_id"]: Measure.load(row["measure_id"]) for row in rows}.values())
    result = MeasureResult(
        table, measures, snapshot, rule, filters={"lattice": lattice.slug, "lattice_version": lattice.version}
    )
    released = result.counts()
    hidden = sum(value is None for value in shown.values())
    registry = registry_of(result.identity(), released, COUNTS, profile.name)
    return Released(result.with_counts(released, profile.display), profile.name, hidden, len(shown), registry)


def _shares(
    measure: Measure, above: Any, below: Any, shown: Mapping[Key, int | None]
) -> Sequence[dict[str, Any]]:
    """A row a denominator, shown or hidden. A numerator rounded above its denominator is all of it."""
    found = []
    for key, whole in shown.items():
        if (key.measure, key.count) == (below.measure, below.count):
            part = shown.get(key._replace(measure=above.measure, count=above.count))
            found.append(
                _row(measure, key, part if None in (part, whole) else min(part or 0, whole or 0), whole)
            )
    return found


def _counts(measure: Measure, shown: Mapping[Key, int | None]) -> Sequence[dict[str, Any]]:
    cells = (
        (key, value)
        for key, value in shown.items()
        if (key.measure, key.count) == (measure.slug, "numerator")
    )
    return [_row(measure, key, value, None) for key, value in cells]


def _row(measure: Measure, key: Key, numerator: int | None, denominator: int | None) -> dict[str, Any]:
    place = Places.load().place(key.place)
    return {
        "measure": measure.slug, "measure_id": measure.id, "version": measure.version, "statistic": measure.statistic,
        "period": key.period, "level": TOTAL if key.place_level == AREA else key.place_level, "place": key.place,
        "place_name": place.name, "breakdown": key.breakdown, "group": key.group, "breakdown_2": "", "group_2": "",
        "numerator": numerator, "denominator": denominator, "value": None, "lower": None, "upper": None,
    }  # fmt: skip
