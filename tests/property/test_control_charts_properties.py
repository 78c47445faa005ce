"""Control charts and run charts of whatever comes: gaps, ties, constants, single points, any order of rows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from joinedup.stats.rebasing import rebase_rows, suggest_rebase
from joinedup.stats.run_charts import RULES, run_chart
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
from joinedup.stats.xmr import xmr_chart

NAN = float("nan")
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALONE: list[Callable[..., ControlChart]] = [i_chart, mr_chart, c_chart, g_chart, t_chart]
SHARED: list[Callable[..., ControlChart]] = [
    p_chart, p_prime_chart, u_chart, u_prime_chart, i_prime_chart,
]  # fmt: skip
LINES = ("value", "centre", "lower", "upper", "lower_warning", "upper_warning")

# Small whole numbers tie often and hit the mean exactly; NaN is a gap.
numbers = st.one_of(
    st.integers(0, 6).map(float), st.just(NAN), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
)
tables = st.lists(st.tuples(st.sampled_from("abc"), numbers, st.booleans()), min_size=1, max_size=30)
better = st.sampled_from(["higher", "lower", "neither"])


def columns(table: list[tuple[Any, ...]]) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*table, strict=True)]


@FEW
@given(tables, better, st.booleans(), st.sampled_from([None, 12]))
def test_xmr_of_anything(
    table: list[tuple[Any, ...]], better: str, screen: bool, baseline: int | None
) -> None:
    groups, values, marks = columns(table)
    chart = xmr_chart(
        values,
        groups,
        rebase=marks,
        better=better,
        screen=screen,
        baseline=baseline,
        target=3,
        shift_points=4,
    )
    n, missing = values.size, np.isnan(values)
    for name in ("stretch", "mean", "lower", "upper", "side", "outside", "near", "cause", "kind"):
        assert getattr(chart, name).shape == (n,)
    assert ((chart.cause == "No value") == missing).all()
    assert not (chart.outside & chart.near).any()
    assert not (chart.outside | chart.near)[missing].any()
    assert (chart.stretches.points + chart.stretches.missing).sum() == n
    assert (chart.stretches.kinds.sum(axis=1) == chart.stretches.points + chart.stretches.missing).all()
    known = ~np.isnan(chart.upper)
    assert (chart.lower[known] <= chart.upper[known]).all()
    assert chart.variation.shape == chart.assurance.shape == chart.groups.shape == (len(set(groups)),)


@FEW
@given(tables, better, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_when_they_have_times(
    table: list[tuple[Any, ...]], better: str, random: Any
) -> None:
    groups, values, marks = columns(table)
    when = np.arange(values.size)
    shuffled = np.array(random.sample(range(values.size), values.size))
    kept = xmr_chart(values, groups, when=when, rebase=marks, better=better)
    mixed = xmr_chart(
        values[shuffled], groups[shuffled], when=when[shuffled], rebase=marks[shuffled], better=better
    )
    assert (mixed.cause == kept.cause[shuffled]).all()
    assert (mixed.kind == kept.kind[shuffled]).all()
    np.testing.assert_array_equal(mixed.upper, kept.upper[shuffled])
    icons = dict(zip(kept.groups, kept.variation, strict=True))
    assert icons == dict(zip(mixed.groups, mixed.variation, strict=True))


@FEW
@given(tables)
def test_many_series_are_as_one_at_a_time(table: list[tuple[Any, ...]]) -> None:
    groups, values, marks = columns(table)
    chart = xmr_chart(values, groups, rebase=marks, target=2, better="lower")
    runs = run_chart(values, groups)
    for i, label in enumerate(chart.groups):
        rows = groups == label
        alone = xmr_chart(values[rows], rebase=marks[rows], target=2, better="lower")
        assert (alone.cause == chart.cause[rows]).all()
        np.testing.assert_allclose(alone.upper, chart.upper[rows], rtol=1e-9, atol=1e-6)
        assert (alone.variation[0], alone.assurance[0]) == (chart.variation[i], chart.assurance[i])
        run = run_chart(values[rows])
        for name in (
            "centre",
            "useful",
            "longest_run",
            "longest_run_limit",
            "crossings",
            "crossings_limit",
            "signal",
        ):
            np.testing.assert_array_equal(getattr(run, name)[0], getattr(runs, name)[i])


@FEW
@given(
    st.lists(st.one_of(st.integers(-8, 8).map(float), st.just(NAN)), min_size=1, max_size=40),
    st.sampled_from([2.0, 0.25, 64.0]),
)
def test_scale_and_mirror(values: list[float], by: float) -> None:
    plain, scaled, mirrored = (xmr_chart(np.array(values) * k, better="higher") for k in (1, by, -1))
    assert (plain.cause_codes == scaled.cause_codes).all()
    np.testing.assert_allclose(scaled.upper, plain.upper * by, rtol=1e-12)
    np.testing.assert_allclose(mirrored.upper, -plain.lower, rtol=1e-12)
    swapped = np.array([1, 0, 3, 2, 5, 4, 7, 6, 8, 9])[plain.cause_codes]
    assert (mirrored.cause_codes == swapped).all()


def causes_by_loops(values: np.ndarray, mean: float, lower: float, upper: float) -> list[bool]:
    """Which points are special, rule by rule, window by window."""
    n, special = values.size, np.zeros(values.size, bool)
    third = 2 / 3 * (upper - mean)
    near = [lower <= v <= upper and abs(v - mean) > third for v in values]
    for i in range(n):
        special[i] |= bool(values[i] > upper or values[i] < lower)
        seven, three = values[i : i + 7], values[i : i + 3]
        if len(seven) == 7 and ((seven > mean).all() or (seven < mean).all()):
            special[i : i + 7] = True
        if len(seven) == 7 and ((np.diff(seven) > 0).all() or (np.diff(seven) < 0).all()):
            special[i : i + 7] = True
        if len(three) == 3 and ((three > mean).all() or (three < mean).all()) and sum(near[i : i + 3]) >= 2:
            special[i : i + 3] |= near[i : i + 3]
    return special.tolist()


@FEW
@given(
    st.lists(st.one_of(st.integers(-4, 4).map(float), st.just(NAN)), min_size=2, max_size=40), st.booleans()
)
def test_the_rules_are_those_of_plain_loops(values: list[float], drift: bool) -> None:
    given_values = np.array(values) + drift * np.arange(len(values)) / 3
    chart = xmr_chart(given_values)
    special = [code < 8 for code in chart.cause_codes]
    assert special == causes_by_loops(given_values, chart.mean[0], chart.lower[0], chart.upper[0])


@FEW
@given(tables, st.integers(2, 6))
def test_suggestions_are_rows_with_enough_on_both_sides(table: list[tuple[Any, ...]], fewest: int) -> None:
    groups, values, marks = columns(table)
    found = suggest_rebase(values, groups, rebase=marks, shift_points=3, fewest=fewest)
    chart = xmr_chart(values, groups, rebase=marks)
    assert len(set(chart.stretch[found.row])) == found.row.size
    for row, group, before, after in zip(found.row, found.group, found.before, found.after, strict=True):
        assert groups[row] == group
        part = np.flatnonzero(chart.stretch == chart.stretch[row])
        sides = [values[part[part < row]], values[part[part >= row]]]
        assert min((~np.isnan(side)).sum() for side in sides) >= fewest
        np.testing.assert_allclose(
            [before, after], [np.nanmean(side) for side in sides], rtol=1e-9, atol=1e-6
        )


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), min_size=1),
    st.lists(st.integers(0, 5), max_size=4),
)
def test_marks_are_where_the_time_is(rows: list[tuple[int, str]], at: list[int]) -> None:
    when, groups = columns(rows)
    assert rebase_rows(when, at, must_exist=False).tolist() == [time in at for time in when]
    found = rebase_rows(when, at, groups, ["a"] * len(at), must_exist=False)
    assert found.tolist() == [time in at and group == "a" for time, group in rows]


counts = st.one_of(st.integers(0, 5).map(float), st.just(NAN))
pairs = st.lists(st.tuples(st.sampled_from("ab"), counts, counts), min_size=1, max_size=25)


@pytest.mark.parametrize("chart", [*ALONE, *SHARED])
@settings(max_examples=20, deadline=None)
@given(table=pairs, baseline=st.sampled_from([None, 1, 3]))
def test_shewhart_charts_of_anything(
    chart: Callable[..., ControlChart], table: list[tuple[Any, ...]], baseline: int | None
) -> None:
    groups, x, n = columns(table)
    args = (x + (chart is t_chart),) if chart in ALONE else (np.minimum(x, n), n)
    whole, times = (chart(*args, groups, baseline=baseline, multiplier=k) for k in (1, 100))
    assert whole.outside.shape == x.shape
    for line in LINES:
        assert getattr(whole, line).shape == x.shape
        np.testing.assert_allclose(getattr(times, line), 100 * getattr(whole, line), rtol=1e-9)
    known = ~np.isnan(whole.upper)
    order = [whole.lower, whole.lower_warning, whole.upper_warning, whole.upper]
    for low, high in pairwise(order):
        assert (low[known] <= high[known] + 1e-12).all()
    for label in set(groups):
        rows = groups == label
        alone = chart(*(arg[rows] for arg in args), baseline=baseline)
        for line in LINES:
            np.testing.assert_allclose(
                getattr(alone, line), getattr(whole, line)[rows], rtol=1e-9, atol=1e-12
            )


@FEW
@given(tables, st.sampled_from(RULES))
def test_run_charts_of_anything(table: list[tuple[Any, ...]], rule: str) -> None:
    groups, values, _ = columns(table)
    found = run_chart(values, groups, rule=rule)
    assert found.points.sum() == values.size
    assert (found.useful <= found.points).all()
    some = found.useful > 0
    assert (np.isnan(found.longest_run) == ~some).all()
    assert not found.signal[~some].any()
    assert (found.longest_run + found.crossings <= found.useful)[some].all()
    if rule != "cutbox":
        beyond = (found.longest_run > found.longest_run_limit) | (found.crossings < found.crossings_limit)
        assert (found.signal == beyond).all()


@FEW
@given(st.lists(numbers, min_size=1, max_size=40))
def test_runs_do_not_change_with_scale(values: list[float]) -> None:
    assume(not np.isnan(values).all())
    plain, scaled = (run_chart(np.array(values) * k) for k in (1, -4))
    assert plain.crossings.tolist() == scaled.crossings.tolist() or np.isnan(plain.crossings[0])
    assert plain.signal.tolist() == scaled.signal.tolist()
