"""Workbooks cell for cell: what is read, what is told, what is refused before it is inflated, and what runs nothing."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup.governance import packages, scanning
from joinedup.governance.cells import Area, Sheet, Value, Workbook, cell_name, place_of, text_of
from joinedup.governance.csv_sheets import read_csv, write_csv
from joinedup.governance.reading import read_bytes
from joinedup.governance.writing import write_xlsx

DANGEROUS = [
    "=1+1",
    "+44 20 7946 0000",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    " =1",
    "\uff1d1",
]


def made(write: Any, **options: Any) -> bytes:
    """A workbook as another program would write it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        write(book)
    return stream.getvalue()


def repacked(content: bytes, **changed: bytes | str) -> bytes:
    """The workbook with parts replaced: `sheet1="<worksheet/>"`."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, changed.get(stem, old.read(name)))
    return stream.getvalue()


def sheet_xml(rows: str, more: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{more}</worksheet>'


def plain(*values: Value, name: str = "Tracker") -> Workbook:
    return Workbook((Sheet(name, tuple((value,) for value in values)),))


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    book = Workbook(
        (
            Sheet(
                "Tracker",
                (
                    ("Text", 3.0, 0.1 + 0.2, -5.0, True, False),
                    (),
                    (
                        None,
                        date(2025, 11, 18),
                        datetime(2025, 11, 18, 10, 0, 0, 123000),
                        time(9, 30),
                        timedelta(hours=30),
                    ),
                    ("  kept  ", "line\nline", "a\r\nb\tc", "<&>\"'", "_x0041_", "\U0001f600"),
                ),
                (Area(4, 0, 6, 2), Area(8, 1, 8, 3)),
            ),
            Sheet("Second", ((None, "only"),), hidden=True),
            Sheet("Empty", ()),
        )
    )
    content = write_xlsx(book)
    assert read_bytes(content, "a.xlsx") == (book, ())
    assert write_xlsx(book) == content


def test_a_workbook_that_counts_from_1904_keeps_its_days_and_its_calendar() -> None:
    book = Workbook((Sheet("Old", ((date(2025, 11, 18), datetime(2004, 2, 29, 12)),)),), date_1904=True)
    again, _ = read_bytes(write_xlsx(book), "a.xlsx")
    assert again == book
    assert b'date1904="1"' in zipfile.ZipFile(io.BytesIO(write_xlsx(book))).read("xl/workbook.xml")


def test_formulas_are_kept_as_their_value_and_told_and_never_written() -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet("Tracker")
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A2", '=HYPERLINK("http://evil.invalid")', None, "click")
        sheet.write_formula("A3", "=NOW()", None, "")
        sheet.write_formula("A4", "=1/0", None, "#DIV/0!")

    book, found = read_bytes(made(write), "a.xlsx")
    assert book.sheets[0].rows == ((2.0,), ("click",), ("=NOW()",), ("#DIV/0!",))
    assert [(f.cell, f.rule) for f in found] == [
        ("A1", "formula"),
        ("A2", "formula"),
        ("A3", "formula"),
        ("A4", "error-value"),
        ("A4", "formula"),
    ]
    assert found[1].text == '=HYPERLINK("http://evil.invalid")'
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(write_xlsx(book))).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_looks_like_a_formula_stays_text_in_both_kinds_of_file(text: str) -> None:
    content = write_xlsx(plain(text))
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert b"<hyperlink" not in archive.read("xl/worksheets/sheet1.xml")
    assert read_bytes(content, "a.xlsx")[0].sheets[0].at(0, 0) == text
    written = write_csv(plain(text).sheets[0])
    assert written.removeprefix(b"\xef\xbb\xbf").startswith(b"\"'")
    assert read_csv(written, "a.csv").sheets[0].at(0, 0) == text


def test_formula_text_is_marked_so_that_editing_it_does_not_run_it() -> None:
    styles = zipfile.ZipFile(io.BytesIO(write_xlsx(plain("=1+1")))).read("xl/styles.xml")
    assert b'quotePrefix="1"' in styles


def test_plain_numbers_of_csv_stay_numbers() -> None:
    assert write_csv(plain(-5.0, "-5", "+3.5").sheets[0]) == b'\xef\xbb\xbf"-5"\r\n"-5"\r\n"+3.5"\r\n'


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\r\n\r\n1,2\r\n", (("a", "b"), (), ("1", "2"))),
        ("a;b\r\né;2\r\n".encode("cp1252"), (("a", "b"), ("é", "2"))),
        ("a\tb\n".encode("utf-16"), (("a", "b"),)),
        (b'\xef\xbb\xbf"a, with comma";"b"\n', (("a, with comma", "b"),)),
        (b"", ()),
        (b'"line\r\nline"\r\n', (("line\r\nline",),)),
    ],
)
def test_csv_is_read_as_spreadsheet_programs_write_it(
    content: bytes, rows: tuple[tuple[str, ...], ...]
) -> None:
    assert read_csv(content, "a.csv").sheets[0].rows == rows


@pytest.mark.parametrize("content", [b'"never closed', b"\x00\x00", b'"a"b,c\n', b"\x81\x8d", b"x" * 40_000])
def test_csv_that_is_none_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(YourData) as caught:
        read_csv(content, "a.csv")
    assert caught.value.remedy and caught.value.file == "a.csv"


def test_blank_rows_stay_and_a_formatted_last_one_too() -> None:
    book = Workbook((Sheet("Tracker", (("Topic",), (), ("a",), ())),))
    again, found = read_bytes(write_xlsx(book), "a.xlsx")
    assert (again, found) == (book, ())


def test_many_formatted_empty_rows_are_told_and_not_kept() -> None:
    def write(book: Any) -> None:
        sheet, bold = book.add_worksheet("Tracker"), book.add_format({"bold": True})
        sheet.write_string("A1", "Topic")
        for row in range(1, 500):
            sheet.write_blank(row, 0, None, bold)

    book, found = read_bytes(made(write), "a.xlsx")
    assert book.sheets[0].rows == (("Topic",),)
    assert [(f.cell, f.rule) for f in found] == [("A2", "formatted-empty-rows")]


def test_values_under_merged_cells_are_kept_and_what_a_reader_sees_is_the_first() -> None:
    sheet = Sheet("Tracker", (("Topic", "Text"), ("Beds", "one"), ("under", "two")), (Area(1, 0, 2, 0),))
    again, _ = read_bytes(write_xlsx(Workbook((sheet,))), "a.xlsx")
    assert again.sheets[0] == sheet
    assert (sheet.at(2, 0), sheet.seen_at(2, 0)) == ("under", "Beds")
    apart = sheet.with_value(2, 0, "Stays")
    assert apart.merged == () and [row[0] for row in apart.rows] == ["Topic", "Beds", "Stays"]


def test_overlapping_merged_cells_are_told() -> None:
    more = '<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>'
    broken = repacked(
        write_xlsx(plain("a")), sheet1=sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', more)
    )
    book, found = read_bytes(broken, "a.xlsx")
    assert book.sheets[0].merged == (Area(0, 0, 1, 1),)
    assert [(f.cell, f.rule) for f in found] == [("B2", "not-kept")]


def test_comments_and_charts_are_told_for_they_are_no_values() -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet("Tracker")
        sheet.write_string("A1", "Topic")
        sheet.write_comment("A1", "ask again")
        book.add_chartsheet("Chart").set_chart(_chart(book))

    book, found = read_bytes(made(write), "a.xlsx")
    assert {f.rule for f in found} == {"not-kept"}
    assert {"comments", "drawings", "chartsheets"} <= {f.text for f in found} and "Chart" in {
        f.sheet for f in found
    }
    assert [sheet.name for sheet in book.sheets] == ["Tracker"]


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Tracker!$A$1:$A$2"})
    return chart


def bomb(megabytes: int) -> bytes:
    return repacked(write_xlsx(plain("a")), sheet1=b" " * (megabytes * 1024**2))


def lying(content: bytes) -> bytes:
    """A zip whose directory says that a part is small."""
    size = (90 * 1024**2).to_bytes(4, "little")
    return content.replace(size, (90).to_bytes(4, "little"))


SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = write_xlsx(plain("a"))
WIDE = sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
CORNERS = Workbook(tuple(Sheet(f"S{n}", (*[()] * 19_998, (*[None] * 249, 1.0))) for n in range(2)))
ENTITY = '<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'
SHARED = f'<sst xmlns="{SPACE}"><si><t>' + "x" * 30_000 + "</t></si></sst>"
MANY = '<row r="1">' + '<c t="s"><v>0</v></c>' * 290 + "</row>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb(90), "unpacks to more than 60 MB"),
        (lying(bomb(90)), "damaged"),
        (repacked(A, sheet1=WIDE), "XFD1048576"),
        (repacked(A, sheet1=sheet_xml(MANY * 4), sharedStrings=SHARED), "characters"),
        (repacked(A, sheet1=sheet_xml("<a>" * 200 + "</a>" * 200)), "deeper"),
        (repacked(A, sharedStrings="<sst>" + "<si/>" * 2_001 + "</sst>"), "2,000 texts"),
        (repacked(A, sharedStrings=f"<sst><si>{'<t/>' * 10_001}</si></sst>"), "deeper"),
        (write_xlsx(CORNERS), "together"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "password"),
        (b"", "not a workbook"),
        (repacked(A, workbook=ENTITY), "XML"),
        (repacked(A, sheet1=sheet_xml('<row r="x"><c><v>1</v></c></row>')), "number"),
    ],
    ids=[
        "bomb",
        "lying",
        "wide",
        "texts",
        "deep",
        "many",
        "full",
        "together",
        "cut",
        "encrypted",
        "nothing",
        "entity",
        "row",
    ],
)
def test_what_would_drown_the_server_is_refused_before_it_is_read(
    content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("joinedup.governance.reading._calamine", _not_reached)
    monkeypatch.setattr(scanning, "MAX_TEXTS", 2_000)
    with pytest.raises((UnsafeFile, UnreadableFile), match=words) as caught:
        read_bytes(content, "a.xlsx")
    assert caught.value.remedy


def _not_reached(content: bytes, name: str) -> Any:
    raise AssertionError("the reader was given it")


def test_what_a_reader_is_given_holds_no_macros_and_no_links() -> None:
    stream = io.BytesIO(write_xlsx(plain("a")))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<x/>")
    parts = packages.needed_parts(stream.getvalue(), "a.xlsx")
    assert not [name for name in parts if "vba" in name or "external" in name]
    assert packages.left_out(stream.getvalue()) == ("externalLinks", "vbaProject")


def test_two_parts_of_one_name_are_refused() -> None:
    stream = io.BytesIO(write_xlsx(plain("a")))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<workbook/>")
    with pytest.raises(UnsafeFile, match="one name"):
        read_bytes(stream.getvalue(), "a.xlsx")


def test_a_text_too_long_for_a_workbook_is_not_cut_off_in_silence() -> None:
    with pytest.raises(YourData, match="longer than a workbook holds") as caught:
        write_xlsx(plain("x" * 40_000))
    assert caught.value.column == "Tracker!A1"


def test_cells_without_places_stand_where_spreadsheet_programs_put_them() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c><c><v>4</v></c></row>"
    book, found = read_bytes(repacked(write_xlsx(plain("a")), sheet1=sheet_xml(rows)), "a.xlsx")
    assert book.sheets[0].rows == ((1.0, 2.0), (None, None, 3.0, 4.0)) and not found


def test_the_scan_and_the_reader_see_the_same_cells() -> None:
    content = write_xlsx(Workbook((Sheet("Tracker", (("a", None, 1.0), (), (None, True))),)))
    parts = packages.needed_parts(content, "a.xlsx")
    scan = scanning.scan_sheet(parts["xl/worksheets/sheet1.xml"], scanning.text_lengths(parts, "a"), "a")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )
    assert scan.filled == {(r, c) for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""}


def test_cells_have_the_names_that_spreadsheets_give_them() -> None:
    for place, name in {(0, 0): "A1", (6, 25): "Z7", (1, 26): "AA2", (0, 16383): "XFD1"}.items():
        assert (cell_name(*place), place_of(name)) == (name, place)
    assert place_of("A0") is None and place_of("1A") is None


def test_values_read_as_people_write_them() -> None:
    values = (3.0, 0.5, True, date(2025, 11, 18), datetime(2025, 11, 18, 10), None, "a")
    assert [text_of(v) for v in values] == ["3", "0.5", "Yes", "18/11/2025", "18/11/2025 10:00:00", "", "a"]


def test_empty_rows_without_end_take_no_memory() -> None:
    content = repacked(write_xlsx(plain("a")), sheet1=sheet_xml("<row/>" * 30_000))
    tracemalloc.start()
    assert read_bytes(content, "a.xlsx")[0].sheets[0].rows == ()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 1024**2
