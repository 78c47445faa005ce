"""Logistic regression of counts: odds by hand, the paper's standardisation by hand, and where it ends."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats import logistic
from joinedup.stats.logistic import LogisticFit, logistic_regression, standardised_risks

LOG = np.log


def test_one_group_is_its_odds():
    fit = logistic_regression([[1.0]], [30], [100])
    assert fit.settled
    assert fit.coefficients == pytest.approx([LOG(30 / 70)])
    # of the step before the last, which the last moved by no more than this
    assert fit.covariance == pytest.approx(np.array([[1 / 30 + 1 / 70]]), rel=1e-4)
    assert fit.deviance == pytest.approx(-2 * (30 * LOG(0.3) + 70 * LOG(0.7)))
    assert fit.risk([[1.0], [0.0]]) == pytest.approx([0.3, 0.5])


def test_a_second_column_is_the_ratio_of_the_odds():
    fit = logistic_regression([[1.0, 0.0], [1.0, 1.0]], [20, 30], [100, 60])
    assert fit.coefficients == pytest.approx([LOG(20 / 80), LOG(30 / 30) - LOG(20 / 80)])
    first, second = 1 / 20 + 1 / 80, 1 / 30 + 1 / 30
    assert fit.covariance == pytest.approx(np.array([[first, -first], [-first, first + second]]))


def test_rows_of_one_kind_are_one_row():
    fit = logistic_regression(np.ones((3, 1)), [1, 2, 3], [10, 10, 10])
    assert fit.coefficients == pytest.approx([LOG(6 / 24)])
    assert fit.covariance == pytest.approx(np.array([[1 / 6 + 1 / 24]]))


def test_rows_without_a_count_or_without_people_are_left_out():
    fit = logistic_regression(np.ones((4, 1)), [30, np.nan, 0, 1], [100, 5, 0, np.nan])
    assert fit.coefficients == pytest.approx([LOG(30 / 70)])
    one = logistic_regression(np.ones((1, 1)), [0], [1])
    assert one.risk([[1.0]]) == pytest.approx([0], abs=1e-8)


def test_nobody_and_impossible_counts_are_refused():
    with pytest.raises(YourCommand, match="nobody") as refused:
        logistic_regression(np.ones((2, 1)), [np.nan, 0], [3, 0])
    assert "longer period" in str(refused.value.remedy)
    with pytest.raises(YourCommand, match="above"):
        logistic_regression(np.ones((1, 1)), [4], [3])


@pytest.mark.parametrize(("x", "edge"), [(0, -20), (40, 20)])
def test_log_odds_without_an_end_stop_where_the_chance_is_0_or_1_to_the_eye(x, edge):
    fit = logistic_regression(np.ones((1, 1)), [x], [40])
    assert fit.settled
    assert np.sign(fit.coefficients[0]) == np.sign(edge)
    assert 15 < abs(fit.coefficients[0]) <= 22
    assert fit.deviance == pytest.approx(0, abs=1e-5)


def test_columns_that_say_the_same_share_a_coefficient():
    fit = logistic_regression([[1.0, 1.0]], [30], [100])
    assert fit.coefficients == pytest.approx([LOG(30 / 70) / 2] * 2)
    assert fit.risk([[1.0, 1.0]]) == pytest.approx([0.3])


def test_out_of_rounds_is_said(monkeypatch):
    monkeypatch.setattr(logistic, "ROUNDS", 1)
    assert not logistic_regression([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1, 30, 40], [100, 60, 50]).settled


def test_risks_at_one_mix_of_people_by_hand():
    """Intercept 0, the group's log 3, the background's log 2: odds of 1, 2, 3 and 6; three people in four have
    no background."""
    fit = LogisticFit(np.array([0, LOG(3), LOG(2)]), np.diag([0.04, 0.09, 0.16]), 0.0, settled=True)
    designs = [[[1, 0, 0], [1, 0, 1]], [[1, 1, 0], [1, 1, 1]]]
    risks, covariance = standardised_risks(fit, designs, [30, 10])
    assert risks == pytest.approx([0.75 / 2 + 0.25 * 2 / 3, 0.75 * 3 / 4 + 0.25 * 6 / 7])
    # chance times its complement of each odds: 1/4, 2/9, 3/16, 6/49
    one = np.array([0.75 / 4 + 0.25 * 2 / 9, 0, 0.25 * 2 / 9])
    two = np.array([0.75 * 3 / 16 + 0.25 * 6 / 49, 0.75 * 3 / 16 + 0.25 * 6 / 49, 0.25 * 6 / 49])
    by_hand = [[sum(v * a * b for v, a, b in zip((0.04, 0.09, 0.16), p, q, strict=True)) for q in (one, two)]
               for p in (one, two)]  # fmt: skip
    assert covariance == pytest.approx(np.array(by_hand))
