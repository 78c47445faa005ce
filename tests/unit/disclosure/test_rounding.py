"""What cannot be computed from counts leaves rarely, and no finer than it is known."""

from __future__ import annotations

import pytest

from joinedup.disclosure.rounding import (
    enough,
    estimate,
    largest_remainder,
    refuse_extremes,
    steps,
    whole_weeks,
)
from joinedup.errors import YourCommand


def test_ten_events_and_twenty_people_stand_behind_a_figure():
    assert enough(10, 20)
    assert not enough(9, 20)
    assert not enough(10, 19)
    assert not enough(None, 20)
    assert not enough(10, None)


def test_an_estimate_is_rounded_to_a_fifth_of_its_error():
    assert estimate(1.2345, 0.5, 10, 20) == pytest.approx(1.2)
    assert estimate(1.26, 0.5, 10, 20) == pytest.approx(1.3)
    assert estimate(1.26, 0.5, 9, 20) is None
    assert estimate(float("nan"), 0.5, 10, 20) is None


@pytest.mark.parametrize("error", [0.0, -1.0, float("nan")])
def test_a_figure_without_error_is_refused(error):
    with pytest.raises(YourCommand, match="standard error"):
        estimate(1.0, error, 10, 20)


def test_medians_are_whole_weeks():
    assert whole_weeks(24.0, 10, 20) == 3
    assert whole_weeks(24.5, 10, 20) == 4
    assert whole_weeks(24.5, 10, 19) is None
    assert whole_weeks(None, 10, 20) is None
    assert whole_weeks(float("inf"), 10, 20) is None


def test_extremes_are_refused():
    refuse_extremes("median")
    with pytest.raises(YourCommand, match="one person"):
        refuse_extremes("max")


def test_a_step_holds_five_people():
    assert steps([1, 2, 3, 4, 5], [3, 2, 4, 1, 6], 40).tolist() == [False, True, False, True, True]
    assert not steps([1, 2], [4, 5], 40).any()
    assert not steps([1, 2], [5, 5], 19).any()


@pytest.mark.parametrize(("times", "events"), [([2, 1], [1, 1]), ([1, 2], [1]), ([1, 2], [1, -1])])
def test_a_curve_that_is_none_is_refused(times, events):
    with pytest.raises(YourCommand, match="rise"):
        steps(times, events, 40)


def test_displayed_parts_add_up():
    assert largest_remainder([1, 1, 1]) == [34, 33, 33]
    assert largest_remainder([1, 1, 1], decimals=1) == [33.4, 33.3, 33.3]
    assert largest_remainder([50, 25, 25]) == [50, 25, 25]
    with pytest.raises(YourCommand, match="Parts"):
        largest_remainder([0, 0])
    with pytest.raises(YourCommand, match="Parts"):
        largest_remainder([2, -1])
