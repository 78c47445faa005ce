"""What is due at a meeting: escalated to it, decisions to look at again, what is out of the ordinary, open actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from joinedup_web.governance.boards.models import Body
from joinedup_web.governance.boards.records import (
    ACTION,
    ESCALATED,
    EXCEPTION,
    REVIEW,
    Action,
    Decision,
    Escalation,
)
from joinedup_web.organisations import registering
from joinedup_web.organisations.scope import Scope

LONGEST = 300
HEARS_EXCEPTIONS = ("board", "delivery_group", "ceo_meeting")
"""Kinds of body that are told what is out of the ordinary; a workstream has its own work, an outside body its own."""


@dataclass(frozen=True)
class Due:
    """Something that belongs on the agenda; `about` names it, so that it comes once."""

    kind: str
    about: str
    title: str
    purpose: str


def due(scope: Scope, body: Body, on: date) -> list[Due]:
    """All that is due at a meeting of a body on a day, in the order in which an agenda takes it."""
    return [*_escalated(body), *_reviews(body, on), *_exceptions(scope, body), *_actions(body, on)]


def awaiting(body: Body) -> list[Escalation]:
    """What was passed to this body and has no answer yet, the oldest first."""
    found = Escalation.objects.filter(to_body=body, answered_on=None, taken_back="").select_related("body")
    return list(found.order_by("made_on", "id"))


def _escalated(body: Body) -> list[Due]:
    return [
        Due(ESCALATED, str(one.pk), f"From {one.body}: {one.title}"[:LONGEST], "decide")
        for one in awaiting(body)
    ]


def _reviews(body: Body, on: date) -> list[Due]:
    rows = Decision.objects.filter(body=body, review_on__lte=on, reviewed_on=None, taken_back="")
    return [
        Due(
            REVIEW,
            str(row.pk),
            f"Decision {row.number} comes up for review: {row.chosen}"[:LONGEST],
            "decide",
        )
        for row in rows.order_by("review_on", "number")
    ]


def _exceptions(scope: Scope, body: Body) -> list[Due]:
    if body.kind not in HEARS_EXCEPTIONS:
        return []
    return [
        Due(EXCEPTION, one.about[:60], one.words[:LONGEST], "discuss")
        for one in registering.exceptions(scope, timezone.localdate())
    ]


def _actions(body: Body, on: date) -> list[Due]:
    rows = Action.objects.filter(body=body, done_on=None, due__lte=on).order_by("due", "number")
    return [
        Due(
            ACTION, str(row.pk),
            f"Action {row.number}, due {row.due:%-d %B %Y}: {row.what} ({row.owner})"[:LONGEST], "note",
        )
        for row in rows
    ]  # fmt: skip
