from __future__ import annotations

from math import exp, hypot, sqrt

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.intervals import exact_interval, poisson_interval, wilson_interval
from joinedup.stats.rates import crude_proportions, crude_rates, difference_of_rates, ratio_of_rates
from joinedup.stats.rows import rows_of

Z = 1.959963984540054


def test_columns_are_brought_to_one_length() -> None:
    x, n = rows_of([1, 2, None], 4)
    np.testing.assert_array_equal(x, [1, 2, np.nan])
    np.testing.assert_array_equal(n, [4, 4, 4])
    assert [column.shape for column in rows_of(1, 2)] == [(1,), (1,)]
    assert [column.shape for column in rows_of([], 2)] == [(0,), (0,)]


@pytest.mark.parametrize("columns", [([1, 2], [1, 2, 3]), ([[1, 2], [3, 4]], 1), ([], [1, 2])])
def test_columns_that_are_no_rows_of_one_table_are_refused(columns: tuple[object, object]) -> None:
    with pytest.raises(YourCommand, match="not rows of one table"):
        rows_of(*columns)  # type: ignore[arg-type]  # the wrong shapes are the point


def test_a_proportion_of_each_row() -> None:
    found = crude_proportions([20, 0, np.nan], [100, 10, 5], per=100)
    assert found.groups is None
    np.testing.assert_allclose(found.value, [20, 0, np.nan])
    np.testing.assert_allclose(found.lower, [13.336693, 0, np.nan], atol=1e-6)
    np.testing.assert_allclose(found.upper, [28.882917, 27.753280, np.nan], atol=1e-5)


def test_rows_of_a_group_are_summed_before_the_proportion() -> None:
    found = crude_proportions(
        [1, 0, 2, np.nan, 3], [4, 2, 9, 5, 5], ["b", "a", "b", "c", "c"], confidence=0.9
    )
    assert found.groups is not None
    assert found.groups.tolist() == ["b", "a", "c"]
    np.testing.assert_array_equal(found.x, [3, 0, np.nan])
    np.testing.assert_array_equal(found.n, [13, 2, 10])
    np.testing.assert_array_equal(found.value, [3 / 13, 0, np.nan])
    np.testing.assert_array_equal(
        (found.lower, found.upper), wilson_interval([3, 0, np.nan], [13, 2, 10], 0.9)
    )


def test_a_rate_of_each_row_with_the_method_of_its_limits() -> None:
    found = crude_rates([0, 9.999, 10, np.nan, 12], [100, 100, 50, 5, np.nan], per=1_000)
    assert found.groups is None
    assert found.method.tolist() == ["exact", "exact", "byar", "", "byar"]
    np.testing.assert_allclose(found.value, [0, 99.99, 200, np.nan, np.nan])
    lower, upper = poisson_interval([0, 9.999, 10])
    np.testing.assert_allclose(found.lower[:3], lower * [10, 10, 20])
    np.testing.assert_allclose(found.upper[:3], upper * [10, 10, 20])
    assert np.isnan([found.lower[3:], found.upper[3:]]).all()
    np.testing.assert_allclose(crude_rates(3, 4).value, [75_000])


def test_rows_of_a_group_are_summed_before_the_rate() -> None:
    found = crude_rates([5, 4, 5], [100, 50, 100], [1, 2, 1], per=200, confidence=0.998)
    assert found.groups is not None
    assert found.groups.tolist() == [1, 2]
    assert (found.events.tolist(), found.people.tolist()) == ([10, 4], [200, 50])
    assert (found.value.tolist(), found.method.tolist()) == ([10, 16], ["byar", "exact"])
    lower, upper = poisson_interval([10, 4], 0.998)
    np.testing.assert_allclose((found.lower, found.upper), (lower * [1, 4], upper * [1, 4]))


def test_a_row_with_nobody_is_fine_in_a_group_with_somebody() -> None:
    assert crude_rates([0, 1], [0, 2], ["a", "a"], per=1).value.tolist() == [0.5]
    assert crude_proportions([0, 1], [0, 2], ["a", "a"]).value.tolist() == [0.5]


@pytest.mark.parametrize("call", [crude_proportions, crude_rates])
@pytest.mark.parametrize(
    ("x", "n", "groups", "message"),
    [
        ([-1, 2], [3, 3], None, r"below 0 \(1 of 2 rows\)"),
        ([0, 2], [-3, 3], None, "denominator"),
        ([0, 2], [0, 3], None, "denominator is 0"),
        ([0, 2], [0, 3], ["a", "b"], "denominator is 0"),
    ],
)
def test_impossible_counts_of_rates_are_refused(
    call: object, x: list[float], n: list[float], groups: list[str] | None, message: str
) -> None:
    with pytest.raises(YourCommand, match=message):
        call(x, n, groups)  # type: ignore[operator]  # either of two functions


