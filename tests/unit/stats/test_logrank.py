from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

from joinedup.errors import YourCommand
from joinedup.stats import logrank as module
from joinedup.stats.logrank import logrank_test
from tests.reference import waits


def test_two_groups_by_hand() -> None:
    # at 1: 2 of 4 at risk are in a, one ends (a); at 2: 1 of 3 in a, one ends (b); at 3: a; at 4: b alone
    found = logrank_test([1, 3, 2, 4], [1, 1, 1, 1], ["a", "a", "b", "b"])
    expected = 1 / 2 + 1 / 3 + 1 / 2
    variance = 1 / 4 + 2 / 9 + 1 / 4
    np.testing.assert_allclose(found.observed, [2, 2])
    np.testing.assert_allclose(found.expected, [expected, 4 - expected])
    np.testing.assert_allclose(found.chi_square, (2 - expected) ** 2 / variance)
    assert found.degrees == 1
    assert found.people.tolist() == [2, 2]
    assert found.labels.tolist() == ["a", "b"]
    assert found.left_out.tolist() == [0, 0]
    from scipy.stats import chi2

    np.testing.assert_allclose(found.p, chi2.sf(found.chi_square, 1))


@pytest.mark.parametrize("rho", [0.0, 1.0, 0.5])
@pytest.mark.parametrize("cells", [module.TABLE, 7])
def test_many_groups_as_in_loops_in_one_block_or_many(
    rho: float, cells: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TABLE", cells)
    rng = np.random.default_rng(seed)
    time, event, group = (
        rng.integers(0, 25, 150),
        rng.integers(0, 2, 150),
        rng.integers(0, 4, 150).astype(str),
    )
    found = logrank_test(time, event, group, rho=rho)
    observed, expected, covariance = waits.logrank(time.tolist(), event.tolist(), group.tolist(), rho)
    names = found.labels.tolist()
    np.testing.assert_allclose(found.observed, [observed[name] for name in names])
    np.testing.assert_allclose(found.expected, [expected[name] for name in names])
    excess = np.array([observed[name] - expected[name] for name in names[1:]])
    table = np.array([[covariance[a, b] for b in names[1:]] for a in names[1:]])
    np.testing.assert_allclose(found.chi_square, excess @ np.linalg.solve(table, excess), rtol=1e-9)
    assert found.degrees == 3


def test_agrees_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, event, group = rng.integers(1, 30, 200), rng.integers(0, 2, 200), rng.integers(0, 3, 200)
    theirs = survdiff(time, event, group)
    ours = logrank_test(time, event, group)
    np.testing.assert_allclose([ours.chi_square, ours.p], theirs, rtol=1e-8)


def test_a_group_never_at_risk_with_others_does_not_count_as_a_degree() -> None:
    found = logrank_test([2, 3, 3, 4, 1], [1, 1, 0, 1, 0], ["a", "a", "b", "b", "c"])
    assert found.degrees == 1
    assert found.expected[2] == 0
    alone = logrank_test([2, 3, 3, 4], [1, 1, 0, 1], ["a", "a", "b", "b"])
    np.testing.assert_allclose(found.chi_square, alone.chi_square)


@pytest.mark.parametrize(
    ("time", "event", "groups"),
    [([], [], []), ([1, 2], [1, 1], ["a", "a"]), ([1, 2], [0, 0], ["a", "b"]), ([1, 1], [1, 1], ["a", "b"])],
)
def test_where_nothing_can_be_compared(time: list[int], event: list[int], groups: list[str]) -> None:
    found = logrank_test(time, event, groups)
    assert found.degrees == 0
    assert np.isnan([found.chi_square, found.p]).all()


def test_missing_rows_are_left_out_and_counted() -> None:
    found = logrank_test([1, 3, 2, 4, np.nan, 5], [1, 1, 1, 1, 1, np.nan], list("aabbab"))
    whole = logrank_test([1, 3, 2, 4], [1, 1, 1, 1], list("aabb"))
    assert found.left_out.tolist() == [1, 1]
    assert found.people.tolist() == [2, 2]
    np.testing.assert_allclose(found.chi_square, whole.chi_square)


def test_refusals() -> None:
    with pytest.raises(YourCommand, match="rho"):
        logrank_test([1], [1], ["a"], rho=np.nan)
    with pytest.raises(YourCommand, match="group labels"):
        logrank_test([1, 2], [1, 1], ["a"])
