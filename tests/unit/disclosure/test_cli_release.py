"""`joinedup release`: a folder of files that agree, whole or not at all, and no more told than is meant to be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from joinedup.cli import run
from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import Cube
from joinedup.disclosure.ledger import load_releases
from joinedup.disclosure.sums import Key
from joinedup.lake import create_lake, open_lake
from joinedup.reports import publication
from joinedup.reports.reading_publications import read_publications

FILES = {
    "cells.csv",
    "cells.json",
    "percentages.csv",
    "tables.xlsx",
    "report.html",
    "report.pdf",
    "release.json",
}
BOROUGHS = Lattice.load().places(Lattice.load().valid_from)["borough"]


def cube(snapshot=3, brent=4):
    """Finished, at caseness and recovered in the area and its boroughs, by month and quarter."""
    keys, counts = [], []
    for (measure, count), share in {
        ("finished_course", "numerator"): 1.0,
        ("reliable_recovery", "denominator"): 0.8,
        ("recovery", "numerator"): 0.4,
    }.items():
        months = {
            code: [round((100 + 9 * i + 7 * month) * share) for month in range(3)]
            for i, code in enumerate(BOROUGHS)
        }
        if measure == "finished_course":
            months[BOROUGHS[0]] = [brent, 62, 57]
        else:
            months[BOROUGHS[0]] = [round(2 * share), round(61 * share), round(57 * share)]
        area = [sum(column) for column in zip(*months.values(), strict=True)]
        for (level, place), own in {
            ("area", "NWL"): area,
            **{("borough", c): m for c, m in months.items()},
        }.items():
            for period, value in zip(
                ("2026-01", "2026-02", "2026-03", "2025-26-Q4"), [*own, sum(own)], strict=True
            ):
                keys.append(Key(measure, count, level, place, period, "total", "All"))
                counts.append(value)
    return Cube(Lattice.load(), snapshot, tuple(keys), np.array(counts))


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo lake, of which every question is answered with the cube above."""
    made = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    monkeypatch.setattr(publication, "load_journeys", lambda opened: opened)
    monkeypatch.setattr(publication, "cube_of", lambda journeys, lattice: cube())
    return made.path


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_writes_the_folder_and_enters_it_in_the_ledger(lake, tmp_path, capsys):
    out = tmp_path / "out" / "release"
    assert run(["release", "--lake", str(lake), "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert f"Written: {out}" in told.out and "cells, of which" in told.out
    assert "Counting every cell" in told.err
    assert left_in(out) == FILES and left_in(out.parent) == {"release"}
    (entry,) = load_releases(lake)
    with (out / "cells.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["value"] for row in rows] == ["*" if v is None else str(v) for v in entry.cells.values()]


def test_json_says_what_release_json_says(lake, tmp_path, capsys):
    out = tmp_path / "release"
    assert run(["release", "--lake", str(lake), "--out", str(out), "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about == json.loads((out / "release.json").read_text())
    assert (about["profile"], about["base"], about["hide_below"], about["snapshot"]) == (
        "nhs-england",
        5,
        5,
        3,
    )
    assert set(about["files"]) == FILES - {"release.json"}


def test_nothing_tells_how_many_stars_are_small(lake, tmp_path, capsys):
    """Of stars that are seen to be large, the others would be known to be small."""
    out = tmp_path / "release"
    assert run(["release", "--lake", str(lake), "--out", str(out)]) == 0
    about = json.loads((out / "release.json").read_text())
    (entry,) = load_releases(lake)
    hidden = list(entry.cells.values()).count(None)
    assert 0 < len(entry.further) < hidden
    assert about["hidden"] == hidden
    assert not {"small", "hidden_further", "further"} & set(about)
    words = (out / "report.html").read_text() + capsys.readouterr().out
    assert f"of which {hidden:,} are hidden" in words and "small" not in words and "further" not in words


def test_all_files_of_a_release_say_the_same(lake, tmp_path, capsys):
    assert run(["release", "--lake", str(lake), "--out", str(tmp_path / "release")]) == 0
    (read,) = read_publications([tmp_path / "release"])
    by_cell = {}
    for sighting in read.sightings:
        by_cell.setdefault(sighting.cell, set()).add(sighting.value)
    assert all(len(values) == 1 for values in by_cell.values())
    assert run(["attack", str(tmp_path / "release")]) == 0


def test_a_folder_is_replaced_only_when_asked_and_only_a_release(lake, tmp_path, capsys):
    out = tmp_path / "release"
    command = ["release", "--lake", str(lake), "--out", str(out)]
    assert run(command) == 0
    assert run(command) == 2
    assert "add --replace" in capsys.readouterr().err
    (out / "old.txt").write_text("of the last release")
    assert run([*command, "--replace"]) == 0
    assert left_in(out) == FILES
    assert len(load_releases(lake)) == 1
    (out / "release.json").unlink()
    assert run([*command, "--replace"]) == 2
    assert "something that is no release" in capsys.readouterr().err


def test_a_naive_release_is_of_a_demo_lake_and_is_not_entered(lake, tmp_path, capsys):
    command = ["release", "--profile", "naive", "--out", str(tmp_path / "release")]
    assert run([*command, "--lake", str(lake)]) == 0
    assert load_releases(lake) == ()
    live = create_lake(tmp_path / "live", purpose="live", key_fingerprint="0" * 16)
    assert run([*command, "--lake", str(live.path), "--replace"]) == 2
    assert "does not protect people" in capsys.readouterr().err
    for profile in ("as-published", "model"):
        assert (
            run(["release", "--lake", str(live.path), "--profile", profile, "--out", str(tmp_path / "x")])
            == 2
        )
    assert left_in(tmp_path) == {"lake", "live", "release"}


def test_a_naive_release_is_broken_by_the_attack(lake, tmp_path, capsys):
    assert (
        run(["release", "--lake", str(lake), "--profile", "naive", "--out", str(tmp_path / "release")]) == 0
    )
    capsys.readouterr()
    assert run(["attack", str(tmp_path / "release"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["recovered"] > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--profile", "none"], "There is no release profile 'none'"),
        (["--lattice", "none"], "There is no publication lattice 'none'"),
        (["--as-known", "yesterday"], "is not a day"),
    ],
)
def test_what_cannot_be_released_is_told_with_a_remedy(options, words, lake, tmp_path, capsys):
    assert run(["release", "--lake", str(lake), "--out", str(tmp_path / "release"), *options]) == 2
    assert words in capsys.readouterr().err
    assert left_in(tmp_path) == {"lake"}


def test_a_lake_that_is_none(tmp_path, capsys):
    assert run(["release", "--lake", str(tmp_path / "none"), "--out", str(tmp_path / "release")]) == 2
    assert "What to do" in capsys.readouterr().err
    assert left_in(tmp_path) == set()


def test_a_release_that_the_one_before_forbids_leaves_nothing(lake, tmp_path, monkeypatch, capsys):
    assert run(["release", "--lake", str(lake), "--out", str(tmp_path / "release")]) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "release").iterdir()}
    monkeypatch.setattr(publication, "cube_of", lambda journeys, lattice: cube(brent=23))
    command = ["release", "--lake", str(lake), "--out", str(tmp_path / "release"), "--replace"]
    assert run(command) == 2
    assert "of this snapshot" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "release").iterdir()} == before
    assert left_in(tmp_path) == {"lake", "release"} and len(load_releases(lake)) == 1


def test_a_fault_while_it_is_written_leaves_nothing(lake, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(publication, "render_sheets", full)
    assert run(["release", "--lake", str(lake), "--out", str(tmp_path / "out" / "release")]) != 0
    assert left_in(tmp_path / "out") == set()
    assert load_releases(lake) == ()


def test_a_folder_that_cannot_take_its_name_leaves_the_old_one(lake, tmp_path, monkeypatch):
    out = tmp_path / "release"
    publication.release_lake(lake, out)
    before = (out / "release.json").read_bytes()
    rename = Path.rename

    def refuse(self, target):
        if Path(target) == out and self.name != "old":
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="no"):
        publication.release_lake(lake, out, replace=True)
    assert (out / "release.json").read_bytes() == before
    assert left_in(tmp_path) == {"lake", "release"}


def test_the_state_as_it_was_known_is_asked_for(lake, tmp_path, monkeypatch):
    asked = []

    def opened(path, as_known=None):
        asked.append(as_known)
        return open_lake(path)

    monkeypatch.setattr(publication, "open_lake", opened)
    command = ["release", "--lake", str(lake), "--out", str(tmp_path / "release"), "--as-known", "2026-04-01"]
    assert run(command) == 0
    assert [str(day) for day in asked] == ["2026-04-01"]
