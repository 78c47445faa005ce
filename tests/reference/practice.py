"""Plain Python reference for who is really better: one place at a time, one number at a time.

`lowest` and `estimate` are the limit and the estimate drawn towards the whole, which have a reference of their own.
"""

from __future__ import annotations

import math
from statistics import NormalDist

PEOPLE, POINTS, QUARTERS, LASTING, STATED = 100, 0.02, 4, 0.75, 0.9


def beside(rows, k, noise=0.0):
    """Place k of rows (people, outcomes, expected) beside the others: its own share, theirs, and the chance of such."""
    total, won = sum(n for n, _, _ in rows), sum(x for _, x, _ in rows)
    level = math.asin(math.sqrt(won / total))
    effects, weights = [], []
    for n, x, e in rows:
        effects.append(math.asin(math.sqrt(x / n)) - math.asin(math.sqrt(min(max(e / n, 0.0), 1.0))) + level)
        weights.append(1 / (1 / (4 * n) + noise))
    others = [j for j in range(len(rows)) if j != k]
    weight = sum(weights[j] for j in others)
    middle = sum(weights[j] * effects[j] for j in others) / weight
    z = (effects[k] - middle) / math.sqrt(1 / weights[k] + 1 / weight)
    return share(effects[k]), share(middle), NormalDist().cdf(-z)


def share(y):
    return math.sin(min(max(y, 0.0), math.pi / 2)) ** 2


def holm(values):
    """Adjusted p of each of a dictionary of p values."""
    adjusted, before = {}, 0.0
    for rank, key in enumerate(sorted(values, key=lambda one: values[one])):
        before = max(before, min(1.0, (len(values) - rank) * values[key]))
        adjusted[key] = before
    return adjusted


def reasons(year, quarters, paired, known, lowest, estimate, alpha=0.05):
    """Reasons of each place, in the words of the rules; an empty list is a place that is named.

    `year`: rows (people, outcomes, expected); `quarters`: lists of such rows, None for a place without figures;
    `paired`: (with both scores, of so many); `known`: people whose mix is stated.
    """
    places = range(len(year))
    total = sum(n for n, _, _ in year)
    level = sum(x for _, x, _ in year) / total
    plain = [(n, x, level * n) for n, x, _ in year]
    able = [k for k in places if year[k][0] >= PEOPLE]
    p = holm({k: beside(year, k)[2] for k in able})
    crude = holm({k: beside(plain, k)[2] for k in able})
    told = []
    for k in places:
        own, others, _ = beside(year, k)
        above = of = 0
        for rows in quarters:
            here = [j for j in places if rows[j] is not None]
            if k in here and len(here) >= 3:
                own_then, others_then, _ = beside([rows[j] for j in here], here.index(k))
                above, of = above + (own_then > others_then), of + 1
        said = [] if k in able else ["too few"]
        if own <= others:
            said.append("case mix" if k in able and crude[k] < alpha else "not above")
        elif k in able:
            if not (p[k] < alpha and lowest[k] > others):
                said.append("case mix" if crude[k] < alpha <= p[k] else "chance")
            if estimate[k] - others < POINTS:
                said.append("small")
            if of < QUARTERS or above < LASTING * of:
                said.append("not lasting")
            if paired[k][0] / paired[k][1] < STATED:
                said.append("unpaired")
            if known[k] / year[k][0] < STATED:
                said.append("unknown mix")
        told.append(said)
    return told
