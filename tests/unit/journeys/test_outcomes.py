"""Scores and outcome flags, each on a drawn journey."""

from __future__ import annotations

from typing import Any

import pytest

from joinedup.definitions.thresholds import Thresholds
from tests.unit.journeys.drawn import course, journey

PHQ9, GAD7, PDSS, MI = "720433000", "445455005", "450326007", "473354003"
FLAGS = ("Recovery_Flag", "ReliableImprovement_Flag", "ReliableDeterioration_Flag", "NoChange_Flag")


def flags(row: dict[str, Any]) -> list[str]:
    return [flag.removesuffix("_Flag") for flag in FLAGS if row[flag]]


@pytest.mark.parametrize(
    ("phq9", "gad7", "expected"),
    [
        (("15", "9"), ("12", "7"), ["Recovery", "ReliableImprovement"]),
        (("15", "9"), ("12", "8"), ["ReliableImprovement"]),  # anxiety still at caseness
        (("15", "10"), ("12", "7"), ["ReliableImprovement"]),  # low mood still at caseness
        (("11", "9"), ("9", "7"), ["Recovery", "NoChange"]),  # below both, but neither fell far enough
        (("9", "9"), ("7", "3"), ["ReliableImprovement"]),  # never at caseness, so no recovery
        (("10", "4"), ("3", "7"), ["Recovery", "NoChange"]),  # one fell, one rose
        (("9", "15"), ("7", "8"), ["ReliableDeterioration"]),
        (("15", "-"), ("12", "7"), []),  # not paired
        (("15", "9"), ("12", "-"), []),
    ],
)
def test_recovery_needs_both_below_caseness(
    phq9: tuple[str, str], gad7: tuple[str, str], expected: list[str]
) -> None:
    assert flags(journey(**course({PHQ9: phq9, GAD7: gad7}))) == expected


def test_outcomes_need_a_finished_course() -> None:
    once = journey(**course({PHQ9: ("15", "5"), GAD7: ("12", "3")}, sessions=1))
    assert once["Paired_Flag"]
    assert not once["CompletedTreatment_Flag"]
    assert not once["Caseness_Flag"]
    assert flags(once) == []


@pytest.mark.parametrize(
    ("phq9", "gad7", "caseness", "not_caseness"),
    [
        (("10", "9"), ("0", "0"), True, False),
        (("9", "9"), ("8", "0"), True, False),
        (("9", "9"), ("7", "0"), False, True),
        (("10", "9"), ("-", "-"), True, False),
        (("9", "9"), ("-", "-"), False, False),  # a missing first score is neither
    ],
)
def test_caseness_is_either_and_not_caseness_is_both_known_and_below(
    phq9: tuple[str, str], gad7: tuple[str, str], caseness: bool, not_caseness: bool
) -> None:
    row = journey(**course({PHQ9: phq9, GAD7: gad7}))
    assert (row["Caseness_Flag"], row["NotCaseness_Flag"]) == (caseness, not_caseness)


@pytest.mark.parametrize(("comparison", "improved"), [("at_least", True), ("more_than", False)])
def test_a_fall_of_exactly_five_on_the_panic_scale_depends_on_the_comparison(
    comparison: Any, improved: bool
) -> None:
    drawn = course({PHQ9: ("9", "9"), PDSS: ("12", "7"), GAD7: ("9", "9")}, "F41.0")
    row = journey(Thresholds.load().with_comparison(comparison), **drawn)
    assert row["ADSM"] == "PanicDisorder"
    assert row["ReliableImprovement_Flag"] is improved


@pytest.mark.parametrize(("first", "caseness"), [("2.3", False), ("2.30", False), ("2.31", True)])
def test_the_mobility_inventory_is_at_caseness_above_2_point_3(first: str, caseness: bool) -> None:
    row = journey(**course({PHQ9: ("3", "3"), MI: (first, "1")}, "F40.0"))
    assert row["ADSM"] == "AgoraAlone"
    assert row["Caseness_Flag"] is caseness


def test_a_fall_of_073_on_the_mobility_inventory_is_reliable_though_no_binary_fraction_is_073() -> None:
    row = journey(**course({PHQ9: ("3", "3"), MI: ("3.03", "2.30")}, "F40.0"))
    assert row["ReliableImprovement_Flag"]
    assert not journey(**course({PHQ9: ("3", "3"), MI: ("3.02", "2.30")}, "F40.0"))[
        "ReliableImprovement_Flag"
    ]


