"""Over-dispersed funnels: scales, trimming, phi and tau squared, lines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.funnel import Z_95, Z_998
from joinedup.stats.intervals import poisson_interval
from joinedup.stats.overdispersion import (
    overdispersed_funnel,
    overdispersed_limits,
    overdispersion,
    unadjusted_limits,
)

X = np.array([30.0, 52, 47, 20, 64, 41, 70, 33])
N = np.array([100.0, 110, 90, 80, 120, 100, 105, 95])
E = np.array([40.0, 45, 40, 35, 50, 42, 44, 38])


def test_scales_by_hand() -> None:
    log = overdispersion([30.0, 50], [40.0, 45], scale="log", trimming="none")
    assert np.allclose(log.scaled, np.log([0.75, 50 / 45]))
    assert np.allclose(log.error, 1 / np.sqrt([40, 45]))
    assert np.allclose(log.scaled_target, 0)
    assert np.allclose(log.z, np.sqrt([40, 45]) * np.log([0.75, 50 / 45]))
    root = overdispersion([30.0, 50], [40.0, 45], scale="root", trimming="none")
    assert np.allclose(root.z, (np.sqrt([0.75, 50 / 45]) - 1) * 2 * np.sqrt([40, 45]))
    share = overdispersion([30.0, 50], [100.0, 100], trimming="none")
    middle = math.asin(math.sqrt(0.4))
    assert np.allclose(share.z, (np.arcsin(np.sqrt([0.3, 0.5])) - middle) * 20)
    assert np.allclose(share.target, 0.4)
    counts = overdispersion([30.0, 50], [100.0, 60], scale="log_counts", trimming="none")
    assert np.allclose(counts.scaled, np.log([30.5 / 100.5, 50.5 / 60.5]))
    assert np.allclose(counts.scaled_target, math.log(0.5))
    assert np.isclose(counts.error[0] ** 2, 30 / 30.5**2 + 100 / 100.5**2)


def test_phi_and_tau_squared_by_hand() -> None:
    found = overdispersion(X, N, trimming="none")
    z, w = found.z, 4 * N
    assert found.used.tolist() == [8]
    assert np.isclose(found.phi[0], (z**2).mean())
    assert np.isclose(found.tau2[0], ((z**2).sum() - 7) / (w.sum() - (w**2).sum() / w.sum()))
    assert np.array_equal(found.z_used, z)
    assert not found.trimmed.any()


def test_winsorising_pulls_in_the_ends() -> None:
    found = overdispersion(X, N, share=0.2)
    low, high = np.quantile(found.z, [0.2, 0.8])
    assert np.allclose(found.z_used, np.clip(found.z, low, high))
    assert np.array_equal(found.trimmed, (found.z <= low) | (found.z >= high))
    assert found.used.tolist() == [8]
    assert np.isclose(found.phi[0], (np.clip(found.z, low, high) ** 2).mean())


def test_truncation_leaves_out_the_first_and_the_last_part() -> None:
    observed = np.arange(10.0, 30.0)
    expected = np.full(20, 20.0)
    found = overdispersion(observed, expected, scale="log")
    # ranks 1 to 20 times 10/21: part 0 are ranks 1 and 2, part 9 ranks 19 and 20
    assert np.flatnonzero(found.trimmed).tolist() == [0, 1, 18, 19]
    assert found.used.tolist() == [16]
    assert np.isnan(found.z_used[[0, 1, 18, 19]]).all()
    assert np.isclose(found.phi[0], (found.z[2:18] ** 2).mean())
    w = np.full(16, 20.0)
    below = w.sum() - (w**2).sum() / w.sum()
    assert np.isclose(found.tau2[0], ((found.z[2:18] ** 2).sum() - 15) / below)


def test_ties_share_their_rank_when_truncated() -> None:
    # four equal lowest of ten: mean rank 2.5, part floor(2.5 · 10 / 11) = 2, so none of them is left out
    observed = np.array([5.0, 5, 5, 5, 6, 7, 8, 9, 10, 11])
    found = overdispersion(observed, np.full(10, 7.5), scale="log")
    # rank 10 falls into part 9, rank 9 into part 8
    assert np.flatnonzero(found.trimmed).tolist() == [9]
    two = overdispersion([5.0, 5, 6, 7, 8, 9, 10, 11, 12, 13], np.full(10, 7.5), scale="log")
    # two lowest: mean rank 1.5, part 1
    assert np.flatnonzero(two.trimmed).tolist() == [9]


def test_no_trimming_of_nothing() -> None:
    for how in ("truncate", "winsorise"):
        found = overdispersion(X, N, trimming=how, share=0)
        assert np.array_equal(found.z_used, found.z)


def test_a_funnel_for_every_group_is_that_group_alone() -> None:
    groups = np.array(list("abababab"))
    for scale, size in (("log", E), ("root", E), ("arcsine", N), ("log_counts", N)):
        both = overdispersed_funnel(X, size, scale=scale, groups=groups)
        for at, label in enumerate("ab"):
            chosen = groups == label
            one = overdispersed_funnel(X[chosen], size[chosen], scale=scale)
            assert both.spread.labels[at] == label
            assert np.isclose(both.spread.phi[at], one.spread.phi[0])
            assert np.isclose(both.spread.tau2[at], one.spread.tau2[0])
            assert np.allclose(both.upper_998[chosen], one.upper_998)
            assert both.verdict[chosen].tolist() == one.verdict.tolist()


def test_lines_by_hand() -> None:
    s2, tau2 = 1 / 50, 0.03
    low, high = overdispersed_limits(1.0, 50, scale="log", tau2=tau2)
    assert np.isclose(low, math.exp(-Z_95 * math.sqrt(s2 + tau2)))
    assert np.isclose(high, math.exp(Z_95 * math.sqrt(s2 + tau2)))
    low, high = overdispersed_limits(1.0, 50, scale="root", tau2=tau2, z=Z_998)
    reach = Z_998 * math.sqrt(1 / 200 + tau2)
    assert np.isclose(low, (1 - reach) ** 2)
    assert np.isclose(high, (1 + reach) ** 2)
    middle, reach = math.asin(math.sqrt(0.4)), Z_95 * math.sqrt(2 / 400)
    low, high = overdispersed_limits(0.4, 100, phi=2.0)
    assert np.isclose(low, math.sin(middle - reach) ** 2)
    assert np.isclose(high, math.sin(middle + reach) ** 2)
    error2 = 30 / 30.5**2 + 60 / 60.5**2
    low, _ = overdispersed_limits(0.5, 60, scale="log_counts", tau2=tau2)
    assert np.isclose(low, 0.5 * math.exp(-Z_95 * math.sqrt(error2 + tau2)))


def test_lines_stop_at_the_ends_of_the_scale() -> None:
    assert [float(line) for line in overdispersed_limits(0.5, 1, z=Z_998)] == [0.0, 1.0]
    assert float(overdispersed_limits(1.0, 1, scale="root", tau2=4)[0]) == 0.0
    assert np.isnan(overdispersed_limits(0.5, [0.0, np.nan])).all()


def test_lines_as_funnelplotr_draws_them() -> None:
    reach = Z_95 * math.sqrt(1 / 200)
    low, high = overdispersed_limits(1.0, 50, scale="root", lines="funnelplotr")
    assert np.allclose([low, high], [1 - reach, 1 + reach])
    low, _ = overdispersed_limits(0.5, 60, scale="log_counts", lines="funnelplotr")
    assert np.isclose(low, 0.5 * math.exp(-Z_95 / (2 * math.sqrt(60))))


def test_a_funnel_widens_only_where_units_differ_beyond_chance() -> None:
    wide = overdispersed_funnel(X, N)
    assert wide.adjusted.tolist() == [True]
    plain = unadjusted_limits(wide.spread.target, N)
    assert (wide.lower_95 < plain[0]).all()
    assert (wide.upper_95 > plain[1]).all()
    assert (wide.upper_998 > wide.upper_95).all()
    same = overdispersed_funnel(0.4 * N, N)
    assert same.adjusted.tolist() == [False]
    assert np.allclose(same.upper_95, unadjusted_limits(0.4, N)[1])
    assert set(same.verdict) == {"Not significant"}


def test_one_funnel_may_widen_and_another_not() -> None:
    x, n = np.concatenate([X, 0.4 * N]), np.concatenate([N, N])
    both = overdispersed_funnel(x, n, groups=np.repeat(["wide", "plain"], 8))
    assert both.adjusted.tolist() == [True, False]
    assert np.allclose(both.upper_95[:8], overdispersed_funnel(X, N).upper_95)
    assert np.allclose(both.upper_95[8:], unadjusted_limits(0.4, N)[1])


def test_multiplicative_lines_multiply_the_variance() -> None:
    found = overdispersed_funnel(X, N, spreading="multiplicative")
    assert found.adjusted.tolist() == [True]
    phi = found.spread.phi[0]
    assert np.allclose(found.lower_998, overdispersed_limits(found.spread.target, N, phi=phi, z=Z_998)[0])
    same = overdispersed_funnel(0.4 * N, N, spreading="multiplicative")
    assert same.adjusted.tolist() == [False]


def test_verdicts_of_a_funnel() -> None:
    x = np.array([400.0] * 20 + [640.0, 100.0, np.nan])
    found = overdispersed_funnel(x, np.full(23, 1_000.0))
    assert found.verdict[-3:].tolist() == ["High (0.001)", "Low (0.001)", ""]
    assert set(found.verdict[:20]) == {"Not significant"}


def test_lines_by_chance_alone_of_ratios_are_exact_poisson() -> None:
    low, high = unadjusted_limits(1.0, [4.0, 40.0], scale="root")
    lower, upper = poisson_interval([4.0, 40.0], 0.95, "exact")
    assert np.allclose(low, lower / [4, 40])
    assert np.allclose(high, upper / [4, 40])
    assert np.isnan(unadjusted_limits(1.0, 0.0, scale="log")).all()


def test_what_cannot_be_told_is_missing() -> None:
    none = overdispersion([], [])
    assert none.used.tolist() == [0]
    assert np.isnan(none.phi).all()
    assert np.isnan(none.tau2).all()
    one = overdispersion([5], [10])
    assert one.used.tolist() == [1]
    assert np.isfinite(one.phi).all()
    assert np.isnan(one.tau2).all()
    missing = overdispersed_funnel([np.nan, 0], [10, 0])
    assert missing.verdict.tolist() == ["", ""]
    nothing = overdispersion([0.0, 5.0], [4.0, 6.0], scale="log", trimming="none")
    assert nothing.z[0] == -np.inf
    assert np.isnan(nothing.phi).all()
    pulled = overdispersion(
        [0.0, 5.0, 6.0, 7.0], [4.0, 6.0, 6.0, 6.0], scale="log", trimming="winsorise", share=0
    )
    assert np.isnan(pulled.phi).all()
    groups = overdispersion([np.nan, 5.0, 6.0], [4.0, 6.0, 6.0], groups=["a", "b", "b"])
    assert groups.used.tolist() == [0, 2]
    assert np.isnan(groups.phi).tolist() == [True, False]


def test_what_is_refused() -> None:
    for share in (-0.1, 0.5):
        with pytest.raises(YourCommand, match="trimmed at each end"):
            overdispersion(X, N, share=share)
    for scale in ("log", "root"):
        with pytest.raises(YourCommand, match="expected counts are the observed"):
            overdispersion(E, E, scale=scale)
    with pytest.raises(YourCommand, match="below 0"):
        overdispersion([-1.0, 3], [2.0, 3], scale="log")
    with pytest.raises(YourCommand, match="above what they are out of"):
        overdispersion([3.0], [2.0])
    assert overdispersion([5.0], [5.0], scale="log").phi.tolist() == [0.0]


@pytest.mark.parametrize(("z", "additive", "multiplicative"), [(0.7, 0, 0), (0.8, 1, 0), (1.2, 1, 1)])
def test_two_units_widen_their_funnel_when_their_own_measure_of_spread_says_so(
    z: float, additive: int, multiplicative: int
) -> None:
    """z of -a and a: phi is a², tau² is (2a² - 1) / (200 - 100)."""
    observed = 100 * np.exp(np.array([-z, z]) / 10)
    spread = overdispersion(observed, [100, 100], scale="log", trimming="none")
    assert spread.phi == pytest.approx([z**2])
    assert spread.tau2 == pytest.approx([max(2 * z**2 - 1, 0) / 100])
    for spreading, widened in (("additive", additive), ("multiplicative", multiplicative)):
        found = overdispersed_funnel(observed, [100, 100], scale="log", trimming="none", spreading=spreading)
        assert found.adjusted.tolist() == [bool(widened)]
