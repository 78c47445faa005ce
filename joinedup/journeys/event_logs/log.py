"""An event log: what happened to whom and when, as whole numbers, clustered by case and time.

Names of cases are not kept: only how many there are, and which events are of one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import UnknownName, YourCommand, YourData

Unit = Literal["ms", "day"]
Codes = NDArray[np.int32]
Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_ACTIVITIES: Final = 2_000
"""More names than this are no activities: a column of identifiers or remarks was named by mistake."""
A_DAY: Final[Mapping[str, int]] = MappingProxyType({"ms": 86_400_000, "day": 1})
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Attribute:
    """What is known of each case: `names[codes[case]]`; a code of -1 is not known."""

    names: tuple[str, ...]
    codes: Codes

    def is_one_of(self, wanted: Iterable[str], title: str) -> Bools:
        """Cases with one of these names. Raises UnknownName for a name that no case has."""
        chosen = []
        for name in wanted:
            if name not in self.names:
                raise UnknownName(
                    f"No case has '{name}' as its {title}.", remedy=f"There are: {_some(self.names)}."
                )
            chosen.append(self.names.index(name))
        return np.isin(self.codes, chosen)


@dataclass(frozen=True, eq=False)
class EventLog:
    """Events of case k are `starts[k]` to `starts[k + 1]` of `activity` (codes of `activities`) and `time`.

    Times are whole `unit`s since 1970, rising within a case. Events of one time keep the order of the file.
    """

    activities: tuple[str, ...]
    starts: Numbers
    activity: Codes
    time: Numbers
    unit: Unit = "ms"
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))
    left_out: int = 0
    """Rows of the file without case, activity or time that were asked to be left out."""

    @property
    def cases(self) -> int:
        """Number of cases."""
        return len(self.starts) - 1

    @property
    def events(self) -> int:
        """Number of events."""
        return len(self.activity)

    def where(self, **wanted: str | Iterable[str]) -> EventLog:
        """The cases whose attributes have one of these names. Raises UnknownName."""
        keep = np.ones(self.cases, bool)
        for title, names in wanted.items():
            if title not in self.attributes:
                raise UnknownName(
                    f"Nothing called '{title}' is known of the cases.",
                    remedy=f"There are: {_some(tuple(self.attributes))}.",
                )
            keep &= self.attributes[title].is_one_of([names] if isinstance(names, str) else names, title)
        return self.only(keep)

    def begun(self, first: date, last: date) -> EventLog:
        """The cases whose first event lies from one day to another, both included."""
        begins = self.time[self.starts[:-1]] // A_DAY[self.unit]
        return self.only((begins >= (first - _EPOCH).days) & (begins <= (last - _EPOCH).days))

    def only(self, keep: Bools) -> EventLog:
        """Some of the cases, shape (cases,). Raises YourCommand where none is left."""
        if not keep.any():
            raise YourCommand("No case is left to look at.", remedy="Ask for more places, groups or months.")
        if keep.all():
            return self
        lengths = np.diff(self.starts)
        kept = np.repeat(keep, lengths)
        return replace(
            self,
            starts=np.concatenate([[0], np.cumsum(lengths[keep])]),
            activity=self.activity[kept],
            time=self.time[kept],
            attributes={
                title: Attribute(found.names, found.codes[keep]) for title, found in self.attributes.items()
            },
        )


def event_log(
    activities: Iterable[str],
    case: ArrayLike,
    activity: ArrayLike,
    time: ArrayLike,
    *,
    unit: Unit = "ms",
    attributes: Mapping[str, Attribute] | None = None,
    left_out: int = 0,
    file: str | None = None,
) -> EventLog:
    """The log of coded events in any order: case from 0 without gaps, activity codes, times; all of shape (events,).

    Raises YourData where there are no events, or too many kinds of activity.
    """
    from joinedup.journeys.event_logs import kernels

    names = tuple(activities)
    # Writable: for read-only arrays, as Arrow gives them, the passes would be compiled a second time.
    cases, codes = (np.require(part, np.int32, ["C", "W"]) for part in (case, activity))
    times = np.require(time, np.int64, ["C", "W"])
    _check(names, len(cases), file)
    starts = kernels.bounds(cases, int(cases.max()) + 1)
    if not kernels.in_order(cases, times):
        order = kernels.clustered(cases, times, starts)
        codes, times = codes[order], times[order]
    return EventLog(names, starts, codes, times, unit, MappingProxyType(dict(attributes or {})), left_out)


def _check(activities: tuple[str, ...], events: int, file: str | None) -> None:
    if not events:
        raise YourData("There are no events.", file=file, remedy="Export the log again.")
    if len(activities) > MOST_ACTIVITIES:
        raise YourData(
            f"There are {len(activities):,} different activities; a map holds {MOST_ACTIVITIES:,}.",
            file=file,
            remedy="Name the column of activities, not one of identifiers or remarks.",
        )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:20]) + (" ..." if len(names) > 20 else "") or "none"
