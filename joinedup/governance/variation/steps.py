"""Which steps of the workflow are done, due, late, open or not needed for a proposal; and what stands out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from joinedup.definitions.variation import StepOfLaw, Workflow
from joinedup.governance.variation.events import (
    Commented,
    Consulted,
    Decided,
    Disagreed,
    Resolved,
    SecretaryDecided,
)
from joinedup.governance.variation.proposal import Proposal


class Standing(StrEnum):
    """How a step stands."""

    DONE = "done"
    DUE = "to be done"
    LATE = "late"
    POSSIBLE = "possible"
    NOT_YET = "not yet"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True)
class StepNow:
    """A step of the workflow, how it stands for one proposal, and the day by which it is due where there is one."""

    step: StepOfLaw
    standing: Standing
    due: date | None = None


def steps_of(proposal: Proposal, workflow: Workflow, today: date) -> tuple[StepNow, ...]:
    """Every step of the workflow in its order, as it stands on a day."""
    return tuple(_now(proposal, step, today) for step in workflow.steps)


def _now(proposal: Proposal, step: StepOfLaw, today: date) -> StepNow:
    due: date | None = getattr(proposal, step.due) if step.due else None
    if _done(proposal, step.slug):
        return StepNow(step, Standing.DONE, due)
    if proposal.withdrawn or (step.only_if_substantial and proposal.substantial is False):
        return StepNow(step, Standing.NOT_NEEDED)
    if not _open(proposal, step):
        return StepNow(
            step, Standing.LATE if _passed(due, today) and not step.optional else Standing.NOT_YET, due
        )
    if _passed(due, today):
        return StepNow(step, Standing.LATE, due)
    demanded = not step.optional or _demanded(proposal, step.slug)
    return StepNow(step, Standing.DUE if demanded else Standing.POSSIBLE, due)


def _done(proposal: Proposal, slug: str) -> bool:
    """A request that waits for its answer opens that step again, as a disagreement opens that of resolution."""
    if slug == "call_in_answered":
        return slug in proposal.done and not proposal.awaits_answer
    if slug == "resolved":
        return slug in proposal.done and not _unresolved(proposal)
    if slug == "secretary_decided":
        return slug in proposal.done
    if slug == "view_taken":
        return proposal.substantial is not None
    return slug in proposal.done


def _open(proposal: Proposal, step: StepOfLaw) -> bool:
    if step.slug == "disagreed":
        comments = proposal.last(Commented)
        return comments is not None and comments.recommends
    if step.slug == "secretary_decided":
        return proposal.called_in_by is not None
    return set(step.after) <= proposal.done


def _demanded(proposal: Proposal, slug: str) -> bool:
    """Steps that are needed once another has come: resolution after disagreement, an answer to a request."""
    if slug == "resolved":
        return _unresolved(proposal)
    return slug == "call_in_answered" and proposal.awaits_answer


def _unresolved(proposal: Proposal) -> bool:
    found = [event for event in proposal.events if isinstance(event, Disagreed | Resolved)]
    return bool(found) and isinstance(found[-1], Disagreed)


def _passed(due: date | None, today: date) -> bool:
    return due is not None and due < today


def cautions(proposal: Proposal) -> Iterator[str]:
    """What stands out in the record, in sentences; the committee judges what follows from it."""
    decided, consulted = proposal.last(Decided), proposal.last(Consulted)
    if decided is not None and proposal.substantial:
        if consulted is None:
            yield "It was decided without a consultation on record, though the committee holds it to be substantial."
        elif decided.decided_on < consulted.ends:
            yield "It was decided before the consultation ended."
    if decided is not None and proposal.comments_by is not None and decided.decided_on < proposal.comments_by:
        yield "It was decided before the day by which comments were asked for."
    if decided is not None and _unresolved(proposal):
        yield "It was decided while a disagreement was not resolved."
    if consulted is not None and proposal.substantial is False:
        yield "A consultation is on record, though the committee holds the change not to be substantial."
    comments = proposal.last(Commented)
    if comments is not None and proposal.comments_by is not None and comments.sent_on > proposal.comments_by:
        yield "The committee's comments were sent after the day that was asked for."
    direction = proposal.called_in_by
    ruling = proposal.last(SecretaryDecided)
    if direction is not None and ruling is not None and ruling.decided_on > direction:
        yield "The Secretary of State decided after the six months of Schedule 10A."
