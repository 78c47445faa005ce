"""One CSV file: encodings, header, damage, and the round trip of awkward text."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnreadableFile
from joinedup.returns.csv_tables import read_csv_table
from joinedup.returns.reading import read_submission
from joinedup.returns.submission import TableRead

SPEC = ReturnSpec.load("talking_therapies")
TABLE = SPEC.table("IDS007")
HEADER = "LocalPatientId,DisabCode\n"


def read(content: str | bytes) -> TableRead:
    raw = content.encode() if isinstance(content, str) else content
    return read_csv_table(raw, TABLE, "IDS007.csv")


def values(found: TableRead) -> list[tuple[str | None, str | None]]:
    rows = found.table.rows
    return list(
        zip(rows.column("LocalPatientId").to_pylist(), rows.column("DisabCode").to_pylist(), strict=True)
    )


PLAIN = [("L1", "NN"), ("é€", None)]
TEXT = HEADER + "L1,NN\né€,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_is_the_same_table(encoding: str, line_end: str) -> None:
    found = read(TEXT.replace("\n", line_end).encode(encoding))
    assert values(found) == PLAIN
    assert found.digest == read(TEXT).digest
    assert ["Windows-1252" in problem.message for problem in found.problems] == [True] * (
        encoding == "cp1252"
    )


@pytest.mark.parametrize("byte_order", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_by_its_mark_alone(byte_order: str) -> None:
    assert values(read(("\ufeff" + TEXT).encode(byte_order))) == PLAIN
    with pytest.raises(UnreadableFile, match="NUL"):
        read(TEXT.replace("é€", "E").encode(byte_order))


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (HEADER.encode() + "é,1\nL2,".encode() + b"\xe9\n", 2, "Some rows are UTF-8"),
        (HEADER.encode() + b"L1,\x81\n", 1, "neither UTF-8 nor"),
        (HEADER.encode() + b"L1,1\nL2,\0\n", 2, "NUL"),
        (HEADER.encode() + b"L1,\xed\xa0\x80\n" + "L2,é\n".encode(), 1, "Some rows are UTF-8"),
        (TEXT.encode("utf-16")[:-1], None, "cut short"),
        (TEXT.encode("utf-32"), None, "UTF-32"),
        (b"", None, "empty"),
        (b"\n \n", None, "empty"),
        ("LocalPatientId;DisabCode\nL1;NN\n", None, "names no column"),
        ("L1,NN\nL2,NN\n", None, "names no column"),
        ('"LocalPatientId,DisabCode\nL1,NN\n', None, "not closed"),
        (HEADER + "L1,NN\nL2\n", 2, "is 1; .* names 2"),
        (HEADER + "L1,NN\nL2,NN,\n", 2, "is 3; .* names 2"),
        (HEADER + "L1,NN\n\nL2,NN\n", 2, "empty"),
        (HEADER + 'L1,NN\nL2,"NN\nL3,NN\n', 2, "not closed"),
        (HEADER + 'L1,NN\nL"2,NN\n', 2, "not closed"),
        (HEADER + 'L1,NN\n"L2"x,NN\n', 2, "not closed"),
        (HEADER + '"L\n1",NN\nL"2,NN\n', 2, "not closed"),
        ("x," * 9_999 + "x\n", None, "10,000 columns"),
        ("x" * 70_000 + "\n", None, "too long"),
    ],
)
def test_damage_is_refused_at_its_row(content: str | bytes, row: int | None, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as caught:
        read(content)
    assert (caught.value.file, caught.value.row) == ("IDS007.csv", row)
    assert caught.value.remedy


def test_a_message_never_quotes_the_row() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(HEADER + "9434765919\n")
    assert "9434765919" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_codes_that_other_readers_take_for_nothing_are_kept() -> None:
    words = ["NA", "null", "NaN", "None", "N/A", "-", " ", "TRUE", "007", "1e5"]
    assert [v for _, v in values(read(HEADER + "".join(f"L,{word}\n" for word in words)))] == words


def test_quoted_and_unquoted_nothing_are_null() -> None:
    assert values(read(HEADER + 'L1,\nL2,""\n')) == [("L1", None), ("L2", None)]


def test_order_of_columns_is_free_and_spelling_is_reported() -> None:
    found = read("disabcode,LocalPatientId\nNN,L1\n")
    assert values(found) == [("L1", "NN")]
    assert [(p.severity, p.column) for p in found.problems] == [("WARNING", "DisabCode")]


def test_missing_doubled_and_unknown_columns_are_named() -> None:
    missing = read("LocalPatientId\nL1\n")
    assert missing.table.missing_columns == ("DisabCode",)
    assert values(missing) == [("L1", None)]
    assert [(p.severity, p.column) for p in missing.problems] == [("REJECT_FILE", "DisabCode")]
    doubled = read("LocalPatientId,DisabCode,DisabCode\nL1,NN,04\n")
    assert [(p.severity, p.column) for p in doubled.problems] == [("REJECT_FILE", "DisabCode")]
    unknown = read("LocalPatientId,DisabCode,Surname\nL1,NN,Jones\n")
    assert unknown.table.unknown_columns == ("Surname",)
    assert "Surname" not in unknown.table.rows.column_names
    assert [(p.severity, p.column) for p in unknown.problems] == [("WARNING", "Surname")]


def test_a_person_in_place_of_a_column_name_is_not_shown() -> None:
    found = read("LocalPatientId,DisabCode,9434765919,ZX1 2AB\nL1,NN,,\n")
    assert found.table.unknown_columns == ("10 digits", "AA9 9AA")


def test_a_header_alone_is_an_empty_table() -> None:
    found = read(HEADER)
    assert values(found) == [] and found.problems == ()
    assert found.table.rows.schema.types == [found.table.rows.schema.field(0).type] * 2 + [
        found.table.rows.schema.field("_row").type
    ]


def test_a_last_line_without_its_end_is_reported() -> None:
    found = read(HEADER + "L1,NN\nL2,0")
    assert values(found) == [("L1", "NN"), ("L2", "0")]
    assert "cut short" in found.problems[0].message


def test_a_file_cut_anywhere_is_refused_or_reported_or_cut_between_rows() -> None:
    whole = (HEADER + "".join(f"Lokal{n},N{n % 9}\n" for n in range(40))).encode()
    full = values(read(whole))
    for length in range(len(whole)):
        try:
            found = read(whole[:length])
        except UnreadableFile:
            continue
        between = whole[:length].endswith(b"\n")
        assert between or found.problems
        assert values(found)[: len(full) - 1] == full[: len(values(found))] or found.problems


def test_one_field_of_a_megabyte_is_read() -> None:
    long = "x" * (1 << 20)
    assert values(read(HEADER + f'L1,{long}\nL2,"{long}"\n')) == [("L1", long), ("L2", long)]


def test_a_row_beyond_the_block_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="longer than"):
        read(HEADER + "L1," + "x" * (30 << 20) + "\nL2,1\n")


AWKWARD = st.text(
    st.one_of(
        st.sampled_from("\",\n'; \tNA0é€😀"),
        st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"),
    ),
    max_size=8,
)
ROWS = st.lists(st.tuples(AWKWARD, AWKWARD), max_size=12)


def written(rows: list[tuple[str, str]], quoting: int, line_end: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=quoting, lineterminator=line_end)
    writer.writerow(["LocalPatientId", "DisabCode"])
    writer.writerows(rows)
    return stream.getvalue()


@settings(max_examples=300, deadline=None)
@given(
    rows=ROWS,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_a_csv_writer_writes_is_read_equal(
    rows: list[tuple[str, str]], quoting: int, line_end: str, encoding: str
) -> None:
    expected = [(one or None, other or None) for one, other in rows]
    text = written(rows, quoting, line_end)
    with TemporaryDirectory() as place:
        path = Path(place) / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("IDS007.csv", text.encode(encoding))
        submission = read_submission(path)
    found = submission.files["IDS007"]
    assert (
        list(zip(*(found.rows.column(n).to_pylist() for n in ("LocalPatientId", "DisabCode")), strict=True))
        == expected
    )
    assert found.rows.column("_row").to_pylist() == list(range(1, len(rows) + 1))
    assert submission.problems == ()


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('",\nab'), max_size=30))
def test_nothing_is_read_that_a_strict_reader_reads_otherwise(text: str) -> None:
    """Whatever stands after the header: either refused, or equal to what Python's own strict reader finds."""
    try:
        found = values(read(HEADER + text))
    except UnreadableFile:
        return
    strict = (
        list(csv.reader(io.StringIO(text.rstrip("\n"), newline=""), strict=True)) if text.strip("\n") else []
    )
    assert found == [(one or None, other or None) for one, other in strict]
