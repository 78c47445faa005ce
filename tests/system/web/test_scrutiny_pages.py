"""Pages of scrutiny in Chromium: accessible, as wide as a phone, without JavaScript, and by nobody signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.writing import write_xlsx
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits, open_room
from tests.system.web.scrutiny_tracker import HEAD, ROWS
from tests.system.web.test_pages import SHOTS, chromium, signed_in

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def plain(chromium: Browser, workspace: Served) -> Iterator[Page]:
    made = signed_in(chromium, workspace, "scrutiny", script=False)
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def page(chromium: Browser, workspace: Served) -> Iterator[Page]:
    made = signed_in(chromium, workspace, "scrutiny")
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def tracker(plain: Page, workspace: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tracker that an officer brought in by hand, without JavaScript; its address."""
    file = tmp_path_factory.mktemp("council") / "tracker.xlsx"
    file.write_bytes(write_xlsx(Workbook((Sheet("Tracker", (HEAD, *ROWS)),))))
    plain.goto(f"{workspace.address}/")
    open_room(plain, "Scrutiny")
    plain.click("text=Bring in a tracker")
    plain.fill("#id_committee", f"Committee {uuid4().hex[:8]}")
    plain.set_input_files("#id_file", file)
    plain.click("main button")
    assert "What was not understood" in plain.inner_text("h1") and "1 blank row" in plain.inner_text("main")
    return plain.url.removesuffix("findings/")


def looked_at(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=Path(SHOTS) / f"scrutiny-{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page, 390)
    page.screenshot(path=Path(SHOTS) / f"scrutiny-{name}-phone.png", full_page=True)


@pytest.mark.browser
def test_the_officer_s_way_without_javascript(plain: Page, tracker: str) -> None:
    """Given a tracker, when the officer agrees a test and offers a letter, then its page says what is missing."""
    plain.goto(tracker)
    plain.click("text=Publish how many beds")
    plain.click("text=Say what would show it")
    plain.select_option("#id_by", "document")
    plain.fill("#id_questions", "How many?")
    plain.fill("#id_why", "agreed in the meeting")
    plain.click("main button")
    assert "The test is agreed" in plain.inner_text("main") and "How many?" in plain.inner_text("dl")
    plain.click("text=Offer evidence")
    plain.fill("#id_title", "Letter")
    plain.fill("#id_where", "agenda pack, page 12")
    plain.fill("#id_why", "it came")
    plain.click("main button")
    told = plain.inner_text("main")
    assert "does not answer: How many?" in told and "Decide about the evidence" not in told
    plain.click("text=Make it public")
    plain.fill("#id_why", "the committee decided so")
    plain.click("main button")
    plain.goto(re.sub(r"/scrutiny/.*", "/promises/", plain.url))
    assert "Publish how many beds" in plain.inner_text("main")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["tracker", "row", "promises", pytest.param("rest", marks=pytest.mark.full)])
def test_pages_are_accessible_and_fit_a_phone(
    name: str, page: Page, tracker: str, workspace: Served, tmp_path: Path
) -> None:
    if name == "tracker":
        page.goto(tracker)
    elif name == "row":
        page.goto(tracker)
        page.click("text=See nine in ten")
    elif name == "promises":
        page.goto(f"{workspace.address}/promises/")
    else:
        newer = tmp_path / "newer.xlsx"
        rows = (
            ("R1", *ROWS[0][1:2], "See everyone within six weeks.", *ROWS[0][3:]),
            ROWS[1],
            ("R9", "A", "New."),
        )
        newer.write_bytes(write_xlsx(Workbook((Sheet("Tracker", (HEAD, *rows)),))))
        for more, what in (("", "list"), ("new/", "import")):
            page.goto(f"{workspace.address}/scrutiny/{more}")
            looked_at(page, what)
        page.goto(f"{tracker}findings/")
        looked_at(page, "findings")
        page.goto(tracker)
        page.click("text=See nine in ten")
        row = page.url
        for what in ("answer", "action", "test", "public"):
            page.goto(f"{row}{what}/")
            looked_at(page, what)
        page.goto(f"{tracker}newer/")
        looked_at(page, "newer")
        page.set_input_files('input[name="file"]', newer)
        page.click("text=Show what differs")
        assert "What the newer file says otherwise" in page.inner_text("h1")
        name = "merge"
    looked_at(page, name)
