"""A number is the same cell in every release: by that its notes and its earlier values are found again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joinedup.definitions.lattice import ALL, AREA, EVERYONE, Lattice
from joinedup_web.equity import cells
from joinedup_web.equity.cells import cell_key, earlier_values, entry_of, figure_of, said
from joinedup_web.equity.crossing import cube_of
from joinedup_web.equity.figures import ABOUT, CUBE, Figures

LATTICE = Lattice.load()


def cells_of(add: int) -> list[list[Any]]:
    return [
        [c.measure, c.count, AREA, "NWL", "2024-25", EVERYONE, ALL, 100 + add + (400 if c.name == "at_caseness" else 0)]
        for c in LATTICE.counts
    ]  # fmt: skip


def state(folder: Path, number: int, add: int, earlier: tuple[dict[str, Any], ...] = ()) -> Figures:
    own = folder / str(number)
    own.mkdir()
    told = {
        "lattice": LATTICE.slug,
        "snapshot": number,
        "rule": "r",
        "cells": cells_of(add),
        "earlier": earlier,
    }
    (own / CUBE).write_text(json.dumps(told))
    (own / "registry.json").write_text("{}")
    about = {"snapshot": number, "caption": "", "committed_at": f"2026-0{number}-01T00:00:00", "views": {}}
    (own / ABOUT).write_text(json.dumps(about))
    return Figures.open(own)


def code_in(figures: Figures, measure: str = "M192") -> str:
    cube = cube_of(figures)
    assert cube is not None and cube.released is not None
    return next(code for code, entry in cube.released.registry.items() if entry["measure_id"] == measure)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Figures:
    """Three states, of which the oldest is known from the ledger alone."""
    monkeypatch.setattr("joinedup_web.equity.opening.folder", lambda: tmp_path)
    first = {
        "number": 1,
        "released_at": "2026-01-05T10:00:00+00:00",
        "snapshot": 1,
        "lattice": LATTICE.slug,
        "cells": cells_of(0),
    }
    state(tmp_path, 2, 50)
    return state(tmp_path, 3, 100, (first,))


def test_a_cell_has_another_code_and_the_same_key_in_each_state(kept: Figures) -> None:
    before = cells.current_figures("2")
    assert before is not None
    assert code_in(kept) != code_in(before)
    assert cell_key(entry_of(kept, code_in(kept))) == cell_key(entry_of(before, code_in(before)))


def test_different_cells_have_different_keys(kept: Figures) -> None:
    cube = cube_of(kept)
    assert cube is not None and cube.released is not None
    keys = {cell_key(entry) for entry in cube.released.registry.values()}
    assert len(keys) == len(cube.released.registry)


def test_what_a_number_was_before_is_found_in_states_and_in_the_ledger(kept: Figures) -> None:
    assert figure_of(entry_of(kept, code_in(kept))) == "33% (200 of 600)"
    found = earlier_values(kept, code_in(kept))
    assert [(one.state, one.when, one.figure) for one in found] == [
        ("2", "2026-02-01", "27% (150 of 550)"), ("1", "2026-01-05", "20% (100 of 500)"),
    ]  # fmt: skip
    assert found[0].code and not found[1].code


def test_a_count_has_earlier_values_too(kept: Figures) -> None:
    assert [one.figure for one in earlier_values(kept, code_in(kept, "M001"))] == ["150", "100"]


def test_hidden_stays_hidden_in_what_was_before() -> None:
    hidden = {
        "cell": {"statistic": "percentage"},
        "counts": {"numerator": None, "denominator": 50},
        "profile": "nhs-england",
    }
    assert figure_of(hidden) == "hidden to protect people"
    assert (
        figure_of({"cell": {"statistic": "count"}, "counts": {"numerator": None}})
        == "hidden to protect people"
    )


def test_a_cell_is_said_in_words(kept: Figures) -> None:
    assert said(entry_of(kept, code_in(kept))) == "Recovery, North West London, April 2024 to March 2025"


@pytest.mark.parametrize("part", ["period", "place", "breakdown", "group", "level"])
def test_each_part_of_a_cell_makes_it_another(part: str) -> None:
    entry = {
        "measure_id": "M192",
        "cell": {"period": "2024-25", "place": "NWL", "level": "total", "version": 1},
    }
    other = {**entry, "cell": {**entry["cell"], part: "another"}}  # type: ignore[dict-item]
    newer = {**entry, "cell": {**entry["cell"], "version": 2}, "snapshot": 9}  # type: ignore[dict-item]
    assert cell_key(entry) != cell_key(other) and cell_key(entry) == cell_key(newer)
