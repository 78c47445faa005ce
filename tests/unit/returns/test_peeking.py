"""`peek`: the header alone, with every limit; what is no return is said before anything is kept."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup.returns.peeking import peek
from tests.unit.intake.small_returns import as_folder, as_xml, as_zip, small_return


def test_the_header_of_a_zip_and_of_a_folder(tmp_path: Path) -> None:
    for path in (
        as_zip(tmp_path / "a.zip", small_return("RKL")),
        as_folder(tmp_path / "b", small_return("RKL")),
    ):
        header = peek(path)
        assert header is not None and (header.provider, header.period) == ("RKL", "2024-04")
    assert peek(as_xml(tmp_path / "c.xml", small_return("RKL"))) is None


def test_a_zip_without_a_header_has_none(tmp_path: Path) -> None:
    tables = small_return()
    del tables["IDS000"]
    assert peek(as_zip(tmp_path / "a.zip", tables)) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b""), ("a.zip", b"GIF89a"), ("a.zip", b"PK\x03\x04 cut short"), ("a.xml", b"PK\x03\x04"),
        ("a.mdb", b"<IDS>"), ("a.accdb", b"PK"), ("a.pdf", b"%PDF"), ("a", b"x"), ("a.svg", b"<svg>"),
    ],
)  # fmt: skip
def test_what_is_no_return_is_said(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile) as said:
        peek(tmp_path / name)
    assert said.value.remedy


def test_bombs_and_climbing_names_are_refused_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("IDS000Header.csv", b"0" * 50_000_000)
    with zipfile.ZipFile(tmp_path / "climbs.zip", "w") as archive:
        archive.writestr("../IDS000Header.csv", b"x")
    for name in ("bomb.zip", "climbs.zip"):
        with pytest.raises(UnsafeFile):
            peek(tmp_path / name)


def test_a_zip_of_other_things_is_no_return(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("letter.txt", b"Dear all")
    with pytest.raises(YourData, match="holds no table"):
        peek(tmp_path / "a.zip")
