from __future__ import annotations

from math import comb, exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import YourCommand
from joinedup.stats import (
    difference_of_proportions,
    exact_interval,
    funnel_limits,
    funnel_verdict,
    poisson_interval,
    ratio_of_proportions,
    wilson_interval,
)

Cell = tuple[int, int]
CELLS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCES = st.sampled_from([0.9, 0.95, 0.998])


def binomial_tail(x: int, n: int, p: float) -> tuple[float, float]:
    """P(at most x) and P(at least x)."""
    mass = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    return sum(mass[: x + 1]), sum(mass[x:])


@settings(deadline=None)
@given(CELLS, CONFIDENCES)
def test_exact_limits_leave_exactly_the_tails(cell: Cell, confidence: float) -> None:
    x, n = cell
    lower, upper = (float(end) for end in exact_interval(x, n, confidence))
    tail = (1 - confidence) / 2
    assert lower == 0 if x == 0 else binomial_tail(x, n, lower)[1] == pytest.approx(tail, rel=1e-6)
    assert upper == 1 if x == n else binomial_tail(x, n, upper)[0] == pytest.approx(tail, rel=1e-6)


@settings(deadline=None)
@given(st.integers(0, 60), CONFIDENCES)
def test_exact_poisson_limits_leave_exactly_the_tails(x: int, confidence: float) -> None:
    lower, upper = (float(end) for end in poisson_interval(x, confidence, "exact"))
    tail = (1 - confidence) / 2

    def at_most(k: int, mean: float) -> float:
        return sum(exp(-mean) * mean**j / factorial(j) for j in range(k + 1))

    assert at_most(x, upper) == pytest.approx(tail, rel=1e-6)
    assert lower == 0 if x == 0 else 1 - at_most(x - 1, lower) == pytest.approx(tail, rel=1e-5)


@settings(deadline=None)
@given(CELLS, CONFIDENCES)
def test_wilson_limits_are_where_the_score_test_turns(cell: Cell, confidence: float) -> None:
    from scipy.stats import norm

    x, n = cell
    z = norm.ppf(0.5 + confidence / 2)
    lower, upper = (float(end) for end in wilson_interval(x, n, confidence))
    assert 0 <= lower <= x / n <= upper <= 1
    for limit in (lower, upper):
        if 0 < limit < 1:
            assert abs(x / n - limit) == pytest.approx(
                z * np.sqrt(limit * (1 - limit) / n), rel=1e-6, abs=1e-9
            )


@settings(deadline=None)
@given(CELLS, CELLS)
def test_a_difference_turned_round_is_its_negative(one: Cell, other: Cell) -> None:
    there = difference_of_proportions(*one, *other)
    back = difference_of_proportions(*other, *one)
    np.testing.assert_allclose(there, (-back[0], -back[2], -back[1]), atol=1e-12)
    assert -1 - 1e-9 <= there[1] <= there[0] <= there[2] <= 1 + 1e-9


@settings(deadline=None)
@given(CELLS, CELLS)
def test_a_ratio_turned_round_is_its_inverse(one: Cell, other: Cell) -> None:
    ratio, lower, upper = (float(part) for part in ratio_of_proportions(*one, *other))
    if one[0] and other[0]:
        _, low_back, high_back = (float(part) for part in ratio_of_proportions(*other, *one))
        assert lower <= ratio <= upper
        assert (1 / high_back, 1 / low_back) == pytest.approx((lower, upper), rel=1e-6)
    elif other[0]:
        assert (ratio, lower) == (0, 0)
        assert 0 < upper < np.inf
    else:
        assert upper == np.inf


