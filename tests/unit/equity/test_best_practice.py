"""Who is really better: from journeys, by each rule, in words, and through release with a code for every number."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from joinedup.definitions import Period
from joinedup.disclosure import Releasable, release
from joinedup.equity import best_practice, variation_between
from joinedup.equity.practice_codes import coded, practice_registry
from joinedup.equity.practice_rules import Reason
from joinedup.errors import UnknownName, YourCommand
from tests.simulation.gap_simulator import BACKGROUND, Records, World, simulate
from tests.simulation.practice_worlds import world


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate(World(BACKGROUND), 2_000, 4_000, np.random.default_rng(3))


@pytest.fixture(scope="module")
def better():
    return world(np.random.default_rng(5), 3_000, better=0.16)


def test_counts_are_those_of_the_spread_between_places(records) -> None:
    period = Period.parse("2024-25")
    found = best_practice(records, by="service", period=period)
    spread = variation_between(records, by="service", period=period)
    assert (found.places, found.measure_id) == (spread.places, "M195")
    assert found.people.tolist() == list(spread.denominator)
    assert found.outcomes.tolist() == list(spread.numerator)
    assert found.expected.tolist() == pytest.approx(list(spread.expected))
    quarter = variation_between(records, by="service", period=Period.parse(found.quarters[-1]))
    assert found.quarterly[-1].tolist() == [
        pytest.approx(list(row)) for row in (quarter.denominator, quarter.numerator, quarter.expected)
    ]
    assert found.passed_expected.sum(axis=1) == pytest.approx(found.passed.sum(axis=1))
    everyone = sum(bool(row) for row in records.journeys["ServDischDate"].to_pylist())
    assert 0 < found.referred.sum() <= everyone


def test_nobody_is_the_usual_answer(records) -> None:
    found = best_practice(records, by="service", period=Period.parse("2024-25"))
    assert found.named == ()
    assert found.sentence().startswith("Nobody is really better: in none of the 4 services do more people")
    assert found.to_json()["journeys"] == {}


def test_what_cannot_be_asked_says_what_can(records) -> None:
    for measure, by in (("reliable_recovery", "trust"), ("recoveries_per_referral", "borough")):
        with pytest.raises(YourCommand) as refused:
            best_practice(records, measure, by=by)
        assert refused.value.remedy
    with pytest.raises(UnknownName):
        best_practice(records, "happiness")


def test_places_too_small_to_show_are_named_without_a_figure(records) -> None:
    table = records.journeys
    service = np.array(table["service"].to_pylist(), dtype=object)
    service[:40] = "TINY0"
    at = table.schema.get_field_index("service")
    changed = Records(table.set_column(at, "service", pa.array(service.tolist(), pa.string())))
    found = best_practice(changed, by="service", period=Period.parse("2024-25"))
    assert found.left_out == ("TINY0",)
    last = coded(release(found))["places"][-1]
    assert (last["place"], last["reasons"], last["code"]) == ("TINY0", ["too few people to tell"], "")
    assert "people" not in last


def test_one_that_is_better_is_named_with_its_stage_in_words(better) -> None:
    released = release(better).value
    assert [one.place for one in released.named] == ["P2"]
    told = released.sentence()
    assert told.startswith("People in P2 really do better:")
    assert "more people go on" in told and "at “recovered”" in told
    answer = released.to_json()
    assert (answer["verdict"], answer["named"]) == ("really better", ["P2"])
    recovered = answer["journeys"]["P2"][-1]
    assert (recovered["stage"], recovered["differs"]) == ("recovered", "more")
    assert recovered["difference_lower"] < recovered["difference_points"] < recovered["difference_upper"]
    json.dumps(answer, allow_nan=False)
    assert "worst" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: {"known": one.known * 0.8}, Reason.UNKNOWN_MIX),
        (lambda one: {"quarterly": one.quarterly[-3:], "quarters": one.quarters[-3:]}, Reason.NOT_LASTING),
        (lambda one: {"expected": one.expected + np.eye(8)[2] * 120}, Reason.CASE_MIX),
    ],
)
def test_each_rule_alone_keeps_a_place_from_being_named(better, change, reason) -> None:
    found = replace(better, **change(better))
    assert reason in found.standings[2].reasons
    assert not found.named


def test_fewer_people_or_no_last_scores_are_said() -> None:
    few = world(np.random.default_rng(5), 120, better=0.28)
    assert {reason for one in few.standings for reason in one.reasons} <= {
        Reason.TOO_FEW, Reason.NOT_ABOVE, Reason.CASE_MIX,
    }  # fmt: skip
    unpaired = world(np.random.default_rng(5), 3_000, stage="paired", better=-0.2)
    assert (
        Reason.UNPAIRED not in unpaired.standings[2].reasons
    )  # it is not above the others: that alone is said
    assert float(unpaired.standings[2].paired) < 0.9


def test_what_leaves_is_computed_from_rounded_counts_and_every_number_opens(better) -> None:
    assert isinstance(better, Releasable)
    released = release(better)
    assert all(row["count"] % 5 == 0 for row in released.value.counts().to_pylist())
    assert release(released.value).value.to_json() == released.value.to_json()
    answer, registry = coded(released), practice_registry(released)
    codes = [row["code"] for row in (*answer["places"], *answer["journeys"]["P2"])]
    assert len(set(codes)) == len(codes) == 8 + len(better.stages)
    for code in codes:
        entry = registry[code]
        assert entry["figures"] and set(entry["made of"]) <= set(registry)
        assert entry["made of"]


def test_a_small_count_takes_its_place_out_with_its_figures(better) -> None:
    passed = better.passed.copy()
    passed[-1, 0] = 3.0
    shown = release(replace(better, passed=passed)).value
    assert shown.standings[0].reasons == (Reason.HIDDEN,)
    assert shown.to_json()["places"][0]["percentage"] is None


def test_a_small_quarter_is_hidden_and_not_counted(better) -> None:
    passed, quarterly = better.passed.copy(), better.quarterly.copy()
    passed[-1, 0], quarterly[4:, 1, 0] = 123.0, (3.0, 40.0, 40.0, 40.0)
    released = release(replace(better, passed=passed, quarterly=quarterly)).value
    (small,) = [one for one in released.counts().to_pylist() if one["count"] is None]
    assert (small["place"], small["period"], small["part"]) == ("P0", better.quarters[4], "outcomes")
    assert released.standings[0].of == 7
