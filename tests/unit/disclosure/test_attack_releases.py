"""`joinedup attack` on folders as they are published: every format is read, alone and against the others."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pytest

from joinedup.cli import run
from joinedup.errors import JoinedupError, MissingPart, UnreadableFile, UnsafeFile, YourCommand
from joinedup.reports import reading_publications_files as files
from joinedup.reports.reading_publications import read_publications
from joinedup.reports.reading_publications_names import point_of
from tests.unit.disclosure.attack_folders import BRENT, FORMATS, HEADS, row, table, write

GROUPS = (
    "White",
    "Mixed",
    "Asian or Asian British",
    "Black or Black British",
    "Other Ethnic Groups",
    "Not stated",
)
BROKEN = [*[row(group, 7) for group in GROUPS[1:]], row("White", "*"), row("All", 39)]
SAFE = [*[row(group, 10) for group in GROUPS[2:]], row("White", "*"), row("Mixed", "*"), row("All", 50)]
ROUNDED = {"profile": "nhs-england"}


def attacked(capsys, *folders, options=()):
    code = run(["attack", *map(str, folders), "--json", *options])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", FORMATS)
def test_a_naive_release_is_broken_in_every_format(name, tmp_path, capsys):
    code, answer = attacked(capsys, write(tmp_path / "naive", BROKEN, formats=(name,)))
    assert (code, answer["hidden"], answer["recovered"], answer["narrowed"]) == (1, 1, 1, 0)
    cell = answer["cells"][0]
    assert cell == {
        "measure": "M001", "count": "numerator", "place_level": "borough", "place": "E09000005",
        "period": "2025-26", "breakdown": "ethnic_group", "group": "White", "found": "recovered",
        "smallest": 4, "largest": 4, "possible_of_0_to_4": [4],
    } | {"measure": cell["measure"]}  # fmt: skip


def test_a_protected_release_holds_in_all_formats_at_once(tmp_path, capsys):
    folder = write(tmp_path / "safe", SAFE, about={"profile": "nhs-england", "base": 5}, formats=FORMATS)
    code, answer = attacked(capsys, folder)
    assert (code, answer["hidden"], answer["recovered"], answer["narrowed"], answer["inconsistent"]) == (
        0,
        2,
        0,
        0,
        0,
    )
    assert answer["releases"][0]["sightings"] == 5 * len(SAFE)
    assert answer["releases"][0]["rounded_to"] == 5


def test_it_tells_people_what_it_found(tmp_path, capsys):
    assert run(["attack", str(write(tmp_path / "naive", BROKEN))]) == 1
    told = capsys.readouterr().out
    assert "1 recovered, 0 narrowed" in told
    assert "must not be published" in told
    rounded = write(tmp_path / "safe", SAFE, about={"profile": "nhs-england", "base": 5})
    assert run(["attack", str(rounded)]) == 0
    assert "Nothing could be worked backwards." in capsys.readouterr().out


def test_a_long_list_is_cut_short_and_notes_are_told(tmp_path, capsys):
    many = [
        r
        for year in range(2000, 2045)
        for r in table({"A": 7, "B": "*", "All": 9}, at=(*BRENT[:2], str(year)))
    ]
    wrong = table({"C": 50, "All": 40, "D": 3}, at=(*BRENT[:2], "1999"), breakdown="sort")
    twice = [row("Mixed", 8), row("Mixed", 9)]
    assert run(["attack", str(write(tmp_path / "naive", [*many, *wrong, *twice]))]) == 1
    told = capsys.readouterr().out
    assert "... and 5 more" in told
    assert "do not add up (sort in everyone)" in told
    assert "shown as 8 and 9" in told


def test_a_value_hidden_in_the_tables_and_told_by_a_chart(tmp_path, capsys):
    texts = ("referrals, Brent, 2025-26, White: 3", "A chart of something")
    code, answer = attacked(
        capsys, write(tmp_path / "leak", SAFE, about={"base": 5}, formats=("html",), texts=texts)
    )
    assert (code, answer["inconsistent"]) == (1, 1)
    assert answer["contradictions"][0]["shown"] == ["*", "3"]
    same = ("referrals, Brent, 2025-26, White: *", "Referrals, E09000005, 2025-26, Not stated: 10")
    code, answer = attacked(
        capsys, write(tmp_path / "fine", SAFE, about={"base": 5}, formats=("html",), texts=same)
    )
    assert (code, answer["inconsistent"]) == (0, 0)


def test_a_chart_may_show_a_count_or_a_percentage_or_what_no_table_holds(tmp_path, capsys):
    rows = [
        row("All", "*", measure="reliable_recovery"), row("All", 40, measure="reliable_recovery", count="denominator"),
        row("All", "48.5%", measure="reliable_recovery", count="percentage"),
    ]  # fmt: skip
    name = "reliable_recovery, Brent, 2025-26, All"
    texts = (f"{name}: 40", f"{name}: 48.5%", "reliable_recovery, Harrow, 2025-26, All: 12")
    folder = write(tmp_path / "chart", rows, formats=("html",), texts=texts)
    _, answer = attacked(capsys, folder)
    assert answer["inconsistent"] == 0
    leaked = write(tmp_path / "leak", rows, formats=("html",), texts=(f"{name}: 19",))
    assert attacked(capsys, leaked)[1]["inconsistent"] == 1
    percent = write(tmp_path / "none", rows[:2], formats=("html",), texts=(f"{name}: 5%",))
    assert attacked(capsys, percent)[0] == 1


def test_a_point_is_read_from_its_end():
    found = point_of("Deprivation, in tenths, Brent, 12m-2026-03, 26 to 64: 1,205")
    assert found == {
        "measure": "Deprivation, in tenths", "place": "Brent", "period": "12m-2026-03", "group": "26 to 64",
        "value": "1,205",
    }  # fmt: skip


def test_workbooks_show_percentages_as_shares_and_counts_with_commas(tmp_path):
    rows = [row("All", "1,205"), row("All", "48.5%", count="percentage", measure="reliable_recovery")]
    (read,) = read_publications([write(tmp_path / "book", rows, formats=("xlsx", "csv"))])
    assert {(s.value, s.decimals) for s in read.sightings} == {(1205.0, 0), (48.5, 1)}


def test_names_are_known_by_id_title_code_and_label(tmp_path):
    rows = [
        ("M195", "denominator", "borough", "Brent", "2025-26", "total", "All", "40"),
        ("Reliable recovery", "denominator", "borough", "E09000005", "2025-26", "", "Everyone", "40"),
        ("at_caseness", "numerator", "", "Brent", "2025-26", "everyone", "", "40"),
        ("own measure", "count", "nwl", "NWL", "a year", "Ethnic group", "White", "–"),
        ("own measure", "count", "area", "Nowhere", "a year", "kind", "White", "7"),
    ]
    (read,) = read_publications([write(tmp_path / "names", rows)])
    cells = [sighting.cell for sighting in read.sightings]
    assert len(set(cells[:3])) == 1
    assert cells[3][:7] == (
        "own measure",
        "numerator",
        "north_west_london",
        "NWL",
        "a year",
        "ethnic_group",
        "White",
    )
    assert cells[4][2:4] == ("area", "Nowhere")


def test_releases_of_one_snapshot_are_one_and_others_only_when_told(tmp_path, capsys):
    """All, and all but one: apart they hold, together they give the one away."""
    everyone = write(tmp_path / "a", [row("All", 41), row("Mixed", "*")])
    but_one = write(tmp_path / "b", [row("All except Mixed", 38)])
    assert attacked(capsys, everyone)[0] == 0
    code, answer = attacked(capsys, everyone, but_one)
    assert (code, answer["recovered"], answer["cells"][0]["smallest"]) == (1, 1, 3)
    later = write(tmp_path / "later", [row("All except Mixed", 38)], about={"snapshot": 4})
    assert attacked(capsys, everyone, later)[0] == 0
    assert attacked(capsys, everyone, later, options=["--same-data"])[0] == 1


def test_months_in_one_release_and_the_quarter_in_another(tmp_path, capsys):
    months = [
        row("All", n, at=(*BRENT[:2], m)) for m, n in (("2025-04", "*"), ("2025-05", 9), ("2025-06", 9))
    ]
    first = write(tmp_path / "months" / "r", months)
    second = write(tmp_path / "quarter" / "r", [row("All", 20, at=(*BRENT[:2], "2025-26-Q1"))])
    code, answer = attacked(capsys, first, second)
    assert (code, answer["cells"][0]["smallest"]) == (1, 2)
    assert len({one["release"] for one in answer["releases"]}) == 2


def test_svg_and_json_in_a_page_and_hidden_parts_of_a_workbook_are_read(tmp_path, capsys):
    folder = write(tmp_path / "parts", SAFE, about={"base": 5})
    (folder / "chart.svg").write_text(
        '<svg><g aria-label="referrals, Brent, 2025-26, White: 2"/><desc>A word</desc></svg>'
    )
    assert attacked(capsys, folder)[1]["inconsistent"] == 1
    (folder / "chart.svg").unlink()
    listed = json.dumps({name: [value] for name, value in zip(HEADS, row("White", 1), strict=True)})
    (folder / "page.html").write_text(
        f'<script type="application/json">[{listed}, "a", 1, null]</script><script>x()</script>'
    )
    assert attacked(capsys, folder)[1]["inconsistent"] == 1
    (folder / "page.html").unlink()
    with ZipFile(folder / "book.xlsx", "w") as book:
        book.writestr("xl/comments1.xml", "<c><t>referrals, Brent, 2025-26, White: 1</t></c>")
        book.writestr("xl/media/image.png", b"")
    assert attacked(capsys, folder)[1]["inconsistent"] == 1


def test_a_folder_that_is_none(tmp_path, capsys):
    with pytest.raises(YourCommand, match="is not a folder"):
        read_publications([tmp_path / "nowhere"])
    assert run(["attack", str(tmp_path / "nowhere")]) == 2
    assert "What to do" in capsys.readouterr().err


def faulty(tmp_path, *, rows=SAFE, name="", content=b"", **more):
    folder = write(tmp_path / "faulty", rows, **more)
    if name:
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"name": "release.json", "content": b"{"}, "release.json: is not JSON"),
        ({"name": "release.json", "content": b"[" * 100_000}, "release.json: is not JSON"),
        ({"name": "release.json", "content": b"[1]"}, "names no profile"),
        ({"about": {"base": "five"}}, "base is 'five'"),
        ({"about": {"hide_below": -1}}, "hide_below is '-1'"),
        ({"rows": []}, "holds no table of counts"),
        ({"rows": [row("White", "many")]}, "row 1, column value: 'many' is no count"),
        ({"rows": [row("White", "4.5")]}, "is no count"),
        ({"rows": [row("White", "-4")]}, "is no count"),
        ({"rows": [row("White", "x", count="percentage")]}, "is no percentage"),
        ({"rows": [row("White", "5", count="sum")]}, "column count: 'sum' is neither"),
        ({"name": "cells.csv", "content": ",".join(HEADS).encode() + b"\na,b\n"}, "has 2 of 8 cells"),
        ({"name": "cells.csv", "content": b"\xff\xfe\x00"}, "is not UTF-8"),
        ({"name": "cells.csv", "content": b'"a"b,c\n'}, "is not CSV"),
        ({"name": "x.html", "content": b"<![none[a]]>"}, "is not HTML"),
        ({"name": "x.xlsx", "content": b"PK"}, "is not a workbook"),
        ({"name": "x.pdf", "content": b"%PDF-"}, "is not a PDF"),
    ],
)
def test_a_faulty_folder_is_told_with_file_and_remedy(fault, words, tmp_path):
    folder = faulty(tmp_path, **fault)
    try:
        read_publications([folder])
        assert not words
    except JoinedupError as error:
        assert words
        assert words in str(error)
        assert "faulty" in str(error)
        assert error.remedy


def test_the_registry_beside_a_document_is_read(tmp_path, capsys):
    """A report or a pack has no release.json: its registry says what its numbers are, and shows them."""
    cell = {
        "statistic": "count",
        "period": "2025-26",
        "level": "borough",
        "place": "E09000005",
        "breakdown": "kind",
    }
    about = {"measure_id": "M001", "profile": "nhs-england", "snapshot": 3}
    entries = {
        group: {
            **about,
            "cell": {**cell, "group": group},
            "counts": {"numerator": shown, "denominator": None},
        }
        for group, shown in {"A": 10, "B": None, "All": 15}.items()
    }
    entries["All"]["cell"]["breakdown"] = "total"
    entries["stage"] = {"measure_id": "M001", "cell": {"stage": 1}, "counts": {"count": 3}}
    (tmp_path / "pack.registry.json").write_text(json.dumps(entries))
    (read,) = read_publications([tmp_path])
    assert (read.rules.profile, read.rules.base, read.snapshot) == ("nhs-england", 5, "3")
    assert sorted(s.value or 0 for s in read.sightings) == [0, 10, 15]
    run(["attack", str(tmp_path), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["hidden"] == 1 and found["narrowed"] + found["not_small"] == 1


def test_without_release_json(tmp_path):
    folder = faulty(tmp_path)
    (folder / "release.json").unlink()
    with pytest.raises(UnreadableFile, match=r"release\.json: is not there"):
        read_publications([folder])


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/worksheets/sheet1.xml": "<a"}, "is not XML"),
        ({"xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "is not XML"),
        ({"xl/worksheets/sheet1.xml": '<a><row><c r="A1" t="s"><v>9</v></c></row></a>'}, "A1 points nowhere"),
    ],
)
def test_faulty_workbooks(parts, words, tmp_path):
    content = BytesIO()
    with ZipFile(content, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    with pytest.raises(UnreadableFile, match=words):
        read_publications([faulty(tmp_path, name="x.xlsx", content=content.getvalue())])


def test_cells_of_a_workbook_without_references(tmp_path):
    heads = "".join(f'<c t="inlineStr"><is><t>{head}</t></is></c>' for head in HEADS)
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row("White", 8))
    with ZipFile(faulty(tmp_path) / "x.xlsx", "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<a><row>{heads}</row><row>{cells}</row></a>")
    (read,) = read_publications([tmp_path / "faulty"])
    assert 8.0 in {sighting.value for sighting in read.sightings}


def test_limits(tmp_path, monkeypatch):
    folder = faulty(tmp_path, formats=("csv", "xlsx"))
    monkeypatch.setattr(files, "MOST_BYTES", 400)
    with pytest.raises(UnsafeFile, match="500 MB"):
        read_publications([folder])
    monkeypatch.setattr(files, "MOST_BYTES", (folder / "tables.xlsx").stat().st_size + 10)
    with pytest.raises(UnsafeFile, match="unpacks to more"):
        read_publications([folder])
    monkeypatch.setattr("joinedup.reports.reading_publications.MOST_FILES", 1)
    with pytest.raises(UnsafeFile, match="more than 1 files"):
        read_publications([folder])


def test_links_and_unreadable_files_are_refused(tmp_path):
    folder = faulty(tmp_path)
    (folder / "other.csv").symlink_to(folder / "cells.csv")
    with pytest.raises(UnsafeFile, match="is a link"):
        read_publications([folder])
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        list(files.read_file(tmp_path / "gone.csv", "gone.csv"))
    assert list(files.read_file(tmp_path / "notes.txt", "notes.txt")) == []


def test_pdf_is_read_by_pypdf_where_there_is_no_pdftotext(tmp_path, monkeypatch):
    folder = write(tmp_path / "pdf", BROKEN, formats=("pdf",))
    monkeypatch.setattr(files.shutil, "which", lambda name: None)
    (read,) = read_publications([folder])
    assert len(read.sightings) == len(BROKEN)
    (folder / "report.pdf").write_bytes(b"%PDF-nothing")
    with pytest.raises(UnreadableFile, match="is not a PDF"):
        read_publications([folder])
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    with pytest.raises(MissingPart, match="pdftotext or pypdf"):
        read_publications([folder])


def test_a_pdf_with_names_that_nothing_else_names_is_not_passed_over(tmp_path):
    folder = write(tmp_path / "pdf", table({"A": 7, "All": 9}), formats=("pdf",))
    with pytest.raises(UnreadableFile, match="1 rows of its tables could not be read"):
        read_publications([folder])
    (read,) = read_publications([write(tmp_path / "both", table({"A": 7, "All": 9}), formats=("pdf", "csv"))])
    assert len(read.sightings) == 4


def test_a_pdf_that_takes_too_long(tmp_path, monkeypatch):
    def slow(*_, **__):
        raise subprocess.TimeoutExpired("pdftotext", 1)

    monkeypatch.setattr(files.subprocess, "run", slow)
    monkeypatch.setattr(files.shutil, "which", lambda name: name)
    with pytest.raises(UnreadableFile, match="is not a PDF"):
        files.pdf_text(b"", "x.pdf")
