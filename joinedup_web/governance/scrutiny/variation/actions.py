"""What people record of a proposal. Triggers write the audit; every event is added, none is changed.

The officer records what happened; what is the committee's (its view, its comments, whether an agreement was reached,
its request for call-in) is recorded by the chair.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pghistory
from django.db import transaction

from joinedup.definitions.measure import Measure
from joinedup.errors import UnknownName, YourCommand
from joinedup.governance.events import Raised, Recorded
from joinedup.governance.variation import events as happened
from joinedup.governance.variation.events import proposal_event
from joinedup.governance.variation.proposal import proposal_of
from joinedup_web.governance.scrutiny.actions import raise_row
from joinedup_web.governance.scrutiny.chains import add, events_of, nobody, person_of, said, told
from joinedup_web.governance.scrutiny.variation.asking import KIND, tracker_of
from joinedup_web.governance.scrutiny.variation.records import Proposal
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

PROMISED = "as promised"
"""What says until when a commitment is due: neither a clock nor the sheet."""


@transaction.atomic
def propose(
    *, by: Scope, place: Place, committee: str, title: str, about: str, proposer: str, service: str,
    boroughs: Sequence[str], told_on: date, comments_by: date | None, decision_by: date | None, source: str, why: str,
) -> Proposal:  # fmt: skip
    """Record a proposal that the council was told of. Raises YourCommand where words are missing or days are not in
    order."""
    event = happened.Proposed(
        **told(by, "keep", KIND, place.code, why), title=said(title, "The proposal"), about=nobody(about),
        proposer=said(proposer, "Who proposes it"), service=said(service, "The service"), told_on=told_on,
        boroughs=_named(boroughs, "A borough"), comments_by=comments_by, decision_by=decision_by,
        source=nobody(source),
    )  # fmt: skip
    if told_on > event.on:
        raise YourCommand("That day lies ahead.", remedy="Give the day on which the council was told.")
    with pghistory.context(why=event.why):
        row = Proposal.objects.create(
            place=place, committee=said(committee, "The committee"), title=event.title
        )
        return _add(by, row, event)


@transaction.atomic
def change_dates(
    *, by: Scope, of: Proposal, comments_by: date | None, decision_by: date | None, why: str
) -> Proposal:
    """Record other days that the proposer told."""
    event = happened.DatesChanged(
        **_told(by, "keep", of, why), comments_by=comments_by, decision_by=decision_by
    )
    return _add(by, of, event)


@transaction.atomic
def take_view(*, by: Scope, of: Proposal, substantial: happened.Substantial, why: str) -> Proposal:
    """Record the committee's view whether the change is substantial."""
    return _add(by, of, happened.ViewTaken(**_told(by, "decide", of, why), substantial=substantial))


@transaction.atomic
def name_consultees(*, by: Scope, of: Proposal, committees: Sequence[str], joint: str, why: str) -> Proposal:
    """Record which committees are consulted, and the joint committee."""
    event = happened.ConsulteesNamed(
        **_told(by, "keep", of, why), committees=_named(committees, "A committee"), joint=nobody(joint)
    )
    return _add(by, of, event)


@transaction.atomic
def consult(*, by: Scope, of: Proposal, begins: date, ends: date, how: str, why: str) -> Proposal:
    """Record a consultation."""
    event = happened.Consulted(**_told(by, "keep", of, why), begins=begins, ends=ends, how=said(how, "How"))
    return _add(by, of, event)


@transaction.atomic
def add_measure(*, by: Scope, of: Proposal, measure: str, why: str) -> Proposal:
    """Add a measure as evidence, by its name or number."""
    try:
        found = Measure.load(measure.strip())
    except UnknownName as error:
        raise YourCommand(error.message, remedy=error.remedy) from error
    event = happened.EvidenceAdded(
        **_told(by, "keep", of, why), kind="measure", label=found.title, where=found.id
    )
    return _add(by, of, event)


@transaction.atomic
def add_document(*, by: Scope, of: Proposal, label: str, where: str, sha256: str, why: str) -> Proposal:
    """Add a document as evidence: what it is, where it lies, its sha256 where it is known."""
    event = happened.EvidenceAdded(
        **_told(by, "keep", of, why), kind="document", label=said(label, "The document"),
        where=said(where, "Where it lies"), sha256=sha256,
    )  # fmt: skip
    return _add(by, of, event)


