"""Rows of referrals copied from one clustered record to another, compiled: run by run, without a place for every row.

This module imports numba; import it where it is used.
"""

from __future__ import annotations

from joinedup.compiling import compiled
from joinedup.journeys.clustered import Array


@compiled
def gather(first: Array, places: Array, values: Array, out: Array) -> None:
    """The rows of the referrals in `places`, one referral after the other. `first` is where those of each begin."""
    at = 0
    for place in places:
        for row in range(first[place], first[place + 1]):
            out[at] = values[row]
            at += 1


@compiled
def fill(first: Array, going: Array, by_first: Array, values: Array, by: Array, out: Array) -> None:
    """The rows of all referrals in order: of those `going` the rows of `by`, of which each takes the next referral."""
    at = taken = 0
    for place in range(len(going)):
        if going[place]:
            for row in range(by_first[taken], by_first[taken + 1]):
                out[at] = by[row]
                at += 1
            taken += 1
        else:
            for row in range(first[place], first[place + 1]):
                out[at] = values[row]
                at += 1
