"""Claims of stays and placements in worlds of which the truth is known: what does the whole check say of them?

Eight boroughs are ours, 24 others are those compared with. Before is the two years up to the change (in the clear-out
world: the year in which those who had stayed longest were discharged), after the two years, or the year, from it on.
"""

from __future__ import annotations

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
SPANS = {"before": "2020-04 to 2022-03", "after": "2022-04 to 2024-03"}
QUICK, LONG = 24, 400
STAY, PLACEMENT = 0, 1


def held(seed, world):
    made = make_stays(seed, world)
    names = [*OURS, *OTHERS]
    table = Stays(made.admitted, made.left, place_names(made.place, names), made.independent)
    return StaysHeld(table, dict.fromkeys(names, 200_000), "2018-04", "2024-03")


def place_names(numbers, names):
    import numpy as np

    return np.array(names)[numbers]


def ties(comparison=OTHERS, spans=SPANS):
    both = [("from 3.4 years to 1.5", "length_of_stay"), ("reduced by 20%", "independent_placements")]
    fields = {"places": OURS, "comparison": comparison, **spans}
    return ties_of(
        {"ties": [{"text": SENTENCE, "claim": words, "measure": name, **fields} for words, name in both]}
    )


def checked(seed, world, **how):
    return check_claims(CLAIMS, ties(**how), held(seed, world))


def times(world, claim, verdict, seed, runs, **how):
    return sum(checked(1_000 * seed + run, world, **how)[claim].verdict == verdict for run in range(runs))


def check_trend(seed, runs):
    """A fall that everyone has is no success of ours, and one that only we have is."""
    for claim in (STAY, PLACEMENT):
        assert at_least(
            times(World.EVERYWHERE, claim, ClaimVerdict.NOT_BEYOND_THE_TREND, seed, runs), runs, 0.90
        )
        assert at_least(times(World.STEADY, claim, ClaimVerdict.NOT_SUPPORTED, seed, runs), runs, 0.90)
        assert at_most(times(World.STEADY, claim, ClaimVerdict.SUPPORTED, seed, runs), runs, 0.05)
        assert at_least(times(World.OURS, claim, ClaimVerdict.SUPPORTED, seed, runs), runs, 0.80)


def test_a_national_trend_explains_it(seed):
    check_trend(seed, QUICK)


CLEARED = {"before": "2021-04 to 2022-03", "after": "2022-04 to 2023-03"}


def check_clear_out(seed, runs):
    verdicts = times(World.CLEAR_OUT, STAY, ClaimVerdict.NOT_SUPPORTED, seed, runs, spans=CLEARED)
    assert at_least(verdicts, runs, 0.95)


def test_a_clear_out_is_no_shorter_stay(seed):
    check_clear_out(seed, QUICK)
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
