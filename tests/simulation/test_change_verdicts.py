"""How often is a change seen where there is none, is the truth within the limits, is a large effect found?

Eight boroughs, 24 months before and 12 after, two of them changed; months remember each other (0.5), boroughs
share a season and shocks, one borough misses a month. Gates by DECISIONS.md 20.
"""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.stats.change import Aim, ChangeVerdict
from joinedup.stats.difference_in_differences import difference_in_differences
from joinedup.stats.interrupted_time_series import interrupted_time_series
from joinedup.stats.synthetic_control import synthetic_control
from tests.simulation.gap_simulator import at_least, at_most

BOROUGHS, MONTHS, START, PEOPLE = 8, 36, 24, 200
FIRST = np.datetime64("2023-04")
AIM = Aim(expected=0.10, worthwhile=0.02)
METHODS = (difference_in_differences, interrupted_time_series, synthetic_control)
QUICK, LONG = 120, 1_000


def world(rng, runs, *, effect=0.0, drift=0.0, rho=0.5, sd=0.15, changed=2, noise=1.0):
    """Rows of `runs` worlds. `drift` in SD a year of the changed boroughs, `noise` their SD over the others'."""
    month = np.arange(MONTHS)
    error = rng.normal(size=(runs, BOROUGHS, MONTHS))
    for t in month[1:]:
        error[..., t] = rho * error[..., t - 1] + np.sqrt(1 - rho**2) * error[..., t]
    moved = (np.arange(BOROUGHS) < changed)[:, None]
    spread = sd * np.where(moved, noise, 1.0)
    chance = rng.normal(0, 0.3, (runs, BOROUGHS, 1)) + spread * error
    chance += 0.1 * np.sin(2 * np.pi * month / 12) + rng.normal(0, 0.05, (runs, 1, MONTHS))
    chance += moved * (drift * sd * month / 12 + effect * (month >= START))
    x = rng.binomial(PEOPLE, 1 / (1 + np.exp(-chance))).astype(float)
    x[np.arange(runs), rng.integers(0, BOROUGHS, runs), rng.integers(0, MONTHS, runs)] = np.nan
    run, borough, at = np.indices(x.shape)
    return {
        "x": x.ravel(),
        "n": np.full(x.size, float(PEOPLE)),
        "place": borough.ravel(),
        "month": FIRST + at.ravel(),
        "groups": run.ravel(),
        "changed": dict.fromkeys(range(changed), FIRST + START),
        "aim": AIM,
    }


def missed(found, truth=0.0):
    return int(((found.lower > truth) | (found.upper < truth)).sum())


def check_alarms(method, seed, runs, **how):
    found = method(**world(np.random.default_rng(seed), runs, **how))
    assert at_most(missed(found), runs, 0.07)
    assert at_least(runs - missed(found), runs, 0.93)


def check_effect(method, seed, runs, **how):
    """Twice the smallest visible effect is within the limits, and is found."""
    rng = np.random.default_rng(seed)
    effect = 2 * float(np.median(method(**world(rng, 50, **how)).smallest_visible))
    found = method(**world(rng, runs, effect=effect, **how))
    assert at_least(runs - missed(found, effect), runs, 0.93)
    assert at_least(int((found.lower > 0).sum()), runs, 0.95)
    good = (ChangeVerdict.WORKED, ChangeVerdict.PARTLY)
    assert at_least(sum(verdict in good for verdict in found.verdict), runs, 0.95)


@pytest.mark.parametrize("method", METHODS)
def test_without_an_effect_it_is_seldom_seen(method, seed):
    check_alarms(method, seed, QUICK)


@pytest.mark.parametrize("drift", [0.5, 2.0])
@pytest.mark.parametrize("method", METHODS[:2])
def test_a_trend_is_no_effect(method, drift, seed):
    check_alarms(method, seed, QUICK, drift=drift)


@pytest.mark.parametrize("method", METHODS[:2])
def test_a_large_effect_is_found(method, seed):
    check_effect(method, seed, QUICK)


def test_one_noisier_borough_by_itself(seed):
    check_alarms(difference_in_differences, seed, QUICK, changed=1, noise=1.5, rho=0.2)


@pytest.mark.full
@pytest.mark.parametrize("changed", [1, 2, 4])
@pytest.mark.parametrize("rho", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("drift", [0.0, 0.5, 2.0])
def test_no_effect_at_length(changed, rho, drift, seed):
    for method in METHODS[:2]:
        check_alarms(method, seed, LONG, changed=changed, rho=rho, drift=drift)


@pytest.mark.full
@pytest.mark.parametrize("rho", [0.2, 0.5])
def test_effects_at_length(rho, seed):
    check_effect(difference_in_differences, seed, LONG, rho=rho)
    check_effect(interrupted_time_series, seed, LONG, rho=rho)
    check_alarms(synthetic_control, seed, LONG, rho=rho)
