"""Control charts and run charts of many series, beside the Python packages and the recorded R ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.tasks import Task
from joinedup.stats.run_charts import run_chart
from joinedup.stats.shewhart import i_chart
from joinedup.stats.xmr import XmrChart, xmr_chart

POINTS = 36
RECORDED = "shared/reference/performance.md, CPU seconds on this machine, 22 Nov 2026"


@cache
def _series(count: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    values = np.random.default_rng(20261122).normal(50, 5, count * POINTS)
    return values, np.repeat(np.arange(count), POINTS)


def _charts(count: int, **lengths: int) -> XmrChart:
    values, groups = _series(count)
    return xmr_chart(values, groups, target=48, better="higher", **lengths)


def _run_and_i_chart(count: int) -> None:
    chart = i_chart(*_series(count))
    run_chart(chart.value, _series(count)[1], centre=chart.centre)


@cache
def _tables(count: int) -> list[Any]:
    """The table of each series that the peers ask for, made once."""
    import pandas as pd

    return [pd.DataFrame({"value": values}) for values in _series(count)[0].reshape(count, POINTS)]


def _one_by_one(count: int, chart: Callable[[Any], object]) -> None:
    for table in _tables(count):
        chart(table)


def _nhspy() -> None:
    from nhspy_plotthedots.pandas_spc_calculations import pandas_spc_x_calc

    _one_by_one(1_000, lambda table: pandas_spc_x_calc(table, "value"))


def _abspc() -> None:
    from abspc.spc import calculate_control_limits, detect_special_causes

    _one_by_one(1_000, lambda table: detect_special_causes(calculate_control_limits(table, "XmR")))


def tasks() -> list[Task]:
    """Ours give icons too; the Python peers here have limits and rules only."""
    return [
        Task(
            "XmR with rules and icons",
            f"1,000 series of {POINTS}",
            lambda: _charts(1_000),
            peer_name="nhspy-plotthedots",
            peer=_nhspy,
            recorded=1.63,
            at_least=100,
            note=f"recorded where it is not installed: {RECORDED}",
        ),
        Task(
            "XmR with rules and icons, runs of 8 and 6",
            f"1,000 series of {POINTS}",
            lambda: _charts(1_000, shift_points=8, trend_points=6),
            peer_name="abspc 1.1.0",
            peer=_abspc,
            recorded=1.92,
            at_least=100,
            note=f"recorded where it is not installed: {RECORDED}",
        ),
        Task(
            "XmR with rules and icons",
            f"10,000 series of {POINTS}",
            lambda: _charts(10_000),
            peer_name="NHSRplotthedots 0.2.2",
            recorded=23.3,
            at_most=0.16,
            note=RECORDED,
        ),
        Task(
            "i chart with run chart rules",
            f"1,000 series of {POINTS}",
            lambda: _run_and_i_chart(1_000),
            peer_name="qicharts2 0.8.1",
            recorded=35.5,
            note=RECORDED,
        ),
        Task(
            "Run chart rules",
            f"10,000 series of {POINTS}",
            lambda: run_chart(*_series(10_000)),
        ),
    ]
