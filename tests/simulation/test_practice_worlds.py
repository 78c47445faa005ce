"""Nobody is named where all places are alike; one truly better is, at a stated size, and at its own stage."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import release
from joinedup.equity.practice_rules import beyond_chance
from tests.simulation.gap_simulator import at_least, at_most
from tests.simulation.practice_worlds import rounded, world

REFERRED = 3_000
"""A year, and so some 1,300 who finish treatment at caseness: what a North West London borough has."""
BETTER = 0.11
"""Added to the chance of recovering among those who improve: 8 more in 100 of the measure's people recover."""
MANY = [pytest.param(1_000, marks=pytest.mark.full)]


@pytest.mark.parametrize("times", [60, *MANY])
def test_where_all_are_alike_somebody_is_named_in_few_worlds(seed, times) -> None:
    rng = np.random.default_rng(seed)
    assert at_most(sum(bool(_named(rng)) for _ in range(times)), times, 0.05)


@pytest.mark.parametrize("times", [12, *MANY])
def test_one_truly_better_is_named_and_its_stage(seed, times) -> None:
    rng = np.random.default_rng(seed)
    found = [rounded(world(rng, REFERRED, better=BETTER)) for _ in range(times)]
    right = [one for one in found if [each.place for each in one.named] == ["P2"]]
    assert at_least(len(right), times, 0.8)
    differs = [[step.stage for step in one.journey("P2") if step.differs == "more"] for one in right]
    assert at_least(sum("recovered" in one for one in differs), len(right), 0.8)
    assert at_most(sum(len(one) > 1 for one in differs), len(right), 0.05)


@pytest.mark.parametrize("times", [20, *MANY])
def test_one_that_was_better_for_a_quarter_alone_is_not(seed, times) -> None:
    rng = np.random.default_rng(seed)
    assert at_most(sum(bool(_named(rng, better=BETTER, lasting=1)) for _ in range(times)), times, 0.05)


def test_rounding_is_that_of_the_release(seed) -> None:
    made = world(np.random.default_rng(seed), REFERRED)
    assert release(made).value.counts() == rounded(made).counts()


def _named(rng, **more):
    found = rounded(world(rng, REFERRED, **more))
    return found.named if np.nanmin(beyond_chance(found)) < found.alpha else ()
