"""Which referrals a gap is about, how long they are followed, and which group each belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from joinedup.definitions import Breakdown, Places
from joinedup.equity.attribution import OPEN_LIMIT
from joinedup.equity.cohort import Steps, day_number, days, follow, months_later
from joinedup.errors import UnknownName, YourCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from joinedup.definitions import Period
    from joinedup.equity.outcomes import Basis, Outcome

    Bools = NDArray[np.bool_]
    Texts = NDArray[np.str_]

FOLLOW_UPS = (12, 18)
PLACE_COLUMNS = ("service", "borough")
EPOCH = date(1970, 1, 1)


class JourneyRecords(Protocol):
    """What a gap needs of journeys: one row per pathway, the pathway rule, the snapshot and the days they
    cover.
    """

    @property
    def journeys(self) -> pa.Table:
        """One row per pathway."""

    @property
    def rule(self) -> str:
        """Name of the rule by which pathways were built."""

    @property
    def snapshot(self) -> int:
        """Number of the lake's snapshot."""

    @property
    def first_day(self) -> date:
        """First day of the first return held."""

    @property
    def last_day(self) -> date:
        """Last day of the last return held."""


@dataclass(frozen=True)
class Cohort:
    """Referrals of a gap: their rows, their passage, and the first and last day of the period they are of."""

    table: pa.Table
    steps: Steps
    start: date
    end: date
    key: str
    follow_up: int | None
    warnings: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Calendar months that the period touches."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1


def select(
    records: JourneyRecords,
    outcome: Outcome,
    basis: Basis,
    *,
    period: Period | None,
    follow_up: int | None,
    level: str,
    places: Sequence[str] | None,
) -> Cohort:
    """The referrals of a basis. Raises YourCommand when none can be followed that long."""
    table = in_places(records.journeys, level, places, records.last_day)
    if basis == "discharged":
        return _discharged(records, table, outcome, period)
    if follow_up is not None:
        return _warned(_followed(records, table, outcome, period, follow_up))
    short, longer = FOLLOW_UPS
    cohort = _followed(records, table, outcome, period, short)
    if cohort.steps.open_share <= OPEN_LIMIT:
        return cohort
    try:
        later = _followed(records, table, outcome, period, longer)
    except YourCommand:
        return _warned(cohort)
    return _warned(later if period is None or later.table.num_rows == cohort.table.num_rows else cohort)


def _followed(
    records: JourneyRecords, table: pa.Table, outcome: Outcome, period: Period | None, months: int
) -> Cohort:
    """Referrals received in the period, or in the last twelve whole months, that can be followed so long."""
    received = days(table, "ReferralRequestReceivedDate")
    last = day_number(records.last_day)
    start, end, key = (period.start, period.end, period.key) if period else _last_year(records, months)
    inside = (received >= day_number(start)) & (received <= day_number(end))
    # Earlier referrals are in the returns only if they were still open by then: that is no cohort.
    early = received < day_number(records.first_day)
    inside_early = bool((inside & early).any())
    followed = inside & ~early & (months_later(received, months) <= last)
    if not followed.any():
        raise YourCommand(
            f"No referral received from {start} to {end} has been followed for {months} months.",
            remedy=f"Ask for an earlier period or a shorter follow-up: returns reach {records.last_day}.",
        )
    warnings = []
    if inside_early:
        warnings.append(
            f"Referrals received before {records.first_day}, the first day of the returns held, are left out."
        )
    if int(followed.sum()) < int((inside & ~early).sum()):
        warnings.append(f"Referrals too late in the period to be followed for {months} months are left out.")
    chosen = table.filter(pa.array(followed))
    steps = follow(chosen, outcome.chain("cohort"), months)
    return Cohort(chosen, steps, start, end, key, months, tuple(warnings))


