"""Whether evidence holds: documents by their age, measures by released figures. What cannot be told does not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from joinedup.definitions.frameworks import EvidenceRule
from joinedup.definitions.periods import containing, months
from joinedup.errors import UnknownName
from joinedup.governance.evidence import MeasureTest, Point, Verdict, judge
from joinedup.governance.frameworks.assessments import Document, Evidence, Live

if TYPE_CHECKING:
    from joinedup.governance.evidence import Figures
    from joinedup.measures.cubes import Held


class Holdings(Protocol):
    """Where released figures come from."""

    registry: dict[str, Any]

    def figures(self, test: MeasureTest, on: date | None) -> Figures | str:
        """Figures that a test asks for, the newest or those known on a day; or why there are none."""


@dataclass
class NothingHeld:
    """No lake was named: no measure can be judged."""

    registry: dict[str, Any] = field(default_factory=dict)

    def figures(self, test: MeasureTest, on: date | None) -> Figures | str:
        """Why there are none."""
        return "No lake was named, so the measure was not judged."


@dataclass
class LakeHeld:
    """Figures of a lake's journeys, each asked for once, released; `registry` opens their codes."""

    journeys: Held
    registry: dict[str, Any] = field(default_factory=dict)
    _known: dict[tuple[MeasureTest, str], Figures | str] = field(default_factory=dict, repr=False)

    def figures(self, test: MeasureTest, on: date | None) -> Figures | str:
        """The released figures, ending with the last whole month that is held, and that had ended on the day."""
        from joinedup.governance.figures import last_months

        last = last_months(self.journeys, 1)[-1]
        if on is not None and on < last.end:
            month = containing("month", on)
            last = month if month.end == on else containing("month", month.start - timedelta(days=1))
        if (test, last.key) not in self._known:
            self._known[test, last.key] = self._asked(test, last.key)
        return self._known[test, last.key]

    def _asked(self, test: MeasureTest, ending: str) -> Figures | str:
        from joinedup.governance.figures import released_evidence

        if months(test.points, ending=ending)[0].start < self.journeys.first_day:
            return "Figures of that time are not held."
        try:
            found, entries = released_evidence(test, self.journeys, ending=ending)
        except UnknownName as error:
            return error.message
        self.registry.update(entries)
        return found


@dataclass(frozen=True)
class Judged:
    """Evidence, the level for which it was offered, by whom, whether it holds, and why in a sentence."""

    evidence: Evidence
    level: int
    by: str
    verdict: Verdict
    why: str
    points: tuple[Point, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether a level may rest on it."""
        return self.verdict is Verdict.MET

    @property
    def words(self) -> str:
        """What it is, in a line."""
        if isinstance(self.evidence, Document):
            return f"{self.evidence.title}, {self.evidence.dated:%-d %B %Y}, {self.evidence.link}"
        return self.evidence.test.in_words()


def judge_evidence(
    evidence: Evidence, level: int, by: str, *, day: date, live: bool, rule: EvidenceRule, held: Holdings
) -> Judged:
    """Documents against the day of the round; measures against the newest figures (`live`), or those of that day."""
    if isinstance(evidence, Live):
        return _judge_measure(evidence, level, by, held.figures(evidence.test, None if live else day))
    if evidence.dated > day:
        return Judged(evidence, level, by, Verdict.NOT_MET, "The document is of a later day than the scores.")
    if _months_between(evidence.dated, day) >= rule.document_months:
        why = f"The document is older than {rule.document_months} months."
        return Judged(evidence, level, by, Verdict.NOT_MET, why)
    return Judged(evidence, level, by, Verdict.MET, "A document with its day and a link.")


def _judge_measure(evidence: Live, level: int, by: str, figures: Figures | str) -> Judged:
    if isinstance(figures, str):
        return Judged(evidence, level, by, Verdict.CANNOT_TELL, figures)
    verdict, why = judge(evidence.test, figures)
    return Judged(evidence, level, by, verdict, why, figures.points)


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day)
