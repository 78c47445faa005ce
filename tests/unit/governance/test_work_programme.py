"""A work programme: criteria as data, and topics that are suggested, scored, scheduled and carried forward."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.reading import build, read_yaml
from joinedup.definitions.scrutiny import Criteria
from joinedup.errors import DefinitionBroken, UnknownName, YourCommand, YourData
from joinedup.governance.programme import (
    CarriedForward,
    Heard,
    LeftOut,
    Scheduled,
    Scored,
    Stage,
    Suggested,
    TopicEvent,
    topic_event,
    topic_of,
)

DAY, MEETING, LATER = date(2026, 1, 20), date(2026, 3, 10), date(2026, 6, 9)
SAID: dict[str, Any] = {"on": DAY, "by": "council scrutiny officer", "why": "work-programme meeting"}
SUGGESTED = Suggested(**SAID, title="Waits in Brent", from_whom="residents of Brent")
MOST = {one.slug: Criteria.load().points for one in Criteria.load().criteria}
SCORED = Scored(**SAID, criteria="health_scrutiny", points=MOST)


def test_points_are_weighed_by_the_criteria_that_ship() -> None:
    criteria = Criteria.load()
    assert criteria.score(MOST) == 100 and criteria.score(dict.fromkeys(MOST, 0)) == 0
    # 3 + 3 + 3 + 2 + 1 = 12 weights of 3 points: one point on the heaviest is 3 of 36
    assert criteria.score({**dict.fromkeys(MOST, 0), "people": 1}) == round(100 * 3 / 36)
    for wrong in ({}, {**MOST, "people": 4}, {**MOST, "people": -1}, {**MOST, "votes": 1}):
        with pytest.raises(ValueError, match=r"points|criterion"):
            criteria.score(wrong)
    with pytest.raises(UnknownName, match="health_scrutiny"):
        Criteria.load("another")
    twice = read_yaml("scrutiny/criteria/health_scrutiny.yaml")
    with pytest.raises(DefinitionBroken, match="stands twice"):
        build(Criteria, {**twice, "criteria": [*twice["criteria"], twice["criteria"][0]]}, where="here")


def test_a_topic_goes_from_a_suggestion_to_a_meeting_and_is_carried_forward() -> None:
    events = [
        SUGGESTED, SCORED, Scheduled(**SAID, meeting=MEETING), CarriedForward(**SAID, meeting=LATER), Heard(**SAID),
    ]  # fmt: skip
    topics = [topic_of(events[:number]) for number in range(1, 6)]
    assert [topic.stage for topic in topics] == [
        Stage.SUGGESTED, Stage.SCORED, Stage.SCHEDULED, Stage.SCHEDULED, Stage.HEARD,
    ]  # fmt: skip
    assert (topics[-1].score, topics[-1].meeting, topics[-1].carried) == (100, LATER, 1)
    assert [topic_event(event.model_dump(mode="json")) for event in events] == events


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "Nothing was suggested"),
        ([SCORED], "Nothing was suggested yet"),
        ([SUGGESTED, SUGGESTED], "suggested already"),
        ([SUGGESTED, Scheduled(**SAID, meeting=MEETING)], "while the topic is suggested"),
        ([SUGGESTED, SCORED, Scheduled(**SAID, meeting=DAY - timedelta(days=1))], "lies before"),
        ([SUGGESTED, SCORED.model_copy(update={"points": {"people": 1}})], "points do not fit"),
        ([SUGGESTED, SCORED.model_copy(update={"on": DAY - timedelta(days=1)})], "order of days"),
        (
            [SUGGESTED, SCORED, Scheduled(**SAID, meeting=MEETING), CarriedForward(**SAID, meeting=MEETING)],
            "that meeting already",
        ),
        ([SUGGESTED, LeftOut(**SAID), Heard(**SAID)], "while the topic is left out"),
    ],
)
def test_what_cannot_follow_is_refused(events: list[TopicEvent], words: str) -> None:
    with pytest.raises(YourCommand, match=words):
        topic_of(events)


def test_what_is_no_event_is_said_to_be_none() -> None:
    with pytest.raises(YourData, match="no event of a work programme"):
        topic_event({"what": "voted"})


MEETINGS = st.dates(DAY, DAY + timedelta(days=400))
ANY: st.SearchStrategy[TopicEvent] = st.one_of(
    st.just(SCORED),
    st.builds(Scheduled, on=st.just(DAY), by=st.just("a"), why=st.just("b"), meeting=MEETINGS),
    st.builds(CarriedForward, on=st.just(DAY), by=st.just("a"), why=st.just("b"), meeting=MEETINGS),
    st.just(Heard(**SAID)),
    st.just(LeftOut(**SAID)),
)


@given(st.lists(ANY, max_size=8))
def test_nothing_comes_to_a_meeting_unscored_and_meetings_only_move_later(events: list[TopicEvent]) -> None:
    kept: list[TopicEvent] = [SUGGESTED]
    for event in events:
        before = topic_of(kept)
        try:
            after = topic_of([*kept, event])
        except YourCommand:
            continue
        kept.append(event)
        assert after.stage not in (Stage.SCHEDULED, Stage.HEARD) or after.score is not None
        if isinstance(event, CarriedForward):
            assert before.meeting is not None and after.meeting is not None and after.meeting > before.meeting
