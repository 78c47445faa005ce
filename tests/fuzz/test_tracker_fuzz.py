"""Damaged trackers: whatever the bytes, the answer is a tracker or an error that names the file, and soon."""

from __future__ import annotations

import io
import random
import time
import zipfile
from datetime import date

import pytest

from joinedup.errors import YourCommand, YourData
from joinedup.governance.cells import Area, Sheet, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.exporting import export_tracker
from joinedup.governance.importing import import_bytes
from joinedup.governance.reading import read_bytes
from joinedup.governance.tracker import Tracker
from joinedup.governance.writing import write_xlsx

SECONDS = 10.0
DAY = date(2025, 11, 18)
SHEET = Sheet(
    "Tracker",
    (
        ("Topic", "Recommendation", "Meeting", "Status", "Ours"),
        ("Acute beds", "Say how many.", DAY, "Closed", 1.5),
        (),
        (None, "Halve the wait.", "TBC", "Open", "=1+1"),
    ),
    (Area(1, 0, 3, 0),),
)
XLSX, CSV = write_xlsx(Workbook((SHEET, Sheet("Notes", (("a",),))))), write_csv(SHEET)
KEPT = import_bytes(XLSX, "a.xlsx", on=DAY, by="clerk").to_json()
PIECES = [
    b"<c>", b"<row r='9999999'>", b'r="ZZZ99999"', b"&#0;", b"<!DOCTYPE a>", b"<v>1e999</v>",
    b'"', b"\n", b"\0", b"<f>", b's="99"', b't="s"', b"-1",
]  # fmt: skip


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to six changes: bytes altered, cut out, doubled, put in, or the end cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.choice([1, 1, 2, 8, 40])
        match chance.randrange(5):
            case 0:
                data[at : at + length] = chance.randbytes(min(length, len(data) - at))
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at:at] = chance.choice(PIECES)
            case 4:
                del data[at + chance.randrange(40) :]
        if not data:
            break
    return bytes(data)


def inside(content: bytes, chance: random.Random) -> bytes:
    """The workbook with one part damaged and the zip whole, so that the damage reaches the readers."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        names = [name for name in old.namelist() if name.startswith(("xl/w", "xl/s", "xl/_"))]
        hit = chance.choice(names)
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), chance) if name == hit else old.read(name))
    return stream.getvalue()


def survives(content: bytes, name: str) -> None:
    started = time.monotonic()
    try:
        tracker = import_bytes(content, name, on=DAY, by="clerk")
    except YourData as refused:
        assert refused.file == name and refused.remedy
        return
    finally:
        assert time.monotonic() - started < SECONDS
    try:
        out = export_tracker(tracker, ".xlsx")
    except (YourData, YourCommand) as refused:
        assert refused.remedy
        return
    assert [s.rows for s in read_bytes(out, "b.xlsx")[0].sheets] == [s.rows for s in tracker.workbook.sheets]


@pytest.mark.parametrize("kind", ["zip", "parts", "csv"])
def test_damaged_files_are_read_or_refused(kind: str, seed: int) -> None:
    chance = random.Random(f"{seed} {kind}")
    for _ in range(250):
        if kind == "csv":
            survives(damaged(CSV, chance), "a.csv")
        else:
            survives(damaged(XLSX, chance) if kind == "zip" else inside(XLSX, chance), "a.xlsx")


def test_damaged_kept_trackers_are_read_or_refused(seed: int) -> None:
    chance = random.Random(f"{seed} kept")
    for _ in range(150):
        text = damaged(KEPT.encode(), chance).decode(errors="replace")
        try:
            tracker = Tracker.from_json(text, "kept.json")
        except (YourData, YourCommand) as refused:
            assert refused.remedy
        else:
            assert isinstance(tracker.to_json(), str)
