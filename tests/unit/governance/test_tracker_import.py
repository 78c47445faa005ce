"""A council's workbook to a tracker and back, and the command that does it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from joinedup.cli import run
from joinedup.definitions.scrutiny import TopicList
from joinedup.errors import UnknownName, YourCommand, YourData
from joinedup.governance.cells import Area, Sheet, Value, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.events import Answered, EvidenceAccepted, EvidenceOffered, TestSet
from joinedup.governance.evidence import Figures, MeasureTest, Point, Series
from joinedup.governance.exporting import export_tracker, source_workbook, workbook_of
from joinedup.governance.findings import RULES
from joinedup.governance.history import Status
from joinedup.governance.importing import import_bytes
from joinedup.governance.reading import read_bytes
from joinedup.governance.tracker import Tracker
from joinedup.governance.writing import write_xlsx

DAY, MEETING = date(2025, 12, 1), date(2025, 11, 18)
HEAD = (
    "Ref",
    "Topic",
    "Recommendation",
    "Meeting date",
    "To whom",
    "Due",
    "Response",
    "Accepted?",
    "Status",
    "Colour",
)
ROWS: tuple[tuple[Value, ...], ...] = (
    ("North West London tracker",),
    HEAD,
    (
        1.0,
        "Adult Mental Health",
        "Halve the wait.",
        MEETING,
        "West London NHS Trust",
        None,
        None,
        None,
        "Ongoing",
        "blue",
    ),
    (
        2.0,
        "Acute beds",
        "Say how many.",
        "18/11/2025",
        "CNWL",
        datetime(2025, 12, 16),
        "Here.",
        "Yes",
        "Complete",
        None,
    ),
    (3.0,),
    (),
    (4.0, "Gordon Hospital", "Publish the plan.", "TBC", "CNWL", 46000.0, None, "maybe", "purple", None),
)
BOOK = Workbook((Sheet("Tracker", ROWS, (Area(0, 0, 0, 4),)), Sheet("Notes", (("Ask the clerk",),))))


def imported(book: Workbook = BOOK, **more: Any) -> Tracker:
    return import_bytes(write_xlsx(book), "council.xlsx", on=DAY, by="scrutiny officer", **more)


def told(tracker: Tracker) -> list[tuple[str, str, str]]:
    return [(found.sheet, found.cell, found.rule) for found in tracker.findings]


def test_every_row_is_read_and_all_that_was_not_understood_is_told_by_cell_rule_and_remedy() -> None:
    tracker = imported()
    assert told(tracker) == [
        ("Tracker", "J2", "unknown-column"),
        ("Tracker", "A3", "first-day-assumed"),
        ("Tracker", "D4", "text-day"),
        ("Tracker", "I4", "closed-without-evidence"),
        ("Tracker", "B5", "blank-row"),
        ("Tracker", "B6", "blank-row"),
        ("Tracker", "D7", "not-a-day"),
        ("Tracker", "F7", "serial-number"),
        ("Tracker", "H7", "unknown-answer"),
        ("Tracker", "I7", "unknown-status"),
        ("Notes", "A1", "no-tracker-here"),
    ]
    assert all(found.remedy and found.message == RULES[found.rule] for found in tracker.findings)
    assert [(item.id, item.blank) for item in tracker.items] == [
        ("Tracker!3", False),
        ("Tracker!4", False),
        ("Tracker!5", True),
        ("Tracker!6", True),
        ("Tracker!7", False),
    ]


def test_rows_become_histories_with_a_clock_and_a_council_s_closed_is_only_a_claim() -> None:
    waits, beds, _, _, gordon = (item.history for item in imported().items)
    assert waits is not None and beds is not None and gordon is not None
    assert (waits.state.raised.due, waits.state.raised.due_by) == (
        date(2025, 12, 16),
        "health_scrutiny_response",
    )
    assert waits.state.raised.measures == ("M001", "M031", "M053", "M055", "M195", "M186")
    assert (beds.state.raised.due_by, beds.state.status) == ("sheet", Status.CLAIMED_DONE)
    assert beds.state.answered is not None and beds.state.answered.answer == "accepted"
    assert gordon.state.raised.meeting is None and gordon.state.raised.due == date(2025, 12, 9)
    assert "row 7" in gordon.events[0].why and gordon.events[0].by == "scrutiny officer"


def test_what_came_in_goes_out_cell_for_cell_in_both_kinds_of_file() -> None:
    tracker = imported()
    again, _ = read_bytes(export_tracker(tracker, ".xlsx"), "a.xlsx")
    assert again == BOOK == tracker.workbook
    content = write_csv(BOOK.sheets[0])
    from_csv = import_bytes(content, "council.csv", on=DAY, by="clerk")
    assert export_tracker(from_csv, ".csv") == content
    assert (
        workbook_of(import_bytes(export_tracker(from_csv, ".xlsx"), "b.xlsx", on=DAY, by="clerk"))
        == from_csv.workbook
    )


def test_what_has_happened_since_goes_into_the_row_s_cells_and_no_others() -> None:
    series = Series(measure="M053", place="Brent")
    figures = Figures(series=series, points=(Point(period="2026-01", value=80, code="AAAAAAAAAA"),))
    common = {"on": DAY, "by": "trust", "why": "letter of 1 December"}
    tracker = imported()
    for event in (
        Answered(**common, answer="accepted_in_part", response="=We will", received_on=DAY),
        TestSet(**common, test=MeasureTest(series=series, comparison="at_least", threshold=75, points=1)),
        EvidenceOffered(**common, evidence=figures),
        EvidenceAccepted(on=DAY, by="chair", why="seen"),
    ):
        tracker = tracker.recorded("Tracker!3", event)
    sheet = read_bytes(export_tracker(tracker, ".xlsx"), "a.xlsx")[0].sheets[0]
    assert sheet.rows[1] == (*HEAD, "Responded on", "Evidence")
    row = sheet.rows[2]
    assert row[6:9] == ("=We will", "accepted in part", "closed") and row[9:11] == ("blue", DAY)
    assert row[11] == "M053 at Brent: 2026-01: 80 [AAAAAAAAAA]"
    assert [sheet.rows[i] for i in (0, 3, 4, 5, 6)] == [BOOK.sheets[0].rows[i] for i in (0, 3, 4, 5, 6)]


def test_a_tracker_is_kept_as_json_and_an_altered_history_is_found_out() -> None:
    tracker = imported()
    kept = tracker.to_json()
    assert Tracker.from_json(kept) == tracker
    with pytest.raises(YourData, match="altered") as caught:
        Tracker.from_json(kept.replace('Halve the wait.",\n', 'Double the wait.",\n'))
    assert caught.value.row == 3
    for broken in (
        "",
        "{}",
        "[]",
        kept[:-40],
        kept.replace('"raised"', '"risen"'),
        kept.replace("tracker 1", "tracker 9"),
    ):
        with pytest.raises(YourData):
            Tracker.from_json(broken)


def test_merged_cells_count_for_every_row_they_span_and_blank_rows_take_no_events() -> None:
    rows = (("Topic", "Recommendation"), ("Acute beds", "one"), (None, "two"))
    tracker = imported(Workbook((Sheet("T", rows, (Area(1, 0, 2, 0),)),)), meeting=MEETING)
    assert [item.history.state.raised.topic for item in tracker.items if item.history] == ["Acute beds"] * 2
    assert len(tracker.of_topic(TopicList.load().topic("acute_beds"))) == 2
    with pytest.raises(YourCommand, match="blank row"):
        imported().recorded("Tracker!5", Answered(on=DAY, by="x", why="y"))
    with pytest.raises(UnknownName, match="sheet and row"):
        imported().item("Tracker!99")


def test_requests_for_information_are_told_apart_by_column_or_heading() -> None:
    rows = (("Type", "Topic", "Text"), ("Info", "a", "b"), ("Recommendation", "a", "b"), ("Song", "a", "b"))
    kinds = [i.history.state.raised.kind for i in imported(Workbook((Sheet("T", rows),))).items if i.history]
    assert kinds == ["information_request", "recommendation", "recommendation"]
    rows = (("Topic", "Information request"), ("a", "b"))
    tracker = imported(Workbook((Sheet("T", rows),)), meeting=MEETING)
    assert tracker.items[0].history.state.raised.due_by == "information_request"  # type: ignore[union-attr]


def test_measures_and_days_that_differ_are_told() -> None:
    rows = (
        ("Topic", "Recommendation", "Sent", "Due", "Linked measures", "Topic"),
        ("a", "b", MEETING, date(2026, 1, 31), "reliable_recovery; M999", "c"),
    )
    tracker = imported(Workbook((Sheet("T", rows),)))
    assert tracker.items[0].history.state.raised.measures == ("M195",)  # type: ignore[union-attr]
    assert told(tracker) == [
        ("T", "F1", "heading-twice"),
        ("T", "D2", "due-differs"),
        ("T", "E2", "not-a-measure"),
    ]
    assert "16 December 2025" in tracker.findings[1].remedy


def test_the_source_list_comes_in_with_18_topics_and_its_blank_row() -> None:
    tracker = imported(source_workbook(TopicList.load()), meeting=MEETING)
    assert len(tracker.topics) == 18 and [item.id for item in tracker.items if item.blank] == ["Tracker!20"]
    assert all(
        item.history.state.raised.due is None for item in tracker.live if item.history
    )  # no text, no clock


def command(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = run([str(argument) for argument in ("scrutiny", *arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_imports_exports_and_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start, kept, back = tmp_path / "start.xlsx", tmp_path / "kept.json", tmp_path / "back.xlsx"
    assert command(capsys, "export", "--out", start)[0] == 0
    code, out, _ = command(
        capsys, "import", start, "--out", kept, "--meeting", "2025-11-18", "--on", "2025-12-01"
    )
    assert (
        code == 0 and out.startswith("18 topics, 0 recommendations") and "1 blank row kept for review" in out
    )
    assert command(capsys, "export", "--tracker", kept, "--out", back)[0] == 0
    assert back.read_bytes() == start.read_bytes()
    code, out, _ = command(capsys, "show", "--tracker", kept, "--json")
    shown = json.loads(out)
    assert code == 0 and len(shown["rows"]) == 19 and len(shown["items"]) == 18
    assert {row["data"] for row in shown["rows"]} == {"", "held", "no data held"}
    code, out, _ = command(capsys, "show", "Acute beds")
    assert code == 0 and "No data held." in out
    assert "18 topics, 1 blank row kept" in command(capsys, "show")[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back.xlsx", "kept.json", "start.xlsx"]


def test_the_command_lists_what_is_overdue_on_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, kept = tmp_path / "council.xlsx", tmp_path / "kept.json"
    file.write_bytes(write_xlsx(BOOK))
    code, out, _ = command(capsys, "import", file, "--out", kept, "--json")
    report = json.loads(out)
    assert code == 0 and report["recommendations"] == 3 and len(report["findings"]) == 11
    _, out, _ = command(capsys, "show", "adult_mental_health", "--tracker", kept, "--as-at", "2025-12-20")
    assert "4 days overdue" in out
    _, out, _ = command(capsys, "show", "acute_beds", "--tracker", kept, "--json")
    (item,) = json.loads(out)["items"]
    assert (
        item["status"] == "claimed done"
        and [step["status"] for step in item["history"]][-1] == "claimed done"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("import", "nowhere.xlsx", "--out", "a.json"), 1, "no such file"),
        (("import", "notes.docx", "--out", "a.json"), 1, ".xlsx or .csv"),
        (("import", "there.csv", "--out", "there.csv"), 2, "--replace"),
        (("import", "there.csv", "--out", "a.json", "--by", " "), 2, "role"),
        (("export", "--out", "a.csv"), 2, ".xlsx"),
        (("export", "--tracker", "there.csv", "--out", "b.xlsx"), 1, "no tracker"),
        (("show", "acute_bends"), 2, "acute_beds"),
        (("show", "acute_beds", "--tracker", "nowhere.json"), 1, "no such tracker"),
    ],
)
def test_the_command_says_whose_fault_it_is(
    arguments: tuple[str, ...],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").write_text("Topic,Recommendation\na,b\n")
    (tmp_path / "notes.docx").write_text("x")
    found, _, err = command(capsys, *arguments)
    assert found == code and words.lower() in err.lower() and "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.docx", "there.csv"]


def test_the_example_of_the_how_to_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/track-recommendations.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tracker.json").write_text(imported().to_json())
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["tracker"].item("Tracker!3").history.state.test == names["test"]
