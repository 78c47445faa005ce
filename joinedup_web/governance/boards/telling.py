"""What boards tell elsewhere: entries of the audit in words, and notices of what waits at one's own organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from joinedup_web.governance.boards.asking import late_actions
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope

VERBS = {"insert": "entered", "update": "changed", "delete": "removed"}
WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "Body": ("Body", lambda row: row.name),
    "Terms": ("Terms of reference", lambda row: f"version {row.version}"),
    "Seat": ("Seat", lambda row: f"{row.office} {row.organisation_id or ''}".strip()),
    "Delegation": ("Delegation", lambda row: row.what),
    "Meeting": ("Meeting", lambda row: f"{row.on:%-d %B %Y}, {row.state}"),
    "AgendaItem": ("Item of an agenda", lambda row: row.title),
    "Paper": ("Paper", lambda row: row.title),
    "Clearance": ("Clearance of a paper", lambda row: row.office),
    "Attendance": ("Attendance", lambda row: row.state),
    "Interest": ("Declaration of interest", lambda row: row.handling.replace("_", " ")),
    "Decision": ("Decision", lambda row: f"{row.number}{', taken back' if row.taken_back else ''}"),
    "Action": ("Action", lambda row: f"{row.number}{', done' if row.done_on else ''}"),
    "Escalation": ("Escalation", lambda row: row.title),
}


def register() -> None:
    """Add them, once."""
    for model in WORDS:
        registering.AUDITED[f"boards.{model}Event"] = partial(words, model)
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)


def words(model: str, row: Any) -> str:
    """One entry of the audit."""
    title, told = WORDS[model]
    return f"{title} {VERBS.get(row.pgh_label, row.pgh_label)}: {told(row)}"


def notices(scope: Scope, on: date) -> list[Notice]:
    """Actions of one's own bodies that are overdue, a line for each body."""
    if not scope.may("keep", "meeting"):
        return []
    return [
        Notice(
            f"{body}: {count} {'action is' if count == 1 else 'actions are'} overdue.",
            reverse("body", args=[body.slug]), f"Open {body}",
        )
        for body, count in late_actions(scope, on)
    ]  # fmt: skip
