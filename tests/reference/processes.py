"""What follows what in an event log, in plain loops over lists: the second implementation that tests compare with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

Event = tuple[str, str, int]
"""Case, activity, time."""


def traces(events: Sequence[Event]) -> dict[str, list[tuple[str, int]]]:
    """Events of each case by time; of one time, in the order they came."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for case, activity, time in events:
        found[case].append((activity, time))
    return {case: sorted(own, key=lambda event: event[1]) for case, own in found.items()}


def quantile(values: Sequence[int], share: Fraction) -> Fraction:
    """Interpolated between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def discovered(events: Sequence[Event]) -> dict[str, Any]:
    """Everything `discover` says, keyed by names."""
    own = traces(events)
    spent: dict[tuple[str, str], list[int]] = defaultdict(list)
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    times, cases, repeating = Counter[str](), Counter[str](), Counter[str]()
    reworking = 0
    for case, trace in own.items():
        within = Counter(activity for activity, _ in trace)
        reworking += any(number > 1 for number in within.values())
        for activity, number in within.items():
            times[activity] += number
            cases[activity] += 1
            repeating[activity] += number > 1
        for (before, began), (after, ended) in pairwise(trace):
            spent[before, after].append(ended - began)
            holders[before, after].add(case)
    return {
        "transitions": {
            step: (
                len(took), len(holders[step]), Fraction(sum(took), len(took)),
                quantile(took, Fraction(1, 2)), quantile(took, Fraction(9, 10)),
            )
            for step, took in spent.items()
        },
        "activities": {name: (times[name], cases[name], repeating[name]) for name in times},
        "starts": Counter(trace[0][0] for trace in own.values()),
        "ends": Counter(trace[-1][0] for trace in own.values()),
        "variants": Counter(tuple(activity for activity, _ in trace) for trace in own.values()),
        "reworking": reworking,
    }  # fmt: skip
