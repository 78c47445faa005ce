"""Difference in differences the long way round: place by place, with whole matrices for the months."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from joinedup.stats.change import Aim
from joinedup.stats.difference_in_differences import difference_in_differences

FIRST, MONTHS, START = np.datetime64("2022-01"), 36, 24
NAMES = np.array(["Brent", "Ealing", "Harrow", "Hounslow", "Hillingdon"])
CHANGED = np.array([True, True, True, False, False])
MONTH = np.arange(MONTHS)
AFTER = (MONTH >= START).astype(float)
YEARS = (MONTH - MONTH.mean()) / 12
TRIED = [-0.5 + 0.05 * k for k in range(30)]


def counts(drift):
    rng = np.random.default_rng(5)
    eta = rng.normal(0, [[0.05], [0.08], [0.1], [0.06], [0.09]], (5, MONTHS)) + 0.2 * np.cos(MONTH / 2)
    eta += np.outer(CHANGED, 0.3 * AFTER + drift * YEARS)
    n = np.full((5, MONTHS), 20_000.0)
    return np.round(n / (1 + np.exp(-eta))), n


def gls(y, x, rho):
    r = float(rho) ** np.abs(MONTH[:, None] - MONTH)
    precision = np.linalg.inv(r)
    gram = x.T @ precision @ x
    b = np.linalg.solve(gram, x.T @ precision @ y)
    rss = (y - x @ b) @ precision @ (y - x @ b)
    df = MONTHS - x.shape[1]
    return -0.5 * (df * np.log(rss) + np.linalg.slogdet(r)[1] + np.linalg.slogdet(gram)[1]), rss / df


def peak(likelihood):
    k = min(max(int(np.argmax(likelihood)), 1), 28)
    low, mid, high = likelihood[k - 1 : k + 2]
    return TRIED[k] + 0.05 * 0.5 * (low - high) / (low - 2 * mid + high)


def month_error(moved, w, trend, pools):
    """Of the comparison, when the places of a pool share their autocorrelation; and that of the changed."""
    turn = 2 * np.pi * MONTH / 12
    columns = [np.ones(MONTHS), np.cos(turn), np.sin(turn), *([YEARS] if trend else [])]
    designs = [np.column_stack([*columns, *([AFTER] if changed else [])]) for changed in CHANGED]
    rho, variance = np.zeros(5), np.zeros(5)
    for pool in pools:
        rho[pool] = peak([sum(gls(moved[p], designs[p], r)[0] for p in pool) for r in TRIED])
    for p in range(5):
        variance[p] = gls(moved[p], designs[p], rho[p])[1]
    others = variance[~CHANGED].mean() * 2 / 1
    variance = np.where(CHANGED, variance - others / 2, variance * 2 / 1)
    lag = np.abs(MONTH[:, None] - MONTH)
    each = np.array([w @ rho[p] ** lag @ w * variance[p] for p in range(5)])
    return np.sqrt(each[CHANGED].sum() / 3**2 + each[~CHANGED].sum() / 2**2), rho[0]


@pytest.mark.parametrize(("drift", "trend"), [(-0.034, False), (0.4, True)])
def test_every_figure_place_by_place(drift, trend):
    x, n = counts(drift)
    found = difference_in_differences(
        x.ravel(),
        n.ravel(),
        place=np.repeat(NAMES, MONTHS),
        month=np.tile(FIRST + MONTH, 5),
        changed=dict.fromkeys(NAMES[:3], "2024-01"),
        aim=Aim(0.1, 0.02),
        confidence=0.9,
    )
    y = np.log((x + 0.5) / (n - x + 0.5))
    moved = y - (y - y.mean(axis=1, keepdims=True))[3:].mean(axis=0)

    # trends before, in standard deviations of a month a year
    early = MONTH[:START]
    lines = [np.polyfit(early, row[:START], 1) for row in moved]
    left = [
        np.sum((row[:START] - np.polyval(line, early)) ** 2) / 22
        for row, line in zip(moved, lines, strict=True)
    ]
    slopes = np.array([line[0] for line in lines])
    spread = np.sqrt(np.mean(left[:3]) / 2 + np.mean(left[3:]) / 2)
    difference = 12 * (slopes[:3].mean() - slopes[3:].mean()) / spread
    assert found.trend_difference == pytest.approx([difference], rel=1e-6)
    assert (abs(difference) > 0.1) == trend
    assert found.with_trends.tolist() == [trend]

    # one number for each place: the step beside its calendar months, and its trend where it has one
    design = np.column_stack([AFTER, np.eye(12)[MONTH % 12], *([YEARS] if trend else [])])
    w = np.linalg.lstsq(design, np.eye(MONTHS), rcond=None)[0][0]
    steps = moved @ w
    assert found.of_places[0] == pytest.approx(steps)
    effect = steps[:3].mean() - steps[3:].mean()
    assert found.effect == pytest.approx([effect])
    assert found.used == (tuple(NAMES),)

    pooled = (np.var(steps[:3]) * 3 + np.var(steps[3:]) * 2) / 3
    between = np.sqrt(pooled * (1 / 2 + 1 / 3))
    one, rho = month_error(moved, w, trend, [[0, 1, 2, 3, 4]])
    two, _ = month_error(moved, w, trend, [[0, 1, 2], [3, 4]])
    assert found.rho == pytest.approx([rho], abs=1e-6)
    assert found.standard_error[:, 0] == pytest.approx([between, max(one, two)], rel=1e-5)
    months = 3 * (MONTHS - 4 - trend) - 1
    assert found.freedom[:, 0].tolist() == [3, months]
    width = max(t.ppf(0.95, 3) * between, t.ppf(0.95, months) * max(one, two))
    assert (found.upper - found.lower) / 2 == pytest.approx([width], rel=1e-5)
    seen = max((t.ppf(0.95, df) + t.ppf(0.8, df)) * se for df, se in ((3, between), (months, max(one, two))))
    assert found.smallest_visible == pytest.approx([seen], rel=1e-5)
    assert found.note == (("Trends before differed, so each place has its own.",) if trend else ("",))
