"""Damaged records, papers, registers: whatever the bytes, the answer is a value or an error with a remedy, and soon."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from joinedup.errors import JoinedupError, YourCommand, YourData
from joinedup.governance.meetings import Register, digest_of, example_pages, import_files, propose, resolve
from joinedup.governance.meetings.moderngov import read_moderngov
from joinedup.governance.meetings.passages import read_passages
from tests.fuzz.test_tracker_fuzz import damaged
from tests.unit.governance.meeting_files import (
    IMPORTED,
    JOINT,
    REPORT,
    listing,
    meeting,
    page,
    pdf_of,
    soap,
    source,
)

SECONDS = 10.0
FILES = {
    "a.xml": meeting(),
    "b.xml": soap(meeting()),
    "c.xml": listing(("1", "18/11/2025"), ("2", "19/11/2025")),
    "d.txt": page(body="Waits\nThe committee agreed. It asked for more by 3 May 2026."),
    "e.html": example_pages()[0].read_bytes(),
    "f.pdf": pdf_of(*REPORT),
}
HOSTILE = {
    "comments.html": b"<!--" * 500_000,
    "tags.html": b"<html>" + b"<a " * 1_000 + b"x" * 2_000_000,
    "sections.html": b"<html>" + b"<![" * 300_000,
    "deep.html": b"<html>" + b"<div>" * 200_000,
    "items.html": b"<html>" + b"<li> <p> " * 200_000,
    "links.html": b"<html>" + b"<a href='https://a.example'>x</a>" * 60_000,
    "scripts.html": b"<html>" + b"<script>" * 300_000,
    "entities.html": b"<html>" + b"&" * 2_000_000,
    "marks.txt": b"- \n" * 200_000,
    "spaces.txt": b" " * 2_000_000 + b"x",
    "joined.txt": b"the\n" * 100_000,
    "stops.txt": b". A" * 200_000,
    "numbers.txt": b"1 " * 300_000,
    "byes.txt": b"by " * 200_000,
    "titles.txt": b"A - Tuesday, " * 60_000,
    "reports.txt": page(body="report titled, " * 20_000),
    "held.txt": page(body="held at The " * 20_000),
    "names.txt": page(body="Councillor A " * 20_000),
    "deep.xml": b"<a>" * 100_000,
    "wide.xml": b"<a>" + b"<b/>" * 400_000 + b"</a>",
    "bomb.xml": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>' + b"&b;" * 1_000 + b"</a>",
    "html.xml": meeting(items="").replace(b"</agendaitems>", b"</agendaitems>" + b"<x>&lt;a </x>" * 50_000),
    "pages.pdf": pdf_of(*[("x",)] * 300),
}


def survives(folder: Path, name: str, content: bytes) -> None:
    """Imported or told, quoted and resolved; a register that was written can be read."""
    path = folder / name
    path.write_bytes(content)
    began = time.process_time()
    register, steps = import_files(
        folder / "r", [path], by="clerk", on=IMPORTED, council="Alder", committee=JOINT
    )
    assert all(step.message and step.remedy for step in steps if step.result == "failed")
    assert Register.load(folder / "r") == register
    for one in register.meetings:
        papers = register.papers_of(one)
        assert all(resolve(folder / "r", quote) for quote in digest_of(folder / "r", papers)[:20])
        propose(folder / "r", papers)
    assert time.process_time() - began < SECONDS, name


@pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.full)])
@pytest.mark.parametrize("name", sorted(FILES))
def test_damaged_files_are_imported_or_told(tmp_path: Path, seed: int, name: str, rounds: int) -> None:
    chance = random.Random(f"{seed} {name}")
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        survives(folder, name, damaged(FILES[name], chance))


@pytest.mark.parametrize("rounds", [20, pytest.param(400, marks=pytest.mark.full)])
@pytest.mark.parametrize("name", sorted(FILES))
def test_damaged_bytes_are_read_or_refused(seed: int, name: str, rounds: int) -> None:
    chance = random.Random(f"{seed} bytes {name}")
    for _ in range(rounds):
        content = damaged(FILES[name], chance)
        try:
            for passage in read_passages(content, name):
                assert passage.text and passage.paragraph > 0
            if name.endswith(".xml"):
                read_moderngov(content, name, source("Alder"), committee=JOINT)
        except YourData as refused:
            assert refused.file == name and refused.message and refused.remedy


EACH_PUSH = ("tags.html", "marks.txt", "deep.xml", "bomb.xml")


@pytest.mark.parametrize(
    "name",
    [name if name in EACH_PUSH else pytest.param(name, marks=pytest.mark.full) for name in sorted(HOSTILE)],
)
def test_hostile_files_are_read_or_refused_soon(tmp_path: Path, name: str) -> None:
    survives(tmp_path, name, HOSTILE[name])


def test_damaged_registers_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"{seed} register")
    register, _ = import_files(tmp_path, example_pages(), by="clerk", on=IMPORTED)
    whole = register.to_bytes()
    for _ in range(60):
        try:
            assert Register.from_bytes(damaged(whole, chance)) == register
        except (YourData, YourCommand) as refused:
            assert refused.remedy


def test_bytes_of_any_kind(tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"{seed} any")
    for number in range(40):
        name = f"{number}{chance.choice(['.xml', '.html', '.txt', '.pdf', ''])}"
        try:
            read_passages(chance.randbytes(chance.randint(0, 400)), name)
        except JoinedupError as refused:
            assert refused.remedy