def test_a_numerator_above_its_denominator_is_refused_even_where_the_sums_would_hide_it() -> None:
    with pytest.raises(YourCommand, match="above its denominator"):
        crude_proportions([5, 1], [4, 40], ["a", "a"])
    assert crude_rates(5, 4, per=1).value.tolist() == [1.25]


def test_the_difference_of_two_rates_by_squared_and_added_limits() -> None:
    difference, lower, upper = difference_of_rates([10], [1_000], [4], [800], per=1_000)
    (low1, low2), (high1, high2) = poisson_interval([10, 4], method="exact")
    assert difference[0] == pytest.approx(5)
    assert lower[0] == pytest.approx(5 - hypot(10 - low1, high2 / 0.8 - 5))
    assert upper[0] == pytest.approx(5 + hypot(high1 - 10, 5 - low2 / 0.8))


def test_the_difference_of_two_rates_by_wald() -> None:
    difference, lower, upper = difference_of_rates([10], [1_000], [4], [800], per=1_000, method="wald")
    reach = Z * sqrt(10 / 1_000**2 + 4 / 800**2) * 1_000
    assert (difference[0], lower[0], upper[0]) == pytest.approx((5, 5 - reach, 5 + reach))
    assert difference_of_rates(1, 2, 1, 4)[0].tolist() == [25_000]


def test_no_events_still_have_limits_of_a_difference() -> None:
    found = np.array(difference_of_rates(0, 10, 0, 10, per=1))
    np.testing.assert_allclose(found[:, 0], [0, -0.36888795, 0.36888795])
    assert np.isnan(difference_of_rates([0, np.nan], [0, 1], [0, 1], [1, 1])).all()


def test_the_ratio_of_two_rates_by_the_log_normal() -> None:
    ratio, lower, upper = ratio_of_rates(10, 1_000, 4, 800)
    spread = exp(Z * sqrt(1 / 10 + 1 / 4))
    assert (ratio[0], lower[0], upper[0]) == pytest.approx((2, 2 / spread, 2 * spread))


def test_the_log_normal_ratio_has_no_limits_without_events() -> None:
    ratio, lower, upper = ratio_of_rates([0, 3, 0, 3, np.nan], [9, 9, 9, 0, 9], [3, 0, 0, 3, 3], 9)
    np.testing.assert_array_equal(ratio, [0, np.nan, np.nan, np.nan, np.nan])
    assert np.isnan([lower, upper]).all()


def test_the_ratio_of_two_rates_given_their_sum() -> None:
    ratio, lower, upper = ratio_of_rates(10, 1_000, 4, 800, method="exact", confidence=0.9)
    low, high = (float(end) for end in exact_interval(10, 14, 0.9))
    assert ratio[0] == pytest.approx(2)
    assert (lower[0], upper[0]) == pytest.approx((low / (1 - low) * 0.8, high / (1 - high) * 0.8))


def test_the_exact_ratio_goes_from_0_and_to_infinity() -> None:
    ratio, lower, upper = ratio_of_rates([0, 3, 0], 10, [3, 0, 0], 10, method="exact")
    np.testing.assert_array_equal(ratio, [0, np.nan, np.nan])
    share = 1 - 0.025 ** (1 / 3)  # Clopper-Pearson upper limit of none in 3
    np.testing.assert_allclose(lower, [0, (1 - share) / share, np.nan])
    np.testing.assert_allclose(upper, [share / (1 - share), np.inf, np.nan])


def test_two_rates_below_0_or_by_an_unknown_method_are_refused() -> None:
    for position in range(4):
        figures = [1, 1, 1, 1]
        figures[position] = -1
        for call in (difference_of_rates, ratio_of_rates):
            with pytest.raises(YourCommand, match="below 0"):
                call(*figures)
    with pytest.raises(YourCommand, match="no score limits of a difference"):
        difference_of_rates(1, 1, 1, 1, method="score")  # type: ignore[arg-type]
    with pytest.raises(YourCommand, match="no score limits of a ratio"):
        ratio_of_rates(1, 1, 1, 1, method="score")  # type: ignore[arg-type]
