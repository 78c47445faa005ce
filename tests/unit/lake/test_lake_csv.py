"""CSV as text: every record, in order, or a refusal that names the row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from joinedup.errors import UnreadableFile
from joinedup.lake import read_csv, sql_session

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6
) | st.sampled_from(['"', '""', ",", "\n", "\r\n", '"x', 'x"', "00123", "NULL", "NaN", " ", "#", "1e5"])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT), max_size=6),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[("a\nb", "c"), ("", "")], quoting=csv.QUOTE_MINIMAL, end="\n", encoding="utf-8")
def test_what_python_writes_is_what_we_read(
    rows: list[tuple[str, str]], quoting: int, end: str, encoding: str
) -> None:
    # Python 3.11 leaves a lone carriage return bare if lines end otherwise, and bare it ends a line.
    quoting = csv.QUOTE_ALL if any("\r" in value for row in rows for value in row) else quoting
    written = io.StringIO()
    writer = csv.writer(written, quoting=quoting, lineterminator=end)
    writer.writerows([("a", "b"), *rows])
    found = read_csv(written.getvalue().encode(encoding), ["a", "b"], encoding=encoding.removesuffix("-sig"))
    assert found.column_names == ["a", "b", "_row"]
    assert found["_row"].to_pylist() == list(range(1, len(rows) + 1))
    assert [(r["a"] or "", r["b"] or "") for r in found.to_pylist()] == rows
    assert all(value != "" for column in ("a", "b") for value in found[column].to_pylist())


@pytest.mark.parametrize(
    ("content", "row", "says"),
    [
        (b"a,b\n1,2\n3\n", 2, "1 values in a row where its header has 2"),
        (b"a,b\n1,2\n3,4,5\n", 2, "3 values"),
        (b'a,b\n"1\n1",2\n3\n', 2, "1 values"),
        (b'a,b\n1,2\n"x,3\n4,5\n', 2, "never closed"),
        (b'a,b\n1,2\n"x"y,3\n', 2, "middle of a value"),
        (b'a,b\n1,2\nx"y,3\n', 2, "middle of a value"),
        (b'a,b\nx"y,1\n"z,2', 1, "middle of a value"),
        (b"a,b\n1,2\n\xff\xfe,3\n", 2, "not utf-8"),
        (b"a,b\n1,2\n\x00x,3\n", None, "zero bytes"),
        (b"", None, "is empty"),
        (b"\n\n", None, "is empty"),
        (b"a,a\n1,2\n", None, "a column twice: a"),
        (b"a,c\n1,2\n", None, "missing b; not known c"),
        (b"b,a\n1,2\n", None, "missing none; not known none"),
    ],
)
def test_a_broken_file_is_refused_at_its_row(
    tmp_path: Path, content: bytes, row: int | None, says: str
) -> None:
    """DuckDB 1.5.6 takes four of these without a word, and loses rows in two."""
    path = tmp_path / "IDS101Referral.csv"
    path.write_bytes(content)
    with sql_session() as session, pytest.raises(UnreadableFile, match=says) as raised:
        session.read_csv("referrals", path, ["a", "b"])
    assert (raised.value.file, raised.value.row) == ("IDS101Referral.csv", row)


def test_blank_lines_and_a_missing_last_line_end_are_passed_over() -> None:
    assert read_csv(b"a,b\r\n1,2\r\n\r\n3,4")["a"].to_pylist() == ["1", "3"]


def test_codes_stay_text_and_other_delimiters_and_codings_are_named_not_guessed() -> None:
    found = read_csv("é|b\n007|£\n".encode("cp1252"), delimiter="|", encoding="cp1252")
    assert found.drop_columns(["_row"]).to_pylist() == [{"é": "007", "b": "£"}]


def test_a_value_may_be_long(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" + b"x" * 3_000_000 + b",1\n")
    with sql_session() as session:
        session.read_csv("long", path)
        assert session.fetch("SELECT length(a) AS n, _row FROM long").to_pylist() == [
            {"n": 3_000_000, "_row": 1}
        ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_csv(tmp_path / "none.csv")
