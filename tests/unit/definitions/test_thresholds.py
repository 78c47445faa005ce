"""Thresholds: at the value, beside it, and as scores are stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.conditions import columns_of
from joinedup.definitions.reading import build
from joinedup.definitions.thresholds import QuestionnaireThreshold, Thresholds
from joinedup.errors import DefinitionBroken, UnknownName

DECIDING = [item for item in Thresholds.load().questionnaires if item.decides_outcomes]
PUBLISHED = {
    "PHQ9": (10, 6), "GAD7": (8, 4), "SPIN": (19, 10), "PDSS": (8, 5), "OCI": (40, 32), "PCL5": (32, 10),
    "HAI": (18, 4), "MI": (2.3, 0.73),
}  # fmt: skip


def test_the_thresholds_are_the_published_ones() -> None:
    assert {
        item.code: (item.caseness.value, item.reliable_change) for item in DECIDING if item.caseness
    } == PUBLISHED


@pytest.mark.parametrize("code", sorted(set(PUBLISHED) - {"MI"}))
def test_the_threshold_itself_is_at_caseness_and_one_less_is_not(code: str) -> None:
    item, (cut, _) = Thresholds.load()[code], PUBLISHED[code]
    assert item.at_caseness(cut) and not item.at_caseness(cut - 1)


def test_the_mobility_inventory_is_above_not_at() -> None:
    item = Thresholds.load()["MI"]
    assert [item.at_caseness(score) for score in (2.29, 2.3, 2.31)] == [False, False, True]
    assert item.change(3.0, 2.27) == "improved" and item.change(3.0, 2.28) == "none"


def test_a_change_of_exactly_the_threshold_counts_unless_told_otherwise() -> None:
    strict = Thresholds.load().with_comparison("more_than").comparison
    for item in DECIDING:
        first, step = float(item.high or 0), PUBLISHED[item.code][1]
        assert item.change(first, first - step) == "improved"
        assert item.change(first - step, first) == "deteriorated"
        assert item.change(first, first - step, strict) == "none"
        assert item.change(first, first) == "none"


@given(
    code=st.sampled_from(sorted(PUBLISHED)),
    data=st.data(),
    comparison=st.sampled_from(["at_least", "more_than"]),
)
def test_scores_stored_as_32_bit_numbers_decide_the_same(
    code: str, data: st.DataObject, comparison: Literal["at_least", "more_than"]
) -> None:
    """In exact decimals, from the published text: at or above, or above, the threshold."""
    item = Thresholds.load()[code]
    scale = 100 if code == "MI" else 1
    whole = st.integers(0, int((item.high or 0) * scale))
    first, last = (Decimal(data.draw(whole)) / scale for _ in range(2))
    stored = [float(np.float32(score)) for score in (first, last)]
    assert item.caseness is not None and item.reliable_change is not None
    cut, least = Decimal(str(item.caseness.value)), Decimal(str(item.reliable_change))
    assert item.at_caseness(stored[0]) == (first > cut if item.caseness.operator == ">" else first >= cut)
    beyond = [
        change > least if comparison == "more_than" else change >= least
        for change in (first - last, last - first)
    ]
    assert item.change(*stored, comparison) == (
        "improved" if beyond[0] else "deteriorated" if beyond[1] else "none"
    )


@pytest.mark.parametrize(
    ("problem", "code"),
    [("F400", "MI"), ("F4001", "MI"), ("F401", "SPIN"), ("F410", "PDSS"), ("F411", "GAD7"), ("F422", "OCI"),
     ("F431", "PCL5"), ("F452", "HAI"), ("F32", "GAD7"), ("K580", "GAD7"), ("83482000", "GAD7"),
     (None, "GAD7"), ("", "GAD7")],
)  # fmt: skip
def test_the_problem_chooses_the_anxiety_measure(problem: str | None, code: str) -> None:
    assert Thresholds.load().for_problem(problem).code == code


def test_scores_of_each_questionnaire_have_columns_and_codes_of_their_own() -> None:
    thresholds = Thresholds.load()
    known = columns_of("journeys")
    for item in thresholds.questionnaires:
        if item.snomed:
            assert known[item.first_column] == known[item.last_column] == "number"
    assert thresholds.by_snomed["720433000"].code == "PHQ9"
    assert sum(len(item.snomed) for item in thresholds.questionnaires) == len(thresholds.by_snomed)
    assert thresholds.depression.code == "PHQ9" and thresholds.fallback.code == "GAD7"


def test_what_is_not_published_is_said_not_guessed() -> None:
    thresholds = Thresholds.load()
    with pytest.raises(UnknownName, match="No clinical threshold"):
        thresholds["BIQ"].at_caseness(40)
    with pytest.raises(UnknownName, match="No reliable change"):
        thresholds["IBS_SSS"].change(300, 100)
    with pytest.raises(UnknownName, match="PHQ9"):
        thresholds["PHQ"]
    assert not thresholds["CFQ11"].is_valid(3)
    assert thresholds["PHQ9"].is_valid(27) and not thresholds["PHQ9"].is_valid(28)


def test_a_threshold_outside_its_range_is_refused() -> None:
    good = Thresholds.load()["PHQ9"].model_dump()
    for bad in (
        {"high": 5.0},
        {"reliable_change": 28.0},
        {"low": None},
        {"low": None, "high": None},
        {"extra": 1},
    ):
        with pytest.raises(DefinitionBroken, match="phq9"):
            build(QuestionnaireThreshold, {**good, **bad}, where="phq9")
    thresholds = Thresholds.load()
    with pytest.raises(DefinitionBroken, match="BIQ"):
        build(
            Thresholds,
            {**thresholds.model_dump(), "choice": {**thresholds.choice.model_dump(), "fallback": "BIQ"}},
            where="x",
        )
