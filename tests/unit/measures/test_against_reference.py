"""Every measure, twice: the fast way and in plain loops, on random journeys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_journeys import Small, small

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period, months
from joinedup.measures import calculate
from tests.reference.measures import Answer, Cell, calculate_slowly

ON = date(2025, 6, 30)
PERIODS = (*months(3, ending="2025-06"), Period.parse("2025-26-Q1"), Period.parse("12m-2025-05"))
CORE = tuple(
    Measure.load(name)
    for name in ("M001", "M031", "M049", "M076", "M141", "M195", "M038", "M022", "DNA_RATE")
)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def quickly(
    measures: Sequence[Measure], journeys: Small, by: tuple[str, ...], level: str
) -> dict[Cell, Answer]:
    table = calculate(measures, journeys, by=by, place=level, on=ON, periods=PERIODS).table
    return {
        (row["measure_id"], row["period"], row["place"], row["group"] if by else "", row["group_2"]): (
            row["numerator"], row["denominator"], row["value"],
        )
        for row in table.to_pylist()
    }  # fmt: skip


def same(fast: dict[Cell, Answer], slow: dict[Cell, Answer], measures: Sequence[Measure]) -> None:
    missing = {cell: found for cell, found in slow.items() if cell not in fast and any(found[:2])}
    assert not missing
    nothing = {measure.id: _nothing(measure) for measure in measures}
    for cell, (numerator, denominator, value) in fast.items():
        expected = slow.get(cell, nothing[cell[0]])
        assert (numerator, denominator) == expected[:2], cell
        assert (value is None) == (expected[2] is None), cell
        assert value is None or math.isclose(value, expected[2], abs_tol=1e-9), cell


def _nothing(measure: Measure) -> Answer:
    """What nobody adds up to."""
    if measure.statistic in ("count", "sum"):
        return 0, None, 0.0
    return (0 if measure.statistic in ("percentage", "mean") else None), 0, None


@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(random=st.randoms(use_true_random=False), size=st.integers(0, 25))
def test_every_measure_is_the_same_in_plain_loops(random: Random, size: int) -> None:
    journeys = small(random, size)
    slow = calculate_slowly(Measure.all(), journeys.rows(), by=(), level="service", on=ON, periods=PERIODS)
    same(quickly(Measure.all(), journeys, (), "service"), slow, Measure.all())


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(
    random=st.randoms(use_true_random=False),
    size=st.integers(1, 40),
    by=st.sampled_from(
        [("ethnic_group",), ("age_band",), ("deprivation_decile",), ("ethnic_category", "gender")]
    ),
    level=st.sampled_from(["service", "borough", "partnership", "trust", "north_west_london", "total"]),
)
def test_groups_and_places_are_the_same_in_plain_loops(
    random: Random, size: int, by: tuple[str, ...], level: str
) -> None:
    journeys = small(random, size)
    breakdowns = [Breakdown.load(slug) for slug in by]
    slow = calculate_slowly(CORE, journeys.rows(), by=breakdowns, level=level, on=ON, periods=PERIODS)
    same(quickly(CORE, journeys, by, level), slow, CORE)


def test_a_wrong_answer_is_noticed() -> None:
    journeys = small(Random(4), 30)
    slow = calculate_slowly(CORE, journeys.rows(), by=(), level="service", on=ON, periods=PERIODS)
    cell = next(cell for cell, found in slow.items() if found[0])
    slow[cell] = (int(slow[cell][0] or 0) + 1, *slow[cell][1:])
    with pytest.raises(AssertionError):
        same(quickly(CORE, journeys, (), "service"), slow, CORE)
