"""What can happen to a proposal to change a health service. Events are only ever added.

Organisations and roles are named, never a person. Days on which something happened stand beside `on`, the day on which
it was recorded.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from joinedup.errors import YourData
from joinedup.governance.events import Recorded
from joinedup.governance.evidence import Text

Substantial = Literal["yes", "no", "cannot_tell_yet"]
Decision = Literal["goes_ahead", "goes_ahead_changed", "does_not_go_ahead"]
Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class Proposed(Recorded):
    """Somebody proposes to change a service: who, which, where, and the days that the council was told."""

    what: Literal["proposed"] = "proposed"
    title: Text
    about: str = ""
    proposer: Text
    service: Text
    boroughs: tuple[Text, ...] = Field(min_length=1)
    told_on: date
    comments_by: date | None = None
    decision_by: date | None = None
    source: str = ""


class DatesChanged(Recorded):
    """The proposer told the council of other days."""

    what: Literal["dates_changed"] = "dates_changed"
    comments_by: date | None = None
    decision_by: date | None = None


class ViewTaken(Recorded):
    """The committee's view whether the change is substantial. A later view takes the place of an earlier."""

    what: Literal["view_taken"] = "view_taken"
    substantial: Substantial


class ConsulteesNamed(Recorded):
    """Which committees are consulted, and the joint committee where there is one."""

    what: Literal["consultees_named"] = "consultees_named"
    committees: tuple[Text, ...] = Field(min_length=1)
    joint: str = ""


class Consulted(Recorded):
    """A consultation: from, to, and how."""

    what: Literal["consulted"] = "consulted"
    begins: date
    ends: date
    how: Text


class EvidenceAdded(Recorded):
    """A measure or a document that the committee looks at: what it is, where, its hash where there is one."""

    what: Literal["evidence_added"] = "evidence_added"
    kind: Literal["measure", "document"]
    label: Text
    where: str = ""
    sha256: Sha256 = ""


class Commented(Recorded):
    """The committee's comments, and whether they hold a recommendation."""

    what: Literal["commented"] = "commented"
    comments: Text
    recommends: bool
    sent_on: date


class Disagreed(Recorded):
    """The proposer disagrees with a recommendation in the comments."""

    what: Literal["disagreed"] = "disagreed"
    reasons: Text


class Resolved(Recorded):
    """What both did to agree, and whether they did."""

    what: Literal["resolved"] = "resolved"
    steps: Text
    agreed: bool


class Decided(Recorded):
    """What the proposer decided."""

    what: Literal["decided"] = "decided"
    decision: Decision
    words: Text
    decided_on: date


class CallInRequested(Recorded):
    """Somebody asked the Secretary of State to call the proposal in: a request, whoever made it."""

    what: Literal["call_in_requested"] = "call_in_requested"
    from_whom: Text
    grounds: Text
    requested_on: date


class CallInAnswered(Recorded):
    """What the Secretary of State answered to the request: called in by a direction, or not."""

    what: Literal["call_in_answered"] = "call_in_answered"
    called_in: bool
    answered_on: date
    words: str = ""


class SecretaryDecided(Recorded):
    """What the Secretary of State decided on a proposal that was called in."""

    what: Literal["secretary_decided"] = "secretary_decided"
    words: Text
    decided_on: date


class Committed(Recorded):
    """A commitment of the proposer. `recommendation` is the row of the tracker in which its delivery is followed."""

    what: Literal["committed"] = "committed"
    commitment: Text
    due: date | None = None
    recommendation: Text


class Withdrawn(Recorded):
    """The proposer withdraws the proposal. Nothing is due any more; commitments go on."""

    what: Literal["withdrawn"] = "withdrawn"


Event = (
    Proposed
    | DatesChanged
    | ViewTaken
    | ConsulteesNamed
    | Consulted
    | EvidenceAdded
    | Commented
    | Disagreed
    | Resolved
    | Decided
    | CallInRequested
    | CallInAnswered
    | SecretaryDecided
    | Committed
    | Withdrawn
)
_READ: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="what")])


def proposal_event(kept: Any) -> Event:
    """The event of its JSON form. Raises YourData."""
    try:
        return _READ.validate_python(kept)
    except ValidationError as error:
        raise YourData("This is no event of a proposal.", remedy="Take it as joinedup wrote it.") from error
