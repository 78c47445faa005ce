"""The reference at the group's mix, against adding up cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.equity.mix import mix_variance, reweight, service_variance
from tests.reference import gap as reference


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2)), min_size=1, max_size=40), st.integers(0, 1000)
)
def test_reweighting_agrees_with_adding_up_cell_by_cell(group, seed):
    rng = np.random.default_rng(seed)
    cells = [(a, b) for a in range(4) for b in range(-1, 3) for _ in range(int(rng.integers(1, 5)))]
    outcomes = rng.integers(0, 2, len(cells)).tolist()
    mix = reweight(np.array(group), np.array(cells), smallest=1)
    expected = reference.reweighted_rate(group, cells, outcomes)
    assert np.isclose((mix.weights * outcomes).sum() / len(cells), expected)
    assert np.isclose(mix.weights.sum(), len(cells))
    assert mix.unmatched == 0


def test_small_cells_of_the_reference_are_pooled_with_others_of_their_service():
    group = np.array([[0, 0]] * 6 + [[0, 1]] * 2 + [[1, 0]] * 2)
    others = np.array([[0, 0]] * 30 + [[0, 1]] * 4 + [[0, 2]] * 8 + [[1, 0]] * 20)
    mix = reweight(group, others, smallest=10)
    # 6 of 10 in a cell of 30; 2 of 10 in one too small, joined to another of the same service: 12.
    expected = 62 * np.repeat([0.6 / 30, 0.2 / 12, 0.2 / 12, 0.2 / 20], [30, 4, 8, 20])
    np.testing.assert_allclose(mix.weights, expected)


def test_people_like_nobody_of_the_reference_are_left_out_and_said():
    mix = reweight(np.array([[0], [0], [1], [2]]), np.array([[0]] * 12), smallest=10)
    assert mix.unmatched == 0.5
    np.testing.assert_allclose(mix.weights, np.ones(12))


def test_an_equal_mix_needs_no_weights():
    keys = np.array([[i % 3, i % 2] for i in range(600)])
    np.testing.assert_allclose(reweight(keys[:300], keys).weights, np.ones(600))


@pytest.mark.parametrize("kind", ["case mix", "services"])
def test_variances_are_those_of_repeated_samples(kind):
    rng = np.random.default_rng(5)
    chance = np.array([[0.1, 0.25], [0.2, 0.4]])

    def sample(n, service, age):
        keys = np.stack([rng.random(n) < service, rng.random(n) < age], axis=1).astype(int)
        return keys, (rng.random(n) < chance[keys[:, 0], keys[:, 1]]).astype(float)

    found, variances = [], []
    for _ in range(400):
        (group, _), (others, y) = sample(500, 0.7, 0.3), sample(1_500, 0.4, 0.6)
        fine, coarse = reweight(group, others), reweight(group[:, :1], others[:, :1])
        if kind == "case mix":
            found.append(((fine.weights - coarse.weights) * y).mean())
            variances.append(mix_variance(fine, coarse, y))
        else:
            found.append(((coarse.weights - 1) * y).mean())
            variances.append(service_variance(coarse, y))
    assert 0.85 < np.mean(variances) / np.var(found) < 1.25
