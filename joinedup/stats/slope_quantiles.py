"""Quantiles of weighted sums of independent log-normal or logit-normal values, and of ratios of two such sums,
by inverting the characteristic function: what 100,000 draws only approach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joinedup.stats.arrays import Floats

BLOCK = 256
"""Settings taken at once, so that the working arrays stay in the cache and memory stays bounded."""
REACH = 6.5
"""Normal errors are followed so many standard deviations out."""
EDGE = 1e-13


@dataclass(frozen=True)
class Rule:
    """How finely the inversion works: points over the errors of each value; frequencies, in standard deviations of
    the sum; and secant steps (on the normal scale the distribution is nearly straight)."""

    nodes: int
    step: float
    steps: int
    rounds: int

    @property
    def frequency(self) -> Floats:
        """Of the midpoint rule."""
        return np.asarray(self.step * (np.arange(self.steps) + 0.5), np.float64)


ORDINARY, SKEWED = Rule(33, 0.3, 22, 3), Rule(257, 0.15, 80, 6)
"""Within 0.1% of the width of the interval, the second also where one value of a few events rules the sum."""
SKEW = 0.2
"""Error on its scale times root of its share of the variance, above which a value makes the sum skewed."""


@dataclass(frozen=True)
class Spread:
    """Values of each quantile at the nodes, shape (settings, quantiles, nodes), their means and variances
    (settings, quantiles), and the weight of each node."""

    nodes: Floats
    mean: Floats
    variance: Floats
    weights: Floats
    rule: Rule


def spread_of(
    centre: Floats, error: Floats, back: Callable[[Floats], Floats], rule: Rule = ORDINARY
) -> Spread:
    """Values whose transform is normal with this centre and error; `back` undoes the transform."""
    points = np.linspace(-REACH, REACH, rule.nodes)
    weights = np.exp(-(points**2) / 2)
    weights = weights / weights.sum()
    nodes = back(centre[..., None] + error[..., None] * points)
    mean = nodes @ weights
    return Spread(nodes, mean, ((nodes - mean[..., None]) ** 2) @ weights, weights, rule)


def slope_and_ratio_quantiles(
    weights: tuple[Floats, Floats], centre: Floats, error: Floats, back: Callable[[Floats], Floats], z: float
) -> Floats:
    """Lower and upper limit of the slope and of the ratio of top to bottom, shape (4, settings).

    `weights` are those of slope and intercept; all arrays (settings, quantiles).
    """
    slope, below = weights
    found = np.full((4, len(slope)), np.nan)
    for start in range(0, len(slope), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(slope)))
        skewed = _skewed(
            slope[block], below[block], spread_of(centre[block], error[block], back), error[block]
        )
        for rule, rows in ((ORDINARY, block[~skewed]), (SKEWED, block[skewed])):
            spread = spread_of(centre[rows], error[rows], back, rule)
            up, down = slope[rows], below[rows]
            for place, end in enumerate((-z, z)):
                found[place, rows] = sum_quantile(up, spread, end)
                found[2 + place, rows] = ratio_quantile(up + down, down, spread, end)
    return found


def _skewed(slope: Floats, below: Floats, spread: Spread, error: Floats) -> NDArray[np.bool_]:
    """Whether one value, of wide error, rules the slope, the top or the bottom."""
    parts = np.stack([c**2 * spread.variance for c in (slope, slope + below, below)])
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = parts / parts.sum(axis=2, keepdims=True)
        return np.asarray((error * np.sqrt(shares) > SKEW).any(axis=(0, 2)), np.bool_)


def sum_quantile(coefficients: Floats, spread: Spread, z: float) -> Floats:
    """Quantile of the sum of coefficient x value that a normal deviate z stands for, shape (settings,)."""
    with np.errstate(all="ignore"):
        return _sum_quantile(coefficients, spread, z)


def ratio_quantile(above: Floats, below: Floats, spread: Spread, z: float) -> Floats:
    """Quantile of one sum over another, from P(above - r below <= 0). Where the sum below is not clear of 0 at
    this z there is none: NaN."""
    with np.errstate(all="ignore"):
        return _ratio_quantile(above, below, spread, z)


def fieller_quantile(
    above: tuple[Floats, Floats], below: tuple[Floats, Floats], joint: Floats, z: float
) -> Floats:
    """The same for two normal sums, each given as mean and variance, with their covariance (Fieller 1954)."""
    top, top_variance = above
    bottom, bottom_variance = below
    leading = bottom**2 - z**2 * bottom_variance
    half = top * bottom - z**2 * joint
    # half squared less leading times the last term, written so that nothing cancels when variances are small
    inner = bottom**2 * top_variance + top**2 * bottom_variance - 2 * top * bottom * joint
    root = np.sqrt(np.maximum(inner - z**2 * (top_variance * bottom_variance - joint**2), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (half + z * root) / leading
    return np.where(leading > 0, found, np.nan)


def moments(coefficients: Floats, spread: Spread) -> tuple[Floats, Floats]:
    """Mean and variance of the sum."""
    return (coefficients * spread.mean).sum(axis=1), (coefficients**2 * spread.variance).sum(axis=1)


def _sum_quantile(coefficients: Floats, spread: Spread, z: float) -> Floats:
    mean, variance = moments(coefficients, spread)
    deviation = np.sqrt(variance)
    transform = _characteristic(coefficients, spread)
    frequency = spread.rule.frequency

    def off(x: Floats) -> Floats:
        turned = transform * np.exp(-1j * frequency * x[:, None])
        return _normal_score(turned.imag @ (spread.rule.step / np.pi / frequency)) - z

    first = np.full(len(mean), z)
    start = off(first)
    found = _secant(off, first, start, first - start, spread.rule.rounds)
    return mean + np.where(deviation > 0, found * deviation, 0.0)


def _ratio_quantile(above: Floats, below: Floats, spread: Spread, z: float) -> Floats:
    top, bottom = moments(above, spread), moments(below, spread)
    joint = (above * below * spread.variance).sum(axis=1)
    sign = np.where(bottom[0] < 0, -1.0, 1.0)
    frequency = spread.rule.frequency

    def off(r: Floats) -> Floats:
        coefficients = sign[:, None] * (above - r[:, None] * below)
        mean, variance = moments(coefficients, spread)
        shift = mean / np.sqrt(variance)
        turned = _characteristic(coefficients, spread) * np.exp(1j * frequency * shift[:, None])
        return _normal_score(turned.imag @ (spread.rule.step / np.pi / frequency)) - z

    first = fieller_quantile(top, bottom, joint, z)
    centre = top[0] / bottom[0]
    # on the normal scale the distribution of the ratio runs almost straight from its middle to the limit
    start = off(first)
    found = _secant(off, first, start, first - start * (first - centre) / z, spread.rule.rounds)
    # next to a bottom of 0 the steps may not arrive: no limit, rather than a wrong one
    certain = bottom[1] + top[1] <= 1e-24 * (bottom[0] ** 2 + top[0] ** 2)
    return np.where(certain, centre, np.where(np.abs(off(found)) < 0.01, found, np.nan))


def _characteristic(coefficients: Floats, spread: Spread) -> np.ndarray:
    """That of the standardised sum at each frequency, (settings, steps)."""
    rule = spread.rule
    deviation = np.sqrt(moments(coefficients, spread)[1])
    scaled = coefficients / deviation[:, None]
    angle = scaled[..., None] * (spread.nodes - spread.mean[..., None])
    current = np.exp(0.5j * rule.step * angle)
    step = current * current
    found = np.empty((len(coefficients), rule.steps), np.complex128)
    for place in range(rule.steps):
        found[:, place] = (current @ spread.weights).prod(axis=1)
        current *= step
    return found


def _normal_score(half_less: Floats) -> Floats:
    """Normal deviate of a distribution given as a half less its value (Gil-Pelaez 1951)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(0.5 - half_less, EDGE, 1 - EDGE)), np.float64)


def _secant(
    off: Callable[[Floats], Floats], first: Floats, before: Floats, second: Floats, rounds: int
) -> Floats:
    for _ in range(rounds):
        now = off(second)
        step = now * (second - first) / (now - before)
        first, before = second, now
        second = second - np.where(np.isfinite(step), step, 0.0)
    return second
