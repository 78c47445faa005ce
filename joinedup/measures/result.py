"""What `calculate` answers: a table of figures that can say which counts it stands on and start again from
them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.definitions.measure import Measure
from joinedup.errors import YourCommand
from joinedup.measures.adding_up import Nested, relations_of
from joinedup.measures.asking import Method
from joinedup.measures.figures import percentages

KEYS = (
    "measure", "measure_id", "version", "statistic", "period", "level", "place", "place_name",
    "breakdown", "group", "breakdown_2", "group_2",
)  # fmt: skip
COUNTS = ("numerator", "denominator")
FIGURES = ("value", "lower", "upper")

SCHEMA = pa.schema(
    [
        *((name, pa.int64() if name == "version" else pa.string()) for name in KEYS),
        *((name, pa.int64()) for name in COUNTS),
        *((name, pa.float64()) for name in FIGURES),
    ]
)

ADDITIVE = ("count", "sum")
"""Statistics whose numerator stands alone and adds up over places, groups and months."""


class Shown(Protocol):
    """How released figures are shown: `disclosure.Display` fits."""

    @property
    def exact(self) -> bool:
        """Figures are shown as they came."""

    @property
    def rounding(self) -> float:
        """Variance that rounding has added to each count, in people squared."""

    def percentage(self, value: float | None, denominator: float | None) -> float | None:
        """A percentage as it is shown."""

    def index(self, value: float | None) -> float | None:
        """A mean or median as it is shown."""


@dataclass(frozen=True)
class Reckoning:
    """Rows of a table in and out, and why: `reason` in words, `number` of rows."""

    table: str
    date_basis: str
    reason: str
    number: int

    @property
    def words(self) -> str:
        """The rows in words, such as "journeys by ServDischDate: without this date"."""
        return f"{self.table} by {self.date_basis}: {self.reason}"


@dataclass(frozen=True, eq=False)
class MeasureResult:
    """Figures of measures by period, place and group. `table` has the columns of SCHEMA, in that order.

    Counts and totals have a numerator only. Means have a sum and how many it is of; medians, largest and
    smallest have how many they are of. `rule` is the name of the rule that built the pathways; `incomplete`
    names periods of which the returns hold only a part; `excluded` says how many rows are in and out, and
    why; `nesting` which places make up which; `rounding` the variance that rounding has added to each count, in
    people squared.
    """

    table: pa.Table
    measures: tuple[Measure, ...]
    snapshot: int | None
    rule: str
    excluded: tuple[Reckoning, ...] = ()
    incomplete: tuple[str, ...] = ()
    confidence: float = 0.95
    method: Method = "wilson"
    filters: Mapping[str, Any] = field(default_factory=dict)
    nesting: tuple[Nested, ...] = ()
    rounding: float = 0.0

    def __post_init__(self) -> None:
        """A result has the columns it promises."""
        if self.table.schema != SCHEMA:
            raise YourCommand(
                "This is not a table of measures.",
                remedy=f"Its columns are {', '.join(SCHEMA.names)}, in that order.",
            )

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Every count that the figures stand on, with the keys of its row.

        The sum behind a mean is no count of people (one person's wait would be shown in full): it is left out.
        """
        mean = pc.equal(self.table["statistic"], "mean")
        numerator = pc.if_else(mean, pa.scalar(None, pa.int64()), self.table["numerator"])
        columns = [*(self.table[name] for name in KEYS), numerator, self.table["denominator"]]
        return pa.table(columns, names=[*KEYS, *COUNTS])

    def relations(self) -> tuple[Any, ...]:
        """Which counts add up to which: groups and places to totals, months to longer periods, measures to
        measures."""
        return relations_of(self.table, self.measures, self.nesting)

    def identity(self) -> Mapping[str, Any]:
        """What was asked of which data: names, versions and filters, no counts."""
        return {
            "measures": [measure.id for measure in self.measures],
            "versions": {measure.id: measure.version for measure in self.measures},
            "snapshot": self.snapshot,
            "rule": self.rule,
            "confidence": self.confidence,
            "method": self.method,
            "filters": dict(self.filters),
        }

    def with_counts(self, counts: pa.Table, display: Shown) -> MeasureResult:
        """The same result computed again from these counts, null meaning hidden.

        Means and medians cannot be computed from counts: they are shown to three figures where what they
        are of is shown and not small, without limits. Largest and smallest belong to one person and are not
        shown, unless figures are shown as they came.
        """
        if display.exact and counts.select(COUNTS).equals(self.counts().select(COUNTS)):
            return self
        table = self.table
        for name in COUNTS:
            table = table.set_column(
                table.schema.get_field_index(name), SCHEMA.field(name), counts[name].cast(pa.int64())
            )
        return replace(
            self, table=_with_figures(table, self._again(table, display)), rounding=display.rounding
        )

    def only(self, **wanted: str | tuple[str, ...]) -> MeasureResult:
        """Rows whose keys have these values: `only(level="service", period=("2025-26",))`. Raises
        YourCommand."""
        kept = self.table
        for name, values in wanted.items():
            if name not in KEYS:
                raise YourCommand(f"There is no key {name!r}.", remedy=f"Keys are {', '.join(KEYS)}.")
            listed = pa.array([values] if isinstance(values, str) else list(values), SCHEMA.field(name).type)
            kept = kept.filter(pc.is_in(kept[name], listed))
        left = set(kept["measure_id"].unique().to_pylist())
        return replace(self, table=kept, measures=tuple(m for m in self.measures if m.id in left))

    def _again(self, table: pa.Table, display: Shown) -> dict[str, list[float | None]]:
        numerator, denominator = (_floats(table[name]) for name in COUNTS)
        rates = percentages(numerator, denominator, self.confidence, self.method, rounding=display.rounding)
        statistics, before = table["statistic"].to_pylist(), self.table["value"].to_pylist()
        shown: dict[str, list[float | None]] = {name: [] for name in FIGURES}
        for at, statistic in enumerate(statistics):
            base = _known(denominator[at])
            if statistic == "percentage":
                for name in FIGURES:
                    shown[name].append(display.percentage(_known(getattr(rates, name)[at]), base))
                continue
            value = _value(statistic, _known(numerator[at]), base, before[at], display)
            for name, figure in zip(FIGURES, (value, None, None), strict=True):
                shown[name].append(figure)
        return shown


def _value(
    statistic: str, numerator: float | None, base: float | None, before: float | None, display: Shown
) -> float | None:
    """A released count, mean, median or extreme."""
    if statistic in ADDITIVE:
        return numerator
    if base is None or display.percentage(50.0, base) is None:
        return None
    return display.index(before) if statistic in ("mean", "median") or display.exact else None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    values: NDArray[np.float64] = pc.cast(column, pa.float64()).fill_null(float("nan")).to_numpy()
    return values


def _with_figures(table: pa.Table, figures: Mapping[str, list[float | None]]) -> pa.Table:
    for name, values in figures.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, SCHEMA.field(name), pa.array(values, pa.float64()))
    return table
