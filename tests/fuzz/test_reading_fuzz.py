"""Damaged files: whatever the bytes, the answer is a submission or an error that names the file, and soon."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from joinedup.errors import YourData
from joinedup.returns.reading import read_submission
from joinedup.returns.submission import Submission

SECONDS = 10.0
CSV = "LocalPatientId,DisabCode\n" + "".join(f'"Lo,k""al{n}",N{n % 9}\n' for n in range(60))
XML = '<?xml version="1.0" encoding="utf-8"?><IDS version="2.1">' + (
    "<IDS007DisabilityType><LocalPatientId>L&amp;1</LocalPatientId><DisabCode>é</DisabCode></IDS007DisabilityType>"
    * 30
)


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("IDS007DisabilityType.csv", CSV)
        archive.writestr("IDS012.csv", "LocalPatientId,OvsVisChCat,OvsVisChCatAppDate\nL1,A,2024-04-01\n")
    return stream.getvalue()


VALID = {
    "return.zip": zipped(),
    "IDS007.csv": CSV.encode(),
    "utf16.csv": CSV.encode("utf-16"),
    "return.xml": f"{XML}</IDS>".encode(),
    "return.mdb": b"\x00\x01\x00\x00Standard Jet DB\x00\x01" + bytes(range(256)) * 40,
}
MAGIC = [
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"<!DOCTYPE a>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\n",
    b"\0",
]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to eight changes: bytes altered, cut out, doubled, put in, or the end cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice([1, 1, 2, 4, 30])
        match chance.randrange(6):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * chance.choice([1, 3])
            case 3:
                data[at:at] = chance.choice(MAGIC)
            case 4 if len(data) > at:
                data[at] ^= 1 << chance.randrange(8)
            case _:
                del data[len(data) - chance.randrange(max(1, len(data) // 4)) :]
        if not data:
            return b""
    return bytes(data)


def answer(path: Path) -> Submission | None:
    """The submission, or None where the file is refused as it should be; anything else is raised."""
    began = time.process_time()
    try:
        found = read_submission(path)
    except YourData as fault:
        assert fault.file and fault.message and fault.remedy
        assert fault.row is None or fault.row >= 0
        found = None
    assert time.process_time() - began < SECONDS
    return found


def read_damaged(name: str, content: bytes) -> Submission | None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        if name.endswith(".csv"):
            folder = folder / "submission"
            folder.mkdir()
            (folder / "IDS007.csv").write_bytes(content)
            return answer(folder)
        (folder / name).write_bytes(content)
        return answer(folder / name)


@pytest.mark.parametrize("name", [name for name in VALID if name != "return.mdb"])
def test_the_undamaged_files_are_read(name: str) -> None:
    found = read_damaged(name, VALID[name])
    assert found is not None and len(found.files["IDS007"].rows) in (30, 60)


def trials(name: str, number: int, seed: int) -> int:
    chance = random.Random(f"{seed} {name}")
    accepted = 0
    for _ in range(number):
        found = read_damaged(name, damaged(VALID[name], chance))
        if found is not None:
            accepted += 1
            assert all(table.rows.column_names[-1] == "_row" for table in found.files.values())
    return accepted


@pytest.mark.parametrize(
    ("name", "number"), [("return.mdb", 15), *((n, 400) for n in VALID if n != "return.mdb")]
)
def test_damage_is_answered(name: str, number: int, seed: int) -> None:
    accepted = trials(name, number, seed)
    assert accepted < number  # the damage is real: some of it must be noticed


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in VALID if name != "return.mdb"])
def test_much_damage_is_answered(name: str, seed: int) -> None:
    assert trials(name, 20_000, seed + 1) < 20_000


def test_no_damage_to_a_zip_changes_what_is_read() -> None:
    """Every member carries a checksum: a damaged zip is refused, or reads as members that are whole."""
    chance = random.Random(11)
    whole = read_damaged("return.zip", VALID["return.zip"])
    assert whole is not None
    for _ in range(400):
        found = read_damaged("return.zip", damaged(VALID["return.zip"], chance))
        for table_id, table in (found.files if found else {}).items():
            assert table.rows.equals(whole.files[table_id].rows)
