"""The chair's pages in Chromium: accessible, on a phone, by keyboard, without JavaScript; and the tutorial's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.eighths import its_turn
from tests.system.web.board_people import (
    BOARD,
    GROUP,
    attendance,
    browser,
    clear,
    decision,
    item_in,
    opened,
    today,
)
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits
from tests.system.web.test_languages import read
from tests.system.web.test_pages import SHOTS, chromium, signed_in

__all__ = ["chromium"]
T = TypeVar("T")
TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "chair.md"


def apart(work: Callable[[], T]) -> T:
    """Done in a thread of its own: Django refuses the one in which Playwright has its loop."""

    def done() -> T:
        from django.db import connection

        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


@pytest.fixture(scope="module")
def made(django_here: Any, workspace: Served) -> Iterator[dict[str, str]]:
    """A meeting with a paper, a decision, an action and an escalation: addresses by name."""
    clear(workspace)
    yield apart(make)
    clear(workspace)


def make() -> dict[str, str]:
    chair, meeting = browser(), opened()
    for title in ("Missing questionnaires", "One number to call"):
        chair.post(f"/boards/meetings/{meeting}/do/item/", {"title": title, "purpose": "decide", "lead": ""})
    item = item_in(meeting, "Missing questionnaires")
    chair.post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=5))
    paper = {
        "title": "Options",
        "authors": "A Person",
        "clearances": "Chief Nurse",
        "link": "https://example.invalid/p",
    }
    chair.post(f"/boards/items/{item}/do/paper/", paper)
    chair.post(f"/boards/items/{item}/do/decision/", decision())
    action = {"what": "Ask the services", "owner": "Director of Strategy", "due": f"{today():%Y-%m-%d}"}
    chair.post(f"/boards/items/{item}/do/action/", action)
    chair.post(f"/boards/items/{item}/do/escalate/", {"to_body": BOARD, "ask": "Money for one team"})
    board = opened(BOARD)
    at, about = f"/boards/meetings/{meeting}/", f"/boards/items/{item}/"
    return {
        "boards": "/boards/", "body": f"/boards/{GROUP}/", "board": f"/boards/{BOARD}/", "meeting": at,
        "board-meeting": f"/boards/meetings/{board}/", "agenda": f"{at}agenda/", "minutes": f"{at}minutes/",
        "item": about, "decisions": f"/boards/{GROUP}/decisions/", "who-came": f"{at}do/attendance/",
        "decide": f"{about}do/decision/", "escalate": f"{about}do/escalate/", "close": f"{at}do/close/",
        "open": f"/boards/{GROUP}/open/", "change": f"/boards/{GROUP}/do/change/",
        "paper": f"{about}do/paper/", "packs": "/packs/", "pack-make": "/packs/make/",
    }  # fmt: skip


@pytest.fixture(scope="module")
def chair(chromium: Browser, workspace: Served) -> Page:
    return signed_in(chromium, workspace, "chair")


PAGES = (
    "agenda", "board", "board-meeting", "boards", "body", "change", "close", "decide", "decisions", "escalate", "item",
    "meeting", "minutes", "open", "pack-make", "packs", "paper", "who-came",
)  # fmt: skip
EVERY_PUSH = ("boards", "meeting", "decide")


@pytest.mark.browser
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(one, marks=() if one in EVERY_PUSH or its_turn(one) else pytest.mark.full)
        for one in PAGES
    ],
)
def test_each_page_of_the_chair_is_accessible_and_fits_a_phone(
    name: str, chair: Page, made: dict[str, str], workspace: Served
) -> None:
    assert sorted(made) == list(PAGES)
    SHOTS.mkdir(exist_ok=True)
    for width, kind in ((1280, "wide"), (390, "phone")):
        chair.set_viewport_size({"width": width, "height": 900})
        chair.goto(workspace.address + made[name])
        fits(chair, width)
        assert [v["id"] for v in Axe().run(chair).response["violations"]] == [], kind
        chair.screenshot(path=SHOTS / f"boards-{name}-{kind}.png", full_page=True)


@pytest.mark.browser
def test_a_decision_is_recorded_by_keyboard_without_javascript(
    chromium: Browser,
    made: dict[str, str],
    workspace: Served,
) -> None:
    page = signed_in(chromium, workspace, "chair", script=False)
    page.goto(workspace.address + made["meeting"])
    page.click("text=One number to call")
    page.get_by_role("button", name="Record a decision").focus()
    page.keyboard.press("Enter")
    page.get_by_label("The question").focus()
    for words in ("One number?", "Yes\nNo", "Perhaps", "People asked for it."):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Record it").focus()
    page.keyboard.press("Enter")
    assert "one of them is chosen" in page.inner_text(".nhsuk-error-summary")
    assert page.get_by_label("The question").input_value() == "One number?"
    page.get_by_label("The option chosen").fill("Yes")
    page.get_by_role("button", name="Record it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The decision is recorded.").wait_for()
    assert "Decision 3: Yes" in page.inner_text("main") and "The decision is recorded." in page.inner_text(
        "main"
    )
    page.context.close()


def test_what_the_tutorial_of_the_chair_names_is_on_the_chairs_pages(made: dict[str, str]) -> None:
    words = " ".join(TUTORIAL.read_text(encoding="utf-8").split())
    along = re.search(r"Along the top you have (.*?)\.", words)
    front = apart(lambda: read(browser().get("/")).found)
    assert along is not None
    assert re.findall(r"\*([^*]+)\*", along[1]) == front[front.index("Menu") + 1 : front.index("Browse")]
    there = apart(lambda: " ".join(" ".join(read(browser().get(one)).found) for one in ("/", *made.values())))
    wanted = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", words))
    assert len(wanted) > 20 and not {one for one in wanted if one not in there}
