"""Requests for information: the working-day clock against a plain count, what may follow what, any order of events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.definitions.reading import build, read_yaml
from joinedup.definitions.working_days import WorkingDays
from joinedup.errors import DefinitionBroken, YourCommand, YourData
from joinedup.governance.information import (
    Answered,
    ClarificationAsked,
    Clarified,
    Event,
    Extended,
    Received,
    ReviewAsked,
    Reviewed,
    Stage,
    Withdrawn,
    request_event,
    request_of,
)
from joinedup.governance.information_book import HEADINGS, information_book

DAY = date(2026, 3, 2)
SAID: dict[str, Any] = {"on": DAY, "by": "council scrutiny officer", "why": "it came"}
ASKED = Received(**SAID, title="Waits", asked="How long do people wait?", received_on=DAY)
GIVEN: dict[str, Any] = {
    "answered_on": DAY,
    "outcome": "in_full",
    "answer": "Four weeks.",
    "codes": ("A234567BCD",),
}


def of(year: int, month: int, weekday: int, which: int) -> date:
    """The first (0) or last (-1) such weekday of a month."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][which]


def moved(*days: date) -> list[date]:
    """Days that follow one another, each moved past the weekend and past the one before it, as bank holidays are."""
    found: list[date] = []
    for asked in days:
        day = asked
        while day.weekday() > 4 or day in found:
            day += timedelta(days=1)
        found.append(day)
    return found


def by_rule(year: int) -> dict[date, str]:
    """Bank holidays of a year with their parts, from the rules of the Act of 1971 and custom."""
    new_year, second = moved(date(year, 1, 1), date(year, 1, 2))
    patrick, boyne, andrew = (
        moved(day)[0] for day in (date(year, 3, 17), date(year, 7, 12), date(year, 11, 30))
    )
    sunday = date(year, 12, 26).weekday() == 6
    christmas, boxing = moved(date(year, 12, 25), date(year, 12, 26)) if not sunday else moved(
        date(year, 12, 27), date(year, 12, 28)
    )  # fmt: skip
    return {
        new_year: "ESN", second: "S", patrick: "N", easter(year) - timedelta(days=2): "ESN",
        easter(year) + timedelta(days=1): "EN", of(year, 5, 0, 0): "ESN", of(year, 5, 0, -1): "ESN", boyne: "N",
        of(year, 8, 0, 0): "S", of(year, 8, 0, -1): "EN", andrew: "S", christmas: "ESN", boxing: "ESN",
    }  # fmt: skip


def test_the_calendar_is_what_the_rules_give() -> None:
    held = WorkingDays.load().holidays
    for year in range(2024, 2029):
        kept = {day: one.parts for day, one in held.items() if day.year == year}
        assert kept == by_rule(year), year


def slow(received: date, days: int) -> date:
    """The day due, counted day by day over the rules."""
    closed = {day for year in range(2024, 2029) for day in by_rule(year)}
    found, left = received, days
    while left:
        found += timedelta(days=1)
        if found.weekday() not in (5, 6) and found not in closed:
            left -= 1
    return found


@given(st.dates(date(2024, 1, 1), date(2028, 10, 1)), st.sampled_from([20, 40]))
def test_twenty_working_days_are_those_of_a_plain_count(received: date, days: int) -> None:
    law = InformationLaw.load()
    assert (law.due if days == 20 else law.review_due)(received) == slow(received, days)


def test_a_holiday_in_any_part_of_the_united_kingdom_counts() -> None:
    # 20 working days from 23 November 2026 pass over St Andrew's Day, a bank holiday in Scotland alone
    assert InformationLaw.load().due(date(2026, 11, 23)) == date(2026, 12, 22)
    assert "any part of the United Kingdom" in " ".join(InformationLaw.load().source.split())
    with pytest.raises(YourCommand, match="Bank holidays are known from 1 January 2024 to 31 December 2028"):
        InformationLaw.load().due(date(2028, 12, 20))


def test_definitions_that_do_not_hang_together_are_refused() -> None:
    law = read_yaml("scrutiny/freedom_of_information.yaml")
    with pytest.raises(DefinitionBroken, match="stands twice"):
        build(InformationLaw, {**law, "grounds": [*law["grounds"], law["grounds"][0]]}, where="here")
    days = read_yaml("working_days/united_kingdom.yaml")
    with pytest.raises(DefinitionBroken, match="outside the calendar"):
        build(WorkingDays, {**days, "last": date(2024, 6, 1)}, where="here")


