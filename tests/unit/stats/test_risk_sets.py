from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.risk_sets import MOST_PADDING, events_of, risk_sets, rows_at, running


def test_counts_of_two_groups_by_hand() -> None:
    risk = risk_sets([3, 1, 1, 2, 3, 3], [1, 2, 0, 1, 0, 1], 2, groups=["b", "a", "b", "a", "b", "b"])
    assert risk.labels.tolist() == ["b", "a"]
    assert risk.group.tolist() == [0, 0, 1, 1]
    assert risk.time.tolist() == [1, 3, 1, 2]
    assert risk.at_risk.tolist() == [4, 3, 2, 1]
    assert risk.censored.tolist() == [1, 1, 0, 0]
    assert risk.ends.tolist() == [[0, 0], [2, 0], [0, 1], [1, 0]]
    assert risk.begins.tolist() == [0, 0]
    assert risk.left_out.tolist() == [0, 0]


def test_who_enters_at_a_time_is_not_at_risk_at_it_and_who_is_last_seen_is() -> None:
    risk = risk_sets([2, 4, 5, 5], [1, 1, 0, 1], 1, entry=[0, 2, 1, 4])
    assert risk.time.tolist() == [2, 4, 5]
    assert risk.at_risk.tolist() == [2, 2, 2]
    assert risk.first_entry.tolist() == [0]
    assert risk.last_entry.tolist() == [4]


def test_entries_of_one_group_do_not_count_in_another() -> None:
    risk = risk_sets([2, 4, 3, 9], [1, 1, 0, 1], 1, entry=[1, 3, 2, -np.inf], groups=["x", "x", "y", "y"])
    assert risk.at_risk.tolist() == [1, 1, 2, 1]
    assert risk.begins.tolist() == [1, 0]
    assert risk.last_entry.tolist() == [3, 2]


def test_rows_with_something_missing_are_left_out_and_counted_in_their_group() -> None:
    nan = np.nan
    risk = risk_sets(
        [1, nan, 2, 3, 4], [1, 1, nan, 0, 1], 1, entry=[0, 0, 0, nan, 0], groups=["a", "a", "b", "b", "c"]
    )
    assert risk.left_out.tolist() == [1, 2, 0]
    assert risk.group.tolist() == [0, 2]
    assert risk.labels.tolist() == ["a", "b", "c"]
    assert risk.begins.tolist() == [0, 0, 0]


def test_some_of_the_rows_keep_all_the_groups_and_count_only_their_own_missing() -> None:
    among = np.array([True, False, True, False])
    risk = risk_sets([1, 2, np.nan, np.nan], [1, 1, 1, 1], 1, groups=list("aabb"), among=among)
    assert risk.time.tolist() == [1]
    assert risk.left_out.tolist() == [0, 1]


def test_a_step_is_thin_below_the_minimum_while_others_enter_later() -> None:
    risk = risk_sets([2, 4, 6, 6], [1, 1, 1, 1], 1, entry=[0, 3, 5, 4])
    assert risk.at_risk.tolist() == [1, 1, 2]
    assert risk.thin(1).tolist() == [False, False, False]
    assert risk.thin(2).tolist() == [True, True, False]
    level = risk_sets([2, 5, 9], [1, 1, 1], 1, entry=[0, 0, 2])
    assert level.thin(3).tolist() == [True, False, False]  # the last enters at 2, and is at risk after it
    with pytest.raises(YourCommand, match="at least 0 people"):
        risk.thin(0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time": [-1.0], "kind": [1]}, "below 0 or infinite"),
        ({"time": [np.inf], "kind": [1]}, "below 0 or infinite"),
        ({"time": [[1.0]], "kind": [[1]]}, "one list"),
        ({"time": [1.0], "kind": [3]}, "not among those named"),
        ({"time": [1.0], "kind": [0.5]}, "not among those named"),
        ({"time": [1.0], "kind": [-1]}, "not among those named"),
        ({"time": [1.0], "kind": [1], "entry": [1.0]}, "enters at or after"),
        ({"time": [1.0], "kind": [1], "groups": ["a", "b"]}, "2 group labels"),
    ],
)
def test_refusals(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(YourCommand, match=message) as refused:
        risk_sets(kinds=2, **arguments)  # type: ignore[arg-type]
    assert refused.value.remedy


def test_a_time_of_0_counts_and_an_event_is_0_or_1() -> None:
    assert risk_sets(0, 1, 1).at_risk.tolist() == [1]
    np.testing.assert_array_equal(events_of([True, False, np.nan]), [1, 0, np.nan])
    with pytest.raises(YourCommand, match="neither 0"):
        events_of([1, 2])
    with pytest.raises(YourCommand, match="neither 0"):
        events_of([0.5])


def test_running_totals_are_exact_behind_a_large_group_and_after_a_zero() -> None:
    group = np.array([0, 0, 1, 1, 1])
    summed = running(np.add, np.array([1e20, 1.0, 1e-20, 2e-20, 3e-20]), group)
    np.testing.assert_allclose(summed[2:], [1e-20, 3e-20, 6e-20], rtol=1e-14)
    product = running(np.multiply, np.array([0.5, 0.0, 0.5, 0.5, 0.5]), group)
    assert product.tolist() == [0.5, 0.0, 0.5, 0.25, 0.125]


def test_running_totals_where_one_group_is_much_longer_than_the_others() -> None:
    sizes = [37, *[1] * 60, 2]
    group = np.repeat(np.arange(len(sizes)), sizes)
    values = np.random.default_rng(1).uniform(0.5, 1.5, group.size)
    assert len(sizes) * max(sizes) > MOST_PADDING * group.size
    for combine in (np.add, np.multiply):
        one_by_one = [combine.accumulate(values[group == g]) for g in range(len(sizes))]
        np.testing.assert_allclose(running(combine, values, group), np.concatenate(one_by_one), rtol=1e-13)


def test_the_last_row_at_or_before_a_time() -> None:
    group, time = np.array([0, 0, 2]), np.array([1.0, 3.0, 2.0])
    found = rows_at(group, time, 3, np.array([0.5, 1.0, 2.9, 3.0, np.inf]))
    assert found.tolist() == [[-1, 0, 0, 1, 1], [-1] * 5, [-1, -1, 2, 2, 2]]
    assert rows_at(group[:0], time[:0], 1, np.array([1.0])).tolist() == [[-1]]


@pytest.mark.parametrize("time", [-1.0, np.inf])
def test_a_time_below_nothing_or_without_end_is_refused(time: float) -> None:
    with pytest.raises(YourCommand, match="below 0 or infinite"):
        risk_sets([1.0, time], [1, 1], 1)


def test_who_enters_at_the_time_is_at_risk_after_it_so_a_thin_set_there_is_set_aside() -> None:
    from joinedup.stats.survival import survival_curve

    found = survival_curve([3, 10, 12], [1, 1, 1], entry=[0, 3, 3], minimum_at_risk=2)
    assert found.survival.tolist() == [1.0, 0.5, 0.0]
