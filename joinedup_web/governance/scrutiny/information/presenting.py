"""What pages of requests for information say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.governance import information as happened
from joinedup.governance.information import MAY_FOLLOW, Stage
from joinedup.governance.information_book import OUTCOMES, grounds_in_words
from joinedup_web.governance.scrutiny.doing import Act, Acts
from joinedup_web.governance.scrutiny.information import actions, forms
from joinedup_web.governance.scrutiny.information.asking import Logged

RECEIVE = Act(
    "Record a request", "Record it", "The request is recorded, with the day by which it is answered.", actions.receive,
    forms.Receive, "A request under the Freedom of Information Act 2000. The log never says who asked.",
)  # fmt: skip
KEEP: Acts = {
    "answer": Act("Record the answer", "Record it", "The answer is recorded.", actions.answer, forms.Answer),
    "ask": Act(
        "Ask for clarification", "Record it", "The clock stands until it comes.", actions.ask_clarification,
        forms.AskedOn,
        "Where the council cannot tell what is asked. The clock stands, and begins anew when it comes.",
    ),
    "clarified": Act(
        "Clarification came", "Record it", "The clock began anew.", actions.clarified, forms.ReceivedOn
    ),
    "extend": Act(
        "Take longer to weigh the public interest", "Record it", "The later day is recorded.", actions.extend,
        forms.Extend,
        "For a qualified ground alone, and as long as is reasonable.",
    ),
    "review": Act(
        "A review was asked for", "Record it", "The review is recorded.", actions.ask_review, forms.AskedOn,
        "An internal review, by somebody who did not answer.",
    ),
    "withdraw": Act("The request is withdrawn", "It is withdrawn", "The request is withdrawn.", actions.withdraw),
}  # fmt: skip
PUBLISH = Act(
    "Show it on the public log", "Show it", "Everybody can read it now.", actions.publish,
    lead="What is asked and what was answered are shown to anyone, as they stand here.",
)  # fmt: skip
HIDE = Act("Take it off the public log", "Take it off", "It is off the public log.", actions.publish)
EVENTS: dict[str, Any] = {
    "ask": happened.ClarificationAsked, "clarified": happened.Clarified, "extend": happened.Extended,
    "review": happened.ReviewAsked, "withdraw": happened.Withdrawn,
}  # fmt: skip
COLOURS = {
    Stage.OPEN: "yellow", Stage.CLARIFYING: "blue", Stage.ANSWERED: "green", Stage.IN_REVIEW: "purple",
    Stage.WITHDRAWN: "grey",
}  # fmt: skip
WHAT = {
    "received": "Received", "clarification_asked": "Clarification asked for", "clarified": "Clarification came",
    "extended": "Longer, to weigh the public interest", "answered": "Answered", "review_asked": "Review asked for",
    "reviewed": "Reviewed", "withdrawn": "Withdrawn",
}  # fmt: skip
outcomes, grounds = OUTCOMES, grounds_in_words
"""Outcomes and grounds as templates say them."""


def acts(one: Logged) -> dict[str, Act]:
    """What may be recorded where a request stands."""
    return {name: act for name, act in KEEP.items() if one.now.stage in _stages(name)}


def _stages(name: str) -> frozenset[Stage]:
    if name == "answer":
        return MAY_FOLLOW[happened.Answered] | MAY_FOLLOW[happened.Reviewed]
    return MAY_FOLLOW[EVENTS[name]]


def tag(one: Logged, today: date) -> dict[str, str]:
    """Where it stands; overdue before anything else."""
    if one.now.overdue(today):
        return {"text": "Overdue", "colour": "red"}
    return {"text": str(one.now.stage).capitalize(), "colour": COLOURS[one.now.stage]}


def due_words(one: Logged, today: date) -> str:
    """By when an answer is due, and whether it is late or was."""
    now = one.now
    if now.due is not None:
        late = now.overdue(today)
        return f"{now.due:%-d %B %Y}" + (f", {late} day{'s' if late != 1 else ''} overdue" if late else "")
    if now.first_answer is not None:
        return (
            f"Answered {now.days_late} day{'s' if now.days_late != 1 else ''} late"
            if now.days_late
            else "Answered in time"
        )
    return "No clock runs"


def late(found: Sequence[Logged], today: date) -> int:
    """How many are overdue."""
    return sum(bool(one.now.overdue(today)) for one in found)


def law() -> InformationLaw:
    """The clock and its source."""
    return InformationLaw.load()


def history(one: Logged, people: Sequence[str]) -> list[tuple[date, str, str, str, str]]:
    """Day, what, by whom, said and why, the newest first."""
    rows = []
    for number, event in enumerate(one.events):
        by = event.by + (f" ({people[number]})" if people[number] else "")
        rows.append((event.on, WHAT[event.what], by, said(event), event.why))
    return rows[::-1]


def said(event: Any) -> str:
    """What an event says beside its reason, as a line."""
    if event.what in ("answered", "reviewed"):
        parts = (
            OUTCOMES[event.outcome],
            grounds_in_words(event.sections),
            f"on {event.answered_on:%-d %B %Y}",
        )
        return ", ".join(part for part in parts if part)
    if event.what == "extended":
        return f"Until {event.until:%-d %B %Y}, {grounds_in_words([event.section])}"
    found = getattr(event, "received_on", None) or getattr(event, "asked_on", None)
    return f"{found:%-d %B %Y}" if found else ""
