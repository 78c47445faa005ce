"""AR(1) regression against whole matrices: correlations rho^(months apart), inverted the plain way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import t

from joinedup.stats.autocorrelation import fit_ar1, limits_over_rho

TRIED = [-0.5 + 0.05 * k for k in range(30)]
MONTHS = 12
DESIGN = np.column_stack([np.ones(MONTHS), np.arange(MONTHS)])
SERIES = np.array(
    [
        [1.0, 1.4, 1.5, 1.1, 0.9, 1.3, 1.9, 2.2, 2.0, 1.6, 1.5, 2.1],
        [2.0, np.nan, 1.1, 2.4, np.nan, np.nan, 2.2, 0.9, 1.7, 2.6, 1.0, 1.2],
        # as strongly remembered, and as strongly turning, as the grid goes
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0, -1.0, -2.0, -3.0, -4.0, -5.0],
        [1.0, -1.1, 1.0, -0.9, 1.1, -1.0, 1.0, -1.0, 0.9, -1.0, 1.1, -1.0],
    ]
)


# one degree of freedom: no autocorrelation is likelier than another
BARE = np.full(MONTHS, np.nan)
BARE[[1, 4, 8]] = 1.0, 2.5, 3.0


def whole(y, x, rho):
    """Restricted log likelihood, residual sum of squares, coefficients and (X'R^-1 X)^-1."""
    told = np.flatnonzero(np.isfinite(y))
    y, x = y[told], x[told]
    r = float(rho) ** np.abs(told[:, None] - told)
    precision = np.linalg.inv(r)
    inverse = np.linalg.inv(x.T @ precision @ x)
    b = inverse @ x.T @ precision @ y
    rss = (y - x @ b) @ precision @ (y - x @ b)
    df = y.size - x.shape[1]
    fit = -0.5 * (df * np.log(rss) + np.linalg.slogdet(r)[1] - np.linalg.slogdet(inverse)[1])
    return fit, rss, b, inverse


def peak(likelihood):
    """The top of the parabola through the best three of the grid, within a step."""
    k = min(max(int(np.argmax(likelihood)), 1), 28)
    low, mid, high = likelihood[k - 1 : k + 2]
    bend = low - 2 * mid + high
    return TRIED[k] + 0.05 * min(max(0.5 * (low - high) / bend if bend < 0 else 0.0, -1), 1)


@pytest.mark.parametrize("at", range(len(SERIES)))
def test_a_fit_is_that_of_whole_matrices(at):
    found = fit_ar1(SERIES, DESIGN)
    rho = peak([whole(SERIES[at], DESIGN, r)[0] for r in TRIED])
    assert found.rho[at] == pytest.approx(rho, abs=1e-6)
    _, rss, b, inverse = whole(SERIES[at], DESIGN, found.rho[at])
    df = np.isfinite(SERIES[at]).sum() - 2
    assert found.freedom[at] == df
    assert found.sd[at] == pytest.approx(np.sqrt(rss / df))
    assert found.coefficients[at] == pytest.approx(b, rel=1e-6, abs=1e-8)
    assert found.covariance[at] == pytest.approx(inverse * rss / df, rel=1e-6)


def test_one_degree_of_freedom_has_a_spread():
    found = fit_ar1(BARE[None], DESIGN)
    _, rss, b, inverse = whole(BARE, DESIGN, found.rho[0])
    assert found.freedom == [1]
    assert found.sd == pytest.approx([np.sqrt(rss)])
    assert found.coefficients[0] == pytest.approx(b, rel=1e-6)
    assert found.covariance[0] == pytest.approx(inverse * rss, rel=1e-6)


def test_the_series_reach_both_ends_of_the_grid():
    rho = fit_ar1(SERIES, DESIGN).rho
    assert rho[2] > 0.85
    assert rho[3] < -0.4


def test_series_of_one_pool_share_the_autocorrelation_of_their_summed_likelihoods():
    found = fit_ar1(SERIES, DESIGN, np.array([0, 1, 0, 1]))
    for pair in ([0, 2], [1, 3]):
        together = peak(np.sum([[whole(SERIES[k], DESIGN, r)[0] for r in TRIED] for k in pair], axis=0))
        assert found.rho[pair] == pytest.approx([together] * 2, abs=1e-6)


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_limits_are_quantiles_of_the_mixture_over_every_autocorrelation(column, confidence):
    every = np.vstack([SERIES, BARE])
    lower, upper = limits_over_rho(every, DESIGN, column, confidence)
    for at, y in enumerate(every):
        df = np.isfinite(y).sum() - 2
        fits = [whole(y, DESIGN, r) for r in TRIED]
        weight = np.exp(np.array([fit[0] for fit in fits]) - max(fit[0] for fit in fits))
        weight /= weight.sum()
        centre = np.array([fit[2][column] for fit in fits])
        error = np.sqrt([fit[1] / df * fit[3][column, column] for fit in fits])

        def short(value, share, weight=weight, centre=centre, error=error, df=df):
            return (weight * t.cdf((value - centre) / error, df)).sum() - share

        tail = (1 - confidence) / 2
        assert lower[at] == pytest.approx(brentq(short, -99, 99, args=(tail,), xtol=1e-12), abs=1e-6)
        assert upper[at] == pytest.approx(brentq(short, -99, 99, args=(1 - tail,), xtol=1e-12), abs=1e-6)


def test_a_series_without_noise_keeps_an_error_that_rounding_cannot_feign():
    lower, upper = limits_over_rho(np.ones((1, MONTHS)), np.ones((MONTHS, 1)), 0, 0.95)
    assert upper - lower == pytest.approx([2 * t.ppf(0.975, 11) * 1e-9], rel=0.3)
    assert (lower + upper) / 2 == pytest.approx([1], abs=1e-8)


def test_without_freedom_there_is_no_spread_and_no_limit():
    short = np.full((2, MONTHS), np.nan)
    short[0, [3, 7]] = 1.0, 2.0
    found = fit_ar1(short, DESIGN)
    assert list(found.freedom) == [0, 0]
    assert np.isnan(found.sd).all() and np.isnan(found.covariance).all()
    assert np.isnan(limits_over_rho(short, DESIGN, 1, 0.95)).all()
    assert found.coefficients[0] == pytest.approx([0.25, 0.25], abs=1e-6)
    assert found.coefficients[1] == pytest.approx([0, 0])


def test_a_column_that_says_nothing_of_its_own_costs_no_freedom():
    never, twice = np.zeros(MONTHS), DESIGN[:, 1] * 2
    found = fit_ar1(SERIES[:1], np.column_stack([DESIGN, never, twice]))
    assert found.freedom == [10]
    assert found.coefficients[0, 2] == 0
    plain = fit_ar1(SERIES[:1], DESIGN)
    assert found.sd == pytest.approx(plain.sd, rel=1e-4)


def test_each_series_may_have_its_own_design():
    turned = np.stack([DESIGN, DESIGN[:, ::-1]])
    found = fit_ar1(SERIES[[0, 0]], turned)
    assert found.coefficients[0] == pytest.approx(found.coefficients[1][::-1])
