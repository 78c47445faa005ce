"""Whatever the counts: no crash, no warning, one answer for each group, whatever the order of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from joinedup.equity.adjusted import compared
from joinedup.equity.trend import trend_of
from joinedup.stats.change import Aim, ChangeVerdict, change_verdict
from joinedup.stats.difference_in_differences import difference_in_differences
from joinedup.stats.interrupted_time_series import interrupted_time_series
from joinedup.stats.logistic import logistic_regression
from joinedup.stats.synthetic_control import simplex_weights, synthetic_control

METHODS = (difference_in_differences, interrupted_time_series, synthetic_control)
FIRST = np.datetime64("2023-01")
FEW = settings(max_examples=25, deadline=None)
numbers = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([0.0, np.nan, np.inf, -np.inf]))


@st.composite
def panels(draw):
    """Rows of up to two groups of five places: zeros, all, constants, missing months, empty places."""
    groups, months = draw(st.integers(1, 2)), draw(st.integers(3, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (groups, 5, months)
    n = rng.integers(0, draw(st.sampled_from([1, 3, 200])) + 1, shape).astype(float)
    x = rng.binomial(n.astype(int), draw(st.sampled_from([0.0, 0.5, 1.0]))).astype(float)
    x[rng.random(shape) < draw(st.sampled_from([0.0, 0.1, 0.9]))] = np.nan
    kept = (rng.random(shape) < draw(st.sampled_from([0.5, 1.0]))).ravel()
    kept[[0, -1]] = True
    # every place has a row, and the first and last month are told of
    kept |= np.indices(shape)[2].ravel() == 0
    group, place, month = (at.ravel()[kept] for at in np.indices(shape))
    start = draw(st.integers(1, months - 1))
    return {
        "x": x.ravel()[kept],
        "n": n.ravel()[kept],
        "groups": group,
        "place": place,
        "month": FIRST + month,
        "changed": dict.fromkeys(range(draw(st.integers(1, 2))), FIRST + start),
        "aim": Aim(0.1, 0.02),
    }


@pytest.mark.parametrize("method", METHODS)
@FEW
@given(data=panels(), turn=st.randoms())
def test_one_answer_for_each_group_in_any_order_of_rows(method, data, turn):
    found = method(**data)
    size = np.unique(data["groups"]).size
    assert found.effect.shape == found.lower.shape == found.smallest_visible.shape == (size,)
    assert len(found.verdict) == len(found.sentences) == size
    known = np.isfinite(found.lower) & np.isfinite(found.upper)
    assert (found.lower <= found.upper)[known].all()
    silent = ~np.isfinite(found.effect)
    assert all(found.verdict[k] is ChangeVerdict.CANNOT_TELL for k in np.flatnonzero(silent))
    rows = list(range(len(data["x"])))
    turn.shuffle(rows)
    mixed = method(**{name: v[rows] if isinstance(v, np.ndarray) else v for name, v in data.items()})
    order = [list(mixed.labels).index(label) for label in found.labels]
    assert mixed.effect[order] == pytest.approx(found.effect, abs=1e-6, nan_ok=True)


@FEW
@given(data=panels())
def test_turning_the_outcome_round_turns_the_effect_round(data):
    for method in METHODS[:2]:
        found, turned = method(**data), method(**{**data, "x": data["n"] - data["x"]})
        assert turned.effect == pytest.approx(-found.effect, abs=1e-5, nan_ok=True)


@given(st.lists(st.tuples(numbers, numbers), min_size=1))
def test_every_pair_of_limits_has_a_verdict(pairs):
    lower, upper = np.sort(np.array(pairs), axis=1).T
    said = change_verdict(lower, upper, expected=2, worthwhile=1)
    mirrored = change_verdict(-upper, -lower, expected=2, worthwhile=1)
    assert len(said) == len(pairs)
    good = (ChangeVerdict.WORKED, ChangeVerdict.PARTLY)
    for here, there in zip(said, mirrored, strict=True):
        assert not (here in good and there is not ChangeVerdict.WORSE)


@FEW
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_weights_lie_on_the_simplex_and_beat_each_place_alone(seed, size):
    rng = np.random.default_rng(seed)
    series, target = rng.normal(size=(size, 12)), rng.normal(size=12)
    weights = simplex_weights(series @ series.T, series @ target, np.ones(size, bool))
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)
    left = ((target - weights @ series) ** 2).sum()
    assert left <= ((target - series) ** 2).sum(axis=1).min() + 1e-6


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=20), st.integers(0, 99)
)
def test_logistic_chances_lie_between_0_and_1_and_meet_the_counts(pairs, seed):
    n = np.array([a + b for a, b in pairs], float)
    x = np.array([a for a, _ in pairs], float)
    if not n.sum():
        return
    design = np.column_stack([np.ones(len(n)), np.random.default_rng(seed).integers(0, 2, len(n))])
    fit = logistic_regression(design, x, n)
    risk = fit.risk(design)
    assert ((risk >= 0) & (risk <= 1)).all()
    assert (risk * n).sum() == pytest.approx(x.sum(), abs=1e-3)


@example(
    [(0, 0, False)] * 7 + [(0, 1, False)] * 3 + [(0, 2, False)] * 5 + [(1, k, True) for k in (0, 1, 2, 2, 2)]
)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans()), min_size=1, max_size=40))
def test_comparisons_of_anyone(rows):
    group, key, y = (np.array(column) for column in zip(*rows, strict=True))
    figures = compared(group, key[:, None], y, 3)
    assert figures["referred"].sum() == len(rows)
    standard = figures["standard"][:, 0]
    assert ((standard >= 0) & (standard <= 1))[figures["referred"] > 0].all()
    assert np.isnan(standard[figures["referred"] == 0]).all()
    model = figures["model"][:, 0]
    assert ((model >= 0) & (model <= 1) | np.isnan(model)).all()


@given(st.lists(st.tuples(numbers, st.one_of(st.just(np.nan), st.floats(1e-3, 1e3))), min_size=2, max_size=9))
def test_lines_through_anything(points):
    gaps, errors = np.array(points).T
    found = trend_of(gaps, errors, np.arange(len(points), dtype=float), 0.95)
    assert np.isnan(found.slope) or found.lower <= found.slope <= found.upper
    assert found.movement
