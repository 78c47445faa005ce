"""A workbook as values: sheets of rows of cells, which is all that a tracker is, whoever wrote it.

Rows are as long as their last filled cell, so that two readings of the same sheet are equal. Formats, formulas and
pictures are no values: what was found of them is told as findings by whoever reads.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from joinedup.errors import YourData

Value = str | float | bool | date | datetime | time | timedelta | None
"""What one cell holds. Numbers are floats, as in every workbook; None is a blank cell."""

Row = tuple[Value, ...]
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 300, 400_000
MAX_TEXT = 32_767
"""Characters that a cell of a workbook can hold; a longer text cannot be written."""


@dataclass(frozen=True, order=True)
class Area:
    """Cells merged into one, from the top left to the bottom right, counted from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place: tuple[int, int]) -> bool:
        row, column = place
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows from the first row on, blank ones among them, and what is merged."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False

    def __post_init__(self) -> None:
        """Rows end at their last filled cell, and numbers are numbers."""
        object.__setattr__(self, "rows", tuple(_trimmed(row) for row in self.rows))

    def at(self, row: int, column: int) -> Value:
        """The value of a cell, counted from 0; None where there is none."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else None

    def seen_at(self, row: int, column: int) -> Value:
        """The value a reader sees there: in a merged area that of its first cell."""
        for area in self.merged:
            if (row, column) in area:
                return self.at(area.top, area.left)
        return self.at(row, column)

    @property
    def width(self) -> int:
        """Columns up to the last filled one."""
        return max((len(row) for row in self.rows), default=0)

    def with_value(self, row: int, column: int, value: Value) -> Sheet:
        """The same sheet with one other value. A merged area around it is taken apart, each cell with what was seen."""
        rows = [list(cells) for cells in self.rows]
        merged = [area for area in self.merged if (row, column) not in area]
        for area in (area for area in self.merged if (row, column) in area):
            seen = self.at(area.top, area.left)
            for inner in range(area.top, area.bottom + 1):
                for across in range(area.left, area.right + 1):
                    _put(rows, inner, across, seen)
        _put(rows, row, column, value)
        return replace(self, rows=tuple(tuple(cells) for cells in rows), merged=tuple(merged))


@dataclass(frozen=True)
class Workbook:
    """Sheets in their order. `date_1904`: its days are counted from 1904, as old Macintosh workbooks do."""

    sheets: tuple[Sheet, ...]
    date_1904: bool = False

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name. Raises YourData."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise YourData(
            f"There is no sheet {name!r}.",
            remedy=f"There are: {', '.join(sheet.name for sheet in self.sheets)}.",
        )

    def with_sheet(self, changed: Sheet) -> Workbook:
        """The same workbook with this sheet in the place of the one of its name."""
        return replace(
            self, sheets=tuple(changed if sheet.name == changed.name else sheet for sheet in self.sheets)
        )


def cell_name(row: int, column: int) -> str:
    """`B7` for row 6 and column 1, counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def place_of(name: str) -> tuple[int, int] | None:
    """Row and column of `B7`, counted from 0; None for what names no cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", name)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def text_of(value: Value) -> str:
    """A value as people read it: whole numbers without a point, days as 18 November 2025, blank as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return value if isinstance(value, str) else str(value)


def to_json(value: Value) -> Any:
    """A value as JSON keeps it, its kind with it."""
    if isinstance(value, timedelta):
        return {"duration": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"time": value.isoformat()} if isinstance(value, time) else value


def from_json(kept: Any) -> Value:
    """The value of `to_json`. Raises ValueError for anything else."""
    if kept is None or isinstance(kept, str | bool):
        return kept
    if isinstance(kept, int | float) and math.isfinite(kept):
        return float(kept)
    if isinstance(kept, dict) and len(kept) == 1:
        ((kind, text),) = kept.items()
        if kind == "duration" and isinstance(text, list) and len(text) == 3:
            return timedelta(*text)
        makers: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}
        if kind in makers and isinstance(text, str):
            made: Value = makers[kind].fromisoformat(text)
            return made
    raise ValueError(f"no value of a cell: {kept!r}"[:80])


def _put(rows: list[list[Value]], row: int, column: int, value: Value) -> None:
    rows += [[] for _ in range(row + 1 - len(rows))]
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value


def _trimmed(row: Row) -> Row:
    cells = [_plain(value) for value in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _plain(value: Value) -> Value:
    """Whole numbers become floats, midnights days, an empty text a blank cell: workbooks make no difference."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return None if value == "" else value
