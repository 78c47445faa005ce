"""`joinedup places list`: the register as at a day, as feature S0.02 asks for it."""

from __future__ import annotations

import json

import pytest

from joinedup.cli import run

MEMBERS = ["places", "list", "--members-of", "NWL-COMM", "--on"]


def test_the_community_collaborative_before_and_after_2024(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*MEMBERS, "2023-01-01", "--json"]) == 0
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["RV3", "RYX", "RKL", "RY9"]
    assert run([*MEMBERS, "2024-12-01"]) == 0
    told = capsys.readouterr().out
    assert "2024-07-01: Community services in Hounslow moved from RY9 to RKL" in told
    closed = next(line for line in told.splitlines() if line.startswith("RY9"))
    assert closed.endswith("RAX") and "2024-10-31" in closed


def test_a_level_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["places", "list", "--level", "icb", "--on", "2016-06-01"]) == 0
    assert "Nothing to show" in capsys.readouterr().out
    assert run(["places", "list", "--level", "ward"]) == 2
