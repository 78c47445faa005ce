"""Do groups wait differently? The log-rank test and its sibling that looks harder at the early weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats
from joinedup.stats.groups import Groups, groups_of
from joinedup.stats.risk_sets import RiskSets, events_of, risk_sets, running

TABLE = 2_000_000
"""Cells of times by groups held at once, so that memory stays bounded."""
NOTHING = 1e-12
"""Share of the largest variance below which a direction has none but rounding."""


@dataclass(frozen=True)
class LogRank:
    """`chi_square` on `degrees` of freedom and `p`; NaN where nothing can be compared (fewer than two groups
    at risk together, no event). Shape (groups,): people, events seen and events expected (weighted) where the
    waits do not differ; rows left out because something is missing.
    """

    labels: NDArray[Any]
    people: Floats
    observed: Floats
    expected: Floats
    left_out: NDArray[np.intp]
    chi_square: float
    degrees: int
    p: float


def logrank_test(time: ArrayLike, event: ArrayLike, groups: ArrayLike, *, rho: float = 0.0) -> LogRank:
    """Test that all groups have one curve (Mantel 1966; G-rho family of Harrington and Fleming 1982).

    Each event weighs S(t-)^rho, S being the curve of all together: rho 0 is the log-rank test, 1 that of Peto
    and Peto, which weighs early events more. `time` and `event` as in survival_curve, without delayed entry.
    Raises YourCommand as there, and for a rho that is no number.
    """
    if not np.isfinite(rho):
        raise YourCommand(f"A rho of {rho} is no weight.", remedy="Give 0 for log-rank, 1 for Peto and Peto.")
    when, happened = floats(*np.atleast_1d(time, events_of(event)))
    pooled = risk_sets(when, happened, 1)
    of = groups_of(groups, when.size)
    known = ~np.isnan(when) & ~np.isnan(happened)
    kept = Groups(of.labels, of.codes[known])
    weight = _weights(pooled, rho)
    place = np.searchsorted(pooled.time, when[known])
    observed = kept.total(happened[known] * weight[place])
    expected, covariance = _expected(pooled, weight, place, kept)
    chi_square, degrees, p = _test(observed - expected, covariance)
    left_out = np.bincount(of.codes[~known], minlength=of.count)
    return LogRank(
        of.labels, kept.sizes.astype(np.float64), observed, expected, left_out, chi_square, degrees, p
    )


def _weights(pooled: RiskSets, rho: float) -> Floats:
    staying = 1 - pooled.ends[:, 0] / pooled.at_risk
    survival = running(np.multiply, staying, pooled.group)
    return np.asarray(np.concatenate(([1.0], survival[:-1]))[: survival.size] ** rho)


def _expected(pooled: RiskSets, weight: Floats, place: NDArray[np.intp], of: Groups) -> tuple[Floats, Floats]:
    """Expected events of each group, and the covariance of observed less expected (hypergeometric).

    Goes through the times from the last to the first, a block at a time, with the people at risk carried on.
    """
    d, n = pooled.ends[:, 0], pooled.at_risk
    expected, covariance = np.zeros(of.count), np.zeros((of.count, of.count))
    carried = np.zeros(of.count)
    order = np.argsort(place.astype(np.min_scalar_type(n.size)), kind="stable")  # by radix where few times
    block = max(TABLE // max(of.count, 1), 1)
    for end in range(n.size, 0, -block):
        begin = max(end - block, 0)
        rows = order[slice(*np.searchsorted(place[order], [begin, end]))]
        here = np.bincount(
            (place[rows] - begin) * of.count + of.codes[rows], minlength=(end - begin) * of.count
        ).reshape(end - begin, of.count)
        at_risk = np.cumsum(here[::-1], axis=0)[::-1] + carried
        carried = at_risk[0]
        share, span = at_risk / n[begin:end, None], slice(begin, end)
        expected += (weight[span] * d[span]) @ share
        spread = weight[span] ** 2 * d[span] * (n[span] - d[span]) / np.maximum(n[span] - 1, 1)
        covariance += np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return expected, covariance


def _test(excess: Floats, covariance: Floats) -> tuple[float, int, float]:
    from scipy.special import chdtrc

    # the rows of the covariance add up to 0, so one direction at least is nothing; what is left of the others
    # gives what leaving one group out would
    spread, directions = np.linalg.eigh(covariance)
    kept = spread > NOTHING * np.max(spread, initial=0.0)
    degrees = int(kept.sum())
    if degrees == 0:
        return np.nan, 0, np.nan
    chi_square = float((((excess @ directions)[kept]) ** 2 / spread[kept]).sum())
    return chi_square, degrees, float(chdtrc(degrees, chi_square))