@transaction.atomic
def comment(*, by: Scope, of: Proposal, comments: str, recommends: bool, sent_on: date, why: str) -> Proposal:
    """Record the committee's comments, and whether they hold a recommendation."""
    event = happened.Commented(
        **_told(by, "decide", of, why),
        comments=said(comments, "The comments"),
        recommends=recommends,
        sent_on=sent_on,
    )
    return _add(by, of, event)


@transaction.atomic
def disagree(*, by: Scope, of: Proposal, reasons: str, why: str) -> Proposal:
    """Record that the proposer disagrees with a recommendation."""
    return _add(
        by, of, happened.Disagreed(**_told(by, "keep", of, why), reasons=said(reasons, "The reasons"))
    )


@transaction.atomic
def resolve(*, by: Scope, of: Proposal, steps: str, agreed: bool, why: str) -> Proposal:
    """Record what both did to agree, and whether they did."""
    event = happened.Resolved(
        **_told(by, "decide", of, why), steps=said(steps, "What was done"), agreed=agreed
    )
    return _add(by, of, event)


@transaction.atomic
def decided(
    *, by: Scope, of: Proposal, decision: happened.Decision, words: str, decided_on: date, why: str
) -> Proposal:
    """Record what the proposer decided."""
    event = happened.Decided(
        **_told(by, "keep", of, why),
        decision=decision,
        words=said(words, "The decision"),
        decided_on=decided_on,
    )
    return _add(by, of, event)


@transaction.atomic
def request_call_in(
    *, by: Scope, of: Proposal, from_whom: str, grounds: str, requested_on: date, why: str
) -> Proposal:
    """Record that somebody asked the Secretary of State to call the proposal in: the committee, or anybody else."""
    event = happened.CallInRequested(
        **_told(by, "decide", of, why), from_whom=said(from_whom, "Who asks"), grounds=said(grounds, "The grounds"),
        requested_on=requested_on,
    )  # fmt: skip
    return _add(by, of, event)


@transaction.atomic
def answer_call_in(
    *, by: Scope, of: Proposal, called_in: bool, answered_on: date, words: str, why: str
) -> Proposal:
    """Record what the Secretary of State answered."""
    event = happened.CallInAnswered(
        **_told(by, "keep", of, why), called_in=called_in, answered_on=answered_on, words=nobody(words)
    )
    return _add(by, of, event)


@transaction.atomic
def secretary_decides(*, by: Scope, of: Proposal, words: str, decided_on: date, why: str) -> Proposal:
    """Record what the Secretary of State decided on a proposal that was called in."""
    event = happened.SecretaryDecided(
        **_told(by, "keep", of, why), words=said(words, "The decision"), decided_on=decided_on
    )
    return _add(by, of, event)


@transaction.atomic
def commit(*, by: Scope, of: Proposal, commitment: str, due: date | None, why: str) -> Proposal:
    """Record a commitment of the proposer: it becomes a row of the committee's tracker, which closes on evidence.

    Raises YourCommand where the committee has no tracker.
    """
    start, text = _told(by, "keep", of, why), said(commitment, "The commitment")
    tracker = tracker_of(of)
    if tracker is None:
        raise YourCommand(f"{of.committee} has no tracker yet.", remedy="Bring one in first.")
    proposed = proposal_of(events_of(of, proposal_event)).proposed
    raised = Raised(
        **start, kind="recommendation", text=text, topic=of.title, committee=of.committee, to_whom=proposed.proposer,
        asked_on=start["on"], due=due, due_by=PROMISED if due else "",
    )  # fmt: skip
    row = raise_row(tracker=tracker, raised=raised, person=person_of(by))
    return _add(by, of, happened.Committed(**start, commitment=text, due=due, recommendation=str(row.pk)))


@transaction.atomic
def withdraw(*, by: Scope, of: Proposal, why: str) -> Proposal:
    """Record that the proposer withdrew the proposal. Commitments go on."""
    return _add(by, of, happened.Withdrawn(**_told(by, "keep", of, why)))


def _named(words: Sequence[str], what: str) -> tuple[str, ...]:
    """Names, one each. Raises YourCommand for none."""
    found = tuple(nobody(word) for word in words if word.strip())
    if not found:
        raise YourCommand(f"{what} is missing.", remedy="Name at least one.")
    return found


def _told(by: Scope, action: str, of: Proposal, why: str) -> dict[str, Any]:
    return told(by, action, KIND, of.place_id, why)


def _add(by: Scope, row: Proposal, event: Recorded) -> Proposal:
    return add(row, event, read=proposal_event, fold=proposal_of, person=person_of(by))
