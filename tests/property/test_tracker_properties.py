"""Trackers at random: workbooks come back as they were, and no history closes without evidence or forgets."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from joinedup.definitions.periods import months
from joinedup.errors import YourCommand
from joinedup.governance.cells import Area, Sheet, Value, Workbook, cell_name, from_json, place_of, to_json
from joinedup.governance.csv_sheets import as_meant, inert, read_csv, write_csv
from joinedup.governance.events import (
    ActionTaken,
    Amended,
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
from joinedup.governance.evidence import Document, DocumentTest, Figures, MeasureTest, Point, Series
from joinedup.governance.exporting import export_tracker
from joinedup.governance.history import History, State, Status, fold
from joinedup.governance.importing import import_bytes
from joinedup.governance.reading import read_bytes
from joinedup.governance.tracker import Tracker
from joinedup.governance.writing import write_xlsx

DAY = date(2025, 11, 18)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]

# ---- workbooks ----

LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
WORDS = st.sampled_from(
    ["Topic", "Recommendation", "Status", "Closed", "Due", "18/11/2025", "45979", "=1+1", "-5", "+44 20", "@a", "\t=1",
     "'=1", "_x0041_", "#REF!", " ", "Acute beds", "Yes", "TBC"]
)  # fmt: skip
TEXTS = st.one_of(st.text(LETTERS, max_size=40), WORDS)
MILLIS = st.integers(0, 86_399_999).map(lambda n: timedelta(milliseconds=n))
DAYS = st.dates(date(1905, 1, 1), date(2199, 12, 31))
MOMENTS = st.builds(lambda day, rest: datetime.combine(day, time()) + rest, DAYS, MILLIS)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53).map(float),
    DAYS,
    MOMENTS,
    MILLIS.map(lambda rest: (datetime(2000, 1, 1) + rest).time()),
    st.integers(86_400_000, 10**10).map(lambda n: timedelta(milliseconds=n)),
)
ROWS = st.lists(st.lists(VALUES, max_size=6).map(tuple), max_size=8).map(tuple)
TITLES = st.text(st.sampled_from("abcdé &<(),.-"), min_size=1, max_size=20).filter(lambda t: t.strip() == t)
AREAS = st.lists(
    st.builds(
        lambda top, left, down, right: Area(top, left, top + down, left + right), *[st.integers(0, 6)] * 4
    ),
    max_size=3,
)


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    names = draw(st.lists(TITLES, min_size=1, max_size=3, unique_by=str.casefold))
    sheets = []
    for number, name in enumerate(names):
        merged: list[Area] = []
        for area in draw(AREAS):
            apart = all(
                a.bottom < area.top or area.bottom < a.top or a.right < area.left or area.right < a.left
                for a in merged
            )
            if apart and (area.top, area.left) != (area.bottom, area.right):
                merged.append(area)
        rows = draw(ROWS)
        if rows and all(not row for row in Sheet(name, rows).rows):
            rows = ()  # a sheet of nothing but blank rows has no rows
        sheets.append(
            Sheet(
                name,
                _no_blank_end(name, rows),
                tuple(sorted(merged)),
                hidden=number > 0 and draw(st.booleans()),
            )
        )
    return Workbook(tuple(sheets), draw(st.booleans()))


def _no_blank_end(name: str, rows: tuple[tuple[Value, ...], ...]) -> tuple[tuple[Value, ...], ...]:
    kept = list(Sheet(name, rows).rows)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


@settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
@given(workbooks())
def test_a_workbook_comes_in_and_goes_out_cell_for_cell(book: Workbook) -> None:
    content = write_xlsx(book)
    tracker = import_bytes(content, "council.xlsx", on=DAY, by="scrutiny officer")
    assert [_values(sheet) for sheet in tracker.workbook.sheets] == [_values(sheet) for sheet in book.sheets]
    assert [(s.name, s.merged, s.hidden) for s in tracker.workbook.sheets] == [
        (s.name, s.merged, s.hidden) for s in book.sheets
    ]
    out = export_tracker(tracker, ".xlsx")
    assert out == export_tracker(Tracker.from_json(tracker.to_json()), ".xlsx")
    # another reader finds the same values in what came in and in what went out
    before, after = (CalamineWorkbook.from_filelike(io.BytesIO(found)) for found in (content, out))
    for name in before.sheet_names:
        first, second = (
            book.get_sheet_by_name(name).to_python(skip_empty_area=False) for book in (before, after)
        )
        assert first == second
    again, found = read_bytes(out, "again.xlsx")
    assert again == tracker.workbook and not [
        f for f in found if f.rule in ("formula", "not-kept", "error-value")
    ]


def _values(sheet: Sheet) -> list[tuple[Value, ...]]:
    """Rows with values, wherever formatted merged cells end."""
    rows = list(sheet.rows)
    while rows and not rows[-1]:
        rows.pop()
    return rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=5).map(tuple), max_size=8).map(tuple))
def test_csv_comes_in_and_goes_out_cell_for_cell_and_runs_nothing(rows: tuple[tuple[str, ...], ...]) -> None:
    sheet = Sheet("Sheet1", rows)
    content = write_csv(sheet)
    assert read_csv(content, "a.csv").sheets[0] == sheet
    tracker = import_bytes(content, "a.csv", on=DAY, by="clerk")
    assert export_tracker(tracker, ".csv") == content


@given(TEXTS)
def test_a_text_made_inert_is_read_as_it_was_meant(text: str) -> None:
    made = inert(text)
    assert as_meant(made) == text
    assert not made.startswith(("=", "@", "\t", "\r")) or made == text == ""


@given(VALUES)
def test_a_value_is_kept_as_json(value: Value) -> None:
    (plain,) = Sheet("a", ((value, "x"),)).rows[0][:1]
    assert from_json(to_json(plain)) == plain


@given(st.integers(0, 20_000), st.integers(0, 16_383))
def test_a_cell_s_name_is_its_place(row: int, column: int) -> None:
    assert place_of(cell_name(row, column)) == (row, column)


# ---- histories ----

ROLES = st.sampled_from(["chair", "trust", "scrutiny officer"])
SERIES = st.sampled_from([Series(measure="M053", place="Brent"), Series(measure="M195", place="Brent")])
PERIODS = [period.key for period in months(8, ending="2026-08")]
POINTS = st.lists(
    st.builds(Point, period=st.sampled_from(PERIODS), value=st.sampled_from([None, 60.0, 80.0, 80.0, 90.0])),
    min_size=1,
    max_size=6,
    unique_by=lambda point: point.period,
).map(tuple)
MEASURE_TESTS = st.builds(
    MeasureTest,
    series=SERIES,
    comparison=st.just("at_least"),
    threshold=st.just(75.0),
    points=st.integers(1, 3),
    reopens_after=st.integers(1, 2),
)
TESTS = st.one_of(MEASURE_TESTS, MEASURE_TESTS, st.just(DocumentTest(questions=("Who decides?",))))
ANSWERS = st.sampled_from([(), (("Who decides?", "page 2"),)])
EVIDENCE = st.one_of(
    st.builds(Figures, series=SERIES, points=POINTS),
    st.builds(Document, title=st.just("Letter"), where=st.just("register"), answers=ANSWERS),
)
COMMON: dict[str, Any] = {
    "on": st.dates(DAY, DAY + timedelta(days=1)),
    "by": ROLES,
    "why": st.just("minuted"),
}
RAISED = st.builds(Raised, **COMMON, kind=st.just("recommendation"))
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Amended, **COMMON, kind=st.just("recommendation"), text=st.just("Corrected.")),
    st.builds(TestSet, **COMMON, test=TESTS),
    st.builds(Answered, **COMMON),
    st.builds(ActionTaken, **COMMON, action=st.just("hire")),
    st.builds(ClaimedDone, **COMMON),
    st.builds(EvidenceOffered, **COMMON, evidence=EVIDENCE),
    st.builds(EvidenceAccepted, **COMMON),
    st.builds(EvidenceAccepted, **COMMON),
    st.builds(EvidenceRefused, **COMMON),
    st.builds(FiguresArrived, **COMMON, series=SERIES, points=POINTS),
    st.builds(Withdrawn, **COMMON),
    RAISED,
)


@st.composite
def openings(draw: st.DrawFn) -> list[Event]:
    """Sequences that close: a test of one series, good evidence of it, somebody accepts it, and figures come."""
    test = draw(MEASURE_TESTS)
    start = draw(st.integers(0, 4))
    good = tuple(Point(period=key, value=80.0) for key in PERIODS[start : start + test.points])
    common: dict[str, Any] = {"on": DAY + timedelta(days=1), "why": "minuted"}
    later: dict[str, Any] = {**COMMON, "on": st.just(common["on"])}
    return [
        draw(RAISED),
        TestSet(**common, by="chair", test=test),
        EvidenceOffered(**common, by="trust", evidence=Figures(series=test.series, points=good)),
        EvidenceAccepted(**common, by="chair"),
        *draw(
            st.lists(
                st.builds(FiguresArrived, **later, series=st.just(test.series), points=POINTS), max_size=4
            )
        ),
    ]


SEQUENCES = st.builds(
    lambda start, rest: start + rest,
    st.one_of(openings(), RAISED.map(lambda event: [event])),
    st.lists(EVENTS, max_size=12),
)


def replay(events: list[Event]) -> list[tuple[State, Event, State]]:
    """Each event that could be recorded, with the states before and after; the others change nothing."""
    steps = []
    history = History((events[0],))
    for event in events[1:]:
        before = history
        try:
            history = history.recorded(event)
        except YourCommand as refused:
            assert refused.remedy and history is before
            continue
        assert history.events == (*before.events, event)  # nothing of what was is altered
        steps.append((before.state, event, history.state))
    assert fold(history.events) == history.state
    if len(history.events) > 1:
        assert history.seals[:-1] == History(history.events[:-1]).seals
    return steps


def meets_by_plain_loops(state: State) -> bool:
    """The last acceptance judged again, slowly, by what the test says."""
    held = state.accepted[-1]
    if isinstance(held.test, DocumentTest):
        return (
            isinstance(held.evidence, Document)
            and dict(held.evidence.answers).get("Who decides?") == "page 2"
        )
    if not isinstance(held.evidence, Figures) or held.evidence.series != held.test.series:
        return False
    keys = [point.period for point in held.points]
    at = PERIODS.index(keys[0])
    in_a_row = keys == PERIODS[at : at + held.test.points]
    return in_a_row and all(
        point.value is not None and point.value >= held.test.threshold for point in held.points
    )


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(SEQUENCES)
def test_no_history_closes_without_accepted_evidence_that_met_its_test(events: list[Event]) -> None:
    for before, event, after in replay(events):
        if after.status is Status.CLOSED and before.status is not Status.CLOSED:
            assert isinstance(event, EvidenceAccepted) and before.offered is not None
            assert event.by != before.offered.by
            assert len(after.accepted) == len(before.accepted) + 1 and meets_by_plain_loops(after)
        if after.status is Status.CLOSED:
            assert after.accepted


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(SEQUENCES)
def test_reopenings_and_reasons_are_never_lost_and_what_drifted_back_is_open(events: list[Event]) -> None:
    for before, event, after in replay(events):
        for name in ("reopenings", "changes", "accepted", "actions"):
            old, new = getattr(before, name), getattr(after, name)
            assert new[: len(old)] == old
        assert all(by and why for _, _, by, why in after.changes)
        if len(after.reopenings) > len(before.reopenings):
            assert isinstance(event, FiguresArrived) and before.status is Status.CLOSED
            assert after.status is Status.REOPENED and after.reopenings[-1].tell == "chair"
        if (
            before.status is Status.CLOSED
            and after.status is Status.CLOSED
            and isinstance(event, FiguresArrived)
        ):
            _still_holds(before, event)
        if before.status is Status.CLOSED:
            assert after.status in (Status.CLOSED, Status.REOPENED)


def _still_holds(state: State, event: FiguresArrived) -> None:
    """Figures after which it stays closed: of another series, or no accepted one fails, and no run of later ones."""
    held = state.accepted[-1]
    if not isinstance(held.test, MeasureTest) or event.series != held.test.series:
        return
    known = {point.period: point.value for point in (*state.since, *event.points)}
    accepted = {point.period for point in held.points}
    assert all(
        value is None or value >= held.test.threshold for key, value in known.items() if key in accepted
    )
    later = [value for key, value in sorted(known.items()) if key > max(accepted) and value is not None]
    failing = "".join("x" if value < held.test.threshold else "." for value in later)
    assert "x" * held.test.reopens_after not in failing


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(SEQUENCES, st.integers(0, 3))
def test_a_history_is_as_it_was_on_each_day(events: list[Event], days: int) -> None:
    history = History((events[0],))
    for event in events[1:]:
        try:
            history = history.recorded(event)
        except YourCommand:
            continue
    until = DAY + timedelta(days=days)
    known = tuple(event for event in history.events if event.on <= until)
    assert history.as_at(until) == (fold(known) if known else None)
