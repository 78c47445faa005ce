"""What a gap says in words, and what a chain refuses to be."""

from __future__ import annotations

import json

import pytest

from joinedup.disclosure import release
from joinedup.equity import Chain, GapAttribution, Stage
from joinedup.equity.outcomes import OUTCOMES, outcome_of
from joinedup.errors import UnknownName, YourCommand

OUTCOME = outcome_of("reliable_recoveries_per_referral")
STAGES = OUTCOME.chain("cohort")
WHITE = (6_000, [4_000, 2_600, 2_500, 2_250, 2_200, 1_500, 1_050])


def gap_of(referred, passed, reference=WHITE, **more):
    chains = tuple(Chain.of_counts(STAGES, n, p, [0] * 7) for n, p in ((referred, passed), reference))
    return GapAttribution(OUTCOME, "cohort", "ethnic_group", ("Mixed", "White"), chains, **more)


def test_no_difference_is_said_as_no_evidence_of_one():
    gap = gap_of(1_000, [665, 430, 415, 372, 363, 248, 172])
    assert "no evidence of a difference" in gap.sentence()
    assert (
        gap.headline()
        == "No evidence that people recorded as Mixed reach reliable recovery more or less often"
    )


def test_a_gap_the_other_way_is_more():
    gap = gap_of(2_000, [1_500, 1_100, 1_080, 1_000, 980, 750, 600])
    assert gap.headline() == "People recorded as Mixed reach reliable recovery more often"
    assert "12.5 more (" in gap.sentence()
    assert "For 2,000 referrals that is about 250 more people a year." in gap.sentence()


def test_a_gap_that_opens_at_no_one_step_says_so():
    gap = gap_of(2_000, [1_280, 800, 760, 670, 648, 427, 290])
    assert gap.gap_limits[2] < 0
    assert "opens" in gap.sentence() or "No single step can be named with confidence." in gap.sentence()
    assert ("No single step" in gap.sentence()) == (not gap.claims)


def test_a_part_of_a_year_is_not_called_a_year():
    assert "a year" not in gap_of(2_000, [1_000, 600, 560, 500, 480, 300, 200], months=3).sentence()


def test_people_still_open_are_said_not_to_be_lost():
    gap = gap_of(2_000, [1_330, 860, 500, 450, 440, 300, 210])
    assert "more are still open, who are not lost" in gap.sentence()


def test_small_released_percentages_are_whole_and_json_is_plain():
    told = release(gap_of(940, [600, 380, 360, 320, 310, 200, 133])).value.to_json()
    assert told["rates"]["group"] == 0.14
    assert told["rates"]["reference"] == 0.175
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["profile"] == "nhs-england"


@pytest.mark.parametrize("exact", [False, True])
def test_nought_has_no_sign(exact):
    gap = gap_of(*WHITE)
    told = gap.to_json() if exact else release(gap).value.to_json()
    assert "-0.0," not in json.dumps(told)


def test_a_hidden_count_of_people_still_open_stands_at_two():
    stages = STAGES[:1]
    chain = Chain.of_counts(stages, 100, [60], [float("nan")])
    assert chain.factors().passed.tolist() == [98, 60]
    assert Chain.of_counts(stages, 100, [99], [float("nan")]).factors().passed.tolist() == [99, 99]


def test_a_chain_cannot_be_built_wrong():
    with pytest.raises(YourCommand, match="More people passed 'first treatment'"):
        Chain.of_counts(STAGES[:1], 10, [11])
    with pytest.raises(YourCommand, match="one count of each kind"):
        Chain.of_counts(STAGES[:2], 10, [9])
    flow = (Stage("finished", "finished", "leak", nested=False),)
    assert Chain.of_counts(flow, 10, [11]).rate == 1.1


@pytest.mark.parametrize("name", [name for o in OUTCOMES.values() for name in (o.name, o.beside, o.flow)])
def test_outcomes_go_by_name_by_national_id_and_by_measure(name):
    assert name in (outcome_of(name).name, outcome_of(name).beside, outcome_of(name).flow)
    assert outcome_of(outcome_of(name)) is outcome_of(name)


def test_an_unknown_outcome_names_the_nearest():
    with pytest.raises(UnknownName, match="Try recoveries_per_referral"):
        outcome_of("recoverys_per_referral")


def test_official_measures_beside_the_outcomes_exist():
    from joinedup.definitions import Measure

    for outcome in OUTCOMES.values():
        assert Measure.load(outcome.beside).official
