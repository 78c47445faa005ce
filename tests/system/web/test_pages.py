"""The workspace as people meet it: in Chromium, on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.system.web.conftest import Served
from tests.system.web.fitting import fits

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "front page": "/",
    "explore": "/explore/",
    "months": "/explore/measure/M195/",
    "funnel": "/explore/measure/M195/?view=services",
    "groups": "/explore/measure/M195/?view=ethnic_group",
    "a trend": "/explore/measure/M195/?count=treated&chart=trend",
    "dots": "/explore/measure/M195/?count=treated&period=12m-2026-03&chart=dots",
    "a table": "/explore/measure/M195/?count=treated&chart=table",
    "everyone by group": "/explore/measure/M195/?count=treated&by=gender",
    "experience": "/explore/measure/PEQ_T1_4/",
    "boroughs": "/explore/measure/M001/?view=boroughs",
    "counts": "/explore/measure/M001/?view=services",
    "cube": "/explore/places/",
    "gap": "/explore/gap/",
    "gap at a service": "/explore/gap/?place=RKL07",
    "gap by deprivation": "/explore/gap/?by=deprivation_quintile",
    "journey": "/explore/journey/",
    "quality": "/explore/quality/",
    "find a number": "/number/",
    "a wrong code": "/number/?code=abc",
    "places": "/places/",
    "a closed place": "/places/W2U3Z/",
    "map": "/explore/map/?at=7",
    "map of groups": "/explore/map/?on=2016-06-01",
    "controllers": "/controllers/",
    "enter a controller": "/controllers/begin/",
    "collaboratives": "/collaboratives/",
    "make a collaborative": "/collaboratives/new/perinatal/",
    "closed trust": "/places/RY9/",
    "people": "/people/",
    "give a role": "/people/give/",
    "changes": "/changes/",
    "account": "/account/second/",
    "authenticator": "/account/second/app/",
    "password": "/account/password/",
    "sign out": "/account/logout/",
    "nothing there": "/nothing/",
}  # fmt: skip
SHOTS = Path(__file__).parents[3] / "screenshots"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def signed_in(browser: Browser, workspace: Served, name: str, *, script: bool = True) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script).new_page()
    page.set_default_timeout(120_000)  # the first page of a cold server, on a machine that others use too
    page.goto(f"{workspace.address}/account/login/")
    page.fill("#id_login", f"{name}@demo.invalid")
    page.fill("#id_password", workspace.password)
    page.click("main button")
    return page


@pytest.fixture(scope="module")
def page(chromium: Browser, workspace: Served) -> Page:
    return signed_in(chromium, workspace, "administrator")


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_accessible_fits_a_phone_and_asks_nobody_else(
    name: str, page: Page, workspace: Served
) -> None:
    hosts, said = set(), []
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(workspace.address + PAGES[name])
    if name == "authenticator" and page.locator("#id_password").count():  # asked again before a change
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
        page.fill("#id_password", workspace.password)
        page.click("main button")
        assert "Scan this" in page.inner_text("main")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 800})  # also what 400% zoom leaves of a wide screen
    fits(page, 320)
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name.replace(' ', '-')}-phone.png", full_page=True)
    assert hosts == {workspace.address.split("/")[2]} and not said


@pytest.mark.browser
def test_a_clinical_lead_finds_the_gap_and_opens_its_number(chromium: Browser, workspace: Served) -> None:
    """Given a clinical lead of Brent, when she follows the gap and a number of it, then she reads what it is."""
    page = signed_in(chromium, workspace, "clinician")
    assert "Brent Talking Therapies" in page.inner_text("main")
    page.click("text=see where the gap opens")
    assert "per 100 referred" in page.inner_text("#maincontent")
    page.select_option("#group", index=1)
    page.click(".ju-filters button")
    assert "group=" in page.url
    page.locator("a.ju-code:visible").first.click()
    told = page.inner_text("main")
    assert "Definition version" in told and "State of the lake" in told and "Release rule" in told
    page.context.close()


@pytest.mark.browser
def test_all_of_it_works_without_javascript(chromium: Browser, workspace: Served) -> None:
    page = signed_in(chromium, workspace, "analyst", script=False)
    page.click("text=Explore NHS Talking Therapies")
    page.click("text=Reliable recovery (M195)")
    page.click("text=Where people are treated")
    page.select_option("#by", "ethnic_group")
    page.click(".ju-filters button")
    assert "are published for twelve months" in page.inner_text("main")
    page.click(".nhsuk-inset-text li a >> nth=0")
    assert "by=ethnic_group" in page.url and page.locator("figure svg:visible").count() == 1
    page.locator("summary", has_text="Table of this chart").click()
    code = page.locator("a.ju-code:visible").first.inner_text()
    page.goto(f"{workspace.address}/")
    page.fill("#code", code.lower())
    page.click("text=Open it")
    assert page.url.endswith(f"/number/{code}/") and "Rows in and out" in page.inner_text("main")
    page.context.close()


@pytest.mark.browser
def test_by_keyboard_alone(chromium: Browser, workspace: Served) -> None:
    page = signed_in(chromium, workspace, "board")
    page.goto(f"{workspace.address}/explore/measure/M195/?view=services")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").startswith("Table of this chart"):
            break
    page.keyboard.press("Enter")
    assert page.locator("figure table:visible").count() == 1
    page.context.close()


@pytest.mark.browser
def test_a_resident_sees_no_rooms_of_others(chromium: Browser, workspace: Served) -> None:
    page = signed_in(chromium, workspace, "resident")
    for room in ("People", "Changes", "Access", "Returns"):
        assert page.locator(f"nav >> text={room}").count() == 0
    page.goto(f"{workspace.address}/people/")
    assert "Your role does not open this page" in page.inner_text("main")
    page.context.close()


@pytest.mark.browser
def test_pages_are_light_and_name_no_other_host(page: Page, workspace: Served) -> None:
    for address in ("/explore/measure/M195/", "/explore/gap/", "/explore/journey/"):
        bodies = []
        page.on("response", lambda response, kept=bodies: kept.append(response))
        page.goto(workspace.address + address)
        page.wait_for_load_state("networkidle")
        sizes = {one.url: one.request.sizes()["responseBodySize"] for one in list(bodies)}
        assert sum(sizes.values()) < 500_000, sizes
        for one in list(bodies):
            if one.status == 200 and not one.url.endswith((".png", ".ico")):
                assert not re.findall(r"https?://(?!www\.w3\.org/|127\.0\.0\.1)[a-z0-9.-]+", one.text()), (
                    one.url
                )
        page.remove_listener("response", page.listeners("response")[0]) if hasattr(
            page, "listeners"
        ) else None


def test_every_code_on_the_pages_opens(page: Page, workspace: Served) -> None:
    from joinedup_web.equity.figures import Figures, Shown

    newest = max(
        (p for p in (workspace.folder / "figures").iterdir() if p.name.isdigit()), key=lambda p: int(p.name)
    )
    figures, codes = Figures.open(newest), set()
    for file in newest.glob("*.json"):
        if file.name not in ("state.json", "registry.json", "cube.json", "treated.json", "practice.json"):
            codes |= {code for code in Shown.from_json(file.read_text()).table.every_code if code}
    assert len(codes) > 200 and codes <= set(figures.registry)


def test_downloads_are_the_tables_of_the_pages(page: Page, workspace: Served) -> None:
    for address in (
        "/explore/measure/M195/table.csv?view=services",
        "/explore/gap/table.csv",
        "/explore/journey/table.csv",
    ):
        answer = page.request.get(workspace.address + address)
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/csv")
        assert (
            "Code" in answer.text().splitlines()[0]
            and "hidden to protect people" in answer.text().splitlines()[-1]
        )


def test_an_address_with_a_state_shows_that_state_and_no_other(page: Page, workspace: Served) -> None:
    number = next(p.name for p in (workspace.folder / "figures").iterdir() if p.name.isdigit())
    assert page.request.get(f"{workspace.address}/explore/gap/?state={number}").status == 200
    for wrong in ("0", "999999", "x", "-1", "1e3"):
        assert page.request.get(f"{workspace.address}/explore/gap/?state={wrong}").status == 404


@pytest.mark.parametrize(
    "address",
    [
        "/explore/measure/NOTHING/", "/explore/measure/M195/?view=../about", "/explore/measure/M195/?view=%00",
        "/explore/gap/?by=nothing", "/explore/gap/?group=%3Cscript%3E", "/number/ABCDEFGHIJ/",
        "/explore/journey/?by=ethnic_group&group=Nobody", "/places/NOWHERE/", "/explore/gap/table.csv?by=x",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_not_there(address: str, page: Page, workspace: Served) -> None:
    answer = page.request.get(workspace.address + address)
    assert answer.status == 404 and "<script>" not in answer.text().replace("<script ", "")
