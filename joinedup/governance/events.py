"""What can happen to a recommendation or a request for information. Events are only ever added.

Each says the day on which it was recorded, which role recorded it (never a person's name), and why.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from joinedup.definitions.scrutiny import Answer, Kind
from joinedup.errors import YourData
from joinedup.governance.evidence import Evidence, EvidenceTest, Frozen, Point, Series, Text


class Recorded(Frozen):
    """What every event says."""

    on: date
    by: Text
    why: Text


class Asked(Recorded):
    """What the committee recommends or asks. `due` is as the clock or the sheet says."""

    kind: Kind
    text: str = ""
    topic: str = ""
    committee: str = ""
    meeting: date | None = None
    to_whom: str = ""
    asked_on: date | None = None
    due: date | None = None
    due_by: str = ""
    measures: tuple[str, ...] = ()


class Raised(Asked):
    """The committee recommends or asks: first of every history."""

    what: Literal["raised"] = "raised"


class Amended(Asked):
    """The committee corrects what it recommended or asked: all of it as it reads from now on. The test stays."""

    what: Literal["amended"] = "amended"


class TestSet(Recorded):
    """The committee says what would show that it was done."""

    __test__ = False  # pytest takes every class whose name begins so for tests
    what: Literal["test_set"] = "test_set"
    test: EvidenceTest


class Answered(Recorded):
    """The body responds: accepted, in part, not accepted and why, or the information supplied."""

    what: Literal["answered"] = "answered"
    answer: Answer | None = None
    response: str = ""
    received_on: date | None = None
    reasons: str = ""


class ActionTaken(Recorded):
    """An action, promised or done, in the words of whoever reports it."""

    what: Literal["action_taken"] = "action_taken"
    action: Text


class ClaimedDone(Recorded):
    """Somebody says that it is done. It closes nothing."""

    what: Literal["claimed_done"] = "claimed_done"
    said: str = ""


class EvidenceOffered(Recorded):
    """Evidence that the test is met."""

    what: Literal["evidence_offered"] = "evidence_offered"
    evidence: Evidence


class EvidenceAccepted(Recorded):
    """A person, other in role than whoever offered it, accepts the evidence: the one way to close."""

    what: Literal["evidence_accepted"] = "evidence_accepted"


class EvidenceRefused(Recorded):
    """A person does not accept the evidence."""

    what: Literal["evidence_refused"] = "evidence_refused"


class FiguresArrived(Recorded):
    """Later released figures of a series, or revised ones."""

    what: Literal["figures_arrived"] = "figures_arrived"
    series: Series
    points: tuple[Point, ...] = Field(min_length=1)


class Withdrawn(Recorded):
    """The committee takes it back. It is not closed as done, and what happened stays."""

    what: Literal["withdrawn"] = "withdrawn"


Event = (
    Raised
    | Amended
    | TestSet
    | Answered
    | ActionTaken
    | ClaimedDone
    | EvidenceOffered
    | EvidenceAccepted
    | EvidenceRefused
    | FiguresArrived
    | Withdrawn
)
_READ: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="what")])


def event_from(kept: Any) -> Event:
    """The event of its JSON form (`model_dump(mode="json")`). Raises YourData."""
    try:
        return _READ.validate_python(kept, strict=False)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise YourData(
            f"This is no event of a tracker: {place}: {fault['msg']}",
            remedy="Take the file as joinedup wrote it.",
        ) from error
