"""What pages of work programmes say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from joinedup.governance.programme import (
    MAY_FOLLOW,
    CarriedForward,
    Heard,
    LeftOut,
    Scheduled,
    Scored,
    Stage,
    topic_of,
)
from joinedup.governance.programme_book import WAITING, order_of, parts_of
from joinedup_web.governance.scrutiny.doing import Act, Acts
from joinedup_web.governance.scrutiny.programme import actions, forms
from joinedup_web.governance.scrutiny.programme.asking import Planned

SUGGEST = Act(
    "Suggest a topic", "Suggest it", "The topic is suggested.", actions.suggest, forms.Suggest,
    "For a committee's work programme. It is scored before it is taken to a meeting.",
)  # fmt: skip
KEEP: Acts = {
    "score": Act(
        "Score it", "Keep the score", "The score is kept.", actions.score, forms.Score,
        "Points on questions that are the same for every topic. An earlier score stays in the history.",
    ),
    "carry-forward": Act(
        "Carry it forward", "Carry it forward", "It is carried forward.", actions.carry_forward, forms.ToMeeting,
        "To a later meeting. The reason and the earlier meeting stay in the history.",
    ),
    "heard": Act("It was heard", "It was heard", "It was heard.", actions.hear),
}  # fmt: skip
DECIDE: Acts = {
    "schedule": Act(
        "Take it to a meeting", "Take it to the meeting", "It is taken to the meeting.", actions.schedule,
        forms.ToMeeting, "As the committee decided.",
    ),
    "leave-out": Act(
        "Take it off the programme", "Take it off", "It is off the programme.", actions.leave_out,
        lead="As the committee decided. It can be scored again, which brings it back.",
    ),
}  # fmt: skip
EVENTS: dict[str, type[Any]] = {
    "score": Scored, "carry-forward": CarriedForward, "heard": Heard, "schedule": Scheduled, "leave-out": LeftOut,
}  # fmt: skip
COLOURS = {
    Stage.SUGGESTED: "white", Stage.SCORED: "yellow", Stage.SCHEDULED: "blue", Stage.HEARD: "green",
    Stage.LEFT_OUT: "grey",
}  # fmt: skip
WHAT = {
    "suggested": "Suggested", "scored": "Scored", "scheduled": "Taken to a meeting",
    "carried_forward": "Carried forward", "heard": "Heard", "left_out": "Taken off",
}  # fmt: skip


@dataclass(frozen=True)
class Meeting:
    """A meeting with the topics taken to it; `past` where it is over and something is not said to be heard."""

    on: date
    topics: tuple[Planned, ...]
    past: bool


@dataclass(frozen=True)
class Programme:
    """Topics by meeting, what waits for one (the highest score first), what was heard, what was left out."""

    meetings: tuple[Meeting, ...]
    waiting: tuple[Planned, ...]
    heard: tuple[Planned, ...]
    left_out: tuple[Planned, ...]


def programme(found: Sequence[Planned], today: date) -> Programme:
    """The programme as a page shows it."""
    ordered = sorted(found, key=lambda one: order_of(one.now))
    scheduled = [one for one in ordered if one.now.stage is Stage.SCHEDULED]
    meetings = tuple(
        Meeting(on, tuple(group), on < today)
        for on, group in groupby(scheduled, key=lambda one: one.now.meeting)
        if on is not None
    )
    heard, left_out = (
        tuple(one for one in ordered if one.now.stage is stage) for stage in (Stage.HEARD, Stage.LEFT_OUT)
    )
    return Programme(meetings, tuple(one for one in ordered if one.now.stage in WAITING), heard, left_out)


def acts(table: Acts, one: Planned) -> dict[str, Act]:
    """What of a table may be done where a topic stands."""
    return {name: act for name, act in table.items() if one.now.stage in MAY_FOLLOW[EVENTS[name]]}


def stage_tag(one: Planned) -> dict[str, str]:
    """Where it stands, as a tag."""
    return {"text": str(one.now.stage).capitalize(), "colour": COLOURS[one.now.stage]}


def carried_why(one: Planned) -> str:
    """Why it was last carried forward."""
    reasons = [event.why for event in one.events if isinstance(event, CarriedForward)]
    return reasons[-1] if reasons else ""


def history(one: Planned, people: Sequence[str]) -> list[tuple[date, str, str, str, str]]:
    """Day, what, by whom, said and why, the newest first."""
    rows = []
    for number, event in enumerate(one.events):
        by = event.by + (f" ({people[number]})" if people[number] else "")
        rows.append((event.on, WHAT[event.what], by, _said(event, one, number), event.why))
    return rows[::-1]


def _said(event: Any, one: Planned, number: int) -> str:
    if event.what == "suggested":
        return f"{event.title}, asked for by {event.from_whom}"
    if event.what == "scored":
        return f"{topic_of(one.events[: number + 1]).score} of 100"
    meeting = getattr(event, "meeting", None)
    return f"Meeting of {meeting:%-d %B %Y}" if meeting else ""


parts = parts_of
