"""How long people stay, before and after, beside places where nothing changed: by period survival with delayed entry.

The mean stay of the discharged, which reports claim, is given to be compared and decides nothing: see
`joinedup.stats.length_of_stay`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from joinedup.definitions import Period
from joinedup.disclosure import Relation
from joinedup.improvement.holdings import LENGTH_OF_STAY
from joinedup.stats.length_of_stay import HORIZONS, LengthOfStay, length_of_stay, stays_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from joinedup.disclosure import Display
    from joinedup.improvement.holdings import Stays

    Days = NDArray[np.datetime64]

COUNTS = ("stays", "discharges")
SIDES = ("ours", "others")


@dataclass(frozen=True)
class StayWindow:
    """Stays of one side in one window: how many touch it, how many ended in it, and, in days, the mean stay up to the
    horizon with its standard error, and the mean of the discharged. NaN where hidden or not known.
    """

    side: str
    months: tuple[str, ...]
    stays: float
    discharges: float
    mean: float
    std_error: float
    of_discharged: float


@dataclass(frozen=True)
class StayFigures:
    """Windows of ours before and after, then those of the others where there are any. `horizon` in days."""

    windows: tuple[StayWindow, ...]
    horizon: float
    filters: Mapping[str, Any] = field(default_factory=dict)
    display: Display | None = None

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Stays and discharges of each window."""
        columns: dict[str, Any] = {
            "side": pa.array([each.side for each in self.windows]),
            "window": pa.array([f"{each.months[0]} to {each.months[-1]}" for each in self.windows]),
        }
        for name in COUNTS:
            known = [
                None if np.isnan(getattr(each, name)) else round(getattr(each, name)) for each in self.windows
            ]
            columns[name] = pa.array(known, pa.int64())
        return pa.table(columns)

    def relations(self) -> tuple[Relation, ...]:
        """Stays that ended, and those that went on, are all of a window."""
        rows = range(len(self.windows))
        return tuple(Relation((row, "stays"), ((row, "discharges"),), rest=True) for row in rows)

    def with_counts(self, counts: pa.Table, display: Display) -> StayFigures:
        """The same with these counts. Means cannot be made again from them: they are shown to three figures where the
        discharges they rest on are shown and not small.
        """
        rows = counts.to_pylist()
        shown = [_shown(each, row, display) for each, row in zip(self.windows, rows, strict=True)]
        return replace(self, windows=tuple(shown), display=display)

    def identity(self) -> Mapping[str, Any]:
        """What the figures are."""
        filters = {"horizon_days": self.horizon, **self.filters}
        return {"measure_id": LENGTH_OF_STAY, "version": "1", "snapshot": None, "filters": filters}


def stay_figures(
    stays: Stays,
    *,
    places: Sequence[str],
    comparison: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
) -> StayFigures:
    """Stays of two windows of months, in our places and in those compared with, up to the longest horizon of 3 and 5
    years that every one of them was followed to. True figures, to be released.
    """
    chosen = [(side, codes) for side, codes in zip(SIDES, (places, comparison), strict=True) if len(codes)]
    days = [(side, _of(stays, codes)) for side, codes in chosen]
    found = [(side, window, *_measured(of, window)) for side, of in days for window in (before, after)]
    known = np.all([np.isfinite(length.means.value[0]) for _, _, length, *_ in found], axis=0)
    at = int(np.flatnonzero(known)[-1]) if known.any() else 0
    windows = tuple(
        StayWindow(
            side, tuple(window), float(seen), float(ended), float(length.means.value[0, at]),
            float(length.means.std_error[0, at]), float(length.as_claimed[0]),
        )
        for side, window, length, seen, ended in found
    )  # fmt: skip
    filters = {"places": list(places), "comparison": list(comparison)}
    return StayFigures(windows, float(HORIZONS[at]), filters)


def _of(stays: Stays, codes: Sequence[str]) -> tuple[Days, Days]:
    """Days on which stays of these places began and ended."""
    chosen = np.isin(stays.place, list(codes))
    return stays.admitted[chosen], stays.left[chosen]


def _measured(days: tuple[Days, Days], window: Sequence[str]) -> tuple[LengthOfStay, int, int]:
    """Length of stay in a window, the stays that touch it, and those of them that ended in it."""
    start = np.datetime64(Period.parse(window[0]).start)
    end = np.datetime64(Period.parse(window[-1]).end) + 1
    seen = stays_in(*days, start, end)
    ended = int(np.nansum(np.where(seen.seen, seen.discharged, 0)))
    return length_of_stay(*days, start=start, end=end), int(seen.seen.sum()), ended


def _shown(window: StayWindow, row: Mapping[str, Any], display: Display) -> StayWindow:
    stays, discharges = (np.nan if row[name] is None else float(row[name]) for name in COUNTS)
    # a mean is shown where a percentage of so many would be
    small = row["discharges"] is None or display.percentage(50.0, discharges) is None
    mean, std_error, of_discharged = (
        np.nan if small or (figure := display.index(known)) is None else figure
        for known in (window.mean, window.std_error, window.of_discharged)
    )
    return StayWindow(window.side, window.months, stays, discharges, mean, std_error, of_discharged)
