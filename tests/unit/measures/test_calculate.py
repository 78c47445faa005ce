"""Measures of drawn journeys, and what always has to add up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_journeys import Small, consistent, drawn, small

from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period, financial_years, months
from joinedup.errors import UnknownName, YourCommand
from joinedup.journeys.tables import CONTACTS
from joinedup.measures import MeasureResult, calculate, outcome_completeness
from joinedup.measures.result import SCHEMA

JUNE = Period.parse("2025-06")
SLOW = [HealthCheck.too_slow]


def one(result: MeasureResult, **keys: str) -> dict[str, Any]:
    (row,) = result.only(**keys).table.to_pylist()
    return dict(row)


def day(month: int, number: int) -> date:
    return date(2025, month, number)


def test_the_table_has_the_columns_it_promises() -> None:
    result = calculate("M001", drawn(ReferralRequestReceivedDate=[day(6, 1)]), periods=JUNE)
    assert result.table.schema == SCHEMA
    assert result.table.column_names == [
        "measure", "measure_id", "version", "statistic", "period", "level", "place", "place_name", "breakdown",
        "group", "breakdown_2", "group_2", "numerator", "denominator", "value", "lower", "upper",
    ]  # fmt: skip
    assert (result.snapshot, result.rule) == (3, "first-referral-1")
    with pytest.raises(YourCommand, match="not a table"):
        MeasureResult(pa.table({"a": [1]}), (), None, "")


def test_reliable_recovery_keeps_those_without_scores_and_leaves_out_those_below_the_threshold() -> None:
    journeys = drawn(
        ServDischDate=[day(6, 3)] * 5,
        CompletedTreatment_Flag=True,
        NotCaseness_Flag=[False, False, False, True, None],
        Recovery_Flag=[True, True, False, False, None],
        ReliableImprovement_Flag=[True, False, False, True, None],
    )
    row = one(calculate("M195", journeys, periods=JUNE))
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 4, 25.0)
    assert round(row["lower"], 1) == 4.6 and round(row["upper"], 1) == 69.9
    exact = one(calculate("M195", journeys, periods=JUNE, method="exact"))
    assert round(exact["lower"], 1) == 0.6 and round(exact["upper"], 1) == 80.6


def test_nobody_in_the_denominator_has_no_value() -> None:
    journeys = drawn(ServDischDate=[day(6, 3), day(5, 3)], CompletedTreatment_Flag=[False, True])
    row = one(calculate("reliable_recovery", journeys, place="total", periods=JUNE))
    assert (row["numerator"], row["denominator"], row["value"], row["lower"], row["upper"]) == (
        0,
        0,
        None,
        None,
        None,
    )


def test_first_and_last_days_of_a_month_are_in_it() -> None:
    days = [day(5, 31), day(6, 1), day(6, 30)]
    result = calculate("M001", drawn(ReferralRequestReceivedDate=days), periods=months(2, ending="2025-06"))
    assert result.table["numerator"].to_pylist() == [1, 2]


@pytest.mark.parametrize(("days", "within"), [(42, 1), (43, 0)])
def test_six_weeks_are_42_days_inclusive(days: int, within: int) -> None:
    journeys = drawn(
        ReferralRequestReceivedDate=[date.fromordinal(day(6, 20).toordinal() - days)],
        TherapySession_FirstDate=[day(6, 20)],
        ServDischDate=[day(6, 25)],
        CompletedTreatment_Flag=True,
    )
    assert one(calculate("first_treatment_within_6_weeks", journeys, periods=JUNE))["numerator"] == within


def test_a_waiting_list_is_counted_as_it_stood() -> None:
    journeys = drawn(
        ReferralRequestReceivedDate=[day(3, 1), day(4, 30), day(5, 1), day(3, 1)],
        TherapySession_FirstDate=[day(5, 1), None, None, None],
        ServDischDate=[day(5, 20), None, None, day(4, 30)],
    )
    result = calculate(["M038", "M041"], journeys, periods=months(3, ending="2025-05"))
    found = {(r["measure_id"], r["period"]): r["numerator"] for r in result.table.to_pylist()}
    assert [found["M038", f"2025-0{month}"] for month in (3, 4, 5)] == [2, 2, 2]
    assert [found["M041", f"2025-0{month}"] for month in (3, 4, 5)] == [2, 1, 2]


def test_time_since_the_last_treatment_is_read_from_the_contacts_of_that_day() -> None:
    journeys = drawn(ReferralRequestReceivedDate=[day(1, 2)] * 2, TherapySession_LastDate=[day(6, 1)] * 2)
    contacts = [
        ("p0", day(2, 1), True),
        ("p0", day(6, 1), True),
        ("p0", day(4, 1), False),
        ("p1", day(6, 1), True),
    ]
    rows = [{"pathway_id": p, "CareContDate": d, "treatment": t} for p, d, t in contacts]
    journeys = Small(
        journeys.journeys, pa.Table.from_pylist(rows, schema=CONTACTS), journeys.events, journeys.answers
    )
    result = calculate(["M019", "M020"], journeys, periods=months(5, ending="2025-06"))
    found = {(r["measure_id"], r["period"]): r["numerator"] for r in result.table.to_pylist()}
    assert [found["M019", f"2025-0{month}"] for month in (2, 3, 4, 5, 6)] == [1, 1, 0, 0, 2]
    assert found["M020", "2025-04"] == 1


def test_medians_of_even_and_odd_numbers_with_limits_of_ranks() -> None:
    waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    journeys = drawn(
        ReferralRequestReceivedDate=[date.fromordinal(day(6, 20).toordinal() - wait) for wait in waits],
        TherapySession_FirstDate=[day(6, 20)] * 10,
    )
    median = one(calculate("M049", journeys, periods=JUNE))
    assert (median["value"], median["denominator"], median["lower"], median["upper"]) == (5.5, 10, 2, 9)
    mean = one(calculate("M048", journeys, periods=JUNE))
    assert (mean["value"], mean["numerator"], mean["denominator"]) == (14.5, 145, 10)
    # 14.5 -+ 2.262157 (t with 9 degrees of freedom) x 30.151 / sqrt(10), worked by hand
    assert round(mean["lower"], 2) == -7.07 and round(mean["upper"], 2) == 36.07


def test_places_that_are_not_on_the_map_are_still_counted() -> None:
    journeys = drawn(ReferralRequestReceivedDate=[day(6, 1)] * 4, service=["RV3CH", "XX999", None, "RKL07"])
    result = calculate("M001", journeys, place=("service", "total"), periods=JUNE)
    places = {row["place"]: row["numerator"] for row in result.table.to_pylist()}
    assert places == {"RKL07": 1, "RV3CH": 1, "not_known": 2, "total": 4}


def test_what_is_in_and_out_is_said() -> None:
    journeys = drawn(ServDischDate=[day(6, 1), day(5, 1), None, date(2025, 7, 1)])
    result = calculate("M056", journeys, periods=JUNE)
    assert [(found.reason, found.number) for found in result.excluded] == [
        ("dated 2025-06-01 to 2025-06-30", 1),
        ("without this date", 1),
        ("before 2025-06-01", 1),
        ("after 2025-06-30", 1),
    ]
    assert calculate("M056", journeys, periods=financial_years(1, ending="2025-26")).incomplete == (
        "2025-26",
    )


def test_what_does_not_exist_is_refused() -> None:
    journeys = drawn(ReferralRequestReceivedDate=[day(6, 1)])

    def ask(**changed: Any) -> None:
        calculate(**{"measures": "M001", "journeys": journeys, "periods": JUNE} | changed)

    for changed in ({"measures": "M0001"}, {"by": "height"}, {"place": "planet"}, {"by": "benefit"}):
        with pytest.raises(UnknownName):
            ask(**changed)
    for changed in (
        {"periods": Period.parse("2030-01")}, {"periods": ()}, {"measures": ()}, {"place": ()},
        {"by": ("gender", "gender")}, {"by": ("gender", "age_band", "ethnic_group")},
    ):  # fmt: skip
        with pytest.raises(YourCommand):
            ask(**changed)


def test_missing_scores_stand_beside_an_outcome() -> None:
    journeys = drawn(
        ServDischDate=[day(6, 1)] * 4,
        CompletedTreatment_Flag=[True, True, True, False],
        PHQ9_FirstScore=[20.0, 20.0, None, 20.0],
        PHQ9_LastScore=[5.0, None, None, 5.0],
        ADSM_LastScore=[5.0, 5.0, None, None],
    )
    result = outcome_completeness(journeys, periods=JUNE)
    rows = {
        row["measure_id"]: (row["numerator"], row["denominator"], round(row["value"]))
        for row in result.table.to_pylist()
    }
    assert rows == {"M201": (1, 3, 33), "M202": (1, 3, 33), "M199": (1, 3, 33), "M200": (1, 3, 33)}
    assert not any(measure.official for measure in result.measures)


MEASURES = tuple(
    Measure.load(name) for name in ("M001", "M031", "M076", "M195", "M048", "M089", "M038", "M082")
)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 40))
def test_groups_places_and_months_add_up(random: Random, size: int) -> None:
    periods = (*months(3, ending="2025-06"), Period.parse("2025-26-Q1"))
    cuts = [(), ("ethnic_group",), ("gender",), ("ethnic_group", "gender")]
    result = calculate(
        MEASURES,
        small(random, size),
        by=cuts,
        place=("service", "borough", "trust", "total"),
        periods=periods,
    )
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    quarters: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in result.table.to_pylist():
        for name in ("numerator", "denominator"):
            whole = (row["measure_id"], name)
            cut = (row["level"], row["breakdown"], row["breakdown_2"])
            sums.setdefault((*whole, row["period"]), defaultdict(int))[str(cut)] += row[name] or 0
            if row["measure_id"] != "M038":
                cell = (*whole, *cut, row["place"], row["group"], row["group_2"])
                quarters[cell] += (row[name] or 0) * (-1 if row["period"] == "2025-26-Q1" else 1)
    assert all(len(set(by_cut.values())) == 1 for by_cut in sums.values())
    assert set(quarters.values()) == {0}


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 40))
def test_every_relation_that_is_claimed_holds(random: Random, size: int) -> None:
    periods = (*months(3, ending="2025-06"), Period.parse("2025-26-Q1"))
    measures = [*MEASURES, Measure.load("M179"), Measure.load("M193"), Measure.load("M049")]
    result = calculate(
        measures, consistent(small(random, size)), by=[(), ("ethnic_group",), ("ethnic_group", "gender")],
        place=("service", "trust", "total"), periods=periods,
    )  # fmt: skip
    counts = {name: result.table[name].to_pylist() for name in ("numerator", "denominator")}
    for (row, name), parts, rest in result.relations():
        assert not rest
        assert counts[name][row] == sum(counts[other][part] for part, other in parts)


def _differs(rows: list[dict[str, Any]], key: str, row: int, parts: Any) -> bool:
    return any(rows[part][key] != rows[row][key] for part, _ in parts)


def test_groups_places_periods_and_measures_are_all_related() -> None:
    journeys = consistent(small(Random(3), 60))
    periods = (*months(3, ending="2025-06"), Period.parse("2025-26-Q1"))
    result = calculate(
        ["M076", "M179", "M195"], journeys, by=[(), ("gender",)], place=("trust", "total"), periods=periods
    )
    rows = result.table.to_pylist()
    told = {
        tuple(key for key in ("measure_id", "period", "place", "group") if _differs(rows, key, row, parts))
        for (row, _), parts, _ in result.relations()
    }
    assert told == {("group",), ("period",), ("place",), ("measure_id",)}
    exact = [
        {rows[part]["measure_id"] for part, _ in parts}
        for (row, _), parts, _ in result.relations()
        if rows[row]["measure_id"] == "M076" and len(parts) == 2 and rows[parts[0][0]]["measure_id"] != "M076"
    ]
    assert exact and all(found == {"M179", "M195"} for found in exact)
