"""The counts that a registry opens: what lies beside a report or a pack shows as much as their tables do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.definitions.crossing import cross, group_in_both
from joinedup.disclosure.attacking_relations import AREAS

OPENED = frozenset({"measure_id", "cell", "counts"})
PLACED = frozenset({"statistic", "period", "level", "place", "breakdown", "group"})
ALONE = ("count", "sum")
"""Statistics without a denominator: a missing one is none, and not hidden."""


def is_entry(one: Mapping[str, Any]) -> bool:
    """Whether this is an entry of a registry that opens a figure of a measure, not a stage of a journey."""
    if not set(one) >= OPENED:
        return False
    cell, counts = one["cell"], one["counts"]
    return isinstance(cell, dict) and set(cell) >= PLACED and isinstance(counts, dict)


def rows_of_entry(one: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The counts of an entry as rows of a tidy table."""
    cell = one["cell"]
    level, place = str(cell["level"]), str(cell["place"])
    if level in AREAS:  # there it is who is treated in the area, in a lattice who lives in it
        level, place = f"services_of_{level}", f"{place} (services)"
    by, group = cell["breakdown"], cell["group"]
    if cell.get("breakdown_2"):
        by, group = cross(by, cell["breakdown_2"]), group_in_both(group, cell.get("group_2", ""))
    for count, value in one["counts"].items():
        if not (value is None and count == "denominator" and cell["statistic"] in ALONE):
            yield {
                "measure": str(one["measure_id"]), "count": str(count), "place_level": level,
                "place": place, "period": str(cell["period"]), "breakdown": str(by), "group": str(group),
                "value": "*" if value is None else str(value),
            }  # fmt: skip
