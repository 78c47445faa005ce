"""Twelve released months as one figure, month after month: made of what was published, so nothing new is told.

Each sum carries the rounding of its twelve months, and its limits are as wide as that makes them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from joinedup.definitions import Period
from joinedup.disclosure.codes import registry_of
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.releasing import Released
from joinedup.measures import MeasureResult
from joinedup.measures.result import COUNTS, KEYS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.disclosure.display import Display

MONTHS = 12


@dataclass(frozen=True)
class _Summed:
    """How sums of so many released counts are shown: as one count is, with the rounding of all of them."""

    one: Display
    number: int

    @property
    def exact(self) -> bool:
        return self.one.exact

    @property
    def rounding(self) -> float:
        return self.one.rounding * self.number

    def percentage(self, value: float | None, denominator: float | None) -> float | None:
        return self.one.percentage(value, denominator)

    def index(self, value: float | None) -> float | None:
        return self.one.index(value)


def rolling_years(released: Released[MeasureResult]) -> Released[MeasureResult]:
    """Sums of every twelve months that follow each other and are all shown, under the key of their year (12m-2026-03).

    `released` may hold other periods too: they are left out. A year with a hidden month is hidden.
    """
    display, result = profile_of(released.profile).display, released.value
    rows = [row for row in result.table.to_pylist() if Period.parse(row["period"]).kind == "month"]
    series: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in rows:
        series[tuple(row[name] for name in KEYS if name != "period")][row["period"]] = row
    made = [year for months in series.values() for year in _years(months)]
    summed = MeasureResult(
        pa.Table.from_pylist(made, SCHEMA), result.measures, result.snapshot, result.rule,
        filters={**result.filters, "made_of": "twelve released months"},
    )  # fmt: skip
    counts = summed.counts()
    hidden = sum(
        row[name] is None
        for row in made
        for name in COUNTS
        if row["statistic"] == "percentage" or name == "numerator"
    )
    registry = registry_of(summed.identity(), counts, COUNTS, released.profile)
    return Released(
        summed.with_counts(counts, _Summed(display, MONTHS)), released.profile, hidden, len(made), registry
    )


def _years(months: Mapping[str, Mapping[str, Any]]) -> Sequence[dict[str, Any]]:
    found = []
    for key, last in months.items():
        year = Period.parse(f"12m-{key}")
        parts = [months[month] for month in year.months if month in months]
        if len(parts) == MONTHS:
            sums = {name: _sum([part[name] for part in parts]) for name in COUNTS}
            found.append({**last, "period": year.key, **sums, "value": None, "lower": None, "upper": None})
    return found


def _sum(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)
