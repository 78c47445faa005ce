"""How long people of each group waited for a treatment, and how their waits ended; people who still wait count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from joinedup.definitions import Breakdown, Pathway
from joinedup.equity.cohort import NEVER, day_number, days
from joinedup.equity.selecting import groups_of, in_places
from joinedup.errors import YourCommand
from joinedup.stats.competing import CumulativeIncidence, cumulative_incidence
from joinedup.stats.survival import SurvivalCurves, survival_curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from joinedup.definitions import Period
    from joinedup.equity.selecting import JourneyRecords

Wait = Literal["first_treatment", "second_treatment"]

STEPS: Mapping[Wait, tuple[str, str]] = {
    "first_treatment": ("ReferralRequestReceivedDate", "TherapySession_FirstDate"),
    "second_treatment": ("TherapySession_FirstDate", "TherapySession_SecondDate"),
}
TITLES: Mapping[Wait, str] = {
    "first_treatment": "First treatment",
    "second_treatment": "Second treatment",
}
REACHED: Mapping[Wait, str] = {
    "first_treatment": "Began treatment",
    "second_treatment": "Had a second treatment",
}
VERSION = "1"
EVERYONE = "Everyone"
OTHERWISE = "Another end, or none stated"
WAITING = "still waiting"


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits that began in a period, followed to the last day of the returns. Times in days.

    `curves`: an end of any other kind sets the wait aside (Kaplan-Meier). `ends`: it counts as an end of its own
    (Aalen-Johansen), so nobody who left is taken to go on waiting.
    """

    wait: Wait
    curves: SurvivalCurves
    ends: CumulativeIncidence
    period: str
    by: str
    rule: str
    snapshot: int

    @property
    def title(self) -> str:
        """What is waited for."""
        return TITLES[self.wait]

    def identity(self) -> Mapping[str, Any]:
        """What the figures are: question, version, lake snapshot, rule and filters."""
        return {
            "measure_id": f"wait_for_{self.wait}",
            "version": VERSION,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {"question": "waits", "by": self.by, "period": self.period},
        }


def waits(
    records: JourneyRecords,
    wait: Wait = "first_treatment",
    *,
    period: Period,
    by: Breakdown | str | None = None,
    groups: Sequence[str] | None = None,
    level: str = "borough",
    places: Sequence[str] | None = None,
) -> Waits:
    """Waits for a first treatment (from referral) or for a second one (from the first), by group.

    `period`: when the wait began. `groups`: which of the breakdown, by default all that are stated. Raises
    YourCommand where no wait began in the period, UnknownName for a breakdown that journeys do not have.
    """
    breakdown = Breakdown.load(by) if isinstance(by, str) else by
    begins, reached = STEPS[wait]
    table = in_places(records.journeys, level, places, records.last_day)
    began = days(table, begins)
    chosen = (began >= day_number(period.start)) & (began <= day_number(period.end))
    label = groups_of(table, breakdown) if breakdown else np.full(table.num_rows, EVERYONE)
    wanted = list(groups) if groups else list(breakdown.stated_names) if breakdown else [EVERYONE]
    chosen &= np.isin(label, wanted)
    if not chosen.any():
        raise YourCommand(
            f"No wait of these people began from {period.start} to {period.end}.",
            remedy=f"Ask for a period the returns cover: they reach {records.last_day}.",
        )
    time, end = _ended(table, began, days(table, reached), day_number(records.last_day), wait)
    time, end, label = time[chosen], end[chosen], label[chosen]
    names = [REACHED[wait], *(name for name in _other_ends(wait) if (end == name).any())]
    return Waits(
        wait=wait,
        curves=survival_curve(time, (end == REACHED[wait]).astype(int), groups=label),
        ends=cumulative_incidence(time, end, ends=names, waiting=WAITING, groups=label),
        period=period.key,
        by=breakdown.slug if breakdown else "",
        rule=records.rule,
        snapshot=records.snapshot,
    )


def _ended(
    table: pa.Table, began: NDArray[np.int64], reached: NDArray[np.int64], last: int, wait: Wait
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Days of each wait and how it ended: reached, left, or still waiting on the last day."""
    left = days(table, "ServDischDate")
    until = np.minimum(np.minimum(reached, left), last)
    # a referral may be closed on the day of the appointment: being seen counts
    seen = (reached < NEVER) & (reached <= np.minimum(left, last))
    gone = ~seen & (left <= last)
    end = np.where(seen, REACHED[wait], np.where(gone, _left(table, wait), WAITING))
    return np.maximum(until - began, 0).astype(np.float64), end


def _left(table: pa.Table, wait: Wait) -> NDArray[np.str_]:
    """In which way each referral ended, by its end code."""
    if wait == "second_treatment":
        return np.full(table.num_rows, OTHERWISE)
    titles = {code.code: group.title for group in _groups_before_treatment() for code in group.codes}
    encoded = table["EndCode"].combine_chunks().dictionary_encode()
    names = np.array([titles.get(code, OTHERWISE) for code in encoded.dictionary.to_pylist()] + [OTHERWISE])
    return np.asarray(names[encoded.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)])


def _other_ends(wait: Wait) -> tuple[str, ...]:
    before = () if wait == "second_treatment" else tuple(g.title for g in _groups_before_treatment())
    return (*before, OTHERWISE)


def _groups_before_treatment() -> tuple[Any, ...]:
    """Groups of end codes of people who were not taken on for treatment."""
    return Pathway.load("talking_therapies").end_codes[:2]
