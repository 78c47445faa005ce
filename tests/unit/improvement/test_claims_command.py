"""`joinedup claims check`: the command, and the source page on which the two claims stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.cli import run
from tests.conftest import reference_folder

KEYS = ["text", "measure", "claimed", "found", "verdict"]


@pytest.fixture(scope="module")
def source_page() -> Path:
    """The page of the collaborative; not part of the repository."""
    folder = reference_folder("JOINEDUP_SOURCES", "../shared/reference/source-documents")
    pages = sorted(folder.glob("001_*"))
    if not pages:
        pytest.skip(f"no source documents: set JOINEDUP_SOURCES (looked in {folder.name})")
    return pages[0]


def test_the_two_claims_of_the_source_page(source_page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["claims", "check", str(source_page), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["claims"]
    stay, placement = answer["claims"]
    assert list(stay) == list(placement) == KEYS
    assert stay["text"] == placement["text"]
    assert stay["text"] in " ".join(source_page.read_text("utf-8").split())
    assert (stay["measure"], placement["measure"]) == ("length_of_stay", "independent_placements")
    assert stay["claimed"].startswith("-55.9%") and placement["claimed"].startswith("-20.0%")
    assert stay["verdict"] == placement["verdict"] == "no data held"


def test_words_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "news.html"
    page.write_text("<p>Average stays have halved.<p>Waits fell by 5%.")
    assert run(["claims", "check", str(page)]) == 0
    told = capsys.readouterr().out
    assert "2 claims in news.html." in told
    assert "1. -50.0%: no data held (paragraph 1, sentence 1)" in told
    assert "“Average stays have halved.”" in told
    assert "2. -5.0%: not tied" in told


def test_faults_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, ties = tmp_path / "news.txt", tmp_path / "ties.yaml"
    page.write_text("Waits fell by 5%.")
    ties.write_text("ties:\n- text: Waits rose\n  measure: M195\n  after: 2024-25\n")
    assert run(["claims", "check", str(page), "--ties", str(ties)]) == 2
    assert "No claim of the text" in capsys.readouterr().err
    ties.write_text("ties:\n- text: Waits fell\n")
    assert run(["claims", "check", str(page), "--ties", str(ties)]) == 1
    assert "ties.0.measure" in capsys.readouterr().err
    assert run(["claims", "check", str(tmp_path / "none.txt")]) == 1