def _discharged(records: JourneyRecords, table: pa.Table, outcome: Outcome, period: Period | None) -> Cohort:
    """Referrals that ended in the period, as official measures count them."""
    start, end, key = (period.start, period.end, period.key) if period else _last_year(records, 0)
    ended = days(table, "ServDischDate")
    inside = (ended >= day_number(start)) & (ended <= day_number(end))
    if not inside.any():
        raise YourCommand(
            f"No referral ended from {start} to {end}.", remedy="Ask for a period the returns cover."
        )
    chosen = table.filter(pa.array(inside))
    warning = "Referrals that ended in the period, whenever they began: not one cohort."
    return Cohort(
        chosen, follow(chosen, outcome.chain("discharged"), None), start, end, key, None, (warning,)
    )


def _warned(cohort: Cohort) -> Cohort:
    if cohort.steps.open_share <= OPEN_LIMIT:
        return cohort
    warning = f"More than 5% are still open after {cohort.follow_up} months; they are not counted as lost."
    return replace(cohort, warnings=(*cohort.warnings, warning))


def _last_year(records: JourneyRecords, months: int) -> tuple[date, date, str]:
    """The last twelve whole months, or as many as there are, whose last day lies so many months before the
    end.
    """
    last = np.datetime64(records.last_day, "D")
    month = np.datetime64(records.last_day, "M") - months
    while months_later(_last_of(month), months)[0] > last.astype(np.int64):
        month -= 1
    end = EPOCH + timedelta(days=int(_last_of(month)[0]))
    start = (month - 11).astype("datetime64[D]").astype(object)
    return max(start, records.first_day), end, f"12m-{month}"


def _last_of(month: np.datetime64) -> NDArray[np.int64]:
    return np.array([((month + 1).astype("datetime64[D]") - 1).astype(np.int64)])


def in_places(table: pa.Table, level: str, places: Sequence[str] | None, on: date) -> pa.Table:
    """Rows of some places of a level, by the map of a day: by service, or by borough of residence for
    boroughs.
    """
    if places is None:
        return table
    wanted = set(places)
    if level in PLACE_COLUMNS:
        units, column = wanted, level
    else:
        mapped = Places.load().roll_up(level, on)
        units = {unit for unit, place in mapped.items() if place in wanted}
        column = "service" if units & set(table["service"].unique().to_pylist()) else "borough"
    chosen = np.isin(_texts(table[column]), sorted(units))
    if not chosen.any():
        raise UnknownName(
            f"There are no referrals in {', '.join(sorted(wanted))}.",
            remedy=f"Give codes of the level '{level}'.",
        )
    return table.filter(pa.array(chosen))


def groups_of(table: pa.Table, by: Breakdown | str) -> Texts:
    """Group of every row, shape (n,); "" for rows without a place."""
    if isinstance(by, str):
        return _texts(table[by])
    if by.column is None:
        raise UnknownName(f"Journeys have no column for {by.title}.", remedy="Choose another breakdown.")
    encoded = table[by.column].combine_chunks().dictionary_encode()
    names = [by.group_of(value) for value in encoded.dictionary.to_pylist()] + [by.not_stated]
    return np.asarray(
        np.array(names)[encoded.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)]
    )


def breakdown_of(by: Breakdown | str) -> Breakdown | str:
    """The breakdown of that name; service and borough stand for themselves. Raises UnknownName."""
    return by if not isinstance(by, str) or by in PLACE_COLUMNS else Breakdown.load(by)


def residents_of(
    by: Breakdown | str, between: tuple[str, str], level: str, places: Sequence[str] | None, on: date
) -> tuple[float | None, float | None]:
    """Residents of both groups in the places, or in the home area; None where nobody counted them."""
    known = Places.load()
    area = [("north_west_london", known.home.area)] if places is None else [(level, code) for code in places]
    found: list[float | None] = []
    for group in between:
        try:
            found.append(float(sum(_residents(known, place, by, group, on) for place in area)))
        except UnknownName:
            found.append(None)
    return found[0], found[1]


def _residents(known: Places, place: tuple[str, str], by: Breakdown | str, group: str, on: date) -> int:
    if isinstance(by, str):
        return known.residents(by, group, on=on).total
    return known.residents(*place, by.slug, on).of(group)


def _texts(column: Any) -> Texts:
    encoded = column.combine_chunks().dictionary_encode()
    names = np.array([*encoded.dictionary.to_pylist(), ""], dtype=str)
    return np.asarray(names[encoded.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)])
