"""The explorer as each role meets it: questions in the address, points that open, notes, print, files, waiting."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from joinedup_web.equity import progress
from tests.eighths import in_turn
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits
from tests.system.web.test_pages import CHROMIUM, FLAGS, signed_in

MEASURE = "/explore/measure/M195/"
CUBE_PAGES = {
    "control": f"{MEASURE}?count=lived",
    "trend": f"{MEASURE}?count=lived&chart=trend&period=quarters",
    "rolling": f"{MEASURE}?count=lived&period=rolling",
    "funnel": f"{MEASURE}?count=lived&period=2025-26",
    "dots": f"{MEASURE}?count=lived&period=2025-26&chart=dots",
    "map": f"{MEASURE}?count=lived&period=2025-26&chart=map",
    "rates": "/explore/measure/M001/?count=lived&period=2025-26&chart=map",
    "groups": f"{MEASURE}?count=lived&by=ethnic_group&period=2025-26",
    "crossed": f"{MEASURE}?count=lived&by=ethnic_group&place=each&period=2025-26",
    "groups over time": f"{MEASURE}?count=lived&by=ethnic_group&period=quarters",
    "off the lattice": f"{MEASURE}?count=lived&by=age_band&period=quarters",
    "a table": f"{MEASURE}?count=lived&chart=table",
    "at a glance": "/explore/places/",
}  # fmt: skip
SHOTS = Path(__file__).parents[3] / "screenshots"


@pytest.fixture(scope="module")
def screen() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def state_of(workspace: Served) -> Path:
    return next(p for p in (workspace.folder / "figures").iterdir() if p.name.isdigit())


def cube_there(workspace: Served, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (state_of(workspace) / "cube.json").is_file():
        if time.monotonic() > until:
            return False
        time.sleep(1)
    return True


def clean(page: Page, name: str) -> None:
    """No violation, nothing wider than the screen, on a wide one and on one of 320 pixels (400% zoom)."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found] == [], (name, width)
        fits(page, width)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"explorer-{name.replace(' ', '-')}-phone.png", full_page=True)


@in_turn
@pytest.mark.browser
def test_a_service_manager_explains_a_point_and_an_analyst_elsewhere_reads_it(
    screen: Browser,
    workspace: Served,
) -> None:
    """Given a manager of Brent, when she clicks a point and writes why, then it stands on everyone's chart."""
    page = signed_in(screen, workspace, "manager")
    page.goto(f"{workspace.address}{MEASURE}?count=treated&chart=trend&place=RV3CH")
    page.locator(".ju-page a").nth(2).click()
    assert re.search(r"/number/[A-Z2-7]{10}/$", page.url) and "Brent" in page.inner_text("main")
    clean(page, "number")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("text=Write a note beside this number")
    clean(page, "write a note")
    page.click("text=Look at it")
    assert "There is a problem" in page.inner_text("main")
    page.fill("#id_text", "A list was cleared before the move to Wembley.")
    page.select_option("#id_kind", "explanation")
    page.select_option("#id_shared", "yes")
    page.click("text=Look at it")
    clean(page, "check a note")
    page.click("text=Put it beside the number")
    assert "The note stands beside the number" in page.inner_text("main")
    other = signed_in(screen, workspace, "analyst")
    other.goto(f"{workspace.address}{MEASURE}?count=treated&chart=trend&place=RV3CH")
    told = other.inner_text("figure")
    assert "A list was cleared" in told and "Service manager, Brent Talking Therapies" in told
    assert other.locator(".ju-page svg text", has_text=re.compile(r"^1$")).count() >= 1
    clean(other, "a chart with a note")
    page.goto(f"{workspace.address}/notes/")
    clean(page, "notes")
    page.click("main >> text=End")
    page.fill("#id_reason", "The figure was corrected")
    page.click("main button")
    assert "off the charts" in page.inner_text("main")
    other.reload()
    assert "A list was cleared" not in other.inner_text("main")
    page.context.close()
    other.context.close()


