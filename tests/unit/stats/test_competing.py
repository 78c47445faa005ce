from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from joinedup.errors import YourCommand
from joinedup.stats.competing import cumulative_incidence, end_kinds, incidence_at
from joinedup.stats.survival import share_limits, survival_curve
from tests.reference import waits

NAN = np.nan


def test_ends_of_a_wait_by_hand() -> None:
    found = cumulative_incidence(
        [1, 2, 2, 3, 4],
        ["started", "dropped out", "still waiting", "started", "declined"],
        ends=["started", "dropped out", "declined"],
    )
    assert found.ends == ("started", "dropped out", "declined")
    assert found.at_risk.tolist() == [5, 4, 2, 1]
    assert found.censored.tolist() == [0, 1, 0, 0]
    assert found.events.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]]
    np.testing.assert_allclose(found.waiting, [0.8, 0.6, 0.3, 0])
    np.testing.assert_allclose(found.incidence, [[0.2, 0, 0], [0.2, 0.2, 0], [0.5, 0.2, 0], [0.5, 0.2, 0.3]])
    # the first step is a binomial share: its error and its log-log limits
    error = np.sqrt(0.2 * 0.8 / 5)
    np.testing.assert_allclose(found.std_error[0], [error, 0, 0], atol=1e-12)
    lower, upper = share_limits(np.array([0.2]), np.array([error / 0.2]), 0.95, "log-log")
    np.testing.assert_allclose([found.lower[0, 0], found.upper[0, 0]], [lower[0], upper[0]])
    assert np.isnan([found.lower[0, 1], found.upper[0, 1]]).all()
    assert found.std_error[1, 0] > 0


def test_groups_are_as_in_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, kind, group = rng.integers(0, 15, 200), rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    found = cumulative_incidence(time, kind, waiting=0, ends=[1, 2, 3], groups=group)
    for place, label in enumerate(found.labels):
        own, rows = group == label, found.group == place
        for way in (1, 2, 3):
            expected = np.array(waits.incidence(time[own].tolist(), kind[own].tolist(), way))
            np.testing.assert_allclose(found.incidence[rows, way - 1], expected[:, 0], rtol=1e-12)
            np.testing.assert_allclose(found.std_error[rows, way - 1], expected[:, 1], rtol=1e-6, atol=1e-8)


def test_agrees_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, kind = rng.integers(1, 40, 500), rng.integers(0, 3, 500)
    time[:3], kind[:3] = 60, 0  # its error is not finite where everybody has ended
    theirs, ours = CumIncidenceRight(time, kind), cumulative_incidence(time, kind, waiting=0)
    for way in (0, 1):
        np.testing.assert_allclose(ours.incidence[:, way], theirs.cinc[way], rtol=1e-10)
        np.testing.assert_allclose(ours.std_error[:, way], theirs.cinc_se[way], rtol=1e-8)


def test_one_way_of_ending_is_what_kaplan_and_meier_leave(seed: int) -> None:
    rng = np.random.default_rng(seed)
    entry = rng.integers(0, 5, 100)
    time, event = entry + rng.integers(1, 20, 100), rng.integers(0, 2, 100)
    options = {"entry": entry, "minimum_at_risk": 2, "confidence": 0.9}
    one = cumulative_incidence(time, event, waiting=0, limits="plain", **options)
    curve = survival_curve(time, event, limits="plain", **options)
    np.testing.assert_allclose(one.incidence[:, 0], 1 - curve.survival, atol=1e-12)
    open_ = (curve.survival > 0) & (curve.survival < 1)
    greenwood = curve.survival[open_] * curve.std_error[open_]
    np.testing.assert_allclose(one.std_error[open_, 0], greenwood, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one.upper[open_, 0], 1 - curve.lower[open_], rtol=1e-7)
    np.testing.assert_array_equal(one.set_aside, curve.set_aside)
    np.testing.assert_array_equal(one.emptied_at, curve.emptied_at)


