"""XmR charts of many series: limits, rebasing, baselines, icons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.control_charts import xmr_limits, xmr_rules
from joinedup.stats.making_data_count import Assurance, Variation, assurance, direction_of, point_types
from joinedup.stats.rebasing import rebase_rows, suggest_rebase
from joinedup.stats.xmr import FEWEST, LIMITS, SCREEN, xmr_chart
from joinedup.stats.xmr_rules import SpecialCause

NAN = float("nan")
ZIGZAG = [10.0, 14.0] * 10


def test_the_constants_of_making_data_count() -> None:
    assert (LIMITS, SCREEN, FEWEST) == (2.66, 3.267, 12)


def test_limits_by_hand() -> None:
    chart = xmr_chart([10, 12, 11, 15])  # ranges 2, 1, 4: mean 7/3
    assert chart.mean == pytest.approx([12.0] * 4)
    assert chart.stretches.average_moving_range == pytest.approx([7 / 3])
    assert chart.upper == pytest.approx([12 + 2.66 * 7 / 3] * 4)
    assert chart.lower == pytest.approx([12 - 2.66 * 7 / 3] * 4)
    assert chart.stretches.lower == pytest.approx(chart.lower[:1])
    assert chart.stretches.upper == pytest.approx(chart.upper[:1])
    assert chart.side.tolist() == [-1, 0, -1, 1]


def test_a_wide_range_is_screened_once() -> None:
    values = [10, 11] * 6 + [40, 11, 10]
    ranges = np.abs(np.diff(values))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    assert kept.size < ranges.size
    screened, plain = xmr_chart(values), xmr_chart(values, screen=False)
    assert screened.stretches.average_moving_range == pytest.approx([kept.mean()])
    assert plain.stretches.average_moving_range == pytest.approx([ranges.mean()])


def test_the_screen_is_of_3_267_averages() -> None:
    # The one range that is not 0 is as many averages as there are ranges.
    assert xmr_chart([0.0] * 3 + [1.0]).stretches.average_moving_range == pytest.approx([1 / 3])
    assert xmr_chart([0.0] * 4 + [1.0]).stretches.average_moving_range.tolist() == [0]
    # 99 ranges of 1 and one of h: left out from h = 3.267 x 99 / (100 - 3.267) = 3.3436.
    for h, kept in ((3.34, True), (3.347, False)):
        average = xmr_chart([0.0, 1.0] * 50 + [1.0 + h]).stretches.average_moving_range[0]
        assert average == pytest.approx((99 + h) / 100 if kept else 1)


def test_where_nothing_varies_the_limits_are_the_mean() -> None:
    chart = xmr_chart([0.1] * 14, target=0.1, better="higher")
    assert (chart.mean == 0.1).all()
    assert (chart.lower == 0.1).all()
    assert (chart.upper == 0.1).all()
    assert set(chart.cause) == {"Common Cause"}
    assert chart.assurance.tolist() == ["inconsistent"]


def test_or_there_are_none_as_in_the_peer() -> None:
    chart = xmr_chart([5.0] * 14, target=6, better="higher", flat_limits=False)
    assert np.isnan(chart.lower).all()
    assert np.isnan(chart.upper).all()
    assert chart.assurance.tolist() == ["inconsistent"]
    assert (xmr_chart([5.0] * 3, screen=False, flat_limits=False).upper == 5).all()


def test_one_point_has_a_mean_and_no_limits() -> None:
    chart = xmr_chart([7])
    assert chart.mean.tolist() == [7]
    assert np.isnan([chart.lower[0], chart.upper[0]]).all()
    assert chart.variation.tolist() == ["common_cause"]


def test_the_baseline_is_the_first_points_of_each_stretch() -> None:
    values = [*([1.0, 3.0] * 6), *([50.0] * 5)]
    chart = xmr_chart(values, baseline=12)
    assert chart.mean == pytest.approx([2.0] * 17)
    assert chart.upper == pytest.approx([2 + 2.66 * 2] * 17)
    assert chart.outside.tolist() == [False] * 12 + [True] * 5
    assert xmr_chart(values, baseline=13).mean[0] == pytest.approx(74 / 13)


def test_two_series_have_nothing_to_do_with_each_other() -> None:
    together = xmr_chart([1, 100, 3, 300, 2, 200], ["a", "b"] * 3)
    assert together.groups.tolist() == ["a", "b"]
    assert together.mean.tolist() == [2, 200] * 3
    assert together.stretch.tolist() == [0, 1] * 3
    assert together.stretches.group.tolist() == ["a", "b"]
    assert together.stretches.average_moving_range == pytest.approx([1.5, 150])


def test_rows_are_put_in_order_by_time_and_given_back_as_they_came() -> None:
    values, when = np.array([3.0, 1.0, 2.0, 9.0]), ["2026-03", "2026-01", "2026-02", "2026-04"]
    chart = xmr_chart(values, when=when)
    assert chart.stretches.average_moving_range == pytest.approx([8 / 3])  # 1, 1, 6
    assert chart.side.tolist() == [-1, -1, -1, 1]


def test_rebasing_starts_new_limits() -> None:
    values = [*ZIGZAG, *(v + 30 for v in ZIGZAG)]
    when = np.arange(np.datetime64("2023-01"), np.datetime64("2023-01") + len(values))
    marks = rebase_rows(when, when[20])
    chart = xmr_chart(values, when=when, rebase=marks)
    assert chart.stretches.mean.tolist() == [12, 42]
    assert chart.stretches.number.tolist() == [0, 1]
    assert chart.stretches.points.tolist() == [20, 20]
    assert chart.stretches.average_moving_range == pytest.approx([4, 4])
    assert chart.stretch.tolist() == [0] * 20 + [1] * 20
    assert set(chart.cause) == {"Common Cause"}


def test_stretches_are_counted_within_their_series() -> None:
    chart = xmr_chart([1.0] * 8, list("aaaabbbb"), rebase=[False, True, False, True] * 2)
    assert chart.stretches.number.tolist() == [0, 1, 2, 0, 1, 2]
    assert chart.stretches.points.tolist() == [1, 2, 1] * 2


def test_rows_to_rebase() -> None:
    when, groups = [1, 2, 3, 1, 2, 3], list("aaabbb")
    assert rebase_rows(when, [2]).tolist() == [False, True, False] * 2
    assert rebase_rows(when, [2, 3], groups, ["a", "b"]).tolist() == [False, True, False, False, False, True]
    assert rebase_rows(when, 2, groups, "b").tolist() == [False] * 4 + [True, False]
    assert not rebase_rows(when, [9], must_exist=False).any()
    with pytest.raises(YourCommand, match="no row at 9"):
        rebase_rows(when, [2, 9])
    with pytest.raises(YourCommand, match="no row at 3"):
        rebase_rows(when[:5], [2, 3], groups[:5], ["b", "b"])


def test_a_missing_point_keeps_its_row_and_breaks_runs() -> None:
    values = [1.0, 1.2, 1.1, NAN, 1.2, 1.1, 1.3, 9, 9.1, 9.0, 9.2, 9.1, 9.3]
    chart = xmr_chart(values, shift_points=6, trend_points=9)
    assert chart.cause[3] == "No value"
    assert chart.kind[3] == "no_value"
    assert chart.side[3] == 0
    assert not chart.outside[3]
    assert not chart.near[3]
    assert chart.mean[3] == pytest.approx(np.nanmean(values))
    ranges = np.abs(np.diff(values))
    kept = ranges[ranges < 3.267 * np.nanmean(ranges)]
    assert chart.stretches.average_moving_range == pytest.approx([kept.mean()])
    assert "6 Points Below CL" not in chart.cause[:7]  # three and three, parted by the gap
    assert chart.stretches.points.tolist() == [12]
    assert chart.stretches.missing.tolist() == [1]
    assert chart.stretches.kinds[0, -1] == 1


def test_the_icon_is_that_of_the_last_point_that_is_there() -> None:
    values = [*ZIGZAG, 60, NAN]
    chart = xmr_chart(values, better="higher")
    assert chart.variation.tolist() == ["special_cause_improvement"]
    assert xmr_chart([NAN, NAN]).variation.tolist() == ["no_value"]
    assert xmr_chart([NAN, NAN]).assurance.tolist() == [""]
    assert np.isnan(xmr_chart([NAN, NAN]).mean).all()


def test_a_series_may_begin_with_a_gap() -> None:
    chart = xmr_chart([NAN, 1, 3, NAN], ["a"] * 3 + ["b"])
    assert chart.mean[:3].tolist() == [2, 2, 2]
    assert np.isnan(chart.mean[3])


def test_each_stretch_has_its_own_variation() -> None:
    rising = np.arange(10.0, 17)
    chart = xmr_chart([*rising, *rising[::-1]], rebase=[False] * 7 + [True] + [False] * 6, better="lower")
    assert chart.stretches.variation.tolist() == ["special_cause_concern", "special_cause_improvement"]
    assert chart.variation.tolist() == ["special_cause_improvement"]


@pytest.mark.parametrize(
    ("better", "kind"),
    [
        ("higher", "special_cause_improvement"),
        ("lower", "special_cause_concern"),
        ("neither", "special_cause_neutral_high"),
    ],
)
def test_kinds_of_points(better: str, kind: str) -> None:
    chart = xmr_chart([*ZIGZAG, 30], better=better)
    assert chart.kind.tolist() == ["common_cause"] * 20 + [kind]
    assert chart.stretches.kinds.sum() == 21
    assert chart.stretches.kinds[0, list(Variation).index(Variation(kind))] == 1


def test_every_cause_has_its_kind() -> None:
    codes = np.arange(10, dtype=np.int8)
    assert point_types(codes, "higher").tolist() == [1, 2, 1, 2, 1, 2, 1, 2, 0, 5]
    assert point_types(codes, "lower").tolist() == [2, 1, 2, 1, 2, 1, 2, 1, 0, 5]
    assert point_types(codes, "neither").tolist() == [3, 4, 3, 4, 3, 4, 3, 4, 0, 5]
    assert [direction_of(better) for better in ("higher", "lower", "neither")] == [1, -1, 0]


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [
        (9.9, Assurance.PASS, Assurance.FAIL),
        (10, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (15, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (20, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (20.1, Assurance.FAIL, Assurance.PASS),
        (NAN, Assurance.NONE, Assurance.NONE),
    ],
)
def test_assurance(target: float, higher: Assurance, lower: Assurance) -> None:
    values = [np.array([value]) for value in (target, 10.0, 20.0)]
    assert assurance(*values, better="higher").tolist() == [higher]
    assert assurance(*values, better="lower").tolist() == [lower]
    assert assurance(*values, better="neither").tolist() == [""]
    assert assurance(values[0], np.array([NAN]), np.array([NAN]), "higher")[0] in ("", "inconsistent")


def test_the_target_of_the_last_row_counts() -> None:
    values, groups = [*ZIGZAG, *ZIGZAG], ["a"] * 20 + ["b"] * 20
    targets = [NAN] * 19 + [90.0] + [90.0] * 19 + [-5.0]
    assert xmr_chart(values, groups, target=targets, better="higher").assurance.tolist() == [
        "consistent_fail",
        "consistent_pass",
    ]


def test_assurance_is_by_the_limits_of_the_last_stretch() -> None:
    values = [*ZIGZAG, *(v + 30 for v in ZIGZAG)]
    marks = np.arange(40) == 20
    assert xmr_chart(values, rebase=marks, target=25, better="higher").assurance.tolist() == [
        "consistent_pass"
    ]


def test_short_stretches_are_marked() -> None:
    values, groups = [1.0] * 25, ["a"] * 12 + ["b"] * 13
    assert xmr_chart(values, groups).stretches.short.tolist() == [True, False]
    assert xmr_chart(values, groups, short_below=12).stretches.short.tolist() == [False, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baseline": 11}, "baseline is 11"),
        ({"baseline": 12.5}, "baseline is 12.5"),
        ({"shift_points": 1}, "points of a shift is 1"),
        ({"trend_points": 1}, "points of a trend is 1"),
        ({"better": "up"}, "no direction"),
        ({"target": [1.0, 2.0]}, "2 targets were given for 3 rows"),
        ({"groups": ["a"]}, "1 group labels"),
        ({"groups": ["a", None, "b"]}, "label is missing"),
        ({"when": [1, 2]}, "2 times were given for 3 rows"),
        ({"when": [1, 2, 2]}, "two values for the same time"),
        ({"when": [1, 2, NAN]}, "time is missing"),
        ({"when": np.array(["2026-01", "NaT", "2026-02"], "M8[M]")}, "time is missing"),
        ({"when": np.array(["2026-01", None, "2026-02"], object)}, "time is missing"),
        ({"when": np.array([1, NAN, 2], object)}, "time is missing"),
        ({"rebase": [True]}, "True or False for each of the 3 rows"),
        ({"rebase": [0, 1, 0]}, "True or False for each of the 3 rows"),
    ],
)
def test_refusals(options: dict[str, Any], message: str) -> None:
    with pytest.raises(YourCommand, match=message):
        xmr_chart([1, 2, 3], **options)


@pytest.mark.parametrize("values", [[], [[1.0]], [1.0, float("inf")], ["a"], [object()]])
def test_values_that_are_no_column_of_numbers(values: Any) -> None:
    with pytest.raises(YourCommand):
        xmr_chart(values)


def test_times_may_be_any_that_sort() -> None:
    assert xmr_chart([2, 1], when=np.array(["b", "a"], object)).side.tolist() == [1, -1]
    assert xmr_chart([1, 2, 3], when=["a", "b", "c"], shift_points=2, trend_points=2).side.tolist() == [
        -1,
        0,
        1,
    ]


def test_the_smallest_options_are_allowed() -> None:
    chart = xmr_chart([1, 2, 3], shift_points=2, trend_points=2)
    assert set(chart.cause) == {"2 Point Trend (Increasing)"}
    assert xmr_chart([1.0] * 3, baseline=12).mean.tolist() == [1, 1, 1]


def stepped(low: float = 10, high: float = 20, before: int = 15, after: int = 15) -> np.ndarray:
    return np.concatenate([low + np.arange(before) % 2, high + np.arange(after) % 2])


def test_a_step_is_suggested() -> None:
    found = suggest_rebase(stepped())
    assert found.row.tolist() == [15]
    assert found.group.tolist() == ["all"]
    assert found.before == pytest.approx([stepped()[:15].mean()])
    assert found.after == pytest.approx([stepped()[15:].mean()])


def test_the_row_is_the_one_that_was_given() -> None:
    values = np.concatenate([stepped()[::-1], ZIGZAG])
    when = np.concatenate([np.arange(30)[::-1], np.arange(20)])
    found = suggest_rebase(values, ["a"] * 30 + ["b"] * 20, when=when)
    assert found.row.tolist() == [14]
    assert found.group.tolist() == ["a"]


@pytest.mark.parametrize(
    ("before", "after", "fewest", "count"),
    [(12, 12, 12, 1), (11, 20, 12, 0), (20, 11, 12, 0), (11, 11, 11, 1)],
)
def test_both_sides_need_enough_points(before: int, after: int, fewest: int, count: int) -> None:
    assert suggest_rebase(stepped(before=before, after=after), fewest=fewest).row.size == count


def test_missing_points_do_not_count() -> None:
    values = stepped(before=13, after=13).astype(float)
    values[[3, 20]] = NAN
    assert suggest_rebase(values).row.tolist() == [13]
    values[4] = NAN
    assert suggest_rebase(values).row.size == 0


def test_a_run_shorter_than_a_shift_is_no_step() -> None:
    values = np.array([*ZIGZAG[:12], *([20.0] * 6), *ZIGZAG[:12]])
    assert suggest_rebase(values, fewest=12).row.size == 0
    assert suggest_rebase(stepped(), shift_points=15).row.tolist() == [15]
    assert suggest_rebase(stepped(), shift_points=16).row.size == 0


def test_a_small_move_is_no_step() -> None:
    assert suggest_rebase(stepped(high=10.5)).row.size == 0
    # Ranges of 1 and one that is screened out: a third of the limits is 2/3 x 2.66 from the old mean.
    assert suggest_rebase(stepped(low=10, high=11.6)).row.size == 0
    assert suggest_rebase(stepped(low=10, high=12.1)).row.tolist() == [15]


def test_the_largest_of_two_steps_is_suggested_and_none_within_a_rebase() -> None:
    values = np.concatenate([stepped(), stepped(40, 41)[:15]])
    assert suggest_rebase(values).row.tolist() == [30]
    marks = np.arange(45) == 30
    assert suggest_rebase(values, rebase=marks).row.tolist() == [15]
    assert suggest_rebase(values, rebase=np.arange(45) % 15 == 0).row.size == 0


def test_suggestions_refuse_odd_options() -> None:
    with pytest.raises(YourCommand, match="points on each side is 1"):
        suggest_rebase([1.0], fewest=1)
    with pytest.raises(YourCommand, match="points of a shift is 1"):
        suggest_rebase([1.0], shift_points=1)
    assert suggest_rebase([1.0], fewest=2, shift_points=2).row.size == 0


def test_one_series_and_many_agree() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(0, 1, (30, 25)).round(1)
    values[::3, 10:] += 2
    chart = xmr_chart(values.ravel(), np.repeat(np.arange(30), 25))
    for i, series in enumerate(values):
        limits = xmr_limits(series)
        assert chart.stretches.mean[i] == pytest.approx(limits.mean, rel=1e-12)
        assert chart.stretches.upper[i] == pytest.approx(limits.upper, rel=1e-12)
        assert chart.cause.reshape(values.shape)[i].tolist() == xmr_rules(series, limits).tolist()


def test_one_series_refuses_what_it_cannot_chart() -> None:
    for wrong in ([], [1.0, NAN], [[1.0]]):
        with pytest.raises(YourCommand, match="one series"):
            xmr_limits(wrong)
    assert xmr_limits([1.0, 3.0, 99.0], first=2).mean == 2
    assert xmr_limits([1.0, 2.0, 1.0, 50.0] * 2, screen=False).average_moving_range == pytest.approx(151 / 7)


def test_labels_say_the_lengths_asked_for() -> None:
    assert SpecialCause.SHIFT_ABOVE == "7 Points Above CL"
    limits = xmr_limits([1.0, 2, 3, 4, 5, 6])
    assert set(xmr_rules([1.0, 2, 3, 4, 5, 6], limits, trend_points=6)) == {"6 Point Trend (Increasing)"}
    assert set(xmr_rules([1.0, 2, 3, 4, 5, 6], limits)) == {"Common Cause"}


def test_the_last_time_of_one_series_is_not_the_first_of_the_next():
    when, groups = [1, 2, 3] * 2, ["a"] * 3 + ["b"] * 3
    assert rebase_rows(when, 3, groups, "a").tolist() == [False, False, True, False, False, False]
    assert rebase_rows(when, 1, groups, "b").tolist() == [False, False, False, True, False, False]
