from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.twin.drawing import interpolated, quota, scaled_to, systematic

SEEDS = st.integers(0, 2**32 - 1)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=200), st.integers(1, 4), SEEDS)
def test_each_block_passes_as_many_as_expected(chances, blocks, seed):
    generator = np.random.default_rng(seed)
    probability = np.array(chances)
    block = np.sort(generator.integers(0, blocks, len(chances)))
    passed = systematic(probability, np.arange(len(chances)), block, generator)
    for each in np.unique(block):
        expected = probability[block == each].sum()
        assert abs(passed[block == each].sum() - expected) < 1.0 + 1e-6
        if expected >= 5.0:
            assert abs(passed[block == each].sum() - expected) <= 0.5 + 1e-6


def test_certainty_passes_and_impossibility_does_not():
    probability = np.array([1.0, 0.0] * 50)
    passed = systematic(probability, np.arange(100), np.zeros(100), np.random.default_rng(1))
    assert passed.tolist() == [True, False] * 50


def test_a_person_passes_as_often_as_the_probability_says():
    generator = np.random.default_rng(5)
    chances = np.array([0.2, 0.7, 0.5, 0.9, 0.3])
    hits = sum(systematic(chances, generator.permutation(5), np.zeros(5), generator) for _ in range(4000))
    assert np.allclose(hits / 4000, chances, atol=0.035)


@given(st.lists(st.floats(0.01, 50.0), min_size=1, max_size=20), st.integers(0, 500), SEEDS)
def test_quota_gives_every_share_within_one(weights, size, seed):
    drawn = quota(weights, size, np.random.default_rng(seed))
    counts = np.bincount(drawn, minlength=len(weights))
    assert counts.sum() == size
    assert np.all(np.abs(counts - np.array(weights) / sum(weights) * size) < 1.0 + 1e-6)


@given(st.lists(st.floats(0.05, 0.6), min_size=5, max_size=60), st.floats(0.1, 0.6))
def test_scaling_reaches_the_target(chances, target):
    assert np.isclose(scaled_to(np.array(chances), target).mean(), target, atol=0.01)


def test_days_lie_between_the_knots():
    assert interpolated((0, 10, 50), (0.0, 0.5, 1.0), np.array([0.0, 0.25, 0.75])).tolist() == [
        0.0,
        5.0,
        30.0,
    ]
