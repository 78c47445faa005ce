"""Published percentages computed again from the counts published beside them.

England's counts are whole, so its percentages must agree to the last printed digit. Elsewhere counts are
rounded to the nearest 5 and hidden below 5, while percentages are whole percents of the unrounded counts:
there a percentage must be feasible, that is, some unrounded counts behind the printed ones must give it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.returns.published_columns import Coded, Combinations, combined
from joinedup.returns.published_names import Percentage, names, percentages

KEYS = ("period", "level", "org_code", "breakdown", "group", "published_label")
TOLERANCE_ENGLAND = 0.05
TOLERANCE_WHOLE = 0.5
SLACK = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """A percentage that its counts do not give: as printed, and the lowest and highest that they do give."""

    period: str
    level: str
    org_code: str
    breakdown: str
    group: str
    measure_id: str
    published: float
    lowest: float
    highest: float
    explained: bool
    why: str


@dataclass(frozen=True)
class Reconciliation:
    """How many percentages could be computed again, how many could not, and every one that differs."""

    checked: int
    not_checkable: int
    repeated: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> int:
        """Differences for which there is no reason."""
        return sum(not difference.explained for difference in self.differences)

    def to_json(self) -> str:
        """The whole as JSON."""
        return json.dumps({**asdict(self), "unexplained": self.unexplained}, ensure_ascii=False)


@dataclass(frozen=True)
class _Cells:
    """Figures of one file, one row a cell (organisation, group, period), with a column for each measure and
    end."""

    keys: Combinations
    rows: NDArray[np.int64]
    place: dict[tuple[str, str], int]
    values: Floats
    hidden: NDArray[np.bool_]
    repeated: int

    def key(self, cell: int) -> tuple[str, ...]:
        """Period, level, organisation, breakdown, group and label of a cell."""
        return self.keys.texts(int(self.rows[cell]))

    def of_level(self, level: str) -> NDArray[np.bool_]:
        """Which cells are of a level."""
        at = KEYS.index("level")
        chosen = np.array([value == level for value in self.keys.columns[at].values], bool)
        return chosen[self.keys.codes[at][self.rows]]

    def at(self, measure: str, statistic: str) -> tuple[Floats, NDArray[np.bool_]]:
        """Values of a measure, and which are hidden; missing where the file does not have it."""
        column = self.place.get((measure, statistic))
        if column is None:
            return np.full(len(self.values), np.nan), np.zeros(len(self.values), bool)
        return self.values[:, column], self.hidden[:, column]


def reconcile_table(table: pa.Table) -> Reconciliation:
    """Every percentage in a table of published figures that is defined by counts: see the top of this file.

    A percentage whose counts are not in the file, or that is itself hidden, is not checkable. Some
    organisations are printed twice in one year; each printing is checked against its own counts, and
    `repeated` counts them.
    """
    cells = _cells(table)
    exact = cells.of_level("england")
    checked, missed, found = 0, 0, []
    for percentage in percentages():
        published, _ = cells.at(percentage.id, "percentage")
        lowest, highest = _reach(cells, percentage, exact)
        printed = np.isfinite(published)
        known = printed & np.isfinite(lowest) & np.isfinite(highest)
        slack = np.where(exact, TOLERANCE_ENGLAND, TOLERANCE_WHOLE) + SLACK
        with np.errstate(invalid="ignore"):
            outside = known & ((published < lowest - slack) | (published > highest + slack))
        checked, missed = checked + int(known.sum()), missed + int((printed & ~known).sum())
        found += [
            _difference(
                cells.key(row), percentage, float(published[row]), float(lowest[row]), float(highest[row])
            )
            for row in np.flatnonzero(outside).tolist()
        ]
    return Reconciliation(checked, missed, cells.repeated, tuple(found))


def _reach(cells: _Cells, percentage: Percentage, exact: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Lowest and highest percentage that counts behind the printed ones can give."""
    low, high = _ends(cells, percentage.numerator, exact)
    of_low, of_high = _ends(cells, percentage.of, exact)
    less_low, less_high = _ends(cells, percentage.less, exact)
    of_low, of_high = of_low - less_high, of_high - less_low
    # nobody is in the numerator who is not in the denominator
    of_low, high = np.maximum(of_low, low), np.minimum(high, of_high)
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest = np.where(of_high > 0, 100 * low / of_high, np.nan)
        highest = np.where(of_low > 0, 100 * high / of_low, 100.0)
    return lowest, np.where(np.isfinite(lowest + high), np.minimum(highest, 100), np.nan)


def _ends(cells: _Cells, measures: tuple[str, ...], exact: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Fewest and most people that a sum of printed counts can stand for."""
    lowest, highest = np.zeros(exact.size), np.zeros(exact.size)
    half, top = names().rounded_to // 2, names().hidden_to
    for measure in measures:
        value, hidden = cells.at(measure, "count")
        low = np.where(exact, value, np.maximum(value - half, top + 1))
        high = np.where(exact, value, value + half)
        lowest += np.where(hidden, 0.0, low)
        highest += np.where(hidden, float(top), high)
    return lowest, highest


def _difference(
    key: tuple[str, ...], percentage: Percentage, published: float, lowest: float, highest: float
) -> Difference:
    period, level, org_code, breakdown, group = key[:5]
    return Difference(
        period, level, org_code, breakdown, group, percentage.id, published,
        round(lowest, 3), round(highest, 3), explained=False,
        why="the counts printed beside it cannot give this percentage",
    )  # fmt: skip


def _cells(table: pa.Table) -> _Cells:
    wanted = _wanted()
    key_codes, keys = combined([Coded.of(table[name]) for name in KEYS])
    measure_codes, measures = combined([Coded.of(table["measure_id"]), Coded.of(table["statistic"])])
    place = {(measure, statistic): at for at, (measure, statistic) in enumerate(measures.all())}
    used = np.array([measure in wanted for measure in place], bool)
    rows = np.flatnonzero(used[measure_codes])
    row_keys, row_measures = key_codes[rows].astype(np.int64), measure_codes[rows].astype(np.int64)
    turn = _turns(row_keys * max(len(place), 1) + row_measures)
    # a key that is printed twice becomes two cells
    turns = int(turn.max(initial=0)) + 1
    present, cell = np.unique(row_keys * turns + turn, return_inverse=True)
    values = np.full((present.size, len(place)), np.nan)
    hidden = np.zeros(values.shape, bool)
    values[cell, row_measures] = table["value"].to_numpy()[rows]
    hidden[cell, row_measures] = table["hidden"].to_numpy()[rows]
    return _Cells(keys, present // turns, place, values, hidden, int((turn > 0).sum()))


def _wanted() -> set[tuple[str, str]]:
    found = {(entry.id, "percentage") for entry in percentages()}
    for entry in percentages():
        found |= {(measure, "count") for measure in (*entry.numerator, *entry.of, *entry.less)}
    return found


def _turns(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many earlier rows have the same code, row by row."""
    order = np.argsort(codes, kind="stable")
    ranked = codes[order]
    starts = np.concatenate([[True], ranked[1:] != ranked[:-1]]) if ranked.size else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(ranked.size), 0))
    turns = np.empty(codes.size, np.int64)
    turns[order] = np.arange(codes.size) - first
    return turns
