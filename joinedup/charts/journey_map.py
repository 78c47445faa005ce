"""The journey of a year's referrals: how many take each step, leave or are still open there, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa

from joinedup.charts.cells import only_released
from joinedup.charts.drawings import JOURNEY_PARTS, journey
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, capital, span, whole
from joinedup.disclosure import Relation
from joinedup.equity.cohort import NEVER, days
from joinedup.equity.outcomes import STAGES, outcome_of
from joinedup.equity.selecting import select

if TYPE_CHECKING:
    from joinedup.disclosure import Display, Released
    from joinedup.equity.cohort import Steps
    from joinedup.equity.selecting import JourneyRecords

VERSION: Final = "1"
FEWEST_EVENTS, FEWEST_PEOPLE = 10, 20
"""A median leaves, in whole weeks, when so many took the step and so many reached it."""
SPANS: Final = {
    "first_treatment": ("ReferralRequestReceivedDate", "TherapySession_FirstDate", "from referral"),
    "second_treatment": ("TherapySession_FirstDate", "TherapySession_SecondDate", "after the first"),
    "ended": ("TherapySession_SecondDate", "ServDischDate", "after the second"),
}
"""Where a step takes time: from which date to which, and how a sentence says it."""
TITLES: Final = {
    "first_treatment": "First treatment", "second_treatment": "Second treatment", "ended": "Course finished",
    "scope": "Could recover", "paired": "Scores at both ends", "reliably_improved": "Reliably improved", "recovered": "Reliably recovered",
}  # fmt: skip
HOW = (
    "Each bar is everyone who reached the step, of every 100 referred: blue went on, orange left, grey is still open, and a white bar "
    "began below the threshold, which is no loss. What stands beside it is people, and the median time the step took."
)


@dataclass(frozen=True)
class Step:
    """One step: who took it and who is still open there (None is hidden), and the median days it took those people."""

    name: str
    kind: str
    passed: int | None
    still_open: int | None
    median_days: float | None


@dataclass(frozen=True)
class JourneyMap:
    """Volumes and median times of one cohort of referrals. Under a release times are whole weeks."""

    referred: int | None
    steps: tuple[Step, ...]
    period: str
    follow_up: int
    rule: str
    snapshot: int
    display: Display | None = None

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The one column of counts."""
        return ("count",)

    def counts(self) -> pa.Table:
        """Every count: columns step, part, count."""
        rows = [("", "referred", self.referred)]
        for step in self.steps:
            rows.append((step.name, "passed", step.passed))
            if step.kind == "leak" and step.name in SPANS:
                rows.append((step.name, "open", step.still_open))
        names = ("step", "part")
        columns = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)}
        return pa.table({**columns, "count": pa.array([row[2] for row in rows], pa.int64())})

    def relations(self) -> tuple[Relation, ...]:
        """Those who took a step and those still open there are among those who reached it."""
        at = {(row["step"], row["part"]): (i, "count") for i, row in enumerate(self.counts().to_pylist())}
        found, total = [], at["", "referred"]
        for step in self.steps:
            parts = tuple(at[step.name, part] for part in ("passed", "open") if (step.name, part) in at)
            found.append(Relation(total, parts, rest=True))
            total = at[step.name, "passed"]
        return tuple(found)

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same map from other counts; a median stays only where enough people stand behind it."""
        found = {(row["step"], row["part"]): row["count"] for row in counts.to_pylist()}
        reached, steps = found["", "referred"], []
        for step in self.steps:
            passed = found[step.name, "passed"]
            enough = (passed or 0) >= FEWEST_EVENTS and (reached or 0) >= FEWEST_PEOPLE
            steps.append(
                replace(
                    step, passed=passed, still_open=found.get((step.name, "open")),
                    median_days=7.0 * round(step.median_days / 7) if enough and step.median_days is not None else None,
                )
            )  # fmt: skip
            reached = passed
        return replace(self, referred=found["", "referred"], steps=tuple(steps), display=display)

    def identity(self) -> dict[str, Any]:
        """What the figures are, for their codes."""
        return {
            "measure_id": "journey_steps", "version": VERSION, "snapshot": self.snapshot, "rule": self.rule,
            "filters": {"period": self.period, "follow_up_months": self.follow_up},
        }  # fmt: skip


def journey_map(records: JourneyRecords) -> JourneyMap:
    """The map of the last year of referrals that can be followed. Raises YourCommand when none can."""
    outcome = outcome_of("reliable_recoveries_per_referral")
    cohort = select(records, outcome, "cohort", period=None, follow_up=None, level="service", places=None)
    chain = cohort.steps.chain()
    steps = tuple(
        Step(
            name=stage.name, kind=stage.kind, passed=round(chain.passed[k]), still_open=round(chain.open[k]),
            median_days=_median(cohort.table, cohort.steps, k, stage.name),
        )
        for k, stage in enumerate(chain.stages)
    )  # fmt: skip
    return JourneyMap(
        round(chain.referred), steps, cohort.key, cohort.follow_up or 12, records.rule, records.snapshot
    )


def _median(table: pa.Table, steps: Steps, k: int, name: str) -> float | None:
    if name not in SPANS:
        return None
    start, end = (days(table, column) for column in SPANS[name][:2])
    took = (end - start)[steps.passed[:, k] & (start < NEVER) & (end < NEVER)]
    return float(np.median(took)) if took.size else None


def journey_steps(released: Released[JourneyMap], *, slug: str, caption: str) -> Picture:
    """The map as bars. Raises YourCommand for what was not released."""
    only_released(released)
    found = released.value
    rows = _rows(found)
    return Picture(
        slug=slug,
        title=_finding(found),
        subtitle=f"Of every 100 people referred in {span(found.period)}, each followed for {found.follow_up} months",
        sentence=_sentence(found),
        how_to_read=HOW,
        caption=caption,
        table=_table(released),
        draw=lambda size, width: journey(rows, size=size, width=width, title="People, of every 100 referred"),
    )


def _lost(found: JourneyMap) -> list[tuple[Step, int, int, int]]:
    """Steps with those who reached, went on, and left; as far as the counts are shown."""
    known, reached = [], found.referred
    for step in found.steps:
        if not reached or step.passed is None:
            break
        # a hidden count of people still open is 0 to 4: too small to draw
        waiting = (step.still_open or 0) if step.kind == "leak" else reached - step.passed
        known.append((step, reached, step.passed, max(reached - step.passed - waiting, 0)))
        reached = step.passed
    return known


def _rows(found: JourneyMap) -> list[dict[str, Any]]:
    rows = []
    for step, reached, passed, left in _lost(found):
        not_lost = max(reached - passed - left, 0)
        numbers = (
            passed,
            left,
            not_lost if step.kind != "scope" else 0,
            not_lost if step.kind == "scope" else 0,
        )
        text = f"{passed:,} people{_time(step)}"
        brief = f"{passed:,}, {_weeks(step)}" if step.median_days is not None else f"{passed:,}"
        start = 0.0
        for part, number in zip(JOURNEY_PARTS, numbers, strict=True):
            end = start + 100 * number / (found.referred or 1)
            first = part == JOURNEY_PARTS[0]
            if number or first:
                rows.append(
                    {
                        "stage": TITLES.get(step.name, step.name), "part": part, "start": start, "end": end,
                        "text": text if first else None, "brief": brief if first else None,
                    }
                )  # fmt: skip
            start = end
    return rows


def _weeks(step: Step) -> str:
    if step.name not in SPANS:
        return ""
    if step.median_days is None:
        return HIDDEN
    number = round(step.median_days / 7)
    return "under a week" if number == 0 else f"{number} week{'' if number == 1 else 's'}"


def _time(step: Step) -> str:
    return f", {_weeks(step)} {SPANS[step.name][2]}" if step.median_days is not None else ""


def _finding(found: JourneyMap) -> str:
    leaks = [(step, left) for step, _, _, left in _lost(found) if step.kind == "leak"]
    if not leaks:
        return "The journey is hidden to protect people"
    step, left = max(leaks, key=lambda pair: pair[1])
    share = 100 * left / (found.referred or 1)
    return f"{share:.0f} of every 100 people referred leave {STAGES[step.name].opens}"


def _sentence(found: JourneyMap) -> str:
    known = _lost(found)
    if not known or not found.referred:
        return "Too few people to show."
    first, last = known[0], known[-1]
    wait = f", half of them within {_weeks(first[0])}" if first[0].median_days else ""
    return (
        f"Of {found.referred:,} people referred, {first[2]:,} had a first treatment{wait}, and {last[2]:,} went on to "
        f"{TITLES.get(last[0].name, last[0].name).lower().replace('reliably recovered', 'recover reliably')}: "
        f"{100 * last[2] / found.referred:.0f} of every 100."
    )


def _table(released: Released[JourneyMap]) -> Table:
    found = released.value
    header = ("Step", "Reached it", "Went on", "Left", "Still open", "Below the threshold", "Median time")
    rows: list[tuple[str, ...]] = []
    reached = found.referred
    for step in found.steps:
        rows.append(_row(step, reached))
        reached = step.passed
    codes = tuple(_code(released, step.name) for step in found.steps)
    return Table(header, tuple(rows), frozenset({1, 2, 3, 4, 5}), codes)


def _row(step: Step, reached: int | None) -> tuple[str, ...]:
    gone = None if reached is None or step.passed is None else max(reached - step.passed, 0)
    left, still, below = "", "", ""
    if step.kind == "open":
        still = whole(gone)
    elif step.kind == "scope":
        below = whole(gone)
    else:
        still = whole(step.still_open) if step.name in SPANS else ""
        left = whole(None if gone is None else max(gone - (step.still_open or 0), 0))
    return (
        capital(TITLES.get(step.name, step.name)),
        whole(reached),
        whole(step.passed),
        left,
        still,
        below,
        _weeks(step),
    )


def _code(released: Released[JourneyMap], step: str) -> str:
    wanted: Mapping[str, str] = {"step": step, "part": "passed"}
    return next((code for code, entry in released.registry.items() if entry["cell"] == wanted), "")
