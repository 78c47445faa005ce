"""What tutorials of roles name is there: whose sign-in it is, the rooms along the top, each word in italics."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from joinedup_web.organisations.demo_words import SIGN_INS
from tests.system.web.test_access_matrix import client
from tests.system.web.test_languages import read

FOLDER = Path(__file__).parents[3] / "docs" / "tutorials"
TUTORIALS = {
    "resident": "resident", "expert-by-experience": "expert_by_experience", "finance-lead": "finance_lead",
    "administrator": "administrator", "programme-manager": "service_manager", "scrutiny-officer": "scrutiny_officer",
    "chief-executive": "board_member",
}  # fmt: skip
"""Page -> the role that it is for."""
ROOMS = ("programme", "proposals", "requests")
ADDRESSES = (
    "/", "/explore/", "/explore/measure/M195/", "/explore/gap/", "/explore/journey/", "/calendar/", "/collaboratives/",
    "/controllers/", "/people/", "/people/give/", "/changes/", "/account/second/",
    "/improvement/", "/improvement/initiatives/new/", "/claims/", "/claims/new/",
    "/improvement/practice/", "/improvement/agreed-once/", "/packs/", "/packs/make/",
    "/boards/", "/boards/nwl-ceo/",
    "/scrutiny/", "/scrutiny/new/", "/promises/", *(f"/scrutiny/{room}/" for room in ROOMS),
)  # fmt: skip
WORDS_ALONE = {"hidden", "Hidden"}


@cache
def told(role: str) -> str:
    """Every word of the pages that a role may open, and of the page of a number."""
    from joinedup_web.equity.opening import current_figures

    browser, figures = client(role), current_figures()
    assert figures is not None
    more = (f"/number/{next(iter(figures.registry))}/", *rows_of_a_tracker(browser), *rows_of_rooms(browser))
    answers = [browser.get(address) for address in (*ADDRESSES, *more)]
    return " ".join(" ".join(read(one).found) for one in answers if one.status_code == 200)


def rows_of_a_tracker(browser: Any) -> list[str]:
    """The tracker of the demo, and a row of it, for those who may open them."""
    there = browser.get("/scrutiny/").content.decode()
    tracker = re.search(r'"(/scrutiny/[0-9a-f-]{36}/)">North West London Joint', there)
    if tracker is None:
        return []
    rows = re.findall(r'"(/scrutiny/row/[0-9a-f-]{36}/)"', browser.get(tracker[1]).content.decode())
    return [tracker[1], *rows[:1]]


def rows_of_rooms(browser: Any) -> list[str]:
    """Topics, proposals and requests of the demo, for those who may open them."""
    lists = (browser.get(f"/scrutiny/{room}/").content.decode() for room in ROOMS)
    return [row for page in lists for row in re.findall(r'"(/scrutiny/[a-z]+/[0-9a-f-]{36}/)"', page)]


@pytest.mark.parametrize("page", TUTORIALS)
def test_what_a_tutorial_names_is_on_the_pages_of_its_role(page: str, django_here: Any) -> None:
    text = " ".join((FOLDER / f"{page}.md").read_text(encoding="utf-8").split())
    roles = {sign.email: sign.role for sign in SIGN_INS}
    named = [roles[email] for email in re.findall(r"`([a-z-]+@demo\.invalid)`", text)]
    assert named[0] == TUTORIALS[page]
    along = re.search(r"Along the top you have (.*?)\.", text)
    front = read(client(named[0]).get("/")).found
    assert along is not None
    assert re.findall(r"\*([^*]+)\*", along[1]) == front[front.index("Menu") + 1 : front.index("Browse")]
    wanted = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)) - WORDS_ALONE
    there = " ".join(told(role) for role in dict.fromkeys(named))
    assert len(wanted) > 5 and not {words for words in wanted if words not in there}


def test_every_tutorial_is_linked_from_the_front_page_of_the_project() -> None:
    linked = re.findall(r"docs/tutorials/([a-z-]+)\.md", (FOLDER.parents[1] / "README.md").read_text())
    assert sorted(linked) == sorted(path.stem for path in FOLDER.glob("*.md"))
