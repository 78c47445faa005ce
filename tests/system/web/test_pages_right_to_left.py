"""Pages in Arabic, and the pages of places, as people meet them: in Chromium, at 400%, without JavaScript, on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.system.web.conftest import Served
from tests.system.web.fitting import fits, open_room
from tests.system.web.test_pages import CHROMIUM, FLAGS, SHOTS, signed_in

ARABIC = {
    "front-page": "/", "account": "/account/second/", "password": "/account/password/", "sign-out": "/account/logout/",
    "not-there": "/nothing/", "refused": "/people/give/", "in-english": "/places/",
}  # fmt: skip
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 800}
"""What 400% zoom leaves of a wide screen."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reader(chromium: Browser, workspace: Served) -> Iterator[Page]:
    page = signed_in(chromium, workspace, "board")
    page.goto(f"{workspace.address}/?lang=ar")
    yield page
    page.context.close()


def faults(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.browser
@pytest.mark.parametrize("name", ARABIC)
def test_each_page_in_arabic_is_accessible_and_the_right_way_round(
    name: str, reader: Page, workspace: Served
) -> None:
    reader.set_viewport_size(WIDE)  # type: ignore[arg-type]
    reader.goto(workspace.address + ARABIC[name])
    assert reader.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    logo, heading = (
        reader.locator(where).first.bounding_box() for where in (".nhsuk-header__logo", "main p")
    )
    assert logo is not None and heading is not None
    assert logo["x"] > 640, "the header begins on the right"
    assert reader.evaluate("getComputedStyle(document.querySelector('main p')).textAlign") in (
        "start",
        "right",
    )
    assert faults(reader) == []
    reader.set_viewport_size(NARROW)  # type: ignore[arg-type]
    fits(reader, 320)
    assert faults(reader) == []
    SHOTS.mkdir(exist_ok=True)
    reader.screenshot(path=SHOTS / f"arabic-{name}-phone.png", full_page=True)


@pytest.mark.browser
def test_signing_in_in_arabic_without_javascript_and_back_to_english(
    chromium: Browser, workspace: Served
) -> None:
    """Given nobody signed in, when they choose Arabic, then they sign in and out again, and choose English."""
    page = chromium.new_context(viewport=NARROW, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    page.goto(f"{workspace.address}/account/login/")
    page.click("text=العربية")
    assert "تسجيل الدخول" in page.inner_text("main h1")
    page.fill("#id_login", "analyst@demo.invalid")
    page.fill("#id_password", "not the password")
    page.click("main button")
    assert "توجد مشكلة" in page.inner_text("main")
    page.fill("#id_login", "analyst@demo.invalid")
    page.fill("#id_password", workspace.password)
    page.click("main button")
    assert "محلل بيانات" in page.inner_text("main")
    page.click("text=English")
    assert "Analyst" in page.inner_text("main") and page.locator("html").get_attribute("dir") == "ltr"
    page.context.close()


@pytest.mark.browser
def test_the_slider_works_by_keyboard_and_without_javascript(chromium: Browser, workspace: Served) -> None:
    page = signed_in(chromium, workspace, "board", script=False)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{workspace.address}/explore/map/?at=7")
    page.focus("#at")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**at=3**")
    assert "The map as at 1 April 2021" in page.inner_text("h1")
    page.click("text=1 April 2013")
    assert "Eight clinical commissioning groups" in page.inner_text("main")
    page.context.close()


@pytest.mark.browser
def test_a_collaborative_is_made_in_a_minute_without_javascript(chromium: Browser, workspace: Served) -> None:
    """Given the template, when only the reason is typed, then the collaborative is there; and it is taken back."""
    page = signed_in(chromium, workspace, "administrator-cnwl", script=False)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    open_room(page, "Collaboratives")
    page.click("text=A perinatal mental health provider collaborative")
    fits(page, 320)
    page.fill("#id_reason", "tried by hand")
    page.click("main button")
    assert "Perinatal" in page.inner_text("h1") and "Coombe Wood" in page.inner_text("main")
    page.goto(f"{workspace.address}/collaboratives/NWL-PERI/undo/")
    page.fill("#id_reason", "only a try")
    page.click("main button")
    assert "None has been made yet" in page.inner_text("main")
    page.context.close()


@pytest.mark.browser
def test_the_register_of_controllers_and_the_map_on_paper(chromium: Browser, workspace: Served) -> None:
    page = signed_in(chromium, workspace, "board")
    page.emulate_media(media="print")
    for address in ("/controllers/", "/explore/map/?at=7"):
        page.goto(workspace.address + address)
        assert page.locator(".nhsuk-header, .ju-languages, .ju-filters").locator("visible=true").count() == 0
        assert page.locator("main table").first.is_visible() and page.locator("h1").is_visible()
    page.context.close()
