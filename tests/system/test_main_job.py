"""The main job through the command, from the twin's files to the gap and the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.eighths import in_turn
from tests.system.conftest import Demo, joinedup

GAP_KEYS = {"stage", "kind", "contribution", "lower", "upper", "claimed", "fewer_recoveries", "extra_leavers"}


def test_demo_leaves_a_lake_and_a_report_and_says_what_it_did(demo: Demo) -> None:
    assert {"people", "referrals", "contacts", "seconds", "peak_mb"} <= set(demo.summary)
    assert demo.summary["referrals"] > 13_000
    assert (demo.folder / "lake" / "lake.json").is_file()
    for end in (".html", ".pdf", ".xlsx", ".registry.json"):
        assert (demo.folder / f"report{end}").stat().st_size > 1_000


def test_demo_does_not_replace_a_folder_that_is_not_a_demo(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    answer = joinedup("demo", "--out", tmp_path, "--scale", "0.01", "--months", "1")
    assert answer.code == 2
    assert "not a demo" in answer.err
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_gap_prints_the_stages_and_they_add_up_to_the_gap(demo: Demo) -> None:
    pair = ("--between", "Other Ethnic Groups", "White")
    found = joinedup("gap", "--by", "ethnic_group", *pair, "--lake", demo.lake, "--json").json
    assert {"gap", "lower", "upper", "stages"} <= set(found)
    assert all(set(stage) >= GAP_KEYS for stage in found["stages"])
    assert sum(stage["contribution"] for stage in found["stages"]) == pytest.approx(found["gap"], abs=1e-9)
    assert all(count is None or count % 5 == 0 for count in found["referrals"].values())


def test_a_gap_needs_groups_that_exist(demo: Demo) -> None:
    answer = joinedup("gap", "--by", "ethnic_group", "--between", "Martians", "White", "--lake", demo.lake)
    assert answer.code == 2
    assert "Other Ethnic Groups" in answer.err


@in_turn
def test_as_known_reopens_an_earlier_state(demo: Demo) -> None:
    def referrals(*known: str) -> int:
        asked = (
            "measures",
            "calculate",
            "M001",
            "--lake",
            demo.lake,
            "--period",
            "2024-04",
            "--level",
            "total",
        )
        return int(joinedup(*asked, *known, "--json").json[0]["numerator"])

    late, early = referrals(), referrals("--as-known", "2024-05-31")
    assert 0 < early <= late


def test_measures_are_released(demo: Demo) -> None:
    rows = joinedup(
        "measures",
        "calculate",
        "M195",
        "M031",
        "--lake",
        demo.lake,
        "--period",
        "2024-25",
        "--by",
        "ethnic_group",
        "--json",
    ).json
    counts = [row[name] for row in rows for name in ("numerator", "denominator") if row[name] is not None]
    assert counts and all(count % 5 == 0 and count >= 5 for count in counts)


def test_returns_check_names_rule_file_row_and_column(demo: Demo) -> None:
    file = next((demo.folder / "twin" / "returns").glob("RV3_*_primary.zip"))
    report = joinedup("returns", "check", file, "--json").json
    assert set(report) >= {"outcome", "files", "rows", "findings"}
    assert report["outcome"] in ("accepted", "accepted_with_rejects")
    assert all(
        {"rule", "severity", "file", "row", "column", "message"} <= set(one) for one in report["findings"]
    )


def test_loading_again_changes_nothing(demo: Demo, tmp_path: Path) -> None:
    file = next((demo.folder / "twin" / "returns").glob("RKL_*_refresh.zip"))
    key = demo.folder / "demo.key"
    answer = joinedup("returns", "load", file, "--lake", demo.lake, "--key", key, "--json")
    assert answer.json["outcomes"] == {"already loaded": 1}


def test_every_number_of_the_report_can_be_opened(demo: Demo) -> None:
    registry = demo.folder / "report.registry.json"
    code = next(iter(json.loads(registry.read_text())))
    found = joinedup("trace", code, "--registry", registry, "--json").json
    assert {"measure_id", "version", "snapshot", "profile", "cell", "counts"} <= set(found)
    assert joinedup("trace", "AAAAAAAAAA", "--registry", registry).code == 2


def test_the_lake_is_whole(demo: Demo) -> None:
    assert joinedup("lake", "check", "--lake", demo.lake, "--json").json["whole"] is True


def test_no_identifier_of_the_twin_rests_in_the_lake_or_the_report(demo: Demo) -> None:
    from joinedup.returns import read_submission

    file = next((demo.folder / "twin" / "returns").glob("RV3_*_refresh.zip"))
    people = read_submission(file).files["IDS001"].rows
    canaries = {
        value.encode()
        for name in ("NHSNumber", "Postcode", "LocalPatientId")
        for value in people[name].drop_null().to_pylist()[:25]
    }
    for path in (
        p
        for place in ("lake", ".")
        for p in (demo.folder / place).glob("**/*")
        if p.is_file() and "twin" not in p.parts
    ):
        content = path.read_bytes()
        if path.name != "demo.key" and "areas" not in path.parts:
            assert not [canary for canary in canaries if canary in content], path.name
