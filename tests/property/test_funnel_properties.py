"""Funnels, over-dispersion and variation hold up to whatever counts come: missing, nothing, single, equal."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.funnel import (
    Verdict,
    funnel_centre,
    funnel_limits,
    funnel_outliers,
    funnel_verdict,
    verdicts,
)
from joinedup.stats.funnel_counts import (
    expected_on_lines,
    population_behind,
    rate_limits,
    rate_verdict,
    ratio_limits,
    ratio_verdict,
)
from joinedup.stats.overdispersion import (
    overdispersed_funnel,
    overdispersed_limits,
    overdispersion,
    unadjusted_limits,
)
from joinedup.stats.variation import random_effects, shrunken_estimates, variation

SCALES = ("log", "root", "arcsine", "log_counts")
LABELS = {"", *map(str, Verdict)}
count = st.one_of(st.just(np.nan), st.integers(0, 60).map(float), st.integers(0, 5_000).map(float))


@st.composite
def units(draw, most: int = 12):
    """Counts, sizes not below them, and the label of each unit's group."""
    rows = draw(st.integers(0, most))
    extra = draw(st.lists(count, min_size=rows, max_size=rows))
    x = np.array(draw(st.lists(count, min_size=rows, max_size=rows)))
    if draw(st.booleans()):
        x[:] = x[:1].repeat(rows) if rows else x
    n = np.where(np.isnan(x), 0, x) + np.array(extra, dtype=float)
    groups = np.array(draw(st.lists(st.sampled_from("abc"), min_size=rows, max_size=rows)), dtype=str)
    return x, n, groups


def same(ours, theirs, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=1e-9, equal_nan=True)


@settings(max_examples=50, deadline=None)
@given(units(), st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_order_or_on_other_groups(given_units, random) -> None:
    x, n, groups = given_units
    order = np.array(random.sample(range(x.size), x.size), dtype=int)
    for verdict in (funnel_verdict, rate_verdict):
        found = verdict(x, n, groups=groups)
        assert found.shape == x.shape
        assert set(found.tolist()) <= LABELS
        assert np.array_equal(verdict(x[order], n[order], groups=groups[order]), found[order])
        for label in set(groups.tolist()):
            here = groups == label
            assert np.array_equal(verdict(x[here], n[here]), found[here])
    known = np.isfinite(x) & (n > 0)
    assert np.array_equal(funnel_verdict(x, n) != "", known)
    for tails in ("phe", "exact"):
        found = ratio_verdict(x, n, tails=tails)
        assert np.array_equal(found != "", known)
    table = funnel_outliers(funnel_verdict(x, n), x, 0.0, groups)
    assert len(table) == int(np.isin(funnel_verdict(x, n), ["", "Not significant"], invert=True).sum())


@settings(max_examples=30, deadline=None)
@given(units(), st.floats(0.05, 0.999))
def test_lines_lie_around_their_centre(given_units, confidence) -> None:
    x, n, _ = given_units
    known = n > 0
    for low, high in (ratio_limits(n, confidence), rate_limits(1.0, n, confidence)):
        assert np.array_equal(np.isfinite(low), known)
        assert (low[known] <= high[known]).all()
    centre = funnel_centre(x, n)
    assert centre.shape == x.shape
    low, high = funnel_limits(centre, n)
    inside = np.isfinite(low)
    assert (low[inside] <= centre[inside] + 1e-12).all()
    assert (high[inside] >= centre[inside] - 1e-12).all()
    low, high = expected_on_lines(x, confidence)
    inside = np.isfinite(x)
    assert (low[inside] >= high[inside]).all()
    people = population_behind(x, n, population=np.ones(x.size))
    assert people.shape == x.shape


@settings(max_examples=50, deadline=None)
@given(
    units(),
    st.sampled_from(SCALES),
    st.sampled_from(["truncate", "winsorise", "none", None]),
    st.sampled_from([0, 0.1, 0.3]),
    st.sampled_from(["additive", "multiplicative"]),
)
def test_overdispersed_funnels(given_units, scale, trimming, share, spreading) -> None:
    x, n, groups = given_units
    if scale in ("log", "root"):
        n = n + 0.5  # never the observed themselves, which is refused
    options = {"scale": scale, "trimming": trimming, "share": share}
    found = overdispersed_funnel(x, n, spreading=spreading, groups=groups, **options)
    assert found.verdict.shape == found.lower_95.shape == x.shape
    assert set(found.verdict.tolist()) <= LABELS
    with np.errstate(invalid="ignore"):
        assert not (found.spread.tau2 < 0).any()
        assert not (found.lower_95 > found.upper_95).any()
        assert not (found.lower_998 > found.lower_95 + 1e-12).any()
    order = np.arange(x.size)[::-1]
    back = overdispersed_funnel(x[order], n[order], spreading=spreading, groups=groups[order], **options)
    same(back.upper_998, found.upper_998[order], 1e-7)
    for at, label in enumerate(found.spread.labels.tolist() if x.size else []):
        here = groups == label
        one = overdispersion(x[here], n[here], **options)
        same(one.phi[0], found.spread.phi[at], 1e-7)
        same(one.tau2[0], found.spread.tau2[at], 1e-7)
        assert one.used[0] == found.spread.used[at]
    plain = unadjusted_limits(found.spread.target, n, scale=scale)
    with np.errstate(invalid="ignore"):
        assert not (plain[0] > plain[1]).any()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(SCALES), st.floats(0.05, 0.95), st.integers(1, 10_000), st.floats(0, 2))
