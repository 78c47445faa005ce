"""Limits, standardisation and quantiles over many areas at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from benchmarks.tasks import Task
from joinedup.stats.intervals import wilson_interval
from joinedup.stats.life_expectancy import life_expectancy
from joinedup.stats.quantiles import assigned_quantiles
from joinedup.stats.rates import crude_rates
from joinedup.stats.standardisation import directly_standardised_rates, indirectly_standardised_rates

ROWS, AREAS, AGES = 1_000_000, 50_000, 19
R_PEER = "PHEindicatormethods 2.1.0 (R)"
RECORDED = "CPU seconds recorded in shared/reference/performance.md"


@cache
def _counts() -> tuple[Any, Any]:
    generator = np.random.default_rng(20261122)
    n = generator.integers(1, 2_000, ROWS)
    return generator.binomial(n, 0.3), n


@cache
def _events() -> tuple[Any, Any]:
    """About a quarter of the counts below ten, where the limits are exact."""
    generator = np.random.default_rng(3)
    return generator.poisson(generator.uniform(0, 40, ROWS)), generator.integers(100, 5_000, ROWS)


@cache
def _areas() -> dict[str, Any]:
    """One row for each area and age band, areas by number."""
    generator = np.random.default_rng(19)
    people = generator.integers(500, 6_000, AREAS * AGES)
    return {
        "events": generator.poisson(people * 0.004),
        "people": people,
        "standard": np.tile(generator.integers(1_000, 7_000, AGES), AREAS),
        "reference_events": np.tile(generator.integers(1_000, 7_000, AGES), AREAS),
        "reference_people": np.tile(generator.integers(500_000, 900_000, AGES), AREAS),
        "ages": np.tile(np.concatenate(([0, 1], np.arange(5, 90, 5)))[:AGES], AREAS),
        "areas": np.repeat(np.arange(AREAS), AGES),
    }


@cache
def _values() -> Any:
    return np.random.default_rng(7).normal(size=100_000)


def _direct() -> object:
    table = _areas()
    return directly_standardised_rates(*(table[name] for name in ("events", "people", "standard", "areas")))


def _indirect() -> object:
    table = _areas()
    names = ("events", "people", "reference_events", "reference_people", "areas")
    return indirectly_standardised_rates(*(table[name] for name in names))


def _life() -> object:
    table = _areas()
    return life_expectancy(*(table[name] for name in ("events", "people", "ages", "areas")))


def _statsmodels() -> object:
    from statsmodels.stats.proportion import proportion_confint

    return proportion_confint(*_counts(), method="wilson")


def tasks() -> list[Task]:
    return [
        Task(
            "Wilson limits",
            f"{ROWS:,} proportions",
            lambda: wilson_interval(*_counts()),
            peer_name="statsmodels",
            peer=_statsmodels,
            at_least=1 / 1.1,
        ),
        Task(
            "rates with exact or Byar's limits",
            f"{ROWS:,} rates",
            lambda: crude_rates(*_events()),
            peer_name=R_PEER,
            recorded=1.78,
            note=RECORDED,
        ),
        Task(
            "direct standardisation",
            f"{AREAS:,} areas x {AGES} ages",
            _direct,
            peer_name=R_PEER,
            recorded=13.7,
            at_most=0.2,
            note=RECORDED,
        ),
        Task(
            "indirect standardisation",
            f"{AREAS:,} areas x {AGES} ages",
            _indirect,
            peer_name=R_PEER,
            recorded=24.8,
            note=RECORDED,
        ),
        Task(
            "quantiles",
            "100,000 areas",
            lambda: assigned_quantiles(_values()),
            peer_name=R_PEER,
            recorded=0.050,
            note=RECORDED,
        ),
        Task("life expectancy", f"{AREAS:,} areas x {AGES} ages", _life),
    ]
