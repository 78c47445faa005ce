"""Pictures of gaps, journeys and residents: what is drawn is what was released, and says what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pytest

from joinedup.charts import (
    chart,
    code_of_part,
    gap_compared,
    gap_registry,
    gap_waterfall,
    journey_map,
    journey_steps,
    per_thousand,
    rates_of,
)
from joinedup.charts.drawings import GAP_KINDS
from joinedup.definitions import Measure
from joinedup.disclosure import Released, release
from joinedup.equity import GapAttribution, attribute_flows
from joinedup.errors import UnknownName, YourCommand
from joinedup.measures import MeasureResult
from joinedup.measures.result import SCHEMA
from tests.unit.charts.test_pictures import result

NAMES = ("referrals", "finished", "not_at_caseness", "reliable_recovery")
WHITE, OTHER = (30000.0, 12000.0, 1000.0, 5400.0), (10000.0, 3500.0, 200.0, 1200.0)


def gap(**changed: float | None) -> GapAttribution:
    counts = {
        "White": dict(zip(NAMES, WHITE, strict=True)),
        "Other Ethnic Groups": dict(zip(NAMES, OTHER, strict=True)) | changed,
    }
    return attribute_flows(
        counts, by="ethnic_group", between=("Other Ethnic Groups", "White"), period="2024-25"
    )


def released() -> Released[GapAttribution]:
    return release(gap(), "as-published")


def test_bars_walk_from_the_reference_rate_to_the_group_without_a_break() -> None:
    spec = gap_waterfall(released(), slug="g", caption="x").draw("page", 760)
    rows = spec["data"]["values"]
    assert rows[0]["end"] == pytest.approx(18.0) and rows[-1]["end"] == pytest.approx(12.0)
    walk = [rows[0]["end"], *(row["end"] for row in rows[1:-1])]
    assert [row["start"] for row in rows[1:-1]] == pytest.approx(walk[:-1])
    assert walk[-1] == pytest.approx(rows[-1]["end"])
    assert {row["kind"] for row in rows} <= set(GAP_KINDS)
    assert rows[1]["kind"] == "fewer, beyond chance" and "people" in rows[1]["text"]


def test_the_table_has_a_code_for_every_part_and_each_code_opens_its_figures() -> None:
    opened = released()
    picture, registry = gap_waterfall(opened, slug="g", caption="x"), gap_registry(opened)
    table = picture.table
    assert len(set(table.codes)) == len(table.rows) == 4
    for row, code in zip(table.rows, table.codes, strict=True):
        figures = registry[code]["figures"]
        part = figures.get("contribution", figures.get("gap"))
        assert row[1] == f"{100 * part:+.1f}".replace("-", "\u2212")
    whole = registry[code_of_part(opened)]
    assert whole["in and out"] == {
        "in: referrals of the group": 10000,
        "in: referrals of the reference": 30000,
    }
    assert set(whole["made of"]) <= set(registry)


def test_a_hidden_gap_draws_nothing_and_says_so() -> None:
    picture = gap_waterfall(release(gap(reliable_recovery=None), "as-published"), slug="g", caption="x")
    assert picture.draw("page", 760)["data"]["values"] == []
    assert {row[1] for row in picture.table.rows} == {"hidden"}
    assert "hidden" in picture.sentence.lower()
    assert picture.svg["phone"].startswith("<svg")


def test_compared_steps_show_both_groups() -> None:
    picture = gap_compared(released(), slug="g", caption="x")
    assert picture.table.header[1:] == ("People recorded as White", "People recorded as Other Ethnic Groups")
    assert picture.table.rows[0][1:] == ("40%", "35%")


@dataclass(frozen=True)
class Records:
    journeys: pa.Table
    rule: str = "test"
    snapshot: int = 1
    first_day: date = date(2023, 4, 1)
    last_day: date = date(2025, 3, 31)


def journeys(n: int, treated: int, weeks: int) -> Records:
    """`n` referrals on one day, of whom some are treated after so many weeks and none goes further."""
    start = date(2023, 6, 1)
    first = [start + timedelta(weeks=weeks) if i < treated else None for i in range(n)]
    nothing = pa.nulls(n, pa.date32())
    flags = ("NotCaseness_Flag", "Paired_Flag", "ReliableImprovement_Flag", "Recovery_Flag")
    table = pa.table(
        {
            "ReferralRequestReceivedDate": pa.array([start] * n, pa.date32()),
            "ServDischDate": pa.array([start + timedelta(weeks=30)] * n, pa.date32()),
            "TherapySession_FirstDate": pa.array(first, pa.date32()),
            "TherapySession_SecondDate": nothing,
            **{name: pa.nulls(n, pa.bool_()) for name in flags},
            "service": pa.array(["RKL07"] * n),
            "borough": pa.array(["E09000009"] * n),
        }
    )
    return Records(table)


def test_the_journey_counts_people_and_gives_medians_in_whole_weeks() -> None:
    picture = journey_steps(release(journey_map(journeys(400, 250, 6))), slug="j", caption="x")
    assert picture.table.rows[0] == ("First treatment", "400", "250", "150", "hidden", "", "6 weeks")
    assert "38 of every 100" in picture.title and "250 had a first treatment" in picture.sentence


def test_a_median_of_few_people_does_not_leave() -> None:
    few = release(journey_map(journeys(400, 9, 6))).value.steps[0]
    assert few.passed == 10 and few.median_days == 42
    fewer = release(journey_map(journeys(400, 6, 6))).value.steps[0]
    assert fewer.passed == 5 and fewer.median_days is None
    small = release(journey_map(journeys(17, 15, 6))).value.steps[0]
    assert small.median_days is None


def test_releasing_a_journey_twice_changes_nothing() -> None:
    once = release(journey_map(journeys(403, 251, 6)))
    assert release(once.value).value == once.value


def residents() -> Released[MeasureResult]:
    rows = [
        dict.fromkeys(SCHEMA.names)
        | {
            "measure": "referrals", "measure_id": "M001", "version": 1, "statistic": "count", "period": "2024-25",
            "level": "service", "place": place, "place_name": place, "breakdown": "total", "group": "All",
            "numerator": count, "value": float(count),
        }
        for place, count in (("RKL07", 1000), ("RV383", 3))
    ]  # fmt: skip
    return release(
        MeasureResult(pa.Table.from_pylist(rows, SCHEMA), (Measure.load("M001"),), snapshot=1, rule="test")
    )


def test_rates_per_thousand_come_from_released_counts() -> None:
    rates = rates_of(residents(), {"RKL07": 50_000, "RV383": 20_000}, key="place")
    assert (rates[0].value, rates[1].value, rates[1].count) == (20.0, None, None)
    assert rates[0].lower == pytest.approx(18.8, abs=0.05) and rates[0].upper == pytest.approx(21.3, abs=0.05)
    picture = per_thousand(rates, slug="r", what="borough", period="2024-25", caption="x")
    assert picture.title == "Ealing has most referrals for its residents"
    assert picture.table.rows[1][:5] == ("Harrow", "20,000", "hidden", "hidden", "")


def test_chart_finds_the_kind_and_refuses_what_was_not_released() -> None:
    assert chart(released(), "gap_waterfall", slug="g", caption="x").slug == "g"
    with pytest.raises(UnknownName, match="waterfal"):
        chart(released(), "gap_waterfal", slug="g", caption="x")
    for raw in (gap(), journey_map(journeys(40, 20, 6)), result({"RKL07": 0.5}, ["2024-25"])):
        for kind in ("gap_waterfall", "journey_steps", "funnel"):
            with pytest.raises(YourCommand, match="released"):
                chart(raw, kind, slug="g", caption="x")
