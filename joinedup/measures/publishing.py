"""`from_published`: published figures as a result, so that everything that reads results reads them too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.definitions.measure import Measure
from joinedup.definitions.places import Places
from joinedup.errors import UnknownName, YourCommand
from joinedup.measures.asking import measures_of
from joinedup.measures.figures import percentages
from joinedup.measures.result import SCHEMA, MeasureResult, Reckoning
from joinedup.measures.words import EVERYONE

RULE = "as published"
_TERM = re.compile(r"([+-]?) ?([A-Z]+[0-9]+)")

Cells = Mapping[str, tuple[float | None, bool]]
"""Measure id -> published value, and whether it is hidden."""


class Published(Protocol):
    """Published figures: `returns.PublishedFigures` fits."""

    @property
    def table(self) -> pa.Table:
        """One row a figure."""

    @property
    def file(self) -> str:
        """Name of the file they came from."""


def from_published(
    figures: Published,
    measures: Measure | str | Sequence[Measure | str] | None = None,
    *,
    by: str | Collection[str] | None = None,
    confidence: float = 0.95,
) -> MeasureResult:
    """Published figures as a MeasureResult: counts as published, percentages with the counts they are made
    of.

    `measures` are those wanted, by default every one we know that is there; `by` names breakdowns ("total" is
    everyone), by default all. A percentage shows its published value (whole percents of unrounded counts
    below England), while its counts are the published ones, to the nearest 5, and its limits are Wilson's on
    those counts: right to about half a point where the denominator is 1,000. A hidden count leaves value or
    limits missing. The level of an organisation's figures is "service" where the publication says provider.
    Raises YourCommand when no measure we know is among the figures.
    """
    known = {
        measure.id: measure for measure in (measures_of(measures) if measures is not None else Measure.all())
    }
    rows, cells = _cells(_needed(figures.table, known.values(), by))
    found = [
        row
        for measure in known.values()
        for key, where in rows.items()
        if (row := _row(measure, where, cells[key])) is not None
    ]
    if not found:
        raise YourCommand(
            f"{figures.file} has no measure asked for.", remedy="Check measures, breakdown and period."
        )
    rounded_to = np.array([row["rounded_to"] for row in found], float)
    table = _with_limits(pa.Table.from_pylist(found, schema=SCHEMA), rounded_to, confidence)
    present = set(table["measure_id"].unique().to_pylist())
    hidden = sum(hides for cell in cells.values() for _, hides in cell.values())
    return MeasureResult(
        table=table,
        measures=tuple(measure for measure in known.values() if measure.id in present),
        snapshot=None,
        rule=RULE,
        excluded=(Reckoning("published figures", "publication", "hidden by the publisher", hidden),),
        confidence=confidence,
        filters={"file": figures.file},
    )


def _needed(table: pa.Table, measures: Iterable[Measure], by: str | Collection[str] | None) -> pa.Table:
    """The rows that any of the measures, or a count it is made of, is read from."""
    texts = [text for m in measures for text in (m.id, m.numerator, m.denominator or "")]
    ids = {name for text in texts if _is_formula(text) for _, name in _TERM.findall(text)}
    ids |= {text for text in texts if text.isidentifier()}
    kept = table.filter(pc.is_in(table["measure_id"].cast(pa.string()), pa.array(sorted(ids))))
    if by is None:
        return kept
    wanted = pa.array([by] if isinstance(by, str) else list(by), pa.string())
    return kept.filter(pc.is_in(kept["breakdown"].cast(pa.string()), wanted))


def _is_formula(text: str) -> bool:
    return bool(_TERM.findall(text)) and not _TERM.sub("", text).strip()


def _cells(
    table: pa.Table,
) -> tuple[
    dict[tuple[Any, ...], dict[str, Any]], dict[tuple[Any, ...], dict[str, tuple[float | None, bool]]]
]:
    """Rows of the result by their keys, and the figures that belong to each."""
    names = ("period", "level", "org_code", "breakdown", "group")
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    cells: dict[tuple[Any, ...], dict[str, tuple[float | None, bool]]] = {}
    for row in table.select([*names, "org_name", "measure_id", "value", "hidden", "rounded_to"]).to_pylist():
        key = tuple(row[name] for name in names)
        rows.setdefault(key, row)
        cells.setdefault(key, {})[row["measure_id"]] = (row["value"], bool(row["hidden"]))
    return rows, cells


def _row(measure: Measure, where: Mapping[str, Any], cell: Cells) -> dict[str, Any] | None:
    """One row of the result; None where the publication has nothing of this measure there."""
    ratio = measure.statistic == "percentage"
    numerator = _sum(measure.numerator, cell) if ratio else None
    denominator = _sum(measure.denominator or "", cell) if ratio else None
    value, hidden = cell.get(measure.id, (None, False))
    if measure.id not in cell and (numerator is None or denominator is None):
        return None
    if measure.statistic in ("count", "sum"):
        numerator = value
    if value is None and not hidden and numerator is not None and denominator:
        value = 100 * numerator / denominator
    return {
        "measure": measure.slug,
        "measure_id": measure.id,
        "version": measure.version,
        "statistic": measure.statistic,
        "period": where["period"],
        "level": "service" if where["level"] == "provider" else where["level"],
        "place": where["org_code"],
        "place_name": _place_name(where["org_code"], where["org_name"]),
        "breakdown": where["breakdown"] or EVERYONE,
        "group": where["group"],
        "breakdown_2": "",
        "group_2": "",
        "numerator": None if numerator is None else round(numerator),
        "denominator": None if denominator is None else round(denominator),
        "value": value,
        "rounded_to": where["rounded_to"],
    }


def _sum(formula: str, cell: Cells) -> float | None:
    """`M076 - M179` from published counts; None where it is no formula of counts or one of them is not
    shown."""
    if not _is_formula(formula):
        return None
    values = [(sign, cell.get(name, (None, False))[0]) for sign, name in _TERM.findall(formula)]
    if any(value is None for _, value in values):
        return None
    return sum(-value if sign == "-" else value for sign, value in values if value is not None)


def _place_name(code: str, published: str) -> str:
    try:
        return Places.load().name(code)
    except UnknownName:
        return published


def _with_limits(table: pa.Table, rounded_to: NDArray[np.float64], confidence: float) -> pa.Table:
    numerator, denominator = (
        np.array([np.nan if v is None else v for v in table[name].to_pylist()], float)
        for name in ("numerator", "denominator")
    )
    ratio = np.array(table["statistic"].to_pylist()) == "percentage"
    figures = percentages(
        np.where(ratio, numerator, np.nan),
        np.where(ratio, denominator, np.nan),
        confidence,
        rounding=(rounded_to**2 - 1) / 12,
    )
    for name in ("lower", "upper"):
        column = pa.array(getattr(figures, name), pa.float64(), from_pandas=True)
        table = table.set_column(table.schema.get_field_index(name), SCHEMA.field(name), column)
    return table
