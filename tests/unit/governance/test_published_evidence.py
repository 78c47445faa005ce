"""Evidence from what a workspace publishes: the newest state's cube, in the finest periods that are mostly shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.definitions.periods import months, quarters
from joinedup.errors import UnknownName
from joinedup.governance.evidence import MeasureTest, Series, Verdict, judge
from joinedup.governance.published import (
    evidence_in,
    held_of,
    newest_state,
    places_in,
    published_in,
    series_of,
)

BRENT = ("borough", "E09000005")
AREA = ("area", "NWL")
SERIES = Series(measure="M053", place="Brent")


def cells(
    place: tuple[str, str], period: str, within: int | None, finished: int | None
) -> list[list[object]]:
    key = [*place, period, "total", "All"]
    return [
        ["first_treatment_within_6_weeks", "numerator", *key, within],
        ["finished_course", "numerator", *key, finished],
    ]


def published(folder: Path, state: int, *, months_shown: bool = True, share: int = 80) -> Path:
    """A cube of two places, by month and quarter, in the form in which the explorer writes it."""
    rows: list[list[object]] = []
    for period in (*months(6, ending="2026-03"), *quarters(2, ending="2026-03")):
        shown = months_shown or period.kind == "quarter"
        rows += cells(BRENT, period.key, share if shown else None, 100 if shown else None)
        rows += cells(AREA, period.key, 500, 1000)
    (folder / str(state)).mkdir(parents=True)
    told = {
        "lattice": "talking_therapies",
        "snapshot": state,
        "rule": "first_to_last",
        "cells": in_order(rows),
    }
    (folder / str(state) / "cube.json").write_text(json.dumps(told))
    return folder


def in_order(rows: list[list[object]]) -> list[list[object]]:
    from joinedup.disclosure.sums import Key

    named = ("measure", "count", "place_level", "place", "period", "breakdown", "group", "value")
    return [[dict(zip(named, row, strict=True))[name] for name in Key._fields] + [row[-1]] for row in rows]


def test_the_newest_state_is_read_and_each_figure_has_its_code(tmp_path: Path) -> None:
    published(published(tmp_path, 9), 12, share=60)
    assert newest_state(tmp_path) == 12
    found = published_in(tmp_path)
    assert found is not None and found.state == 12
    points = series_of(SERIES, found)
    assert [point.period for point in points] == [period.key for period in months(6, ending="2026-03")]
    assert {point.value for point in points} == {60.0} and all(len(point.code) == 10 for point in points)
    assert [one.id for one in held_of(("M053", "M055"), found)] == ["M053"]
    assert places_in(found) == (("total", "North West London"), ("borough", "Brent"))


def test_where_months_are_mostly_hidden_quarters_are_the_evidence(tmp_path: Path) -> None:
    found = published_in(published(tmp_path, 3, months_shown=False))
    assert found is not None
    assert {point.span.kind for point in series_of(SERIES, found)} == {"quarter"}
    test = MeasureTest(series=SERIES, comparison="at_least", threshold=75, points=2)
    evidence = evidence_in(test, found)
    assert judge(test, evidence)[0] is Verdict.MET
    assert judge(test.model_copy(update={"threshold": 81.0}), evidence)[0] is Verdict.NOT_MET


def test_what_is_not_published_is_said_to_be_so(tmp_path: Path) -> None:
    assert published_in(tmp_path / "nothing") is None
    refused = tmp_path / "refused" / "4"
    refused.mkdir(parents=True)
    (refused / "cube.json").write_text('{"refused": "It cannot leave."}')
    assert published_in(tmp_path / "refused") is None
    found = published_in(published(tmp_path / "there", 1))
    assert found is not None
    for series in (
        Series(measure="M053", place="Camden"),
        Series(measure="M999", place="Brent"),
        Series(measure="M053", place="Brent", breakdown="gender", group="Female"),
    ):
        assert series_of(series, found) == ()
        with pytest.raises(UnknownName, match="are published"):
            evidence_in(MeasureTest(series=series, comparison="at_least", threshold=1, points=1), found)
