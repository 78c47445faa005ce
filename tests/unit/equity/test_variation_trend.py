"""Is the spread between places shrinking, once chance is taken out?"""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from joinedup.charts import chart, spread_trend
from joinedup.definitions import Period
from joinedup.disclosure import Releasable, release
from joinedup.equity import PlaceVariation, SpreadChange, VariationTrend, variation_trend
from joinedup.equity.outcomes import outcome_of
from joinedup.errors import YourCommand
from joinedup.stats import excess_variance
from tests.simulation.gap_simulator import BACKGROUND, Records, World, at_most, simulate

QUARTERS = [f"{year}-{str(year + 1)[2:]}-Q{q}" for year in (2022, 2023, 2024) for q in (1, 2, 3, 4)]


def trend(spreads: list[float], people: int, rng: np.random.Generator, places: int = 8) -> VariationTrend:
    """Twelve quarters of places whose true shares stand apart by the standard deviations given."""
    apart = rng.standard_normal(places)
    apart = (apart - apart.mean()) / apart.std()
    made = []
    for key, sd in zip(QUARTERS, spreads, strict=False):
        n = rng.poisson(people, places)
        x = rng.binomial(n, np.clip(0.5 + sd * apart, 0.02, 0.98))
        made.append(
            PlaceVariation(
                outcome_of("M195"), "M195", "Reliable recovery", "borough",
                tuple(f"P{k}" for k in range(places)), tuple(n.astype(float)), tuple(x.astype(float)),
                tuple(n * x.sum() / n.sum()), period=key, snapshot=1,
            )
        )  # fmt: skip
    return VariationTrend(tuple(made))


def test_a_spread_that_shrinks_is_found_and_one_that_grows(seed) -> None:
    rng = np.random.default_rng(seed)
    falling = list(np.linspace(0.08, 0.02, 12))
    assert trend(falling, 1_500, rng).change is SpreadChange.SHRINKING
    assert trend(falling[::-1], 1_500, rng).change is SpreadChange.GROWING


@pytest.mark.parametrize("sd", [0.0, pytest.param(0.03, marks=pytest.mark.full)])
def test_a_steady_spread_is_seldom_said_to_change(seed, sd) -> None:
    rng = np.random.default_rng(seed)
    said = sum(trend([sd] * 12, 300, rng).change is not SpreadChange.NO_EVIDENCE for _ in range(100))
    assert at_most(said, 100, 0.05)


def test_the_line_is_that_of_the_excess_variance_by_hand(seed) -> None:
    found = trend([0.05] * 12, 500, np.random.default_rng(seed))
    effects = [spread.effects for spread in found.spreads]
    by_hand = [np.var(y, ddof=1) - v.mean() for y, v in effects]
    assert found.line.gaps == pytest.approx(by_hand)
    assert np.sign(found.line.slope) == np.sign(found.line.last - found.line.first)


def test_too_few_periods_or_places_cannot_be_told() -> None:
    rng = np.random.default_rng(2)
    assert trend([0.05] * 3, 500, rng).change is SpreadChange.CANNOT_TELL
    two = trend([0.05] * 12, 500, rng, places=2)
    assert two.change is SpreadChange.CANNOT_TELL
    assert "cannot tell" in two.sentence()


def test_what_leaves_is_computed_from_released_counts(seed) -> None:
    found = trend(list(np.linspace(0.08, 0.02, 12)), 600, np.random.default_rng(seed))
    assert isinstance(found, Releasable)
    released = release(found)
    shown = released.value.counts().to_pylist()
    assert all(row["numerator"] % 5 == 0 and row["denominator"] % 5 == 0 for row in shown)
    assert [(row["period"], row["place"]) for row in shown] == [
        (spread.period, place) for spread in found.spreads for place in spread.places
    ]
    answer = json.loads(json.dumps(released.value.to_json()))
    assert (answer["profile"], answer["verdict"]) == ("nhs-england", "shrinking")
    assert "is shrinking" in answer["sentence"]
    assert len(answer["periods"]) == 12


def test_the_picture_says_the_finding_and_every_percentage_opens(seed) -> None:
    released = release(trend(list(np.linspace(0.08, 0.02, 12)), 600, np.random.default_rng(seed)))
    picture = spread_trend(released, slug="s", caption="x")
    assert picture.title == "Reliable recovery: the spread between boroughs is shrinking"
    assert set(picture.table.every_code) == set(released.registry)
    assert chart(released, "spread_trend", slug="s", caption="x").svg["page"].startswith("<svg")
    with pytest.raises(YourCommand):
        spread_trend(released.value, slug="s", caption="x")


def test_quarters_of_records_and_their_refusals() -> None:
    made = simulate(World(BACKGROUND), 2_000, 4_000, np.random.default_rng(3))
    records = Records(made.journeys, first_day=dt.date(2024, 10, 1), last_day=dt.date(2025, 6, 30))
    found = variation_trend(records, by="service")
    periods = [Period.parse(spread.period) for spread in found.spreads]
    assert [period.key for period in periods] == ["2024-25-Q3", "2024-25-Q4", "2025-26-Q1"]
    assert found.identity()["filters"] == {
        "question": "variation trend", "variation_by": "service", "standardised_on": ["age", "sex", "deprivation"],
    }  # fmt: skip
    short = Records(records.journeys, first_day=dt.date(2025, 6, 1), last_day=records.last_day)
    with pytest.raises(YourCommand, match="whole quarter"):
        variation_trend(short)


def test_excess_variance_takes_chance_out() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(2_000), 8)
    variance = rng.uniform(0.5, 1.5, group.size)
    effect = rng.normal(0, np.sqrt(variance + 2.0))
    excess, error = excess_variance(effect, variance, groups=group)
    assert excess.mean() == pytest.approx(2.0, abs=0.1)
    assert (error > 0).all()
    fixed = rng.normal(0, 1, 8)
    again = np.tile(fixed, 2_000) + rng.normal(0, 1, group.size)
    steady, typical = excess_variance(again, np.ones(group.size), groups=group)
    assert steady.std() == pytest.approx(typical.mean(), rel=0.1)


def test_excess_variance_of_too_few_is_missing_and_of_missing_is_not_invented() -> None:
    excess, error = excess_variance([1.0, 2.0, np.nan, 1.0, 3.0, 2.0], [1.0] * 6, groups=[0, 0, 0, 1, 1, 1])
    assert np.isnan(excess[0]) and np.isnan(error[0])
    assert excess[1] == pytest.approx(0.0)
    assert error[1] == pytest.approx(1.0)
    with pytest.raises(YourCommand):
        excess_variance([1.0, 2.0], [0.0, 1.0], groups=[0, 0])
    nothing, none = excess_variance([], [], groups=[])
    assert nothing.size == none.size == 0
