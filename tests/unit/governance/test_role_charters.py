"""Role charters: every clash of duties and posts is found, and named without naming a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from joinedup.definitions.frameworks import Framework
from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.frameworks.charters import Charter, Role
from joinedup.governance.frameworks.reading import forms_of
from joinedup.governance.frameworks.results import score_forms
from joinedup.governance.writing import write_xlsx
from tests.unit.governance.framework_forms import PBP, WCC, charter

DAY = date(2026, 1, 5)
DUTIES = [one.slug for one in PBP.charter.duties] if PBP.charter else []


def settled() -> Charter:
    """Every duty has one that is accountable and one that is responsible, and all signed."""
    rows = [Role(duty, "Integrated Care Board", "A", signed=DAY, row=at) for at, duty in enumerate(DUTIES)]
    rows += [Role(duty, "Lead Provider", "R", signed=DAY, row=20 + at) for at, duty in enumerate(DUTIES)]
    return Charter(PBP.slug, "PBP-BRENT", tuple(rows), "charter.xlsx")


def clashes(*rows: Role, without: str = "") -> list[tuple[str, str]]:
    kept = tuple(row for row in settled().rows if row.duty != without)
    found = replace(settled(), rows=(*kept, *rows)).clashes()
    assert all(one.kind == "to settle" and one.file == "charter.xlsx" for one in found)
    return [(one.rule, one.text) for one in found]


def test_a_charter_that_is_settled_has_no_clash() -> None:
    assert clashes() == []


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([], "nobody"),
        ([("Local Authorities", "R")], "no-accountable"),
        ([("Local Authorities", "A")], "no-responsible"),
        ([("Local Authorities", "CI")], "nobody"),
        ([("Local Authorities", "AR"), ("Integrator", "A")], "two-accountable"),
        ([("Local Authorities", "A"), ("local authorities", "R")], "part-twice"),
    ],
)
def test_each_clash_of_a_duty_is_found(rows: list[tuple[str, str]], rule: str) -> None:
    found = clashes(*(Role(DUTIES[0], party, part, signed=DAY) for party, part in rows), without=DUTIES[0])
    assert [one[0] for one in found] == [rule] and found[0][1].startswith(DUTIES[0])


def test_one_person_in_two_posts_that_exclude_each_other_is_found_and_not_named() -> None:
    rows = [
        Role(DUTIES[0], "A board", "C", "icb_borough_director", "Pat Example", DAY),
        Role(DUTIES[1], "B board", "C", "managing_director", "pat example", DAY),
    ]
    found = clashes(*rows)
    assert found == [("posts-exclude", "icb_borough_director and managing_director")]
    assert "pat" not in str(replace(settled(), rows=(*settled().rows, *rows)).clashes()).lower()
    assert clashes(rows[0], replace(rows[1], holder="Somebody Else")) == []


def test_what_is_not_signed_is_told() -> None:
    assert clashes(Role(DUTIES[0], "Integrator", "I")) == [("unsigned", f"{DUTIES[0]}: Integrator")]


def test_the_charter_of_the_example_clashes_in_every_way() -> None:
    rules = {one.rule for one in charter().clashes()}
    assert rules == {
        "two-accountable",
        "no-accountable",
        "no-responsible",
        "nobody",
        "posts-exclude",
        "unsigned",
    }


def test_letters_titles_and_duties_of_its_own_are_read_as_people_write_them() -> None:
    rows = [
        ("Set shared priorities", "Council", "Chair of the partnership", "X", "A / R", DAY),
        ("Mow the lawn", "Council", "Gardener", None, "r", None),
        ("Involve residents", "Council", None, None, "Z", None),
        ("Involve residents", None, None, None, "A", None),
    ]
    head = (("Form", "charter"), ("Framework", "maturity"), ("Place", "Brent"), ())
    heads = ("Duty", "Party", "Post", "Held by", "R, A, C or I", "Signed on")
    read, _ = forms_of(write_xlsx(Workbook((Sheet("Role charter", (*head, heads, *rows)),))), "c.xlsx")
    results = score_forms(read)
    found = results.places[0].charter
    assert found is not None
    assert [(r.duty, r.part, r.post) for r in found.rows] == [
        ("set_priorities", "RA", "chair"),
        ("Mow the lawn", "R", "Gardener"),
    ]
    told = [(one.rule, one.row) for one in results.findings if one.kind != "to settle"]
    assert told == [
        ("duty-of-its-own", 7),
        ("post-of-its-own", 7),
        ("not-a-letter", 8),
        ("unreadable-row", 9),
    ]


def test_a_framework_without_a_charter_says_so() -> None:
    assert replace(settled(), framework=WCC.slug).clashes() == ()
    head = (
        ("Form", "charter"),
        ("Framework", "wcc"),
        ("Place", "5LC"),
        (),
        ("Duty", "Party", "R, A, C or I"),
        ("a", "b", "R"),
    )
    results = score_forms(forms_of(write_xlsx(Workbook((Sheet("c", head),))), "c.xlsx")[0])
    assert [one.rule for one in results.findings] == ["unknown-framework"] and Framework.load(
        "wcc"
    ).charter is None
