"""A work programme to read and to send: the parts of a score, topics by meeting, and the whole as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.definitions.scrutiny import Criteria
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.programme import Stage, Topic

HEADINGS = (
    "Topic", "About", "Asked by", "Why", "Source", "Stage", "Score out of 100", "Made of", "Meeting", "Carried forward",
)  # fmt: skip
WAITING = (Stage.SUGGESTED, Stage.SCORED)


@dataclass(frozen=True)
class Part:
    """One criterion of a score: its points of so many, and how much they weigh."""

    title: str
    question: str
    points: int
    most: int
    weight: int


def parts_of(topic: Topic) -> tuple[Part, ...]:
    """What the last score is made of; empty where there is none. Raises UnknownName for criteria that are gone."""
    if topic.points is None:
        return ()
    criteria = Criteria.load(topic.criteria)
    return tuple(
        Part(one.title, one.question, topic.points[one.slug], criteria.points, one.weight)
        for one in criteria.criteria
    )


def order_of(topic: Topic) -> tuple[int, date, int, str]:
    """The order of a programme: what is scheduled by meeting, then what waits by its score, then heard and left out."""
    standing = (Stage.SCHEDULED, Stage.SCORED, Stage.SUGGESTED, Stage.HEARD, Stage.LEFT_OUT)
    score = topic.score if topic.score is not None else -1
    return standing.index(topic.stage), topic.meeting or date.max, -score, topic.suggested.title.casefold()


def programme_book(topics: Sequence[Topic]) -> Workbook:
    """A row for each topic in the order of the programme, as values."""
    rows = [_row(topic) for topic in sorted(topics, key=order_of)]
    return Workbook((Sheet("Work programme", (HEADINGS, *rows)),))


def _row(topic: Topic) -> tuple[Value, ...]:
    told = topic.suggested
    made = "; ".join(
        f"{part.title}: {part.points} of {part.most}, weight {part.weight}" for part in parts_of(topic)
    )
    score = None if topic.score is None else float(topic.score)
    return (
        told.title, told.about or None, told.from_whom, told.why, told.source or None, str(topic.stage), score,
        made or None, topic.meeting, float(topic.carried),
    )  # fmt: skip
