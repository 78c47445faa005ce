"""Reads the oracle files: results of running the peers, kept outside this repository."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One call of a peer: its parameters, the rows it was given and the rows it answered."""

    name: str
    params: Row
    given: tuple[Row, ...]
    expected: tuple[Row, ...]


def folder() -> Path:
    """The folder of oracle files; skips the test, saying so, where it is absent."""
    path = Path(os.environ.get("JOINEDUP_ORACLES", "../shared/oracles"))
    if not (path / "README.md").exists():
        pytest.skip("the oracle files are not here: set JOINEDUP_ORACLES to their folder")
    return path


def cases(method: str, *, expect: str = "match") -> Iterator[Case]:
    """Cases of one method whose `expect` is the one named."""
    given, expected = _by_case(f"{method}.csv"), _by_case(f"{method}.expected.csv")
    for params in _rows(f"{method}.params.csv"):
        if params["expect"] == expect:
            name = params["case_id"]
            yield Case(name, params, tuple(given.get(name, ())), tuple(expected.get(name, ())))


def number(text: str) -> float:
    """A cell as a number; an empty one and NaN are missing."""
    return float(text) if text else float("nan")


def _rows(name: str) -> list[Row]:
    with (folder() / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _by_case(name: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in _rows(name):
        grouped.setdefault(row["case_id"], []).append(row)
    return grouped
