"""Whether a page fits the width of its window."""

from __future__ import annotations

from playwright.sync_api import Page


def fits(page: Page, width: int) -> None:
    """Nothing is wider than the window, once the menu has folded: its script does so when the width changes."""
    page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")
