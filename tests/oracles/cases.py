"""Cases answered by the field's reference programs: one row of parameters, its input rows, its output rows."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    method: str
    case_id: str
    params: Row
    rows: list[Row]
    expected: list[Row]
    summary: list[Row]

    def column(self, name: str) -> list[float]:
        """A numeric input column; empty is NaN."""
        return [number(row[name]) for row in self.rows]

    def texts(self, name: str) -> list[str]:
        return [row[name] for row in self.rows]

    @property
    def grouped(self) -> bool:
        """Whether the peer was called on data grouped by `grp`."""
        return any(row.get("grp") for row in self.rows)


def number(text: str) -> float:
    """A number as the files write it; empty and NA are missing."""
    return math.nan if text in ("", "NA") else float(text)


def listed(text: str) -> list[float]:
    """Several numbers in one parameter, parted by semicolons."""
    return [number(part) for part in text.split(";") if part]


@cache
def _by_case(path: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["case_id"]].append(row)
    return found


def methods_in(folder: Path) -> list[str]:
    return sorted(path.name.removesuffix(".params.csv") for path in folder.glob("*.params.csv"))


def cases_in(folder: Path, method: str) -> list[Case]:
    tables = [_by_case(folder / f"{method}{end}.csv") for end in ("", ".expected", ".summary.expected")]
    return [
        Case(method, case_id, rows[0], *(table.get(case_id, []) for table in tables))
        for case_id, rows in _by_case(folder / f"{method}.params.csv").items()
    ]
