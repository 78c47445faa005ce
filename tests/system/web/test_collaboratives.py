"""A new collaborative from a template: by hand, by the command, ended and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import AS_DJANGO, Served

CODE = "NWL-PERI"
TABLES = ("collaboratives_collaborativemember", "collaboratives_collaborative")


def administrator(name: str = "administrator-cnwl") -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    person = get_user_model().objects.get(email=f"{name}@demo.invalid")
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@pytest.fixture
def tidy(django_here: Any, workspace: Served) -> Iterator[None]:
    yield
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [f"RV3,RKL,{CODE}"])
        connection.execute("DELETE FROM organisations_roleheld WHERE place_id = %s", [CODE])
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]


def filled(**more: Any) -> dict[str, Any]:
    asked = {
        "name": "North West London Perinatal Mental Health Provider Collaborative", "short_name": "Perinatal",
        "code": CODE, "from_day": "2024-04-01", "lead": "RV3", "members": ["RV3", "RKL"],
        "places": ["E09000005", "E09000018"], "services": "Coombe Wood\nCommunity teams\n", "reason": "it begins",
    }  # fmt: skip
    return {**asked, **more}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_it_is_made_from_its_template_and_is_a_place_of_the_register(tidy: None) -> None:
    """Given the template, when an administrator says why, then it has a page, members, and roles can be held at it."""
    browser = administrator()
    page = text(browser.get("/collaboratives/new/perinatal/"))
    assert 'value="2024-04-01"' in page and page.count(" checked") == 10
    made = browser.post("/collaboratives/new/perinatal/", filled())
    assert made.status_code == 302 and made.headers["Location"] == f"/places/{CODE}/"
    page = text(browser.get(f"/places/{CODE}/"))
    for words in (
        "Roles can be given at it now",
        "1 April 2024",
        "West London NHS Trust",
        "Brent",
        "Coombe Wood",
    ):
        assert words in page
    assert CODE in text(browser.get("/places/?on=2024-04-01")) and CODE not in text(
        browser.get("/places/?on=2024-03-31")
    )
    given = {"email": "board@demo.invalid", "role": "board_member", "place": CODE, "from_day": "2024-04-01"}
    assert browser.post("/people/give/", {**given, "reason": "sits on its board"}).status_code == 302
    assert "sits on its board" in text(browser.get("/people/"))
    assert "Collaborative made" in text(browser.get("/changes/"))
    refused = text(browser.post(f"/collaboratives/{CODE}/undo/", {"reason": "a mistake"}))
    assert "given roles at it" in refused and "End it instead" in refused


def test_it_is_ended_the_end_is_undone_and_its_making_too(tidy: None, workspace: Served) -> None:
    browser = administrator()
    browser.post("/collaboratives/new/perinatal/", filled())
    ended = browser.post(
        f"/collaboratives/{CODE}/end/",
        {"last_day": "2025-03-31", "successor": "NWL-MH", "reason": "joins the other"},
    )
    assert ended.status_code == 302
    page = text(browser.get(f"/places/{CODE}/"))
    assert "Closed on 31 March 2025" in page and "/places/NWL-MH/" in page
    assert "has an end already" in text(
        browser.post(f"/collaboratives/{CODE}/end/", {"last_day": "2025-03-31", "reason": "again"})
    )
    assert browser.post(f"/collaboratives/{CODE}/undo/", {"reason": "not yet"}).status_code == 302
    page = text(browser.get(f"/places/{CODE}/"))
    assert "Closed on" not in page and "31 March 2025" not in page
    assert browser.post(f"/collaboratives/{CODE}/undo/", {"reason": "a mistake"}).status_code == 302
    assert browser.get(f"/places/{CODE}/").status_code == 404
    assert browser.post("/collaboratives/new/perinatal/", filled()).status_code == 302, (
        "its code is free again"
    )


def test_others_may_neither_make_nor_end_it(tidy: None, workspace: Served) -> None:
    administrator().post("/collaboratives/new/perinatal/", filled())
    other = administrator("administrator")
    for step in ("end", "undo"):
        assert other.get(f"/collaboratives/{CODE}/{step}/").status_code == 404
        assert administrator("board").get(f"/collaboratives/{CODE}/{step}/").status_code == 403
    assert other.post("/collaboratives/new/perinatal/", filled(code="NWL-OTHER")).status_code == 422
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RKL', true)")
        changed = connection.execute("UPDATE collaboratives_collaborative SET name = 'x'")
        assert changed.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT joinedup_collaborative()")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "RKL"}, "is taken"), ({"code": "no!"}, "capital letters"), ({"name": " "}, "required"),
        ({"from_day": "1990-01-01"}, "does not exist"), ({"members": ["RV3", "RAX"]}, "does not exist"),
        ({"reason": ""}, "required"), ({"members": ["NOBODY"]}, "problem"), ({"lead": "RKL"}, "problem"),
        ({"services": "x" * 5000}, "problem"), ({"places": []}, "required"), ({"from_day": "never"}, "valid date"),
    ],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_is_saved(wrong: dict[str, Any], words: str, tidy: None) -> None:
    browser = administrator()
    answer = browser.post("/collaboratives/new/perinatal/", filled(**wrong))
    assert answer.status_code == 422 and words in text(answer)
    assert "None has been made yet" in text(browser.get("/collaboratives/"))


def test_the_app_cannot_take_anothers_code_or_change_one(tidy: None, workspace: Served) -> None:
    administrator().post("/collaboratives/new/perinatal/", filled())
    for statement in (
        "UPDATE collaboratives_collaborative SET code = 'RKL'",
        "INSERT INTO collaboratives_collaborative SELECT gen_random_uuid(), 'RKL', name, short_name, sector, template,"
        " valid_from, valid_to, successor, source, reason, made_by, place_id FROM collaboratives_collaborative",
    ):
        with psycopg.connect(workspace.app) as connection:
            connection.execute("SELECT set_config('joinedup.places', 'RV3', true)")
            with pytest.raises(psycopg.errors.IntegrityError):
                connection.execute(statement)  # type: ignore[arg-type]
