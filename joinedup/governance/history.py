"""The history of one recommendation: events in the order in which they were recorded, and the state they come to.

A status is never written down: it is folded from the events, so that none exists without what led to it. `recorded` is
the one way to add an event, and a history cannot be built of events that do not follow one another by the rules.

It closes only when a person accepts evidence that meets its own test. When later figures fail the test, or the figures
that it was accepted on are revised and fail, it reopens by itself and says whom to tell. A reopening stays for good.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from joinedup.errors import YourCommand
from joinedup.governance.events import (
    ActionTaken,
    Amended,
    Answered,
    Asked,
    ClaimedDone,
    Event,
    EvidenceAccepted,
    EvidenceOffered,
    EvidenceRefused,
    FiguresArrived,
    Raised,
    TestSet,
    Withdrawn,
)
from joinedup.governance.evidence import (
    Document,
    DocumentTest,
    Figures,
    MeasureTest,
    Point,
    Verdict,
    drifted,
    in_order,
    judge,
)

TELL = "chair"
"""Who is told when it reopens: the role of the committee's chair."""


class Status(StrEnum):
    """Where it stands."""

    AWAITING_RESPONSE = "awaiting response"
    ANSWERED = "answered"
    CLAIMED_DONE = "claimed done"
    EVIDENCE_OFFERED = "evidence offered"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


OPEN = frozenset(Status) - {Status.CLOSED, Status.WITHDRAWN}
MAY_FOLLOW: Mapping[type[Event], frozenset[Status]] = {
    Amended: frozenset(Status) - {Status.WITHDRAWN},
    TestSet: OPEN,
    Answered: OPEN,
    ActionTaken: frozenset(Status) - {Status.WITHDRAWN},
    ClaimedDone: OPEN - {Status.EVIDENCE_OFFERED},
    EvidenceOffered: OPEN,
    EvidenceAccepted: frozenset({Status.EVIDENCE_OFFERED}),
    EvidenceRefused: frozenset({Status.EVIDENCE_OFFERED}),
    FiguresArrived: frozenset(Status) - {Status.WITHDRAWN},
    Withdrawn: OPEN,
}
"""In which status each event may be recorded; `Raised` begins a history and follows nothing."""


@dataclass(frozen=True)
class Reopening:
    """It was closed, and is open again: when, with which figure, why in a sentence, and whom to tell."""

    on: date
    point: Point
    why: str
    tell: str = TELL


