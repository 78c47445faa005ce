"""The parts of a gap against a second implementation in plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import release
from joinedup.equity import Chain, GapAttribution, Stage
from joinedup.equity.limits import spread
from joinedup.equity.outcomes import outcome_of
from joinedup.equity.parts import logarithmic_mean, logarithmic_parts, product, shapley_parts
from tests.reference import gap as reference

OUTCOME = outcome_of("reliable_recoveries_per_referral")
STAGES = OUTCOME.chain("cohort")
PLAIN = tuple(Stage(f"s{k}", f"stage {k}", "leak") for k in range(5))


@st.composite
def plain_chains(draw, lowest=0):
    """Two chains of five leaks with counts up to 5,000."""
    return tuple(_plain(draw, lowest) for _ in range(2))


def _plain(draw, lowest):
    counts = [draw(st.integers(max(lowest, 1), 5_000))]
    for _ in PLAIN:
        counts.append(draw(st.integers(min(lowest, counts[-1]), counts[-1])))
    return Chain.of_counts(PLAIN, counts[0], counts[1:])


@st.composite
def cohort_chains(draw, lowest=0):
    """Two chains of the cohort's stages, with people still open."""
    return tuple(_cohort(draw, lowest) for _ in range(2))


def _cohort(draw, lowest):
    referred = reached = draw(st.integers(max(lowest, 1), 20_000))
    passed, still_open = [], []
    for stage in STAGES:
        here = draw(st.integers(min(lowest, reached), reached))
        rest = reached - here
        still_open.append(draw(st.integers(0, rest)) if stage.splits else rest if stage.kind == "open" else 0)
        passed.append(here)
        reached = here
    return Chain.of_counts(STAGES, referred, passed, still_open)


def steps(chain):
    factors = chain.factors()
    return list(zip(factors.reached, factors.passed, strict=True))


def rates(chain):
    return reference.pass_rates(steps(chain))


def gap_of(chains, **given_):
    return GapAttribution(OUTCOME, "cohort", "ethnic_group", ("Mixed", "White"), chains, **given_)


