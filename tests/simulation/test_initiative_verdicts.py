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
QUICK, LONG = 160, 1_000
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


def verdicts(seed, runs, *, effect, places=1):
    """Verdicts and the boroughs that changed; `effect` in standard deviations of their month."""
    rng = np.random.default_rng(seed)
    found = []
    for run in range(runs):
        changed = [(run + step) % 8 for step in range(places)]
        counts = release(counts_of(rng, effect * residual(changed), changed)).value
        found.append((judge(initiative(changed), counts), changed))
    return found


def as_share(log_odds):
    return 100 / (1 + np.exp(-log_odds))


def alarms(found):
    return sum(verdict.verdict in GOOD for verdict, _ in found)


def test_false_worked_and_true_found(seed):
    assert at_most(alarms(verdicts(seed, QUICK, effect=0.0)), QUICK, 0.05)
    assert at_least(alarms(verdicts(seed, QUICK, effect=2.5, places=2)), QUICK, 0.80)


@pytest.mark.full
def test_false_worked_at_length(seed):
    for places in (1, 2):
        assert at_most(alarms(verdicts(seed, LONG, effect=0.0, places=places)), LONG, 0.05)
