"""The page of the map: one slider, figures by place from published cells, the same total on every map."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from joinedup.definitions import Places
from joinedup.definitions.lattice import AREA, BOROUGH
from joinedup.definitions.maps import changes_of_map, map_on
from joinedup_web.equity import mapping
from joinedup_web.equity.figures import ABOUT, Figures
from tests.system.web.test_access_matrix import client

CHANGES = changes_of_map(Places.load())


@pytest.fixture
def published(tmp_path: Path) -> Figures:
    """A publication of a year: each borough another count."""
    import json

    from joinedup.definitions.lattice import ALL, EVERYONE, Lattice

    places = [(AREA, "NWL", 1000), *((BOROUGH, p.code, 50 + 10 * i) for i, p in enumerate(_home()))]
    cells = [
        [count.measure, count.count, level, code, "2025-26", EVERYONE, ALL, number // (1 + at % 2)]
        for at, count in enumerate(reversed(Lattice.load().counts))
        for level, code, number in places
    ]
    told = {"lattice": "talking_therapies", "snapshot": 1, "rule": "r", "cells": cells}
    (tmp_path / "cube.json").write_text(json.dumps(told))
    (tmp_path / ABOUT).write_text(json.dumps({"snapshot": 1, "caption": ""}))
    return Figures.open(tmp_path)


def _home() -> Any:
    register = Places.load()
    return register.boroughs(CHANGES[-1].day, within="NWL")


def test_each_place_has_its_boroughs_published_figure_and_the_total_never_changes(published: Figures) -> None:
    register, totals = Places.load(), set()
    for change in CHANGES:
        drawn = map_on(register, change.day)
        rows = mapping.rows(published, drawn, "M192", "2025-26")
        totals.add((rows[-1].value, rows[-1].of, rows[-1].number))
        for row, one in zip(rows, drawn.commissioners, strict=False):
            home = {place.code for place in _home()} & set(one.boroughs)
            if home == {place.code for place in _home()}:
                assert (row.value, row.number) == (rows[-1].value, rows[-1].number)
            elif home:
                assert len(home) == 1 and row.number and row.number != rows[-1].number
            else:
                assert row.value == "" and "Outside" in row.note
    assert len(totals) == 1


def test_the_page_on_every_step_of_the_slider(django_here: Any) -> None:
    browser = client("board_member")
    for at, change in enumerate(CHANGES):
        page = " ".join(browser.get(f"/explore/map/?at={at}").content.decode().split())
        assert f'value="{at}"' in page and change.words.split(";")[0].replace("'", "&#39;") in page
        inside = page.partition("<main")[2]  # the menu says where this is too
        assert page.count("ju-tile ju-x") == 13 and inside.count('aria-current="true"') == 1
    thirteen = browser.get("/explore/map/?on=2026-06-01").content.decode()
    assert "NHS West and North London" in thirteen and "for thirteen boroughs" in thirteen
    eight = browser.get("/explore/map/?on=2021-06-01").content.decode()
    assert "eight boroughs of North West London" in eight


@pytest.mark.parametrize("asked", ["at=-1", "at=99", "at=x", "on=never", "on=2025-02-30", "at=%00", "at=1e1"])
def test_a_step_that_is_none_is_not_there(asked: str, django_here: Any) -> None:
    answer = client("resident").get(f"/explore/map/?{asked}")
    assert answer.status_code == 404 and not re.search("Traceback", answer.content.decode())