def test_newcombe_s_own_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, method 10."""
    difference, lower, upper = difference_of_proportions(56, 70, 48, 80)
    assert (round(float(difference), 4), round(float(lower), 4), round(float(upper), 4)) == (
        0.2,
        0.0524,
        0.3339,
    )


def test_the_difference_covers_what_it_should() -> None:
    generator = np.random.default_rng(7)
    x1, x2 = generator.binomial(80, 0.9, 20_000), generator.binomial(150, 0.8, 20_000)
    _, lower, upper = difference_of_proportions(x1, 80, x2, 150)
    covered = np.mean((lower <= 0.1) & (upper >= 0.1))
    assert 0.94 <= covered <= 0.965
    _, low_ratio, high_ratio = ratio_of_proportions(x1, 80, x2, 150)
    assert 0.935 <= np.mean((low_ratio <= 1.125) & (high_ratio >= 1.125)) <= 0.97


def test_nothing_to_divide_by_gives_nothing() -> None:
    for found in (wilson_interval([0, 3], [0, np.nan]), exact_interval([0, 3], [0, np.nan])):
        assert np.isnan(found).all()
    assert np.isnan(difference_of_proportions(0, 0, 1, 2)).all()
    assert funnel_verdict([0, 5], [0, 10]).tolist() == ["", "Not significant"]


@pytest.mark.parametrize(("x", "n"), [(5, 4), (-1, 4), ([1, 9], [4, 4])])
def test_impossible_counts_are_refused(x: object, n: object) -> None:
    with pytest.raises(YourCommand, match="below 0 or above"):
        wilson_interval(x, n)  # type: ignore[arg-type]  # the wrong shapes are the point


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(YourCommand, match="between 0 and 1"):
        wilson_interval(1, 2, confidence)


@settings(deadline=None)
@given(CELLS, st.floats(0.01, 0.99))
def test_a_unit_is_outside_the_funnel_when_its_wilson_limits_leave_out_the_centre(
    cell: Cell, p0: float
) -> None:
    x, n = cell
    lower, upper = (float(end) for end in wilson_interval(x, n))
    low_line, high_line = (float(line) for line in funnel_limits(p0, n))
    if abs(lower - p0) > 1e-9 and abs(upper - p0) > 1e-9:
        outside = x / n < low_line or x / n > high_line
        assert outside == (not lower <= p0 <= upper)
        assert (str(funnel_verdict(x, n, p0)) != "Not significant") == outside


NEWCOMBE = ([81, 15, 0, 1], [263, 148, 20, 29])
"""The four proportions of Newcombe 1998 Stat Med 17:857, table I."""


def test_newcombe_s_table_of_wilson_and_exact_limits() -> None:
    wilson, exact = wilson_interval(*NEWCOMBE), exact_interval(*NEWCOMBE)
    assert np.round(wilson[0], 4).tolist() == [0.2553, 0.0624, 0, 0.0061]
    assert np.round(wilson[1], 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]
    assert np.round(exact[0], 4).tolist() == [0.2527, 0.0578, 0, 0.0009]
    assert np.round(exact[1], 4).tolist() == [0.3676, 0.1617, 0.1684, 0.1776]


def test_wilson_limits_end_at_0_and_1_without_a_rounding_error() -> None:
    n = np.arange(1, 2_000)
    assert (wilson_interval(0, n)[0] == 0).all()
    assert (wilson_interval(n, n)[1] == 1).all()
    lower, upper = wilson_interval(n - 1, n)
    assert (upper < 1).all()
    assert (lower[1:] > 0).all()


def test_wilson_limits_of_a_missing_count_or_of_nobody_are_missing_beside_good_ones() -> None:
    lower, upper = wilson_interval([np.nan, 0, 3, 0], [5, 0, np.nan, 4])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [True, True, True, False]
    with pytest.raises(YourCommand, match="1 counts"):
        wilson_interval([np.nan, 0, 5], [5, 0, 4])
    assert wilson_interval([], [])[0].shape == (0,)


def test_wilson_limits_of_large_and_tiny_numbers_do_not_overflow() -> None:
    lower, upper = wilson_interval([1e200, 1e-200], [2e200, 1])
    np.testing.assert_allclose((lower[0], upper[0]), 0.5)
    assert lower[1] == 0


def test_limits_leave_what_they_were_given() -> None:
    x, n = np.array([1.0, 5.0, 20.0]), np.array([4.0, 5.0, 40.0])
    for call in (lambda: wilson_interval(x, n), lambda: exact_interval(x, n), lambda: poisson_interval(x)):
        call()
    assert (x.tolist(), n.tolist()) == ([1, 5, 20], [4, 5, 40])


def test_garwood_s_exact_limits_and_byar_s() -> None:
    """Garwood 1936 table; Byar's of 10 and 30 by the formula, with z = 1.959964."""
    lower, upper = poisson_interval([0, 5, 10], method="exact")
    assert np.round(lower, 3).tolist() == [0, 1.623, 4.795]
    assert np.round(upper, 3).tolist() == [3.689, 11.668, 18.390]
    lower, upper = poisson_interval([10, 30], method="byar")
    np.testing.assert_allclose(lower, [4.787450, 20.236939], atol=1e-6)
    np.testing.assert_allclose(upper, [18.391459, 42.828372], atol=1e-6)


def test_the_public_health_limits_change_at_ten_events() -> None:
    counts = [9, 9.999, 10, 11]
    chosen = np.array(poisson_interval(counts))
    exact, byar = (np.array(poisson_interval(counts, method=name)) for name in ("exact", "byar"))
    assert (chosen[:, :2] == exact[:, :2]).all()
    assert (chosen[:, 2:] == byar[:, 2:]).all()
    assert not (exact == byar).any()


def test_poisson_limits_that_do_not_exist_are_missing() -> None:
    lower, upper = poisson_interval([0, 0.01, 1], method="byar")
    assert np.isnan(lower).tolist() == [True, True, False]
    assert np.isfinite(upper).all()
    assert np.isnan(poisson_interval([np.nan, np.nan])).all()
    assert np.isnan(poisson_interval([np.nan], method="exact")).all()
    assert [end.shape for end in poisson_interval([])] == [(0,), (0,)]


def test_unknown_poisson_limits_and_events_below_0_are_refused() -> None:
    with pytest.raises(YourCommand, match="no mid-p Poisson limits"):
        poisson_interval([1], method="mid-p")  # type: ignore[arg-type]  # the wrong name is the point
    with pytest.raises(YourCommand, match="below 0"):
        poisson_interval([1, -1])


def test_ten_events_are_byars_and_nine_are_exact() -> None:
    z = 1.959963984540054
    byar = 10 * (1 - 1 / 90 - z / (3 * 10**0.5)) ** 3, 11 * (1 - 1 / 99 + z / (3 * 11**0.5)) ** 3
    assert [float(end) for end in poisson_interval(10, 0.95, "phe")] == pytest.approx(byar, rel=1e-9)
    nine = [float(end) for end in poisson_interval(9, 0.95, "phe")]
    assert nine == pytest.approx([4.11538, 17.08480], abs=1e-4)
