"""A work programme as it is read and sent: order, parts of a score, a row for each topic, seals."""

from __future__ import annotations

from datetime import date

from joinedup.definitions.scrutiny import Criteria
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.programme import (
    CarriedForward,
    LeftOut,
    Scheduled,
    Scored,
    Suggested,
    TopicEvent,
    topic_of,
)
from joinedup.governance.programme_book import HEADINGS, parts_of, programme_book
from joinedup.governance.sealing import seals_of

DAY, MEETING, LATER = date(2026, 1, 20), date(2026, 3, 10), date(2026, 6, 9)
SAID = {"on": DAY, "by": "council scrutiny officer", "why": "as minuted"}
LOW = {one.slug: 1 for one in Criteria.load().criteria}
HIGH = {one.slug: 3 for one in Criteria.load().criteria}


def history(title: str, *more: TopicEvent) -> tuple[TopicEvent, ...]:
    return (Suggested(**SAID, title=title, from_whom="residents of Brent", source="paper 4, page 2"), *more)


def scored(points: dict[str, int]) -> Scored:
    return Scored(**SAID, criteria="health_scrutiny", points=points)


def test_what_is_taken_to_a_meeting_comes_first_and_what_waits_by_its_score() -> None:
    topics = [
        topic_of(history("Suggested alone")),
        topic_of(history("Low", scored(LOW))),
        topic_of(history("High", scored(HIGH))),
        topic_of(history("Off", LeftOut(**SAID))),
        topic_of(history("Late", scored(LOW), Scheduled(**SAID, meeting=LATER))),
        topic_of(history("Soon", scored(LOW), Scheduled(**SAID, meeting=MEETING))),
    ]
    rows = programme_book(topics).sheets[0].rows
    assert rows[0] == HEADINGS
    assert [row[0] for row in rows[1:]] == ["Soon", "Late", "High", "Low", "Suggested alone", "Off"]
    assert rows[3][6] == 100.0 and rows[1][8] == MEETING and rows[5][6] is None


def test_a_score_says_what_it_is_made_of_and_an_unscored_topic_nothing() -> None:
    parts = parts_of(topic_of(history("One", scored({**LOW, "people": 3}))))
    assert (parts[0].points, parts[0].most, parts[0].weight) == (3, 3, 3) and parts[0].question.endswith("?")
    assert parts_of(topic_of(history("One"))) == ()


def test_words_that_a_spreadsheet_would_run_are_inert() -> None:
    topic = topic_of(history("=1+1", scored(HIGH), Scheduled(**SAID, meeting=MEETING)))
    assert b'"\'=1+1"' in write_csv(programme_book([topic]).sheets[0])


def test_a_change_of_any_event_changes_its_seal_and_all_after_it() -> None:
    events = history(
        "One", scored(LOW), Scheduled(**SAID, meeting=MEETING), CarriedForward(**SAID, meeting=LATER)
    )
    other = (events[0], scored(HIGH), *events[2:])
    same = [a == b for a, b in zip(seals_of(events), seals_of(other), strict=True)]
    assert same == [True, False, False, False]
