"""`joinedup release`: whole or not at all, and held against everything released before."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import Cube
from joinedup.disclosure.ledger import append_release, load_releases
from joinedup.disclosure.publishing import publish
from joinedup.disclosure.sums import Key
from joinedup.errors import LakeDamaged, YourCommand
from joinedup.reports.publication import write_publication

BOROUGHS = Lattice.load().places(date(2026, 3, 31))["borough"]


def cube(counts, snapshot=1):
    """Finished courses of one year: the area, then its eight boroughs."""
    keys = [Key("finished_course", "numerator", "area", "NWL", "2025-26", "total", "All")]
    keys += [keys[0]._replace(place_level="borough", place=code) for code in BOROUGHS]
    return Cube(Lattice.load(), snapshot, tuple(keys), np.array([sum(counts), *counts]))


def test_a_release_is_a_folder_of_all_its_files(tmp_path):
    made = publish(cube([3, 52, 41, 30, 60, 77, 81, 90]), "nhs-england")
    about = write_publication(made, tmp_path / "out")
    assert {f.name for f in (tmp_path / "out").iterdir()} == {*about["files"], "release.json"}
    assert json.loads((tmp_path / "out" / "release.json").read_text()) == about
    assert "*" in (tmp_path / "out" / "cells.csv").read_text()
    with pytest.raises(YourCommand, match="already"):
        write_publication(made, tmp_path / "out")
    write_publication(made, tmp_path / "out", replace=True)
    assert [f.name for f in tmp_path.iterdir()] == ["out"]


def test_nothing_is_left_when_the_ledger_refuses(tmp_path):
    def refuse():
        raise YourCommand("no")

    with pytest.raises(YourCommand, match="no"):
        write_publication(publish(cube([30] * 8), "nhs-england"), tmp_path / "out", enter=refuse)
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(YourCommand, match="no release"):
        write_publication(publish(cube([30] * 8), "nhs-england"), tmp_path, replace=True)
    assert (tmp_path / "mine").read_text() == "keep"


def test_the_ledger_keeps_every_release_and_notices_a_change(tmp_path):
    made = publish(cube([3, 52, 41, 30, 60, 77, 81, 90]), "nhs-england")
    assert append_release(tmp_path, made, ()) == 1
    (entry,) = load_releases(tmp_path)
    assert entry.cells == dict(zip(made.keys, made.shown, strict=True))
    assert append_release(tmp_path, made, (entry,)) == 1
    other = publish(cube([30] * 8, snapshot=2), "nhs-england")
    with pytest.raises(YourCommand, match="first"):
        append_release(tmp_path, other, ())
    file = tmp_path / "releases" / "00000001.json"
    file.write_bytes(file.read_bytes().replace(b"NWL", b"NWX", 1))
    with pytest.raises(LakeDamaged, match="torn or altered"):
        load_releases(tmp_path)


def test_one_snapshot_is_never_shown_in_two_ways(tmp_path):
    append_release(tmp_path, publish(cube([6, 52, 41, 30, 60, 77, 81, 90]), "nhs-england"), ())
    earlier = load_releases(tmp_path)
    with pytest.raises(YourCommand, match=r"this snapshot|shown by release"):
        publish(cube([6, 52, 41, 30, 60, 77, 81, 90]), "opensafely", earlier)
    with pytest.raises(YourCommand, match="this snapshot"):
        publish(cube([16, 52, 41, 30, 60, 77, 81, 90]), "nhs-england", earlier)
    assert publish(cube([16, 52, 41, 30, 60, 77, 81, 90], snapshot=2), "nhs-england", earlier).shown[1] == 15
