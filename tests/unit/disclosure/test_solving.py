"""Programmes over linked counts: nearest tables, fractions mended, and tables that only seem to fit."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import PROFILES, solving
from joinedup.disclosure.knowing import Known, told
from joinedup.disclosure.solving import Programme, rows_among
from tests.unit.disclosure.small_tables import mask, tables_of, two_by_two, two_by_twos

NHS = PROFILES["nhs-england"]
ALL = np.arange(9)


def between(*limits):
    """Lowest and highest of every cell; one number is both."""
    ends = [limit if isinstance(limit, tuple) else (limit, limit) for limit in limits]
    return Known(*(np.array([end[side] for end in ends], dtype=float) for side in (0, 1)))


def triangle(low=1, high=2):
    """Counts 0, 1, 2 of 0 or 1: the first two make 1, the next two 1, the outer two 1 or 2."""
    tables = tables_of([1, 0, 1, 1, 1, 2], (3, (0, 1)), (4, (1, 2)), (5, (0, 2)))
    return tables, between((0, 1), (0, 1), (0, 1), 1, 1, (low, high))


HALVES = np.array([0.5, 0.5, 0.5, 1.0, 1.0, 1.0])


def test_the_nearest_table_of_all_that_fit():
    tables = two_by_two(3, 9, 8, 12)
    away = mask(9, 0, 1, 2, 3)
    known = told(tables, away, NHS, strong=True)
    tried = two_by_twos(known, 30)
    programme = Programme(tables, known, ALL, np.array([0, 2]))
    for targets in ([0.0, 4.0], [4.0, 13.0], [2.0, 30.0]):
        found = programme.nearest(np.array(targets))
        off = np.abs(tried[:, [0, 2]] - targets).sum(axis=1)
        assert np.abs(found[[0, 2]] - targets).sum() == pytest.approx(off.min())
        assert programme.whole(found, 9).tolist() in tried.tolist()


def test_of_nearest_tables_the_one_in_which_least_moves():
    tables = tables_of([14, 2, 12], (0, (1, 2)))
    known = between((13, 17), (0, 4), (8, 12))
    found = Programme(tables, known, np.arange(3), np.array([1])).nearest(np.array([4.0]))
    assert found.tolist() in ([16, 4, 12], [14, 4, 10])  # 2 more on one of the others


def test_a_value_is_held_for_one_question_only():
    tables = two_by_two(3, 9, 8, 12)
    programme = Programme(tables, told(tables, mask(9, 0, 1, 2, 3), NHS, strong=True), ALL, np.array([0, 2]))
    free = programme.nearest(np.array([3.0, 8.0]))
    assert free[:4].tolist() == [3, 9, 8, 12]
    assert programme.nearest(np.array([3.0, 8.0]), (0, 1))[0] == 1
    assert programme.nearest(np.array([3.0, 8.0]), (2, 5))[2] == 5
    assert programme.nearest(np.array([3.0, 8.0]), (2, 30)) is None
    assert programme.nearest(np.array([3.0, 8.0])).tolist() == free.tolist()


def test_a_cell_without_a_known_count_moves_freely():
    tables = tables_of([14, None, 9], (0, (1, 2)))
    programme = Programme(tables, between((13, 17), (0, np.inf), (8, 12)), np.arange(3), np.array([2]))
    assert programme.weight.tolist() == [0.01, 0.0, 1.0]
    assert programme.nearest(np.array([8.0])).tolist() == [14, 6, 8]


def test_cells_outside_stay_as_they_truly_are():
    tables = two_by_two(3, 9, 8, 12)
    known = told(tables, mask(9, 0, 1, 2, 3), NHS, strong=True)
    programme = Programme(
        tables, known, np.array([0, 1, 2, 3, 4, 5]), np.array([0])
    )  # columns stay 11 and 21
    found = programme.nearest(np.array([0.0]), (0, 1))
    assert (found[0] + found[2], found[1] + found[3]) == (11, 21)
    with pytest.raises(ValueError, match="without a known count"):
        rows_among(tables_of([14, None, 9], (0, (1, 2))), np.array([0]))


def test_rows_among_cells_and_what_the_others_add():
    tables = tables_of([20, 6, 8, 4, 9], (0, (1, 2), True), (2, (3,), True), (4, (3,), True))
    matrix, fixed, rest = rows_among(tables, np.array([0, 1]))
    assert matrix.toarray().tolist() == [[1, -1]]
    assert (fixed.tolist(), rest.tolist()) == ([-8], [True])


def test_fractions_are_mended_where_whole_numbers_fit():
    tables, known = triangle()
    programme = Programme(tables, known, np.arange(6), np.array([0]))
    assert programme.whole(HALVES, 6).tolist() == [1, 0, 1, 1, 1, 2]


def test_halves_that_no_whole_table_replaces_are_no_proof():
    tables, known = triangle(1, 1)
    programme = Programme(tables, known, np.arange(6), np.array([0]))
    assert programme.nearest(np.array([1.0]))[:3] == pytest.approx([0.5, 0.5, 0.5])
    assert programme.whole(HALVES, 6) is None


def test_only_so_many_cells_move_while_fractions_are_mended():
    """The outer total has to be 2, which a further sum makes 2 more; only a wider circle reaches that one."""
    tables = tables_of([1, 0, 1, 1, 1, 2, 5, 7], (3, (0, 1)), (4, (1, 2)), (5, (0, 2)), (7, (5, 6)))
    known = between((0, 1), (0, 1), (0, 1), 1, 1, (1, 2), (0, 5), (0, 9))
    programme = Programme(tables, known, np.arange(8), np.array([0]))
    halves = np.array([*HALVES, 5.0, 6.0])
    assert programme.whole(halves, 6) is None  # 5 and 7 stay: 2 and 5 are not 6
    beside = np.array([*HALVES, 5.0, 7.0])
    assert programme.whole(beside, 6).tolist() == [1, 0, 1, 1, 1, 2, 5, 7]
    mended = programme.whole(halves, 8)
    assert mended[:6].tolist() == [1, 0, 1, 1, 1, 2]
    assert mended[7] == mended[5] + mended[6]


def test_the_first_circle_moves_however_small_it_has_to_be():
    tables, known = triangle()
    assert Programme(tables, known, np.arange(6), np.array([0])).whole(HALVES, 0) is not None


def test_a_rest_stays_one_while_fractions_are_mended():
    tables = tables_of([1, 0, 1, 1, 1, 3], (3, (0, 1)), (4, (1, 2)), (5, (0, 2), True))
    known = between((0, 1), (0, 1), (0, 1), 1, 1, 3)
    programme = Programme(tables, known, np.arange(6), np.array([0]))
    assert programme.whole(np.array([0.5, 0.5, 0.5, 1, 1, 3.0]), 6) is not None
    below = between((0, 1), (0, 1), (0, 1), 1, 1, 1)
    programme = Programme(tables, below, np.arange(6), np.array([0]))
    assert programme.whole(HALVES, 6).tolist() == [0, 1, 0, 1, 1, 1]


def test_nothing_is_believed_of_the_solver():
    tables = two_by_two(3, 9, 8, 12)
    known = told(tables, mask(9, 0, 1, 2, 3), NHS, strong=True)
    programme = Programme(tables, known, ALL, np.array([0]))
    true = tables.values.astype(float)
    assert programme.fits(true)
    assert programme.whole(true + 1e-8, 9).tolist() == true.tolist()
    for cell in range(9):  # every sum counts
        assert not programme.fits(true + mask(9, cell))
        assert programme.whole(true + mask(9, cell), 9) is None
    high = np.array([5, 9, 8, 12, 14, 20, 13, 21, 34.0])  # adds up, but 5 is not small
    assert not programme.fits(high)
    low = np.array([-1, 13, 8, 12, 12, 20, 7, 25, 32.0])
    assert not programme.fits(low)


def test_parts_may_fall_short_of_a_total_with_a_rest_only():
    tables = tables_of([9, 6, 8], (0, (1,), True), (2, (1,), True))
    programme = Programme(tables, between((5, 9), (0, 9), (5, 9)), np.arange(3), np.array([1]))
    assert programme.fits(np.array([9.0, 6.0, 8.0]))
    assert programme.fits(np.array([6.0, 6.0, 8.0]))
    assert not programme.fits(np.array([5.0, 6.0, 8.0]))


def test_what_is_not_found_in_time_is_not_possible(monkeypatch):
    tables = two_by_two(3, 9, 8, 12)
    programme = Programme(tables, told(tables, mask(9, 0, 1, 2, 3), NHS, strong=True), ALL, np.array([0]))
    asked = []
    monkeypatch.setattr(solving, "run", lambda highs, seconds: asked.append(seconds))
    assert programme.nearest(np.array([0.0])) is None
    assert asked == [solving.SECONDS]


def test_each_run_has_its_own_time():
    tables = two_by_two(3, 9, 8, 12)
    highs = Programme(tables, told(tables, mask(9, 0), NHS, strong=True), ALL, np.array([0])).highs
    assert solving.run(highs, 5.0)
    assert highs.getOptionValue("time_limit")[1] >= 5.0
    spent = highs.getRunTime()
    assert solving.run(highs, 3.0)
    assert highs.getOptionValue("time_limit")[1] == pytest.approx(spent + 3.0, abs=0.5)
    assert highs.getOptionValue("threads")[1] == 1
    assert highs.getOptionValue("output_flag")[1] is False
