"""Pages of frameworks in Chromium: accessible, as wide as a phone, and scored by hand without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.system.web.conftest import Served
from tests.system.web.fitting import fits, open_room
from tests.system.web.test_pages import SHOTS, chromium, signed_in

__all__ = ["chromium"]
ALL = "/frameworks/place_based_partnership/"


@pytest.fixture(scope="module")
def plain(chromium: Browser, workspace: Served) -> Iterator[Page]:
    """The manager of a partnership, without JavaScript."""
    made = signed_in(chromium, workspace, "partnership", script=False)
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def page(chromium: Browser, workspace: Served) -> Iterator[Page]:
    made = signed_in(chromium, workspace, "partnership")
    yield made
    made.context.close()


def looked_at(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=Path(SHOTS) / f"frameworks-{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page, 390)
    page.screenshot(path=Path(SHOTS) / f"frameworks-{name}-phone.png", full_page=True)


@pytest.mark.browser
def test_scores_are_given_by_hand_without_javascript(plain: Page, workspace: Served) -> None:
    """Given an open round, when a domain is scored and kept, then the sheet says so and nobody else sees it yet."""
    plain.goto(f"{workspace.address}/")
    open_room(plain, "Frameworks")
    plain.click("text=November 2026, Brent")
    plain.click("text=Score: Voluntary")
    assert "Nobody else sees these scores until you hand them in" in plain.inner_text("main")
    plain.click("text=Workforce Development")
    assert "The texts are ours." in plain.inner_text("main")
    for code in ("joint_workforce_plan", "shared_resources"):
        plain.check(f"#id_{code}-level-2")
        plain.fill(f"#id_{code}-reason", "Posts are shared in two wards.")
    plain.click("text=Keep it and go back")
    told = plain.inner_text("main")
    assert "the draft is kept" in told and "2 of 2" in told
    plain.click('main a >> text="Hand them in"')
    plain.click("main button")
    assert "Not scored yet" in plain.inner_text("main")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["place", "domain", pytest.param("rest", marks=pytest.mark.full)])
def test_pages_are_accessible_and_fit_a_phone(name: str, page: Page, workspace: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{workspace.address}/")
    open_room(page, "Frameworks")
    if name == "place":
        page.goto(f"{workspace.address}{ALL}PBP-BRENT/")
        looked_at(page, "place")
        return
    if name == "rest":
        looked_at(page, "list")
    page.click("text=November 2026, Brent")
    if name == "rest":
        looked_at(page, "round")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("text=Score: Voluntary")
    if name == "rest":
        looked_at(page, "sheet")
        send = page.url + "send/"
        for address, what in ((f"{workspace.address}{ALL}", "compared"), (send, "send")):
            page.goto(address)
            looked_at(page, what)
        page.goto(f"{workspace.address}/frameworks/new{ALL.removeprefix('/frameworks')}PBP-BRENT/")
        looked_at(page, "open")
        return
    page.click("text=Leadership & Governance")
    looked_at(page, "domain")
