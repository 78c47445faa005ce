"""Questions of an address: what is left out is filled in, every question has an answer or a reason."""

from __future__ import annotations

import io
import json
from itertools import combinations

import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.definitions import Measure, Period
from joinedup.definitions.crossing import cross, halves
from joinedup.definitions.lattice import AREA, BOROUGH, EVERYONE, Lattice
from joinedup_web.equity import asking, crossing
from joinedup_web.equity.asking import held_of, is_asked_for, near, question, reason, words_of
from joinedup_web.equity.crossing import (
    BOROUGHS,
    EACH,
    LIVED,
    MONTHS,
    ROLLING,
    Question,
    answer,
    codes_in,
    source_of,
)
from joinedup_web.equity.drawing import CHARTS, charts_for
from joinedup_web.equity.figures import CUBE, Figures
from joinedup_web.equity.files import FORMS, file_of

LATTICE = Lattice.load()
BRENT, HARROW = "E09000005", "E09000015"
PERIODS = (
    *(f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(3, 18)),
    "2024-25-Q1",
    "2024-25-Q2",
    "2024-25",
)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    folder = tmp_path_factory.mktemp("state")
    kinds = {table.period: table for table in LATTICE.tables}
    cells = [
        [
            count.measure,
            count.count,
            level,
            place,
            period,
            breakdown,
            group,
            400 - 5 * at - 5 * (place == BRENT),
        ]
        for at, count in enumerate(LATTICE.counts)
        for level, place in ((AREA, "NWL"), (BOROUGH, BRENT), (BOROUGH, HARROW))
        for period in PERIODS
        for breakdown in kinds[Period.parse(period).kind].at(level)
        for group in LATTICE.groups(breakdown)
    ]
    (folder / CUBE).write_text(
        json.dumps({"lattice": "talking_therapies", "snapshot": 1, "rule": "r", "cells": cells})
    )
    return Figures(folder, {"snapshot": 1, "caption": "Caption"})


def held(figures: Figures, measure: str = "M192") -> asking.Held:
    released = source_of(figures, LIVED)
    assert released is not None
    return held_of(released, measure)


def test_an_address_that_says_nothing_asks_for_months_with_ones_own_borough_first(figures: Figures) -> None:
    asked = question({}, "M192", LIVED, HARROW, held(figures))
    assert asked == Question("M192", BOROUGHS, HARROW, MONTHS, HARROW, "control", LIVED)
    by_group = question({"by": "gender"}, "M192", LIVED, HARROW, held(figures))
    assert (by_group.place, by_group.period, by_group.chart) == ("NWL", "2024-25", "dots")


def test_whoever_has_no_borough_of_their_own_is_asked_about_the_first(figures: Figures) -> None:
    asked = question({}, "M192", LIVED, "", held(figures))
    assert asked.place == crossing.place_names()[1][0] and is_asked_for(asked, held(figures))


def test_an_address_as_it_was_before_asks_the_same(figures: Figures) -> None:
    assert question({"by": "months"}, "M192", LIVED, "", held(figures)).period == MONTHS


def test_what_can_be_asked_is_what_was_published(figures: Figures) -> None:
    ways = [slug for slug, _ in asking.ways(held(figures), LIVED)]
    alone = [slug for slug in ways if len(halves(slug)) == 1]
    assert alone == [
        BOROUGHS,
        "ethnic_group",
        "deprivation_quintile",
        "age_band",
        "gender",
        "ethnic_category",
    ]
    assert ways[len(alone) :] == [cross(*pair) for pair in combinations(alone[1:5], 2)]
    headings = dict(asking.periods(held(figures)))
    assert [slug for slug, _ in headings["Over time"]] == ["months", "quarters", "rolling"]
    assert [key for key, _ in headings["Quarters"]] == ["2024-25-Q2", "2024-25-Q1"]


EVERY = [
    Question("M192", by, place, period, HARROW, "", LIVED)
    for by in (BOROUGHS, "ethnic_group", "gender", "ethnic_category")
    for place in ("NWL", BRENT, EACH)
    for period in (MONTHS, "quarters", ROLLING, "2024-25", "2024-25-Q1", "2024-05", "12m-2025-03", "2019-20")
]


