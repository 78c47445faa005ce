"""`joinedup release`: whole or not at all, and held against everything released before."""

from __future__ import annotations

import json
import shutil
from datetime import date

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

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


def by_month(counts):
    """Finished courses of the area, month by month."""
    key = Key("finished_course", "numerator", "area", "NWL", "", "total", "All")
    keys = tuple(key._replace(period=f"2025-{month:02}") for month in range(1, len(counts) + 1))
    return Cube(Lattice.load(), 1, keys, np.array(counts))


@pytest.mark.browser
def test_the_page_is_accessible_and_fits_a_phone(tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    write_publication(publish(by_month([30, 3, 52, 40, 41, 39]), "nhs-england"), tmp_path / "out")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((tmp_path / "out" / "report.html").as_uri())
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        small = page.evaluate(
            "Math.min(...[...document.querySelectorAll('text')].map(t => t.getBoundingClientRect().height))"
        )
        assert small >= 8
        browser.close()


def test_a_hidden_month_is_a_star_and_no_point_at_0(tmp_path):
    write_publication(publish(by_month([30, 3, 52]), "nhs-england"), tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<circle") == 2 and page.count(">*</text>") == 1
    assert "others to the nearest 5" in page
    write_publication(publish(by_month([30, 3, 52]), "naive"), tmp_path / "naive")
    assert "others as they are" in (tmp_path / "naive" / "report.html").read_text()
