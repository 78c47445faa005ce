"""The pages of packs in Chromium: accessible, on a phone, and by keyboard without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.eighths import an_eighth
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits
from tests.system.web.test_boards_pages import apart
from tests.system.web.test_packs_room import clear, post, state_of
from tests.system.web.test_packs_room import made as ready
from tests.system.web.test_pages import SHOTS, chromium, signed_in

__all__ = ["chromium"]
PAGES = ("failed", "make", "pack", "packs", "remove", "template", "waiting")


@pytest.fixture(scope="module")
def made(django_here: Any, workspace: Served) -> Iterator[dict[str, str]]:
    """A pack that is there, one that failed, one that waits: addresses by name."""
    patch = pytest.MonkeyPatch()
    clear(workspace)
    yield apart(lambda: make(patch))
    patch.undo()
    clear(workspace)


def make(patch: pytest.MonkeyPatch) -> dict[str, str]:
    from joinedup_web.packs import actions, making

    queue: list[Any] = []
    patch.setattr(actions, "_defer", queue.append)
    post({"layout": "ceo"})
    making.answered(queue[-1], {"failed": "The lake is at state 9 by now.", "remedy": "Make it again later."})
    failed = queue[-1].pk
    post({"layout": "members"})
    waiting = queue[-1].pk
    post()
    pack = ready(queue)
    assert state_of(pack).state == "ready"
    return {
        "failed": f"/packs/{failed}/", "make": "/packs/make/", "pack": f"/packs/{pack}/", "packs": "/packs/",
        "remove": f"/packs/{pack}/remove/", "template": "/packs/templates/new/", "waiting": f"/packs/{waiting}/",
    }  # fmt: skip


@pytest.fixture(scope="module")
def chair(chromium: Browser, workspace: Served) -> Page:
    return signed_in(chromium, workspace, "chair")


@pytest.mark.browser
@pytest.mark.parametrize("name", an_eighth(PAGES))
def test_each_page_of_packs_is_accessible_and_fits_a_phone(
    name: str, chair: Page, made: dict[str, str], workspace: Served
) -> None:
    assert sorted(made) == list(PAGES)
    SHOTS.mkdir(exist_ok=True)
    for width, kind in ((1280, "wide"), (390, "phone")):
        chair.set_viewport_size({"width": width, "height": 900})
        chair.goto(workspace.address + made[name])
        fits(chair, width)
        assert [v["id"] for v in Axe().run(chair).response["violations"]] == [], kind
        chair.screenshot(path=SHOTS / f"packs-{name}-{kind}.png", full_page=True)


@pytest.mark.browser
@pytest.mark.parametrize("who", an_eighth(["chair"]))
def test_a_pack_is_asked_for_by_keyboard_without_javascript(
    who: str, chromium: Browser, made: dict[str, str], workspace: Served
) -> None:
    """The same request as before: the pack that is there is shown, and no job is made."""
    page = signed_in(chromium, workspace, who, script=False)
    page.goto(workspace.address + made["packs"])
    page.get_by_role("button", name="Make a pack").focus()
    page.keyboard.press("Enter")
    for form in ("Slides (PPTX)", "Document (DOCX)"):
        assert page.get_by_label(form).is_checked()
    page.get_by_role("button", name="Make it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Just this was made before").wait_for()
    assert page.url.endswith(made["pack"])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Document (DOCX)").click()
    assert saved.value.suggested_filename.startswith("board-")
    page.context.close()