@pytest.mark.parametrize("asked", EVERY, ids=lambda q: f"{q.by}-{q.place}-{q.period}")
def test_every_question_has_an_answer_or_a_reason_and_a_way_on(figures: Figures, asked: Question) -> None:
    found = answer(figures, asked)
    codes = codes_in(figures, asked)
    if found is not None:
        assert found.table.rows and set(found.table.every_code) - {""} <= set(codes)
        return
    assert not codes and reason(asked, held(figures)).endswith(".")
    ways_on = near(asked, held(figures))
    assert ways_on and all(answer(figures, one) is not None and words_of(one) for one in ways_on)


@pytest.mark.parametrize("chart", list(CHARTS))
def test_each_kind_of_chart_is_drawn_and_a_table_is_a_table(figures: Figures, chart: str) -> None:
    period = MONTHS if chart in ("control", "trend") else "2024-25"
    asked = Question("M192", BOROUGHS, HARROW, period, "", chart, LIVED)
    assert chart in charts_for(asked, "percentage")
    found = answer(figures, asked)
    assert found is not None
    if chart == "table":
        assert not found.specs and found.table.rows
    else:
        assert all("<svg" in found.svg[size] and "Harrow" in found.svg["page"] for size in ("page", "phone"))


def test_the_chosen_borough_is_first_in_every_kind_of_chart(figures: Figures) -> None:
    for chart, period in (("control", MONTHS), ("trend", MONTHS), ("dots", "2024-25"), ("map", "2024-25")):
        found = answer(figures, Question("M192", BOROUGHS, HARROW, period, BRENT, chart, LIVED))
        assert found is not None and found.table.rows[0][0] == "Harrow", chart


def test_counts_have_no_chart_that_would_mislead(figures: Figures) -> None:
    asked = Question("M001", "gender", "NWL", "2024-25", "", "", LIVED)
    assert charts_for(asked, Measure.load("M001").statistic) == ("table",)
    found = answer(figures, asked)
    assert found is not None and not found.specs


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(["by", "place", "period", "chart"]), st.text(max_size=12)))
def test_no_address_is_answered_wrongly(figures: Figures, given_: dict[str, str]) -> None:
    asked = question(given_, "M192", LIVED, "", held(figures))
    if is_asked_for(asked, held(figures)):
        assert answer(figures, asked) is not None or reason(asked, held(figures))


def test_a_file_holds_what_the_page_shows(figures: Figures) -> None:
    shown = answer(figures, Question("M192", BOROUGHS, HARROW, "2024-25", "", "map", LIVED))
    assert shown is not None
    made = {form: file_of(shown, form, "http://127.0.0.1/explore/") for form in FORMS}
    assert all(made.values())
    code = shown.table.codes[0]
    assert code.encode() in made["csv"] and b"Harrow" in made["svg"]  # type: ignore[operator]
    assert made["png"][:4] == b"\x89PNG" and made["pdf"][:5] == b"%PDF-"  # type: ignore[index]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made["xlsx"] or b""))
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    assert {code, "Harrow", "http://127.0.0.1/explore/"} <= cells


def test_a_table_alone_has_no_drawing_to_download(figures: Figures) -> None:
    shown = answer(figures, Question("M192", BOROUGHS, HARROW, "2024-25", "", "table", LIVED))
    assert shown is not None
    assert file_of(shown, "svg", "x") is None and file_of(shown, "png", "x") is None
    assert (file_of(shown, "pdf", "x") or b"").startswith(b"%PDF-")


def test_rolling_years_are_offered_but_never_of_twelve_months_that_are_not_there(figures: Figures) -> None:
    released = crossing.cube_of(figures)
    assert released is not None and released.released is not None
    keys = {k for k in released.released.value.table["period"].to_pylist() if k.startswith("12m-")}
    assert keys == {"12m-2025-03", "12m-2025-04", "12m-2025-05", "12m-2025-06"}
    assert EVERYONE in held(figures).cuts["rolling_year"] and len(held(figures).cuts["rolling_year"]) == 1