@dataclass(frozen=True)
class Acceptance:
    """Evidence that was accepted and met the test: when, by which role, why, what the test said, and the figures it
    rests on (none for a document)."""

    on: date
    by: str
    why: str
    test: MeasureTest | DocumentTest
    evidence: Figures | Document
    verdict: str
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class State:
    """What the events come to. `raised` is as it reads after corrections; `changes` are the statuses in order, each
    with day, role and reason; `figures` all that arrived. Of the test's series, `known` came before evidence was last
    offered, accepted or refused, `since` after it.
    """

    raised: Raised
    status: Status = Status.AWAITING_RESPONSE
    test: MeasureTest | DocumentTest | None = None
    answered: Answered | None = None
    actions: tuple[ActionTaken, ...] = ()
    offered: EvidenceOffered | None = None
    figures: tuple[FiguresArrived, ...] = ()
    known: tuple[Point, ...] = ()
    since: tuple[Point, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    reopenings: tuple[Reopening, ...] = ()
    changes: tuple[tuple[date, Status, str, str], ...] = ()
    latest: date = date.min

    def overdue(self, today: date) -> int:
        """Days since a response was due and none came; 0 when it is not due, or came. No clock: 0."""
        due, waits = self.raised.due, self.answered is None and self.status in OPEN
        return max((today - due).days, 0) if waits and due is not None else 0


@dataclass(frozen=True)
class History:
    """Events that follow one another by the rules; built of others it raises YourCommand."""

    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        """Fold once, so that an impossible history does not exist."""
        object.__setattr__(self, "_state", fold(self.events))

    @property
    def state(self) -> State:
        """Where it stands after the last event."""
        state: State = object.__getattribute__(self, "_state")
        return state

    def as_at(self, day: date) -> State | None:
        """Where it stood at the end of a day, or None before it was raised."""
        known = tuple(event for event in self.events if event.on <= day)
        return fold(known) if known else None

    def recorded(self, event: Event) -> History:
        """The history with one more event; this one stays as it is. Raises YourCommand, which says what is missing."""
        return History((*self.events, event))

    @property
    def seals(self) -> tuple[str, ...]:
        """A sha256 for each event over it and all before it: a kept history whose seals differ was altered."""
        seals: list[str] = []
        for event in self.events:
            text = json.dumps(event.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
            seals.append(hashlib.sha256(f"{seals[-1] if seals else ''}{text}".encode()).hexdigest())
        return tuple(seals)


def fold(events: Iterable[Event]) -> State:
    """The state of events in their order. Raises YourCommand at the first that may not follow."""
    state: State | None = None
    for event in events:
        state = _begun(event) if state is None else _after(state, event)
    if state is None:
        raise YourCommand("A history begins with what was recommended or asked.", remedy="Raise it first.")
    return state


def _begun(event: Event) -> State:
    if not isinstance(event, Raised):
        raise YourCommand("Nothing was recommended or asked yet.", remedy="Raise it first.")
    begun = State(event, latest=event.on)
    return replace(begun, changes=((event.on, begun.status, event.by, event.why),))


def _after(state: State, event: Event) -> State:
    if isinstance(event, Raised):
        raise YourCommand("It was raised already.", remedy="Raise a new one.")
    if event.on < state.latest:
        raise YourCommand(
            "Events are recorded in the order of days.",
            remedy="Record it with today's day, and say when it was.",
        )
    if state.status not in MAY_FOLLOW[type(event)]:
        raise YourCommand(
            f"This cannot be recorded while the status is {state.status}.",
            remedy="Look at its history: `joinedup scrutiny show`.",
        )
    return replace(_FOLLOWS[type(event)](state, event), latest=event.on)


def _changed(state: State, event: Event, status: Status, by: str, why: str) -> State:
    if state.status == status:
        return state
    return replace(state, status=status, changes=(*state.changes, (event.on, status, by, why)))


def _amended(state: State, event: Amended) -> State:
    """When, by whom and why it was raised stays; what was raised reads as corrected."""
    now = {name: getattr(event, name) for name in Asked.model_fields if name not in ("on", "by", "why")}
    return replace(state, raised=state.raised.model_copy(update=now))


def _test_set(state: State, event: TestSet) -> State:
    series = event.test.series if isinstance(event.test, MeasureTest) else None
    known = (point for found in state.figures if found.series == series for point in found.points)
    return replace(state, test=event.test, known=in_order(known), since=())


def _answered(state: State, event: Answered) -> State:
    state = replace(state, answered=event)
    if state.status is not Status.AWAITING_RESPONSE:
        return state
    return _changed(state, event, Status.ANSWERED, event.by, event.why)


def _acted(state: State, event: ActionTaken) -> State:
    return replace(state, actions=(*state.actions, event))


def _claimed(state: State, event: ClaimedDone) -> State:
    return _changed(state, event, Status.CLAIMED_DONE, event.by, event.why)


def _offered(state: State, event: EvidenceOffered) -> State:
    if state.test is None:
        raise YourCommand(
            "It has no test that evidence could meet.", remedy="Say first what would show that it was done."
        )
    return _changed(
        replace(_settled(state), offered=event), event, Status.EVIDENCE_OFFERED, event.by, event.why
    )


def _settled(state: State) -> State:
    return replace(state, known=in_order((*state.known, *state.since)), since=())


def _accepted(state: State, event: EvidenceAccepted) -> State:
    if state.test is None or state.offered is None:
        raise YourCommand("There is no evidence, or no test of it.", remedy="Offer evidence first.")
    if event.by.casefold() == state.offered.by.casefold():
        raise YourCommand("Whoever offers evidence does not accept it.", remedy="Let another role accept it.")
    evidence, points = state.offered.evidence, _deciding(state)
    merged = evidence.model_copy(update={"points": points}) if points else evidence
    verdict, words = judge(state.test, merged)
    if verdict is Verdict.MET and state.reopenings and points:
        verdict, words = _not_from_before(state.reopenings[-1].point, points, words)
    if verdict is not Verdict.MET:
        raise YourCommand(
            f"The evidence does not meet the test: {words}",
            remedy="Offer evidence that does, refuse it, or set another test and say why.",
        )
    held = Acceptance(event.on, event.by, event.why, state.test, evidence, words, points)
    closed = replace(_settled(state), accepted=(*state.accepted, held))
    return _changed(closed, event, Status.CLOSED, event.by, event.why)


def _deciding(state: State) -> tuple[Point, ...]:
    """The last figures that the test asks for: of the evidence, and of what arrived before and since. Nobody closes on
    chosen months when later ones are known, nor with other figures than those that arrived."""
    evidence = state.offered.evidence if state.offered else None
    if not isinstance(state.test, MeasureTest) or not isinstance(evidence, Figures):
        return ()
    kind = evidence.points[0].span.kind
    known, since = (
        [point for point in points if point.span.kind == kind] for points in (state.known, state.since)
    )
    return in_order((*evidence.points, *known, *since))[-state.test.points :]


def _not_from_before(failed: Point, points: tuple[Point, ...], words: str) -> tuple[Verdict, str]:
    """After a reopening the figures that once closed it do not close it again."""
    if points[0].span.start > failed.span.end:
        return Verdict.MET, words
    return Verdict.NOT_MET, f"It reopened with {failed.period}; the figures have to be of later periods."


def _refused(state: State, event: EvidenceRefused) -> State:
    status = Status.REOPENED if state.reopenings else Status.ANSWERED
    if state.answered is None and not state.reopenings:
        status = Status.AWAITING_RESPONSE
    return _changed(replace(_settled(state), offered=None), event, status, event.by, event.why)


def _arrived(state: State, event: FiguresArrived) -> State:
    """Figures are kept, whatever their series, for tests to come; those of the test's own may reopen what is closed."""
    test, state = state.test, replace(state, figures=(*state.figures, event))
    if not isinstance(test, MeasureTest) or event.series != test.series:
        return state
    state = replace(state, since=in_order((*state.since, *event.points)))
    return _reopened(state, test, event) if state.status is Status.CLOSED else state


def _reopened(state: State, test: MeasureTest, event: FiguresArrived) -> State:
    held = state.accepted[-1].points
    kind = held[-1].span.kind
    since = {point.period: point for point in state.since if point.span.kind == kind}
    for new in (since[old.period] for old in held if old.period in since):
        if new.value is not None and not test.passes(new.value):
            return _open_again(
                state, event, new, f"The figure of {new.period} was revised and fails the test."
            )
    later = drifted(test, since.values(), after=held[-1].span.end)
    if later is None:
        return state
    return _open_again(state, event, later, f"The figure of {later.period} fails the test: it drifted back.")


def _open_again(state: State, event: FiguresArrived, point: Point, why: str) -> State:
    reopening = Reopening(event.on, point, why)
    opened = replace(_settled(state), reopenings=(*state.reopenings, reopening), offered=None)
    return _changed(opened, event, Status.REOPENED, event.by, why)


def _withdrawn(state: State, event: Withdrawn) -> State:
    return _changed(state, event, Status.WITHDRAWN, event.by, event.why)


_FOLLOWS: Mapping[type[Event], Callable[[State, Any], State]] = {
    Amended: _amended,
    TestSet: _test_set,
    Answered: _answered,
    ActionTaken: _acted,
    ClaimedDone: _claimed,
    EvidenceOffered: _offered,
    EvidenceAccepted: _accepted,
    EvidenceRefused: _refused,
    FiguresArrived: _arrived,
    Withdrawn: _withdrawn,
}