def test_events_set_aside_and_an_emptied_group() -> None:
    kinds, options = ["a", "b", "a", "b"], {"entry": [0, 2, 2, 3], "time": [1, 5, 6, 7]}
    careful = cumulative_incidence(end=kinds, minimum_at_risk=2, **options)
    assert careful.set_aside.tolist() == [1]
    np.testing.assert_allclose(careful.incidence[-1], [1 / 3, 2 / 3])
    emptied = cumulative_incidence(end=kinds, **options)
    assert emptied.emptied_at.tolist() == [1]
    assert np.isnan(incidence_at(emptied, 5).incidence).all()


def test_error_is_what_samples_show(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, samples = 100, 1500
    rows = people * samples
    first, second, seen = rng.exponential(10, rows), rng.exponential(20, rows), rng.exponential(30, rows)
    time = np.minimum(np.minimum(first, second), seen)
    kind = np.where(time == seen, 0, np.where(time == first, 1, 2))
    found = incidence_at(
        cumulative_incidence(time, kind, waiting=0, groups=np.repeat(np.arange(samples), people)), 8
    )
    truth = 2 / 3 * (1 - np.exp(-0.15 * 8))
    assert abs(found.incidence[:, 0, 0].mean() - truth) < 0.01
    covered = (found.lower[:, 0, 0] <= truth) & (truth <= found.upper[:, 0, 0])
    assert 0.93 < covered.mean() < 0.97


def test_shares_at_a_time() -> None:
    found = cumulative_incidence(
        [1, 2, 3, 1, 4], ["a", "b", "still waiting", "b", "b"], groups=["x", "x", "x", "y", "y"]
    )
    at = incidence_at(found, [0, 2, 4])
    np.testing.assert_allclose(at.waiting, [[1, 1 / 3, NAN], [1, 1 / 2, 0]])
    np.testing.assert_allclose(at.incidence[0], [[0, 0], [1 / 3, 1 / 3], [NAN, NAN]])
    np.testing.assert_allclose(at.incidence[1], [[0, 0], [0, 1 / 2], [0, 1]])
    np.testing.assert_array_equal(at.lower[0, 1], found.lower[1])
    np.testing.assert_array_equal(at.upper[0, 1], found.upper[1])
    assert np.isnan(at.lower[:, 0]).all()
    assert at.ends == ("a", "b")
    assert at.labels.tolist() == ["x", "y"]
    assert at.at.tolist() == [0, 2, 4]


def test_ends_are_found_in_order_and_missing_ones_counted() -> None:
    names, kind = end_kinds(np.array(["b", "", "a", "w", None, NAN], dtype=object), None, "w")
    assert names == ("a", "b")
    np.testing.assert_array_equal(kind, [2, NAN, 1, 0, NAN, NAN])
    names, kind = end_kinds(np.array([2.0, NAN, 0.0, 1.0]), [2, 1], 0)
    assert names == ("2", "1")
    np.testing.assert_array_equal(kind, [1, NAN, 0, 2])
    assert end_kinds(np.array([3, None], dtype=object), [3], 0)[0] == ("3",)
    found = cumulative_incidence([1, 2], ["a", ""])
    assert found.left_out.tolist() == [1]
    nobody = cumulative_incidence([1, 2], ["still waiting"] * 2)
    assert nobody.ends == ()
    assert nobody.incidence.shape == (2, 0)
    assert nobody.waiting.tolist() == [1, 1]
    assert cumulative_incidence([], []).waiting.size == 0


@pytest.mark.parametrize("ends", [["a"], ["a", "b", "b"], ["a", "b", "still waiting"]])
def test_an_end_that_is_not_named_once_is_refused(ends: list[str]) -> None:
    with pytest.raises(YourCommand, match="not among those named") as refused:
        cumulative_incidence([1, 2], ["a", "b"], ends=ends)
    assert "`ends`" in refused.value.remedy
