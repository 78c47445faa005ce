"""Funnels of many units at once: the verdict of every unit, beside what the R programs took."""

from __future__ import annotations

import numpy as np

from benchmarks.tasks import Task
from joinedup.stats.funnel import funnel_verdict
from joinedup.stats.funnel_counts import ratio_verdict
from joinedup.stats.overdispersion import overdispersed_funnel
from joinedup.stats.variation import variation

SOURCE = "CPU seconds of the R program, recorded in reference/performance.md"


def tasks() -> list[Task]:
    """Flags of ratios and proportions, an over-dispersed funnel, and variation between many sets of places."""
    random = np.random.default_rng(1)
    expected = random.uniform(1, 500, 100_000)
    observed = random.poisson(expected * random.lognormal(0, 0.1, 100_000)).astype(float)
    size = random.integers(20, 1_000, 100_000)
    count = random.binomial(size, 0.4)
    boroughs = np.repeat(np.arange(125), 8)
    return [
        Task(
            "flags of ratios",
            "10,000 units",
            lambda: ratio_verdict(observed[:10_000], expected[:10_000]),
            peer_name="PHEindicatormethods (R)",
            recorded=2.66,
            note=SOURCE,
        ),
        Task(
            "flags of ratios",
            "100,000 units",
            lambda: ratio_verdict(observed, expected),
            at_most=0.1,
        ),
        Task(
            "flags of proportions",
            "100,000 units",
            lambda: funnel_verdict(count, size),
            peer_name="PHEindicatormethods (R)",
            recorded=0.020,
            note=SOURCE,
        ),
        Task(
            "over-dispersed funnel, SHMI",
            "100,000 units",
            lambda: overdispersed_funnel(observed, expected, scale="log"),
            peer_name="FunnelPlotR (R)",
            recorded=1.24,
            note=SOURCE,
        ),
        Task(
            "variation of eight boroughs with ranks",
            "125 sets of 8 places",
            lambda: variation(count[:1_000], size[:1_000], groups=boroughs),
        ),
    ]
