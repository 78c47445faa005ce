"""XML in our layout: read as a stream, equal to the same table in CSV, and closed to every known trick."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.returns.reading import read_submission
from joinedup.returns.submission import Submission
from joinedup.returns.xml_tables import read_xml

SPEC = ReturnSpec.load("talking_therapies")
RECORD = (
    "<IDS007DisabilityType><LocalPatientId>{}</LocalPatientId>"
    "<DisabCode>{}</DisabCode></IDS007DisabilityType>"
)
TWO = RECORD.format("L1", "NN") + RECORD.format("L2", "")


def document(content: str) -> str:
    return f'<IDS version="2.1">{content}</IDS>'


def read(tmp_path: Path, content: str | bytes) -> Submission:
    path = tmp_path / "a.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_submission(path)


def test_records_become_rows_and_empty_values_null(tmp_path: Path) -> None:
    rows = read(tmp_path, document(TWO)).files["IDS007"].rows
    assert rows.to_pylist() == [
        {"LocalPatientId": "L1", "DisabCode": "NN", "_row": 1},
        {"LocalPatientId": "L2", "DisabCode": None, "_row": 2},
    ]


def test_white_space_and_encoding_do_not_make_another_submission(tmp_path: Path) -> None:
    plain = read(tmp_path, document(TWO)).content_hash
    spaced = document("\n  " + TWO.replace("><", ">\n<").replace("<DisabCode>\n</DisabCode>", "<DisabCode/>"))
    assert read(tmp_path, spaced).content_hash == plain
    utf16 = f'<?xml version="1.0" encoding="utf-16"?>{document(TWO)}'.encode("utf-16")
    assert read(tmp_path, utf16).content_hash == plain
    assert read(tmp_path, document(TWO.replace("NN", "04"))).content_hash != plain


BOMB = (
    "<!DOCTYPE IDS ["
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB + document(RECORD.format("&e8;", "NN")),
        '<!DOCTYPE IDS [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + document(RECORD.format("&e;", "")),
        '<!DOCTYPE IDS SYSTEM "http://localhost/x.dtd">' + document(TWO),
        "<!DOCTYPE IDS>" + document(TWO),
        "<IDS>" + "<a>" * 100_000,
        document("<IDS007DisabilityType><DisabCode><b>x</b></DisabCode></IDS007DisabilityType>").replace(
            "<b>", "<b><c>"
        ),
    ],
)
def test_bombs_and_outside_entities_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnsafeFile):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("", None),
        ("not xml", None),
        (document(""), None),
        (document(TWO)[:-8], None),
        (document(TWO) + "x", None),
        (document("&e;"), None),
        (document(TWO).replace("<IDS ", '<IDS xmlns="urn:other" '), None),
        (document(TWO).replace("IDS version", "MHSDS version").replace("</IDS>", "</MHSDS>"), None),
        (document(TWO + "<Other/>"), None),
        (document(TWO + "text"), None),
        (document("text" + TWO), None),
        (document(RECORD.format("L1", "NN") + "text" + RECORD.format("L1", "NN")), None),
        (document(TWO + "<IDS007DisabilityType>text</IDS007DisabilityType>"), 3),
        (document(TWO + '<IDS007DisabilityType a="1"/>'), 3),
        (document(TWO + '<IDS007DisabilityType><DisabCode a="1"/></IDS007DisabilityType>'), 3),
        (document(TWO + "<IDS007DisabilityType><DisabCode/><DisabCode/></IDS007DisabilityType>"), 3),
        ('<?xml version="1.0" encoding="no-such"?>' + document(TWO), None),
    ],
)
def test_anything_but_the_layout_is_refused(tmp_path: Path, content: str, row: int | None) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, content)
    assert (caught.value.file, caught.value.row) == ("a.xml", row) and caught.value.remedy


def test_elements_that_are_no_columns_are_reported_and_not_read(tmp_path: Path) -> None:
    found = read(tmp_path, document("<IDS007DisabilityType><Surname>Jones</Surname></IDS007DisabilityType>"))
    assert found.files["IDS007"].unknown_columns == ("Surname",)
    assert "Jones" not in str(found) and [p.severity for p in found.problems] == ["WARNING"]


TEXT = st.text(
    st.one_of(
        st.sampled_from("\"'<>&,\n é€😀"),
        st.characters(
            min_codepoint=32, blacklist_categories=["Cs"], blacklist_characters="\ufffe\uffff\x7f\x85\u2028"
        ),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=30))
def test_whatever_is_written_as_xml_is_read_equal(rows: list[tuple[str, str]]) -> None:
    content = document("".join(RECORD.format(escape(one), escape(other)) for one, other in rows))
    with TemporaryDirectory() as place:
        found = read(Path(place), content).files["IDS007"].rows
    expected = [
        {"LocalPatientId": o or None, "DisabCode": t or None, "_row": n} for n, (o, t) in enumerate(rows, 1)
    ]
    assert found.to_pylist() == expected


def test_rows_beyond_one_chunk_keep_their_order() -> None:
    content = document("".join(RECORD.format(f"L{n}", "NN") for n in range(45_000))).encode()
    rows = read_xml(content, SPEC, "a.xml")["IDS007"].table.rows
    assert rows.column("LocalPatientId").to_pylist() == [f"L{n}" for n in range(45_000)]
    assert rows.column("_row")[-1].as_py() == 45_000
