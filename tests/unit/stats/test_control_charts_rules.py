"""The four rules of special cause, each at its edge."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.stats.series import in_time_order, signs
from joinedup.stats.xmr_rules import SpecialCause, cause_names, causes, limits_passed

# Mean 0, limits at -3 and 3, so that near is beyond 2.


def labels(values: list[float], first: tuple[int, ...] = (), shift: int = 7, trend: int = 7) -> list[str]:
    marks = np.isin(np.arange(len(values)), first)
    series = in_time_order(values, rebase=marks)
    lines = [np.full(len(values), line) for line in (0.0, -3.0, 3.0)]
    beyond = limits_passed(series.values, *lines)
    found = causes(series, signs(series.values), beyond, shift_points=shift, trend_points=trend)
    return cause_names(shift, trend)[found].tolist()


COMMON = "Common Cause"
UP, DOWN = "7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"
HIGH, LOW = "7 Points Above CL", "7 Points Below CL"
TWO_HIGH, TWO_LOW = "2 in 3 Above CL", "2 in 3 Below CL"


def test_names_and_codes_go_together() -> None:
    assert cause_names(7, 7).tolist() == [str(cause) for cause in SpecialCause]
    assert cause_names(8, 6).tolist() == [
        "Above UCL", "Below LCL", "6 Point Trend (Increasing)", "6 Point Trend (Decreasing)",
        "2 in 3 Above CL", "2 in 3 Below CL", "8 Points Above CL", "8 Points Below CL", COMMON, "No value",
    ]  # fmt: skip


def test_outside_is_beyond_a_limit_not_on_it() -> None:
    assert labels([3.0, 0, -3.0, 0, 3.1, 0, -3.1]) == [COMMON] * 4 + ["Above UCL", COMMON, "Below LCL"]


@pytest.mark.parametrize(("sign", "label"), [(1, HIGH), (-1, LOW)])
def test_a_shift_is_seven_on_one_side(sign: int, label: str) -> None:
    seven = [sign * v for v in (1, 1, 2, 1, 1, 2, 1)]
    assert labels([-sign, *seven, -sign]) == [COMMON, *[label] * 7, COMMON]
    assert labels([-sign, *seven[1:], -sign]) == [COMMON] * 8
    assert labels([*seven, *seven]) == [label] * 14


def test_a_point_on_the_mean_breaks_a_shift() -> None:
    assert labels([1, 1, 2, 0, 1, 1, 2, 1]) == [COMMON] * 8
    assert labels([0] * 9) == [COMMON] * 9


def test_a_gap_and_a_rebase_break_a_shift() -> None:
    ones = [1, 1, 2, 1, 1, 2, 1, 1]
    assert labels([*ones[:4], float("nan"), *ones[4:]]) == [COMMON] * 4 + ["No value"] + [COMMON] * 4
    assert labels(ones, first=(4,)) == [COMMON] * 8
    assert labels([*ones, *ones[:7]], first=(8,)) == [HIGH] * 15


@pytest.mark.parametrize(("sign", "label"), [(1, UP), (-1, DOWN)])
def test_a_trend_is_seven_points_one_way(sign: int, label: str) -> None:
    rising = [sign * v for v in (-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5)]
    assert labels(rising) == [label] * 7
    assert labels(rising[1:]) == [COMMON] * 6
    assert labels([rising[3], *rising, rising[3]]) == [COMMON, *[label] * 7, COMMON]


def test_a_tie_a_gap_and_a_rebase_break_a_trend() -> None:
    rising = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5, 1.7]
    assert labels([*rising[:4], 0.1, *rising[4:]]) == [COMMON] * 9
    assert labels([*rising[:4], float("nan"), *rising[4:]]).count(COMMON) == 8
    assert labels(rising, first=(2,)) == [COMMON] * 8
    assert labels(rising, first=(1,)) == [COMMON, *[UP] * 7]


def test_the_top_of_a_rise_and_fall_falls() -> None:
    rise = [-1.5, -1, -0.5, 0.1, 0.5, 1]
    assert labels([*rise, 1.6, *rise[::-1]]) == [UP] * 6 + [DOWN] * 7


def test_two_trends_beside_each_other_take_the_step_between() -> None:
    rise = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5]
    assert labels([*rise, *rise]) == [UP] * 6 + [DOWN] + [UP] * 7


def test_a_trend_that_ends_where_a_stretch_ends_keeps_its_direction() -> None:
    rise = [-1.5, -1, -0.5, 0.1, 0.5, 1, 1.5]
    assert labels([*rise, *rise[::-1]], first=(7,)) == [UP] * 7 + [DOWN] * 7


@pytest.mark.parametrize(
    ("values", "flagged"),
    [
        ([2.1, 2.1, 1], [0, 1]),
        ([2.1, 1, 2.1], [0, 2]),
        ([1, 2.1, 2.1], [1, 2]),
        ([2.1, 2.1, 2.1], [0, 1, 2]),
        ([2.0, 2.1, 1], []),  # 2.0 is not beyond two thirds
        ([2.1, 1, 1], []),
        ([2.1, 2.1, -1], []),
        ([2.1, 2.1, 0], []),
        ([2.1, 2.1], []),
        ([2.1, 3.0, 1], [0, 1]),  # on the limit is near
        ([2.1, 1, 1, 2.1], []),
        ([2.1, 2.1, 1, 2.1, -1], [0, 1, 3]),
        ([-1, 1, 2.1, 2.1, -1], [2, 3]),
        ([-1, 2.1, 2.1, -1], []),
    ],
)
def test_two_of_three_near_a_limit(values: list[float], flagged: list[int]) -> None:
    for sign, label in ((1, TWO_HIGH), (-1, TWO_LOW)):
        found = labels([sign * v for v in values])
        assert found == [label if i in flagged else COMMON for i in range(len(values))]


def test_a_point_beyond_the_limit_is_not_near() -> None:
    assert labels([2.1, 3.1, 1]) == [COMMON, "Above UCL", COMMON]
    assert labels([2.1, 3.1, 2.1]) == [TWO_HIGH, "Above UCL", TWO_HIGH]


@pytest.mark.parametrize("first", [(1,), (2,)])
def test_three_points_of_two_stretches_are_no_three(first: tuple[int, ...]) -> None:
    assert labels([2.1, 2.1, 2.1], first=first) == [COMMON] * 3
    assert labels([2.1, 2.1, 2.1, 1], first=(1,)) == [COMMON] + [TWO_HIGH] * 2 + [COMMON]


def test_the_first_rule_that_holds_is_named() -> None:
    values = [0.5, 1, 1.2, 1.5, 1.8, 2.2, 3.5, 2.3, 2.1, 1]
    assert labels(values) == [UP] * 6 + ["Above UCL", TWO_HIGH, TWO_HIGH, HIGH]


def test_lengths_are_options() -> None:
    assert labels([1, 2, 1, 2, 1, -1], shift=5) == ["5 Points Above CL"] * 5 + [COMMON]
    assert labels([-1, 0.5, 1, 0], trend=3) == ["3 Point Trend (Increasing)"] * 3 + [COMMON]


def test_without_limits_there_is_nothing_outside_or_near() -> None:
    values = np.array([1.0, 2.0])
    beyond = limits_passed(values, values, values * np.nan, values * np.nan)
    assert not (beyond.either | beyond.near).any()
