"""Whether a page fits the width of its window."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page

from joinedup_web.nhsuk.menu import GROUPS

PATIENCE = 20.0


def fits(page: Page, width: int) -> None:
    """Nothing is wider than the window, once the menu has folded: its script does so when the width changes.

    Asked again from here: a page's own waiting for an expression would need unsafe-eval.
    """
    until = time.monotonic() + PATIENCE
    page.wait_for_load_state("domcontentloaded")  # a page that renews itself has no document for a moment
    while (found := page.evaluate("document.documentElement.scrollWidth")) > width:
        assert time.monotonic() < until, f"{found} wide, in a window of {width}"
        page.wait_for_timeout(100)


def open_room(page: Page, words: str) -> None:
    """Choose a room: its own words, if they are there, else the group that it is in first."""
    group = next(group for group, rooms in GROUPS.items() if words in [room.words for room in rooms])
    link = _link(page, words)
    # One or the other is there once the page is: a step before this one may still be bringing it.
    link.or_(_link(page, group)).first.wait_for(state="attached")
    page.wait_for_load_state("domcontentloaded")
    if link.count():
        _press(page, words)
        return
    _press(page, group)
    link.click()


def _press(page: Page, words: str) -> None:
    """Choose a link of the menu, which folds what has no room of its own behind a button."""
    link, button = _link(page, words), page.locator("nav button").first
    # One or the other: while the menu folds, neither is.
    link.or_(button).filter(visible=True).first.wait_for()
    if not link.is_visible():
        button.click()
    link.click()


def _link(page: Page, words: str) -> Locator:
    return page.locator(f'nav >> text="{words}"').first
