"""Slope and relative index with limits, for many area-indicators of ten deciles."""

from __future__ import annotations

import numpy as np

from benchmarks.tasks import Task
from joinedup.stats.slope_index import slope_and_relative_index
from joinedup.stats.who_logistic import logistic_slope_index

SETTINGS, DECILES = 1_000, 10
PEER_SECONDS_EACH = 0.37
LOGISTIC_SECONDS_EACH = 0.0886


def tasks() -> list[Task]:
    """Proportions (nothing closed about them), rates and normal values, and the WHO's logistic line."""
    random = np.random.default_rng(3)
    population = random.integers(1_000, 20_000, SETTINGS * DECILES).astype(float)
    falls = np.tile(np.linspace(0.35, 0.2, DECILES), SETTINGS)
    events = random.binomial(population.astype(int), falls)
    share = events / population
    half = 1.96 * np.sqrt(share * (1 - share) / population)
    decile = np.tile(np.arange(1, DECILES + 1), SETTINGS)
    setting = np.repeat(np.arange(SETTINGS), DECILES)

    def slope(value_type: str) -> object:
        return slope_and_relative_index(
            share,
            population,
            lower=share - half,
            upper=share + half,
            quantile=decile,
            groups=setting,
            value_type=value_type,
        )

    size = f"{SETTINGS:,} area-indicators x {DECILES} deciles"
    found = [
        Task(
            name=f"slope and relative index with limits, {value_type}",
            size=size,
            ours=lambda value_type=value_type: slope(value_type),
            peer_name="PHEindicatormethods 2.1.0 (R)",
            recorded=PEER_SECONDS_EACH * SETTINGS,
            at_least=185.0,
            at_most=2.0,
            note="the peer: recorded 3.51, 37.5 and 120.7 s at 10, 100 and 300, extrapolated",
        )
        for value_type in ("proportion", "rate", "normal")
    ]
    logistic = Task(
        name="slope and relative index by a logistic line",
        size=size,
        ours=lambda: logistic_slope_index(share, population, decile, groups=setting),
        peer_name="healthequal 1.0.1 (R)",
        recorded=LOGISTIC_SECONDS_EACH * SETTINGS,
        at_least=100.0,
        note="the peer: recorded 8.86 CPU s at 100, its slope index alone, extrapolated",
    )
    return [*found, logistic]
