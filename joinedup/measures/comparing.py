"""`compare`: each group beside the reference group of the same place and period, and each place beside all
places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.definitions.breakdown import Breakdown
from joinedup.errors import UnknownName, YourCommand
from joinedup.measures.asking import NOT_KNOWN
from joinedup.measures.figures import worth
from joinedup.measures.merging import counts_of
from joinedup.measures.result import COUNTS, MeasureResult, Shown
from joinedup.measures.words import EVERYONE
from joinedup.stats import (
    difference_of_proportions,
    funnel_verdict,
    ratio_of_proportions,
    slope_index_of_inequality,
)

Floats = NDArray[np.float64]

_WHERE = ("measure", "measure_id", "version", "period", "level", "place", "place_name", "breakdown")
_PAIR = ("numerator", "denominator", "reference_numerator", "reference_denominator")
_FOUND = (
    "value", "reference_value",
    "difference", "difference_lower", "difference_upper", "ratio", "ratio_lower", "ratio_upper",
)  # fmt: skip
_SLOPE = ("slope", "slope_lower", "slope_upper", "relative")


def _schema(texts: Sequence[str], counts: Sequence[str], numbers: Sequence[str]) -> pa.Schema:
    kinds = {"version": pa.int64()}
    return pa.schema(
        [(name, kinds.get(name, pa.string())) for name in texts]
        + [(name, pa.int64()) for name in counts]
        + [(name, pa.float64()) for name in numbers]
    )


SCHEMA = _schema([*_WHERE, "group", "reference"], _PAIR, _FOUND).append(pa.field("funnel", pa.string()))
SLOPES = _schema(_WHERE, (), _SLOPE)


class ShownComparison(Shown, Protocol):
    """How released comparisons are shown: `disclosure.Display` fits."""

    def points(self, value: float | None, denominator: float | None = None) -> float | None:
        """A difference in percentage points as it is shown."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Groups beside their reference. `table` has the columns of SCHEMA, `slopes` those of SLOPES.

    Differences are in percentage points (group minus reference). `funnel` is the verdict on the place among
    all places of its level, for that group. A slope index is the difference between the two ends of an
    ordered breakdown, from its first group to its last; a hidden group is merged with its neighbour where the
    counts of everyone tell what the two make together, and there is no index where they do not. Not stated is
    left out: what is not known of people is no finding about them.
    """

    result: MeasureResult
    reference: str | None
    table: pa.Table
    slopes: pa.Table

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return self.result.count_columns

    def counts(self) -> pa.Table:
        """Every count of the result compared: all else is computed from them."""
        return self.result.counts()

    def relations(self) -> tuple[Any, ...]:
        """Which counts add up to which."""
        return self.result.relations()

    def identity(self) -> Mapping[str, Any]:
        """What was asked of which data."""
        return {**self.result.identity(), "reference": self.reference}

    def with_counts(self, counts: pa.Table, display: ShownComparison) -> Comparison:
        """The same comparison computed again from these counts; what a hidden count stood in is missing."""
        again = compare(self.result.with_counts(counts, display), self.reference)
        return Comparison(
            again.result, self.reference, _shown(again.table, display), _shown(again.slopes, display)
        )


def compare(result: MeasureResult, reference: str | None = None) -> Comparison:
    """Compare the groups of every percentage in a result with one breakdown, or its places where it has none.

    `reference` is the group compared with; by default the one that the breakdown names. Differences have
    Newcombe's limits (1998, method 10), ratios those of MOVER-R, funnels 95% and 99.8% limits around all
    places of the level together, slope indices weights by people (Low and Low 2004). Raises YourCommand when
    there is no percentage to compare or breakdowns are crossed, UnknownName when no breakdown has the
    reference.
    """
    rows = [row for row in result.table.to_pylist() if row["statistic"] == "percentage"]
    if not rows:
        raise YourCommand(
            "There is no percentage to compare.", remedy="Calculate one, such as reliable_recovery."
        )
    if any(row["breakdown_2"] for row in rows):
        raise YourCommand(
            "Crossed breakdowns cannot be compared.", remedy="Calculate by one breakdown at a time."
        )
    references = _references({row["breakdown"] for row in rows}, reference)
    funnel = _funnel(rows)
    everyone = {_where(row): row for row in rows if row["breakdown"] == EVERYONE}
    compared, slopes = [], []
    for _, cells in groupby(
        rows, key=lambda row: (row["measure_id"], row["level"], row["place"], row["breakdown"])
    ):
        for period in _by_period(list(cells)):
            compared += _pairs(period, references, funnel)
            slopes += _slope(period, everyone.get(_where(period[0])), result)
    table = _with_limits(pa.Table.from_pylist(compared, schema=SCHEMA), result)
    return Comparison(result, reference, table, pa.Table.from_pylist(slopes, schema=SLOPES))


def _references(breakdowns: set[str], asked: str | None) -> dict[str, str]:
    found = {EVERYONE: ""} if EVERYONE in breakdowns else {}
    for slug in sorted(breakdowns - {EVERYONE}):
        breakdown = Breakdown.load(slug)
        if asked is None or asked in breakdown.stated_names:
            found[slug] = asked or breakdown.reference
    if asked is not None and not any(found.values()):
        raise UnknownName(f"No group compared is called {asked!r}.", remedy="Name a group of the breakdown.")
    return found


def _by_period(cells: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    by_period: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        by_period.setdefault(cell["period"], []).append(cell)
    yield from by_period.values()


def _pairs(
    cells: list[dict[str, Any]], references: Mapping[str, str], funnel: Mapping[tuple[str, ...], str]
) -> list[dict[str, Any]]:
    """Rows of one place and period: each stated group but the reference, or everyone."""
    slug = cells[0]["breakdown"]
    if slug not in references:
        return []
    stated = {EVERYONE} if slug == EVERYONE else set(Breakdown.load(slug).stated_names)
    beside = next((cell for cell in cells if cell["group"] == references[slug]), None)
    kept = [cell for cell in cells if slug == EVERYONE or (cell["group"] in stated and cell is not beside)]
    return [
        {
            **{name: cell[name] for name in (*_WHERE, "group", *COUNTS, "value")},
            "reference": references[slug],
            "reference_numerator": beside and beside["numerator"],
            "reference_denominator": beside and beside["denominator"],
            "reference_value": beside and beside["value"],
            "funnel": funnel.get(_cell(cell), ""),
        }
        for cell in kept
    ]


def _with_limits(table: pa.Table, result: MeasureResult) -> pa.Table:
    """Differences and ratios of the pairs that are whole: counts known, and the numerator part of the
    denominator. They are as wide as rounding makes them."""
    x1, n1, x2, n2 = (
        np.array([np.nan if v is None else v for v in table[name].to_pylist()], float) for name in _PAIR
    )
    with np.errstate(invalid="ignore"):
        whole = (x1 >= 0) & (x1 <= n1) & (x2 >= 0) & (x2 <= n2)
    x1, n1, x2, n2 = (np.where(whole, counts, np.nan) for counts in (x1, n1, x2, n2))
    pairs = (*worth(x1, n1, result.rounding), *worth(x2, n2, result.rounding))
    difference = [100 * found for found in difference_of_proportions(*pairs, result.confidence)]
    ratio = ratio_of_proportions(*pairs, result.confidence)
    for name, values in zip(_FOUND[2:], [*difference, *ratio], strict=True):
        finite = np.where(np.isfinite(values), values, np.nan)
        table = table.set_column(
            table.schema.get_field_index(name), name, pa.array(finite, pa.float64(), from_pandas=True)
        )
    return table


def _cell(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("measure_id", "period", "level", "breakdown", "group", "place"))


def _funnel(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, ...], str]:
    """Verdict of every place among the places of its level, by measure, period and group. Nowhere is no
    place."""
    together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        whole = (
            row["denominator"]
            and row["numerator"] is not None
            and 0 <= row["numerator"] <= row["denominator"]
        )
        if whole and row["place"] != NOT_KNOWN:
            together.setdefault(_cell(row)[:-1], []).append(row)
    verdicts: dict[tuple[str, ...], str] = {}
    for places in (found for found in together.values() if len(found) > 1):
        found = funnel_verdict(
            [place["numerator"] for place in places], [place["denominator"] for place in places]
        )
        verdicts |= {_cell(place): str(verdict) for place, verdict in zip(places, found, strict=True)}
    return verdicts


def _where(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("measure_id", "level", "place", "period"))


def _slope(
    cells: list[dict[str, Any]], everyone: dict[str, Any] | None, result: MeasureResult
) -> list[dict[str, Any]]:
    """The slope index of an ordered breakdown in one place and period, where every stated group has
    people."""
    slug = cells[0]["breakdown"]
    if slug == EVERYONE or not Breakdown.load(slug).ordered:
        return []
    by_group = {cell["group"]: cell for cell in cells}
    ordered = [by_group[name] for name in Breakdown.load(slug).stated_names if name in by_group]
    counts = counts_of(ordered, everyone, by_group.get(Breakdown.load(slug).not_stated))
    found, people = np.array(counts, float).reshape(-1, 2).T
    if len(counts) < 3 or not (people > 0).all() or not ((found >= 0) & (found <= people)).all():
        return []
    share = found / people
    error = np.sqrt(share * (1 - share) / people + result.rounding / people**2)
    index = slope_index_of_inequality(100 * share, people, 100 * error, confidence=result.confidence)
    values = (index.slope, index.lower, index.upper, index.relative)
    known = {name: value if np.isfinite(value) else None for name, value in zip(_SLOPE, values, strict=True)}
    return [{**{name: cells[0][name] for name in _WHERE}, **known}]


def _shown(table: pa.Table, display: ShownComparison) -> pa.Table:
    """Differences and slopes with the decimals of points, ratios with those of indices."""
    smallest = _smaller_denominator(table)
    for name in (*_FOUND[2:], *_SLOPE):
        if name in table.schema.names:
            index = name.startswith(("ratio", "relative"))
            values = [
                display.index(v) if index else display.points(v, n)
                for v, n in zip(table[name].to_pylist(), smallest, strict=True)
            ]
            table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, pa.float64()))
    return table


def _smaller_denominator(table: pa.Table) -> list[float | None]:
    if "denominator" not in table.schema.names:
        return [None] * table.num_rows
    pairs = zip(table["denominator"].to_pylist(), table["reference_denominator"].to_pylist(), strict=True)
    return [min(known) if (known := [n for n in pair if n is not None]) else None for pair in pairs]
