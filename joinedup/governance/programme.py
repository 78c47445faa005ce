"""A committee's work programme: topics suggested, scored, taken to a meeting, carried forward, heard or left out.

As with recommendations, events are only added and where a topic stands follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from joinedup.definitions.scrutiny import Criteria
from joinedup.errors import YourCommand, YourData
from joinedup.governance.events import Recorded
from joinedup.governance.evidence import Text


class Stage(StrEnum):
    """Where a topic stands."""

    SUGGESTED = "suggested"
    SCORED = "scored"
    SCHEDULED = "scheduled"
    HEARD = "heard"
    LEFT_OUT = "left out"


class Suggested(Recorded):
    """Somebody suggests a topic; `from_whom` says who in words, such as residents of Brent: never a name. `source` is
    where it can be read: an address, or a paper and its page."""

    what: Literal["suggested"] = "suggested"
    title: Text
    about: str = ""
    from_whom: Text
    source: str = ""


class Scored(Recorded):
    """Points on each criterion of a set of criteria, by slug."""

    what: Literal["scored"] = "scored"
    criteria: Text
    points: Mapping[str, int]


class Scheduled(Recorded):
    """It is taken to a meeting."""

    what: Literal["scheduled"] = "scheduled"
    meeting: date


class CarriedForward(Recorded):
    """It was not reached, or needs more: it goes to a later meeting."""

    what: Literal["carried_forward"] = "carried_forward"
    meeting: date


class Heard(Recorded):
    """The committee heard it."""

    what: Literal["heard"] = "heard"


class LeftOut(Recorded):
    """The committee does not take it, and says why. It may be scored again."""

    what: Literal["left_out"] = "left_out"


TopicEvent = Suggested | Scored | Scheduled | CarriedForward | Heard | LeftOut
_READ: TypeAdapter[TopicEvent] = TypeAdapter(Annotated[TopicEvent, Field(discriminator="what")])
MAY_FOLLOW: Mapping[type[TopicEvent], frozenset[Stage]] = {
    Scored: frozenset(Stage) - {Stage.HEARD},
    Scheduled: frozenset({Stage.SCORED}),
    CarriedForward: frozenset({Stage.SCHEDULED}),
    Heard: frozenset({Stage.SCHEDULED}),
    LeftOut: frozenset({Stage.SUGGESTED, Stage.SCORED, Stage.SCHEDULED}),
}
"""In which stage each event may be recorded. Nothing is taken to a meeting before it was scored."""


@dataclass(frozen=True)
class Topic:
    """What the events come to: the last score (0 to 100), the meeting, how often it was carried forward."""

    suggested: Suggested
    stage: Stage = Stage.SUGGESTED
    score: int | None = None
    points: Mapping[str, int] | None = None
    criteria: str = ""
    meeting: date | None = None
    carried: int = 0
    latest: date = date.min


def topic_event(kept: Any) -> TopicEvent:
    """The event of its JSON form. Raises YourData."""
    try:
        return _READ.validate_python(kept)
    except ValidationError as error:
        raise YourData(
            "This is no event of a work programme.", remedy="Take it as joinedup wrote it."
        ) from error


def topic_of(events: Iterable[TopicEvent]) -> Topic:
    """The topic of events in their order. Raises YourCommand at the first that may not follow."""
    topic: Topic | None = None
    for event in events:
        topic = _begun(event) if topic is None else _after(topic, event)
    if topic is None:
        raise YourCommand("Nothing was suggested.", remedy="Suggest a topic first.")
    return topic


def _begun(event: TopicEvent) -> Topic:
    if not isinstance(event, Suggested):
        raise YourCommand("Nothing was suggested yet.", remedy="Suggest it first.")
    return Topic(event, latest=event.on)


def _after(topic: Topic, event: TopicEvent) -> Topic:
    if isinstance(event, Suggested):
        raise YourCommand("It was suggested already.", remedy="Suggest another.")
    if event.on < topic.latest:
        raise YourCommand("Events are recorded in the order of days.", remedy="Record it with today's day.")
    if topic.stage not in MAY_FOLLOW[type(event)]:
        raise YourCommand(
            f"This cannot be recorded while the topic is {topic.stage}.",
            remedy="Score it first." if isinstance(event, Scheduled) else "Look at its history.",
        )
    return replace(_changed(topic, event), latest=event.on)


def _changed(topic: Topic, event: TopicEvent) -> Topic:
    if isinstance(event, Scored):
        stage = topic.stage if topic.stage is Stage.SCHEDULED else Stage.SCORED
        return replace(
            topic, stage=stage, score=_score(event), points=dict(event.points), criteria=event.criteria
        )
    if isinstance(event, Scheduled):
        return replace(topic, stage=Stage.SCHEDULED, meeting=_coming(event, event.on))
    if isinstance(event, CarriedForward):
        later = _coming(event, topic.meeting or event.on)
        if later == topic.meeting:
            raise YourCommand("It is taken to that meeting already.", remedy="Name a later meeting.")
        return replace(topic, meeting=later, carried=topic.carried + 1)
    return replace(topic, stage=Stage.HEARD if isinstance(event, Heard) else Stage.LEFT_OUT)


def _score(event: Scored) -> int:
    try:
        return Criteria.load(event.criteria).score(event.points)
    except ValueError as error:
        raise YourCommand(
            f"The points do not fit: {error}.", remedy="Give each criterion its points."
        ) from error


def _coming(event: Scheduled | CarriedForward, after: date) -> date:
    if event.meeting < after:
        raise YourCommand("That meeting lies before.", remedy="Name a later meeting.")
    return event.meeting
