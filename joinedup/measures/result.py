"""What `calculate` answers: a table of figures that can say which counts it stands on and start again from them."""

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


@dataclass(frozen=True, eq=False)
class MeasureResult:
    """Figures of measures by period, place and group. `table` has the columns of SCHEMA, in that order.

    Counts and totals have a numerator only. Means have a sum and how many it is of; medians, largest and smallest have
    how many they are of. `rule` is the name of the rule that built the pathways; `incomplete` names periods of which
    the returns hold only a part; `excluded` says how many rows are in and out, and why.
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

    def __post_init__(self) -> None:
        """A result has the columns it promises."""
        if self.table.schema != SCHEMA:
            raise YourCommand(
                "This is not a table of measures.", remedy=f"Its columns are {', '.join(SCHEMA.names)}, in that order."
            )

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Every count that the figures stand on, with the keys of its row."""
        return self.table.select([*KEYS, *COUNTS])

    def relations(self) -> tuple[Any, ...]:
        """Which counts add up to which: groups and places to totals, months to longer periods, measures to measures."""
        from joinedup.measures.adding_up import relations_of

        return relations_of(self)

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

        Means are computed from their released sums and have no limits. A median cannot be computed from counts: it is
        shown where what it is of is shown and not small, without limits. Largest and smallest belong to one person
        and are not shown, unless figures are shown as they came.
        """
        table = self.table
        for name in COUNTS:
            table = table.set_column(table.schema.get_field_index(name), SCHEMA.field(name), counts[name].cast(pa.int64()))
        return replace(self, table=_with_figures(table, self._again(table, display)))

    def only(self, **wanted: str | tuple[str, ...]) -> MeasureResult:
        """Rows whose keys have these values: `only(level="service", period=("2025-26",))`. Raises YourCommand."""
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
        rates = percentages(numerator, denominator, self.confidence, self.method)
        parts = zip(
            table["statistic"].to_pylist(), numerator, denominator, rates.value, rates.lower, rates.upper,
            self.table["value"].to_pylist(), strict=True,
        )  # fmt: skip
        shown = [_shown(*part, display=display) for part in parts]
        return {name: [row[at] for row in shown] for at, name in enumerate(FIGURES)}


def _shown(
    statistic: str,
    numerator: float,
    denominator: float,
    rate: float,
    lower: float,
    upper: float,
    before: float | None,
    *,
    display: Shown,
) -> tuple[float | None, float | None, float | None]:
    if statistic == "percentage":
        found = [display.percentage(_known(figure), _known(denominator)) for figure in (rate, lower, upper)]
        return found[0], found[1], found[2]
    if statistic in ADDITIVE:
        return _known(numerator), None, None
    if display.percentage(50.0, _known(denominator)) is None:
        return None, None, None
    if statistic == "mean":
        return display.index(_known(numerator / denominator)), None, None
    return (display.index(before) if statistic == "median" or display.exact else None), None, None


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
