from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from joinedup.errors import YourCommand
from joinedup.stats.survival import survival_curve
from tests.reference import waits

Z = 1.959963984540054


def test_a_curve_by_hand() -> None:
    # 5 people: 1 ends at 2; at 3 one ends and one is last seen; at 5 both others end
    curves = survival_curve([2, 3, 3, 5, 5], [1, 1, 0, 1, 1], limits="plain")
    assert curves.time.tolist() == [2, 3, 5]
    assert curves.at_risk.tolist() == [5, 4, 2]
    assert curves.events.tolist() == curves.used.tolist() == [1, 1, 2]
    assert curves.censored.tolist() == [0, 1, 0]
    np.testing.assert_allclose(curves.survival, [0.8, 0.6, 0.0])
    np.testing.assert_allclose(curves.std_error, [sqrt(1 / 20), sqrt(1 / 20 + 1 / 12), np.inf])
    np.testing.assert_allclose(
        curves.lower, [0.8 - Z * 0.8 * sqrt(1 / 20), 0.6 - Z * 0.6 * sqrt(1 / 20 + 1 / 12), np.nan]
    )
    np.testing.assert_allclose(curves.upper, [1.0, 1.0, np.nan])
    assert curves.set_aside.tolist() == [0]
    assert np.isnan(curves.emptied_at).all()
    assert curves.confidence == 0.95


def test_limits_on_their_scales() -> None:
    time, event = [1, 2, 3, 4], [0, 1, 1, 0]
    share, error = 2 / 3, sqrt(1 / 6)
    on_log = survival_curve(time, event, limits="log", confidence=0.9)
    z = 1.6448536269514722
    np.testing.assert_allclose(on_log.lower[1], share * exp(-z * error))
    np.testing.assert_allclose(on_log.upper[1], min(share * exp(z * error), 1))
    assert on_log.lower[0] == on_log.upper[0] == 1
    double = survival_curve(time, event, limits="log-log", confidence=0.9)
    spread = z * error / abs(log(share))
    np.testing.assert_allclose(double.lower[1], exp(-exp(log(-log(share)) + spread)))
    np.testing.assert_allclose(double.upper[1], exp(-exp(log(-log(share)) - spread)))
    assert np.isnan([double.lower[0], double.upper[0]]).all()
    for limits in ("log", "log-log", "plain"):
        ended = survival_curve([1], [1], limits=limits)  # type: ignore[arg-type]
        assert ended.survival.tolist() == [0]
        assert np.isnan([ended.lower[0], ended.upper[0]]).all()


def test_the_default_limits_are_on_the_log() -> None:
    default, on_log = survival_curve([1, 2, 3], [1, 0, 1]), survival_curve([1, 2, 3], [1, 0, 1], limits="log")
    np.testing.assert_array_equal(default.lower, on_log.lower)


def test_groups_are_what_each_is_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, event, group = rng.integers(0, 30, 400), rng.random(400) < 0.6, rng.integers(0, 7, 400)
    entry = time - rng.integers(1, 9, 400)
    curves = survival_curve(time, event, groups=group, entry=entry, minimum_at_risk=3)
    for place, label in enumerate(curves.labels):
        own, rows = group == label, curves.group == place
        expected = waits.steps(
            time[own].tolist(), event[own].astype(int).tolist(), entry[own].astype(float).tolist(), 3
        )
        t, n, d, c, survival, greenwood = map(np.array, zip(*expected, strict=True))
        np.testing.assert_array_equal(curves.time[rows], t)
        np.testing.assert_array_equal(curves.at_risk[rows], n)
        np.testing.assert_array_equal(curves.events[rows], d)
        np.testing.assert_array_equal(curves.censored[rows], c)
        np.testing.assert_allclose(curves.survival[rows], survival, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(curves.std_error[rows], np.sqrt(greenwood), rtol=1e-12)


def test_agrees_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    entry = rng.integers(0, 5, 300).astype(float)
    time, event = entry + rng.integers(1, 40, 300), (rng.random(300) < 0.7).astype(int)
    for since in (None, entry):
        theirs = SurvfuncRight(time, event, entry=since)
        ours = survival_curve(time, event, entry=since, limits="log-log")
        at = np.searchsorted(ours.time, theirs.surv_times)
        np.testing.assert_allclose(ours.survival[at], theirs.surv_prob, rtol=1e-10, atol=1e-14)
        left = theirs.surv_prob > 1e-9
        np.testing.assert_allclose(
            ours.survival[at][left] * ours.std_error[at][left], theirs.surv_prob_se[left], rtol=1e-8
        )


def test_with_delayed_entry_one_early_leaver_does_not_empty_the_curve_if_so_asked() -> None:
    time, event, entry = [1, 5, 6, 7, 8], [1, 1, 1, 0, 1], [0, 2, 2, 3, 3]
    textbook = survival_curve(time, event, entry=entry)
    assert textbook.survival.tolist() == [0] * 5
    assert textbook.emptied_at.tolist() == [1]
    assert textbook.set_aside.tolist() == [0]
    careful = survival_curve(time, event, entry=entry, minimum_at_risk=2)
    np.testing.assert_allclose(careful.survival, [1, 3 / 4, 1 / 2, 1 / 2, 0])
    assert careful.set_aside.tolist() == [1]
    assert careful.used.tolist() == [0, 1, 1, 0, 1]
    assert careful.events.tolist() == [1, 1, 1, 0, 1]
    assert np.isnan(careful.emptied_at).all()  # at 8 nobody enters later: an honest end
    assert careful.std_error[0] == 0


def test_nobody_and_only_the_unknown() -> None:
    empty = survival_curve([], [])
    assert empty.labels.tolist() == ["all"]
    assert empty.time.size == 0
    missing = survival_curve([np.nan, 3], [1, np.nan])
    assert missing.left_out.tolist() == [2]
    assert missing.survival.size == 0


def test_refusals() -> None:
    with pytest.raises(YourCommand, match="no limits called cubic"):
        survival_curve([1], [1], limits="cubic")  # type: ignore[arg-type]
    with pytest.raises(YourCommand, match="confidence"):
        survival_curve([1], [1], confidence=95)
    with pytest.raises(YourCommand, match="neither 0"):
        survival_curve([1], [2])
    with pytest.raises(YourCommand, match="at least 0"):
        survival_curve([1], [1], minimum_at_risk=0)
