"""Packs of the demo as their readers meet them: figures open, the next month is the next pack, files open elsewhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from joinedup.cli import run
from joinedup.definitions import Period
from joinedup.disclosure.attacking import attack
from joinedup.errors import YourCommand
from joinedup.journeys import load_journeys
from joinedup.lake import open_lake
from joinedup.reports.asked import of_every_document
from joinedup.reports.packs import Pack, make_pack, notes_of, write_pack
from joinedup.reports.packs.content import NO_COMMENTARY
from joinedup.reports.packs.writing import FORMATS
from joinedup.reports.reading_publications import read_publications
from tests.system.conftest import Demo, joinedup

SOFFICE = shutil.which("soffice")
NOTE = {
    "measure": "M195",
    "place": "total",
    "period": "2026-03",
    "text": "A note & <its> words.",
    "role": "analyst",
    "date": "2026-04-10",
}
NAMES = ("board", "ceo", "workstream", "members", "scrutiny")


def made(demo: Demo, name: str, period: str = "2026-03", **more: object) -> Pack:
    return make_pack(demo.lake, name, period, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def board(demo: Demo) -> Pack:
    return made(
        demo,
        "board",
        notes=notes_of([NOTE, {**NOTE, "place": "Brent", "figure": "1%"}, {**NOTE, "period": "2019-01"}]),
    )


@pytest.fixture(scope="module")
def packs(demo: Demo, board: Pack) -> dict[str, Pack]:
    return {"board": board} | {name: made(demo, name) for name in NAMES[1:]}


def test_every_figure_carries_a_code_that_opens(packs: dict[str, Pack]) -> None:
    for name, pack in packs.items():
        codes = [code for page in pack.pages for code in page.codes]
        assert len(codes) > 5, name
        assert set(codes) <= set(pack.registry), name


def test_no_count_is_small_or_unrounded(packs: dict[str, Pack]) -> None:
    for pack in packs.values():
        counts = [
            n
            for entry in pack.registry.values()
            if entry["profile"] == "nhs-england"
            for n in (*entry["counts"].values(), *entry.get("in and out", {}).values())
            if n != "fewer than 5"
        ]
        assert counts and all(n is None or (n >= 5 and n % 5 == 0) for n in counts)


def test_the_same_month_is_the_same_pack(demo: Demo, packs: dict[str, Pack]) -> None:
    again = made(demo, "scrutiny")
    for ending in FORMATS:
        assert FORMATS[ending](again, None) == FORMATS[ending](packs["scrutiny"], None), ending


def test_another_month_is_another_pack_of_that_month(demo: Demo, packs: dict[str, Pack]) -> None:
    before = made(demo, "scrutiny", "2026-02")
    assert before.subtitle == "February 2026" and packs["scrutiny"].subtitle == "March 2026"
    assert {page.heading for page in before.pages} == {page.heading for page in packs["scrutiny"].pages}
    assert not set(before.pages[0].codes) & set(packs["scrutiny"].pages[0].codes)
    with pytest.raises(YourCommand, match="2031-01 is not held"):
        made(demo, "scrutiny", "2031-01")


def test_the_figures_are_those_of_the_report(demo: Demo, board: Pack) -> None:
    """One number has one value and one code wherever it is met."""
    report = json.loads((demo.folder / "report.registry.json").read_text())
    shared = [code for code in board.registry if code in report and "counts" in report[code]]
    assert len(shared) > 100
    assert [code for code in shared if board.registry[code]["counts"] != report[code]["counts"]] == []


def test_the_documents_of_a_state_do_not_tell_on_each_other(
    demo: Demo, packs: dict[str, Pack], tmp_path: Path
) -> None:
    """Given the report, every pack of its month, one of another layout and two of the month before, when all are
    attacked together, then no hidden count is recovered, none is shown in two ways, and of none that is small
    anything is excluded."""
    before = {name: made(demo, name.split()[0], "2026-02") for name in ("board before", "workstream before")}
    documents = {**packs, **before, "alone": made(demo, "workstream", measure="M031")}
    for name, pack in documents.items():
        (tmp_path / f"{name}.registry.json").write_text(json.dumps(dict(pack.registry), default=str))
    shutil.copy(demo.folder / "report.registry.json", tmp_path)
    read = read_publications([tmp_path])
    sightings = [one for publication in read for one in publication.sightings]
    found = attack(sightings, {one.rules.name: one.rules for one in read})
    assert found.hidden > 100
    assert (found.recovered, found.inconsistent, found.undecided) == (0, (), ())
    true = truth(demo)
    assert [one for one in found.findings if true[one.cell[:7]] < 5] == []


def truth(demo: Demo) -> dict[tuple[str, ...], int]:
    """Every count that documents of the last two months stand on, as it is."""
    asked = of_every_document(load_journeys(open_lake(demo.lake)), Period.parse("2026-02"))
    found = {}
    for row in (row for result in asked.values() for row in result.table.to_pylist()):
        where = (row["level"], row["place"], row["period"], row["breakdown"], row["group"])
        found |= {(row["measure_id"], count, *where): row[count] for count in ("numerator", "denominator")}
    return found


def test_notes_are_told_and_flagged_and_none_is_invented(board: Pack, packs: dict[str, Pack]) -> None:
    lines = [line.text for page in board.pages if page.heading == "Commentary" for line in page.lines]
    assert any("A note & <its> words. [Analyst, 10 April 2026]" in line for line in lines)
    assert sum("The figure has changed since: it was 1%" in line for line in lines) <= 1
    assert board.left_out == ("1 note is left out: about figures that this pack does not hold.",)
    silent = packs["scrutiny"]
    (said,) = (page for page in silent.pages if page.heading == "Commentary")
    assert said.title == NO_COMMENTARY.rstrip(".")
    assert [line.text for line in said.lines][:1] == ["Nobody has written about a figure of this pack."]


def test_what_is_not_shared_stays_out_of_public_packs(demo: Demo) -> None:
    pack = made(demo, "members", notes=notes_of([{**NOTE, "shared": False}]))
    assert not [
        line for page in pack.pages for line in page.lines if "its" in line.text and "note" in line.text
    ]
    assert pack.left_out == ("1 note is left out: not shared, and this pack is for the public.",)


def test_chief_executives_have_a_page_for_each_trust_and_borough(packs: dict[str, Pack]) -> None:
    places = [page.title.partition(":")[0] for page in packs["ceo"].pages if page.beside]
    assert len(places) == 10 and len(set(places)) == 10 and "Brent" in places


def test_members_read_plain_words(packs: dict[str, Pack]) -> None:
    words = " ".join(line.text for page in packs["members"].pages for line in page.lines)
    assert "Of every 100 people" in words
    assert not re.search(r"caseness|PHQ|M\d{3}|cohort|confidence|XmR", words)


def test_the_board_decides_at_the_front(board: Pack) -> None:
    assert board.asked and len(board.asked) <= 3
    assert board.pages[0].heading == "For decision"


def test_a_workstream_is_about_one_measure(demo: Demo) -> None:
    pack = made(demo, "workstream", measure="reliable_recovery")
    assert "Reliable recovery" in pack.subtitle
    ids = {entry["measure_id"] for entry in pack.registry.values()}
    assert ids == {"M195"}


def test_the_command_writes_and_says_what_is_wrong(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.docx"
    command = ["pack", "members", "--lake", str(demo.lake), "--period", "2026-03", "--out", str(out)]
    assert run([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(out), str(out.with_suffix(".registry.json"))]
    assert Document(str(out)).paragraphs[0].style.name == "Title"
    assert run(["pack", "boards", *command[2:]]) == 2
    assert run([*command[:-1], str(tmp_path / "m.odt")]) == 2
    assert run([*command[:4], "--period", "2026", "--out", str(out)]) == 2
    assert "What to do" in capsys.readouterr().err


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_files_open_in_libreoffice_without_repair(packs: dict[str, Pack], name: str, tmp_path: Path) -> None:
    """Rendered by another program: as many pages as slides, and what was written is on them."""
    if SOFFICE is None:
        pytest.skip(
            "LibreOffice is not installed (Debian: apt-get install libreoffice-impress libreoffice-writer)"
        )
    files = [tmp_path / f"{name}.pptx", tmp_path / f"{name}.docx"]
    write_pack(packs[name], files)
    for file in files:
        folder = tmp_path / file.suffix[1:]
        command = [
            SOFFICE,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            file,
        ]
        subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=300)
        read = PdfReader(io.BytesIO((folder / f"{name}.pdf").read_bytes()))
        words = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
        assert packs[name].title in words and "About these figures" in words
        if file.suffix == ".pptx":
            assert len(read.pages) == len(Presentation(str(file)).slides)


@pytest.mark.full
def test_another_process_makes_the_same_bytes(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for number in range(2):
        files = [tmp_path / f"{number}" / f"board{ending}" for ending in FORMATS]
        outs = [part for file in files for part in ("--out", file)]
        monkeypatch.setenv("PYTHONHASHSEED", str(number))
        answer = joinedup("pack", "board", "--lake", demo.lake, "--period", "2026-03", *outs)
        assert answer.code == 0, answer.err
        found.append([file.read_bytes() for file in (*files, files[0].with_suffix(".registry.json"))])
    assert found[0] == found[1]