def test_more_spread_makes_wider_lines(scale, target, size, tau2) -> None:
    target = 1.0 if scale in ("log", "root") else target
    low, high = overdispersed_limits(target, size, scale=scale, tau2=tau2)
    wide = overdispersed_limits(target, size, scale=scale, tau2=tau2 + 0.1)
    double = overdispersed_limits(target, size, scale=scale, tau2=tau2, phi=2)
    assert wide[0] <= low <= high <= wide[1]
    assert double[0] <= low <= high <= double[1]


@settings(max_examples=25, deadline=None)
@given(units(8))
def test_variation(given_units) -> None:
    x, n, groups = given_units
    found = variation(x, n, groups=groups, draws=200)
    order = np.arange(x.size)[::-1]
    assert found.own.shape == found.adjusted.shape == found.shrunken.rank.shape == x.shape
    whole = found.chance.value + found.case_mix.value + found.real.value
    same(whole[np.isfinite(whole)], 1)
    for part in (found.chance, found.case_mix, found.real, found.sd):
        some = np.isfinite(part.value)
        assert (part.lower[some] <= part.value[some] + 1e-9).all()
        assert (part.value[some] <= part.upper[some] + 1e-9).all()
    back = variation(x[order], n[order], groups=groups[order], draws=200)
    same(back.shrunken.estimate, found.shrunken.estimate[order], 1e-6)
    for at, label in enumerate(found.labels.tolist() if x.size else []):
        here = groups == label
        one = variation(x[here], n[here], draws=200)
        same(one.sd.upper[0], found.sd.upper[at], 1e-6)
        assert one.verdict[0] == found.verdict[at]
        ranks = found.shrunken.rank[here]
        same(np.nansum(ranks), sum(range(1, int(np.isfinite(ranks).sum()) + 1)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.one_of(st.just(np.nan), st.floats(-3, 3)), max_size=8),
    st.floats(0.01, 2),
    st.floats(0.1, 10),
)
def test_spread_scales_with_the_square_of_the_effects(effects, variance, factor) -> None:
    y, v = np.array(effects), np.full(len(effects), variance)
    found, larger = random_effects(y, v), random_effects(factor * y, factor**2 * v)
    for name in ("tau2", "tau2_lower", "tau2_upper"):
        np.testing.assert_allclose(
            getattr(larger, name), factor**2 * getattr(found, name), rtol=1e-6, atol=1e-9 * factor**2
        )
    shifted = shrunken_estimates(y + 5, v, draws=50)
    same(shifted.estimate, shrunken_estimates(y, v, draws=50).estimate + 5, 1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=6))
def test_verdicts_of_flags(flags) -> None:
    low, high, known = (np.array([flag[k] for flag in flags], dtype=bool) for k in range(3))
    found = verdicts(low & ~high, low & ~high, high & ~low, high & ~low, known)
    assert np.array_equal(found == "", ~known)
