"""The verdict on an initiative, from released counts alone: when data arrive, the same call judges again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.disclosure import release
from joinedup.improvement.months import month_after, months_between
from joinedup.stats.change import Aim, Change, ChangeVerdict
from joinedup.stats.difference_in_differences import difference_in_differences
from joinedup.stats.interrupted_time_series import FEWEST, interrupted_time_series

if TYPE_CHECKING:
    from joinedup.improvement.holdings import Holdings
    from joinedup.improvement.initiatives import Initiative
    from joinedup.improvement.monthly import MonthlyCounts

MOST_HIDDEN = 0.1
"""Share of the months that may be hidden. Small counts are hidden first, so what is left is not a fair sample."""
IMPROVES = {"higher": "up", "lower": "down"}


@dataclass(frozen=True)
class Refusal:
    """Why there is no verdict, and what would make one possible."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class InitiativeVerdict:
    """What can be said of one measure of an initiative. Effects in percentage points, above 0 where the share rose;
    None where there is no verdict, and `refusal` says why.
    """

    initiative: str
    measure_id: str
    title: str
    verdict: ChangeVerdict | None
    sentence: str
    method: str = ""
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    smallest_visible: float | None = None
    months_after: int = 0
    refusal: Refusal | None = None

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values."""
        refused = self.refusal and {"reason": self.refusal.reason, "remedy": self.refusal.remedy}
        return {**self.__dict__, "verdict": self.verdict and str(self.verdict), "refusal": refused}


def judge(initiative: Initiative, counts: MonthlyCounts) -> InitiativeVerdict:
    """Whether an initiative moved a measure, as far as these counts can tell.

    Against its comparison places by difference in differences, against its own trend by an interrupted time series;
    months are those of `counts`. A pure function: released counts in, the same verdict out. What cannot be judged
    comes back as a refusal with its reason and remedy. Raises YourCommand for places without figures.
    """
    refusal = _refused(initiative, counts)
    if refusal is None:
        rows = counts.of((*initiative.places, *initiative.compared), sorted(set(counts.month)))
        refusal = _too_little(initiative, rows)
    if refusal is not None:
        return _none(initiative, counts.measure_id, counts.title, refusal)
    return _told(initiative, rows, _change(initiative, rows))


def verdicts(
    initiative: Initiative, held: Holdings, *, profile: str = "nhs-england"
) -> tuple[InitiativeVerdict, ...]:
    """A verdict for each measure of the initiative, from what is held, through release. None for a story.

    Raises UnknownName for measures, levels and groups there are not, and YourCommand for places without figures.
    """
    return tuple(_verdict(initiative, measure, held, profile) for measure in initiative.measures)


def news(earlier: InitiativeVerdict, later: InitiativeVerdict) -> str:
    """What the owner is told when a verdict has changed; nothing where it has not."""
    before, now = (str(found.verdict or "not judged") for found in (earlier, later))
    if before == now:
        return ""
    return f"{later.initiative}, {later.title}: was “{before}”, is now “{now}”. {later.sentence}"


def _verdict(initiative: Initiative, measure: str, held: Holdings, profile: str) -> InitiativeVerdict:
    counts = held.monthly(measure, level=initiative.level, group=initiative.group)
    if counts is not None:
        return judge(initiative, release(counts, profile).value)
    refusal = Refusal("No data of it are held.", "Load the returns that tell of it.")
    return _none(initiative, measure, measure, refusal)


def _none(initiative: Initiative, measure_id: str, title: str, refusal: Refusal) -> InitiativeVerdict:
    told = f"No verdict. {refusal.reason} {refusal.remedy}"
    return InitiativeVerdict(initiative.name, measure_id, title, None, told, refusal=refusal)


def _refused(initiative: Initiative, counts: MonthlyCounts) -> Refusal | None:
    """Why this initiative or measure cannot be judged, whatever the counts."""
    if initiative.story:
        return Refusal(
            "It is told as a story.", "Name a measure, an expected effect and a comparison to have it judged."
        )
    if counts.better not in IMPROVES:
        return Refusal(
            f"{counts.title} has no better or worse.",
            "Choose a measure of which more, or less, is agreed to be better.",
        )
    if not counts.share:
        return Refusal(
            f"{counts.title} is a count, and rises with the number of people.",
            "Choose a percentage, or a rate of a population.",
        )
    if len(initiative.compared) == 1:
        return Refusal(
            "One place to compare with has a spread nobody can know.", "Name two or more, better five."
        )
    return None


def _too_little(initiative: Initiative, rows: MonthlyCounts) -> Refusal | None:
    """Why these counts do not bear a verdict."""
    told = ~np.isnan(rows.arrays[0])
    hidden = 1 - told.mean() if told.size else 1.0
    if hidden > MOST_HIDDEN:
        return Refusal(
            f"{rows.hidden} of {told.size} months are hidden because few people stand behind them.",
            "Choose larger places, or a measure that more people are in.",
        )
    months = sorted({month for month, known in zip(rows.month, told, strict=True) if known})
    before = sum(month < initiative.start for month in months)
    after = len(months) - before
    if before < FEWEST:
        return Refusal(
            f"There are {before} months before it started, and {FEWEST} are needed.",
            "Load the returns of earlier months.",
        )
    if after < FEWEST:
        look = month_after(initiative.start, FEWEST)
        return Refusal(
            f"There are {after} months since it started, and {FEWEST} are needed.", f"Look again from {look}."
        )
    return None


def _change(initiative: Initiative, rows: MonthlyCounts) -> Change:
    x, n = rows.arrays
    aim = Aim(initiative.expected, initiative.worthwhile, IMPROVES[rows.better])  # type: ignore[arg-type]  # said
    changed = dict.fromkeys(initiative.places, initiative.start)
    method = difference_in_differences if initiative.compared else interrupted_time_series
    return method(x, n, place=np.array(rows.place), month=np.array(rows.month), changed=changed, aim=aim)


def _told(initiative: Initiative, rows: MonthlyCounts, found: Change) -> InitiativeVerdict:
    effect, lower, upper = (_points(value[0]) for value in found.points)
    late = (
        " What would count as success was written down after it had begun."
        if initiative.declared_late
        else ""
    )
    return InitiativeVerdict(
        initiative=initiative.name,
        measure_id=rows.measure_id,
        title=rows.title,
        verdict=found.verdict[0],
        sentence=found.sentences[0] + late,
        method=found.method,
        effect=effect,
        lower=lower,
        upper=upper,
        smallest_visible=_points(found.smallest_visible_points[0]),
        months_after=len(months_between(initiative.start, max(rows.month))),
    )


def _points(share: float) -> float | None:
    return round(100 * float(share), 1) if np.isfinite(share) else None
