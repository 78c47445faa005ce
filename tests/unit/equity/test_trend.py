"""Is inequality narrowing: by hand, on two scales that may disagree, and as it leaves."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import Releasable, release
from joinedup.equity import Movement, inequality_trend
from joinedup.equity.trend import ScaleTrend, trend_of
from joinedup.errors import UnknownName, YourCommand
from tests.unit.equity.by_group_tables import table_of

YEARS = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
GROUP, REFERENCE = "Black or Black British", "White"
BETWEEN = (GROUP, REFERENCE)


def trend(group, reference, n=10_000, **keys):
    """Trend of two lists of shares."""
    pairs = zip(YEARS, group, reference, strict=False)
    counts = {
        (year, name): (round(n * share), n)
        for year, *two in pairs
        for name, share in zip(BETWEEN, two, strict=True)
    }
    return inequality_trend(table_of(counts, **keys), between=BETWEEN)


def test_both_scales_say_narrowing():
    found = trend([0.30, 0.33, 0.36, 0.39, 0.42], [0.45] * 5)
    assert found.absolute.movement == found.relative.movement == Movement.NARROWING
    assert found.agree
    assert found.absolute.gaps == pytest.approx([-0.15, -0.12, -0.09, -0.06, -0.03])
    assert found.absolute.slope == pytest.approx(0.03, rel=2e-3)
    assert found.absolute.first == pytest.approx(-0.15, abs=1e-3)
    assert found.headline() == f"Gap between {GROUP} and {REFERENCE}: narrowing"
    assert "disagree" not in found.sentence()


def test_the_scales_may_disagree_and_it_says_so():
    """Both halve: the ratio stays, the difference halves. Both fall by the same points: the ratio grows."""
    halved = trend([0.20, 0.175, 0.15, 0.125, 0.10], [0.40, 0.35, 0.30, 0.25, 0.20])
    assert halved.absolute.movement is Movement.NARROWING
    assert halved.relative.movement is Movement.NO_EVIDENCE
    assert not halved.agree
    assert "two scales disagree" in halved.sentence()
    assert halved.headline().endswith("narrowing in points, no evidence of change as a ratio")
    apart = trend([0.20, 0.16, 0.12, 0.08, 0.04], [0.40, 0.35, 0.30, 0.25, 0.20])
    assert (apart.absolute.movement, apart.relative.movement) == (Movement.NARROWING, Movement.WIDENING)


def test_a_gap_may_turn_round():
    found = trend([0.30, 0.35, 0.40, 0.45, 0.50], [0.40] * 5)
    assert found.absolute.movement is Movement.REVERSED


def test_noise_is_no_trend_and_three_periods_are_none():
    assert trend([0.30, 0.32, 0.29, 0.31, 0.30], [0.4] * 5, n=100).absolute.movement is Movement.NO_EVIDENCE
    short = trend([0.30, 0.35, 0.40], [0.45] * 3)
    assert short.absolute.movement is Movement.CANNOT_TELL
    assert short.sentence() == "In percentage points: cannot tell. As a ratio: cannot tell."
    assert short.to_json()["absolute"]["a_year"] is None
    assert trend([0.30, 0.35, 0.40, 0.45], [0.45] * 4).absolute.movement is not Movement.CANNOT_TELL


def test_a_group_without_any_outcome_has_a_difference_and_no_ratio():
    found = trend([0.0, 0.1, 0.2, 0.3, 0.4], [0.4] * 5)
    assert np.isnan(found.relative.gaps[0])
    assert found.absolute.gaps[0] == pytest.approx(-0.4)
    assert found.relative.movement is Movement.NARROWING
    assert found.to_json()["relative"]["gaps"][0] is None


def test_a_line_by_hand():
    """Unweighted, scatter below chance: errors of 1 give a variance of the slope of 1 / 5, 2 df."""
    found = trend_of(np.array([3.0, 2, 1, 0]), np.ones(4), np.arange(4.0), 0.95)
    assert (found.slope, found.first, found.last) == pytest.approx((-1, 3, 0))
    assert found.upper - found.slope == pytest.approx(4.302653 / np.sqrt(5), rel=1e-6)
    scattered = trend_of(np.array([0.0, 9, 0, 9]), np.ones(4), np.arange(4.0), 0.95)
    left = np.array([0.0, 9, 0, 9]) - (4.5 + 1.8 * (np.arange(4) - 1.5))
    assert scattered.upper - scattered.slope == pytest.approx(
        4.302653 * np.sqrt((left @ left) / 2 / 5), rel=1e-6
    )
    assert found.reach == pytest.approx(4.302653 * np.sqrt(1 / 4 + 1.5**2 / 5), rel=1e-6)
    heavy = trend_of(np.array([0.0, 1, 2, 90]), np.array([0.1, 0.1, 0.1, 1e6]), np.arange(4.0), 0.95)
    assert heavy.slope == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("first", "last", "limits", "said"),
    [(-1, -2, (-3, -1), "widening"), (-2, -1, (1, 3), "narrowing"), (2, 1, (-3, -1), "narrowing"),
     (1, 2, (1, 3), "widening"),
     (2, -0.5, (-9, -1), "narrowing"),
     (1, -2, (-9, -1), "reversed"), (1, 2, (0, 3), "no evidence of change"), (1, 2, (-3, 0), "no evidence of change")],
)  # fmt: skip
def test_movements(first, last, limits, said):
    assert ScaleTrend((), (), 1.0, *limits, first, last, 0.5).movement == said


def test_what_leaves_is_computed_from_released_counts():
    found = trend([0.30, 0.33, 0.36, 0.39, 0.42], [0.45] * 5, n=333)
    assert isinstance(found, Releasable)
    released = release(found)
    assert released.cells == 20
    shown = released.value.to_json()
    x, n = round(333 * 0.30), 335
    assert shown["absolute"]["gaps"][0] == round(100 * (5 * round(x / 5) / n - 150 / n), 1)
    assert shown["profile"] == "nhs-england"
    assert all(entry["measure_id"] == "M195" for entry in released.registry.values())
    assert released.value.absolute.errors[0] > found.absolute.errors[0]
    assert release(released.value).value.to_json() == shown


def test_small_groups_are_hidden_and_the_trend_with_them():
    found = release(trend([0.01] * 5, [0.45] * 5, n=300)).value
    assert np.isnan(found.absolute.gaps).all()
    assert found.headline().endswith("cannot tell")
    tiny = release(trend([0.5] * 5, [0.5] * 5, n=15)).value
    assert tiny.absolute.movement is Movement.CANNOT_TELL


def test_missing_periods_are_missing():
    counts = {(year, name): (40, 100) for year in YEARS for name in BETWEEN}
    counts[YEARS[1], GROUP] = (None, 100)
    del counts[YEARS[2], REFERENCE]
    counts[YEARS[3], GROUP] = (0, 0)
    found = inequality_trend(table_of(counts), between=BETWEEN)
    assert np.isnan(found.absolute.gaps).tolist() == [False, True, True, True, False]
    assert found.absolute.movement is Movement.CANNOT_TELL


def test_what_does_not_fit():
    counts = {(year, name): (40, 100) for year in YEARS for name in BETWEEN}
    with pytest.raises(UnknownName, match="no group"):
        inequality_trend(table_of(counts), between=("Nobody", REFERENCE))
    with pytest.raises(YourCommand, match="breakdown"):
        inequality_trend(table_of(counts, breakdown="total"), between=BETWEEN)
    with pytest.raises(YourCommand, match="one measure"):
        inequality_trend(table_of({}), between=BETWEEN)
