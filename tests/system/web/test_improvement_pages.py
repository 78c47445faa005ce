"""Pages of improvement and claims in Chromium: no violation, nothing wider than a phone, nobody else asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.eighths import an_eighth
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = Path(__file__).parents[3] / "screenshots"
JOURNEYS = "A year of looking at journeys together"
REHAB = "Partnership programme for rehabilitation"
PAPER = "The rehabilitation programme"
PAGES = {
    "improvement": ("/improvement/",),
    "initiative": ("/improvement/", JOURNEYS),
    "story": ("/improvement/", REHAB),
    "plan": ("/improvement/", JOURNEYS, "Change the plan"),
    "owner": ("/improvement/", JOURNEYS, "Name the owner in a trust"),
    "risk": ("/improvement/", JOURNEYS, "Add a risk"),
    "benefit": ("/improvement/", REHAB, "Write a benefit"),
    "new initiative": ("/improvement/initiatives/new/",),
    "new objective": ("/improvement/objectives/new/",),
    "practice": ("/improvement/practice/",),
    "practice note": ("/improvement/practice/", "Harrow"),
    "agreed once": ("/improvement/agreed-once/",),
    "asset": ("/improvement/agreed-once/", "Missed appointments"),
    "new asset": ("/improvement/agreed-once/new/",),
    "claims": ("/claims/",),
    "paper": ("/claims/", PAPER),
    "tie": ("/claims/", PAPER, "Tie it to a measure"),
    "new paper": ("/claims/new/",),
    "publish paper": ("/claims/", PAPER, "Take it off the public page"),
    "public claims": ("/claims-and-benefits/",),
}
"""Name -> an address, and the links that lead from there."""


@pytest.fixture(scope="module")
def page(workspace: Served) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser: Browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        opened.set_default_timeout(120_000)
        opened.goto(f"{workspace.address}/account/login/")
        opened.fill("#id_login", "programme@demo.invalid")
        opened.fill("#id_password", workspace.password)
        opened.click("main button")
        yield opened
        browser.close()


def walk(page: Page, workspace: Served, name: str) -> None:
    address, *links = PAGES[name]
    page.goto(workspace.address + address)
    for words in links:
        page.locator("main").get_by_role("link", name=words).first.click()


def looks_well(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    for width, kind in ((1280, "wide"), (390, "phone"), (320, "narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)
        assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
        page.screenshot(path=SHOTS / f"improvement-{name.replace(' ', '-')}-{kind}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.browser
@pytest.mark.parametrize("name", an_eighth(PAGES))
def test_each_page_is_accessible_and_fits_a_phone(name: str, page: Page, workspace: Served) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    walk(page, workspace, name)
    looks_well(page, name)
    assert hosts == {workspace.address.split("/")[2]}


@pytest.mark.browser
@pytest.mark.full
def test_what_is_wrong_with_a_form_is_accessible_too(page: Page, workspace: Served) -> None:
    walk(page, workspace, "benefit")
    page.fill("#id_text", "Shorter stays")
    page.click("text=Publish it")
    assert "cannot be published without a number, the baseline" in page.inner_text("main")
    looks_well(page, "benefit refused")
