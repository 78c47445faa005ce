"""The spread of an outcome between places: which people, what is expected of them, what leaves."""

from __future__ import annotations

import json
import math

import numpy as np
import pyarrow as pa
import pytest

from joinedup.definitions import Period
from joinedup.disclosure import Releasable, release
from joinedup.equity.variation import PlaceVariation, expected_by_place, variation_between
from joinedup.errors import UnknownName, YourCommand
from joinedup.stats.variation import variation
from tests.simulation.gap_simulator import BACKGROUND, Records, World, simulate


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate(World(BACKGROUND), 3_000, 6_000, np.random.default_rng(3))


@pytest.fixture(scope="module")
def spread(records) -> PlaceVariation:
    return variation_between(records, by="service", period=Period.parse("2024-25"))


def of_places(*rows: tuple[float, float, float]) -> PlaceVariation:
    """A spread made of counts by place: people, outcomes, expected."""
    from joinedup.equity.outcomes import outcome_of

    n, x, e = zip(*rows, strict=True)
    codes = tuple(f"P{k}" for k in range(len(rows)))
    return PlaceVariation(
        outcome_of("M195"),
        "M195",
        "Reliable recovery",
        "borough",
        codes,
        tuple(n),
        tuple(x),
        tuple(e),
        snapshot=1,
    )


def test_the_official_percentage_is_of_those_who_finished_at_caseness(records, spread):
    rows = records.journeys.to_pylist()
    end = Period.parse("2024-25").end
    for place, n, x in zip(spread.places, spread.denominator, spread.numerator, strict=True):
        finished = [
            row
            for row in rows
            if row["service"] == place
            and row["ServDischDate"]
            and row["ServDischDate"] <= end
            and row["TherapySession_SecondDate"]
            and not row["NotCaseness_Flag"]
        ]
        won = [row for row in finished if row["Recovery_Flag"] and row["ReliableImprovement_Flag"]]
        assert (n, x) == (len(finished), len(won))


def test_expected_outcomes_add_up_to_all_outcomes(spread):
    assert sum(spread.expected) == pytest.approx(sum(spread.numerator), rel=1e-9)
    assert spread.standardised_on == ("age", "sex", "deprivation")
    assert spread.measure_id == "M195"


def test_an_outcome_per_referral_is_of_all_referrals_followed(records):
    found = variation_between(
        records, "reliable_recoveries_per_referral", by="service", period=Period.parse("2024-25")
    )
    assert found.measure_id == "reliable_recoveries_per_referral"
    assert sum(found.denominator) == records.journeys.num_rows
    improved = variation_between(records, "M186", by="service", period=Period.parse("2024-25"))
    assert improved.measure_id == "M186"
    assert sum(improved.denominator) > sum(
        variation_between(records, by="service", period=Period.parse("2024-25")).denominator
    )


def test_the_spread_is_that_of_its_counts(spread):
    by_hand = variation(spread.numerator, spread.denominator, spread.expected)
    assert spread.found.real.upper[0] == by_hand.real.upper[0]
    assert np.array_equal(spread.found.shrunken.rank, by_hand.shrunken.rank)


def test_case_mix_is_told_apart_from_places():
    # Young people recover less; place b has twice as many, and both do as well with the same people.
    place = np.repeat([0, 1], 3_000)
    young = np.concatenate([np.arange(3_000) % 3 == 0, np.arange(3_000) % 3 != 0]).astype(int)
    y = np.where(young == 1, 0.3, 0.6)
    expected = expected_by_place(y, place, young, np.array([3_000, 3_000]))
    assert expected == pytest.approx(np.bincount(place, y))
    # The same, but place b does 10 points worse with everybody: that is no case mix.
    worse = y - 0.1 * place
    expected = expected_by_place(worse, place, young, np.array([3_000, 3_000]))
    assert expected.sum() == pytest.approx(worse.sum())
    assert (expected[0] - expected[1]) / 3_000 == pytest.approx(0.1)  # of mix alone: a third of 30 points
    assert expected[0] < np.bincount(place, worse)[0] - 100


def test_without_case_mix_everyone_is_expected_to_do_alike(records):
    found = variation_between(records, by="service", period=Period.parse("2024-25"), standardise=())
    level = sum(found.numerator) / sum(found.denominator)
    assert found.expected == pytest.approx(level * np.array(found.denominator))


def test_what_leaves_is_computed_from_rounded_counts(spread):
    released = release(spread).value
    assert isinstance(spread, Releasable)
    for name in ("denominator", "numerator", "expected"):
        assert all(count % 5 == 0 for count in getattr(released, name))
    again = variation(released.numerator, released.denominator, released.expected, noise=released._noise)
    answer = released.to_json()
    assert answer["shares"]["real"]["upper"] == round(100 * again.real.upper[0])
    assert answer["real_sd_points"]["value"] == round(100 * again.sd.value[0], 1)
    assert answer["profile"] == "nhs-england"
    for at, row in enumerate(answer["places"]):
        assert row["rank"] == round(again.shrunken.rank[at], 1)
        assert row["estimate"] == released.display.percentage(
            100 * again.shrunken.estimate[at], row["denominator"]
        )
    json.dumps(answer, allow_nan=False)
    json.dumps(spread.to_json(), allow_nan=False)
    assert release(released).value.to_json() == answer


