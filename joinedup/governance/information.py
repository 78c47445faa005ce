"""A request for information under the Freedom of Information Act: received, clarified, answered, reviewed.

It never says who asked: there is no field for it. Events are only added; the day due follows from them by the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.errors import YourCommand, YourData
from joinedup.governance.events import Recorded
from joinedup.governance.evidence import Text

Outcome = Literal["in_full", "in_part", "refused", "not_held"]
Code = Annotated[str, StringConstraints(pattern="^[A-Z2-7]{10}$")]
"""The code of a released number: ten characters in base32."""
WITHHELD: frozenset[Outcome] = frozenset({"in_part", "refused"})


class Received(Recorded):
    """A request came: what is asked, and the day. `title` is ours, so that it can be found again."""

    what: Literal["received"] = "received"
    title: Text
    asked: Text
    received_on: date


class ClarificationAsked(Recorded):
    """The council asks what it reasonably needs to find the information (section 1(3)): the clock stands."""

    what: Literal["clarification_asked"] = "clarification_asked"
    asked_on: date


class Clarified(Recorded):
    """What was needed came: the clock begins anew."""

    what: Literal["clarified"] = "clarified"
    received_on: date


class Extended(Recorded):
    """The council needs longer to weigh the public interest of a qualified ground (section 10(3)), until a day."""

    what: Literal["extended"] = "extended"
    until: date
    section: Text


class Answered(Recorded):
    """The answer: how much was given, on which grounds something was withheld, and which figures it rests on.

    `codes` are those of released numbers; `datasets` say in words which dataset, release or measure was used.
    """

    what: Literal["answered"] = "answered"
    answered_on: date
    outcome: Outcome
    answer: Text
    sections: tuple[Text, ...] = ()
    codes: tuple[Code, ...] = ()
    datasets: tuple[Text, ...] = ()
    link: str = ""


class ReviewAsked(Recorded):
    """Whoever asked is not content and asks for an internal review."""

    what: Literal["review_asked"] = "review_asked"
    asked_on: date


class Reviewed(Answered):
    """The outcome of the internal review, as the answer now stands."""

    what: Literal["reviewed"] = "reviewed"  # type: ignore[assignment]  # its own kind of answer


class Withdrawn(Recorded):
    """The request was withdrawn, or what was needed never came."""

    what: Literal["withdrawn"] = "withdrawn"


Event = Received | ClarificationAsked | Clarified | Extended | Answered | ReviewAsked | Reviewed | Withdrawn
_READ: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="what")])


class Stage(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    CLARIFYING = "waiting for clarification"
    ANSWERED = "answered"
    IN_REVIEW = "in review"
    WITHDRAWN = "withdrawn"


MAY_FOLLOW: Mapping[type[Event], frozenset[Stage]] = {
    ClarificationAsked: frozenset({Stage.OPEN}),
    Clarified: frozenset({Stage.CLARIFYING}),
    Extended: frozenset({Stage.OPEN}),
    Answered: frozenset({Stage.OPEN, Stage.CLARIFYING}),
    ReviewAsked: frozenset({Stage.ANSWERED}),
    Reviewed: frozenset({Stage.IN_REVIEW}),
    Withdrawn: frozenset({Stage.OPEN, Stage.CLARIFYING}),
}
"""In which stage each event may be recorded."""


@dataclass(frozen=True)
class Request:
    """What the events come to. `due` is the day by which an answer, or the review, is in time; None where no clock
    runs. `answer` is the last; `days_late` how many days after its day the first answer came."""

    received: Received
    stage: Stage = Stage.OPEN
    due: date | None = None
    answer: Answered | None = None
    first_answer: Answered | None = None
    days_late: int = 0
    latest: date = date.min
    happened: date = date.min

    def overdue(self, today: date) -> int:
        """Days since it was due and nothing came; 0 where no clock runs, or it is not over."""
        return max((today - self.due).days, 0) if self.due is not None else 0


def request_event(kept: Any) -> Event:
    """The event of its JSON form. Raises YourData."""
    try:
        return _READ.validate_python(kept)
    except ValidationError as error:
        raise YourData("This is no event of a request.", remedy="Take it as joinedup wrote it.") from error


def request_of(events: Iterable[Event]) -> Request:
    """The request of events in their order. Raises YourCommand at the first that may not follow."""
    request: Request | None = None
    for event in events:
        request = _begun(event) if request is None else _after(request, event)
    if request is None:
        raise YourCommand("Nothing was received.", remedy="Record the request first.")
    return request


def _begun(event: Event) -> Request:
    if not isinstance(event, Received):
        raise YourCommand("Nothing was received yet.", remedy="Record the request first.")
    _check(event.received_on <= event.on, "That day lies ahead.")
    due = InformationLaw.load().due(event.received_on)
    return Request(event, due=due, latest=event.on, happened=event.received_on)


def _after(request: Request, event: Event) -> Request:
    if isinstance(event, Received):
        raise YourCommand("It was received already.", remedy="Record another request.")
    _check(event.on >= request.latest, "Events are recorded in the order of days.")
    if request.stage not in MAY_FOLLOW[type(event)]:
        raise YourCommand(
            f"This cannot be recorded while the request is {request.stage}.", remedy="Look at its history."
        )
    changed = _FOLLOWS[type(event)](request, event)
    _check(request.happened <= changed.happened <= event.on, "That day lies before what happened, or ahead.")
    return replace(changed, latest=event.on)


def _asked(request: Request, event: ClarificationAsked) -> Request:
    return replace(request, stage=Stage.CLARIFYING, due=None, happened=event.asked_on)


def _clarified(request: Request, event: Clarified) -> Request:
    due = InformationLaw.load().due(event.received_on)
    return replace(request, stage=Stage.OPEN, due=due, happened=event.received_on)


def _extended(request: Request, event: Extended) -> Request:
    ground = InformationLaw.load().ground(event.section)
    _check(
        ground is not None and ground.kind == "qualified", "Longer is for weighing a qualified ground alone."
    )
    _check(request.due is not None and event.until > request.due, "That is no later day.")
    return replace(request, due=event.until)


def _answered(request: Request, event: Answered) -> Request:
    """An answer; where something is withheld it says on which ground, and on none else."""
    law = InformationLaw.load()
    unknown = [section for section in event.sections if law.ground(section) is None]
    _check(not unknown, f"No such ground: section {', '.join(unknown)}.")
    _check(
        bool(event.sections) == (event.outcome in WITHHELD),
        "What is withheld has a ground, and nothing else has.",
    )
    late = max((event.answered_on - request.due).days, 0) if request.due is not None else 0
    first = request.first_answer or event
    return replace(
        request, stage=Stage.ANSWERED, due=None, answer=event, first_answer=first, happened=event.answered_on,
        days_late=request.days_late if request.first_answer else late,
    )  # fmt: skip


def _review_asked(request: Request, event: ReviewAsked) -> Request:
    due = InformationLaw.load().review_due(event.asked_on)
    return replace(request, stage=Stage.IN_REVIEW, due=due, happened=event.asked_on)


def _withdrawn(request: Request, event: Withdrawn) -> Request:
    return replace(request, stage=Stage.WITHDRAWN, due=None)


_FOLLOWS: Mapping[type[Event], Callable[[Request, Any], Request]] = {
    ClarificationAsked: _asked,
    Clarified: _clarified,
    Extended: _extended,
    Answered: _answered,
    ReviewAsked: _review_asked,
    Reviewed: _answered,
    Withdrawn: _withdrawn,
}


def _check(holds: bool, why: str) -> None:
    if not holds:
        raise YourCommand(why, remedy="Look at what is recorded, and enter it as it was.")
