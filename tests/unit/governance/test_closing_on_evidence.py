"""A recommendation closes on evidence that meets its test, and on nothing else; and reopens when it drifts back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from joinedup.errors import YourCommand
from joinedup.governance.events import (
    ActionTaken,
    Answered,
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
    Series,
    Verdict,
    judge,
)
from joinedup.governance.history import History, Status

DAY = date(2025, 11, 18)
OFFICER, TRUST, CHAIR = "scrutiny officer", "trust", "chair"
SERIES = Series(measure="M053", place="Brent")
TEST = MeasureTest(series=SERIES, comparison="at_least", threshold=75, points=3)
QUESTIONS = ("How many beds are there?", "Who decides?")


def points(*values: float | None, first: int = 1) -> tuple[Point, ...]:
    return tuple(
        Point(period=f"2026-{month:02d}", value=value, code=f"C{month}")
        for month, value in enumerate(values, first)
    )


def figures(*values: float | None, first: int = 1, series: Series = SERIES) -> Figures:
    return Figures(series=series, points=points(*values, first=first))


def say(which: type[Event], by: str = OFFICER, days: int = 0, **more: object) -> Event:
    return which.model_validate({"on": DAY + timedelta(days=days), "by": by, "why": "as agreed", **more})


def raised(**more: object) -> History:
    event = say(Raised, kind="recommendation", text="Bring waits down.", due=date(2025, 12, 16), **more)
    return History((event,))


def told(history: History, *events: Event) -> History:
    for event in events:
        history = history.recorded(event)
    return history


def offered(evidence: Figures | Document, test: MeasureTest | DocumentTest = TEST) -> History:
    return told(raised(), say(TestSet, test=test), say(EvidenceOffered, TRUST, evidence=evidence))


def closed() -> History:
    return offered(figures(75, 76, 80)).recorded(say(EvidenceAccepted, CHAIR))


def test_it_closes_when_the_chair_accepts_evidence_that_meets_the_test() -> None:
    history = told(
        raised(),
        say(Answered, TRUST, answer="accepted", response="We will.", received_on=DAY),
        say(TestSet, test=TEST),
        say(ActionTaken, TRUST, action="Two more therapists."),
        say(EvidenceOffered, TRUST, evidence=figures(75, 76, 80)),
        say(EvidenceAccepted, CHAIR, 3),
    )
    state = history.state
    assert [status for _, status, _, _ in state.changes] == [
        Status.AWAITING_RESPONSE,
        Status.ANSWERED,
        Status.EVIDENCE_OFFERED,
        Status.CLOSED,
    ]
    assert state.changes[-1] == (DAY + timedelta(days=3), Status.CLOSED, CHAIR, "as agreed")
    assert state.accepted[0].verdict == "Met from 2026-01 to 2026-03."
    assert history.as_at(DAY).status is Status.EVIDENCE_OFFERED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (figures(75, 76, 74.9), "Not met in 2026-03"),
        (figures(75, 76), "asks for 3 figures, and there are 2"),
        (figures(75, None, 80), "hidden in 2026-02"),
        (Figures(series=SERIES, points=(*points(75, 76), *points(80, first=4))), "missing in between"),
        (figures(75, 76, 80, series=Series(measure="M053", place="Harrow")), "not of the measure"),
        (Document(title="Letter", where="https://example.invalid"), "not of the measure"),
    ],
)
def test_evidence_that_does_not_meet_the_test_closes_nothing(
    evidence: Figures | Document, words: str
) -> None:
    with pytest.raises(YourCommand, match=words):
        offered(evidence).recorded(say(EvidenceAccepted, CHAIR))


def test_nothing_closes_without_a_test_without_evidence_or_by_whoever_offered_it() -> None:
    with pytest.raises(YourCommand, match="no test"):
        raised().recorded(say(EvidenceOffered, TRUST, evidence=figures(80, 80, 80)))
    with pytest.raises(YourCommand, match="awaiting response"):
        told(raised(), say(TestSet, test=TEST), say(EvidenceAccepted, CHAIR))
    with pytest.raises(YourCommand, match="Whoever offers"):
        offered(figures(75, 76, 80)).recorded(say(EvidenceAccepted, "Trust"))
    claimed = raised().recorded(say(ClaimedDone, TRUST, said="Complete"))
    assert claimed.state.status is Status.CLAIMED_DONE


def test_chosen_months_do_not_close_it_when_later_ones_are_known() -> None:
    history = told(
        raised(),
        say(TestSet, test=TEST),
        say(FiguresArrived, series=SERIES, points=points(60, first=4)),
        say(EvidenceOffered, TRUST, evidence=figures(75, 76, 80)),
    )
    with pytest.raises(YourCommand, match="Not met in 2026-04"):
        history.recorded(say(EvidenceAccepted, CHAIR))
    refused = history.recorded(say(EvidenceRefused, CHAIR))
    assert refused.state.status is Status.AWAITING_RESPONSE and refused.state.offered is None


def test_it_reopens_when_a_later_figure_fails_and_tells_the_chair() -> None:
    held = closed().recorded(say(FiguresArrived, series=SERIES, points=points(90, None, first=4)))
    assert held.state.status is Status.CLOSED
    back = held.recorded(say(FiguresArrived, "joinedup", 9, series=SERIES, points=points(70, first=6)))
    (reopening,) = back.state.reopenings
    assert back.state.status is Status.REOPENED
    assert (reopening.tell, reopening.point.period, reopening.on) == (
        CHAIR,
        "2026-06",
        DAY + timedelta(days=9),
    )
    assert "drifted back" in reopening.why and back.state.changes[-1][3] == reopening.why


def test_it_reopens_when_the_figures_it_was_accepted_on_are_revised() -> None:
    back = closed().recorded(say(FiguresArrived, series=SERIES, points=points(74, first=2)))
    assert back.state.status is Status.REOPENED and "revised" in back.state.reopenings[0].why


def test_one_bad_month_may_be_allowed_by_the_test_itself() -> None:
    patient = TEST.model_copy(update={"reopens_after": 2})
    history = offered(figures(75, 76, 80), patient).recorded(say(EvidenceAccepted, CHAIR))
    once = history.recorded(say(FiguresArrived, series=SERIES, points=points(70, first=4)))
    assert once.state.status is Status.CLOSED
    twice = once.recorded(say(FiguresArrived, series=SERIES, points=points(70, first=5)))
    assert twice.state.status is Status.REOPENED and twice.state.reopenings[0].point.period == "2026-05"


def test_after_a_reopening_only_later_figures_close_it_again_and_the_reopening_stays() -> None:
    back = closed().recorded(say(FiguresArrived, series=SERIES, points=points(70, first=4)))
    again = back.recorded(say(EvidenceOffered, TRUST, evidence=figures(75, 76, 80)))
    with pytest.raises(YourCommand, match="2026-04"):
        again.recorded(say(EvidenceAccepted, CHAIR))
    assert again.recorded(say(EvidenceRefused, CHAIR)).state.status is Status.REOPENED
    later = told(
        back,
        say(EvidenceOffered, TRUST, evidence=figures(80, 80, 80, first=5)),
        say(EvidenceAccepted, CHAIR),
    )
    assert (
        later.state.status is Status.CLOSED
        and len(later.state.reopenings) == 1
        and len(later.state.accepted) == 2
    )


def test_setting_another_test_and_the_first_again_forgets_no_figure() -> None:
    other = MeasureTest(
        series=Series(measure="M195", place="Brent"), comparison="at_least", threshold=50, points=1
    )
    history = told(
        raised(),
        say(TestSet, test=TEST),
        say(FiguresArrived, series=SERIES, points=points(60, first=4)),
        say(TestSet, test=other),
        say(TestSet, test=TEST),
        say(EvidenceOffered, TRUST, evidence=figures(75, 76, 80)),
    )
    with pytest.raises(YourCommand, match="Not met in 2026-04"):
        history.recorded(say(EvidenceAccepted, CHAIR))


def test_every_reopening_stays_and_each_asks_for_later_figures() -> None:
    history = closed()
    for first in (4, 8):
        history = told(
            history,
            say(FiguresArrived, series=SERIES, points=points(70, first=first)),
            say(EvidenceOffered, TRUST, evidence=figures(80, 80, 80, first=first + 1)),
            say(EvidenceAccepted, CHAIR),
        )
    assert [found.point.period for found in history.state.reopenings] == ["2026-04", "2026-08"]
    assert len(history.state.accepted) == 3 and history.state.status is Status.CLOSED


def test_it_rests_on_the_last_figures_known_when_it_was_accepted() -> None:
    history = told(
        offered(figures(75, 76, 80)),
        say(FiguresArrived, series=SERIES, points=points(90, first=4)),
        say(EvidenceAccepted, CHAIR),
    )
    assert [point.period for point in history.state.accepted[0].points] == ["2026-02", "2026-03", "2026-04"]
    older = history.recorded(say(FiguresArrived, series=SERIES, points=points(10, first=1)))
    assert older.state.status is Status.CLOSED
    assert older.recorded(say(FiguresArrived, series=SERIES, points=points(10, first=4))).state.reopenings


def test_a_document_closes_what_no_figure_can_show_when_it_answers_each_question() -> None:
    asked = DocumentTest(questions=QUESTIONS)
    half = Document(title="Letter", where="register 12", answers=((QUESTIONS[0], "page 2"),))
    whole = half.model_copy(update={"answers": tuple((question, "page 2") for question in QUESTIONS)})
    with pytest.raises(YourCommand, match="Who decides"):
        offered(half, asked).recorded(say(EvidenceAccepted, CHAIR))
    assert offered(whole, asked).recorded(say(EvidenceAccepted, CHAIR)).state.status is Status.CLOSED
    assert judge(asked, figures(1))[0] is Verdict.CANNOT_TELL


@pytest.mark.parametrize("late", [TestSet, ClaimedDone, EvidenceOffered, Withdrawn, Answered])
def test_what_is_closed_is_not_talked_open(late: type[Event]) -> None:
    more = {"test": TEST} if late is TestSet else {"evidence": figures(1)} if late is EvidenceOffered else {}
    with pytest.raises(YourCommand, match="closed"):
        closed().recorded(say(late, TRUST, **more))


def test_a_response_is_overdue_until_it_comes_or_the_committee_takes_it_back() -> None:
    assert [raised().state.overdue(day) for day in (date(2025, 12, 16), date(2025, 12, 17))] == [0, 1]
    late = date(2026, 2, 1)
    assert (
        raised().recorded(say(Answered, TRUST, answer="not_accepted", reasons="Money.")).state.overdue(late)
        == 0
    )
    assert raised().recorded(say(Withdrawn, CHAIR)).state.overdue(late) == 0


def test_days_run_forward_and_a_history_begins_once() -> None:
    with pytest.raises(YourCommand, match="order of days"):
        raised().recorded(say(Answered, TRUST, -1))
    with pytest.raises(YourCommand, match="raised already"):
        raised().recorded(raised().events[0])
    with pytest.raises(YourCommand, match="begins"):
        History(())
    with pytest.raises(YourCommand, match="Nothing was"):
        History((say(ClaimedDone),))
    assert raised().as_at(DAY - timedelta(days=1)) is None
