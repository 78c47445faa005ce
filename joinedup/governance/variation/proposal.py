"""A proposal folded from its events: where it stands, and which events may not follow.

What happened is recorded in whatever order it happened in the world; refused is only what cannot be: an answer to a
request that nobody made, a disagreement with comments that recommend nothing, a day before the proposal was told.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from joinedup.errors import YourCommand
from joinedup.governance.variation.events import (
    CallInAnswered,
    CallInRequested,
    Commented,
    Committed,
    Consulted,
    DatesChanged,
    Decided,
    Disagreed,
    Event,
    Proposed,
    Resolved,
    SecretaryDecided,
    ViewTaken,
    Withdrawn,
)

Kind = TypeVar("Kind")
MONTHS_OF_A_CALL_IN = 6
"""National Health Service Act 2006, Schedule 10A, paragraph 3(2)(a)."""


@dataclass(frozen=True)
class Proposal:
    """What the events come to. `comments_by` and `decision_by` are the days as last told."""

    proposed: Proposed
    events: tuple[Event, ...]
    comments_by: date | None = None
    decision_by: date | None = None
    latest: date = date.min
    done: frozenset[str] = field(default_factory=frozenset)

    def all_of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Events of one kind in their order."""
        return tuple(event for event in self.events if isinstance(event, kind))

    def last(self, kind: type[Kind]) -> Kind | None:
        """The last event of one kind."""
        found = self.all_of(kind)
        return found[-1] if found else None

    @property
    def substantial(self) -> bool | None:
        """The committee's last view; None where it has none, or cannot tell yet."""
        view = self.last(ViewTaken)
        return None if view is None or view.substantial == "cannot_tell_yet" else view.substantial == "yes"

    @property
    def withdrawn(self) -> bool:
        """Whether the proposer withdrew it."""
        return self.last(Withdrawn) is not None

    @property
    def awaits_answer(self) -> bool:
        """Whether a request for call-in has no answer yet."""
        asked = [event for event in self.events if isinstance(event, CallInRequested | CallInAnswered)]
        return bool(asked) and isinstance(asked[-1], CallInRequested)

    @property
    def called_in_by(self) -> date | None:
        """The last day of the six months in which the Secretary of State may decide; None where it is not called in.

        Six months beginning with the day of the direction: from 31 January they end on 30 July, from 31 August with
        February.
        """
        directions = [one for one in self.all_of(CallInAnswered) if one.called_in]
        if not directions:
            return None
        return _end_of_months(directions[-1].answered_on, MONTHS_OF_A_CALL_IN)


def proposal_of(events: Iterable[Event]) -> Proposal:
    """The proposal of events in the order of their recording. Raises YourCommand at the first that cannot be."""
    proposal: Proposal | None = None
    for event in events:
        proposal = _begun(event) if proposal is None else _after(proposal, event)
    if proposal is None:
        raise YourCommand("Nothing was proposed.", remedy="Record the proposal first.")
    return proposal


def _begun(event: Event) -> Proposal:
    if not isinstance(event, Proposed):
        raise YourCommand("Nothing was proposed yet.", remedy="Record the proposal first.")
    _check(_in_order(event.comments_by, event.decision_by), "Comments are asked for after the decision.")
    return Proposal(event, (event,), event.comments_by, event.decision_by, event.on, frozenset({event.what}))


def _after(proposal: Proposal, event: Event) -> Proposal:
    _check(not isinstance(event, Proposed), "It was proposed already.")
    _check(event.on >= proposal.latest, "Events are recorded in the order of days.")
    _check(not proposal.withdrawn or isinstance(event, Committed), "The proposal was withdrawn.")
    _check_possible(proposal, event)
    longer = replace(
        proposal, events=(*proposal.events, event), latest=event.on, done=proposal.done | {event.what}
    )
    if not isinstance(event, DatesChanged):
        return longer
    comments, decision = event.comments_by or proposal.comments_by, event.decision_by or proposal.decision_by
    _check(_in_order(comments, decision), "Comments are asked for after the decision.")
    return replace(longer, comments_by=comments, decision_by=decision)


def _check_possible(proposal: Proposal, event: Event) -> None:
    """Refuse what cannot be, each with the reason."""
    told = proposal.proposed.told_on
    if isinstance(event, DatesChanged):
        _check(event.comments_by is not None or event.decision_by is not None, "No day is given.")
    elif isinstance(event, Consulted):
        _check(event.begins <= event.ends, "A consultation ends after it begins.")
    elif isinstance(event, Commented):
        _check("consulted" in proposal.done, "No consultation is recorded yet.")
        _check(told <= event.sent_on <= event.on, "The day lies before the proposal, or ahead.")
    elif isinstance(event, Disagreed):
        comments = proposal.last(Commented)
        _check(
            comments is not None and comments.recommends, "No comments with a recommendation are recorded."
        )
    elif isinstance(event, Resolved):
        _check("disagreed" in proposal.done, "No disagreement is recorded.")
    elif isinstance(event, Decided):
        _check(told <= event.decided_on <= event.on, "The day lies before the proposal, or ahead.")
    else:
        _check_call_in(proposal, event)


def _check_call_in(proposal: Proposal, event: Event) -> None:
    if isinstance(event, CallInRequested):
        _check(not proposal.awaits_answer, "A request waits for its answer already.")
        _check(
            proposal.proposed.told_on <= event.requested_on <= event.on,
            "The day lies before the proposal, or ahead.",
        )
    elif isinstance(event, CallInAnswered):
        asked = proposal.last(CallInRequested)
        _check(asked is not None and proposal.awaits_answer, "No request for call-in waits for an answer.")
        _check(
            asked is None or asked.requested_on <= event.answered_on <= event.on,
            "The day lies before the request, or ahead.",
        )
    elif isinstance(event, SecretaryDecided):
        _check(proposal.called_in_by is not None, "The proposal was not called in.")
        answered = [one for one in proposal.all_of(CallInAnswered) if one.called_in]
        _check(
            answered[-1].answered_on <= event.decided_on <= event.on,
            "The day lies before the direction, or ahead.",
        )


def _end_of_months(first: date, months: int) -> date:
    """The last day of so many months that begin with a day."""
    year, month = first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1
    days = monthrange(year, month)[1]
    return date(year, month, first.day) - timedelta(days=1) if first.day <= days else date(year, month, days)


def _in_order(comments: date | None, decision: date | None) -> bool:
    return comments is None or decision is None or comments <= decision


def _check(holds: bool, why: str) -> None:
    if not holds:
        raise YourCommand(why, remedy="Look at what is recorded, and enter it as it was.")