@pytest.mark.browser
def test_a_question_is_its_address_also_without_javascript(screen: Browser, workspace: Served) -> None:
    page = signed_in(screen, workspace, "scrutiny", script=False)
    page.goto(f"{workspace.address}{MEASURE}?count=treated")
    page.select_option("#period", label="April 2025 to March 2026")
    page.click(".ju-filters button")
    page.click("text=Dots with limits")
    title, address = page.inner_text(".ju-finding"), page.url
    assert "chart=dots" in address and page.get_attribute(
        "nav[aria-label='Shown as'] a[aria-current]", "href"
    )
    again = signed_in(screen, workspace, "scrutiny", script=False)
    again.goto(address)
    assert again.inner_text(".ju-finding") == title
    again.click("text=Reliable improvement (M186)")
    assert "chart=dots" in again.url and "M186" in again.inner_text("h1")
    page.context.close()
    again.context.close()


@pytest.mark.browser
def test_by_keyboard_a_board_member_changes_the_chart_and_opens_a_number(
    screen: Browser,
    workspace: Served,
) -> None:
    page = signed_in(screen, workspace, "board")
    page.goto(f"{workspace.address}{MEASURE}?count=treated")
    stops = []

    def tab_to(words: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            stops.append(page.evaluate("document.activeElement.closest('svg') !== null"))
            if page.evaluate("document.activeElement.innerText || ''").strip().startswith(words):
                return
        raise AssertionError(words)

    tab_to("Table")
    page.keyboard.press("Enter")
    page.wait_for_url("**chart=table**")
    page.evaluate("document.querySelector('.ju-finding').scrollIntoView()")
    page.locator("figure .ju-scroll").focus()
    page.keyboard.press("Tab")
    assert re.fullmatch(r"[A-Z2-7]{10}", page.evaluate("document.activeElement.innerText"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/number/**")
    assert not any(stops), "points of a drawing are no stops: the table has every one of them"
    page.context.close()


@pytest.mark.browser
def test_on_paper_there_is_the_picture_and_no_navigation(
    screen: Browser,
    workspace: Served,
    tmp_path: Path,
) -> None:
    page = signed_in(screen, workspace, "clinician")
    page.goto(f"{workspace.address}{MEASURE}?count=treated")
    page.emulate_media(media="print")
    shown = {
        name: page.locator(name).first.is_visible()
        for name in (".ju-page svg", ".ju-filters", ".nhsuk-header", ".ju-switch", ".ju-files")
    }
    assert shown == {
        ".ju-page svg": True,
        ".ju-filters": False,
        ".nhsuk-header": False,
        ".ju-switch": False,
        ".ju-files": False,
    }
    file = tmp_path / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    text = _words_of(file)
    if text is not None:
        assert "Reliable recovery" in text and "Sign out" not in text and "/number/" not in text
    page.context.close()


def _words_of(file: Path) -> str | None:
    """The words of a PDF, where the tool that reads them is installed."""
    import subprocess

    tool = shutil.which("pdftotext")
    if tool is None:
        return None
    return subprocess.run([tool, str(file), "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.browser
def test_a_page_that_waits_says_how_far_it_is_and_shows_the_figures_by_itself(
    screen: Browser, workspace: Served
) -> None:
    page = signed_in(screen, workspace, "clinician")
    about, folder = state_of(workspace) / "state.json", workspace.folder / "figures"
    away = about.rename(about.with_name(".state.json"))
    try:
        progress.tell(folder, "Calculating and releasing", 1, 4)
        answer = page.goto(f"{workspace.address}/explore/")
        assert answer is not None and answer.status == 503
        assert "Calculating and releasing: 1 of 4" in page.inner_text("main")
        clean(page, "waiting")
        progress.tell(folder, "Writing pages", 80, 158)
        page.wait_for_selector("text=Writing pages: 80 of 158")
    finally:
        away.rename(about)
        progress.forget(folder)
    page.wait_for_selector("text=What stands out")
    page.context.close()


@pytest.mark.browser
@pytest.mark.full
@pytest.mark.parametrize("name", CUBE_PAGES)
def test_each_kind_of_answer_by_borough_is_accessible_and_light(
    name: str,
    screen: Browser,
    workspace: Served,
) -> None:
    """The cube is published beside the server, which takes a minute or more: so in the long run only."""
    assert cube_there(workspace, 1200)
    page = signed_in(screen, workspace, "clinician")
    answer = page.goto(workspace.address + CUBE_PAGES[name])
    assert answer is not None and answer.status == 200 and len(answer.body()) < 400_000
    if name == "off the lattice":
        assert "are published for financial years" in page.inner_text("main")
        page.click(".nhsuk-inset-text a >> nth=0")
    elif name not in ("a table", "at a glance"):
        assert page.locator("figure svg:visible").count() == 1
    clean(page, name)
    page.context.close()
