"""Counts of one measure by period and group of people, taken from a table of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from joinedup.definitions import Breakdown, Measure
from joinedup.errors import UnknownName, YourCommand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from joinedup.disclosure import Display
    from joinedup.measures import MeasureResult

    Floats = NDArray[np.float64]

COUNTS = ("numerator", "denominator")
EVERYONE = "total"
"""The breakdown of measures that is no breakdown."""
ONE_OF = ("measure_id", "level", "place", "breakdown", "breakdown_2", "group_2")


@dataclass(frozen=True, eq=False)
class ByGroup:
    """Numerators `x` and denominators `n` of a percentage, shape (periods, groups), NaN where hidden or absent.

    Groups stand in their own order; people whose group is not stated are no group. `display` is set once
    released.
    """

    measure: Measure
    place: str
    breakdown: str
    groups: tuple[str, ...]
    periods: tuple[str, ...]
    x: Floats
    n: Floats
    snapshot: int | str | None = None
    rule: str = ""
    confidence: float = 0.95
    filters: Mapping[str, Any] = field(default_factory=dict)
    display: Display | None = None

    @staticmethod
    def of(result: MeasureResult | ByGroup) -> ByGroup:
        """The counts of a result. Raises YourCommand unless it is one percentage in one place by one breakdown."""
        if isinstance(result, ByGroup):
            return result
        rows = [
            row
            for row in result.table.to_pylist()
            if row["breakdown"] not in (None, "", EVERYONE) and row["statistic"] == "percentage"
        ]
        for name in ONE_OF:
            if len({row[name] for row in rows}) != 1:
                raise YourCommand(
                    f"A comparison of groups needs percentages of one {name}.",
                    remedy=f"Calculate one measure by one breakdown, or choose with result.only({name}=...).",
                )
        found = ByGroup.of_counts(
            result.measures[0],
            rows[0]["breakdown"],
            **{name: [row[name] for row in rows] for name in ("period", "group", *COUNTS)},
            place=rows[0]["place_name"] or rows[0]["place"] or "",
        )
        described = {name: getattr(result, name) for name in ("snapshot", "rule", "confidence")}
        return replace(found, **described, filters=dict(result.filters))

    @staticmethod
    def of_counts(
        measure: Measure | str,
        breakdown: str,
        *,
        period: Sequence[str],
        group: Sequence[str],
        numerator: Sequence[float | None],
        denominator: Sequence[float | None],
        place: str = "",
    ) -> ByGroup:
        """Counts of a measure, one row for each period and group; None where hidden."""
        names = _stated(list(group), breakdown)
        periods = tuple(sorted(set(period)))
        cubes = np.full((2, len(periods), len(names)), np.nan)
        for when, name, *told in zip(period, group, numerator, denominator, strict=True):
            if name in names:
                cubes[:, periods.index(when), names.index(name)] = told
        known = Measure.load(measure) if isinstance(measure, str) else measure
        return ByGroup(known, place, breakdown, names, periods, x=cubes[0], n=cubes[1])

    @property
    def rates(self) -> Floats:
        """Shares of 1, shape (periods, groups); NaN where hidden or of no one."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.n > 0, self.x / self.n, np.nan)

    @property
    def sign(self) -> int:
        """1 where higher is better, -1 where lower is, 0 where neither."""
        return {"higher": 1, "lower": -1}.get(self.measure.better, 0)

    def at(self, group: str) -> int:
        """Position of a group. Raises UnknownName."""
        if group not in self.groups:
            raise UnknownName(
                f"There is no group '{group}' here.", remedy=f"Choose from {', '.join(self.groups)}."
            )
        return self.groups.index(group)

    def only(
        self, *, groups: tuple[str, ...] | None = None, periods: tuple[str, ...] | None = None
    ) -> ByGroup:
        """Some of its groups and periods, in the order given: the others are neither used nor released."""
        wanted = groups or self.groups
        columns = [self.at(name) for name in wanted]
        kept = periods or self.periods
        rows = [self.periods.index(name) for name in kept]
        at = np.ix_(rows, columns)
        return replace(self, groups=tuple(wanted), periods=tuple(kept), x=self.x[at], n=self.n[at])

    def counts(self) -> pa.Table:
        """Columns period, group, numerator, denominator."""
        cells = [(p, g) for p in self.periods for g in self.groups]
        columns = {"period": [p for p, _ in cells], "group": [g for _, g in cells]}
        told = {
            name: pa.array([None if np.isnan(v) else int(v) for v in counts.ravel()], pa.int64())
            for name, counts in zip(COUNTS, (self.x, self.n), strict=True)
        }
        return pa.table({**columns, **told})

    def with_counts(self, counts: pa.Table, display: Display) -> ByGroup:
        """The same with these counts, null meaning hidden."""
        x, n = (
            np.array([np.nan if v is None else v for v in counts[name].to_pylist()], float).reshape(
                self.x.shape
            )
            for name in COUNTS
        )
        # counts are rounded apart from each other, so a numerator may come out above its denominator
        return replace(self, x=np.fmin(x, np.where(np.isnan(x), x, n)), n=n, display=display)

    def identity(self, question: str, **asked: Any) -> dict[str, Any]:
        """What the figures are, for their codes."""
        return {
            "measure_id": self.measure.id,
            "version": self.measure.version,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {
                "question": question, "by": self.breakdown, "place": self.place, **asked, **self.filters
            },
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class OfFigures:
    """An answer computed from nothing but figures by group: it leaves as they do."""

    figures: ByGroup

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Every count it stands on: columns period, group, numerator, denominator."""
        return self.figures.counts()

    def relations(self) -> tuple[Any, ...]:
        """None: no sum over groups or periods is shown as a count."""
        return ()

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same question asked of these counts, null meaning hidden."""
        return replace(self, figures=self.figures.with_counts(counts, display))


def _stated(names: list[str], breakdown: str) -> tuple[str, ...]:
    """Groups in order of the breakdown, or of appearance where it is ours, without not stated."""
    seen = list(dict.fromkeys(names))
    try:
        order = Breakdown.load(breakdown).stated_names
    except UnknownName:
        return tuple(seen)
    return tuple(name for name in order if name in seen)
