"""A newer file of a tracker: rows by the council's own identity, differences for a person, and the command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from joinedup.cli import run
from joinedup.errors import YourData
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.events import (
    Amended,
    Answered,
    EvidenceAccepted,
    EvidenceOffered,
    TestSet,
    Withdrawn,
)
from joinedup.governance.evidence import Document, DocumentTest
from joinedup.governance.exporting import workbook_of
from joinedup.governance.history import Status
from joinedup.governance.importing import tracker_of
from joinedup.governance.merging import Merge, merged, reckon
from joinedup.governance.tracker import Source, Tracker
from joinedup.governance.writing import write_xlsx

MEETING, FIRST, LATER = date(2025, 11, 18), date(2025, 12, 1), date(2026, 2, 1)
HEAD = ("Ref", "Topic", "Recommendation", "Meeting", "Due", "Response", "Accepted", "Status", "Colour")
ROWS: tuple[tuple[Value, ...], ...] = (
    ("R1", "Adult mental health", "Halve the wait.", MEETING, None, None, None, "Open", "blue"),
    ("R2", "Acute beds", "Say how many.", MEETING, date(2026, 1, 5), None, None, None, None),
    ("R3",),
)


def tracker(*rows: tuple[Value, ...], head: tuple[str, ...] = HEAD, on: date = FIRST, **more: Any) -> Tracker:
    book = Workbook((Sheet("Tracker", (head, *rows)),))
    return tracker_of(book, Source("council.xlsx", "0" * 64, on, "officer"), **more)


def changed(row: int, **cells: Value) -> tuple[tuple[Value, ...], ...]:
    """The rows with some cells of one of them otherwise, by heading."""
    rows = [[*found, *[None] * (len(HEAD) - len(found))] for found in ROWS]
    for heading, value in cells.items():
        rows[row][HEAD.index(heading)] = value
    return tuple(map(tuple, rows))


def told(merge: Merge) -> list[tuple[str, str, Value, Value, bool]]:
    return [(one.cell, one.heading, one.before, one.after, one.both) for one in merge.differences]


def test_a_later_response_in_the_sheet_becomes_an_event_when_a_person_takes_it() -> None:
    old = tracker(*ROWS)
    merge = reckon(old, tracker(*changed(0, Response="We shall.", Accepted="Yes", Colour="green"), on=LATER))
    assert told(merge) == [
        ("Tracker!F2", "Response", None, "We shall.", False),
        ("Tracker!G2", "Accepted", None, "Yes", False),
        ("Tracker!I2", "Colour", "blue", "green", False),
    ]
    after = merged(merge, {"Tracker!F2", "Tracker!G2"}, on=LATER, by="officer")
    history = after.items[0].history
    assert history is not None and [event.what for event in history.events] == ["raised", "answered"]
    assert history.state.status is Status.ANSWERED and history.events[-1].on == LATER
    assert after.workbook.sheet("Tracker").at(1, 8) == "blue", "what was not taken stays"
    assert merged(merge, (), on=LATER, by="officer").items[0].history == old.items[0].history


def test_a_correction_is_an_event_and_what_was_raised_stays_in_the_history() -> None:
    old = tracker(*ROWS)
    merge = reckon(old, tracker(*changed(1, Recommendation="Say how many, by ward.", Due=None), on=LATER))
    after = merged(merge, merge.names, on=LATER, by="officer")
    history = after.items[1].history
    assert history is not None
    raised, amended = history.events
    assert raised.text == "Say how many." and isinstance(amended, Amended)  # type: ignore[union-attr]
    now = history.state.raised
    assert now.text == "Say how many, by ward." and now.on == FIRST
    assert (now.due, now.due_by) == (date(2025, 12, 16), "health_scrutiny_response"), "the clock runs again"


def test_rows_are_found_by_number_or_by_words_and_meeting_wherever_they_stand() -> None:
    old = tracker(*ROWS)
    renumbered = (("R7", *ROWS[1][1:]), ("R8", *ROWS[0][1:]), ("R3",))
    pairs = [(pair.old.id, pair.new.id) for pair in reckon(old, tracker(*renumbered)).pairs]
    assert pairs == [("Tracker!3", "Tracker!2"), ("Tracker!2", "Tracker!3"), ("Tracker!4", "Tracker!4")]
    reworded = reckon(old, tracker(*changed(0, Recommendation="Quite another thing.")))
    assert [(pair.old.id, pair.new.id) for pair in reworded.doubtful] == [("Tracker!2", "Tracker!2")]
    apart = reckon(old, tracker(*changed(0, Recommendation="Quite another thing.")), apart={"Tracker!2"})
    assert [item.id for item in apart.added] == ["Tracker!2"] and [i.id for i in apart.missing] == [
        "Tracker!2"
    ]
    assert len(merged(apart, (), on=LATER, by="officer").live) == 3


def test_what_the_newer_file_lacks_is_kept_and_listed() -> None:
    book = Workbook((Sheet("Tracker", (HEAD, *ROWS)), Sheet("Notes", (("Ask the clerk",),))))
    old = tracker_of(book, Source("council.xlsx", "0" * 64, FIRST, "officer"))
    shorter = tracker(ROWS[1][:8], head=HEAD[:8], on=LATER)
    merge = reckon(old, shorter)
    assert [item.id for item in merge.missing] == ["Tracker!2", "Tracker!4"]
    assert merge.columns == (("Tracker", "Colour"),) and merge.sheets == ("Notes",)
    after = merged(merge, (), on=LATER, by="officer")
    sheet = after.workbook.sheet("Tracker")
    assert sheet.rows[0][8] == "Colour" and sheet.rows[2][0] == "R1" and sheet.rows[2][8] == "blue"
    assert after.workbook.sheet("Notes").rows == (("Ask the clerk",),)
    assert [item.blank for item in after.items] == [False, False, True]


def test_what_was_closed_or_withdrawn_is_not_answered_again_by_a_sheet() -> None:
    test = DocumentTest(questions=("How many?",))
    evidence = Document(title="Letter", where="page 2", answers=(("How many?", "page 2"),))
    old = tracker(*ROWS)
    for event in (
        TestSet(on=FIRST, by="officer", why="agreed", test=test),
        EvidenceOffered(on=FIRST, by="officer", why="came", evidence=evidence),
        EvidenceAccepted(on=FIRST, by="chair", why="read"),
    ):
        old = old.recorded("Tracker!3", event)
    merge = reckon(old, tracker(*changed(1, Response="We never did.", Status="Open"), on=LATER))
    response = next(one for one in merge.differences if one.heading == "Response")
    assert response.refused == "It is closed, and its history takes no such change."
    after = merged(merge, {one.cell for one in merge.differences}, on=LATER, by="officer")
    assert after.items[1].history == old.items[1].history
    assert workbook_of(after).sheet("Tracker").at(2, 7) == "closed"
    gone = tracker(*ROWS).recorded("Tracker!2", Withdrawn(on=FIRST, by="chair", why="done elsewhere"))
    assert [one.refused for one in reckon(gone, tracker(*changed(0, Topic="Another"))).differences] == [
        "It is withdrawn, and its history takes no such change."
    ]


def test_both_changed_is_said() -> None:
    old = tracker(*ROWS).recorded(
        "Tracker!2", Answered(on=FIRST, by="officer", why="letter", response="By letter.")
    )
    merge = reckon(old, tracker(*changed(0, Response="By sheet."), on=LATER))
    assert told(merge) == [("Tracker!F2", "Response", "By letter.", "By sheet.", True)]
    after = merged(merge, merge.names, on=LATER, by="officer")
    assert after.items[0].history is not None
    assert [getattr(event, "response", "") for event in after.items[0].history.events] == [
        "", "By letter.", "By sheet.",
    ]  # fmt: skip


def test_a_blank_row_that_was_filled_in_begins_its_history() -> None:
    merge = reckon(
        tracker(*ROWS), tracker(*changed(2, Topic="Maternity", Recommendation="Report."), on=LATER)
    )
    after = merged(merge, merge.names, on=LATER, by="officer")
    assert after.items[2].history is not None and after.items[2].history.state.raised.text == "Report."


def test_a_file_without_a_tracker_is_refused() -> None:
    nothing = tracker_of(Workbook((Sheet("A", (("hello",),)),)), Source("a.xlsx", "0" * 64, LATER, "officer"))
    with pytest.raises(YourData, match="holds no tracker"):
        reckon(tracker(*ROWS), nothing)


def test_a_merge_that_is_another_has_another_seal() -> None:
    old, new = tracker(*ROWS), tracker(*changed(0, Response="We shall."), on=LATER)
    later = old.recorded("Tracker!2", Answered(on=FIRST, by="officer", why="letter", response="Ours."))
    assert reckon(old, new).seal == reckon(old, new).seal != reckon(later, new).seal


def test_the_command_lists_takes_and_keeps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {}
    for name, rows in (("first", ROWS), ("second", changed(0, Response="We shall."))):
        files[name] = tmp_path / f"{name}.xlsx"
        files[name].write_bytes(write_xlsx(Workbook((Sheet("Tracker", (HEAD, *rows)),))))
    out = tmp_path / "tracker.json"
    told = ["--out", str(out), "--on", "2025-12-01"]
    assert run(["scrutiny", "import", str(files["first"]), *told]) == 0
    capsys.readouterr()
    before = out.read_text()
    for what, response in (("list", ""), ("keep", ""), ("take", "We shall.")):
        assert run(["scrutiny", "import", str(files["second"]), *told, "--merge", what, "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert [one["taken"] for one in answer["differences"]] == [what == "take"]
        assert (out.read_text() == before) == (what == "list")
        history = Tracker.from_json(out.read_text()).items[0].history
        assert history is not None
        assert (history.state.answered.response if history.state.answered else "") == response
    assert run(["scrutiny", "import", str(files["second"]), *told, "--merge", "guess"]) == 2
    assert run(["scrutiny", "import", str(files["second"]), *told, "--merge", "list"]) == 0
    assert "Not in the newer file, and kept: nothing." in capsys.readouterr().out
