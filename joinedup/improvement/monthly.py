"""Counts of a measure by place and month: what verdicts are made from, once released."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from joinedup.disclosure import Relation
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from joinedup.disclosure import Display

    Floats = NDArray[np.float64]

COUNTS = ("numerator", "denominator")
EVERYONE = 1e9
"""Stands for the denominator of a count in models of shares: out of so many, odds and counts change alike."""


@dataclass(frozen=True)
class MonthlyCounts:
    """A measure by place and month, one row each, shape (rows,): `numerator` of `denominator`, NaN where hidden or not
    told; the denominator of a count is NaN throughout. `month` as 2025-04. `better` is higher, lower or none.
    """

    measure_id: str
    title: str
    better: str
    share: bool
    place: tuple[str, ...]
    month: tuple[str, ...]
    numerator: tuple[float, ...]
    denominator: tuple[float, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    snapshot: int | str | None = None
    version: str = "1"
    rule: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    display: Display | None = None

    def __post_init__(self) -> None:
        """Raises YourCommand for columns of different lengths and a place that has a month twice."""
        sizes = {len(self.place), len(self.month), len(self.numerator), len(self.denominator)}
        if len(sizes) > 1 or len(set(zip(self.place, self.month, strict=True))) < len(self.place):
            raise YourCommand(
                "Counts by place and month need one row for each place and month.",
                remedy="Add up rows of the same place and month.",
            )

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Counts by place and month."""
        columns: dict[str, Any] = {
            "place": pa.array(self.place, pa.string()),
            "month": pa.array(self.month, pa.string()),
        }
        for name in COUNTS:
            known = [None if math.isnan(count) else round(count) for count in getattr(self, name)]
            columns[name] = pa.array(known, pa.int64())
        return pa.table(columns)

    def relations(self) -> tuple[Relation, ...]:
        """Those counted, and those not, are all of a place in a month."""
        if not self.share:
            return ()
        rows = range(len(self.place))
        return tuple(Relation((row, "denominator"), ((row, "numerator"),), rest=True) for row in rows)

    def with_counts(self, counts: pa.Table, display: Display) -> MonthlyCounts:
        """The same, of other counts; null is hidden."""
        numerator, denominator = (
            tuple(math.nan if count is None else float(count) for count in counts[name].to_pylist())
            for name in COUNTS
        )
        return replace(self, numerator=numerator, denominator=denominator, display=display)

    def identity(self) -> Mapping[str, Any]:
        """What the counts are: measure, version, lake snapshot, rule and filters."""
        return {
            "measure_id": self.measure_id,
            "version": self.version,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {"question": "by month", **self.filters},
        }

    def of(self, places: Sequence[str], months: Sequence[str]) -> MonthlyCounts:
        """Rows of these places and months. Raises YourCommand for a place without any row."""
        unknown = sorted(set(places) - set(self.place))
        if unknown:
            raise YourCommand(
                f"{self.title} has no figures of {', '.join(unknown)}.",
                remedy=f"Name places by their codes at this level: {', '.join(sorted(set(self.place))[:12])}.",
            )
        asked, when = set(places), set(months)
        keys = zip(self.place, self.month, strict=True)
        rows = [row for row, (place, month) in enumerate(keys) if place in asked and month in when]
        place, month, numerator, denominator = (
            tuple(column[row] for row in rows)
            for column in (self.place, self.month, self.numerator, self.denominator)
        )
        return replace(self, place=place, month=month, numerator=numerator, denominator=denominator)  # type: ignore[arg-type]  # each its own

    @property
    def arrays(self) -> tuple[Floats, Floats]:
        """Numerators and denominators as the change methods take them: NaN where either is not known."""
        x, n = np.array(self.numerator, dtype=np.float64), np.array(self.denominator, dtype=np.float64)
        if not self.share:
            return x, np.where(np.isnan(x), np.nan, EVERYONE)
        unknown = np.isnan(x) | np.isnan(n)
        return np.where(unknown, np.nan, x), np.where(unknown, np.nan, n)

    @property
    def hidden(self) -> int:
        """Rows that are not known."""
        return int(np.isnan(self.arrays[0]).sum())

    def name_of(self, place: str) -> str:
        """Name of a place; a code without one stands for itself."""
        return self.names.get(place, place)
