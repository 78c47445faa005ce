"""What people record of requests for information. Triggers write the audit; every event is added, none is changed.

No text is kept that holds an e-mail address, a telephone number or an NHS number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup.governance import information as happened
from joinedup.governance.events import Recorded
from joinedup.governance.information import request_event, request_of
from joinedup_web.governance.scrutiny.chains import add, events_of, nobody, person_of, said, told
from joinedup_web.governance.scrutiny.information.asking import KIND
from joinedup_web.governance.scrutiny.information.records import Request
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def receive(*, by: Scope, place: Place, title: str, asked: str, received_on: date, why: str) -> Request:
    """Record a request. Raises YourCommand for words that point to a person, and for a day ahead."""
    event = happened.Received(
        **told(by, "keep", KIND, place.code, why), title=said(title, "A title"), asked=said(asked, "What is asked"),
        received_on=received_on,
    )  # fmt: skip
    with pghistory.context(why=event.why):
        return _add(by, Request.objects.create(place=place, title=event.title), event)


@transaction.atomic
def ask_clarification(*, by: Scope, of: Request, asked_on: date, why: str) -> Request:
    """Record that the council asked what it needs: the clock stands."""
    return _add(by, of, happened.ClarificationAsked(**_told(by, of, why), asked_on=asked_on))


@transaction.atomic
def clarified(*, by: Scope, of: Request, received_on: date, why: str) -> Request:
    """Record that it came: the clock begins anew."""
    return _add(by, of, happened.Clarified(**_told(by, of, why), received_on=received_on))


@transaction.atomic
def extend(*, by: Scope, of: Request, until: date, section: str, why: str) -> Request:
    """Record a longer time to weigh the public interest."""
    return _add(by, of, happened.Extended(**_told(by, of, why), until=until, section=section))


@transaction.atomic
def answer(
    *, by: Scope, of: Request, answered_on: date, outcome: happened.Outcome, answer: str, sections: Sequence[str],
    codes: Sequence[str], datasets: Sequence[str], link: str, why: str,
) -> Request:  # fmt: skip
    """Record the answer, or the outcome of a review where one is under way."""
    stands = request_of(events_of(of, request_event))
    kind = happened.Reviewed if stands.stage is happened.Stage.IN_REVIEW else happened.Answered
    event = kind(
        **_told(by, of, why), answered_on=answered_on, outcome=outcome, answer=said(answer, "The answer"),
        sections=tuple(sections), codes=tuple(codes), datasets=tuple(nobody(one) for one in datasets),
        link=nobody(link),
    )  # fmt: skip
    return _add(by, of, event)


@transaction.atomic
def ask_review(*, by: Scope, of: Request, asked_on: date, why: str) -> Request:
    """Record that an internal review was asked for."""
    return _add(by, of, happened.ReviewAsked(**_told(by, of, why), asked_on=asked_on))


@transaction.atomic
def withdraw(*, by: Scope, of: Request, why: str) -> Request:
    """Record that the request was withdrawn."""
    return _add(by, of, happened.Withdrawn(**_told(by, of, why)))


@transaction.atomic
def publish(*, by: Scope, of: Request, why: str) -> Request:
    """Show a request on the public log, or take it off again. Raises YourCommand for one that has no answer yet."""
    told(by, "publish", KIND, of.place_id, why)
    row = Request.objects.select_for_update().get(pk=of.pk)
    if row.public_since is None and request_of(events_of(row, request_event)).answer is None:
        raise YourCommand("It has no answer yet.", remedy="Record the answer first.")
    with pghistory.context(why=said(why, "A reason")):
        row.public_since = timezone.localdate() if row.public_since is None else None
        row.save(update_fields=["public_since"])
    return row


def _told(by: Scope, of: Request, why: str) -> dict[str, Any]:
    return told(by, "keep", KIND, of.place_id, why)


def _add(by: Scope, row: Request, event: Recorded) -> Request:
    return add(row, event, read=request_event, fold=request_of, person=person_of(by))
