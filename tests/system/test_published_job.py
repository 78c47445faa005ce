"""What can be said from published figures alone, on the real files."""

from __future__ import annotations

from pathlib import Path

import pytest

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
