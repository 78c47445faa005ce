"""Cells of the pages' tables as numbers for programs, and figures that are no numbers as null."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.charts import Table
from joinedup.charts.words import percent, points, whole
from joinedup_web.equity.figures import Shown
from joinedup_web.equity.numbers import cells_of, number_in, plain


@given(st.integers(-10_000_000, 10_000_000))
def test_a_count_is_read_back_as_it_was_written(number: int) -> None:
    assert number_in(whole(number)) == (number, "")


@given(st.floats(-100, 100))
def test_a_percentage_and_a_difference_are_read_back_at_their_precision(number: float) -> None:
    value, unit = number_in(percent(number).replace("-", "\u2212"))
    assert unit == "per cent" and value == pytest.approx(number, abs=0.05001)
    value, unit = number_in(points(number))
    assert unit == "" and value == pytest.approx(number, abs=0.05001)


@given(st.text(max_size=12))
def test_any_text_is_one_finite_number_or_none(text: str) -> None:
    value, unit = number_in(text)
    assert (value is None or math.isfinite(value)) and unit in ("", "per cent")


@pytest.mark.parametrize(
    "text",
    ["hidden", "", "4.1 to 5.2", "2 weeks", "not counted", "+", "\u2212", ",", "%", "1e5", "nan", "2026-03"],
)
def test_what_is_no_single_number_is_none(text: str) -> None:
    assert number_in(text) == (None, "")


def test_each_cell_has_its_own_code_or_that_of_its_row() -> None:
    words = ("a", "T", "", "", "", "")
    by_row = Table(("Place", "A", "B"), (("Brent", "1,005", "hidden"),), codes=("ROWROWROWR",))
    (first, second) = cells_of(Shown(*words, by_row))
    assert (first.value, first.code, first.hidden) == (1005, "ROWROWROWR", None)
    assert (second.value, second.code, second.hidden) == (None, "ROWROWROWR", "protected")
    by_cell = Table(("Place", "A", "B"), (("Brent", "12%", "13%"),), cell_codes=(("", "AAAAAAAAAA", ""),))
    assert [(one.code, one.unit) for one in cells_of(Shown(*words, by_cell))] == [
        ("AAAAAAAAAA", "per cent"), ("", "per cent"),
    ]  # fmt: skip


@given(
    st.recursive(
        st.none() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
)
def test_what_leaves_is_json(value: object) -> None:
    json.dumps(plain(value), allow_nan=False)
