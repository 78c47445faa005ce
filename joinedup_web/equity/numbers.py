"""Released numbers of one state as tables for programs: the figures of pages, and the cells of their tables.

Values and limits are computed from the released counts by the call that computed them for the pages.
"""

from __future__ import annotations

import math
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.charts.cells import KEYS as CELL
from joinedup.charts.cells import codes_of
from joinedup.charts.words import HIDDEN
from joinedup.definitions import Measure
from joinedup.disclosure import Released
from joinedup.disclosure.profiles import profile_of
from joinedup.measures import MeasureResult
from joinedup.measures.result import ADDITIVE, COUNTS, KEYS, SCHEMA
from joinedup_web.equity.crossing import cube_of
from joinedup_web.equity.figures import Figures, Shown

Why = Literal["protected", "too_few"]
PROTECTED: Why = "protected"
TOO_FEW: Why = "too_few"
KEPT = 6
"""Tables kept ready in one process: a few states, each with its figures and its publication."""

ALIKE = ("profile", "snapshot", "rule", "confidence", "method")
"""What entries have in common that are computed together."""

_ready: dict[tuple[Path, str], pa.Table] = {}
_making = threading.Lock()


def measured(figures: Figures) -> pa.Table:
    """Every released figure of a measure: the columns of a result, with `code` before them and `hidden` after."""
    return _once(figures, "figures", lambda: _coded(*_measured(figures)))


def published(figures: Figures) -> pa.Table | None:
    """Every figure of the published cube, in the same columns; None while there is none, or where it was refused."""
    cube = cube_of(figures)
    if cube is None or cube.released is None:
        return None
    released = cube.released
    return _once(figures, "published", lambda: _with_codes(released))


def _with_codes(released: Released[MeasureResult]) -> pa.Table:
    codes, table = codes_of(released), released.value.table
    return _coded([codes.get(tuple(row[name] for name in CELL), "") for row in table.to_pylist()], table)


def _once(figures: Figures, kind: str, make: Callable[[], pa.Table]) -> pa.Table:
    key = (figures.folder, kind)
    with _making:
        if key not in _ready:
            while len(_ready) >= KEPT:
                _ready.pop(next(iter(_ready)))
            _ready[key] = make()
        return _ready[key]


def _measured(figures: Figures) -> tuple[list[str], pa.Table]:
    """Entries of measures back as results, which compute their figures from the released counts as they did before."""
    found: dict[tuple[Any, ...], list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for code, entry in figures.registry.items():
        if entry["cell"].keys() >= set(KEYS):
            alike = tuple(entry[name] for name in ALIKE)
            found[alike].append((code, entry))
    codes = [code for entries in found.values() for code, _ in entries]
    tables = [_again(alike, [entry for _, entry in entries]) for alike, entries in found.items()]
    return codes, pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def _again(alike: tuple[Any, ...], entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    profile, snapshot, rule, confidence, method = alike
    none = dict.fromkeys(("value", "lower", "upper"))
    rows = [{**entry["cell"], **entry["counts"], **none} for entry in entries]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    measures = tuple(Measure.load(one) for one in table["measure_id"].unique().to_pylist())
    result = MeasureResult(table, measures, snapshot, rule, confidence=confidence, method=method)
    return result.with_counts(result.counts(), profile_of(profile).display).table


def row_of(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """One entry of a measure as a row, its figures computed from its counts; empty for an entry of anything else."""
    if not entry.get("cell", {}).keys() >= set(KEYS):
        return {}
    alike = tuple(entry[name] for name in ALIKE)
    row: Mapping[str, Any] = _coded([""], _again(alike, [entry])).to_pylist()[0]
    return row


def _coded(codes: Sequence[str], table: pa.Table) -> pa.Table:
    why = [_why(row) for row in table.select(["statistic", *COUNTS, "value"]).to_pylist()]
    coded = table.add_column(0, "code", pa.array(codes, pa.string()))
    return coded.append_column("hidden", pa.array(why, pa.string()))


def _why(row: Mapping[str, Any]) -> Why | None:
    """Why a value is not shown: a count is hidden, or a percentage is of too few."""
    if row["value"] is not None:
        return None
    counts = COUNTS[:1] if row["statistic"] in ADDITIVE else COUNTS
    return PROTECTED if any(row[name] is None for name in counts) else TOO_FEW


def chosen(table: pa.Table, wanted: Mapping[str, Sequence[str]]) -> pa.Table:
    """Rows whose keys have one of the values asked for; a key with none asked for lets all through."""
    for name, values in wanted.items():
        if values:
            table = table.filter(pc.is_in(table[name], pa.array(list(values), pa.string())))
    return table


@dataclass(frozen=True)
class Cell:
    """One cell of a table as pages show it: `text` as it stands there, `value` where that is one number."""

    row: str
    column: str
    text: str
    value: float | None
    unit: str
    code: str
    hidden: Why | None


NUMBER = re.compile(r"([+\u2212-]?[\d,]+(?:\.\d+)?)(%?)")


def cells_of(shown: Shown) -> Iterator[Cell]:
    """The table of a picture, cell by cell; the first column names the row."""
    table = shown.table
    for i, row in enumerate(table.rows):
        for j, text in enumerate(row[1:], start=1):
            code = table.cell_codes[i][j] if table.cell_codes else table.codes[i] if table.codes else ""
            value, unit = number_in(text)
            hidden = PROTECTED if text == HIDDEN else None
            yield Cell(row[0], table.header[j], text, value, unit, code, hidden)


def number_in(text: str) -> tuple[float | None, str]:
    """The number that a text of a table is, and its unit; None where it is no single number."""
    found = NUMBER.fullmatch(text.strip())
    if found is None or not found[1].strip("+-\u2212,"):
        return None, ""
    return float(found[1].replace(",", "").replace("\u2212", "-")), "per cent" if found[2] else ""


def plain(value: Any) -> Any:
    """A figure as JSON has it: what is no number is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
