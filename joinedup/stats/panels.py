"""Counts by place and month as a cube, in which a month that was not told is missing and not zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of
from joinedup.stats.groups import Groups, groups_of

LONGEST = 600
"""Months of a series: 50 years. Anything longer is a wrong date."""

Months = NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Counts of shape (groups, places, months), NaN where not told; `start` is the month from which a place is
    changed, counted from `first`, and the number of months where it never is. `months` since January 1970.
    """

    groups: Groups
    places: NDArray[Any]
    first: int
    x: Floats
    n: Floats
    start: Months

    @cached_property
    def log_odds(self) -> Floats:
        """Log odds by month with half a person added to each side (Haldane 1956), NaN where not told."""
        return np.log((self.x + 0.5) / (self.n - self.x + 0.5))

    @property
    def length(self) -> int:
        """Number of months, told or not."""
        return int(self.x.shape[2])

    @property
    def changed(self) -> NDArray[np.bool_]:
        """Which places changed, shape (places,)."""
        return np.asarray(self.start < self.length)

    @property
    def starts(self) -> Months:
        """Distinct months of change, from `first`, in order."""
        return np.unique(self.start[self.changed])

    @property
    def calendar(self) -> Months:
        """Month of the year, 0 to 11, shape (months,)."""
        return (self.first + np.arange(self.length)) % 12

    @property
    def before(self) -> Floats:
        """Proportion of the changed places before their change, every told month together, shape (groups,)."""
        early = (np.arange(self.length) < self.start[:, None]) & self.changed[:, None]
        x, n = (np.nansum(np.where(early, counts, 0), axis=(1, 2)) for counts in (self.x, self.n))
        with np.errstate(invalid="ignore"):
            # half a person as in the log odds: a proportion of 0 or 1 has no odds
            return np.where(n > 0, np.where((x == 0) | (x == n), (x + 0.5) / (n + 1), x / n), np.nan)


def panel_of(
    x: ArrayLike,
    n: ArrayLike,
    *,
    place: ArrayLike,
    month: ArrayLike,
    changed: Mapping[Any, Any],
    groups: ArrayLike | None = None,
) -> Panel:
    """The cube of rows in any order. A row with a missing count, or out of 0, is a month that was not told.

    `month` as "2025-04" or numpy months; `changed` the first month of the change by place. Raises YourCommand
    for two rows of one month, a month that is none, or a changed place without rows or outside the months.
    """
    count, total = counts_out_of(x, n)
    if count.ndim != 1 or not count.size:
        raise YourCommand("There are no counts.", remedy="Give one row for each place and month.")
    grouping, places = groups_of(groups, count.size), groups_of(place, count.size)
    months = months_of(month)
    if months.shape != count.shape:
        raise YourCommand(
            f"{months.size} months were given for {count.size} rows.", remedy="Give each row one month."
        )
    first, length = int(months.min()), int(np.ptp(months)) + 1
    if length > LONGEST:
        raise YourCommand(f"The months span {length // 12} years.", remedy="Look for a wrong date.")
    at = (grouping.codes, places.codes, months - first)
    shape = (grouping.count, places.count, length)
    if np.unique(np.ravel_multi_index(at, shape)).size < count.size:
        raise YourCommand(
            "A place has two rows for one month.", remedy="Add up its teams, or drop what was replaced."
        )
    told = np.isfinite(count) & (total > 0)
    cubes = np.full((2, *shape), np.nan)
    cubes[(slice(None), *at)] = np.where(told, (count, total), np.nan)
    return Panel(
        grouping, places.labels, first, cubes[0], cubes[1], _starts(changed, places.labels, first, length)
    )


def months_of(month: ArrayLike) -> Months:
    """Months since January 1970. Raises YourCommand where one cannot be read as a month."""
    try:
        found = np.asarray(month).astype("datetime64[M]")
    except (ValueError, TypeError):
        found = np.array("NaT", "datetime64[M]")
    if np.asarray(month).dtype.kind in "iuf" or np.isnat(found).any():
        raise YourCommand("A month cannot be read.", remedy="Write months as 2025-04.")
    return found.astype(np.int64)


def _starts(changed: Mapping[Any, Any], places: NDArray[Any], first: int, length: int) -> Months:
    if not changed:
        raise YourCommand("No place changed.", remedy="Name the places that changed, each with its month.")
    unknown = [str(name) for name in changed if name not in places.tolist()]
    if unknown:
        raise YourCommand(f"There are no rows of {', '.join(unknown)}.", remedy="Check the names of places.")
    start = np.full(places.size, length, np.int64)
    since = months_of([str(value) for value in changed.values()]) - first
    if ((since <= 0) | (since >= length)).any():
        raise YourCommand(
            "A place changed outside the months that were given.", remedy="Give months before and after it."
        )
    start[[places.tolist().index(name) for name in changed]] = since
    return start
