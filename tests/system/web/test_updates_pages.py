"""Pages of updates in Chromium, by nobody signed in: without JavaScript from asking to leaving; accessible; narrow."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.system.web.conftest import Served
from tests.system.web.fitting import fits
from tests.system.web.test_boards_pages import apart
from tests.system.web.test_pages import SHOTS, chromium

__all__ = ["chromium"]
BRENT = "place/GB-LAE-BEN"


@pytest.fixture(scope="module")
def plain(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    made = context.new_page()
    made.set_default_timeout(120_000)
    yield made
    context.close()


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    made = context.new_page()
    made.set_default_timeout(120_000)
    yield made
    context.close()


def letter_to(address: str, workspace: Served) -> str:
    """The text of the letter to an address that lies in the demo's folder."""
    for file in sorted((workspace.folder / "letters").glob("*")):
        found = email.message_from_bytes(file.read_bytes(), policy=default)
        if found["To"] == address:
            part = found.get_body(("plain",))  # type: ignore[attr-defined]
            return str(part.get_content())
    raise AssertionError("no letter came")


@pytest.fixture(scope="module")
def own(plain: Page, workspace: Served, django_here: Any) -> Iterator[str]:
    """A resident asks without JavaScript, opens the letter of the demo's folder and confirms: their own page."""
    from joinedup_web.governance.updates.posting import send_due

    address = f"{uuid4().hex[:10]}@resident.example"
    plain.goto(f"{workspace.address}/")
    plain.click("text=Updates by email")
    plain.check(f'input[value="{BRENT}"]')
    plain.fill("#id_email", address)
    plain.click("main form button")
    assert "Look into your mailbox" in plain.inner_text("h1")
    with pytest.MonkeyPatch.context() as server:  # what the server sealed its key alone opens
        server.setattr(django_here, "SECRET_KEY", (workspace.folder / "secret.key").read_text().strip())
        apart(send_due)
    link = re.search(r"/updates/confirm/\S+", letter_to(address, workspace))
    assert link is not None
    plain.goto(f"{workspace.address}{link.group()}")
    plain.click("main form button")
    assert plain.is_checked(f'input[value="{BRENT}"]')
    yield plain.url
    plain.goto(plain.url.replace("/mine/", "/leave/"))
    plain.click("main form button")
    assert "No more letters" in plain.inner_text("h1")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["updates", "mine", "about"])
def test_pages_are_accessible_and_fit_a_phone(name: str, page: Page, own: str, workspace: Served) -> None:
    where = {"updates": f"{workspace.address}/updates/", "mine": own}
    page.goto(where.get(name, f"{workspace.address}/updates/body/nwl-odg/"))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=Path(SHOTS) / f"updates-{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page, 390)
    page.screenshot(path=Path(SHOTS) / f"updates-{name}-phone.png", full_page=True)
