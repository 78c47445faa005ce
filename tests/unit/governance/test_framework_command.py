"""`joinedup framework`: list, show, blank forms, score, report; and whose fault it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from joinedup.cli import run
from joinedup.governance.frameworks.writing import write_filled
from tests.unit.governance.framework_forms import PAPER, charter, moderated, register, roadmap, scores, sheet


def command(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    assert run(["framework", *map(str, arguments)]) == code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.out + captured.err


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "brent.xlsx"
    path.write_bytes(
        write_filled(
            [
                sheet(),
                moderated(given=scores({"inclusive_board": 3, "shared_picture": 1})),
                roadmap(),
                charter(),
                register(),
            ],
            ".xlsx",
        )
    )
    return path


def test_three_frameworks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["framework"]: row for row in json.loads(command(capsys, "list", "--json"))["frameworks"]}
    assert len(rows) >= 3
    assert (rows["world_class_commissioning"]["domains"], rows["world_class_commissioning"]["levels"]) == (
        11,
        4,
    )
    assert "provider_capability" in command(capsys, "list")


def test_a_framework_is_shown_with_its_numbers_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    told = command(capsys, "show", "maturity")
    for words in (
        "4 statements:",
        "6 questions:",
        "50,000 to 100,000",
        "8 to 13 boroughs",
        "Seven place-based",
        "These are ours",
    ):
        assert words in told
    shown = json.loads(command(capsys, "show", "maturity", "--json"))
    assert len(shown["domains"]) == 6 and shown["neighbourhoods"]["highest"] == 100_000


def test_a_blank_form_is_written_filled_in_and_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "brent.xlsx"
    arguments = (
        "show",
        "maturity",
        "--form",
        out,
        "--place",
        "Brent",
        "--view",
        "partner",
        "--partner",
        "Council",
    )
    assert "scores, roadmap, charter, neighbourhoods" in command(capsys, *arguments)
    assert "is there already" in command(capsys, *arguments, code=2)
    one = tmp_path / "one.csv"
    assert json.loads(command(capsys, "show", "wcc", "--form", one, "--json"))["forms"] == ["scores"]
    assert "There is no partnership called" in command(
        capsys, "show", "maturity", "--form", tmp_path / "b.csv", "--place", "Paris", code=2
    )
    assert "no such form" in command(
        capsys, "show", "wcc", "--form", tmp_path / "b.csv", "--part", "charter", code=2
    )


def test_forms_are_scored_with_what_stands_and_what_is_to_settle(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = json.loads(command(capsys, "score", filled, "--json"))
    (place,) = answer["places"]
    board = next(one for one in place["rounds"][0]["criteria"] if one["criterion"] == "inclusive_board")
    assert (board["decided"], board["allowed"], board["held"]) == (3, 2, 2)
    assert place["pace"]["verdict"] == "cannot tell" and len(place["gaps"]) == 12
    rules = {one["rule"] for one in answer["findings"]}
    assert {
        "level-without-evidence",
        "two-accountable",
        "posts-exclude",
        "too-small",
        "area-in-none",
    } <= rules
    told = command(capsys, "score", filled)
    assert "PBP-BRENT" in told and "Two are accountable for one duty." in told and "too large" in told


def test_the_form_of_the_meeting_begins_with_what_was_said_and_stands_once_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = {"inclusive_board": (PAPER,)}
    said = [
        sheet(partner="Council", given=scores({"inclusive_board": 3}, paper)),
        sheet(partner="NHS", given=scores({"inclusive_board": 4}, paper, park=1)),
    ]
    forms, meeting = tmp_path / "said.yaml", tmp_path / "meeting.xlsx"
    forms.write_bytes(write_filled(said, ".yaml"))
    command(capsys, "score", forms, "--moderate", meeting)
    answer = json.loads(command(capsys, "score", forms, meeting, "--json"))
    (round_,) = answer["places"][0]["rounds"]
    held = {one["criterion"]: one["held"] for one in round_["criteria"] if one["held"] is not None}
    assert round_["decided"] and held == {"inclusive_board": 3, "local.park": 1}
    assert "0 places wait" in command(
        capsys, "score", forms, meeting, "--moderate", tmp_path / "b.xlsx", code=2
    )


def test_what_was_left_out_makes_the_exit_code_1_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(
        write_filled([moderated(given=scores({"inclusive_board": 2}))], ".yaml").replace(
            b"level: 2", b"level: 9"
        )
    )
    answer: dict[str, Any] = json.loads(command(capsys, "score", path, "--json", code=1))
    assert [(one["file"], one["row"], one["column"], one["rule"]) for one in answer["findings"]] == [
        ("bad.yaml", 1, "level", "not-a-level")
    ]
    assert "no such file" in command(capsys, "score", tmp_path / "none.xlsx", code=1).lower()


def test_the_page_is_written_whole_and_asks_for_nothing_outside(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    told = json.loads(command(capsys, "report", filled, "--out", out, "--json"))
    assert told["written"] == [str(out)]
    page = out.read_text()
    assert page.startswith("<!DOCTYPE html>") and "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert "P. One" not in page  # holders of posts stay in the charter
    for words in (
        "13 boroughs",
        "8 boroughs",
        "Population Health Management",
        "50,000 to 100,000",
        "These are ours",
    ):
        assert words in page
    assert "is there already" in command(capsys, "report", filled, "--out", out, code=2)
    assert "two maps" in command(
        capsys, "report", filled, "--out", tmp_path / "b.html", "--map", "2026-01-01", code=2
    )
    assert "not a page" in command(capsys, "report", filled, "--out", tmp_path / "b.pdf", code=2)
    assert "--framework" in command(capsys, "report", _blank(tmp_path), "--out", tmp_path / "c.html", code=2)


def _blank(folder: Path) -> Path:
    path = folder / "blank.yaml"
    path.write_text("forms: []\n")
    return path


def test_the_example_of_the_how_to_page_runs(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/score-a-framework.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    monkeypatch.chdir(filled.parent)
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["place"].place == "PBP-BRENT"