@pytest.mark.parametrize(
    ("problem", "panic", "adsm", "first"),
    [
        ("F41.0", ("12", "7"), "PanicDisorder", 12),
        ("F41.0", ("12", "-"), "GAD", 15),  # the specific measure has no pair
        ("F41.1", ("12", "7"), "GAD", 15),  # a problem without a measure of its own
        ("-", ("12", "7"), "GAD", 15),
    ],
)
def test_gad7_stands_in_where_the_specific_measure_has_no_pair(
    problem: str, panic: tuple[str, str], adsm: str, first: float
) -> None:
    row = journey(**course({PHQ9: ("9", "9"), PDSS: panic, GAD7: ("15", "3")}, problem))
    assert (row["ADSM"], row["ADSM_FirstScore"]) == (adsm, first)


def test_first_is_the_earliest_and_last_needs_a_second_day() -> None:
    scores = """
    ServiceRequestId CodedAssToolType PersScore AssToolCompDate
    R1               720433000        20        2025-01-06
    R1               720433000        12        2025-03-01
    R1               720433000        6         2025-06-30
    R1               445455005        9         2025-03-01
    """
    row = journey(IDS606=scores)
    assert (row["PHQ9_FirstScore"], row["PHQ9_LastScore"]) == (20, 6)
    assert (row["GAD_FirstScore"], row["GAD_LastScore"]) == (9, None)


def test_two_scores_of_one_day_are_no_pair_and_never_show_improvement() -> None:
    scores = """
    ServiceRequestId CodedAssToolType PersScore AssToolCompDate
    R1               720433000        20        2025-03-01
    R1               720433000        6         2025-03-01
    """
    one_day = journey(IDS606=scores)
    assert (one_day["PHQ9_FirstScore"], one_day["PHQ9_LastScore"]) == (6, None)
    later = "R1 720433000 8 2025-04-01\nR1 720433000 9 2025-04-01"
    two_days = journey(IDS606=f"{scores.rstrip()}\n{later}")
    assert (two_days["PHQ9_FirstScore"], two_days["PHQ9_LastScore"]) == (6, 9)


@pytest.mark.parametrize("score", ["28", "-1", "9.5", "1e1", "ten", "2.3.1", "999"])
def test_a_score_that_cannot_be_is_not_there(score: str) -> None:
    scores = f"ServiceRequestId CodedAssToolType PersScore AssToolCompDate\nR1 720433000 {score} 2025-03-01"
    assert journey(IDS606=scores)["PHQ9_FirstScore"] is None


@pytest.mark.parametrize("day", ["2025-01-05", "2025-07-01"])
def test_a_score_before_the_referral_or_after_the_discharge_is_not_of_the_pathway(day: str) -> None:
    scores = f"ServiceRequestId CodedAssToolType PersScore AssToolCompDate\nR1 720433000 12 {day}"
    assert journey(IDS606=scores)["PHQ9_FirstScore"] is None


def test_a_score_given_in_a_contact_is_dated_by_the_contact() -> None:
    row = journey(
        IDS201="CareContactId ServiceRequestId CareContDate\nC1 R1 2025-02-03\nC2 R1 2025-03-03",
        IDS202="CareActId CareContactId\nA1 C1\nA2 C2",
        IDS607="CareActId CodedAssToolType PersScore\nA2 720433000 5\nA1 720433000 11\nA1 932621000000100 9",
    )
    assert (row["PHQ9_FirstScore"], row["PHQ9_LastScore"]) == (11, 5)
    assert row["WASAS_Work_FirstScore"] is None  # 9 on the work item means not applicable


def test_the_primary_complaint_comes_before_a_later_secondary_one() -> None:
    problems = """
    ServiceRequestId FindSchemeInUse PresComp PresCompCodSig PresCompDate
    R1               01              F41.0    1              2025-01-10
    R1               01              f43.1    1              2025-02-10
    R1               01              F32.1    2              2025-05-10
    R1               01              -        1              2025-06-10
    """
    assert journey(IDS603=problems)["Validated_PresentingComplaint"] == "F431"
