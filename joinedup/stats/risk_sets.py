"""Who is still waiting, and what ends, at each distinct time of each group: what all the curves of waits are
made of.

A row is at risk at t where entry < t <= time. Those censored at t are at risk at t.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats
from joinedup.stats.groups import Groups, groups_of

MOST_PADDING = 4
"""Times the number of rows that a table of groups, filled up to the longest, may take."""


@dataclass(frozen=True)
class RiskSets:
    """Shape (groups,): labels, rows left out because something is missing, first and last entry (-inf where
    from the start). Shape (rows,), sorted by group and time: position of the group, time, people at risk,
    people censored. Shape (rows, kinds): people who ended in each way.
    """

    labels: NDArray[Any]
    left_out: NDArray[np.intp]
    first_entry: Floats
    last_entry: Floats
    group: NDArray[np.intp]
    time: Floats
    at_risk: Floats
    censored: Floats
    ends: Floats

    @cached_property
    def begins(self) -> Floats:
        """Time from which each group is seen at all, shape (groups,): a curve is of those who reach it."""
        return np.maximum(self.first_entry, 0.0)

    def thin(self, minimum: int) -> NDArray[np.bool_]:
        """Rows with fewer people at risk than `minimum` while somebody still enters later, shape (rows,).

        With delayed entry the first risk sets can be of one or two people. Should they all leave, the product
        is 0 for good, whatever the hundreds show who enter later. Such times are set aside (Lai and Ying
        1991): the curve neither falls nor gains certainty there. Without delayed entry there are none.
        """
        if minimum < 1:
            raise YourCommand(
                f"A risk set of at least {minimum} people is no risk set.",
                remedy="Give minimum_at_risk as 1 or more.",
            )
        # Whoever enters at t is at risk after it.
        return (self.at_risk < minimum) & (self.time <= self.last_entry[self.group])


def risk_sets(
    time: ArrayLike,
    kind: ArrayLike,
    kinds: int,
    *,
    entry: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    among: NDArray[np.bool_] | None = None,
) -> RiskSets:
    """Risk sets of all groups in one sort. `kind` is 0 for censored and 1 to `kinds` for a way of ending.

    `among` takes some of the rows and keeps all the groups. Raises YourCommand for a time below 0 or
    infinite, a kind that is none, an entry at or after the end of its row, and labels that do not fit.
    """
    when, how, since = floats(*np.atleast_1d(time, kind, -np.inf if entry is None else entry))
    of = groups_of(groups, when.size)
    missing = np.isnan(when) | np.isnan(how) | np.isnan(since)
    _check(when, how, since, kinds)
    kept = ~missing if among is None else ~missing & among
    left_out = missing if among is None else missing & among
    first, last = _entries(of.codes[kept], since[kept], of.count)
    return RiskSets(
        of.labels,
        np.bincount(of.codes[left_out], minlength=of.count),
        first,
        last,
        *_counted(
            Groups(of.labels, of.codes[kept]), when[kept], how[kept].astype(np.intp), kinds, since[kept]
        ),
    )


def events_of(event: ArrayLike) -> Floats:
    """1 where something happened, 0 where not yet, NaN where not known. Raises YourCommand for other values."""
    (happened,) = floats(event)
    if bool((~np.isnan(happened) & (happened != 0) & (happened != 1)).any()):
        raise YourCommand(
            "An event is neither 0 (not yet) nor 1 (happened).", remedy="Give 0 and 1, or true and false."
        )
    return happened


def running(combine: np.ufunc, values: Floats, group: NDArray[np.intp]) -> Floats:
    """Running product (np.multiply) or sum (np.add) within each group; rows of a group stand together.

    Not one sum over all with the groups before taken away: that loses the digits of a small variance behind a
    large one, and a product that has reached 0. Either a table with a line for each group, or, where one group
    is much longer than the others, by doubling (Hillis and Steele 1986).
    """
    if values.size == 0:
        return values.copy()
    new = np.concatenate(([True], group[1:] != group[:-1]))
    line = np.cumsum(new) - 1
    place = np.arange(values.size) - np.flatnonzero(new)[line]
    lines, longest = int(line[-1]) + 1, int(place.max()) + 1
    if lines * longest <= MOST_PADDING * values.size:
        table = np.full((lines, longest), combine.identity, dtype=np.float64)
        table[line, place] = values
        return np.asarray(combine.accumulate(table, axis=1)[line, place])
    return _doubled(combine, values, place, longest)


def rows_at(risk_group: NDArray[np.intp], risk_time: Floats, count: int, times: Floats) -> NDArray[np.intp]:
    """Last row of each group at or before each time, shape (count, times); -1 where there is none."""
    distinct = np.unique(risk_time)
    width = distinct.size + 1
    keys = risk_group * width + np.searchsorted(distinct, risk_time) + 1
    asked = np.arange(count)[:, None] * width + np.searchsorted(distinct, times, side="right")[None, :]
    found = np.searchsorted(keys, asked, side="right") - 1
    own = found >= np.searchsorted(risk_group, np.arange(count))[:, None]
    return np.where(own, found, -1)


def _doubled(combine: np.ufunc, values: Floats, place: NDArray[np.intp], longest: int) -> Floats:
    found, reach = values.copy(), 1
    while reach < longest:
        inside = np.flatnonzero(place >= reach)
        found[inside] = combine(found[inside], found[inside - reach])
        reach *= 2
    return found


def _check(time: Floats, kind: Floats, entry: Floats, kinds: int) -> None:
    if time.ndim != 1:
        raise YourCommand("Times must be one list.", remedy="Give one time for each person.")
    if bool(((time < 0) | np.isinf(time)).any()):
        raise YourCommand("A time is below 0 or infinite.", remedy="Check that ends do not precede starts.")
    if bool((~np.isnan(kind) & ~np.isin(kind, np.arange(kinds + 1))).any()):
        raise YourCommand("A way of ending is not among those named.", remedy="Name all the ways of ending.")
    if bool((entry >= time).any()):
        raise YourCommand(
            "Somebody enters at or after the time at which they are last seen.",
            remedy="Leave those out who were gone before they could be seen.",
        )


def _entries(codes: NDArray[np.intp], entry: Floats, count: int) -> tuple[Floats, Floats]:
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, codes, entry)
    np.maximum.at(last, codes, entry)
    return np.where(np.isinf(first), -np.inf, first), last


def _counted(
    of: Groups, time: Floats, kind: NDArray[np.intp], kinds: int, entry: Floats
) -> tuple[NDArray[np.intp], Floats, Floats, Floats, Floats]:
    order = _by_group_and_time(of, time)
    codes, sorted_time = of.codes[order], time[order]
    new = np.ones(order.size, bool)
    new[1:] = (codes[1:] != codes[:-1]) | (sorted_time[1:] != sorted_time[:-1])
    first = np.flatnonzero(new)
    row, group, at = np.cumsum(new) - 1, codes[first], sorted_time[first]
    counts = np.bincount(row * (kinds + 1) + kind[order], minlength=first.size * (kinds + 1))
    table = counts.reshape(first.size, kinds + 1).astype(np.float64)
    before = np.concatenate(([0], np.cumsum(of.sizes)))[group]
    entered = _entered(of, entry, group, at) if bool(np.isfinite(entry).any()) else of.sizes[group]
    return group, at, (entered - (first - before)).astype(np.float64), table[:, 0], table[:, 1:]


def _by_group_and_time(of: Groups, time: Floats) -> NDArray[np.intp]:
    # codes in the smallest type that holds them: numpy then sorts by radix, in linear time
    by_time = np.argsort(time)
    codes = of.codes[by_time].astype(np.min_scalar_type(of.count))
    return np.asarray(by_time[np.argsort(codes, kind="stable")])


def _entered(of: Groups, entry: Floats, group: NDArray[np.intp], time: Floats) -> NDArray[np.intp]:
    """People of the group who had entered before each time."""
    is_entry = np.concatenate((np.zeros(time.size, np.intp), np.ones(entry.size, np.intp)))
    order = np.lexsort(
        (is_entry, np.concatenate((time, entry)), np.concatenate((group, of.codes)))
    )  # at a tie the time stands first: who enters at t is not at risk at t
    passed = np.empty(order.size, np.intp)
    passed[order] = np.cumsum(is_entry[order])
    before = np.concatenate(([0], np.cumsum(of.sizes)))
    return np.asarray(passed[: time.size] - before[group])