def test_from_received_to_reviewed() -> None:
    assert (request_of([ASKED]).due, request_of([ASKED]).stage) == (slow(DAY, 20), Stage.OPEN)
    asked = ClarificationAsked(**SAID, asked_on=DAY)
    waiting = request_of([ASKED, asked])
    assert waiting.due is None and waiting.overdue(date(2027, 1, 1)) == 0, "the clock stands"
    later = {**SAID, "on": DAY + timedelta(days=30)}
    came = Clarified(**later, received_on=DAY + timedelta(days=30))
    assert request_of([ASKED, asked, came]).due == slow(DAY + timedelta(days=30), 20), "it begins anew"
    answered = [ASKED, asked, came, Answered(**later, **{**GIVEN, "answered_on": later["on"]})]
    reviewed = [*answered, ReviewAsked(**later, asked_on=later["on"])]
    assert request_of(reviewed).due == slow(later["on"], 40)
    reviewed.append(
        Reviewed(**later, answered_on=later["on"], outcome="in_part", answer="More.", sections=("40",))
    )
    found = request_of(reviewed)
    assert found.answer is not None and found.first_answer is not None
    assert (found.answer.answer, found.first_answer.answer, found.days_late) == ("More.", "Four weeks.", 0)
    assert [request_event(event.model_dump(mode="json")) for event in reviewed] == reviewed


def test_a_late_answer_says_by_how_many_days_and_no_answer_is_overdue() -> None:
    due = slow(DAY, 20)
    on = due + timedelta(days=3)
    assert request_of([ASKED]).overdue(due) == 0 and request_of([ASKED]).overdue(on) == 3
    late = request_of([ASKED, Answered(**{**SAID, "on": on}, **{**GIVEN, "answered_on": on})])
    assert late.days_late == 3 and late.overdue(on + timedelta(days=9)) == 0


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "Nothing was received"),
        ([Withdrawn(**SAID)], "Nothing was received yet"),
        ([ASKED, ASKED], "received already"),
        ([ASKED.model_copy(update={"received_on": DAY + timedelta(days=1)})], "lies ahead"),
        ([ASKED, Clarified(**SAID, received_on=DAY)], "while the request is open"),
        ([ASKED, Answered(**SAID, **{**GIVEN, "outcome": "refused"})], "has a ground"),
        ([ASKED, Answered(**SAID, **GIVEN, sections=("40",))], "has a ground"),
        ([ASKED, Answered(**SAID, **{**GIVEN, "outcome": "refused"}, sections=("99",))], "No such ground"),
        (
            [ASKED, Answered(**SAID, **{**GIVEN, "answered_on": DAY - timedelta(days=1)})],
            "before what happened",
        ),
        ([ASKED, Extended(**SAID, until=date(2026, 5, 1), section="40")], "qualified ground alone"),
        ([ASKED, Extended(**SAID, until=DAY, section="43")], "no later day"),
        ([ASKED, Withdrawn(**SAID), Answered(**SAID, **GIVEN)], "while the request is withdrawn"),
    ],
)
def test_what_cannot_follow_is_refused(events: list[Event], words: str) -> None:
    with pytest.raises(YourCommand, match=words):
        request_of(events)


def test_there_is_no_field_for_who_asked_and_a_code_is_a_code() -> None:
    for more in ({"requester": "Somebody"}, {"codes": ["short"]}):
        with pytest.raises(YourData, match="no event of a request"):
            request_event({**Answered(**SAID, **GIVEN).model_dump(mode="json"), **more})
    fields = {name for kind in Event.__args__ for name in kind.model_fields}
    assert not {name for name in fields if "name" in name or "requester" in name or "whom" in name}


def test_the_log_is_a_row_for_each_request() -> None:
    answered = request_of([ASKED, Answered(**SAID, **GIVEN, datasets=("M053",))])
    rows = information_book([answered, request_of([ASKED])], slow(DAY, 20) + timedelta(days=2)).sheets[0].rows
    assert rows[0] == HEADINGS
    assert rows[1][6:8] == ("Given in full", "Four weeks.") and "A234567BCD" in rows[1]
    assert rows[2][4] == "open" and rows[2][-1] == 2.0


ANY: st.SearchStrategy[Event] = st.sampled_from(
    [
        ClarificationAsked(**SAID, asked_on=DAY), Clarified(**SAID, received_on=DAY), Answered(**SAID, **GIVEN),
        Extended(**SAID, until=date(2026, 6, 1), section="43"), ReviewAsked(**SAID, asked_on=DAY),
        Reviewed(**SAID, **GIVEN), Withdrawn(**SAID),
    ]
)  # fmt: skip


@given(st.lists(ANY, max_size=10))
def test_in_any_order_the_first_answer_stays_and_a_clock_runs_while_something_is_owed(
    events: list[Event],
) -> None:
    kept: list[Event] = [ASKED]
    for event in events:
        before = request_of(kept)
        try:
            after = request_of([*kept, event])
        except YourCommand:
            continue
        kept.append(event)
        assert (after.due is not None) == (after.stage in (Stage.OPEN, Stage.IN_REVIEW))
        assert before.first_answer is None or after.first_answer == before.first_answer
        assert (after.answer is None) == (after.first_answer is None)
