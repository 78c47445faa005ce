"""What people do to topics of a work programme. Triggers write the audit; every event is added, none is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pghistory
from django.db import transaction

from joinedup.errors import YourCommand
from joinedup.governance.programme import (
    CarriedForward,
    Heard,
    LeftOut,
    Scheduled,
    Scored,
    Suggested,
    topic_event,
    topic_of,
)
from joinedup_web.governance.scrutiny.chains import add, nobody, person_of, said, told
from joinedup_web.governance.scrutiny.programme.asking import KIND
from joinedup_web.governance.scrutiny.programme.records import Topic
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

CRITERIA = "health_scrutiny"


@transaction.atomic
def suggest(
    *, by: Scope, place: Place, committee: str, title: str, about: str, from_whom: str, source: str, why: str
) -> Topic:
    """Suggest a topic to a committee. Raises YourCommand where `by` may not, words are missing, or it is there."""
    event = Suggested(
        **told(by, "suggest", KIND, place.code, why), title=said(title, "The topic"), about=nobody(about),
        from_whom=said(from_whom, "Who asked"), source=nobody(source),
    )  # fmt: skip
    name = said(committee, "The committee")
    if Topic.objects.filter(place=place, committee=name, title__iexact=event.title).exists():
        raise YourCommand("That topic was suggested already.", remedy="Open it in the work programme.")
    with pghistory.context(why=event.why):
        row = Topic.objects.create(place=place, committee=name, title=event.title)
        return _add(by, row, event)


@transaction.atomic
def score(*, by: Scope, of: Topic, points: Mapping[str, int], why: str) -> Topic:
    """Give a topic its points on each criterion."""
    return _add(by, of, Scored(**_told(by, "keep", of, why), criteria=CRITERIA, points=points))


@transaction.atomic
def schedule(*, by: Scope, of: Topic, meeting: date, why: str) -> Topic:
    """Take a scored topic to a meeting, as the committee decided."""
    return _add(by, of, Scheduled(**_told(by, "decide", of, why), meeting=meeting))


@transaction.atomic
def carry_forward(*, by: Scope, of: Topic, meeting: date, why: str) -> Topic:
    """Carry a topic forward to a later meeting."""
    return _add(by, of, CarriedForward(**_told(by, "keep", of, why), meeting=meeting))


@transaction.atomic
def hear(*, by: Scope, of: Topic, why: str) -> Topic:
    """The committee heard it."""
    return _add(by, of, Heard(**_told(by, "keep", of, why)))


@transaction.atomic
def leave_out(*, by: Scope, of: Topic, why: str) -> Topic:
    """Take a topic off the programme, as the committee decided. It may be scored again."""
    return _add(by, of, LeftOut(**_told(by, "decide", of, why)))


def _told(by: Scope, action: str, of: Topic, why: str) -> dict[str, Any]:
    return told(by, action, KIND, of.place_id, why)


def _add(by: Scope, row: Topic, event: Any) -> Topic:
    return add(row, event, read=topic_event, fold=topic_of, person=person_of(by))
