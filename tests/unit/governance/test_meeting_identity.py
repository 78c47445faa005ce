"""Which records are of one meeting, when joinedup asks, and what the records of one meeting say differently."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from joinedup.governance.meetings.differing import differences
from joinedup.governance.meetings.identity import Identity, Likeness, committee_words, grouped, likeness
from joinedup.governance.meetings.records import PaperLink, Record
from tests.unit.governance.meeting_files import DAY, IMPORTED, item, person, record, source

OWN = "Health and Wellbeing Board"


def said(first: Record, second: Record, are: str) -> Identity:
    one, other = sorted((first.key, second.key))
    return Identity.model_validate(
        {"first": one, "second": other, "are": are, "by": "chair", "on": IMPORTED, "why": "I was there."}
    )


@pytest.mark.parametrize(
    ("changes", "found", "reason"),
    [
        ({}, Likeness.SAME, ""),
        ({"time": ""}, Likeness.SAME, ""),
        ({"venue": "Elsewhere"}, Likeness.SAME, ""),
        ({"committee": "North Riverside JHOSC"}, Likeness.SAME, ""),
        ({"time": "14:00"}, Likeness.DOUBTFUL, "The times differ: 10:00 and 14:00."),
        (
            {"day": DAY + timedelta(1)},
            Likeness.DOUBTFUL,
            "The days differ: 18 November 2025 and 19 November 2025.",
        ),
        ({"day": DAY + timedelta(8)}, Likeness.DIFFERENT, ""),
        (
            {"committee": "South Riverside JHOSC"},
            Likeness.DOUBTFUL,
            "The committees are not called the same.",
        ),
        ({"committee": "Planning Committee"}, Likeness.DIFFERENT, ""),
    ],
)
def test_a_joint_committee_in_two_councils_records(
    changes: dict[str, object], found: Likeness, reason: str
) -> None:
    one, other = record("Alder"), record("Birch", **changes)
    assert likeness(one, other) == likeness(other, one) == (found, (reason,) if reason else ())


def test_two_councils_committees_of_one_name_are_two() -> None:
    one, other = record("Alder", committee=OWN), record("Birch", committee=OWN)
    assert likeness(one, other)[0] is Likeness.DIFFERENT
    hall = {"committee": OWN, "venue": "County Hall"}
    verdict, reasons = likeness(record("Alder", **hall), record("Birch", **hall))
    assert verdict is Likeness.DOUBTFUL and "not called joint" in reasons[-1]


def test_two_meetings_that_one_council_lists_are_asked_about_or_two() -> None:
    assert likeness(record("Alder", "1"), record("Alder", "2"))[0] is Likeness.DOUBTFUL
    assert (
        likeness(record("Alder", "1"), record("Alder", "2", day=DAY + timedelta(1)))[0] is Likeness.DIFFERENT
    )


def test_the_networks_page_and_the_councils_own_record_are_one() -> None:
    page = record("Alder", "", source=source("Alder", "open_council_network"), committee=OWN)
    assert likeness(page, record("Alder", committee=OWN))[0] is Likeness.SAME


def test_a_record_that_fits_two_sittings_is_asked_about() -> None:
    morning, evening, unsure = (
        record("Alder", "1"),
        record("Alder", "2", time="18:00"),
        record("Birch", time=""),
    )
    groups, candidates = grouped([evening, unsure, morning], [])
    assert all(len(group) == 1 for group in groups)
    assert sum("fits two meetings" in " ".join(each.reasons) for each in candidates) == 2
    groups, candidates = grouped(
        [morning, evening, unsure],
        [
            said(unsure, morning, "same"),
            said(unsure, evening, "different"),
            said(morning, evening, "different"),
        ],
    )
    assert sorted(map(len, groups)) == [1, 2] and not candidates


def test_a_persons_word_joins_over_days_and_parts_what_a_rule_would_join() -> None:
    one, late = record("Alder"), record("Birch", day=DAY + timedelta(20))
    assert len(grouped([one, late], [])[0]) == 2
    ((first, second),), _ = grouped([one, late], [said(one, late, "same")])
    (found,) = (each for each in differences((first, second)) if each.field == "date")
    assert dict(found.says) == {"Alder": "18 November 2025", "Birch": "8 December 2025"}
    other = record("Birch")
    groups, candidates = grouped([one, other], [said(one, other, "different")])
    assert len(groups) == 2 and not candidates


def test_days_that_differ_are_not_asked_about_once_the_council_has_a_record_of_the_day() -> None:
    records = [record("Alder"), record("Birch"), record("Birch", "2", day=DAY + timedelta(7))]
    groups, candidates = grouped(records, [])
    assert sorted(map(len, groups)) == [1, 2] and not candidates


def test_every_difference_says_what_each_record_says() -> None:
    one = record(
        "Alder", venue="Town Hall", status="Confirmed", attendance=[person("Councillor A Khan"), person("Cllr B Lee")],
        items=[item("Waits", "Agreed.", "Report on waits"), item("Schools")],
    )  # fmt: skip
    other = record(
        "Birch", venue="Town hall!", status="Cancelled", attendance=[person("Cllr A Khan", "Apologies")],
        items=[item("waits", "Not agreed."), item("Dentists", "", "Dentists: report")],
    )  # fmt: skip
    found = {(each.field, each.about): dict(each.says) for each in differences((other, one))}
    assert found == {
        ("status", ""): {"Alder": "Confirmed", "Birch": "Cancelled"},
        ("attendance", "Councillor A Khan"): {"Alder": "Present", "Birch": "Apologies"},
        ("attendance", "Cllr B Lee"): {"Alder": "Present", "Birch": "not listed"},
        ("item", "Dentists"): {"Alder": "not listed", "Birch": "listed"},
        ("item", "Schools"): {"Alder": "listed", "Birch": "not listed"},
        ("decision", "Waits"): {"Alder": "Agreed.", "Birch": "Not agreed."},
        ("paper", "Report on waits"): {"Alder": "listed", "Birch": "not listed"},
        ("paper", "Dentists: report"): {"Alder": "not listed", "Birch": "listed"},
    }
    assert differences((one,)) == () and differences((one, one)) == ()


def test_a_record_that_lists_nobody_says_nothing_about_anybody() -> None:
    one, other = record("Alder", attendance=[person("Cllr A Khan")]), record("Birch")
    (found,) = differences((one, other))
    assert dict(found.says) == {"Alder": "names 1", "Birch": "lists nobody: missing, not none"}
    assert "Birch: lists nobody" in found.in_words()


def test_a_record_without_an_agenda_denies_no_item() -> None:
    one, other = record("Alder", items=[item("Waits")]), record("Birch", published=False)
    assert [dict(each.says)["Birch"] for each in differences((one, other)) if each.field == "item"] == [
        "no agenda"
    ]


@pytest.mark.parametrize(
    "name",
    ["North West London Joint Health Overview & Scrutiny Committee", "NWL JHOSC", "NWL JOHSC (Joint Committee)",
     "the North West London JHOSC"],
)  # fmt: skip
def test_names_of_one_committee(name: str) -> None:
    assert committee_words(name) == "north west london joint health overview and scrutiny committee"


def test_a_shared_paper_makes_two_councils_meetings_a_question() -> None:
    shared = PaperLink(title="A", url="https://a.example/a.pdf")
    one, other = (
        record(council, committee=name, items=[item("Waits").model_copy(update={"papers": (shared,)})])
        for council, name in (("Alder", OWN), ("Birch", "Cabinet"))
    )
    assert likeness(one, other)[0] is Likeness.DOUBTFUL
    assert date.fromisoformat("2025-11-18") == one.day
