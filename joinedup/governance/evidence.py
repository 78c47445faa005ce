"""The test that a recommendation sets, and whether figures or documents meet it.

A test is data: which measure, for whom and where, compared with what, over how many points in a row. It is judged on
released figures alone; a hidden figure is neither met nor failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from joinedup.definitions.periods import Period

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32_767)]
Comparison = Literal["at_least", "at_most", "more_than", "less_than"]
WORDS: Mapping[Comparison, str] = {
    "at_least": "at least", "at_most": "at most", "more_than": "more than", "less_than": "less than",
}  # fmt: skip


class Frozen(BaseModel):
    """A value that is checked when it is made, does not change, and knows no other fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Verdict(StrEnum):
    """What a test says."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"


class Series(Frozen):
    """One line of figures: a measure at a place, for everyone or for one group."""

    measure: Text
    level: Text = "borough"
    place: Text
    breakdown: Text | None = None
    group: Text | None = None

    @model_validator(mode="after")
    def _group_of_a_breakdown(self) -> Self:
        if (self.breakdown is None) != (self.group is None):
            raise ValueError("a group has a breakdown, and a breakdown one group")
        return self


class Point(Frozen):
    """A released figure of one period with its code; no value where it is hidden."""

    period: Text
    value: float | None
    code: str = ""

    @model_validator(mode="after")
    def _is_of_a_period(self) -> Self:
        try:
            Period.parse(self.period)
        except Exception as error:
            raise ValueError(f"{self.period} is not a period") from error
        return self

    @property
    def span(self) -> Period:
        """The period."""
        return Period.parse(self.period)


class MeasureTest(Frozen):
    """Met when the last `points` figures in a row all compare so with the threshold.

    After acceptance it has drifted back when `reopens_after` later figures in a row fail.
    """

    what: Literal["measure"] = "measure"
    series: Series
    comparison: Comparison
    threshold: float
    points: int = Field(ge=1, le=60)
    reopens_after: int = Field(default=1, ge=1, le=60)

    def passes(self, value: float) -> bool:
        """Whether one figure compares as it should."""
        compare = {"at_least": ge, "at_most": le, "more_than": gt, "less_than": lt}[self.comparison]
        return bool(compare(value, self.threshold))

    def in_words(self) -> str:
        """The test as a sentence."""
        whom = f" for {self.series.group}" if self.series.group else ""
        many = "figure" if self.points == 1 else f"{self.points} figures in a row"
        return (
            f"{self.series.measure} at {self.series.place}{whom} is {WORDS[self.comparison]} "
            f"{self.threshold:g} for {many}."
        )


class DocumentTest(Frozen):
    """For what no figure can show: met when a document answers each of these questions, and says where."""

    what: Literal["document"] = "document"
    questions: tuple[Text, ...] = Field(min_length=1)

    def in_words(self) -> str:
        """The test as a sentence."""
        return "A document answers: " + "; ".join(self.questions)


EvidenceTest = Annotated[MeasureTest | DocumentTest, Field(discriminator="what")]


class Figures(Frozen):
    """Evidence in figures: a series and its points, each period once."""

    what: Literal["figures"] = "figures"
    series: Series
    points: tuple[Point, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_period_once(self) -> Self:
        if len({point.period for point in self.points}) < len(self.points):
            raise ValueError("a period has two figures")
        if len({point.span.kind for point in self.points}) > 1:
            raise ValueError("months, quarters and years are not mixed in one series")
        return self


class Document(Frozen):
    """Evidence in words: what it is, where, its sha256 where it is kept, and each question with where it answers."""

    what: Literal["document"] = "document"
    title: Text
    where: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    answers: tuple[tuple[Text, Text], ...] = ()


Evidence = Annotated[Figures | Document, Field(discriminator="what")]


def in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points by their periods; of two of one period the later given counts, which is how a refresh replaces."""
    latest = {point.period: point for point in points}
    return tuple(sorted(latest.values(), key=lambda point: point.span))


def judge(test: MeasureTest | DocumentTest, evidence: Figures | Document) -> tuple[Verdict, str]:
    """What the test says of the evidence, and why, in a sentence."""
    if isinstance(test, DocumentTest):
        return _judge_document(test, evidence)
    if not isinstance(evidence, Figures) or evidence.series != test.series:
        return Verdict.CANNOT_TELL, "The evidence is not of the measure, place and group that the test names."
    return _judge_points(test, in_order(evidence.points))


def drifted(test: MeasureTest, points: Iterable[Point], after: date) -> Point | None:
    """The figure with which it had drifted back: the last of the first `reopens_after` failures in a row of periods
    that end after that day. Hidden figures are passed over."""
    run = 0
    for point in in_order(points):
        if point.value is None or point.span.end <= after:
            continue
        run = 0 if test.passes(point.value) else run + 1
        if run == test.reopens_after:
            return point
    return None


def _judge_points(test: MeasureTest, points: tuple[Point, ...]) -> tuple[Verdict, str]:
    last = points[-test.points :]
    if len(last) < test.points:
        return Verdict.CANNOT_TELL, f"The test asks for {test.points} figures, and there are {len(last)}."
    failing = [point.period for point in last if point.value is not None and not test.passes(point.value)]
    if failing:
        return Verdict.NOT_MET, f"Not met in {', '.join(failing)}."
    if hidden := [point.period for point in last if point.value is None]:
        return Verdict.CANNOT_TELL, f"The figure is hidden in {', '.join(hidden)}."
    if not all(_next_to(a.span, b.span) for a, b in pairwise(last)):
        return Verdict.CANNOT_TELL, "A period is missing in between."
    return Verdict.MET, f"Met from {last[0].period} to {last[-1].period}."


def _judge_document(test: DocumentTest, evidence: Figures | Document) -> tuple[Verdict, str]:
    if not isinstance(evidence, Document):
        return Verdict.CANNOT_TELL, "The test asks for a document."
    answered = {question for question, _ in evidence.answers}
    unanswered = [question for question in test.questions if question not in answered]
    if unanswered:
        return Verdict.NOT_MET, f"It does not answer: {'; '.join(unanswered)}."
    return Verdict.MET, f"{evidence.title} answers each question."


def _next_to(first: Period, second: Period) -> bool:
    """Whether the second follows: for rolling years, ends at most a month later; for others, begins the day after."""
    if first.kind == "rolling_year":
        return (second.end - first.end) <= timedelta(days=31)
    return second.start == first.end + timedelta(days=1)
