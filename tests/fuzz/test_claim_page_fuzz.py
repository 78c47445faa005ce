"""Damaged pages and texts: paragraphs or an error that names the file, and soon."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from joinedup.errors import YourData
from joinedup.improvement import find_claims, read_paragraphs, read_ties
from tests.unit.improvement.test_claim_pages import PAGE

SECONDS = 10.0
CUTS = [
    "<",
    ">",
    "<!--",
    "-->",
    "<script>",
    "</",
    "&#",
    "&#x110000;",
    '"',
    "\0",
    "<!",
    "<![CDATA[",
    "]]>",
    "é",
    "<?",
]
HOSTILE = {
    "comments.html": "<!--" * 500_000,
    "tags.html": "<a " * 1_000 + "x" * 2_000_000,
    "quotes.html": "<a b='>" * 900 + "x" * 1_000_000 + ">",
    "attributes.html": "<a " + "b='" * 200_000 + ">",
    "equals.html": "<a b" + "=" * 2_000_000 + ">",
    "long.txt": "Waits fell by 5%. " * 40_000,
    "scripts.html": "<script>" * 500_000,
    "entities.html": "&" * 2_000_000,
    "digits.txt": "fell by " + "9" * 30_000 + "%",
    "commas.txt": "fell by " + "1,111" * 6_000 + "%",
    "verbs.txt": "fell reduced cut " * 1_800 + "by 20%",
    "froms.txt": "fell from 1 " * 2_500,
    "spaces.txt": "fell" + " " * 60_000 + "by 20%",
    "stops.txt": "." * 60_000,
    "ones.txt": "one in " * 4_000,
    "deep.html": "<div>" * 60_000 + "fell by 20%",
}


def answer(path: Path) -> None:
    began = time.process_time()
    try:
        paragraphs = read_paragraphs(path)
        for claim in find_claims(paragraphs):
            assert claim.sentence in paragraphs[claim.paragraph - 1]
    except YourData as fault:
        assert fault.message and fault.remedy
    assert time.process_time() - began < SECONDS, path.name


def damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 8)):
        at, until = sorted(chance.randint(0, len(text)) for _ in range(2))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + text[min(until, at + 40) :]
        elif kind == 1:
            text = text[:at] + chance.choice(CUTS) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at : at + 60] * chance.randint(2, 5) + text[at:]
        else:
            text = text[:at] + chr(chance.randrange(1, 0x3000)) + text[at + 1 :]
    return text


def test_damaged_pages(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(200):
        path = tmp_path / ("page.html" if number % 2 else "page.txt")
        path.write_text(damaged(PAGE, chance), "utf-8", errors="replace")
        answer(path)


def test_bytes_of_any_kind(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(200):
        path = tmp_path / ("page.html" if number % 2 else "page.txt")
        path.write_bytes(chance.randbytes(chance.randint(0, 400)))
        answer(path)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_pages_are_read_or_refused_soon(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name])
    answer(path)


TIES = "ties:\n- text: fell by 20%\n  measure: M195\n  before: 2023-24\n  after: 2024-25\n  places: [E09000005]\n"


def test_damaged_ties(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path / "ties.yaml"
    for content in [
        *(damaged(TIES, chance) for _ in range(200)),
        "a: &a [*a]",
        "[" * 2_500,
        "ties: 1",
        "",
        "{}",
    ]:
        path.write_text(content, errors="replace")
        try:
            read_ties(path)
        except YourData as fault:
            assert fault.file == path.name and fault.message and fault.remedy
