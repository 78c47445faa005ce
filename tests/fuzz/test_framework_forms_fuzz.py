"""Damaged forms: whatever the bytes, the answer is results, or an error that names the file, and soon."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest

from joinedup.errors import YourData
from joinedup.governance.frameworks.reading import forms_of
from joinedup.governance.frameworks.results import score_forms
from joinedup.governance.frameworks.writing import write_filled
from tests.unit.governance.framework_forms import charter, live, moderated, register, roadmap, scores, sheet

SECONDS = 10.0
FILLED = [
    moderated(given=scores({"inclusive_board": 3}, {"inclusive_board": (live(),)}, park=2)),
    sheet(),
    roadmap(),
    charter(),
    register(),
]
FILES = {
    ".xlsx": write_filled(FILLED, ".xlsx"),
    ".csv": write_filled(FILLED[:1], ".csv"),
    ".yaml": write_filled(FILLED, ".yaml"),
}
PIECES = [
    b"&a ", b"*a", b"!!python/object:os.system", b"- - - -", b": {", b"1e999", b".inf", b"2026-99-99", b"\0",
    b"\xff", b"'", b"<c>", b"99999999999999999999", b"local.", b"form: scores", b"? ", b"|", b"=1+1",
]  # fmt: skip


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to five changes, most often one: bytes altered, cut out, doubled or put in."""
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at, length = chance.randrange(len(data) + 1), chance.choice([1, 2, 8, 40])
        match chance.randrange(4):
            case 0:
                data[at : at + length] = chance.randbytes(min(length, len(data) - at))
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at:at] = chance.choice(PIECES)
    return bytes(data)


def inside(content: bytes, chance: random.Random) -> bytes:
    """The workbook with one part damaged and the zip whole."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        hit = chance.choice([name for name in old.namelist() if name.startswith("xl/")])
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), chance) if name == hit else old.read(name))
    return stream.getvalue()


@pytest.mark.parametrize("kind", list(FILES))
def test_damaged_forms_are_read_or_refused(kind: str, seed: int) -> None:
    chance, read = random.Random(f"{seed} {kind}"), 0
    for _ in range(25):
        content = inside(FILES[kind], chance) if kind == ".xlsx" else damaged(FILES[kind], chance)
        started = time.monotonic()
        try:
            forms, found = forms_of(content, f"a{kind}")
            results = score_forms(forms, None, found)
        except YourData as refused:
            assert refused.file == f"a{kind}" and refused.remedy
            continue
        finally:
            assert time.monotonic() - started < SECONDS
        read += bool(results.places)
        assert all(one.remedy and one.message and one.file in (f"a{kind}", "") for one in results.findings)
        for one in (one for place in results.places for round_ in place.rounds for one in round_.outcomes):
            assert one.held is None or one.held <= one.allowed
    assert read > 0  # small damage leaves many a form readable
