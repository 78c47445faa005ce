"""The gap in published counts, on the figures that were published."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.definitions import Measure
from joinedup.disclosure import release
from joinedup.equity import OUTCOMES, attribute_flows, published_gaps
from joinedup.errors import UnknownName, YourData

BETWEEN = ("Other Ethnic Groups", "White")
COUNTS = {
    "Other Ethnic Groups": {
        "referrals": 1_000,
        "finished": 330,
        "not_at_caseness": 20,
        "reliable_recovery": 115,
    },
    "White": {"referrals": 3_000, "finished": 1_200, "not_at_caseness": 110, "reliable_recovery": 540},
    "Not stated": {"referrals": 600, "finished": 110, "not_at_caseness": 10, "reliable_recovery": 44},
}


def test_three_parts_add_up_and_scope_is_nobodys_loss():
    gap = attribute_flows(
        COUNTS, by="ethnic_group", between=BETWEEN, period="2024-25", not_stated="Not stated"
    )
    assert [(bar.stage, bar.kind) for bar in gap.bars] == [
        ("finished", "leak"),
        ("scope", "scope"),
        ("outcome", "leak"),
    ]
    assert np.isclose(gap.gap, 115 / 1_000 - 540 / 3_000)
    assert np.isclose(sum(bar.contribution for bar in gap.bars), gap.gap, atol=1e-14)
    assert [bar.extra_leavers is None for bar in gap.bars] == [False, True, False]
    assert "not one cohort" in gap.warnings[0]
    assert gap.not_stated == (600, 44)


def test_more_finished_than_referred_is_no_contradiction_of_flows():
    counts = {name: {**group, "referrals": 300} for name, group in COUNTS.items()}
    gap = attribute_flows(counts, by="ethnic_group", between=BETWEEN, period="2024-25")
    finished = gap.bars[0]
    assert finished.group_rate == 1.1
    assert finished.lower < finished.contribution < finished.upper


def test_a_hidden_count_hides_what_hangs_on_it():
    counts = {**COUNTS, "Other Ethnic Groups": {**COUNTS["Other Ethnic Groups"], "reliable_recovery": None}}
    gap = attribute_flows(counts, by="ethnic_group", between=BETWEEN, period="2024-25")
    assert gap.gap is None
    assert {bar.note for bar in gap.bars} == {"hidden"}


def test_improvement_has_no_scope():
    counts = {
        name: {**group, "reliable_improvement": group["finished"] // 2} for name, group in COUNTS.items()
    }
    gap = attribute_flows(
        counts, "reliable_improvement", by="ethnic_group", between=BETWEEN, period="2024-25"
    )
    assert [bar.stage for bar in gap.bars] == ["finished", "outcome"]
    assert gap.to_json()["official"]["group"] == {"numerator": 165, "denominator": 330, "percentage": 50.0}


def test_what_is_missing_is_named():
    with pytest.raises(UnknownName, match="no counts for 'Mixed'"):
        attribute_flows(COUNTS, by="ethnic_group", between=("Mixed", "White"), period="2024-25")
    with pytest.raises(YourData, match="no 'recovery'"):
        attribute_flows(COUNTS, "M192", by="ethnic_group", between=BETWEEN, period="2024-25")


@pytest.fixture(scope="module")
def annual(published_data):
    from joinedup.returns.published import read_published

    return read_published(published_data / "iapt" / "nhstt_measures_annual.parquet")


def test_the_published_flows_of_2024_25_read_as_the_gap_page_has_them(annual):
    gaps = published_gaps(annual, by="ethnic_group", period="2024-25", between=BETWEEN)
    assert len(gaps) == 9
    place, gap = gaps[0]
    told = release(gap, "as-published").value
    assert place == "All services"
    assert told.sentence() == (
        "Of every 100 referred, 12 reach reliable recovery, against 18 among people recorded as White: "
        "6.2 fewer (5.4 to 7.0). About 2.8 of the gap opens before a course is finished and 3.9 between "
        "finishing and recovering. 0.5 goes the other way because more are in scope. "
        "For 10,300 referrals that is about 640 fewer people a year."
    )
    assert told.to_json()["gap"] == gap.gap
    assert told.headline() == (
        "People recorded as Other Ethnic Groups reach reliable recovery less often, "
        "most of all between finishing and recovering"
    )


def test_every_group_of_every_service_adds_up_or_is_hidden(annual):
    gaps = published_gaps(annual, by="ethnic_category", period="2024-25")
    hidden = [gap for _, gap in gaps if gap.gap is None]
    assert len(gaps) > 100
    assert hidden
    for _, gap in gaps:
        if gap.gap is not None:
            assert np.isclose(sum(bar.contribution for bar in gap.bars), gap.gap, atol=1e-14)


def test_the_official_percentage_beside_it_is_the_published_one(annual):
    ((_, gap),) = published_gaps(
        annual, by="ethnic_group", period="2024-25", between=BETWEEN, organisations={"Board": ["QRV"]}
    )
    official = gap.to_json()["official"]
    assert official["measure_id"] == "M195"
    assert [round(official[name]["percentage"]) for name in ("group", "reference")] == [38, 50]


def test_the_official_measure_beside_each_outcome_is_its_own() -> None:
    beside = {outcome.flow: outcome.beside for outcome in OUTCOMES.values()}
    assert beside == {"reliable_recovery": "M195", "recovery": "M192", "reliable_improvement": "M186"}
    for flow, measure_id in beside.items():
        assert Measure.load(measure_id).slug == flow
