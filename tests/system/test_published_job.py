"""What can be said from published figures alone, on the real files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docx import Document

from tests.system.conftest import joinedup

MONTHLY, ANNUAL = "nhstt_activity_performance_monthly.parquet", "nhstt_measures_annual.parquet"


@pytest.mark.parametrize("name", [MONTHLY, ANNUAL])
def test_published_percentages_follow_from_published_counts(published_data: Path, name: str) -> None:
    answer = joinedup("reconcile", published_data / "iapt" / name, "--json")
    assert answer.code == 0
    assert answer.json["checked"] > 50_000
    assert [one for one in answer.json["differences"] if not one["explained"]] == []


def test_the_gap_page_from_published_flows(published_data: Path) -> None:
    """The figures of the published 2024-25 tables, worked by hand before this was written."""
    found = joinedup(
        "gap",
        "--published",
        published_data / "iapt" / ANNUAL,
        "--by",
        "ethnic_group",
        "--period",
        "2024-25",
        "--json",
    ).json
    gap = next(g for g in found if g["place"] == "All services" and g["group"] == "Other Ethnic Groups")
    assert round(100 * gap["gap"], 1) == -6.2
    assert (round(100 * gap["lower"], 1), round(100 * gap["upper"], 1)) == (-7.0, -5.4)
    parts = {stage["stage"]: round(100 * stage["contribution"], 1) for stage in gap["stages"]}
    assert parts == {"finished": -2.8, "scope": 0.5, "outcome": -3.9}
    assert len({g["place"] for g in found}) == 9


def test_report_on_published_figures(published_data: Path, tmp_path: Path) -> None:
    page = tmp_path / "published.html"
    answer = joinedup("report", "--published", published_data / "iapt" / ANNUAL, "--out", page, "--json")
    assert answer.code == 0, answer.err
    text = page.read_text()
    for service in ("Brent", "Ealing", "Harrow", "Hillingdon", "Hounslow", "Westminster"):
        assert service in text
    assert "2017-18" in text and "2024-25" in text


def test_a_pack_of_published_figures(published_data: Path, tmp_path: Path) -> None:
    """Given no returns, when a board's pack is made of the annual file, then it says what the report says, in the
    formats of a pack, and every number in it opens."""
    document, registry = tmp_path / "board.docx", tmp_path / "board.registry.json"
    answer = joinedup(
        "pack", "board", "--published", published_data / "iapt" / ANNUAL, "--out", document, "--json"
    )
    assert answer.code == 0, answer.err
    assert answer.json["files"] == [str(document), str(registry)]
    assert any("Other Ethnic Groups" in title for title in answer.json["titles"])
    text = "\n".join(paragraph.text for paragraph in Document(document).paragraphs)
    assert "12 reach reliable recovery, against 18 among people recorded as White: 6.2 fewer" in text
    codes = set(re.findall(r"\b[A-Z2-7]{10}\b", text))
    assert len(codes) >= 3 and codes <= set(json.loads(registry.read_text()))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--published", "f", "--lake", "l"], "name a lake and a month, or a published file"),
        (["--lake", "l"], "name a lake and a month, or a published file"),
        (["--published", "f", "--measure", "M195"], "published figures take none of these"),
    ],
)
def test_a_pack_is_of_a_lake_or_of_published_figures(options: list[str], words: str) -> None:
    answer = joinedup("pack", "board", *options, "--out", "board.docx")
    assert answer.code == 2 and words in " ".join(answer.err.replace("│", " ").split())


def test_packs_that_need_months_say_so(published_data: Path, tmp_path: Path) -> None:
    answer = joinedup(
        "pack", "ceo", "--published", published_data / "iapt" / ANNUAL, "--out", tmp_path / "ceo.docx"
    )
    assert answer.code == 2 and "Choose board or scrutiny, or name a lake." in answer.err
