"""Tables of measures by group, drawn by hand."""

from __future__ import annotations

import pyarrow as pa

from joinedup.definitions import Measure
from joinedup.measures.result import SCHEMA, MeasureResult


def table_of(counts, *, measure="M195", breakdown="ethnic_group", place="NWL", **keys):
    """A result of {(period, group): (numerator, denominator)}, with a total that is no group."""
    found = Measure.load(measure)
    rows = []
    for (period, group), (x, n) in {**counts, ("2025-26", "All"): (1, 2)}.items():
        row = dict.fromkeys(SCHEMA.names) | {
            "measure": found.slug,
            "measure_id": found.id,
            "version": found.version,
            "statistic": "percentage",
            "period": period,
            "level": "north_west_london",
            "place": place,
            "place_name": "North West London",
            "breakdown": "total" if group == "All" else breakdown,
            "group": group,
            "breakdown_2": "",
            "group_2": "",
            "numerator": x,
            "denominator": n,
        }
        rows.append(row | keys)
    return MeasureResult(pa.Table.from_pylist(rows, SCHEMA), (found,), snapshot=3, rule="test")
