"""Limits of released percentages are as wide as the rounding of their counts makes them."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.measures.figures import percentages, worth
from joinedup.stats import wilson_interval

ROUNDING = (5**2 - 1) / 12


def rounded(counts: np.ndarray) -> np.ndarray:
    return 5 * np.floor(counts / 5 + 0.5)


@pytest.mark.parametrize("people", [25, 50, 100, 400])
def test_they_hold_as_often_as_they_say(seed: int, people: int) -> None:
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.2, 0.8, 100_000)
    n = rng.integers(people - 2, people + 3, rate.size)
    x = rng.binomial(n, rate)
    rate, n, x = rate[x > 4], n[x > 4], x[x > 4]
    shown = rounded(n)
    released = worth(np.minimum(rounded(x), shown), shown, ROUNDING)
    held = [np.mean((low <= rate) & (rate <= high)) for low, high in (
        wilson_interval(x.astype(float), n.astype(float)), wilson_interval(*released)
    )]  # fmt: skip
    assert held[1] > 0.943
    assert held[1] > held[0] - 0.006


def test_the_rounding_adds_its_variance_to_that_of_the_share() -> None:
    x, n = np.array([30.0]), np.array([60.0])
    fewer = worth(x, n, ROUNDING)
    share = 31 / 62
    before, after = (share * (1 - share) / people for people in (60, fewer[1][0]))
    assert after == pytest.approx(before + ROUNDING / 60**2)
    assert fewer[0] / fewer[1] == pytest.approx(0.5)


def test_nothing_changes_where_nothing_was_rounded() -> None:
    x, n = np.array([0.0, 3.0, 5.0]), np.array([0.0, 7.0, 5.0])
    assert worth(x, n, 0.0) == (x, n)


def test_nobody_everybody_and_hidden_keep_their_limits_between_0_and_100() -> None:
    found = percentages(
        np.array([0.0, 20.0, np.nan, 0.0]), np.array([20.0, 20.0, 20.0, 0.0]), 0.95, rounding=ROUNDING
    )
    assert found.value[:2].tolist() == [0.0, 100.0]
    assert found.lower[0] == 0.0
    assert found.upper[0] > percentages(np.array([0.0]), np.array([20.0]), 0.95).upper[0]
    assert found.upper[1] == 100.0
    assert np.isnan(found.lower[2:]).all()
