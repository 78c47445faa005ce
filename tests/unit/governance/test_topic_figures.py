"""Figures that a topic opens, and those that a test is judged on: released, with codes, never true counts."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.definitions.periods import Period
from joinedup.definitions.scrutiny import TopicList
from joinedup.disclosure import release
from joinedup.errors import UnknownName
from joinedup.governance.evidence import MeasureTest, Series, Verdict, judge
from joinedup.governance.figures import evidence_of, last_months, last_quarters, topic_figures
from joinedup.measures import calculate
from tests.unit.measures.small_journeys import Small, drawn

BRENT, HARROW = "E09000005", "E09000015"
ADULTS = TopicList.load().topic("adult_mental_health")


def held() -> Small:
    """Twelve referrals of Brent in each month of 2025's first half, and two of Harrow."""
    days = [date(2025, month, 3) for month in range(1, 7)]
    return drawn(
        ReferralRequestReceivedDate=[day for day in days for _ in range(14)],
        borough=([BRENT] * 12 + [HARROW] * 2) * 6,
    )


def test_a_topic_s_figures_are_released_by_place_and_for_all_places_with_their_codes() -> None:
    june = Period.parse("2025-06")
    found = topic_figures(ADULTS, held(), periods=[june])  # type: ignore[arg-type]
    referrals = {figure.place: figure for figure in found if figure.measure == "M001"}
    assert (referrals["Brent"].value, referrals["North West London"].value) == (
        10,
        15,
    )  # 12 and 14, to the nearest 5
    assert referrals["Harrow"].value is None  # 2 people: hidden
    result = calculate(ADULTS.opens(), held(), place=("borough", "north_west_london"), periods=june)
    assert {figure.code for figure in found} <= set(release(result).registry)
    assert len({figure.code for figure in found}) == len(found)


def test_the_last_four_whole_quarters_are_shown_and_fewer_where_fewer_are_held() -> None:
    assert [period.key for period in last_quarters(held())] == ["2024-25-Q4", "2025-26-Q1"]
    assert [period.key for period in last_months(held(), 2)] == ["2025-05", "2025-06"]
    found = topic_figures(ADULTS, held())
    assert {figure.period for figure in found} == {"2024-25-Q4", "2025-26-Q1"}
    assert next(figure.value for figure in found if figure.place == "Brent") == 35  # 36 referrals


def test_a_topic_without_data_has_no_figures() -> None:
    assert topic_figures(TopicList.load().topic("acute_beds"), held()) == ()


def test_evidence_for_a_test_is_the_released_figures_it_asks_for() -> None:
    test = MeasureTest(
        series=Series(measure="M001", place="Brent"), comparison="at_least", threshold=10, points=3
    )
    evidence = evidence_of(test, held())
    assert [(point.period, point.value) for point in evidence.points] == [
        ("2025-04", 10),
        ("2025-05", 10),
        ("2025-06", 10),
    ]
    assert all(len(point.code) == 10 for point in evidence.points) and judge(test, evidence)[0] is Verdict.MET
    hidden = test.model_copy(update={"series": Series(measure="M001", place=HARROW)})
    assert judge(hidden, evidence_of(hidden, held()))[0] is Verdict.CANNOT_TELL
    with pytest.raises(UnknownName, match="Nothing is held"):
        evidence_of(test.model_copy(update={"series": Series(measure="M001", place="Paris")}), held())
