"""Waits in plain loops, from the formulas: one group, one person at a time."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, log, sqrt

Step = tuple[float, int, int, int, float, float]


def steps(
    time: list[float], event: list[int], entry: list[float] | None = None, minimum: int = 1
) -> list[Step]:
    """(time, at risk, events, censored, survival, Greenwood's sum) of Kaplan and Meier."""
    since = entry or [-inf] * len(time)
    survival, summed, found = 1.0, 0.0, []
    for t in sorted(set(time)):
        n = sum(e < t <= w for e, w in zip(since, time, strict=True))
        d = sum(w == t and h for w, h in zip(time, event, strict=True))
        c = sum(w == t and not h for w, h in zip(time, event, strict=True))
        if not (n < minimum and t <= max(since)):  # who enters at t is at risk after it
            survival *= 1 - d / n
            summed += 0 if d == 0 else inf if n == d else d / (n * (n - d))
        found.append((t, n, d, c, survival, summed))
    return found


def restricted_mean(curve: list[Step], horizon: float) -> tuple[float, float]:
    """Area under a textbook curve up to the horizon, and its variance."""
    corners = [(0.0, 1.0)] + [(t, s) for t, *_, s, _ in curve if t < horizon] + [(horizon, 0.0)]

    def area(start: float) -> float:
        return sum(s * (u - max(t, start)) for (t, s), (u, _) in pairwise(corners) if u > start)

    variance = sum(area(t) ** 2 * d / (n * (n - d)) for t, n, d, *_ in curve if t < horizon and 0 < d < n)
    return area(0.0), variance


def incidence(time: list[float], kind: list[int], way: int) -> list[tuple[float, float]]:
    """(incidence, standard error) of one way of ending at each time, kind 0 being censored."""
    curve = steps(time, [int(k > 0) for k in kind])
    before, total, parts, found = 1.0, 0.0, [], []
    for t, n, d, _, survival, _ in curve:
        of_way = sum(w == t and k == way for w, k in zip(time, kind, strict=True))
        total += before * of_way / n
        parts.append((total, before, n, d, of_way))
        found.append((total, sqrt(max(sum(_delta(total, *part) for part in parts), 0.0))))
        before = survival
    return found


def _delta(now: float, then: float, before: float, n: int, d: int, of_way: int) -> float:
    moved = now - then
    through_others = 0.0 if d == n else moved**2 * d / (n * (n - d))
    return through_others + before**2 * of_way * (n - of_way) / n**3 - 2 * moved * before * of_way / n**2


def logrank(
    time: list[float], event: list[int], group: list[str], rho: float
) -> tuple[dict[str, float], dict[str, float], dict[tuple[str, str], float]]:
    """Weighted events observed and expected of each group, and the covariance of their difference."""
    names = sorted(set(group))
    observed, expected = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    covariance = {(a, b): 0.0 for a in names for b in names}
    survival = 1.0
    for t, n, d, *_, after, _ in steps(time, event):
        weight, survival = survival**rho, after
        at = {name: sum(w >= t and g == name for w, g in zip(time, group, strict=True)) for name in names}
        for a in names:
            observed[a] += weight * sum(
                w == t and h and g == a for w, h, g in zip(time, event, group, strict=True)
            )
            expected[a] += weight * d * at[a] / n
            for b in names:
                if n > 1:
                    same = at[a] / n if a == b else 0.0
                    spread = d * (n - d) / (n - 1) * (same - at[a] * at[b] / n**2)
                    covariance[a, b] += weight**2 * spread
    return observed, expected, covariance


def partial_likelihood(
    beta: float, time: list[float], event: list[int], x: list[float], entry: list[float], ties: str
) -> float:
    """Logarithm of Cox's partial likelihood for one covariate."""
    total = 0.0
    for t in sorted({w for w, h in zip(time, event, strict=True) if h}):
        ended = [v for w, h, v in zip(time, event, x, strict=True) if h and w == t]
        risk = sum(exp(beta * v) for w, v, e in zip(time, x, entry, strict=True) if e < t <= w)
        tied = sum(exp(beta * v) for v in ended)
        for place, v in enumerate(ended):
            share = place / len(ended) if ties == "efron" else 0.0
            total += beta * v - log(risk - share * tied)
    return total
