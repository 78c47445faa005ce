"""Spread between places: random effects, shrunken estimates, ranks, and shares of chance, case mix and real."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2, t

from joinedup.errors import YourCommand
from joinedup.stats.variation import (
    Spread,
    random_effects,
    shrunken_estimates,
    variation,
)

Y = np.array([0.10, 0.30, 0.35, 0.60, 0.20, 0.55, 0.40, 0.15])
V = np.array([0.01, 0.02, 0.015, 0.01, 0.03, 0.02, 0.01, 0.02])
X = np.array([410.0, 300, 520, 280, 600, 340, 450, 200])
N = np.array([860.0, 700, 1000, 650, 1180, 720, 900, 500])
E = np.array([400.0, 310, 500, 300, 560, 350, 440, 240])


def q_at(tau2: float) -> float:
    w = 1 / (V + tau2)
    return float((w * (Y - (w * Y).sum() / w.sum()) ** 2).sum())


def test_tau_squared_and_its_limits_solve_the_q_profile() -> None:
    found = random_effects(Y, V)
    assert q_at(found.tau2[0]) == pytest.approx(7, rel=1e-9)
    assert q_at(found.tau2_lower[0]) == pytest.approx(chi2.ppf(0.975, 7), rel=1e-9)
    assert q_at(found.tau2_upper[0]) == pytest.approx(chi2.ppf(0.025, 7), rel=1e-9)
    assert found.q[0] == pytest.approx(q_at(0))
    assert found.p[0] == pytest.approx(chi2.sf(q_at(0), 7))
    assert found.units.tolist() == [8]
    narrow = random_effects(Y, V, confidence=0.5)
    assert q_at(narrow.tau2_lower[0]) == pytest.approx(chi2.ppf(0.75, 7), rel=1e-9)


def test_the_level_has_limits_by_hartung_and_knapp() -> None:
    found = random_effects(Y, V)
    w = 1 / (V + found.tau2[0])
    mean = (w * Y).sum() / w.sum()
    error = math.sqrt((w * (Y - mean) ** 2).sum() / 7 / w.sum())
    assert found.mean[0] == pytest.approx(mean)
    assert found.lower[0] == pytest.approx(mean - t.ppf(0.975, 7) * error)
    assert found.upper[0] == pytest.approx(mean + t.ppf(0.975, 7) * error)


def test_equal_variances_have_a_closed_form() -> None:
    v = 0.004
    found = random_effects(Y, np.full(8, v))
    squares = ((Y - Y.mean()) ** 2).sum()
    assert found.tau2[0] == pytest.approx(squares / 7 - v)
    assert found.tau2_lower[0] == pytest.approx(squares / chi2.ppf(0.975, 7) - v)
    assert found.tau2_upper[0] == pytest.approx(squares / chi2.ppf(0.025, 7) - v)


def test_closer_together_than_chance_is_no_proof_of_no_spread() -> None:
    v = 0.01
    found = random_effects(np.full(8, 0.4), np.full(8, v))
    assert [found.tau2[0], found.tau2_lower[0], found.q[0], found.p[0]] == [0, 0, 0, 1]
    # the upper limit of effects that lie just as chance has it: 7v / (v + tau2) = chi squared
    assert found.tau2_upper[0] == pytest.approx(7 * v / chi2.ppf(0.025, 7) - v)

    def by_chance(tau2: float) -> float:
        w = 1 / (V + tau2)
        return float((w * V).sum() - (w**2 * V).sum() / w.sum())

    uneven = random_effects(np.full(8, 0.4), V)
    wanted = brentq(lambda tau2: by_chance(tau2) - chi2.ppf(0.025, 7), 0, 1)
    assert uneven.tau2_upper[0] == pytest.approx(wanted)


def test_every_group_is_that_group_alone_and_missing_effects_are_left_out() -> None:
    groups = list("aabbabbb")
    y = Y.copy()
    y[2] = np.nan
    both = random_effects(y, V, groups=groups)
    assert both.labels.tolist() == ["a", "b"]
    assert both.units.tolist() == [3, 4]
    for at, label in enumerate("ab"):
        chosen = np.array([g == label for g in groups]) & np.isfinite(y)
        one = random_effects(y[chosen], V[chosen])
        for name in ("mean", "lower", "upper", "tau2", "tau2_lower", "tau2_upper", "q", "p"):
            assert getattr(both, name)[at] == pytest.approx(getattr(one, name)[0])


def test_one_unit_and_none_have_no_spread() -> None:
    one = random_effects([0.3], [0.1])
    assert one.mean.tolist() == [pytest.approx(0.3)]
    none = random_effects([np.nan], [0.1])
    empty = random_effects([], [])
    for found in (one, none, empty):
        for name in ("lower", "upper", "tau2", "tau2_lower", "tau2_upper", "q", "p"):
            assert np.isnan(getattr(found, name)).all()
    assert np.isnan(none.mean).all()
    assert [each.units.tolist() for each in (one, none, empty)] == [[1], [0], [0]]


@pytest.mark.parametrize("function", [random_effects, shrunken_estimates])
def test_a_variance_must_be_above_nothing(function) -> None:
    for wrong in (0.0, -1.0):
        with pytest.raises(YourCommand, match="not above 0"):
            function([0.1, 0.2], [0.1, wrong])
    with pytest.raises(YourCommand, match="between 0 and 1"):
        function([0.1, 0.2], [0.1, 0.1], confidence=95)


def test_estimates_lie_between_their_own_figure_and_the_level() -> None:
    found = shrunken_estimates(Y, V)
    level = random_effects(Y, V).mean[0]
    inside = (found.estimate - level) / (Y - level)
    assert ((inside > 0) & (inside < 1)).all()
    assert ((found.lower < found.estimate) & (found.estimate < found.upper)).all()
    assert np.argmin(found.weight) == 4  # the most uncertain is drawn in most
    assert ((found.weight > 0) & (found.weight < 1)).all()


def test_estimates_average_over_what_tau_squared_may_be() -> None:
    v = 0.004
    found = shrunken_estimates(Y, np.full(8, v))
    squares = ((Y - Y.mean()) ** 2).sum()
    steps = (np.arange(50) + 0.5) / 50
    quantiles = chi2.ppf(1 - steps, 7)
    tau2 = np.maximum(np.maximum(squares / quantiles, 7 * v / quantiles) - v, 0)
    weight = (tau2 / (tau2 + v)).mean()
    assert found.weight == pytest.approx(np.full(8, weight), rel=1e-6)
    assert found.estimate == pytest.approx(Y.mean() + weight * (Y - Y.mean()), rel=1e-6)


def test_limits_of_estimates_are_those_of_their_distribution() -> None:
    # Very different units: nothing is drawn in, limits are those of each by itself, ranks are certain.
    y, v = np.arange(8.0), np.full(8, 0.0001)
    found = shrunken_estimates(y, v, draws=20_000)
    assert found.estimate == pytest.approx(y, abs=1e-3)
    assert found.upper - found.lower == pytest.approx(np.full(8, 2 * 1.96 * 0.01), rel=0.04)
    assert found.rank.tolist() == found.rank_lower.tolist() == found.rank_upper.tolist()
    assert found.rank.tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    narrow = shrunken_estimates(y, v, draws=20_000, confidence=0.5)
    assert narrow.upper - narrow.lower == pytest.approx(np.full(8, 2 * 0.6745 * 0.01), rel=0.05)


def test_places_alike_have_ranks_that_say_nothing() -> None:
    found = shrunken_estimates(np.full(8, 0.4), np.full(8, 0.01))
    assert found.rank_lower.tolist() == [1] * 8
    assert found.rank_upper.tolist() == [8] * 8
    assert found.rank == pytest.approx(np.full(8, 4.5), abs=0.2)


def test_the_same_seed_gives_the_same_answer_and_another_nearly() -> None:
    first, again, other = (shrunken_estimates(Y, V, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.rank, again.rank)
    assert not np.array_equal(first.rank, other.rank)
    assert first.rank == pytest.approx(other.rank, abs=0.3)
    assert np.array_equal(first.estimate, other.estimate)


def test_ranks_are_within_groups_and_missing_units_have_none() -> None:
    y = np.array([5.0, 1.0, np.nan, 9.0, 3.0, 2.0])
    found = shrunken_estimates(y, np.full(6, 1e-4), groups=list("abaabb"))
    assert found.rank[[0, 3]].tolist() == [2, 1]
    assert found.rank[[1, 4, 5]].tolist() == [3, 1, 2]
    for name in ("estimate", "lower", "upper", "weight", "rank", "rank_lower", "rank_upper"):
        assert np.isnan(getattr(found, name)).tolist() == [False, False, True, False, False, False]
    assert shrunken_estimates([], []).rank.tolist() == []


def test_too_much_to_draw_is_refused() -> None:
    with pytest.raises(YourCommand, match="too many"):
        shrunken_estimates([1.0, 2.0], [1.0, 1.0], draws=25_000_001)


def test_shares_by_hand() -> None:
    found = variation(X, N, E)
    mix, v = np.arcsin(np.sqrt(E / N)), 0.25 / N
    left = np.arcsin(np.sqrt(X / N)) - mix + math.asin(math.sqrt(X.sum() / N.sum()))
    effects = random_effects(left, v)
    chance = 7 * (1 / v).sum() / ((1 / v).sum() ** 2 - (1 / v**2).sum())
    by_mix, tau2 = np.var(mix, ddof=1), effects.tau2[0]
    whole = chance + by_mix + tau2
    assert found.chance.value[0] == pytest.approx(chance / whole)
    assert found.case_mix.value[0] == pytest.approx(by_mix / whole)
    assert found.real.value[0] == pytest.approx(tau2 / whole)
    least, most = (chance + by_mix + each[0] for each in (effects.tau2_lower, effects.tau2_upper))
    assert found.chance.lower[0] == pytest.approx(chance / most)
    assert found.chance.upper[0] == pytest.approx(chance / least)
    assert found.case_mix.lower[0] == pytest.approx(by_mix / most)
    assert found.case_mix.upper[0] == pytest.approx(by_mix / least)
    assert found.real.lower[0] == pytest.approx(effects.tau2_lower[0] / least)
    assert found.real.upper[0] == pytest.approx(effects.tau2_upper[0] / most)
    level = X.sum() / N.sum()
    assert found.level[0] == pytest.approx(level)
    assert found.sd.value[0] == pytest.approx(2 * math.sqrt(level * (1 - level) * tau2))
    assert found.sd.upper[0] == pytest.approx(2 * math.sqrt(level * (1 - level) * effects.tau2_upper[0]))
    assert found.p[0] == pytest.approx(effects.p[0])
    assert found.own == pytest.approx(X / N)
    assert found.adjusted == pytest.approx(np.sin(left) ** 2)
    estimates = shrunken_estimates(left, v)
    assert found.shrunken.estimate == pytest.approx(np.sin(estimates.estimate) ** 2)
    assert found.shrunken.upper == pytest.approx(np.sin(estimates.upper) ** 2)
    assert np.array_equal(found.shrunken.rank, estimates.rank)


def test_without_expected_counts_nothing_is_case_mix() -> None:
    found = variation(X, N)
    assert found.case_mix.value[0] == pytest.approx(0)
    assert found.adjusted == pytest.approx(X / N)
    assert found.chance.value[0] + found.real.value[0] == pytest.approx(1)


def test_noise_adds_to_chance() -> None:
    assert variation(X, N, noise=0.001).chance.value[0] > variation(X, N).chance.value[0] + 0.1


def test_verdicts() -> None:
    n = np.full(8, 400.0)
    assert variation([100, 300] * 4, n).verdict.tolist() == [Spread.REAL]
    # eight places alike: a spread of some points cannot be ruled out with 400 people each, but can with 400,000
    assert variation(n / 2, n).verdict.tolist() == [Spread.CANNOT_TELL]
    assert variation(n * 500, n * 1_000).verdict.tolist() == [Spread.LITTLE]
    assert variation(n * 500, n * 1_000, worthwhile=1e-5).verdict.tolist() == [Spread.CANNOT_TELL]
    assert variation(n / 2, n, worthwhile=0.5).verdict.tolist() == [Spread.LITTLE]
    # two places can differ for certain, but two do not make a spread
    assert variation([100, 300], [400, 400]).verdict.tolist() == [Spread.CANNOT_TELL]
    assert variation([100, 300, 200], [400, 400, 400]).verdict.tolist() == [Spread.REAL]


def test_places_without_anyone_have_no_figures() -> None:
    found = variation([np.nan, 0, 3, 5], [4, 0, 6, 7], [2, 0, 3, 4])
    assert found.places.tolist() == [2]
    assert np.isnan(found.own).tolist() == [True, True, False, False]
    assert np.isnan(found.shrunken.rank).tolist() == [True, True, False, False]
    hidden = variation([3, 5], [6, 7], [np.nan, 4])
    assert hidden.places.tolist() == [1]
    assert np.isnan(hidden.adjusted).tolist() == [True, False]
    empty = variation([], [])
    assert empty.verdict.tolist() == [Spread.CANNOT_TELL]
    assert np.isnan(empty.level).all()
    with pytest.raises(YourCommand, match="above what they are out of"):
        variation([5], [4])
    with pytest.raises(YourCommand, match="above what they are out of"):
        variation([3], [4], [5])


def test_a_group_of_places_is_that_group_alone() -> None:
    both = variation(X, N, E, groups=list("abababab"))
    for at, label in enumerate("ab"):
        chosen = np.arange(8) % 2 == at
        one = variation(X[chosen], N[chosen], E[chosen])
        assert both.labels[at] == label
        assert both.real.upper[at] == pytest.approx(one.real.upper[0])
        assert both.case_mix.value[at] == pytest.approx(one.case_mix.value[0])
        assert both.shrunken.estimate[chosen] == pytest.approx(one.shrunken.estimate)


def test_the_limits_hold_for_eight_places() -> None:
    # 250 sets of eight boroughs with a real standard deviation of 5 points, and 250 without any
    random = np.random.default_rng(20_261_122)
    n = random.integers(150, 600, 4_000)
    groups = np.arange(4_000) // 8
    spread = np.where(groups < 250, 0.05, 0.0)
    x = random.binomial(n, 0.5 + spread * random.standard_normal(4_000))
    found = variation(x, n, groups=groups, draws=50)
    held = (found.sd.lower <= 0.05) & (found.sd.upper >= 0.05)
    assert held[:250].mean() >= 0.91
    assert (found.verdict[250:] == Spread.REAL).mean() <= 0.06
    assert (found.verdict[:250] == Spread.REAL).mean() >= 0.5
