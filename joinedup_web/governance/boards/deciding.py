"""What a meeting decides, agrees to do, and passes upwards. Keyword-only, with `by`; triggers write the audit."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.governance.boards.actions import next_number
from joinedup_web.governance.boards.agenda import LONGEST, Due
from joinedup_web.governance.boards.attending import quorum_of
from joinedup_web.governance.boards.checking import clean, locked, permitted, said, still_open
from joinedup_web.governance.boards.meeting_actions import put_due
from joinedup_web.governance.boards.models import Body
from joinedup_web.governance.boards.papers import lines, pointer
from joinedup_web.governance.boards.records import (
    ESCALATED,
    OPEN,
    Action,
    AgendaItem,
    Decision,
    Escalation,
    Meeting,
)
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def decide(
    *, by: Scope, item: AgendaItem, question: str, options: str, chosen: str, reason: str, evidence: str = "",
    dissent: str = "", review_on: date | None = None,
) -> Decision:  # fmt: skip
    """Record a decision. `options` one a line; `chosen` is one of them. Raises YourCommand without a quorum, before the
    day of the meeting, or with fewer than two options."""
    permitted(by, "meeting", item.place_id)
    meeting = still_open(item.meeting)
    _refuse_early(meeting)
    body = locked(meeting.body)
    quorum = quorum_of(meeting, item)
    if not quorum.met:
        raise YourCommand(
            f"Nothing can be decided. {quorum.words}", remedy="Record who is there, or defer the item."
        )
    offered, taken = lines(options), clean(chosen)
    if len(offered) < 2 or taken not in offered:
        raise YourCommand(
            "A decision has at least two options, and one of them is chosen.",
            remedy="Write the options one a line, and the chosen one just as it stands there.",
        )
    if review_on is not None and review_on <= meeting.on:
        raise YourCommand("It would be reviewed before it is taken.", remedy="Choose a later day.")
    with pghistory.context(why="decision"):
        return Decision.objects.create(
            place_id=item.place_id, body=body, item=item, number=next_number(Decision.objects.filter(body=body)),
            on=meeting.on, question=said(question, "The question"), options="\n".join(offered), chosen=taken,
            reason=said(reason, "The reason"), evidence=pointer(evidence), dissent=clean(dissent),
            present=quorum.present, review_on=review_on,
        )  # fmt: skip


@transaction.atomic
def take_back_decision(*, by: Scope, row: Decision, reason: str) -> Decision:
    """Take back a decision that was entered wrongly, while the record is open. It stays, struck through."""
    permitted(by, "meeting", row.place_id)
    still_open(row.item.meeting)
    found, why = locked(row), said(reason, "A reason")
    if found.taken_back:
        raise YourCommand("It is taken back already.", remedy="Nothing is left to do.")
    with pghistory.context(why=why):
        found.taken_back = why
        found.save(update_fields=["taken_back"])
    return found


@transaction.atomic
def review_decision(*, by: Scope, row: Decision, review: str, again_on: date | None = None) -> Decision:
    """Enter what came of looking at a decision again; `again_on` where it is to be looked at once more."""
    permitted(by, "meeting", row.place_id)
    found, today = locked(row), timezone.localdate()
    if found.taken_back or found.review_on is None or found.reviewed_on is not None:
        raise YourCommand("It does not wait for a review.", remedy="Nothing is left to do.")
    if again_on is not None and again_on <= today:
        raise YourCommand("The next review lies before today.", remedy="Choose a later day.")
    with pghistory.context(why="decision reviewed"):
        found.review = f"{found.review}\n{today:%-d %B %Y}: {said(review, 'What came of it')}".strip()
        found.review_on, found.reviewed_on = (again_on, None) if again_on else (found.review_on, today)
        found.save(update_fields=["review", "review_on", "reviewed_on"])
    return found


@transaction.atomic
def agree_action(*, by: Scope, item: AgendaItem, what: str, owner: str, due: date) -> Action:
    """Agree who does what by when."""
    permitted(by, "meeting", item.place_id)
    meeting = still_open(item.meeting)
    body = locked(meeting.body)
    if due < meeting.on:
        raise YourCommand("It would be due before it was agreed.", remedy="Choose a later day.")
    with pghistory.context(why="action agreed"):
        return Action.objects.create(
            place_id=item.place_id, body=body, item=item, number=next_number(Action.objects.filter(body=body)),
            what=said(what, "What is to be done"), owner=said(owner, "The owner"), due=due,
        )  # fmt: skip


@transaction.atomic
def finish_action(*, by: Scope, row: Action, outcome: str) -> Action:
    """Enter that an action is done, and what came of it."""
    permitted(by, "meeting", row.place_id)
    found = locked(row)
    if found.done_on is not None:
        raise YourCommand("It is done already.", remedy="Nothing is left to do.")
    with pghistory.context(why="action done"):
        found.done_on, found.outcome = timezone.localdate(), said(outcome, "What came of it")
        found.save(update_fields=["done_on", "outcome"])
    return found


@transaction.atomic
def reopen_action(*, by: Scope, row: Action, reason: str) -> Action:
    """Open an action again that was not done after all: the undoing of `finish_action`."""
    permitted(by, "meeting", row.place_id)
    found, why = locked(row), said(reason, "A reason")
    with pghistory.context(why=why):
        found.done_on = None
        found.save(update_fields=["done_on"])
    return found


@transaction.atomic
def escalate(*, by: Scope, item: AgendaItem, to_body: Body, ask: str) -> Escalation:
    """Pass an item to the body above or to an outside body, with what is asked of it.

    It stands on that body's next open agenda at once; where none is open, on the next that is opened.
    """
    permitted(by, "meeting", item.place_id)
    meeting = still_open(item.meeting)
    words = said(ask, "What is asked")
    if to_body.pk != meeting.body.reports_to_id and not (to_body.outside and to_body.pk != meeting.body_id):
        raise YourCommand(
            "An item goes to the body above or to an outside body.", remedy="Choose one from the list."
        )
    found = locked(item)
    if found.escalations.filter(to_body=to_body, taken_back="").exists():
        raise YourCommand("It has been passed there already.", remedy="Take that back first.")
    with pghistory.context(why=f"escalated to {to_body.slug}"):
        made = Escalation.objects.create(
            place_id=item.place_id, body_id=item.body_id, item=found, to_body=to_body, title=found.title, ask=words,
            made_on=timezone.localdate(),
        )  # fmt: skip
        _put_on_next(by, made)
    return made


@transaction.atomic
def take_back_escalation(*, by: Scope, row: Escalation, reason: str) -> Escalation:
    """Take back what was passed on, until it is answered: it comes off the agendas it stood on."""
    permitted(by, "meeting", row.place_id)
    found, why = locked(row), said(reason, "A reason")
    _refuse_answered(found)
    with pghistory.context(why=why):
        found.taken_back = why
        found.save(update_fields=["taken_back"])
        there = AgendaItem.objects.filter(kind=ESCALATED, about=str(found.pk), meeting__state__in=OPEN)
        for item in there.select_for_update():
            item.left_out = f"Taken back by {found.body}: {why}"[:LONGEST]
            item.save(update_fields=["left_out"])
    return found


@transaction.atomic
def answer_escalation(*, by: Scope, row: Escalation, answer: str) -> Escalation:
    """Enter what the other body answered."""
    permitted(by, "meeting", row.place_id)
    found = locked(row)
    _refuse_answered(found)
    with pghistory.context(why="escalation answered"):
        found.answer, found.answered_on = said(answer, "The answer"), timezone.localdate()
        found.save(update_fields=["answer", "answered_on"])
    return found


def _put_on_next(by: Scope, made: Escalation) -> None:
    """On the next open agenda of the other body, where its record is one's own to keep."""
    if not by.may_at("keep", "meeting", made.to_body.place_id):
        return
    coming = Meeting.objects.filter(body=made.to_body, state__in=OPEN, on__gte=timezone.localdate())
    meeting = coming.select_for_update().order_by("on").first()
    if meeting is not None:
        title = f"From {made.body}: {made.title}"[:LONGEST]
        put_due(meeting, Due(ESCALATED, str(made.pk), title, "decide"))


def _refuse_answered(row: Escalation) -> None:
    if row.answered_on is not None or row.taken_back:
        raise YourCommand("It is answered or taken back already.", remedy="Nothing is left to do.")


def _refuse_early(meeting: Meeting) -> None:
    if timezone.localdate() < meeting.on:
        raise YourCommand(
            f"The meeting is on {meeting.on:%-d %B %Y}.", remedy="Record what is decided on the day."
        )
