"""Shewhart charts by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.shewhart import (
    ControlChart,
    c_chart,
    g_chart,
    i_chart,
    i_prime_chart,
    mr_chart,
    p_chart,
    p_prime_chart,
    t_chart,
    u_chart,
    u_prime_chart,
)

NAN = float("nan")


def holds(chart: ControlChart, centre: Any, spread: Any, low: float = -np.inf, high: float = np.inf) -> None:
    """The lines are the centre and 3 and 2 spreads about it, within `low` and `high`."""
    centre, spread = np.broadcast_arrays(*(np.asarray(x, float) for x in (centre, spread)))
    n = chart.value.size
    assert chart.centre == pytest.approx(np.broadcast_to(centre, n))
    assert chart.upper == pytest.approx(np.broadcast_to(np.minimum(centre + 3 * spread, high), n))
    assert chart.upper_warning == pytest.approx(np.broadcast_to(np.minimum(centre + 2 * spread, high), n))
    assert chart.lower == pytest.approx(np.broadcast_to(np.maximum(centre - 3 * spread, low), n))
    assert chart.lower_warning == pytest.approx(np.broadcast_to(np.maximum(centre - 2 * spread, low), n))


def test_i_chart() -> None:
    values = [10, 12, 11, 15]
    holds(i_chart(values), 12, 7 / 3 / 1.128)
    holds(i_chart(values, multiplier=10), 120, 70 / 3 / 1.128)
    holds(i_chart(values, baseline=3), 11, 1.5 / 1.128)
    assert i_chart([*values, 20]).outside.tolist() == [False] * 5
    assert i_chart([*values, 20], baseline=4).outside.tolist() == [False] * 4 + [True]


def test_i_chart_screened() -> None:
    values = [10.0, 11.0] * 6 + [30.0, 10.0]
    holds(i_chart(values, screen=True), np.mean(values), 1 / 1.128)
    ranges = np.abs(np.diff(values))
    holds(i_chart(values), np.mean(values), ranges.mean() / 1.128)
    holds(i_chart([4.0] * 3, screen=True), 4, 0)


def test_mr_chart() -> None:
    chart = mr_chart([10, 12, 11, 15])
    assert np.isnan(chart.value[0])
    assert chart.value[1:].tolist() == [2, 1, 4]
    assert chart.centre == pytest.approx([7 / 3] * 4)
    assert chart.upper == pytest.approx([3.267 * 7 / 3] * 4)
    assert chart.upper_warning == pytest.approx([2.178 * 7 / 3] * 4)
    assert chart.lower.tolist() == chart.lower_warning.tolist() == [0] * 4
    assert mr_chart([10, 12, 11, 40], baseline=3, multiplier=2).outside.tolist() == [False] * 3 + [True]
    assert mr_chart([10, 12, 11, 40], baseline=3, multiplier=2).centre == pytest.approx([3] * 4)


def test_p_chart() -> None:
    x, n = np.array([4, 6, 30]), np.array([50, 100, 250])
    spread = np.sqrt(0.1 * 0.9 / n)
    chart = p_chart(x, n)
    assert chart.value == pytest.approx(x / n)
    holds(chart, 0.1, spread, 0, 1)
    holds(p_chart(x, n, multiplier=100), 10, 100 * spread, 0, 100)
    holds(p_chart([5, 5, 0], [10, 10, 10], baseline=2), 0.5, sqrt(0.025), 0, 1)
    holds(p_chart([9, 9], [10, 10]), 0.9, sqrt(0.009), 0, 1)
    assert p_chart([10, 10, 39], [100, 100, 100], baseline=2).outside.tolist() == [False, False, True]
    assert p_chart([40, 40, 11], [100, 100, 100], baseline=2).outside.tolist() == [False, False, True]


def test_u_and_c_charts() -> None:
    x, n = np.array([4, 6, 30]), np.array([50, 100, 250])
    holds(u_chart(x, n), 0.1, np.sqrt(0.1 / n), 0)
    holds(u_chart(x, n, baseline=2, multiplier=1000), 1000 / 15, 1000 * np.sqrt(1 / 15 / n), 0)
    holds(c_chart([9, 16, 11]), 12, sqrt(12), 0)
    holds(c_chart([30, 20, 40], baseline=2, multiplier=2), 50, 10, 0)
    assert c_chart([10, 8, 25]).outside.tolist() == [False] * 3
    assert c_chart([10, 8, 30]).outside.tolist() == [False, False, True]
    assert u_chart([200], [1]).upper > 1


@pytest.mark.parametrize(
    ("plain", "prime", "high"), [(p_chart, p_prime_chart, 1), (u_chart, u_prime_chart, np.inf)]
)
def test_laney_widens_by_the_spread_between_points(
    plain: Callable[..., ControlChart], prime: Callable[..., ControlChart], high: float
) -> None:
    x, n = np.array([400.0, 650, 480, 620, 900]), np.array([1000, 1200, 1000, 1250, 1600])
    base = plain(x, n)
    spread = (base.upper_warning - base.centre) / 2
    z = (base.value - base.centre) / spread
    wide = np.abs(np.diff(z)).mean() / 1.128
    holds(prime(x, n), base.centre, spread * wide, 0, high)
    holds(prime(x, n, multiplier=100), 100 * base.centre, 100 * spread * wide, 0, 100 * high)


def test_laney_screened_and_from_a_baseline() -> None:
    x, n = np.array([500.0, 520] * 6 + [900]), np.full(13, 1000)
    for chart, variance in ((p_prime_chart, lambda c: c * (1 - c)), (u_prime_chart, lambda c: c)):
        centre = x.sum() / n.sum()
        # Moving ranges are all 0.02 but the last, which is screened out.
        holds(chart(x, n, screen=True), centre, 0.02 / 1.128, 0)
        assert chart(x, n).upper[0] > chart(x, n, screen=True).upper[0]
        holds(chart(x, n, baseline=12), 0.51, 0.02 / 1.128, 0)
        assert variance(centre) > 0


def test_laney_where_no_one_or_all_have_the_event() -> None:
    for events in (0, 10):
        for chart in (p_prime_chart, u_prime_chart) if events == 0 else (p_prime_chart,):
            holds(chart([events] * 3, [10] * 3), events / 10, 0)
    assert np.isnan(p_prime_chart([1], [2]).upper).all()  # one point has no moving range


def test_i_prime_chart() -> None:
    x, n = np.array([20.0, 66, 30]), np.array([10, 30, 20])
    value, centre = x / n, x.sum() / n.sum()
    s = [abs(value[i + 1] - value[i]) * sqrt(pi / 2) / sqrt(1 / n[i] + 1 / n[i + 1]) for i in range(2)]
    holds(i_prime_chart(x, n), centre, np.mean(s) / np.sqrt(n))
    holds(i_prime_chart(x, n, multiplier=5), 5 * centre, 5 * np.mean(s) / np.sqrt(n))
    holds(i_prime_chart(x, n, baseline=2), 86 / 40, s[0] / np.sqrt(n))
    assert i_prime_chart([-5.0, -6], [5, 5]).value.tolist() == [-1, -1.2]
    wild = np.array([10.0, 11] * 6 + [60])
    holds(i_prime_chart(wild, np.ones(13), screen=True), wild.mean(), sqrt(pi / 2) / sqrt(2))
    assert i_prime_chart(wild, np.ones(13)).upper[0] > i_prime_chart(wild, np.ones(13), screen=True).upper[0]


def test_g_chart_shows_the_median() -> None:
    chart = g_chart([2, 4, 12])
    spread = sqrt(6 * 7)
    assert chart.centre.tolist() == [4] * 3
    assert chart.upper == pytest.approx([6 + 3 * spread] * 3)
    assert chart.upper_warning == pytest.approx([6 + 2 * spread] * 3)
    assert chart.lower.tolist() == [0] * 3
    assert g_chart([2, 4, 12, 6]).centre.tolist() == [5] * 4
    assert g_chart([2, 4, 90], baseline=2, multiplier=10).centre.tolist() == [30] * 3
    assert g_chart([2, 4, 90], baseline=2).outside.tolist() == [False, False, True]


def test_t_chart_is_an_i_chart_of_roots() -> None:
    times = np.array([20.0, 4, 9, 31])
    roots = i_chart(times ** (1 / 3.6))
    chart = t_chart(times)
    assert chart.value.tolist() == times.tolist()
    assert chart.centre == pytest.approx(roots.centre**3.6)
    assert chart.upper == pytest.approx(roots.upper**3.6)
    assert chart.upper_warning == pytest.approx(roots.upper_warning**3.6)
    assert chart.lower == pytest.approx(roots.lower**3.6)
    assert chart.lower_warning == pytest.approx(roots.lower_warning**3.6)
    assert t_chart([20, 1, 30, 2]).lower.tolist() == [0] * 4
    assert t_chart(times, multiplier=7).upper == pytest.approx(7 * chart.upper)
    assert t_chart(times, multiplier=7).value == pytest.approx(7 * times)
    assert t_chart([5, 6, 5, 6, 900], baseline=4).outside.tolist() == [False] * 4 + [True]
    wild = [5.0, 6.0] * 6 + [900]
    assert t_chart(wild).upper[0] > t_chart(wild, screen=True).upper[0]


ALONE: list[Callable[..., ControlChart]] = [i_chart, mr_chart, c_chart, g_chart, t_chart]
SHARED: list[Callable[..., ControlChart]] = [
    p_chart, p_prime_chart, u_chart, u_prime_chart, i_prime_chart,
]  # fmt: skip


@pytest.mark.parametrize("chart", [*ALONE, *SHARED])
def test_groups_times_and_gaps(chart: Callable[..., ControlChart]) -> None:
    x, n = np.array([5.0, 9, NAN, 4, 7, 8]), np.array([10, 20, 30, 10, NAN, 30])
    args = (x,) if chart in ALONE else (x, n)
    groups = np.array(list("abbaab"))
    when = np.array([3, 1, 2, 1, 2, 3])
    together = chart(*args, groups, when=when)
    for label in "ab":
        rows = np.flatnonzero(groups == label)
        rows = rows[np.argsort(when[rows])]
        alone = chart(*(arg[rows] for arg in args))
        for name in ("value", "centre", "lower", "upper", "lower_warning", "upper_warning", "outside"):
            np.testing.assert_allclose(getattr(together, name)[rows], getattr(alone, name), rtol=1e-12)
    assert np.isnan(together.value[2])
    assert not together.outside[2]


@pytest.mark.parametrize("chart", SHARED)
def test_nothing_out_of_nothing_is_missing(chart: Callable[..., ControlChart]) -> None:
    found = chart([0, 5, 6], [0, 10, 10])
    assert np.isnan(found.value[0])
    assert np.isnan(found.upper[0])
    assert found.centre == pytest.approx([0.55] * 3)
    nothing = chart([0], [0])
    assert np.isnan(nothing.centre).all()
    single = chart([3, 4], 8)
    assert single.value == pytest.approx([3 / 8, 0.5])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: p_chart([3], [2]), "below 0 or above"),
        (lambda: p_prime_chart([-1], [2]), "below 0 or above"),
        (lambda: u_chart([-1], [2]), "below 0"),
        (lambda: u_chart([1], [-2]), "below 0"),
        (lambda: u_prime_chart([-1], [2]), "below 0"),
        (lambda: c_chart([-1]), "below 0"),
        (lambda: g_chart([-1]), "below 0"),
        (lambda: i_prime_chart([1], [-1]), "below 0"),
        (lambda: t_chart([1, 0]), "0 or below"),
        (lambda: i_chart([1], baseline=0), "baseline is 0"),
        (lambda: p_chart([], []), "at least one row"),
        (lambda: u_chart([], []), "at least one row"),
        (lambda: i_chart(["x"]), "needs numbers"),
    ],
)
def test_refusals(call: Callable[[], ControlChart], message: str) -> None:
    with pytest.raises(YourCommand, match=message):
        call()


def test_a_count_on_a_limit_is_within_it() -> None:
    """Mean 9: limits 0 and 18."""
    chart = c_chart([0, 18, 9, 9])
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == (9, 0, 18)
    assert not chart.outside.any()
