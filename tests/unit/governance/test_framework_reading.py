"""Forms in and out: blank ones, filled ones in three kinds of file, and faults told by file, row, column, rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from joinedup.errors import UnreadableFile, UnsafeFile, YourCommand
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.frameworks.findings import RULES, FormFinding
from joinedup.governance.frameworks.reading import forms_of, read_forms
from joinedup.governance.frameworks.results import score_forms
from joinedup.governance.frameworks.writing import blank_pages, write_filled, write_pages
from joinedup.governance.reading import read_bytes
from joinedup.governance.writing import write_xlsx
from tests.unit.governance.framework_forms import (
    PBP,
    WCC,
    charter,
    forms,
    live,
    moderated,
    register,
    roadmap,
    scores,
    world,
)

HEAD: dict[str, Value] = {
    "Framework": "maturity", "Version": "1", "Place": "Brent", "Round": "2026-03", "Day": date(2026, 3, 31),
    "View": "moderated", "Partner": None,
}  # fmt: skip
COLUMNS = (
    "Code",
    "Level",
    "Document",
    "Document date",
    "Document link",
    "Measure",
    "Measure place",
    "At least or at most",
    "Figure",
    "Months in a row",
    "Domain",
    "Criterion",
)


def book(
    *rows: tuple[Value, ...],
    head: Mapping[str, Value] = HEAD,
    columns: tuple[Value, ...] = COLUMNS,
    kind: str = "scores",
) -> bytes:
    """A workbook as somebody filled it in."""
    return write_xlsx(Workbook((Sheet("Scores", (("Form", kind), *head.items(), (), columns, *rows)),)))


def told(content: bytes, name: str = "brent.xlsx") -> list[tuple[str, int, str]]:
    """Findings as rule, row and column."""
    read, found = forms_of(content, name)
    every = (*found, *score_forms(read).findings)
    assert all(
        isinstance(one, FormFinding) and one.remedy and one.message == RULES[one.rule] for one in every
    )
    assert {one.file for one in every} <= {name, ""}
    return [(one.rule, one.row, one.column) for one in every]


def test_a_form_that_is_filled_in_is_read() -> None:
    assert told(book(("inclusive_board", 2.0), ("shared_picture", "Developing"))) == []
    (place,) = score_forms(forms_of(book(("inclusive_board", 2.0)), "a.xlsx")[0]).places
    assert (
        place.place == "PBP-BRENT"
        and place.latest is not None
        and place.latest.levels == {"inclusive_board": 2}
    )


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (("inclusive_board", 5.0), "not-a-level", "Level"),
        (("inclusive_board", 2.5), "not-a-level", "Level"),
        (("inclusive_board", True), "not-a-level", "Level"),
        (("inclusive_board", "lots"), "not-a-level", "Level"),
        (("inclusive_bored", 2.0), "unknown-criterion", "Code"),
        (("local.x", 2.0), "local-unclear", "Code"),
        (("inclusive_board", 3.0, "Minutes", date(2026, 1, 1), None), "evidence-unclear", "Document"),
        (
            ("inclusive_board", 3.0, "Minutes", date(2026, 1, 1), "javascript:alert(1)"),
            "evidence-unclear",
            "Document",
        ),
        (("inclusive_board", 3.0, "Minutes", "soon", "https://a.b"), "not-a-day", "Document date"),
        (
            ("inclusive_board", 3.0, None, None, None, "M999", None, "at least", 1.0, 1.0),
            "unknown-measure",
            "Measure",
        ),
        (
            ("inclusive_board", 3.0, None, None, None, "M053", "Paris", "at least", 1.0, 1.0),
            "unknown-place",
            "Measure place",
        ),
        (
            ("inclusive_board", 3.0, None, None, None, "M053", None, "at best", 1.0, 1.0),
            "evidence-unclear",
            "Measure",
        ),
        (
            ("inclusive_board", 3.0, None, None, None, "M053", None, "at least", "many", 1.0),
            "not-a-number",
            "Figure",
        ),
        (
            ("inclusive_board", 3.0, None, None, None, "M053", None, "at least", 1.0, 0.5),
            "not-a-number",
            "Months in a row",
        ),
    ],
)
def test_a_fault_in_a_row_is_told_where_it_stands(row: tuple[Value, ...], rule: str, column: str) -> None:
    assert (rule, 12, column) in told(book(("shared_picture", 1.0), row))


@pytest.mark.parametrize(
    ("line", "value", "rule", "row"),
    [
        ("Framework", "maturty", "unknown-framework", 2),
        ("Framework", None, "no-head", 2),
        ("Version", "0", "other-version", 3),
        ("Place", "Paris", "unknown-place", 4),
        ("Round", None, "no-head", 5),
        ("Day", "soon", "not-a-day", 6),
        ("Day", None, "no-head", 6),
        ("View", "everyone", "unknown-view", 7),
        ("View", "partner", "partner-missing", 7),
        ("Partner", "Council", "partner-not-asked", 8),
        ("Colour", "red", "unknown-head", 9),
    ],
)
def test_a_fault_in_the_head_is_told_where_it_stands(line: str, value: Value, rule: str, row: int) -> None:
    found = told(book(("inclusive_board", 2.0), head={**HEAD, line: value}))
    assert (rule, row) in [(one[0], one[1]) for one in found]


def test_columns_that_are_missing_doubled_or_unknown_are_told() -> None:
    assert ("column-missing", 10, "Level") in told(book(columns=("Code", "Reason")))[0:1]
    found = told(book(("inclusive_board", 2.0, 3.0, "x"), columns=("Code", "Level", "Level", "Mood")))
    assert found == [("column-twice", 10, "headings"), ("unknown-column", 10, "headings")]


def test_two_levels_of_one_criterion_are_not_chosen_between_and_more_rows_give_more_evidence() -> None:
    assert ("scored-twice", 12, "Level") in told(book(("inclusive_board", 2.0), ("inclusive_board", 3.0)))
    paper = ("Minutes", date(2026, 1, 1), "https://a.b")
    (form,) = forms_of(
        book(("inclusive_board", 3.0, *paper), ("inclusive_board", None, "Plan", *paper[1:])), "a.xlsx"
    )[0]
    (place,) = score_forms([form]).places
    assert place.latest is not None
    assert [len(one.evidence) for one in place.latest.outcomes if one.claims] == [2]


def test_two_forms_of_one_body_are_told_and_a_file_without_a_form_too() -> None:
    filled = forms(moderated(given=scores({"inclusive_board": 2})))
    assert [one.rule for one in score_forms((*filled, *filled)).findings] == ["form-twice"]
    assert told(write_xlsx(Workbook((Sheet("A", (("Hello",),)),)))) == [("no-form", 1, "Form")]
    assert told(book(kind="poem")) == [("no-form", 1, "Form")]
    with pytest.raises(UnreadableFile, match=r"a\.docx"):
        forms_of(b"x", "a.docx")


def test_formulas_are_told_and_never_run_and_what_would_run_is_written_as_text() -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Scores")
        lines = [
            ("Form", "scores"),
            *[(k, str(v)) for k, v in HEAD.items() if v is not None],
            (),
            ("Code", "Level"),
        ]
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                sheet.write_string(at, column, value)
        sheet.write_string(len(lines), 0, "inclusive_board")
        sheet.write_formula(len(lines), 1, "=1+1", None, 2)
    read, found = forms_of(stream.getvalue(), "a.xlsx")
    assert [(one.rule, one.row, one.column) for one in found] == [("formula", 10, "Scores!B10")]
    (place,) = score_forms(read).places
    assert place.latest is not None and place.latest.levels == {"inclusive_board": 2}
    nasty = moderated(
        given=(scores({"inclusive_board": 2})[0].__class__("inclusive_board", 2, '=HYPERLINK("http://a")'),)
    )
    assert b"'=HYPERLINK" in write_filled([nasty], ".csv")
    _, found = read_bytes(write_filled([nasty], ".xlsx"), "a.xlsx")
    assert found == ()


@pytest.mark.parametrize("kind", [".xlsx", ".yaml"])
def test_everything_comes_back_as_it_was_written(kind: str) -> None:
    filled = [*world()[:4], roadmap(), charter(), register()]
    again = score_forms(forms(*filled, kind=kind))
    assert again.places == score_forms(forms(*filled, kind=".yaml" if kind == ".xlsx" else ".xlsx")).places
    brent = next(one for one in again.places if one.place == "PBP-BRENT")
    assert (brent.roadmap, brent.charter, brent.register) == (roadmap(), charter(), register())


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".yaml"])
def test_a_blank_form_lists_every_criterion_and_is_read_without_a_fault_when_filled(
    kind: str, tmp_path: Path
) -> None:
    pages = blank_pages(PBP, place="PBP-BRENT", round_="2026-03", view="partner", partner="Council")
    content = write_pages(pages[:1] if kind == ".csv" else pages, kind, PBP)
    path = tmp_path / f"blank{kind}"
    path.write_bytes(content)
    read, found = read_forms(path)
    assert found == () and [row.text("criterion") for row in read[0].rows] == [
        one.slug for one in PBP.criteria
    ]
    assert [form.kind.name for form in read] == ["scores", "roadmap", "charter", "neighbourhoods"][
        : len(read)
    ]
    if kind == ".xlsx":
        levels = read_bytes(content, "a.xlsx")[0].sheet("Levels")
        assert "ours" in str(levels.at(1, 0)) and levels.width == 6
    assert [one.slug for one in WCC.criteria][-1] in write_pages(blank_pages(WCC)[:1], kind, WCC).decode(
        errors="ignore"
    ) or kind == ".xlsx"


def test_csv_holds_one_form_and_other_kinds_are_refused() -> None:
    with pytest.raises(YourCommand, match="one form"):
        write_filled([roadmap(), charter()], ".csv")
    with pytest.raises(YourCommand, match="docx"):
        write_filled([roadmap()], ".docx")


def test_yaml_says_what_csv_and_workbook_say_and_its_faults_too() -> None:
    row: dict[str, Any] = {"criterion": "inclusive_board", "level": 2}
    form = {
        "form": "scores",
        "framework": "maturity",
        "place": "Brent",
        "round": "a",
        "day": date(2026, 3, 31),
        "view": "moderated",
    }

    def yaml_told(**more: Any) -> list[tuple[str, int, str]]:
        return told(yaml.safe_dump({"forms": [{**form, "rows": [row], **more}]}).encode(), "a.yaml")

    assert yaml_told() == []
    assert yaml_told(colour="red") == [("unknown-head", 0, "colour")]
    assert yaml_told(rows=[{**row, "mood": 1}]) == [("unknown-column", 1, "mood")]
    assert yaml_told(rows=[{**row, "level": [1]}]) == [("unreadable-row", 1, "level")]
    assert yaml_told(rows=[row, "two"]) == [("unreadable-row", 2, "rows")]
    assert yaml_told(rows="none") == [("no-form", 1, "rows")]
    assert told(b"forms: 3", "a.yaml") == [("no-form", 0, "forms")]
    for bad, fault in (
        (b"a: [", UnreadableFile),
        (b"a: &x 1\nb: *x", UnsafeFile),
        (b"[" * 40, UnsafeFile),
        (b"\xff\xfe\x00", UnreadableFile),
    ):
        with pytest.raises(fault, match=r"a\.yaml"):
            forms_of(bad, "a.yaml")


def test_a_day_in_numbers_is_read_as_british_and_told() -> None:
    read, found = forms_of(
        write_csv(
            Sheet(
                "a",
                (
                    ("Form", "scores"),
                    *[(k, "31/03/2026" if k == "Day" else v) for k, v in HEAD.items()],
                    (),
                    ("Code", "Level"),
                    ("inclusive_board", "2"),
                ),
            )
        ),
        "a.csv",
    )
    assert found == ()
    results = score_forms(read)
    assert [(one.rule, one.kind) for one in results.findings] == [("text-day", "to know")]
    assert results.places[0].rounds[0].day == date(2026, 3, 31) and not results.left_out


def test_a_measure_without_a_place_is_that_of_the_place_itself() -> None:
    (form,) = forms_of(
        book(("inclusive_board", 3.0, None, None, None, "reliable_recovery", None, "At least", "48", 2.0)),
        "a.xlsx",
    )[0]
    (place,) = score_forms([form]).places
    assert place.latest is not None
    (found,) = next(one.evidence for one in place.latest.outcomes if one.evidence)
    assert found.words == "M195 at PBP-BRENT is at least 48 for 2 figures in a row."
    assert found.evidence == live("M195", "PBP-BRENT", 48, 2)
