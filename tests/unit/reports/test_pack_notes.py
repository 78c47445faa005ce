"""Notes on figures: read in three forms, cleaned, put beside their figure, flagged where it changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup.reports.packs import Note, notes_of, read_notes
from joinedup.reports.packs.comments import Commentary, Placed, _flag, marked
from joinedup.reports.packs.content import Comment
from joinedup.reports.packs.notes import LONGEST, clean

ROW = {
    "measure": "M195",
    "place": "Brent",
    "period": "2026-03",
    "text": "Why.",
    "role": "service_manager",
    "date": "2026-04-10",
}


def test_yaml_json_and_csv_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text(
        "notes:\n- {measure: M195, place: Brent, period: 2026-03, text: Why., role: service_manager, "
        "date: 2026-04-10}\n"
    )
    (tmp_path / "n.json").write_text(json.dumps({"items": [ROW]}))
    (tmp_path / "n.csv").write_text(
        "measure,place,period,text,by,date\nM195,Brent,2026-03,Why.,service_manager,2026-04-10\n"
    )
    found = [read_notes(tmp_path / name) for name in ("n.yaml", "n.json", "n.csv")]
    assert found[0] == found[1] == found[2]
    assert found[0][0].who == "Service manager, 10 April 2026" and found[0][0].period == "2026-03"


def test_the_shape_of_the_workspace_is_read() -> None:
    row = {
        "note": "0b0d", "number": "abcdefghij", "about": "Reliable recovery, Brent", "kind": "challenge",
        "text": "Why.",
        "place": "RV3", "place_name": "Central and North West London", "role": "clinical_lead", "shared": True,
        "written_at": "2026-04-10T09:00:00Z", "ended_at": None,
    }  # fmt: skip
    (note,) = notes_of([row])
    assert (note.number, note.place, note.shared) == ("ABCDEFGHIJ", "", True)
    assert note.who == "Clinical lead, Central and North West London, 10 April 2026"
    assert notes_of([{**row, "ended_at": "2026-04-11T00:00:00Z"}]) == ()
    assert notes_of([{**row, "number": ""}]) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "no text"),
        ({"period": ""}, "which figure"),
        ({"text": {"a": 1}}, "more than words"),
        ({"text": ["a"]}, "more than words"),
    ],
)
def test_a_note_that_is_none_is_named_by_its_row(change: dict[str, object], said: str) -> None:
    with pytest.raises(YourData, match=said) as told:
        notes_of([ROW, {**ROW, **change}], file="n.csv")
    assert (told.value.row, told.value.file) == (2, "n.csv")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"notes: [", b"[" * 5000])
def test_files_that_are_no_notes_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n.yaml").write_bytes(content)
    with pytest.raises((UnreadableFile, YourData)):
        read_notes(tmp_path / "n.yaml")


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_bytes(b" " * 5_000_001)
    with pytest.raises(UnsafeFile):
        read_notes(tmp_path / "n.yaml")
    with pytest.raises(UnreadableFile, match="no such file"):
        read_notes(tmp_path / "absent.yaml")


def test_control_characters_go_and_joiners_stay() -> None:
    assert clean("a\x00\x0bb\u202e\ufeffc\n\td \ud800e") == "a bc d e"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


def test_a_huge_note_is_cut_with_a_mark() -> None:
    (note,) = notes_of([{**ROW, "text": "word " * 1000}])
    assert len(note.text) < LONGEST + 60 and note.text.endswith("[cut: the note has 4,999 characters]")
    (solid,) = notes_of([{**ROW, "text": "w" * 9000}])
    assert solid.text.startswith("w" * LONGEST) and "9,000" in solid.text


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [
        ("41%", "42%", True),
        ("42%", "42%", False),
        ("42.0 %", "42%", False),
        ("1,205", "1,205", False),
        ("", "42%", False),
        ("41%", "hidden", True),
        ("hidden to protect people", "hidden", False),
        ("hidden to protect people", "42%", True),
        ("53.2% (500 of 940)", "53.2%", False),
    ],
)
def test_a_note_whose_figure_changed_since_is_flagged(then: str, now: str, changed: bool) -> None:
    flag = _flag(Note("Why.", figure=then), now)
    assert bool(flag) == changed and (not changed or then in flag)


def test_notes_left_out_are_counted() -> None:
    told = Commentary(elsewhere=1, not_shared=2).left_out
    assert told[0].startswith("1 note is left out") and told[1].startswith("2 notes are left out")


def test_comments_go_to_their_measure_and_place() -> None:
    placed = [
        Placed(Comment(text, "x", "y"), "M195", place, "2026-03", "")
        for text, place in (("a", "RV3CH"), ("b", "RKL07"))
    ]
    found = Commentary(tuple(placed))
    assert [one.text for one in found.about(["M195"], ["RKL07"])] == ["b"]
    assert [one.text for one in found.about(["M195"])] == ["a", "b"]
    assert not found.about(["M053"])
    assert marked(found.about(["M195"]), 1)[0].flag == "And 1 more, under Commentary."
