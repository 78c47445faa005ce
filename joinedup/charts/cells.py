"""Released figures as rows that charts can read, each with its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joinedup.definitions import Period, Places
from joinedup.disclosure import Released
from joinedup.errors import UnknownName, YourCommand

if TYPE_CHECKING:
    from datetime import date

    from joinedup.measures import MeasureResult

KEYS = ("measure_id", "period", "level", "place", "breakdown", "group", "breakdown_2", "group_2")


@dataclass(frozen=True)
class Figure:
    """One released figure. `value`, `lower`, `upper` are None where hidden; `code` opens it."""

    measure: str
    period: Period
    place: str
    place_name: str
    group: str
    numerator: int | None
    denominator: int | None
    value: float | None
    lower: float | None
    upper: float | None
    code: str

    @property
    def start(self) -> date:
        """First day of the period."""
        return self.period.start


def only_released(thing: Any) -> None:
    """Charts draw what may be shown and nothing else. Raises YourCommand for a result that was not released."""
    if not isinstance(thing, Released):
        raise YourCommand("Only released results can be shown.", remedy="Call release(result) first.")


def figures(released: Released[MeasureResult], **wanted: str | Iterable[str]) -> tuple[Figure, ...]:
    """The figures of a released result whose keys have these values, in the result's order."""
    only_released(released)
    codes = codes_of(released)
    chosen = {name: {value} if isinstance(value, str) else set(value) for name, value in wanted.items()}
    found = []
    for row in released.value.table.to_pylist():
        if all(row[name] in values for name, values in chosen.items()):
            found.append(_figure(row, codes.get(_key(row), "")))
    return tuple(found)


def codes_of(released: Released[MeasureResult]) -> Mapping[tuple[Any, ...], str]:
    """Code of each figure by its keys."""
    return {_key(entry["cell"]): code for code, entry in released.registry.items()}


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in KEYS)


def _short(code: str) -> str:
    """The short name of a place we know: charts have little room."""
    places = Places.load()
    try:
        return places.name(code, short=True)
    except UnknownName:
        return ""


def _figure(row: Mapping[str, Any], code: str) -> Figure:
    return Figure(
        measure=row["measure_id"],
        period=Period.parse(row["period"]),
        place=row["place"],
        place_name=_short(row["place"]) or row["place_name"] or row["place"],
        group=row["group"] or "",
        numerator=row["numerator"],
        denominator=row["denominator"],
        value=row["value"],
        lower=row["lower"],
        upper=row["upper"],
        code=code,
    )