def test_rounding_widens_what_chance_explains():
    rows = [(40.0, 20.0, 20.0), (45.0, 15.0, 20.0), (50.0, 30.0, 25.0), (60.0, 30.0, 30.0)]
    plain = of_places(*rows)
    released = release(plain).value
    assert released.denominator == plain.denominator
    assert released.found.chance.value[0] > plain.found.chance.value[0]
    share = 95 / 195
    assert released._noise == pytest.approx(4 / np.array([40, 45, 50, 60.0]) ** 2 / (4 * share * (1 - share)))
    assert (plain._noise == 0).all()


def test_a_small_count_is_hidden_with_all_that_hangs_on_it():
    shown = release(of_places((100, 3, 20), (100, 40, 30), (200, 60, 60), (300, 90, 90))).value
    answer = shown.to_json()
    hidden = answer["places"][0]
    assert {
        hidden[name] for name in ("numerator", "denominator", "expected", "percentage", "rank", "estimate")
    } == {None}
    assert hidden["verdict"] is None
    assert answer["places"][1]["numerator"] == 40
    assert "left out of this: 1 place." in " ".join(answer["warnings"])
    assert int(shown.found.places[0]) == 3


def test_outliers_are_against_what_is_expected():
    found = of_places((400, 280, 200), (400, 200, 200), (400, 120, 120), (400, 120, 200), (400, 185, 230))
    assert found.outliers.unit.tolist() == ["P0", "P3", "P4"]
    answer = found.to_json()["outliers"]
    assert [row["verdict"] for row in answer] == ["High (0.001)", "Low (0.001)", "Low (0.001)"]
    assert answer[0]["difference_points"] == 20
    assert answer[0]["percentage"] == pytest.approx(70)
    assert answer[0]["expected_percentage"] == pytest.approx(50)
    assert "one in 500" in " ".join(found.to_json()["warnings"])


def test_the_verdict_in_words():
    real = of_places(*[(400, 100 + 100 * (k % 2), 150) for k in range(8)])
    assert "more than chance and case mix" in real.sentence()
    assert "95% limits" in real.sentence()
    unsure = of_places(*[(400, 150, 150)] * 8)
    assert "cannot tell whether reliable recovery really differs between the 8 boroughs" in unsure.sentence()
    assert "8 places say little" in " ".join(unsure.to_json()["warnings"])
    little = of_places(*[(400_000, 150_000, 150_000)] * 25)
    assert "can be ruled out" in little.sentence()
    assert not little.to_json()["warnings"]
    one = of_places((400, 150, 150))
    assert "cannot be told from 1 of them" in one.sentence()
    none = of_places((math.nan, 3.0, 3.0))
    assert none.to_json()["real_sd_points"]["value"] is None


def test_names_and_identity(spread):
    assert "Westminster" in " ".join(spread.names) or all(spread.names)
    assert of_places((1, 1, 1)).names == ("P0",)
    identity = spread.identity()
    assert identity["measure_id"] == "M195"
    assert identity["filters"]["variation_by"] == "service"
    assert identity["filters"]["period"] == "2024-25"


def test_small_places_and_unknown_ones_are_left_out_and_said_so(records):
    table = records.journeys
    service = np.array(table["service"].to_pylist(), dtype=object)
    service[:15], service[15:20] = "TINY0", None
    at = table.schema.get_field_index("service")
    changed = table.set_column(at, "service", pa.array(service.tolist(), pa.string()))
    other = Records(changed)
    found = variation_between(other, by="service", period=Period.parse("2024-25"))
    assert "TINY0" not in found.places
    assert "" not in found.places
    told = " ".join(found.warnings)
    assert "fewer than 20 people, or 5 with or without" in told
    assert "no known place" in told
    with pytest.raises(YourCommand, match="No place has 20 people"):
        variation_between(other, by="service", period=Period.parse("2024-25"), places=["TINY0"])


def test_who_is_left_out_by_size_and_by_outcome():
    from joinedup.equity.variation import large_places

    rows = [("A", 20, 5), ("B", 19, 9), ("C", 20, 4), ("D", 20, 16), ("E", 20, 15), ("", 30, 15)]
    place = np.concatenate([np.repeat(code, n) for code, n, _ in rows])
    won = np.concatenate([np.arange(n) < x for _, n, x in rows])
    codes, chosen, told = large_places(place, place != "", won)
    assert codes.tolist() == ["A", "E"]
    assert np.array_equal(chosen, np.isin(place, ["A", "E"]))
    assert len(told) == 2
    assert large_places(place[:20], chosen[:20], won[:20])[2] == []


def test_some_places_only(records):
    found = variation_between(
        records, by="service", period=Period.parse("2024-25"), places=["RV3CH", "RKL07"]
    )
    assert found.places == ("RKL07", "RV3CH")
    assert found.identity()["filters"]["places"] == ["RV3CH", "RKL07"]


def test_what_is_refused(records):
    with pytest.raises(YourCommand, match="not by ethnic_group"):
        variation_between(records, by="ethnic_group")
    with pytest.raises(UnknownName, match="no outcome per referral"):
        variation_between(records, "happiness")
