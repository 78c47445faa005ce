"""Rows of many series brought into time order at once, cut into stretches, for charts over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats
from joinedup.stats.groups import Groups, groups_of

Flags = NDArray[np.bool_]
Whole = NDArray[np.intp]


@dataclass(frozen=True)
class Series:
    """Every row, sorted by series and time. A stretch is what one set of limits is for: a series, or the part of
    it from one rebasing to the next.

    `values` and `first` (the first row of a stretch) are in sorted order; `order` are the places the rows came from.
    """

    groups: Groups
    order: Whole
    values: Floats
    first: Flags

    @cached_property
    def starts(self) -> Whole:
        """Place of the first row of each stretch."""
        return np.flatnonzero(self.first)

    @cached_property
    def stretch(self) -> Whole:
        """Number of the stretch of each row, from 0."""
        return np.cumsum(self.first) - 1

    @cached_property
    def sizes(self) -> Whole:
        """Rows of each stretch."""
        return np.diff(self.starts, append=self.first.size)

    @cached_property
    def ends(self) -> Whole:
        """Place of the last row of each series."""
        return np.cumsum(self.groups.sizes) - 1

    @cached_property
    def group_places(self) -> Whole:
        """The series each stretch belongs to, as a place in `groups.labels`."""
        return self.groups.codes[self.order[self.starts]]

    @cached_property
    def in_order(self) -> bool:
        """Whether the rows came sorted, so that nothing has to be put back."""
        return bool((self.order[1:] > self.order[:-1]).all())

    def baseline(self, points: int | None) -> Flags:
        """The first so many rows of each stretch; all of them where None."""
        if points is None:
            return np.ones(self.first.size, bool)
        return np.asarray(np.arange(self.first.size) - self.spread(self.starts) < points)

    def spread(self, per_stretch: NDArray[Any]) -> NDArray[Any]:
        """A value of each stretch, repeated for each of its rows."""
        return np.repeat(per_stretch, self.sizes)

    def back(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Rows in the order in which they were given."""
        if self.in_order:
            return rows
        found = np.empty_like(rows)
        found[self.order] = rows
        return found

    def total(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Sum by stretch."""
        return np.add.reduceat(rows, self.starts)

    def average(self, rows: Floats) -> Floats:
        """Mean by stretch of what is not missing; NaN where nothing is."""
        missing = np.isnan(rows)
        with np.errstate(invalid="ignore"):
            return np.asarray(self.total(np.where(missing, 0.0, rows)) / self._present(missing))

    def centre(self, rows: Floats) -> Floats:
        """The same to the last digit: the mean of differences from the stretch's first value.

        So the mean of equal values is that value, and a point on the mean is known to be on it.
        """
        level = rows[self._earliest(np.isnan(rows))]
        for _ in range(2):
            level = level + self.average(rows - self.spread(level))
        return level

    def median(self, rows: Floats) -> Floats:
        """Median by stretch of what is not missing; NaN where nothing is."""
        ordered = rows[np.lexsort((rows, self.stretch))]
        count = self._present(np.isnan(rows))
        low, high = (self.starts + np.maximum(count - by, 0) // 2 for by in (1, 0))
        return np.where(count > 0, (ordered[low] + ordered[high]) / 2, np.nan)

    def _present(self, missing: Flags) -> NDArray[Any]:
        return np.asarray(self.sizes - self.total(missing.astype(np.intp)))

    def _earliest(self, missing: Flags) -> Whole:
        """The place of the first value that is not missing, or of the first row where all are."""
        if not missing.any():
            return self.starts
        found = np.minimum.reduceat(np.where(missing, missing.size, np.arange(missing.size)), self.starts)
        return np.where(found < missing.size, found, self.starts)

    def moving_ranges(self, rows: Floats) -> Floats:
        """Distance from the row before; NaN at the first of a stretch and beside a missing value."""
        ranges = np.abs(np.diff(rows, prepend=np.nan))
        ranges[self.first] = np.nan
        return ranges

    def steps(self, rows: Floats) -> NDArray[np.int8]:
        """1 up, -1 down from the row before; 0 where equal, at the first of a stretch and beside a missing value."""
        change = np.diff(rows, prepend=np.nan)
        change[self.first] = np.nan
        return signs(change)

    def run_lengths(self, keys: NDArray[np.int8]) -> Whole:
        """How many rows with the same key stand together, within a stretch, given for each of them."""
        breaks = self.first.copy()
        breaks[1:] |= keys[1:] != keys[:-1]
        lengths = np.diff(np.flatnonzero(breaks), append=keys.size)
        return np.repeat(lengths, lengths)


def signs(values: Floats) -> NDArray[np.int8]:
    """-1, 0 or 1; 0 for a missing value."""
    with np.errstate(invalid="ignore"):
        return (values > 0).astype(np.int8) - (values < 0).astype(np.int8)


def later(rows: NDArray[Any], by: int = 1) -> NDArray[Any]:
    """What stands so many rows further on; 0 beyond the end."""
    found = np.zeros_like(rows)
    found[: rows.size - by] = rows[by:]
    return found


def earlier(rows: NDArray[Any], by: int = 1) -> NDArray[Any]:
    """What stands so many rows before; 0 before the start."""
    found = np.zeros_like(rows)
    found[by:] = rows[: max(rows.size - by, 0)]
    return found


def in_time_order(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    when: ArrayLike | None = None,
    rebase: ArrayLike | None = None,
) -> Series:
    """Values (rows,) sorted by series, and in it by `when` (else as given). True in `rebase` starts a stretch.

    Raises YourCommand for no rows, what is no number or endless, lengths that differ, a missing time, or a time
    that stands twice in a series.
    """
    rows = numbers(values)
    sorted_by = groups_of(groups, rows.size)
    order = sorted_by.order if when is None else _by_time(sorted_by, when)
    codes = sorted_by.codes[order]
    first = np.ones(rows.size, bool)
    first[1:] = codes[1:] != codes[:-1]
    if rebase is not None:
        first |= _marks(rebase, rows.size)[order]
    return Series(sorted_by, order, rows[order], first)


def numbers(values: ArrayLike) -> Floats:
    """One array of numbers, missing ones NaN; else YourCommand."""
    try:
        (rows,) = floats(values)
    except (TypeError, ValueError) as error:
        raise YourCommand("A chart needs numbers.", remedy="Give one number a row, or None.") from error
    if rows.ndim != 1 or rows.size == 0 or np.isinf(rows).any():
        raise YourCommand(
            "A chart needs one column of finite numbers, and at least one row.",
            remedy="Give values as one column; write None where one is missing.",
        )
    return rows


def whole_number(value: int | None, least: int, what: str) -> None:
    """Raises YourCommand where an option is below its least value. None is no option chosen."""
    if value is not None and (value != int(value) or value < least):
        raise YourCommand(f"{what} is {value}.", remedy=f"Give a whole number of at least {least}.")


def any_missing(times: NDArray[Any]) -> bool:
    """Whether a date, number or text is missing (NaT, NaN, None)."""
    if times.dtype.kind == "O":
        return any(time is None or time != time for time in times)  # noqa: PLR0124 (NaN is not itself)
    return bool(np.isnan(times).any()) if times.dtype.kind in "fmM" else False


def _by_time(groups: Groups, when: ArrayLike) -> Whole:
    times = np.asarray(when)
    if times.shape != groups.codes.shape:
        raise YourCommand(
            f"{times.size} times were given for {groups.codes.size} rows.", remedy="Give each row one time."
        )
    if any_missing(times):
        raise YourCommand("A time is missing.", remedy="Give each row its date, or leave the row out.")
    order = np.lexsort((times, groups.codes))
    codes, sorted_times = groups.codes[order], times[order]
    if bool(((codes[1:] == codes[:-1]) & (sorted_times[1:] == sorted_times[:-1])).any()):
        raise YourCommand(
            "A series has two values for the same time.",
            remedy="Add them up or name the series they belong to.",
        )
    return order


def _marks(rebase: ArrayLike, rows: int) -> Flags:
    marks = np.asarray(rebase)
    if marks.shape != (rows,) or marks.dtype != bool:
        raise YourCommand(
            f"Rebasing is marked by True or False for each of the {rows} rows.",
            remedy="Use rebase_rows to mark them by date.",
        )
    return marks
