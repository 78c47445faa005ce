"""The whole verdict on an initiative, from true counts through release to the word: how often is it wrong?

Eight boroughs with the sizes of real services, so that their noise differs fourfold; 24 months before and 12 after;
months remember each other (0.2); each borough drifts its own way; one month of one borough is missing. In each run
another borough is the one that changed. Gates by DECISIONS.md 20.
"""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import release
from joinedup.improvement import Initiative, MonthlyCounts, judge
from joinedup.improvement.months import month_after
from joinedup.stats.change import ChangeVerdict
from tests.simulation.gap_simulator import at_least, at_most

PEOPLE = np.array([110, 140, 170, 200, 240, 290, 340, 430])
"""People who finish a course in a month, by borough: the published spread of the services."""
SD = np.linspace(0.22, 0.08, 8)
"""Noise of a month beyond chance, in log odds: small services swing more."""
RHO, DRIFT, BEFORE, AFTER = 0.2, 0.25, 24, 12
START = month_after("2023-04", BEFORE)
MONTHS = [month_after("2023-04", at) for at in range(BEFORE + AFTER)]
PLACES = [f"B{at}" for at in range(8)]
QUICK, LONG = 40, 1_000
GOOD = (ChangeVerdict.WORKED, ChangeVerdict.PARTLY)


def residual(changed):
    """Standard deviation of a month of these boroughs together, in log odds: noise and chance (shares near half)."""
    variance = SD[changed] ** 2 + 4 / PEOPLE[changed]
    return float(np.sqrt(variance.mean()))


def counts_of(rng, effect, changed):
    """True counts of one world: `effect` in log odds from the start on in the changed boroughs."""
    month = np.arange(BEFORE + AFTER)
    noise = rng.normal(size=(8, month.size))
    for t in month[1:]:
        noise[:, t] = RHO * noise[:, t - 1] + np.sqrt(1 - RHO**2) * noise[:, t]
    odds = rng.normal(0, 0.2, (8, 1)) + SD[:, None] * noise + 0.08 * np.sin(2 * np.pi * month / 12)
    odds += rng.normal(0, 0.04, month.size) + rng.normal(0, DRIFT, (8, 1)) * SD[:, None] * month / 12
    odds[changed] += effect * (month >= BEFORE)
    x = rng.binomial(PEOPLE[:, None], 1 / (1 + np.exp(-odds))).astype(float)
    n = np.repeat(PEOPLE[:, None], month.size, axis=1).astype(float)
    x[rng.integers(8), rng.integers(month.size)] = np.nan
    return MonthlyCounts(
        "M195", "Reliable recovery", "higher", True, tuple(np.repeat(PLACES, month.size)), tuple(MONTHS * 8),
        tuple(x.ravel()), tuple(np.where(np.isnan(x), np.nan, n).ravel()),
    )  # fmt: skip


def initiative(changed):
    ours = tuple(PLACES[at] for at in changed)
    return Initiative(
        "Group sessions", START, ours, ("M195",), "adults", 0.10, 0.02,
        comparison=tuple(place for place in PLACES if place not in ours),
    )  # fmt: skip


def verdicts(seed, runs, *, effect, places=1, first=None):
    """Verdicts, and whether their limits hold the truth; `effect` in standard deviations of a month of the boroughs
    that changed: each in turn, or always from `first` on.
    """
    rng = np.random.default_rng(seed)
    found = []
    for run in range(runs):
        changed = [((run if first is None else first) + step) % 8 for step in range(places)]
        truth = effect * residual(changed)
        counts = release(counts_of(rng, truth, changed)).value
        verdict = judge(initiative(changed), counts)
        found.append((verdict, covers(verdict, counts, changed, truth)))
    return found


def covers(verdict, counts, changed, truth):
    """Whether the true effect, in points from the share before, lies within the limits as they are printed."""
    before = counts.of([PLACES[at] for at in changed], MONTHS[:BEFORE])
    share = np.nansum(before.arrays[0]) / np.nansum(before.arrays[1])
    points = 100 / (1 + np.exp(-np.log(share / (1 - share)) - truth)) - 100 * share
    return verdict.lower - 0.05 <= points <= verdict.upper + 0.05


def alarms(found):
    return sum(verdict.verdict in GOOD for verdict, _ in found)


def covered(found):
    return sum(covers for _, covers in found)


def test_false_worked_and_true_found(seed):
    """Two boroughs at a time; one by itself in the long run."""
    steady, moved = (verdicts(seed, QUICK, effect=effect, places=2) for effect in (0.0, 2.5))
    assert at_most(alarms(steady), QUICK, 0.05)
    assert at_least(alarms(moved), QUICK, 0.80)
    assert at_least(covered(steady) + covered(moved), 2 * QUICK, 0.93)


@pytest.mark.full
@pytest.mark.parametrize("places", [1, 2])
def test_false_worked_at_length(places, seed):
    found = verdicts(seed, LONG, effect=0.0, places=places)
    assert at_most(alarms(found), LONG, 0.05)
    assert at_least(covered(found), LONG, 0.93)


@pytest.mark.full
@pytest.mark.parametrize("places", [1, 2])
def test_true_effects_are_found_at_length(places, seed):
    """At 2.5 SD: 80%, where each borough in turn changed by itself, and where two did."""
    assert at_least(alarms(verdicts(seed, LONG, effect=2.5, places=places)), LONG, 0.80)


@pytest.mark.full
@pytest.mark.parametrize("borough", range(8))
def test_limits_hold_the_truth_in_every_borough(borough, seed):
    for effect in (0.0, 2.5):
        assert at_least(covered(verdicts(seed, LONG // 2, effect=effect, first=borough)), LONG // 2, 0.93)
