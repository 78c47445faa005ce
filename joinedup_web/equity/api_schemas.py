"""What the operations of the explorer answer with: fields in the field's terms, with their units."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from joinedup_web.api.answering import Page, PageAsked

Hidden = Literal["protected", "too_few"]
HIDDEN = (
    "why a value is null: protected (a count is 0 to 4, or hidden so that such a count cannot be worked out) "
    "or too_few (a percentage of fewer than 20 is not shown); null where nothing is hidden"
)
Value = Annotated[str, Field(max_length=120)]
MOST_VALUES = 20
"""Values of one filter: an address has to hold them all."""
STATE = "number of a state of the lake that is still kept; the newest where none is named"


class StateAsked(Schema):
    """Which state."""

    state: int | None = Field(None, ge=1, le=2_000_000_000, description=STATE)


class StatePageAsked(PageAsked, StateAsked):
    """Which state, and which part of a list."""


class State(Schema):
    """What the answer is of: a state of the lake and its release."""

    snapshot: int = Field(description="number of the state of the lake")
    newest: bool = Field(description="false where newer returns have come since")
    committed_at: str = Field(description="when the load that made it was final (ISO 8601); may be empty")
    year: str = Field(description="key of the twelve months that yearly figures are of")
    caption: str = Field(description="source and release rule, as under every chart")


class Answer(Schema):
    """Every answer names its state."""

    state: State


class StatePage(Page, Answer):
    """Part of a list, of one state."""


class NameValue(Schema):
    """A fact about the figures."""

    name: str
    value: str


class Headline(Schema):
    """What stands out."""

    text: str
    code: str = Field(description="code of the number in it; may be empty")


class Publication(Schema):
    """The publication by place and period."""

    status: Literal["published", "being_published", "refused"]
    why: str = Field(description="why it was refused; else empty")
    periods: list[str] = Field(description="keys of the periods that it has, such as 2025-26")


class StateAnswer(Answer):
    """A state in full."""

    kept: list[int] = Field(description="states that can be asked for, the newest first")
    publication: Publication
    facts: list[NameValue]
    headlines: list[Headline]
    unavailable: list[str] = Field(description="what could not be shown, and why")


class LensOut(Schema):
    """One of access, experience and outcome."""

    lens: str
    title: str
    question: str
    measures: list[str] = Field(description="national ids")


class ServiceOut(Schema):
    """A service that the workspace shows."""

    service: str
    lenses: list[LensOut]


class ServicesAnswer(Schema):
    """Services with their lenses and measures."""

    services: list[ServiceOut]


class StandardOut(Schema):
    """A national standard, in per cent."""

    start: date = Field(description="first day on which it holds")
    end: date | None = Field(description="last day; null: it still holds")
    value: float = Field(description="per cent")
    direction: Literal["at_least", "at_most"]
    certainty: Literal["high", "medium", "low"]
    source: str


class MeasureOut(Schema):
    """A measure as it is defined, with its version."""

    measure_id: str = Field(description="national id, such as M195")
    measure: str = Field(description="our name for it, such as reliable_recovery")
    title: str
    why_it_matters: str
    version: int = Field(description="version of the definition")
    valid_from: date
    official: bool = Field(description="whether it is a national measure")
    statistic: str = Field(description="percentage, count, mean, median, max, min or sum")
    unit: str = Field(description="per cent, or what is counted")
    numerator: str = Field(description="condition, or sum of other measures")
    denominator: str | None
    table: str = Field(description="rows that are counted: journeys, contacts, answers or events")
    date_basis: str = Field(description="date by which it is counted")
    better: str = Field(description="whether higher or lower is better, or none")
    standard: list[StandardOut]
    cadence: str
    source: str
    note: str
    family: str | None = Field(description="national range that it belongs to")
    lens: str = Field(description="access, experience or outcome; empty where the explorer does not offer it")
    tables: list[str] = Field(description="tables of this state that show it: see /api/v1/tables")
    figures: int = Field(description="figures of it in this state: see /api/v1/figures")
    published: int = Field(description="figures of it by place and period: see /api/v1/published")


class MeasuresPage(StatePage):
    """Measures."""

    items: list[MeasureOut]


class MeasureAnswer(Answer):
    """One measure."""

    measure: MeasureOut


class GroupOut(Schema):
    """One group of a breakdown."""

    group: str
    people: str = Field(description="how a sentence speaks of these people")
    not_stated: bool


class BreakdownOut(Schema):
    """Groups of people, in their order."""

    breakdown: str
    title: str
    version: int
    ordered: bool
    overlapping: bool = Field(description="whether a person may be in several groups")
    reference: str = Field(description="the group that others are compared with")
    not_stated_means: str
    source: str
    groups: list[GroupOut]


class BreakdownsAnswer(Schema):
    """Breakdowns."""

    breakdowns: list[BreakdownOut]


class FiguresAsked(StatePageAsked):
    """Which figures: each filter takes several values, one parameter each; a filter left out lets all through."""

    measure: list[Value] = Field(
        [], max_length=MOST_VALUES, description="national id or our name of a measure"
    )
    breakdown: list[Value] = Field(
        [], max_length=MOST_VALUES, description="name of a breakdown; total for everyone"
    )
    group: list[Value] = Field([], max_length=MOST_VALUES, description="name of a group; All for everyone")
    level: list[Value] = Field(
        [], max_length=MOST_VALUES, description="kind of place: service, trust, borough, total, ..."
    )
    place: list[Value] = Field(
        [], max_length=MOST_VALUES, description="national code of a place; total for everyone held"
    )
    period: list[Value] = Field(
        [], max_length=MOST_VALUES, description="key of a period: 2026-03, 2025-26-Q4, 2025-26, 12m-2026-03"
    )


class FigureOut(Schema):
    """One released figure."""

    code: str = Field(description="ten characters that open the number: see /api/v1/numbers")
    measure: str = Field(description="our name of the measure")
    measure_id: str = Field(description="national id")
    version: int = Field(description="version of the definition")
    statistic: str = Field(description="percentage, count, ...")
    unit: str = Field(description="of value and limits: per cent, or what is counted")
    period: str = Field(description="key of the period")
    period_start: date
    period_end: date
    level: str = Field(description="kind of place")
    place: str = Field(description="national code of the place")
    place_name: str
    breakdown: str = Field(description="total: everyone")
    group: str = Field(description="All: everyone")
    breakdown_2: str = Field(description="second breakdown, where two are crossed; else empty")
    group_2: str
    numerator: int | None = Field(description="people or events, to the nearest 5")
    denominator: int | None = Field(description="null also where the measure has none")
    value: float | None
    lower: float | None = Field(
        description="lower 95% limit of a percentage, computed from the released counts"
    )
    upper: float | None = Field(description="upper 95% limit")
    hidden: Hidden | None = Field(description=HIDDEN)


class FiguresPage(StatePage):
    """Released figures."""

    items: list[FigureOut]


class NumberOut(Schema):
    """What a number is, and what is behind it."""

    code: str
    title: str = Field(description="what was measured")
    measure_id: str
    version: str = Field(description="version of the definition")
    snapshot: int = Field(description="state of the lake")
    newest: bool = Field(description="false where newer returns have come since")
    rule: str = Field(description="rule that built the pathways")
    profile: str = Field(description="rule of release")
    release_rule: str = Field(description="the rule of release in words")
    cell: dict[str, Any] = Field(description="place, period, group, stage: what the number is of")
    filters: dict[str, Any] = Field(description="what was chosen around it")
    counts: dict[str, int | None] = Field(description="released counts it stands on; null is hidden")
    figures: dict[str, Any] = Field(
        description="figures made of many counts, where it is one; null is hidden"
    )
    unit: str = Field(description="unit of the figures, or of the value of a measure")
    value: float | None = Field(description="of a measure, as shown")
    lower: float | None
    upper: float | None
    hidden: Hidden | None = Field(description=HIDDEN)
    rows_in_and_out: list[NameValue] = Field(description="rows that went into the measure or not, by reason")
    made_of: list[str] = Field(description="codes of the counts that it was made of")
    definition: MeasureOut | None = Field(description="where it is a measure of ours or the nation's")


class EarlierOut(Schema):
    """What a number was in another state of the lake."""

    snapshot: int = Field(description="the state")
    released: str = Field(
        description="day on which that state was loaded or released (ISO 8601); may be empty"
    )
    code: str = Field(description="the number's code there; empty where that state is no longer kept")
    figure: str = Field(description="the figure in words, as the page of the number has it")
    counts: dict[str, int | None] = Field(description="released counts it stood on; null is hidden")
    figures: dict[str, Any] = Field(description="figures made of many counts, where it is one")
    value: float | None = Field(description="of a measure, as it was shown")
    lower: float | None
    upper: float | None
    hidden: Hidden | None = Field(description=HIDDEN)


class EarlierAnswer(Schema):
    """One number over releases."""

    code: str
    snapshot: int = Field(description="state of the lake that the code is of")
    earlier: list[EarlierOut] = Field(
        description="the same cell in the other states that are kept, and in releases before them, the newest first"
    )
