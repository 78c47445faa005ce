"""What the operations on gaps, journeys, waits, quality and tables answer with."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from joinedup_web.equity.api_schemas import HIDDEN, Answer, Hidden, StateAsked, StatePage, StatePageAsked

PER_REFERRAL = "outcomes per referral, 0 to 1"


EVERYWHERE = "total"
AT = "national code of a service; total for everyone held"


class GapsAsked(StatePageAsked):
    """Which gaps."""

    place: str | None = Field(
        None, max_length=20, description=f"{AT}; everywhere and at each service if none"
    )


class GapAsked(StateAsked):
    """Which gap."""

    by: str = Field("", max_length=60, description="breakdown; the first that has a gap where none is named")
    group: str = Field(
        "", max_length=120, description="group; the one with the widest gap where none is named"
    )


class GapAtAsked(GapAsked):
    """Which gap, and where."""

    place: str = Field(EVERYWHERE, max_length=20, description=AT)


class GapSummary(Schema):
    """The whole gap between a group and the reference group in reliable recoveries per referral."""

    code: str = Field(description="opens the number")
    place: str = Field(description=AT)
    place_name: str
    by: str = Field(description="breakdown")
    group: str
    reference: str = Field(description="group that it is compared with")
    period: str = Field(description="key of the period of referral")
    follow_up_months: int = Field(description="how long each referral was followed")
    gap: float | None = Field(description=f"group less reference; {PER_REFERRAL}")
    lower: float | None = Field(description="lower 95% limit of the gap")
    upper: float | None = Field(description="upper 95% limit of the gap")
    fewer_recoveries: float | None = Field(description="people: the gap times the referrals of the group")
    hidden: Hidden | None = Field(description=HIDDEN)


class GapStage(Schema):
    """What one part adds to a gap: a step of the waterfall."""

    code: str = Field(description="opens the number")
    stage: str = Field(description="stage of the journey, or services or case_mix")
    kind: str = Field(description="leak: people left there; open, scope, case_mix, services: no loss")
    label: str = Field(description="what the step of the waterfall is called")
    contribution: float | None = Field(description=f"{PER_REFERRAL}; the contributions add up to the gap")
    lower: float | None = Field(description="lower 95% limit")
    upper: float | None = Field(description="upper 95% limit")
    claimed: bool | None = Field(description="whether it is beyond chance, all stages looked at")
    fewer_recoveries: float | None = Field(description="people: that part of the gap")
    extra_leavers: float | None = Field(description="people who left there beyond the reference group's rate")
    hidden: Hidden | None = Field(description=HIDDEN)


class ChainCount(Schema):
    """A count that a gap stands on."""

    code: str = Field(description="opens the number")
    series: str = Field(description="group, reference, standardised, not_stated, ...")
    stage: str = Field(description="stage of the journey; empty for referrals")
    part: str = Field(description="referred, passed, open, ...")
    count: int | None = Field(description="people, to the nearest 5")
    hidden: Hidden | None = Field(description=HIDDEN)


class GapsPage(StatePage):
    """Gaps that can be shown."""

    items: list[GapSummary]


class GapAnswer(Answer):
    """One gap: its sentence, the steps of its waterfall, and the counts it stands on."""

    gap: GapSummary
    title: str = Field(description="the finding")
    sentence: str = Field(description="the gap in plain English")
    notes: list[str] = Field(description="what to beware of")
    group_rate: float | None = Field(description=f"where the waterfall ends; {PER_REFERRAL}")
    reference_rate: float | None = Field(description=f"where the waterfall begins; {PER_REFERRAL}")
    reference_rate_at_the_mix_of_the_group: float | None = Field(description=PER_REFERRAL)
    stages: list[GapStage] = Field(description="in the order of the waterfall")
    counts: list[ChainCount] = Field(
        description="counts it stands on; none at one service, of which only the comparison was released"
    )


class JourneyStep(Schema):
    """A count of a step of the journey."""

    code: str = Field(description="opens the number")
    series: str = Field(description="everyone, group or reference")
    step: str = Field(description="step of the journey; empty for referrals")
    part: str = Field(description="referred, passed (took the step) or open (still there)")
    count: int | None = Field(description="people, to the nearest 5")
    hidden: Hidden | None = Field(description=HIDDEN)


class JourneyAnswer(Answer):
    """The journey of a year's referrals, step by step."""

    period: str = Field(description="key of the period of referral; empty where nothing can be followed yet")
    follow_up_months: int | None = Field(description="how long each referral was followed")
    by: str = Field(description="breakdown of the group; empty where none is compared")
    group: str
    reference: str
    title: str = Field(description="the finding")
    sentence: str
    steps: list[JourneyStep]


class WaitPoint(Schema):
    """A wait after so many weeks."""

    week: int = Field(description="whole weeks")
    end: str = Field(description="how it ended, where that is what is shown; else empty")
    waiting: float | None = Field(description="per cent still waiting")
    lower: float | None = Field(description="lower 95% limit, per cent")
    upper: float | None = Field(description="upper 95% limit, per cent")
    ended: float | None = Field(description="per cent whose wait has ended in this way")


class WaitOut(Schema):
    """How long one group waits: a curve, or how waits ended."""

    code: str = Field(description="opens the curve")
    wait: str = Field(description="wait_for_first_treatment or wait_for_second_treatment")
    kind: str = Field(description="curve: who still waits; ends: how waits ended")
    by: str = Field(description="breakdown; empty for everyone")
    group: str
    period: str = Field(description="key of the period in which the wait began")
    people: int | None = Field(description="people who waited, to the nearest 5")
    median_weeks: float | None = Field(
        description="whole weeks after which half had ended; null also where fewer have"
    )
    points: list[WaitPoint]
    hidden: Hidden | None = Field(description=HIDDEN)


class WaitsPage(StatePage):
    """Waits."""

    items: list[WaitOut]


class CellOut(Schema):
    """One cell of a table as pages show it."""

    table: str = Field(description="slug of the table")
    row: str = Field(description="first cell of its row")
    column: str = Field(description="head of its column")
    text: str = Field(description="as it stands on the page")
    value: float | None = Field(description="where the text is one number")
    unit: str = Field(description="per cent, or empty")
    code: str = Field(description="opens the number; empty where it has none")
    hidden: Hidden | None = Field(description=HIDDEN)


class TableSummary(Schema):
    """A table that pages show, under its chart or alone."""

    table: str = Field(description="slug")
    title: str = Field(description="the finding")
    subtitle: str
    rows: int


class TablesPage(StatePage):
    """Tables of a state."""

    items: list[TableSummary]


class TableAnswer(Answer):
    """One table with the words around it."""

    table: TableSummary
    sentence: str
    how_to_read: str
    notes: list[str]
    caption: str = Field(description="source and release rule")
    columns: list[str]
    cells: list[CellOut]


class QualityAnswer(Answer):
    """Data quality, by trust."""

    tables: list[TableSummary]
    cells: list[CellOut]


class TablesAsked(StatePageAsked):
    """Which tables."""
