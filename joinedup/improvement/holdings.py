"""What is held, and what can be asked of it: a lake of returns, or a table of stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from joinedup.errors import YourCommand
from joinedup.improvement.initiatives import Group
from joinedup.improvement.monthly import MonthlyCounts
from joinedup.improvement.months import months_between

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from joinedup.definitions import Measure
    from joinedup.journeys import Journeys

LENGTH_OF_STAY, PLACEMENTS = "length_of_stay", "independent_placements"


@dataclass(frozen=True)
class Stays:
    """Stays in hospital, one row each: days `admitted` and `left` (missing while in), as numpy days, and the `place`
    each belongs to. `independent`: with an independent provider. Rows of people: never shown.
    """

    admitted: NDArray[np.datetime64]
    left: NDArray[np.datetime64]
    place: NDArray[np.str_]
    independent: NDArray[np.bool_]


class Holdings(Protocol):
    """What figures can be made from."""

    def monthly(
        self,
        measure: str,
        *,
        level: str = "borough",
        group: Group | None = None,
        months: Sequence[str] | None = None,
    ) -> MonthlyCounts | None:
        """True counts of a measure by place and month, to be released; None where no data of it are held."""

    def stays(self) -> Stays | None:
        """Stays, or None where none are held."""


@dataclass(frozen=True)
class NothingHeld:
    """No data at all: sentences are found, and nothing is said of them."""

    def monthly(
        self,
        measure: str,
        *,
        level: str = "borough",
        group: Group | None = None,
        months: Sequence[str] | None = None,
    ) -> MonthlyCounts | None:
        """None."""
        return None

    def stays(self) -> Stays | None:
        """None."""
        return None


@dataclass(frozen=True, eq=False)
class JourneysHeld:
    """Journeys of a lake: every measure that `calculate` knows. Inpatient stays are not in these returns."""

    journeys: Journeys

    def monthly(
        self,
        measure: str,
        *,
        level: str = "borough",
        group: Group | None = None,
        months: Sequence[str] | None = None,
    ) -> MonthlyCounts | None:
        """Counts of whole months that the returns hold. Raises UnknownName for a measure, level or group there is not,
        and YourCommand for a measure that is no count and no percentage.
        """
        from joinedup.definitions import Measure, Period
        from joinedup.measures import calculate

        wanted = Measure.load(measure)
        if wanted.statistic not in ("count", "percentage"):
            raise YourCommand(
                f"{wanted.title} is a {wanted.statistic}, which cannot be made again from released counts.",
                remedy="Tie the claim to a count or a percentage.",
            )
        held = (
            self._months() if months is None else [month for month in self._months() if month in set(months)]
        )
        by = () if group is None else (group.breakdown,)
        periods = [Period.parse(month) for month in held]
        if not periods:
            return None
        found = calculate(wanted, self.journeys, by=by, place=level, periods=periods)
        return _of_result(found.table.to_pylist(), wanted, group, found.snapshot, found.rule, level)

    def stays(self) -> Stays | None:
        """None: they come with a later return."""
        return None

    def _months(self) -> list[str]:
        """Whole months held."""
        first, last = self.journeys.first_day, self.journeys.last_day
        months = months_between(first.strftime("%Y-%m"), last.strftime("%Y-%m"))
        return list(months[first.day > 1 :])


@dataclass(frozen=True, eq=False)
class StaysHeld:
    """A table of stays: how long people stay, and how many adults of a place begin an independent placement.

    `adults` by place is the denominator of placements; `first` and `last` are the months that the table covers.
    """

    table: Stays
    adults: Mapping[str, int]
    first: str
    last: str
    names: Mapping[str, str] = field(default_factory=dict)

    def monthly(
        self,
        measure: str,
        *,
        level: str = "borough",
        group: Group | None = None,
        months: Sequence[str] | None = None,
    ) -> MonthlyCounts | None:
        """Placements begun by place and month; None for anything else."""
        if measure != PLACEMENTS:
            return None
        held = months_between(self.first, self.last)
        chosen = [month for month in held if months is None or month in set(months)]
        return self._placements(chosen)

    def stays(self) -> Stays | None:
        """The stays."""
        return self.table

    def _placements(self, months: Sequence[str]) -> MonthlyCounts:
        begun = self._begun()
        rows = [(place, month) for place in sorted(self.adults) for month in months]
        return MonthlyCounts(
            measure_id=PLACEMENTS,
            title="Independent placements begun, of adult residents",
            better="lower",
            share=True,
            place=tuple(place for place, _ in rows),
            month=tuple(month for _, month in rows),
            numerator=tuple(float(begun.get(row, 0)) for row in rows),
            denominator=tuple(float(self.adults[place]) for place, _ in rows),
            names=self.names,
        )

    def _begun(self) -> dict[tuple[str, str], int]:
        """Placements by place and month, where there are any."""
        kept = self.table.independent
        months, month = np.unique(self.table.admitted[kept].astype("datetime64[M]"), return_inverse=True)
        places, place = np.unique(self.table.place[kept], return_inverse=True)
        counts = np.bincount(place * months.size + month, minlength=places.size * months.size)
        names = [(name, when) for name in places.tolist() for when in months.astype(str).tolist()]
        return {key: count for key, count in zip(names, counts.tolist(), strict=True) if count}


def _of_result(
    rows: list[dict[str, object]],
    measure: Measure,
    group: Group | None,
    snapshot: int | None,
    rule: str,
    level: str,
) -> MonthlyCounts:
    from joinedup.measures.asking import NOT_KNOWN

    kept = [
        row for row in rows if (group is None or row["group"] == group.name) and row["place"] != NOT_KNOWN
    ]
    if not kept:
        known = sorted({str(row["group"]) for row in rows})
        raise YourCommand(
            f"There are no figures of the group {group.name if group else ''}.",
            remedy=f"Groups are {', '.join(known)}.",
        )
    share = measure.statistic == "percentage"
    return MonthlyCounts(
        measure_id=measure.id,
        title=measure.title,
        better=measure.better,
        share=share,
        place=tuple(str(row["place"]) for row in kept),
        month=tuple(str(row["period"]) for row in kept),
        numerator=tuple(_known(row["numerator"]) for row in kept),
        denominator=tuple(_known(row["denominator"]) if share else np.nan for row in kept),
        names={str(row["place"]): str(row["place_name"]) for row in kept},
        snapshot=snapshot,
        version=str(measure.version),
        rule=rule,
        filters={"level": level, **({group.breakdown: group.name} if group else {})},
    )


def _known(count: object) -> float:
    return np.nan if count is None else float(count)  # type: ignore[arg-type]
