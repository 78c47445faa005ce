"""The gap, computed a second time: plain loops, every order of the stages, every count spelled out."""

from __future__ import annotations

import datetime as dt
import math
from itertools import permutations


def pass_rates(steps):
    """Rates of [(reached, passed)], None where no one reached the stage."""
    return [passed / reached if reached else None for reached, passed in steps]


def rate(rates):
    total = 1.0
    for value in rates:
        if not value:
            return 0.0
        total *= value
    return total


def logarithmic_parts(a, b):
    """Parts of rate(a) - rate(b) as the limit of the logarithmic mean with vanishing zeros."""
    total_a, total_b = rate(a), rate(b)
    if total_a == 0 and total_b == 0:
        return [0.0] * len(a)
    if total_a == 0 or total_b == 0:
        empty = a if total_a == 0 else b
        first = next(k for k, value in enumerate(empty) if not value)
        return [total_a - total_b if k == first else 0.0 for k in range(len(a))]
    mean = total_a if total_a == total_b else (total_a - total_b) / (math.log(total_a) - math.log(total_b))
    return [mean * (math.log(x) - math.log(y)) for x, y in zip(a, b, strict=True)]


def shapley_parts(a, b):
    """Mean, over every order of changing b into a, of what each stage brings."""
    pairs = [_alike(x, y) for x, y in zip(a, b, strict=True)]
    sums, orders = [0.0] * len(a), 0
    for order in permutations(range(len(a))):
        current = [y for _, y in pairs]
        for k in order:
            before = math.prod(current)
            current[k] = pairs[k][0]
            sums[k] += math.prod(current) - before
        orders += 1
    return [value / orders for value in sums]


def _alike(x, y):
    if x is None and y is None:
        return 1.0, 1.0
    return (y if x is None else x), (x if y is None else y)


def limits(steps_a, steps_b, z=1.959963984540054):
    """Limits by the delta method with numeric derivatives, one half added to every count; all stages
    reached.
    """
    smooth_a = [math.log((x + 0.5) / (n + 1)) for n, x in steps_a]
    smooth_b = [math.log((x + 0.5) / (n + 1)) for n, x in steps_b]
    spread_a = [
        (1 - math.exp(u)) / (math.exp(u) * (n + 1)) for u, (n, _) in zip(smooth_a, steps_a, strict=True)
    ]
    spread_b = [
        (1 - math.exp(u)) / (math.exp(u) * (n + 1)) for u, (n, _) in zip(smooth_b, steps_b, strict=True)
    ]

    def part(k, ua, ub):
        return logarithmic_parts([math.exp(u) for u in ua], [math.exp(u) for u in ub])[k]

    found = []
    for k in range(len(steps_a)):
        variance = 0.0
        for j in range(len(steps_a)):
            h = 1e-5
            up, down = list(smooth_a), list(smooth_a)
            up[j], down[j] = up[j] + h, down[j] - h
            variance += ((part(k, up, smooth_b) - part(k, down, smooth_b)) / (2 * h)) ** 2 * spread_a[j]
            up, down = list(smooth_b), list(smooth_b)
            up[j], down[j] = up[j] + h, down[j] - h
            variance += ((part(k, smooth_a, up) - part(k, smooth_a, down)) / (2 * h)) ** 2 * spread_b[j]
        centre = part(k, smooth_a, smooth_b)
        found.append((centre - z * math.sqrt(variance), centre + z * math.sqrt(variance)))
    return found


def holm(p_values):
    """Adjusted p values: the smallest times m, the next times m - 1, never falling."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for place, i in enumerate(order):
        highest = max(highest, min(1.0, p_values[i] * (len(p_values) - place)))
        adjusted[i] = highest
    return adjusted


def months_later(day, months):
    """The same day of the month so many months later, or the last day of that month where it is shorter."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


def cohort_chain(rows, months):
    """Counts of reliable recoveries per referral, from rows of a journeys table as dictionaries.

    Returns [(stage, reached, passed, still open)] in order.
    """
    names = [
        "first_treatment",
        "second_treatment",
        "ended",
        "scope",
        "paired",
        "reliably_improved",
        "recovered",
    ]
    counts = {name: [0, 0, 0] for name in names}
    for row in rows:
        limit = months_later(row["ReferralRequestReceivedDate"], months)

        def within(column, row=row, limit=limit):
            return row[column] is not None and row[column] <= limit

        passes = {
            "first_treatment": within("TherapySession_FirstDate"),
            "second_treatment": within("TherapySession_SecondDate"),
            "ended": within("ServDischDate"),
            "scope": row["NotCaseness_Flag"] is not True,
            "paired": row["Paired_Flag"] is True,
            "reliably_improved": row["ReliableImprovement_Flag"] is True,
            "recovered": row["Recovery_Flag"] is True,
        }
        for name in names:
            counts[name][0] += 1
            if not passes[name]:
                if name in ("first_treatment", "second_treatment", "ended") and not within("ServDischDate"):
                    counts[name][2] += 1
                break
            counts[name][1] += 1
    return [(name, *counts[name]) for name in names]


def reweighted_rate(group_cells, reference_cells, reference_outcomes):
    """Rate of the reference, cell by cell, at the group's mix of cells (every cell of the group must be
    there).
    """
    total = 0.0
    for cell in set(group_cells):
        outcomes = [y for c, y in zip(reference_cells, reference_outcomes, strict=True) if c == cell]
        total += group_cells.count(cell) / len(group_cells) * sum(outcomes) / len(outcomes)
    return total
