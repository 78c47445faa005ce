"""Claims about what a lake holds: a true figure is borne out, a false one is not, and small counts stay hidden."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.system.conftest import Demo, joinedup

LATE, EARLY = "2025-26", "2024-25"


def test_claims_are_reproduced_from_the_lake(demo: Demo, tmp_path: Path) -> None:
    shown = joinedup(
        "measures", "calculate", "M192", "--lake", demo.lake, "--period", LATE, "--level", "total", "--json"
    )
    (true,) = [row for row in shown.json if row["group"] == "Everyone" or len(shown.json) == 1]
    right, wrong = round(true["value"]), round(true["value"]) + 9
    text, ties = tmp_path / "news.txt", tmp_path / "ties.yaml"
    text.write_text(
        f"Last year {right}% of people recovered. Elsewhere it was {wrong}% of people. Recovery doubled."
    )
    common = {"measure": "M192", "after": LATE, "level": "total"}
    told = [{"text": f"{right}% of people", **common}, {"text": f"{wrong}% of people", **common}]
    ties.write_text(
        yaml.safe_dump(
            {"ties": [*told, {"text": "doubled", "before": EARLY, **common, "comparison": "own trend"}]}
        )
    )
    answer = joinedup("claims", "check", text, "--lake", demo.lake, "--ties", ties, "--json")
    assert answer.code == 0, answer.err
    assert [claim["verdict"] for claim in answer.json["claims"]] == [
        "supported",
        "not supported",
        "not supported",
    ]
    assert {claim["measure"] for claim in answer.json["claims"]} == {"M192"}
