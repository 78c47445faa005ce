"""Waits of a million people: curves, competing ends and tests, for all groups in one call."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from benchmarks.tasks import Task
from joinedup.stats.competing import cumulative_incidence
from joinedup.stats.logrank import logrank_test
from joinedup.stats.survival import survival_curve

ROWS = 1_000_000
STATSMODELS = "statsmodels 0.15"
RECORDED = "CPU seconds recorded in shared/reference/performance.md"


@cache
def _waits(groups: int) -> tuple[Any, Any, Any]:
    """Weeks, how each wait ended (0 still waiting, 1 to 3), and the group; about a third are still waiting."""
    generator = np.random.default_rng(20261122)
    weeks = np.ceil(generator.exponential(20, ROWS))
    end = np.where(generator.random(ROWS) < 0.7, generator.integers(1, 4, ROWS), 0)
    return weeks, end, generator.integers(0, groups, ROWS)


def _one_by_one(groups: int, call: Any) -> list[Any]:
    weeks, end, group = _waits(groups)
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(1, groups))
    parts = zip(np.split(weeks[order], edges), np.split(end[order], edges), strict=True)
    return [call(*part) for part in parts]


def _curves(groups: int) -> object:
    weeks, end, group = _waits(groups)
    return survival_curve(weeks, end > 0, groups=group)


def _their_curves() -> object:
    from statsmodels.duration.survfunc import SurvfuncRight

    return _one_by_one(1_000, lambda weeks, end: SurvfuncRight(weeks, (end > 0).astype(int)))


def _incidences() -> object:
    weeks, end, group = _waits(100)
    return cumulative_incidence(weeks, end, waiting=0, groups=group)


def _their_incidences() -> object:
    from statsmodels.duration.survfunc import CumIncidenceRight

    # its error of the last step, where everybody has ended, divides by 0
    with np.errstate(all="ignore"):
        return _one_by_one(100, CumIncidenceRight)


def _test() -> object:
    weeks, end, group = _waits(8)
    return logrank_test(weeks, end > 0, group)


def _their_test() -> object:
    from statsmodels.duration.survfunc import survdiff

    weeks, end, group = _waits(8)
    return survdiff(weeks, (end > 0).astype(int), group)


def tasks() -> list[Task]:
    """Nothing gates: the peers are vectorised too. Their curves have no limits, ours do."""
    people = f"{ROWS:,} people"
    return [
        Task(
            "Kaplan-Meier with limits",
            f"{people}, 1,000 groups",
            lambda: _curves(1_000),
            f"{STATSMODELS} (group by group, no limits)",
            _their_curves,
        ),
        Task(
            "Kaplan-Meier with limits, few groups",
            f"{people}, 8 groups",
            lambda: _curves(8),
            "survival 3.8-3 (R)",
            recorded=0.993,
            note=RECORDED,
        ),
        Task(
            "Aalen-Johansen, 3 ends",
            f"{people}, 100 groups",
            _incidences,
            f"{STATSMODELS} (group by group, no limits)",
            _their_incidences,
        ),
        Task(
            "log-rank test", f"{people}, 8 groups", _test, STATSMODELS, _their_test, note="R: 1.23 s recorded"
        ),
    ]
