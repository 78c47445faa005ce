"""Whatever waits are given, the curves and tests of waits answer or refuse: no crash, no warning, no row lost."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.errors import YourCommand
from joinedup.stats.competing import cumulative_incidence, incidence_at
from joinedup.stats.hazards import cox_regression
from joinedup.stats.length_of_stay import length_of_stay, length_of_stay_change, stays_in, ways_out
from joinedup.stats.logrank import logrank_test
from joinedup.stats.survival import survival_curve
from joinedup.stats.survival_summaries import (
    restricted_mean,
    restricted_mean_difference,
    survival_at,
    survival_quantiles,
)

EASY = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
TIMES = st.one_of(st.integers(0, 6).map(float), st.sampled_from([0.0, 0.1, 1e-9, 1e9, float("nan")]))
EVENTS = st.sampled_from([0.0, 1.0, 1.0, float("nan")])
ROWS = st.lists(
    st.tuples(TIMES, EVENTS, st.sampled_from(["a", "b", "c"]), st.sampled_from([1.0, 2.0, np.inf, np.nan])),
    max_size=14,
)
LIMITS = st.sampled_from(["log", "log-log", "plain"])
WAYS = ["still waiting", "started", "declined", "dropped out"]


def columns(rows: list[tuple[float, float, str, float]]) -> dict[str, Any]:
    """Times, events, groups, and entries that precede their times."""
    time, event, groups, ahead = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else [[]] * 4
    )
    return {"time": time, "event": event, "groups": groups, "entry": np.asarray(time) - np.asarray(ahead)}


def same(first: Any, second: Any) -> None:
    """Every array of two results is the same."""
    for name, value in vars(first).items():
        other = getattr(second, name)
        if np.asarray(value).dtype.kind == "f":
            np.testing.assert_allclose(value, other, rtol=1e-9, atol=1e-12, err_msg=name)
        else:
            np.testing.assert_array_equal(value, other, err_msg=name)


@EASY
@given(ROWS, LIMITS, st.integers(1, 4), st.floats(0.01, 0.99))
def test_curves_hold_their_shapes_and_lose_no_row(
    rows: list[Any], limits: Any, minimum: int, confidence: float
) -> None:
    given_ = columns(rows)
    curves = survival_curve(**given_, limits=limits, minimum_at_risk=minimum, confidence=confidence)
    assert curves.events.sum() + curves.censored.sum() + curves.left_out.sum() == len(rows)
    assert curves.used.sum() + curves.set_aside.sum() == curves.events.sum()
    assert ((curves.survival >= 0) & (curves.survival <= 1)).all()
    within = np.diff(curves.group) == 0
    assert (np.diff(curves.group) >= 0).all()
    assert (np.diff(curves.time)[within] > 0).all()
    assert (np.diff(curves.survival)[within] <= 0).all()
    drawn = ~np.isnan(curves.lower)
    assert (curves.lower[drawn] <= curves.survival[drawn] + 1e-12).all()
    assert (curves.survival[drawn] <= curves.upper[drawn] + 1e-12).all()
    assert (curves.at_risk >= curves.events + curves.censored).all()


@EASY
@given(ROWS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_does_not_matter(rows: list[Any], random: Any, delayed: bool) -> None:
    rows = sorted(rows, key=lambda row: row[2])  # labels stand in order of appearance
    shuffled = sorted(random.sample(rows, len(rows)), key=lambda row: row[2])
    one, other = columns(rows), columns(shuffled)
    if not delayed:
        del one["entry"], other["entry"]
    same(survival_curve(**one), survival_curve(**other))


@EASY
@given(ROWS, LIMITS)
def test_groups_together_are_each_alone(rows: list[Any], limits: Any) -> None:
    together = survival_curve(**columns(rows), limits=limits)
    asked = [0.5, 3.0, 100.0]
    means, at, quantiles = (
        restricted_mean(together, asked),
        survival_at(together, asked),
        survival_quantiles(together, [0.25, 0.5, 0.92]),
    )
    for place, label in enumerate(together.labels):
        alone = survival_curve(**columns([row for row in rows if row[2] == label]), limits=limits)
        own = together.group == place
        np.testing.assert_allclose(together.survival[own], alone.survival, rtol=1e-12)
        np.testing.assert_allclose(together.lower[own], alone.lower, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(means.value[[place]], restricted_mean(alone, asked).value, rtol=1e-9)
        np.testing.assert_allclose(
            means.std_error[[place]], restricted_mean(alone, asked).std_error, rtol=1e-6
        )
        np.testing.assert_allclose(at.value[[place]], survival_at(alone, asked).value)
        np.testing.assert_allclose(
            quantiles.value[[place]], survival_quantiles(alone, [0.25, 0.5, 0.92]).value
        )


@EASY
@given(ROWS, st.sampled_from([0.5, 7.0]))
def test_another_unit_of_time_only_scales_the_times(rows: list[Any], unit: float) -> None:
    rows = [row for row in rows if row[0] != 1e-9]
    one, scaled = columns(rows), columns(rows)
    scaled["time"], scaled["entry"] = np.asarray(one["time"]) * unit, np.asarray(one["entry"]) * unit
    first, second = survival_curve(**one), survival_curve(**scaled)
    np.testing.assert_allclose(first.survival, second.survival)
    here, there = restricted_mean(first, [2, 4]), restricted_mean(second, [2 * unit, 4 * unit])
    np.testing.assert_allclose(here.value * unit, there.value, rtol=1e-9)
    np.testing.assert_allclose(here.std_error * unit, there.std_error, rtol=1e-6)
    quantile, other = survival_quantiles(first), survival_quantiles(second)
    np.testing.assert_allclose(quantile.upper * unit, other.upper)
    zero = restricted_mean_difference(here, here)
    assert np.nanmax(np.abs(zero.value), initial=0) == 0


@EASY
@given(ROWS, st.lists(st.sampled_from([*WAYS, ""]), min_size=14, max_size=14), LIMITS, st.integers(1, 3))
def test_all_ways_of_ending_and_waiting_add_up_to_everybody(
    rows: list[Any], ways: list[str], limits: Any, minimum: int
) -> None:
    given_ = columns(rows)
    del given_["event"]
    found = cumulative_incidence(
        end=ways[: len(rows)], ends=WAYS[1:], limits=limits, minimum_at_risk=minimum, **given_
    )
    np.testing.assert_allclose(found.incidence.sum(axis=1) + found.waiting, 1)
    assert found.events.sum() + found.censored.sum() + found.left_out.sum() == len(rows)
    assert ((found.std_error >= 0) & (found.std_error <= 1)).all()
    drawn = ~np.isnan(found.lower)
    assert (found.lower[drawn] <= found.incidence[drawn] + 1e-9).all()
    assert (found.incidence[drawn] <= found.upper[drawn] + 1e-9).all()
    at = incidence_at(found, [0.5, 3, np.nan])
    assert at.incidence.shape == (found.labels.size, 3, 3)
    assert np.isnan(at.incidence[:, 2]).all()


@EASY
@given(ROWS, st.sampled_from([0.0, 1.0]))
def test_log_rank_answers_or_says_nothing_can_be_compared(rows: list[Any], rho: float) -> None:
    given_ = columns(rows)
    del given_["entry"]
    found = logrank_test(**given_, rho=rho)
    np.testing.assert_allclose(found.observed.sum(), found.expected.sum(), atol=1e-9)
    assert found.people.sum() + found.left_out.sum() == len(rows)
    assert np.isnan(found.p) == (found.degrees == 0)
    if found.degrees:
        assert 0 <= found.p <= 1
        names = {"a": "z", "b": "y", "c": "x"}
        renamed = logrank_test(
            given_["time"] * 3, given_["event"], [names[label] for label in given_["groups"]], rho=rho
        )
        np.testing.assert_allclose(renamed.chi_square, found.chi_square, rtol=1e-6, atol=1e-9)


@settings(EASY, max_examples=10)
@given(ROWS, st.lists(st.sampled_from([0.0, 1.0, 2.5, np.nan]), min_size=14, max_size=14), st.booleans())
def test_cox_answers_with_finite_numbers_or_refuses(rows: list[Any], x: list[float], delayed: bool) -> None:
    given_ = columns(rows)
    groups, entry = given_.pop("groups"), given_.pop("entry")
    if delayed:
        given_ |= {"entry": entry, "strata": groups}
    try:
        found = cox_regression(covariates={"x": x[: len(rows)]}, **given_)
    except YourCommand:
        return
    assert found.people + found.left_out == len(rows)
    assert np.isfinite([found.coefficient[0], found.std_error[0], found.p[0], found.log_likelihood]).all()
    assert found.lower[0] < found.hazard_ratio[0] < found.upper[0]


STAYS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 60).map(float), st.just(np.nan)),
        st.one_of(st.integers(0, 40).map(float), st.just(np.nan)),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["death", "transfer", ""]),
    ),
    max_size=15,
)


@EASY
@given(STAYS, st.integers(1, 30), st.integers(1, 3))
def test_stays_of_any_kind_are_counted_once_or_outside_the_window(
    rows: list[Any], days: int, minimum: int
) -> None:
    admitted, length, groups, destination = (list(c) for c in zip(*rows, strict=True)) if rows else [[]] * 4
    left = np.array(admitted, float) + np.array(length, float)
    window = {"start": 20, "end": 20 + days}
    found = length_of_stay(admitted, left, groups=groups, horizons=[3, 9], minimum_at_risk=minimum, **window)
    seen = stays_in(admitted, left, **window).seen
    counted = found.curves.events.sum() + found.curves.censored.sum() + found.curves.left_out.sum()
    assert counted == seen.sum()
    assert found.means.value.shape == (found.curves.labels.size, 2)
    assert found.as_claimed.shape == (found.curves.labels.size,)
    out = ways_out(admitted, left, destination, destinations=["death", "transfer"], groups=groups, **window)
    np.testing.assert_allclose(out.incidence.sum(axis=1) + out.waiting, 1)
    assert out.events.sum() + out.censored.sum() + out.left_out.sum() == seen.sum()
    change = length_of_stay_change(
        admitted, left, before=(0, 20), after=(20, 20 + days), groups=groups, horizons=[3, 9]
    )
    assert change.difference.value.shape == found.means.value.shape
