"""What initiatives and claims are judged from: counts as they were released, and never anything else."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from joinedup.errors import YourCommand
from joinedup.improvement import Group, Initiative, check_claims, find_claims, ties_of, verdicts
from joinedup.stats.change import ChangeVerdict
from joinedup_web.equity.figures import Figures
from joinedup_web.improvement.released import PublishedHeld, State, measures_at
from tests.published_worlds import BRENT, EIGHT, rises_in_brent, write_state


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    return State(Figures.open(write_state(tmp_path_factory.mktemp("states"), 7, rises_in_brent(12))))


def initiative(**more: object) -> Initiative:
    told = {
        "name": "Reminders", "start": "2025-04", "places": (BRENT,), "measures": ("M195",), "population": "adults",
        "expected": 0.05, "worthwhile": 0.02, "comparison": tuple(EIGHT[1:]),
    }  # fmt: skip
    return Initiative(**{**told, **more})  # type: ignore[arg-type]


def test_the_counts_are_those_that_were_released(state: State) -> None:
    counts = PublishedHeld(state).monthly("reliable_recovery")
    assert counts is not None and counts.measure_id == "M195" and counts.share and counts.better == "higher"
    assert set(counts.place) == set(EIGHT) and len(set(counts.month)) == 24 and counts.snapshot == 7
    known = [value for value in (*counts.numerator, *counts.denominator) if not math.isnan(value)]
    assert known and all(value % 5 == 0 for value in known)
    assert counts.display is not None and counts.display.base == 5


def test_nothing_is_there_that_was_not_released(state: State) -> None:
    held = PublishedHeld(state)
    assert held.stays() is None and held.monthly("length_of_stay") is None
    assert held.monthly("M195", level="service") is None and held.monthly("M053") is None
    assert held.monthly("M195", months=["2019-04"]) is None
    with pytest.raises(YourCommand, match="not published by month"):
        held.monthly("M195", group=Group("gender", "Female"))


def test_only_percentages_with_a_better_are_offered_to_be_judged(state: State) -> None:
    assert [one for one, _ in measures_at("borough", state)] == ["M195"]
    assert measures_at("service", state) == ()


def test_a_true_effect_is_found_and_none_is_not_called_worked(state: State, tmp_path: Path) -> None:
    (found,) = verdicts(initiative(), PublishedHeld(state))
    assert found.verdict == ChangeVerdict.WORKED and found.lower is not None and found.lower > 0
    flat = State(Figures.open(write_state(tmp_path, 8, rises_in_brent(0))))
    (found,) = verdicts(initiative(), PublishedHeld(flat))
    assert found.verdict not in (ChangeVerdict.WORKED, ChangeVerdict.PARTLY)


def test_a_claim_is_checked_against_them(state: State) -> None:
    claims = find_claims(["In Brent more than 58% of people recovered. In Ealing 75% of people recovered."])
    common = {"measure": "M195", "after": "2025-26"}
    ties = ties_of(
        {
            "ties": [
                {"text": "58% of people", "places": [BRENT], **common},
                {"text": "75% of people", "places": [EIGHT[1]], **common},
            ]
        }
    )
    right, wrong = check_claims(claims, ties, PublishedHeld(state))
    assert (right.verdict, wrong.verdict) == ("supported", "not supported")
