"""The report of the demo as its readers meet it: in a browser, by keyboard, on paper."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.system.conftest import Demo

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def page(demo: Demo) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto((demo.folder / "report.html").as_uri())
        yield opened
        browser.close()


@pytest.mark.browser
def test_no_accessibility_violation(page: Page) -> None:
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == []


@pytest.mark.browser
def test_it_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.browser
def test_tables_open_by_keyboard(page: Page) -> None:
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


def test_nothing_in_the_page_comes_from_outside(demo: Demo) -> None:
    text = (demo.folder / "report.html").read_text()
    assert not re.findall(r"https?://(?!www\.w3\.org/)", text)


def test_every_code_on_the_page_opens(demo: Demo) -> None:
    codes = set(re.findall(r'class="code">([A-Z2-7]{10})<', (demo.folder / "report.html").read_text()))
    registry: dict[str, Any] = json.loads((demo.folder / "report.registry.json").read_text())
    assert len(codes) > 50
    assert codes <= set(registry)


def test_no_count_on_the_page_is_small_or_unrounded(demo: Demo) -> None:
    registry = json.loads((demo.folder / "report.registry.json").read_text())
    counts = [
        n
        for entry in registry.values()
        if entry["profile"] == "nhs-england"
        for n in entry["counts"].values()
    ]
    shown = [n for n in counts if n is not None]
    assert len(shown) > 500 and all(n >= 5 and n % 5 == 0 for n in shown)


def test_the_first_screen_names_a_gap_its_size_and_the_people(demo: Demo) -> None:
    first = demo.summary["headlines"][0]
    assert re.search(r"Of every 100 referred, \d+ reach reliable recovery", first)
    assert (Path(demo.summary["report"])).name == "report.html"
