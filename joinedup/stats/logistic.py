"""Logistic regression of counts, and the risks it gives each group at one and the same mix of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of

ROUNDS = 50
FURTHEST = 20.0
"""Log odds beyond which a fitted chance is 0 or 1 to the eye; steps stop there where groups separate."""


@dataclass(frozen=True)
class LogisticFit:
    """`coefficients` (columns,) in log odds, their `covariance` (columns, columns), and whether it settled."""

    coefficients: Floats
    covariance: Floats
    deviance: float
    settled: bool

    def risk(self, design: ArrayLike) -> Floats:
        """Fitted chances of rows of a design, shape (rows,)."""
        return _risk(np.asarray(design, dtype=np.float64) @ self.coefficients)


def logistic_regression(design: ArrayLike, x: ArrayLike, n: ArrayLike) -> LogisticFit:
    """Maximum likelihood by iteratively reweighted least squares (Nelder and Wedderburn 1972).

    `design` (rows, columns) with its own column of ones; `x` of `n` people of each row had the outcome. Rows
    with a missing count are left out. Columns that say nothing of their own take a share of the others'
    coefficient; fitted chances stay the same. Raises YourCommand where no row is left.
    """
    count, total = counts_out_of(x, n)
    known = np.isfinite(count) & (total > 0)
    columns = np.asarray(design, dtype=np.float64)[known]
    count, total = count[known], total[known]
    if not columns.size:
        raise YourCommand("There is nobody to fit a model to.", remedy="Choose a longer period.")
    # one half added only to start from: chances of 0 and 1 have no log odds
    step = np.log((count + 0.5) / (total - count + 0.5))
    fit, before = step, np.inf
    for _ in range(ROUNDS):
        coefficients, covariance = _weighted(columns, step, total * _spread(fit))
        fit = np.clip(columns @ coefficients, -FURTHEST, FURTHEST)
        deviance = _deviance(fit, count, total)
        if abs(before - deviance) <= 1e-10 * (deviance + 0.1):
            return LogisticFit(coefficients, covariance, deviance, settled=True)
        before, step = deviance, fit + (count / total - _risk(fit)) / _spread(fit)
    return LogisticFit(coefficients, covariance, deviance, settled=False)


def standardised_risks(fit: LogisticFit, designs: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Mean chances were everyone in one group, and their covariance by the delta method (Lane and Nelder 1982).

    `designs` (groups, rows, columns): the people's rows with the group's column set; `weights` (rows,) people
    of each row. Shapes (groups,) and (groups, groups).
    """
    rows = np.asarray(designs, dtype=np.float64)
    share = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    eta = rows @ fit.coefficients
    slope = np.einsum("gr,r,grc->gc", _spread(eta), share, rows)
    return _risk(eta) @ share, np.asarray(slope @ fit.covariance @ slope.T)


def _weighted(columns: Floats, target: Floats, weight: Floats) -> tuple[Floats, Floats]:
    gram = columns.T @ (weight[:, None] * columns)
    covariance: Floats = np.linalg.pinv(gram, hermitian=True).astype(np.float64)
    return covariance @ (columns.T @ (weight * target)), covariance


def _risk(eta: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(eta), dtype=np.float64)


def _spread(eta: Floats) -> Floats:
    return np.maximum(_risk(eta) * _risk(-eta), 1e-12)


def _deviance(eta: Floats, count: Floats, total: Floats) -> float:
    """-2 log likelihood less what the data alone fix."""
    return float(-2 * (count * np.log(_risk(eta)) + (total - count) * np.log(_risk(-eta))).sum())
