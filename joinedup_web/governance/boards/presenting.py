"""Words and links of boards. Pages show what is here and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from joinedup.definitions.bodies import KINDS, SECTORS
from joinedup_web.governance.boards import drawing
from joinedup_web.governance.boards.cadence import words_of
from joinedup_web.governance.boards.drawing import Node
from joinedup_web.governance.boards.meeting_forms import HANDLED
from joinedup_web.governance.boards.meeting_forms import PURPOSES as ASKED_FOR
from joinedup_web.governance.boards.meeting_forms import STATES as ATTENDED
from joinedup_web.governance.boards.models import Body
from joinedup_web.governance.boards.papers import CODE
from joinedup_web.governance.boards.records import (
    ACTION,
    ADDED,
    CANCELLED,
    ESCALATED,
    EXCEPTION,
    HELD,
    ISSUED,
    OPEN,
    PREPARED,
    REVIEW,
    AgendaItem,
    Decision,
    Escalation,
    Meeting,
    Paper,
)

STATES = {
    PREPARED: ("In preparation", "white"), ISSUED: ("Agenda issued", "blue"), HELD: ("Held", "green"),
    CANCELLED: ("Cancelled", "grey"),
}  # fmt: skip
BUILT = {
    ADDED: "", ACTION: "Action due", ESCALATED: "Escalated", REVIEW: "Decision for review",
    EXCEPTION: "Out of the ordinary",
}  # fmt: skip
PURPOSES, ATTENDANCE, HANDLING = dict(ASKED_FOR), dict(ATTENDED), dict(HANDLED)
LINES = "Who reports to whom"
__all__ = ["HANDLING", "KINDS", "SECTORS"]


@dataclass(frozen=True)
class Lines:
    """The reporting lines: two drawings, and a sentence that says the same."""

    svg: dict[str, str]
    sentence: str


def lines_of(bodies: Iterable[Body]) -> Lines:
    """The picture of these bodies; lines to bodies that are not among them are not drawn."""
    nodes = [
        Node(str(one.pk), one.name, str(one.reports_to_id or ""), one.formal, one.outside) for one in bodies
    ]
    told = drawing.sentence(nodes)
    title = f"{LINES}. {told}"
    return Lines({"page": drawing.page(nodes, title), "phone": drawing.phone(nodes, title)}, told)


def summary(body: Body, below: Sequence[Body]) -> list[tuple[str, str]]:
    """What a body is, as label and value."""
    quorum = f"{body.quorum} {'seat' if body.quorum == 1 else 'seats'}" if body.quorum else ""
    rows = [
        ("Kind", f"{KINDS.get(body.kind, body.kind)}, {'formal' if body.formal else 'informal'}"),
        ("Run by", f"{body.host.name}, an outside body to us" if body.host else ""),
        ("Record kept by", body.place.name),
        ("Reports to", body.reports_to.name if body.reports_to else ""),
        ("Hears from", ", ".join(one.name for one in below)),
        ("Meets", meets(body) if body.outside else f"{meets(body)}, {body.begins_at:%H:%M}, {body.minutes} minutes"),
        ("Where", body.venue),
        ("Quorum", quorum),
        ("Since", f"{body.valid_from:%-d %B %Y}"),
        ("Source", body.source),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value]


def meets(body: Body) -> str:
    """When it meets, as the beginning of a line."""
    told = "as its host decides" if body.outside else words_of(body.rule)
    return told[0].upper() + told[1:]


PRIVATE = "A private paper, for members of this body"
PACKS = {"board": "board", "delivery_group": "board", "ceo_meeting": "ceo", "workstream": "workstream"}
"""Kind of body -> the pack that it reads."""


def papers_of(item: AgendaItem) -> list[Paper]:
    """Papers of an item that were not removed."""
    return [one for one in item.papers.all() if one.removed_on is None]


def hidden(paper: Paper, private: bool) -> bool:
    """Whether a paper is shown without its title and file: whoever asks is not one of those it is for."""
    return bool(paper.private and not private)


def packs_of(meeting: Meeting) -> str:
    """The address at which the pack of the month before a meeting is made; empty for bodies that read none.

    At a meeting the figures of the month before are the newest that can be there.
    """
    layout = PACKS.get(meeting.body.kind)
    if layout is None:
        return ""
    month = (meeting.on.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    return f"{reverse('make_pack')}?layout={layout}&period={month}"


def status(row: Escalation) -> tuple[str, str]:
    """What became of something that was passed on: words and colour."""
    if row.taken_back:
        return "Taken back", "grey"
    return ("Answered", "green") if row.answered_on else ("Awaiting", "yellow")


def numbered(items: Iterable[AgendaItem]) -> list[tuple[int, AgendaItem]]:
    """Items of an agenda with their numbers; those that were left out have none."""
    return list(enumerate((one for one in items if not one.left_out), start=4))


def pointed(text: str) -> str:
    """Where a code of a number or an address leads; empty for neither."""
    if CODE.fullmatch(text):
        return reverse("number", args=[text])
    return text if text.startswith(("https://", "http://")) else ""


def acts_of(meeting: Meeting, today: date) -> list[str]:
    """What a keeper can do to a meeting now, the likeliest first."""
    if meeting.state not in OPEN:
        return ["reopen"]
    prepared = ["item", "build", *(["issue"] if meeting.state == PREPARED else [])]
    if today < meeting.on:
        return [*prepared, "attendance", "interest", "cancel"]
    return ["attendance", "interest", *prepared, "close", "cancel"]


def overdue(row: Any, today: date) -> bool:
    """Whether an action should have been done."""
    return row.done_on is None and row.due < today


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions that were not taken back."""
    return [one for one in decisions if not one.taken_back]
