"""`joinedup meetings`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joinedup.cli import run
from tests.unit.governance.meeting_files import JOINT, REPORT, listing, meeting, page, pdf_of, put

EXAMPLE = "2025-11-18-north-west-london-joint-health-overview-and-scrutiny-committee"


@pytest.fixture
def held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "register"
    assert run(["meetings", "import", "--example", "--register", str(folder), "--on", "2025-12-01"]) == 0
    capsys.readouterr()
    return folder


def asked(capsys: pytest.CaptureFixture[str], *arguments: Any, code: int = 0) -> str:
    assert run(["meetings", *map(str, arguments)]) == code
    return capsys.readouterr().out


def test_import_says_what_became_of_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = put(
        tmp_path / "in", a_xml=meeting(), b_xml=listing(("4967", "18/11/2025")), c_pdf=b"%PDF-nothing"
    )
    said = ("--council", "Alder", "--register", tmp_path / "r", "--json")
    told = json.loads(asked(capsys, "import", *files, *said, code=1))
    assert [step["result"] for step in told["steps"]] == ["new", "new", "failed"] and told["meetings"] == 1
    assert told["steps"][2]["remedy"] and told["candidates"] == []
    text = asked(capsys, "import", *files[:2], *said[:-1])
    assert "known" in text and "2025-11-18" in text


def test_doubt_is_asked_and_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = put(
        tmp_path / "in", a_txt=page(), b_txt=page("Cedar", day="Wednesday, 19th November, 2025 10.00 am")
    )
    register = ("--register", tmp_path / "r")
    text = asked(capsys, "import", *files, *register)
    assert "One meeting or two? The days differ" in text and "joinedup meetings decide" in text
    (pair,) = json.loads(asked(capsys, "show", *register, "--json"))["candidates"]
    decide = ("decide", pair["first"], pair["second"], "--same", "--by", "chair", *register)
    told = json.loads(asked(capsys, *decide, "--why", "moved by a day", "--json"))
    assert len(told["meetings"]) == 1 and not told["candidates"]
    shown = json.loads(asked(capsys, "show", told["meetings"][0], *register, "--json"))
    assert {
        "field": "date",
        "about": "",
        "says": {"Birch Council": "18 November 2025", "Cedar": "19 November 2025"},
    } in (shown["differences"])
    assert asked(capsys, *decide, "--why", " ", code=2) == ""


def test_show_lists_and_opens(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert EXAMPLE in asked(capsys, "show", "--register", held)
    text = asked(capsys, "show", EXAMPLE, "--register", held)
    assert (
        "item, Dentist Commissioning. Harrow Council: listed; Kensington and Chelsea Council: not listed."
        in text
    )
    assert "Tuesday 18 November 2025, 10:00, Harrow Council Hub" in text and "2026-04, no day named" in text
    shown = json.loads(asked(capsys, "show", EXAMPLE, "--register", held, "--json"))
    assert len(shown["records"]) == 2 and {len(paper["sha256"]) for paper in shown["papers"]} == {64}


def test_a_calendar_is_written_once(held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "days.ics"
    asked(capsys, "show", EXAMPLE, "--register", held, "--calendar", out)
    assert b"DTSTART:20251118T100000" in out.read_bytes()
    asked(capsys, "show", EXAMPLE, "--register", held, "--calendar", out, code=2)


def test_digest_quotes_with_rule_place_and_hash(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = asked(capsys, "digest", EXAMPLE, "--register", held, "--most", 1)
    assert (
        "Deadline\n- “It says that every borough should work as a mature partnership by April 2026.”" in text
    )
    assert "a summary that others wrote" in text and "more: --most 0 shows all." in text
    quotes = json.loads(asked(capsys, "digest", EXAMPLE, "--register", held, "--json"))["quotes"]
    for quote in quotes:
        begin, end = quote["letters"]
        assert end - begin == len(quote["sentence"]) and quote["why"] and quote["paragraph"]
        assert (held / "papers" / quote["sha256"][:2] / f"{quote['sha256']}.html").is_file()


def test_rows_for_the_tracker_go_into_the_tracker(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = put(tmp_path / "in", a_xml=meeting(), **{"60860_pdf": pdf_of(*REPORT)})
    register = ("--register", tmp_path / "r")
    asked(capsys, "import", *files, *register, "--council", "Alder", "--committee", JOINT)
    name = json.loads(asked(capsys, "show", *register, "--json"))["meetings"][0]["meeting"]
    for out in (tmp_path / "rows.xlsx", tmp_path / "rows.csv"):
        asked(capsys, "digest", name, *register, "--tracker", out)
        assert run(["scrutiny", "import", str(out), "--out", f"{out}.json", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["recommendations"] == 2 and told["information_requests"] == 2
    asked(capsys, "digest", name, *register, "--tracker", tmp_path / "rows.ods", code=2)


def test_topics_are_proposed_and_a_persons_word_is_kept(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ("topics", EXAMPLE, "--register", held)
    found = {each["topic"]: each for each in json.loads(asked(capsys, *ask, "--json"))["topics"]}
    assert {"dentistry", "gordon_hospital", "special_school_nursing"} <= set(found)
    assert all(each["status"] == "proposed" and each["triggers"] for each in found.values())
    said = (
        "--confirm",
        "dentistry",
        "--refuse",
        "maternity",
        "--by",
        "chair",
        "--on",
        "2025-12-02",
        "--why",
        "Seen.",
    )
    asked(capsys, *ask, *said)
    text = asked(capsys, *ask)
    assert "dentistry: Dentistry (confirmed by chair on 2025-12-02)" in text
    assert "maternity: Maternity (refused by chair on 2025-12-02)" in text
    asked(capsys, *ask, "--confirm", "cancer", code=2)
    asked(capsys, *ask, "--confirm", "dentistry", "--refuse", "dentistry", code=2)


def test_what_is_not_there_is_told(held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(capsys, "show", "nothing", "--register", held, code=2)
    asked(capsys, "show", "--register", tmp_path / "none", code=2)
    asked(capsys, "import", "--register", tmp_path / "none", code=2)
    assert not (tmp_path / "none").exists()
