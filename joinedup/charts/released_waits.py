"""Curves of waits as they may be shown: the only form in which they are drawn.

A curve cannot be computed again from released counts, so it leaves by the rules for such figures (DECISIONS.md 16):
10 events and 20 people behind it and 20 still followed at each step, steps on whole weeks that hold 5 people,
shares rounded to a fifth of their standard error, medians in whole weeks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.disclosure import code_of
from joinedup.disclosure.rounding import FEWEST_PEOPLE, enough, estimate, steps, whole_weeks
from joinedup.stats.survival_summaries import survival_quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from joinedup.equity.waiting import Waits
    from joinedup.stats.competing import CumulativeIncidence
    from joinedup.stats.survival import SurvivalCurves

    Floats = NDArray[np.float64]

WEEK = 7
BASE = 5
ANOTHER = "Ended another way"
PROFILE = "nhs-england"


@dataclass(frozen=True)
class WaitCurve:
    """Still waiting after whole `weeks`, in per cent with limits, of one group; no weeks where it is hidden.

    `people` to the nearest 5, None where hidden; `median` in whole weeks, None where it was not reached.
    """

    label: str
    people: int | None
    weeks: tuple[int, ...] = ()
    waiting: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    median: int | None = None
    code: str = ""

    def at(self, week: int) -> tuple[float, float, float] | None:
        """Per cent still waiting after a week, with limits; None beyond the last step, 100 before the first."""
        if not self.weeks or week > self.weeks[-1]:
            return None
        past = [k for k, step in enumerate(self.weeks) if step <= week]
        return (self.waiting[past[-1]], self.lower[past[-1]], self.upper[past[-1]]) if past else (100.0,) * 3


@dataclass(frozen=True)
class WaitEnds:
    """How waits ended by whole `weeks`: per cent for each of `ends`, of one group; no weeks where it is hidden."""

    label: str
    people: int | None
    ends: tuple[str, ...] = ()
    weeks: tuple[int, ...] = ()
    shares: tuple[tuple[float, ...], ...] = ()
    code: str = ""

    @property
    def still(self) -> tuple[float, ...]:
        """Per cent still waiting after each of the weeks."""
        return tuple(max(100.0 - math.fsum(at), 0.0) for at in zip(*self.shares, strict=True))


def release_curves(curves: SurvivalCurves) -> tuple[WaitCurve, ...]:
    """Kaplan-Meier curves (times in days) as they may be shown, one for each group, hidden ones without weeks."""
    medians = survival_quantiles(curves, 0.5).value[:, 0]
    return tuple(
        _curve(curves, np.flatnonzero(curves.group == k), str(label), float(medians[k]))
        for k, label in enumerate(curves.labels.tolist())
    )


def release_ends(curves: CumulativeIncidence) -> tuple[WaitEnds, ...]:
    """Competing ends (times in days) as they may be shown, one for each group, hidden ones without weeks.

    Ends of fewer than 10 people are put together; each end steps where 5 people of it have gathered.
    """
    return tuple(
        _ends(curves, np.flatnonzero(curves.group == k), str(label))
        for k, label in enumerate(curves.labels.tolist())
    )


def release_waits(found: Waits) -> ReleasedWaits:
    """Both of a result of `equity.waits`, with codes that a registry opens."""
    curves = tuple(replace(one, code=_code(found, "curve", one)) for one in release_curves(found.curves))
    ends = tuple(replace(one, code=_code(found, "ends", one)) for one in release_ends(found.ends))
    return ReleasedWaits(found, curves, ends)


@dataclass(frozen=True, eq=False)
class ReleasedWaits:
    """Waits as they may be shown, by group in the order of their labels."""

    of: Waits
    curves: tuple[WaitCurve, ...]
    ends: tuple[WaitEnds, ...]

    @property
    def registry(self) -> dict[str, dict[str, Any]]:
        """Code of every curve -> what it is, and its figures as shown."""
        common = {**self.of.identity(), "profile": PROFILE}
        found = {}
        for kind, shown in (("curve", self.curves), ("ends", self.ends)):
            for one in shown:
                figures = {k: v for k, v in asdict(one).items() if k not in ("label", "people", "code")}
                cell = {"part": kind, "group": one.label}
                found[one.code] = {
                    **common,
                    "cell": cell,
                    "counts": {"people": one.people},
                    "figures": figures,
                }
        return found


def _code(found: Waits, kind: str, one: WaitCurve | WaitEnds) -> str:
    known = found.identity()
    cell = {"filters": known["filters"], "part": kind, "group": one.label}
    return code_of(known["measure_id"], known["version"], known["snapshot"], cell, PROFILE)


def _curve(curves: SurvivalCurves, rows: NDArray[np.intp], label: str, median: float) -> WaitCurve:
    people, events = _people(curves, rows), float(curves.events[rows].sum())
    last, shown = _weekly(curves, rows, curves.events[rows], people)
    share = curves.survival[last]
    with np.errstate(invalid="ignore"):
        error = share * curves.std_error[last]
    shown &= np.isfinite(error) & (error > 0)
    if not shown.any():
        return WaitCurve(label, None)
    told = [
        [_per_cent(value, off, events, people) for value, off in zip(column[last][shown], error[shown], strict=True)]
        for column in (curves.survival, curves.lower, curves.upper)
    ]  # fmt: skip
    waiting, lower, upper = (tuple(np.minimum.accumulate(column).tolist()) for column in told)
    weeks = _weeks(curves.time[last][shown])
    half = whole_weeks(median, events, people)
    return WaitCurve(
        label,
        _whole(people),
        weeks,
        waiting,
        lower,
        upper,
        median=half if half is not None and half <= weeks[-1] else None,
    )


def _ends(curves: CumulativeIncidence, rows: NDArray[np.intp], label: str) -> WaitEnds:
    people = _people(curves, rows)
    parts = _parts(curves.events[rows].sum(axis=0))
    if not parts or not enough(float(curves.events[rows].sum()), people):
        return WaitEnds(label, None)
    drawn = [_end(curves, rows, part, people) for part in parts]
    weeks = sorted({week for by_week in drawn for week in by_week})
    names = [curves.ends[part[0]] if len(part) == 1 else ANOTHER for part in parts]
    return WaitEnds(
        label, _whole(people), tuple(names), tuple(weeks), tuple(_carried(at, weeks) for at in drawn)
    )


def _end(
    curves: CumulativeIncidence, rows: NDArray[np.intp], ways: Sequence[int], people: float
) -> dict[int, float]:
    """Per cent that has ended in these ways, by the weeks in which the curve may step."""
    ended = curves.events[rows][:, list(ways)].sum(axis=1)
    last, shown = _weekly(curves, rows, ended, people)
    share = curves.incidence[last][:, list(ways)].sum(axis=1)
    # several ways together: their errors as though they moved alike, which is never too fine
    error = curves.std_error[last][:, list(ways)].sum(axis=1)
    shown &= np.isfinite(error) & (error > 0)
    return {
        week: _per_cent(value, off, float(ended.sum()), people)
        for week, value, off in zip(_weeks(curves.time[last][shown]), share[shown], error[shown], strict=True)
    }


def _parts(events: Floats) -> list[tuple[int, ...]]:
    """Ways of ending, those of too few people put together, with the next smallest where they are still too few."""
    small = [k for k, number in enumerate(events) if not enough(number, FEWEST_PEOPLE)]
    large = sorted((k for k in range(len(events)) if k not in small), key=lambda k: float(events[k]))
    while any(events[small] > 0) and not enough(float(events[small].sum()), FEWEST_PEOPLE):
        if not large:
            return []
        small.append(large.pop(0))
    alone: list[tuple[int, ...]] = [(k,) for k in sorted(large)]
    return [*alone, tuple(small)] if any(events[small] > 0) else alone


def _weekly(
    curves: Any, rows: NDArray[np.intp], events: Floats, people: float
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The last row of each week, and whether the curve may step there."""
    week = np.ceil(curves.time[rows] / WEEK)
    found, number = np.unique(week, return_inverse=True)
    last = rows[np.searchsorted(week, found, side="right") - 1]
    shown = steps(found, np.bincount(number, events, found.size), people) & (
        curves.at_risk[last] >= FEWEST_PEOPLE
    )
    return last, shown


def _carried(by_week: dict[int, float], weeks: Sequence[int]) -> tuple[float, ...]:
    """An end at every week, each value carried on until the next; shares never fall."""
    found, now = [], 0.0
    for week in weeks:
        now = max(now, by_week.get(week, now))
        found.append(now)
    return tuple(found)


def _people(curves: Any, rows: NDArray[np.intp]) -> float:
    return float(curves.at_risk[rows].max()) if rows.size else 0.0


def _per_cent(value: float, error: float, events: float, people: float) -> float:
    rounded = estimate(float(value), float(error), events, people)
    return math.nan if rounded is None else round(100 * min(max(rounded, 0.0), 1.0), 1)


def _weeks(days: Floats) -> tuple[int, ...]:
    return tuple(int(week) for week in np.ceil(days / WEEK))


def _whole(people: float) -> int:
    return BASE * math.floor(people / BASE + 0.5)
