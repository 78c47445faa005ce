"""An organisation closes: its page stays and says so, roles end with it, and the successor may move them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import AS_DJANGO, Served

CLOSED, SUCCESSOR = "RY9", "RAX"


def signed_in(email: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    made.force_login(
        get_user_model().objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return made


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def people(django_here: Any, workspace: Served) -> Iterator[str]:
    """An analyst of Hounslow and Richmond before it closed, and an administrator of what it became; the role's id."""
    from joinedup_web.config.first_administrator import make

    make("kingston@demo.invalid", SUCCESSOR, "a long enough phrase")
    make("hounslow@demo.invalid", "RYX", "a long enough phrase")
    held = str(uuid.uuid4())
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RY9,RYX,RAX', true)")
        connection.execute("DELETE FROM organisations_roleheld WHERE place_id = 'RYX'")
        connection.execute(
            "INSERT INTO organisations_roleheld (id, role, valid_from, reason, given_by, person_id, place_id)"
            " SELECT %s, 'analyst', '2022-01-01', 'before', 'test', id, 'RY9' FROM organisations_person"
            " WHERE email = 'hounslow@demo.invalid'",
            [held],
        )
    yield held
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RY9,RYX,RAX,QRV', true)")
        connection.execute(
            "DELETE FROM organisations_roleheld WHERE place_id IN ('RY9', 'RYX', 'RAX', 'QRV')"
        )


def test_roles_end_with_it_and_the_successor_moves_them(people: str, workspace: Served) -> None:
    """Given a role at HRCH, when it closes, then it opens nothing until the successor's administrator moves it."""
    left, kingston = signed_in("hounslow@demo.invalid"), signed_in("kingston@demo.invalid")
    assert left.get("/explore/").status_code == 403
    assert "Your role at Hounslow and Richmond" in text(left.get("/"))
    page = text(left.get("/?lang=en-gb"))
    assert "The administrator of Kingston and Richmond NHS Foundation Trust can move it" in page
    page = text(kingston.get("/"))
    assert "closed on 31 October 2024" in page and "Roles held there: 1" in page
    assert f"/people/{people}/move/" in text(kingston.get("/people/"))
    assert kingston.post(f"/people/{people}/move/", {"reason": ""}).status_code == 422
    assert kingston.post(f"/people/{people}/move/", {"reason": "came over"}).status_code == 302
    assert left.get("/explore/").status_code in (200, 503)
    assert "Your role at" not in text(left.get("/")) and "Roles held there" not in text(kingston.get("/"))
    assert kingston.get(f"/people/{people}/move/").status_code == 404, "it is moved once"


def test_nobody_else_sees_or_moves_them(
    people: str, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for filters_off in (False, True):
        monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
        other = signed_in("administrator@demo.invalid")
        assert "hounslow@demo.invalid" not in text(other.get("/people/"))
        assert other.get(f"/people/{people}/move/").status_code == 404
        assert other.post(f"/people/{people}/move/", {"reason": "mine"}).status_code == 404


def test_pages_of_what_closed_and_of_what_it_became(people: str) -> None:
    browser = signed_in("kingston@demo.invalid")
    closed = text(browser.get(f"/places/{CLOSED}/"))
    assert "Closed on 31 October 2024" in closed and f"/places/{SUCCESSOR}/" in closed
    assert "Roles held here ended with it" in closed and "Community services in Hounslow" in closed
    for code, words in (("QRV", "Z9B2Z"), ("07P", "Z9B2Z"), ("NWL-COMM", "RAX")):
        assert words in text(browser.get(f"/places/{code}/"))


def test_a_merger_ahead_is_said_before_it_comes(people: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a day before the thirteen-borough board, the eight-borough one says when it ends and what follows."""
    from datetime import date

    from django.utils import timezone

    from joinedup_web.config.first_administrator import make

    monkeypatch.setattr(timezone, "localdate", lambda: date(2025, 11, 18))
    page = text(signed_in("administrator@demo.invalid").get("/places/QRV/"))
    assert (
        "It ends on 31 March 2026." in page and "NHS West and North London" in page and "Closed" not in page
    )
    page = text(signed_in("administrator@demo.invalid").get("/places/Z9B2Z/"))
    assert "It begins on 1 April 2026." in page
    make("board@nwl.demo.invalid", "QRV", "a long enough phrase")
    told = text(signed_in("board@nwl.demo.invalid").get("/"))
    assert (
        "ends on 31 March 2026, and roles there with it. Most of it will be NHS West and North London" in told
    )
