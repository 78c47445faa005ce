"""The gap from journeys: what it is made of, what it refuses, and what leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from joinedup.definitions import Period
from joinedup.disclosure import release
from joinedup.equity import attribute_gap, scan_gaps
from joinedup.errors import UnknownName, YourCommand
from tests.reference import gap as reference
from tests.simulation.gap_simulator import BACKGROUND, GROUP, REFERENCE, Records, World, simulate

BETWEEN = (GROUP, REFERENCE)
WORLD = World(BACKGROUND).leaking("second_treatment", 12)


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate(WORLD, 2_000, 6_000, np.random.default_rng(11), not_stated=400)


@pytest.fixture(scope="module")
def gap(records):
    return attribute_gap(records, by="ethnic_group", between=BETWEEN, follow_up=12)


def only(records, code):
    return records.journeys.filter(pc.equal(records.journeys["EthnicCategory"], code)).to_pylist()


def test_counts_are_those_of_going_row_by_row(records, gap):
    for code, chain in zip("SA", gap.chains, strict=True):
        expected = reference.cohort_chain(only(records, code), 12)
        assert [(n, p) for _, n, p, _ in expected] == list(zip(chain.reached, chain.passed, strict=True))
        assert [still for *_, still in expected] == list(chain.open)


def test_stages_case_mix_and_services_add_up_to_the_gap(gap):
    assert [bar.kind for bar in gap.bars[-2:]] == ["case_mix", "services"]
    assert np.isclose(sum(bar.contribution for bar in gap.bars), gap.gap, atol=1e-13)
    assert np.isclose(sum(bar.shapley for bar in gap.bars), gap.gap, atol=1e-13)
    assert np.isclose(gap.gap, gap.rates[0] - gap.rates[1], atol=1e-13)
    stages = sum(bar.contribution for bar in gap.bars[:-2])
    assert np.isclose(stages, gap.rates[0] - gap.standardised_rate, atol=1e-13)


def test_the_planted_leak_is_named_with_its_people(gap):
    largest = gap.claims[0]
    assert largest.stage == "second_treatment"
    assert np.isclose(largest.fewer_recoveries, -largest.contribution * 2_000)
    assert np.isclose(largest.extra_leavers, largest.reached * (largest.reference_rate - largest.group_rate))
    assert "between first and second treatment" in gap.sentence()


def test_people_still_open_or_out_of_scope_are_never_called_lost(gap):
    assert {bar.extra_leavers for bar in gap.bars if bar.kind != "leak"} == {None}
    assert not any(bar.claimed for bar in gap.bars if bar.kind != "leak")


def test_not_stated_is_a_bound_and_cannot_be_asked_for(records, gap):
    lowest, highest = gap.not_stated_bound
    assert lowest <= gap.gap <= highest
    n, x = gap.not_stated
    (n_a, n_b), (a, b) = gap.referrals, (gap.chains[0].passed[-1], gap.chains[1].passed[-1])
    assert n == 400
    assert np.isclose(highest, max((a + x) / (n_a + n) - b / n_b, gap.gap, a / n_a - (b + x) / (n_b + n)))
    with pytest.raises(YourCommand, match="never as a finding"):
        attribute_gap(records, by="ethnic_group", between=("Not stated", "White"), follow_up=12)


def test_swapping_the_groups_without_reweighting_changes_every_sign(records):
    there = attribute_gap(
        records, by="ethnic_group", between=BETWEEN, follow_up=12, level="borough", standardise=()
    )
    back = attribute_gap(records, by="ethnic_group", between=BETWEEN[::-1], follow_up=12, standardise=())
    assert there.mixes == back.mixes == ("services",)
    assert np.isclose(there.gap, -back.gap)


def test_what_the_groups_are_made_by_is_not_reweighted_on(records):
    by_decile = attribute_gap(records, by="deprivation_quintile", between=tuple(_quintiles()), follow_up=12)
    assert by_decile.standardised_on == ("age", "sex")
    by_service = attribute_gap(records, by="service", between=("RV3AR", "RV3CH"), follow_up=12)
    assert by_service.mixes == ("case_mix",)
    assert np.isclose(sum(bar.contribution for bar in by_service.bars), by_service.gap, atol=1e-13)


def _quintiles():
    from joinedup.definitions import Breakdown

    names = Breakdown.load("deprivation_quintile").stated_names
    return names[0], names[-1]


@pytest.mark.parametrize("outcome", ["recoveries_per_referral", "reliable_improvements_per_referral"])
def test_other_outcomes_have_chains_of_their_own(records, outcome):
    gap = attribute_gap(records, outcome, by="ethnic_group", between=BETWEEN, follow_up=12)
    rows = only(records, "S")
    wanted = "Recovery_Flag" if outcome == "recoveries_per_referral" else "ReliableImprovement_Flag"
    in_time = [r for r in rows if r["ServDischDate"] and r["TherapySession_SecondDate"] and r["Paired_Flag"]]
    scoped = [r for r in in_time if outcome != "recoveries_per_referral" or not r["NotCaseness_Flag"]]
    assert gap.chains[0].passed[-1] == sum(1 for row in scoped if row[wanted])


def test_the_discharged_basis_gives_the_official_percentage(records):
    period = Period.parse("2024-25")
    gap = attribute_gap(records, by="ethnic_group", between=BETWEEN, basis="discharged", period=period)
    rows = [r for r in only(records, "S") if r["ServDischDate"] and r["ServDischDate"] <= period.end]
    finished = [r for r in rows if r["TherapySession_SecondDate"]]
    in_scope = [r for r in finished if not r["NotCaseness_Flag"]]
    recovered = [r for r in in_scope if r["Recovery_Flag"] and r["ReliableImprovement_Flag"]]
    official = gap.to_json()["official"]["group"]
    assert (official["numerator"], official["denominator"]) == (len(recovered), len(in_scope))
    assert np.isclose(official["percentage"], 100 * len(recovered) / len(in_scope))
    assert not any(bar.kind == "open" for bar in gap.bars)
    assert gap.chains[0].referred == len(rows)


def test_follow_up_is_eighteen_months_while_more_than_one_in_twenty_are_open(records):
    slow = World(BACKGROUND, open={"first_treatment": 0.08, "second_treatment": 0.04})
    there = simulate(slow, 500, 500, np.random.default_rng(1))
    open_still = attribute_gap(there, by="ethnic_group", between=BETWEEN, period=_year(2024))
    assert open_still.follow_up == 12
    assert any("still open after 12 months" in warning for warning in open_still.warnings)
    later = replace(there, last_day=dt.date(2026, 9, 30))
    longer = attribute_gap(later, by="ethnic_group", between=BETWEEN, period=_year(2024))
    assert longer.follow_up == 18
    assert any("still open after 18 months" in warning for warning in longer.warnings)
    assert attribute_gap(records, by="ethnic_group", between=BETWEEN).follow_up == 18
    few = simulate(
        World(BACKGROUND, open={"first_treatment": 0.0, "second_treatment": 0.0}),
        500,
        500,
        np.random.default_rng(2),
    )
    ended = few.journeys.set_column(
        few.journeys.schema.get_field_index("ServDischDate"),
        "ServDischDate",
        pc.coalesce(few.journeys["ServDischDate"], pa.scalar(dt.date(2025, 3, 31), pa.date32())),
    )
    settled = attribute_gap(replace(few, journeys=ended), by="ethnic_group", between=BETWEEN)
    assert (settled.follow_up, settled.period, settled.months) == (12, "12m-2025-03", 12)
    assert settled.open_shares == (0.0, 0.0)


def test_only_referrals_that_can_be_followed_are_in_the_cohort(records):
    early = replace(records, last_day=dt.date(2025, 9, 30))
    gap = attribute_gap(early, by="ethnic_group", between=BETWEEN, period=_year(2024), follow_up=12)
    received = [row["ReferralRequestReceivedDate"] for row in only(records, "S")]
    assert gap.chains[0].referred == sum(day <= dt.date(2024, 9, 30) for day in received)
    assert any("too late in the period" in warning for warning in gap.warnings)
    with pytest.raises(YourCommand, match="has been followed for 24 months"):
        attribute_gap(records, by="ethnic_group", between=BETWEEN, period=_year(2024), follow_up=24)


def test_referrals_before_the_first_return_are_left_out(records):
    late = replace(records, first_day=dt.date(2024, 7, 1))
    gap = attribute_gap(late, by="ethnic_group", between=BETWEEN, period=_year(2024), follow_up=12)
    assert gap.chains[0].referred == sum(
        r["ReferralRequestReceivedDate"] >= late.first_day for r in only(records, "S")
    )
    assert any("before 2024-07-01" in warning for warning in gap.warnings)


def test_places_choose_services_and_roll_up(records):
    chosen = attribute_gap(records, by="ethnic_group", between=BETWEEN, follow_up=12, places=["RKL07"])
    assert chosen.chains[0].referred == sum(row["service"] == "RKL07" for row in only(records, "S"))
    trust = attribute_gap(
        records, by="ethnic_group", between=BETWEEN, follow_up=12, level="trust", places=["RKL"]
    )
    assert trust.chains[0] == chosen.chains[0]
    with pytest.raises(UnknownName, match="no referrals in XXX"):
        attribute_gap(records, by="ethnic_group", between=BETWEEN, places=["XXX"])


def test_referrals_stand_beside_residents(gap):
    per_thousand = gap.per_thousand
    assert all(value is not None and 0 < value < 100 for value in per_thousand)
    assert np.isclose(per_thousand[0], 1_000 * gap.referrals[0] / gap.residents[0])


@pytest.mark.parametrize(
    ("between", "message"),
    [
        (("Nobody", "White"), "no group 'Nobody'"),
        (("White", "White"), "two different groups"),
        (("Mixed", "White"), "No referral"),
    ],
)
def test_groups_that_are_not_there_are_named(records, between, message):
    with pytest.raises((UnknownName, YourCommand), match=message):
        attribute_gap(records, by="ethnic_group", between=between, follow_up=12)


def test_everything_released_is_computed_from_released_counts(gap):
    released = release(gap)
    table = released.value.counts().to_pylist()
    assert all(row["count"] is None or (row["count"] % 5 == 0 and row["count"] >= 5) for row in table)
    again = gap.with_counts(released.value.counts(), released.value.display)
    assert again.to_json() == released.value.to_json()
    assert np.isclose(sum(bar.contribution for bar in released.value.bars), released.value.gap, atol=1e-13)
    told = released.value.to_json()
    assert set(told) >= {"gap", "lower", "upper", "stages"}
    assert set(told["stages"][0]) == {
        "stage", "kind", "contribution", "lower", "upper", "claimed", "fewer_recoveries", "extra_leavers"
    }  # fmt: skip
    assert len(released.registry) == released.value.counts().num_rows


def test_two_sets_of_journeys_with_the_same_released_counts_leave_alike(gap):
    """Nothing but the released counts decides what leaves."""
    counts = gap.counts()
    shifted = [
        n + 1 if n is not None and n % 5 in (0, 1, 3, 4) and n > 10 else n
        for n in counts["count"].to_pylist()
    ]
    moved = gap.with_counts(counts.set_column(3, "count", pa.array(shifted, pa.int64())), None)
    assert moved.counts() != counts
    one, other = release(gap).value, release(moved).value
    assert one.counts() == other.counts()
    assert one.to_json() == other.to_json()


def test_a_small_group_is_hidden_altogether(records):
    codes = records.journeys["EthnicCategory"]
    group, others = (records.journeys.filter(pc.equal(codes, code)) for code in "SA")
    few = pa.concat_tables([group.slice(0, 15), others])
    gap = attribute_gap(replace(records, journeys=few), by="ethnic_group", between=BETWEEN, follow_up=12)
    told = release(gap).value.to_json()
    assert told["gap"] is None
    assert {bar["contribution"] for bar in told["stages"]} == {None}
    assert "Hidden to protect people" in told["sentence"]
    assert gap.gap is not None


def test_a_stage_that_no_one_reached_says_so(records):
    group = records.journeys.filter(pc.equal(records.journeys["EthnicCategory"], "S"))
    at = group.schema.get_field_index("TherapySession_SecondDate")
    nobody = group.set_column(at, "TherapySession_SecondDate", pa.nulls(group.num_rows, pa.date32()))
    both = pa.concat_tables(
        [nobody, records.journeys.filter(pc.equal(records.journeys["EthnicCategory"], "A"))]
    )
    gap = attribute_gap(replace(records, journeys=both), by="ethnic_group", between=BETWEEN, follow_up=12)
    bars = {(bar.stage, bar.kind): bar for bar in gap.bars}
    assert np.isclose(bars["second_treatment", "leak"].contribution, gap.rates[0] - gap.standardised_rate)
    assert bars["first_treatment", "leak"].contribution == 0
    for stage, kind in (("ended", "open"), ("scope", "scope"), ("paired", "leak"), ("recovered", "leak")):
        assert (bars[stage, kind].note, bars[stage, kind].contribution) == ("no one reached", 0)
        assert bars[stage, kind].lower is None
    assert "No one reached the later steps" in gap.sentence()


def test_flows_are_not_asked_of_journeys(records):
    with pytest.raises(YourCommand, match="published counts, not journeys"):
        attribute_gap(records, by="ethnic_group", between=BETWEEN, basis="flows")


def test_a_scan_claims_with_false_discoveries_held_down(records):
    scan = scan_gaps(records, by="ethnic_group", groups=[GROUP], follow_up=12)
    assert [place for place, _ in scan.gaps] == ["RKL07", "RV383", "RV3AR", "RV3CH"]
    assert len(scan.findings) == 4 * 5
    assert {finding.bar.stage for finding in scan.claims} >= {"second_treatment"}
    p = sorted((finding.bar.p_value, finding.adjusted) for finding in scan.findings)
    assert np.isclose(p[0][1], min(value * 20 / (rank + 1) for rank, (value, _) in enumerate(p)))
    anyhow = replace(scan, dependence="any")
    assert len(anyhow.claims) <= len(scan.claims)
    factor = sum(1 / k for k in range(1, 21))
    assert np.isclose(anyhow.findings[0].adjusted, min(1, scan.findings[0].adjusted * factor))


def test_a_scan_leaves_as_its_gaps_would(records):
    scan = scan_gaps(records, by="ethnic_group", groups=[GROUP], follow_up=12)
    released = release(scan)
    for (_, whole), (_, one) in zip(released.value.gaps, scan.gaps, strict=True):
        assert whole.to_json() == release(one).value.to_json()
    assert release(released.value).value.counts() == released.value.counts()
    with pytest.raises(YourCommand, match="by service or borough"):
        scan_gaps(records, by="ethnic_group", level="trust")


def _year(start):
    return Period.parse(f"{start}-{(start + 1) % 100}")
