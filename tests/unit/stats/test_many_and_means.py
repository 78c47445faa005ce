from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import YourCommand
from joinedup.stats import (
    benjamini_hochberg,
    holm,
    logarithmic_mean,
    slope_index_of_inequality,
    xmr_limits,
    xmr_rules,
)

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def holm_by_hand(p: list[float]) -> list[float]:
    order = sorted(range(len(p)), key=lambda at: p[at])
    adjusted, highest = [0.0] * len(p), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[at]))
        adjusted[at] = highest
    return adjusted


def benjamini_hochberg_by_hand(p: list[float]) -> list[float]:
    return [min(1.0, *(q * len(p) / sum(r <= q for r in p) for q in p if q >= each)) for each in p]


@settings(deadline=None)
@given(P_VALUES)
def test_adjusted_p_values_agree_with_plain_loops(p: list[float]) -> None:
    np.testing.assert_allclose(holm(p), holm_by_hand(p), rtol=1e-12)
    np.testing.assert_allclose(benjamini_hochberg(p), benjamini_hochberg_by_hand(p), rtol=1e-12)


@settings(deadline=None)
@given(P_VALUES)
def test_adjusting_keeps_the_order_and_holm_is_the_stricter(p: list[float]) -> None:
    strict, mild = holm(p), benjamini_hochberg(p)
    assert (strict >= mild - 1e-15).all()
    assert (mild >= np.array(p) - 1e-15).all()
    assert (np.diff(strict[np.argsort(p, kind="stable")]) >= 0).all()


def test_a_missing_p_value_is_not_a_test() -> None:
    np.testing.assert_allclose(holm([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])
    np.testing.assert_allclose(benjamini_hochberg([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])
    with pytest.raises(YourCommand, match="p-value"):
        holm([1.2])


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithmic_mean_lies_between_the_other_two(a: float, b: float) -> None:
    mean = float(logarithmic_mean(a, b))
    assert sqrt(a) * sqrt(b) * (1 - 1e-12) <= mean <= (a + b) / 2 * (1 + 1e-12)
    assert mean == pytest.approx(float(logarithmic_mean(b, a)), rel=1e-12)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=6))
def test_parts_by_the_logarithmic_mean_sum_to_the_gap(factors: list[tuple[float, float]]) -> None:
    first, second = np.prod(factors, axis=0)
    weight = float(logarithmic_mean(first, second))
    parts = [weight * log(a / b) for a, b in factors]
    assert sum(parts) == pytest.approx(first - second, abs=1e-12)


def test_the_logarithmic_mean_at_its_ends() -> None:
    assert logarithmic_mean([0, 0, 3], [5, 0, 3]).tolist() == [0, 0, 3]
    assert float(logarithmic_mean(0.5, 0.5 + 1e-13)) == pytest.approx(0.5, rel=1e-12)
    with pytest.raises(YourCommand):
        logarithmic_mean(-1, 2)


def test_a_slope_is_that_of_the_line_it_was_made_from() -> None:
    people = np.array([400.0, 100.0, 250.0, 250.0])
    ranks = np.array([0.2, 0.45, 0.625, 0.875])
    found = slope_index_of_inequality(40 + 12 * ranks, people, np.ones(4))
    assert (found.slope, found.intercept) == pytest.approx((12, 40))
    assert found.relative == pytest.approx(52 / 40)
    assert found.upper - found.slope == pytest.approx(found.slope - found.lower)
    turned = slope_index_of_inequality(40 + 12 * ranks, people, np.ones(4), multiplier=-1)
    assert (turned.slope, turned.relative) == pytest.approx((-12, 40 / 52))
    assert (turned.lower, turned.upper) == pytest.approx((-found.upper, -found.lower))


@pytest.mark.parametrize(
    ("values", "people"), [([1, 2], [1, 1]), ([1, np.nan, 3], [1, 1, 1]), ([1, 2, 3], [1, 0, 1])]
)
def test_a_slope_needs_three_groups_with_people_and_values(values: list[float], people: list[float]) -> None:
    with pytest.raises(YourCommand, match="three or more groups"):
        slope_index_of_inequality(values, people)


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.floats(-100, 100))
def test_limits_move_with_the_series(values: list[float], shift: float) -> None:
    limits, moved = xmr_limits(values), xmr_limits(np.array(values) + shift)
    assert moved.mean == pytest.approx(limits.mean + shift, abs=1e-6)
    assert len(xmr_rules(values, limits)) == len(values)


def test_a_flat_series_has_limits_at_its_mean_and_no_special_cause() -> None:
    limits = xmr_limits([5.0] * 10)
    assert (limits.lower, limits.mean, limits.upper) == (5, 5, 5)
    assert set(xmr_rules([5.0] * 10, limits).tolist()) == {"Common Cause"}


def test_a_gap_is_not_passed_over() -> None:
    with pytest.raises(YourCommand, match="without missing values"):
        xmr_limits([1.0, np.nan, 2.0])


@pytest.mark.parametrize(("a", "b"), [([-1, 1], [1, 1]), ([1, 1], [1, -1])])
def test_one_number_below_nothing_has_no_logarithmic_mean(a, b):
    with pytest.raises(YourCommand, match="from 0 up"):
        logarithmic_mean(a, b)


def test_the_logarithmic_mean_of_one_and_e() -> None:
    assert logarithmic_mean([1, np.e], [np.e, 1]) == pytest.approx([np.e - 1] * 2)
