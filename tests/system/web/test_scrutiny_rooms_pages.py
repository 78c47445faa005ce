"""Pages of work programmes, proposals and requests for information in Chromium: without JavaScript, on a phone, axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.system.web.conftest import Served
from tests.system.web.test_pages import chromium, signed_in
from tests.system.web.test_scrutiny_pages import looked_at

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


@pytest.mark.browser
def test_the_officer_s_way_without_javascript(plain: Page, workspace: Served) -> None:
    """Given the demo, when a topic is suggested and scored and a request logged, then both say where they stand."""
    plain.goto(f"{workspace.address}/scrutiny/")
    plain.click("text=Work programme")
    assert "Meeting of" in plain.inner_text("main")
    plain.click("text=Suggest a topic")
    plain.fill("#id_title", f"Perinatal care {uuid4().hex[:8]}")
    plain.fill("#id_from_whom", "a member of the committee")
    plain.fill("#id_why", "raised in the meeting")
    plain.click("main button")
    assert "The topic is suggested" in plain.inner_text("main")
    plain.click("text=Score it")
    for slug in ("people", "fairness", "influence", "timing", "elsewhere"):
        plain.select_option(f"#id_points_{slug}", "2")
    plain.fill("#id_why", "scored together")
    plain.click("main button")
    assert "67 of 100" in plain.inner_text("main") and "Take it to a meeting" not in plain.inner_text("main")
    plain.goto(f"{workspace.address}/scrutiny/")
    plain.click("text=Requests for information")
    plain.click("text=Record a request")
    plain.fill("#id_title", "Interpreters by month")
    plain.fill("#id_asked", "ring me on 020 7946 0018")
    plain.fill("#id_received_on", (date.today() - timedelta(days=1)).isoformat())
    plain.fill("#id_why", "by letter")
    plain.click("main button")
    assert "a telephone number, which points to a person" in plain.inner_text("main")
    plain.fill("#id_asked", "How many interpreters came?")
    plain.click("main button")
    assert "the day by which it is answered" in plain.inner_text("main")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["programme", "proposal", pytest.param("rest", marks=pytest.mark.full)])
def test_pages_are_accessible_and_fit_a_phone(name: str, page: Page, workspace: Served) -> None:
    address = f"{workspace.address}/scrutiny"
    if name == "programme":
        page.goto(f"{address}/programme/")
    elif name == "proposal":
        page.goto(f"{address}/proposals/")
        page.click("text=One place for Talking Therapies")
    else:
        for path, what in (
            ("programme/new/", "suggest"), ("proposals/", "proposals"), ("proposals/new/", "propose"),
            ("requests/", "requests"), ("requests/new/", "receive"),
        ):  # fmt: skip
            page.goto(f"{address}/{path}")
            looked_at(page, what)
        page.goto(f"{address}/programme/")
        page.click("text=Waits for Talking Therapies")
        looked_at(page, "topic")
        page.goto(f"{address}/requests/")
        page.click("text=How long people wait for a first treatment")
        looked_at(page, "request")
        page.goto(f"{workspace.address}/information-requests/")
        name = "disclosed"
    looked_at(page, name)
