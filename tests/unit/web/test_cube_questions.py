"""Questions to the published cube: answered from its cells, own borough first, and None for what was not published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE, Lattice
from joinedup_web.equity import crossing
from joinedup_web.equity.crossing import BOROUGHS, MONTHS, Question, answer, cube_of
from joinedup_web.equity.figures import CUBE, Figures

BRENT, HARROW = "E09000005", "E09000015"
PERIODS = [f"2025-{month:02d}" for month in range(1, 13)]


@pytest.fixture
def figures(tmp_path: Path) -> Figures:
    cells = [
        [count.measure, count.count, level, place, period, EVERYONE, ALL, 100 + 5 * at]
        for at, count in enumerate(reversed(Lattice.load().counts))
        for level, place in ((AREA, "NWL"), (BOROUGH, BRENT), (BOROUGH, HARROW))
        for period in (*PERIODS, "2024-25")
    ]
    (tmp_path / CUBE).write_text(
        json.dumps({"lattice": "talking_therapies", "snapshot": 1, "rule": "r", "cells": cells})
    )
    return Figures(tmp_path, {"snapshot": 1, "caption": "Caption"})


def test_boroughs_beside_each_other_are_called_boroughs(figures: Figures) -> None:
    shown = answer(figures, Question("M192", BOROUGHS, "NWL", "2024-25"))
    assert shown is not None and {row[0] for row in shown.table.rows} == {"Brent", "Harrow"}
    assert "service" not in (shown.title + shown.sentence + shown.how_to_read + shown.svg["page"]).lower()


@pytest.mark.parametrize(("own", "first"), [(BRENT, "Brent"), (HARROW, "Harrow")])
def test_ones_own_borough_comes_first(figures: Figures, own: str, first: str) -> None:
    shown = answer(figures, Question("M192", MONTHS, "NWL", "", own))
    assert shown is not None and shown.table.rows[0][0] == first


@pytest.mark.parametrize(
    "asked",
    [
        Question("M999", BOROUGHS, "NWL", "2024-25"),
        Question("M192", "ethnic_group", "NWL", "2024-25"),
        Question("M192", BOROUGHS, "NWL", "2030-31"),
        Question("M192", "nothing", "NWL", "2024-25"),
        Question("M192", "ethnic_group", "nowhere", "2024-25"),
    ],
)
def test_what_was_not_published_is_not_there(figures: Figures, asked: Question) -> None:
    assert answer(figures, asked) is None


def test_no_cube_yet_and_one_that_was_refused(tmp_path: Path) -> None:
    figures = Figures(tmp_path, {"snapshot": 1, "caption": ""})
    assert cube_of(figures) is None
    (tmp_path / CUBE).write_text('{"refused": "Counts could be narrowed."}')
    refused = cube_of(figures)
    assert refused is not None and refused.released is None and "narrowed" in refused.refused


def test_breakdowns_by_kind_of_period_and_level() -> None:
    assert crossing.breakdowns("month", "NWL") == () and crossing.breakdowns("quarter", BRENT) == (
        "ethnic_group",
    )
    assert "ethnic_category" in crossing.breakdowns("financial_year", "NWL")
    assert "ethnic_category" not in crossing.breakdowns("financial_year", BRENT)
