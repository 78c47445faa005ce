"""Funnels of proportions, their centres, and the table of outliers."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.funnel import (
    Z_95,
    Z_998,
    Verdict,
    funnel_centre,
    funnel_limits,
    funnel_outliers,
    funnel_verdict,
    verdicts,
)
from joinedup.stats.intervals import wilson_interval


def test_lines_by_hand() -> None:
    # 0.4 ± 1.96 · √(0.4 · 0.6 / 100)
    low, high = funnel_limits(0.4, [100.0, 0.0, np.nan])
    assert np.allclose(low, [0.3039818, np.nan, np.nan], atol=1e-7, equal_nan=True)
    assert np.allclose(high, [0.4960182, np.nan, np.nan], atol=1e-7, equal_nan=True)
    assert [float(line) for line in funnel_limits(0.4, 1, Z_998)] == [0.0, 1.0]


def test_a_centre_is_the_whole_or_the_group_and_leaves_out_what_is_missing() -> None:
    x, n = [3, 5, np.nan, 4], [10, 10, 10, 0]
    assert np.allclose(funnel_centre(x, n), 0.4)
    assert np.allclose(funnel_centre(x, n, ["a", "b", "b", "c"]), [0.3, 0.5, 0.5, np.nan], equal_nan=True)
    # events may be more than what they are out of: rates
    assert funnel_centre([[30, 10]], [[10, 10]]).tolist() == [[2.0, 2.0]]


def test_all_five_verdicts() -> None:
    found = funnel_verdict([20, 28, 40, 52, 60], [100] * 5, 0.4)
    assert found.tolist() == [
        "Low (0.001)",
        "Low (0.025)",
        "Not significant",
        "High (0.025)",
        "High (0.001)",
    ]


def test_verdicts_against_a_line_of_their_own_and_against_their_group() -> None:
    assert funnel_verdict([40, 40], [100, 100], [0.4, 0.2]).tolist() == ["Not significant", "High (0.001)"]
    alone = funnel_verdict([10, 90], [100, 100], groups=["a", "b"])
    assert alone.tolist() == ["Not significant"] * 2
    together = funnel_verdict([10, 90], [100, 100])
    assert together.tolist() == ["Low (0.001)", "High (0.001)"]


def test_nobody_and_missing_have_no_verdict() -> None:
    assert funnel_verdict([0, np.nan, 5], [0, 10, 10]).tolist() == ["", "", "Not significant"]
    assert funnel_verdict([], []).tolist() == []
    assert funnel_verdict([0, 0], [0, 0]).tolist() == ["", ""]


def test_a_verdict_is_where_the_wilson_limit_leaves_out_the_centre() -> None:
    x, n = np.arange(0, 101), np.full(101, 100)
    found = funnel_verdict(x, n, 0.37)
    for confidence, labels in ((0.95, {"High (0.025)", "High (0.001)"}), (0.998, {"High (0.001)"})):
        lower, _ = wilson_interval(x, n, confidence)
        assert (lower > 0.37).tolist() == [label in labels for label in found.tolist()]


def test_more_than_all_is_refused() -> None:
    with pytest.raises(YourCommand, match="above what they are out of"):
        funnel_verdict([5], [4])


def test_the_furthest_line_tells_and_what_is_not_known_has_no_verdict() -> None:
    yes, no = np.array([True]), np.array([False])
    assert verdicts(yes, no, no, no, yes).tolist() == [Verdict.LOW_001]
    assert verdicts(no, no, no, yes, yes).tolist() == [Verdict.HIGH_001]
    assert verdicts(yes, yes, no, no, no).tolist() == [""]


def test_the_table_of_outliers_begins_with_the_furthest() -> None:
    value = np.array([0.30, 0.52, 0.40, 0.20, 0.60])
    found = funnel_outliers(funnel_verdict(100 * value, [100] * 5, 0.4), value, 0.4, list("abcde"))
    assert len(found) == 4
    assert found.unit.tolist() == ["e", "d", "b", "a"]
    assert found.row.tolist() == [4, 3, 1, 0]
    assert found.verdict.tolist() == ["High (0.001)", "Low (0.001)", "High (0.025)", "Low (0.025)"]
    assert np.allclose(found.value, [0.6, 0.2, 0.52, 0.3])
    assert np.allclose(found.centre, 0.4)
    assert np.allclose(found.excess, [0.2, -0.2, 0.12, -0.1])


def test_outliers_without_labels_are_named_by_their_place() -> None:
    found = funnel_outliers(["Not significant", "Low (0.001)", ""], [1.0, 0.1, np.nan], 1.0)
    assert found.unit.tolist() == [1]
    assert len(funnel_outliers([], [], [])) == 0
    with pytest.raises(YourCommand, match="1 labels were given for 2 units"):
        funnel_outliers(["", ""], [1, 1], 1, ["only"])


def test_z_of_the_two_lines() -> None:
    from scipy.special import ndtri

    assert np.isclose(Z_95, ndtri(0.975), rtol=1e-15)
    assert np.isclose(Z_998, ndtri(0.999), rtol=1e-15)


def test_one_person_is_somebody() -> None:
    assert funnel_centre([1, 0], [1, 3]).tolist() == [0.25, 0.25]
    assert funnel_verdict([1, 0], [1, 1], 0.5).tolist() == ["Not significant"] * 2


@pytest.mark.parametrize(("x", "p0"), [(0, 0), (10, 1)])
def test_a_unit_on_its_line_is_not_beyond_it(x: int, p0: float) -> None:
    assert funnel_verdict([x], [10], p0).tolist() == ["Not significant"]
