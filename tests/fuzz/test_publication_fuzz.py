"""Damaged folders of releases: whatever the bytes, the answer is an attack or an error that names the file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from joinedup.errors import YourData
from joinedup.reports.reading_publications import read_publications
from tests.unit.disclosure.attack_folders import row, write

ROWS = [row("White", "*"), row("Mixed", 10), row("All", "1,205"), row("All", "48.5%", count="percentage")]
TEXTS = ("referrals, Brent, 2025-26, White: *",)
FORMATS = ("csv", "json", "html", "xlsx", "pdf")
PIECES = [
    b"<table>",
    b"</tr>",
    b'"',
    b"\n",
    b"\0",
    b"\xff",
    b"PK\x05\x06",
    b"9" * 20,
    b"[[[[",
    b",,,",
    b"-1",
]
TURNS = 60


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to six changes: bytes altered, cut out, doubled, put in, or the end cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.choice([1, 1, 2, 4, 30])
        match chance.randrange(5):
            case 0:
                data[at : at + length] = bytes(chance.randrange(256) for _ in range(length))
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * 3
            case 3:
                data[at:at] = chance.choice(PIECES)
            case _:
                del data[at + 200 :]
    return bytes(data)


@pytest.mark.parametrize("name", [*FORMATS, "release"])
def test_damaged_files_are_told_or_read(name: str, tmp_path: Path, seed: int) -> None:
    formats = ("csv",) if name == "release" else (name,)
    folder = write(tmp_path / "damaged", ROWS, formats=formats, texts=TEXTS)
    chance = random.Random(f"{seed}{name}")
    paths = [p for p in folder.iterdir() if (p.name == "release.json") == (name == "release")]
    whole = {path: path.read_bytes() for path in paths}
    for _ in range(TURNS // 4 if name == "pdf" else TURNS):
        for path, content in whole.items():
            path.write_bytes(damaged(content, chance))
        try:
            assert read_publications([folder])
        except YourData as error:
            assert "damaged" in str(error)
            assert error.remedy
