"""Claims of stays and placements in worlds of which the truth is known: what does the whole check say of them?

Eight boroughs are ours, 24 others are those compared with. Before are the three years up to the change, after the
three from it on; in the clear-out world the year in which those who had stayed longest were discharged, and the next.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from joinedup.improvement import ClaimVerdict, Stays, StaysHeld, check_claims, find_claims, ties_of
from joinedup.improvement.months import months_of
from joinedup.improvement.movements import stays_moved
from joinedup.improvement.staying import stay_figures
from joinedup.twin.stays import World, make_stays
from tests.simulation.gap_simulator import at_least, at_most

OURS = [f"ours {number}" for number in range(8)]
OTHERS = [f"other {number}" for number in range(24)]
SENTENCE = (
    "Average stays have halved (from 3.4 years to 1.5), and our use of independent placements reduced by 20%."
)
CLAIMS = find_claims([SENTENCE])
SPANS = {"before": "2019-04 to 2022-03", "after": "2022-04 to 2025-03"}
QUICK, LONG = 5, 300
STAY, PLACEMENT = 0, 1


def held(seed, world):
    made = make_stays(seed, world)
    names = [*OURS, *OTHERS]
    table = Stays(made.admitted, made.left, place_names(made.place, names), made.independent)
    return StaysHeld(table, dict.fromkeys(names, 200_000), "2019-04", "2025-03")


def place_names(numbers, names):
    return np.array(names)[numbers]


def ties(comparison=OTHERS, spans=SPANS):
    both = [("from 3.4 years to 1.5", "length_of_stay"), ("reduced by 20%", "independent_placements")]
    fields = {"places": OURS, "comparison": comparison, **spans}
    return ties_of(
        {"ties": [{"text": SENTENCE, "claim": words, "measure": name, **fields} for words, name in both]}
    )


def checked(seed, world, **how):
    return check_claims(CLAIMS, ties(**how), held(seed, world))


def seen(world, seed, runs, **how):
    """How often each verdict is given, for the claim of stays and that of placements."""
    found = [checked(1_000 * seed + run, world, **how) for run in range(runs)]
    return [Counter(each[claim].verdict for each in found) for claim in (STAY, PLACEMENT)]


def check_trend(seed, runs):
    """A fall that everyone has is no success of ours."""
    for counted in seen(World.EVERYWHERE, seed, runs):
        assert at_least(counted[ClaimVerdict.NOT_BEYOND_THE_TREND], runs, 0.90), counted


def test_a_national_trend_explains_it(seed):
    check_trend(seed, QUICK)


CLEARED = {"before": "2021-04 to 2022-03", "after": "2022-04 to 2023-03"}


def check_clear_out(seed, runs):
    counted = seen(World.CLEAR_OUT, seed, runs, spans=CLEARED)[STAY]
    assert at_least(counted[ClaimVerdict.NOT_SUPPORTED], runs, 0.95), counted


def test_a_clear_out_is_no_shorter_stay(seed):
    check_clear_out(seed, 3)
    found = checked(seed, World.CLEAR_OUT, spans=CLEARED)[STAY]
    figures = stay_figures(
        held(seed, World.CLEAR_OUT).stays(),
        places=OURS,
        comparison=(),
        **{k: months_of(v) for k, v in CLEARED.items()},
    )
    before, after = figures.windows
    # what a report would claim: the discharged stayed half as long as in the year before
    assert after.of_discharged < 0.65 * before.of_discharged
    assert stays_moved(figures)[0].value > 0
    assert found.verdict == "not supported"
    assert "The mean of the discharged, as it would be claimed" in found.found


@pytest.mark.full
def test_the_worlds_at_length(seed):
    check_trend(seed, LONG)
    check_clear_out(seed, LONG)
    for counted in seen(World.STEADY, seed, LONG):
        assert at_least(counted[ClaimVerdict.NOT_SUPPORTED], LONG, 0.90), counted
        assert at_most(counted[ClaimVerdict.SUPPORTED], LONG, 0.05), counted
    for counted in seen(World.OURS, seed, LONG):
        assert at_least(counted[ClaimVerdict.SUPPORTED], LONG, 0.80), counted