@given(cohort_chains())
def test_parts_agree_with_the_second_implementation(chains):
    a, b = (chain.factors().rates for chain in chains)
    expected = reference.logarithmic_parts(*(rates(chain) for chain in chains))
    np.testing.assert_allclose(logarithmic_parts(a, b), expected, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(plain_chains())
def test_shapley_parts_agree_with_every_order_of_the_stages(chains):
    a, b = (chain.factors().rates for chain in chains)
    np.testing.assert_allclose(shapley_parts(a, b), reference.shapley_parts(*map(rates, chains)), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(cohort_chains(lowest=3))
def test_limits_agree_with_numeric_derivatives(chains):
    a, b = (chain.factors() for chain in chains)
    found = spread(a, b)
    expected = np.array(reference.limits(*map(steps, chains)))
    np.testing.assert_allclose(found.centre - 1.959963984540054 * found.error, expected[:, 0], atol=2e-7)
    np.testing.assert_allclose(found.centre + 1.959963984540054 * found.error, expected[:, 1], atol=2e-7)


@given(cohort_chains())
def test_parts_add_up_to_the_gap(chains):
    gap = gap_of(chains)
    assert math.isclose(sum(bar.contribution for bar in gap.bars), gap.gap, abs_tol=1e-12)
    assert math.isclose(sum(bar.shapley for bar in gap.bars), gap.gap, abs_tol=1e-12)
    assert math.isclose(gap.gap, chains[0].rate - chains[1].rate, abs_tol=1e-12)


@given(cohort_chains())
def test_parts_printed_after_a_release_add_up_to_the_gap_printed(chains):
    told = release(gap_of(chains)).value.to_json()
    if told["gap"] is not None:
        assert math.isclose(sum(bar["contribution"] for bar in told["stages"]), told["gap"], abs_tol=1e-12)
        assert math.isclose(sum(bar["contribution"] for bar in told["shapley"]), told["gap"], abs_tol=1e-12)
        for bar in told["stages"]:
            assert bar["fewer_recoveries"] == round(-bar["contribution"] * told["referrals"]["group"], 1)
    else:
        assert all(bar["contribution"] is None for bar in told["stages"])


@given(cohort_chains())
def test_releasing_a_gap_twice_changes_nothing(chains):
    once = release(gap_of(chains)).value
    assert release(once).value.to_json() == once.to_json()


@given(cohort_chains())
def test_changing_the_groups_over_changes_every_sign(chains):
    there, back = gap_of(chains), gap_of(chains[::-1])
    for one, other in zip(there.bars, back.bars, strict=True):
        assert math.isclose(one.contribution, -other.contribution, abs_tol=1e-12)
        assert math.isclose(one.shapley, -other.shapley, abs_tol=1e-12)
        if one.lower is not None:
            assert math.isclose(one.lower, -other.upper, abs_tol=1e-9)


@given(plain_chains(lowest=1), st.permutations(range(5)))
def test_a_part_does_not_depend_on_where_its_stage_stands(chains, order):
    a, b = (chain.factors().rates for chain in chains)
    for parts in (logarithmic_parts, shapley_parts):
        np.testing.assert_allclose(parts(a[order], b[order]), parts(a, b)[order], atol=1e-12)


@given(plain_chains(lowest=1), st.integers(0, 4))
def test_a_stage_passed_alike_has_no_part(chains, k):
    a, b = (chain.factors().rates for chain in chains)
    a[k] = b[k]
    assert logarithmic_parts(a, b)[k] == 0
    assert shapley_parts(a, b)[k] == 0


@given(plain_chains(lowest=1))
def test_every_part_has_the_sign_of_its_own_difference(chains):
    a, b = (chain.factors().rates for chain in chains)
    for parts in (logarithmic_parts, shapley_parts):
        assert (np.sign(parts(a, b)) == np.sign(a - b)).all()


@given(cohort_chains(lowest=30), st.integers(4, 100))
def test_limits_are_narrower_for_larger_groups(chains, times):
    def grown(chain):
        passed, still_open = ([n * times for n in counts] for counts in (chain.passed, chain.open))
        return Chain.of_counts(chain.stages, chain.referred * times, passed, still_open)

    small = spread(*(chain.factors() for chain in chains)).error
    large = spread(*(grown(chain).factors() for chain in chains)).error
    assert (large < small).all()


@given(cohort_chains())
def test_a_claim_is_a_leak_whose_limits_are_below_zero(chains):
    gap = gap_of(chains)
    leaks = [bar for bar in gap.bars if bar.kind == "leak" and bar.p_value is not None]
    adjusted = reference.holm([bar.p_value for bar in leaks])
    for bar, expected in zip(leaks, adjusted, strict=True):
        assert math.isclose(bar.adjusted, expected, rel_tol=1e-12)
        assert bar.claimed == (expected < 0.05 and bar.contribution < 0)
        assert not bar.claimed or bar.upper < 0
    assert not any(bar.claimed for bar in gap.bars if bar.kind != "leak")


@given(cohort_chains(lowest=5))
def test_each_limit_holds_its_part(chains):
    gap = gap_of(chains)
    for bar in gap.bars:
        assert bar.lower is None or bar.lower <= bar.contribution <= bar.upper
    _, lower, upper = gap.gap_limits
    assert lower <= gap.gap <= upper


@pytest.mark.parametrize(("x", "y"), [(0.2, 0.2), (0.2, 0.2 * (1 + 1e-13)), (0.1, 0.4), (1e-9, 1.0)])
def test_the_logarithmic_mean_lies_between_geometric_and_arithmetic(x, y):
    assert math.sqrt(x * y) <= logarithmic_mean(x, y) * (1 + 1e-12)
    assert logarithmic_mean(x, y) <= (x + y) / 2 * (1 + 1e-12)
    assert math.isclose(logarithmic_mean(x, y), logarithmic_mean(y, x), rel_tol=1e-12)


def test_the_first_stage_at_zero_takes_the_gap_as_the_limit_says():
    a, b = np.array([0.5, 0.0, np.nan]), np.array([0.8, 0.5, 0.5])
    nearly = np.array([0.5, 1e-300, 0.5])
    np.testing.assert_allclose(logarithmic_parts(a, b), [0, -0.2, 0])
    np.testing.assert_allclose(logarithmic_parts(nearly, b), [0, -0.2, 0], atol=2e-3)
    np.testing.assert_allclose(shapley_parts(a, b).sum(), -0.2)
    assert shapley_parts(a, b)[2] == 0
    assert product(a) == 0
