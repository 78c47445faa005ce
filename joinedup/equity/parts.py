"""A difference of two products, shared out over their factors so that the parts add up to it exactly.

Two rules. The logarithmic mean (LMDI-I: Ang, Energy Policy 32, 2004, 1131-1139):
    c_k = L(Ra, Rb) ln(a_k / b_k),  L(x, y) = (x - y) / ln(x / y),  L(x, x) = x.
Shapley values: the mean, over all orders of changing b into a one factor at a time, of what factor k
brings. For a product that mean is an integral (Owen, Management Science 18, 1972, P64-P79),
    s_k = (a_k - b_k) * integral over 0..1 of prod_{j != k} (t a_j + (1 - t) b_j) dt,
of a polynomial of degree K - 1: Gauss-Legendre with K nodes gives it without error, in place of 2^K
subsets.

Zeros: as a_k falls to 0 the logarithmic part of k tends to the whole gap and all others to 0, so the first
stage at zero takes the gap; later stages were reached by no one (NaN) and have no part.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def logarithmic_mean(x: float, y: float) -> float:
    """Mean of two numbers, both above 0: (x - y) / ln(x / y)."""
    ratio = math.log(x / y)
    return y * math.expm1(ratio) / ratio if ratio else x


def logarithmic_parts(a: Floats, b: Floats) -> Floats:
    """Parts, shape (K,), of prod(a) - prod(b) over pass rates a and b; NaN where no one reached the stage."""
    first_a, first_b = _first_zero(a), _first_zero(b)
    total_a, total_b = product(a), product(b)
    parts = np.zeros(len(a))
    if total_a and total_b:
        parts += logarithmic_mean(total_a, total_b) * np.log(a / b)
    elif total_a != total_b:
        parts[min(first_a, first_b)] = total_a - total_b
    return parts


def shapley_parts(a: Floats, b: Floats) -> Floats:
    """Shapley parts, shape (K,), of prod(a) - prod(b); a stage that one group never reached counts as
    equal.
    """
    a, b = alike_where_unreached(a, b)
    nodes, weights = np.polynomial.legendre.leggauss(max(len(a), 1))
    t = (nodes[:, None] + 1) / 2
    path = t * a + (1 - t) * b
    others = np.stack([np.prod(np.delete(path, k, axis=1), axis=1) for k in range(len(a))], axis=1)
    return np.asarray((a - b) * (weights[:, None] / 2 * others).sum(axis=0))


def product(rates: Floats) -> float:
    """Rate of the whole chain: 0 once a stage is at zero, whatever is undefined after it."""
    return 0.0 if _first_zero(rates) < len(rates) else float(np.prod(rates))


def alike_where_unreached(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Both sets of rates, the undefined ones taken from the other group, or 1 where both are."""
    return (
        np.where(np.isnan(a), np.where(np.isnan(b), 1.0, b), a),
        np.where(np.isnan(b), np.where(np.isnan(a), 1.0, a), b),
    )


def _first_zero(rates: Floats) -> int:
    zeros = np.flatnonzero((rates == 0) | np.isnan(rates))
    return int(zeros[0]) if len(zeros) else len(rates)
