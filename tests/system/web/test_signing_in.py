"""Signing in as people do: forms, cookies, second factor, and what wrong tries lead to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.system.web.conftest import AS_DJANGO, Served


def browser() -> Any:
    from django.test import Client

    return Client(enforce_csrf_checks=True, **AS_DJANGO)


def sign_in(made: Any, email: str, password: str, **more: str) -> Any:
    page = made.get("/account/login/").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    asked = {"csrfmiddlewaretoken": token[1], "login": email, "password": password, **more}
    return made.post("/account/login/", asked, HTTP_REFERER="http://127.0.0.1/account/login/")


def test_a_right_password_opens_and_says_where_one_was_going(django_here: Any, workspace: Served) -> None:
    made = browser()
    answer = sign_in(made, "analyst@demo.invalid", workspace.password, next="/explore/gap/")
    assert answer.status_code == 302 and answer.headers["Location"] == "/explore/gap/"
    assert made.get("/explore/gap/").status_code == 200


def test_the_session_is_a_new_one(django_here: Any, workspace: Served) -> None:
    made = browser()
    made.get("/account/login/")
    made.cookies["sessionid"] = "a" * 32
    sign_in(made, "analyst@demo.invalid", workspace.password)
    cookie = made.cookies["sessionid"]
    assert cookie.value != "a" * 32 and cookie["httponly"] and cookie["samesite"] == "Lax"


def test_without_a_token_nothing_is_posted(django_here: Any, workspace: Served) -> None:
    answer = browser().post(
        "/account/login/", {"login": "analyst@demo.invalid", "password": workspace.password}
    )
    assert answer.status_code == 403


def test_nobody_signs_up_by_themselves(django_here: Any) -> None:
    for address in ("/account/signup/", "/accounts/signup/", "/account/password/reset/"):
        assert browser().get(address).status_code == 404


def test_no_way_out_of_the_host_after_signing_in(django_here: Any, workspace: Served) -> None:
    answer = sign_in(browser(), "analyst@demo.invalid", workspace.password, next="https://elsewhere.example/")
    assert answer.headers["Location"].startswith("/")


def test_ten_wrong_tries_lock_the_door_for_that_person_from_there(
    django_here: Any, workspace: Served
) -> None:
    made = browser()
    said = [sign_in(made, "board@demo.invalid", f"wrong {n}").status_code for n in range(12)]
    assert said[0] == 200 and said[-1] == 429
    assert sign_in(made, "board@demo.invalid", workspace.password).status_code == 429
    assert sign_in(browser(), "finance@demo.invalid", workspace.password).status_code in (302, 429)


def test_unknown_and_known_people_are_told_the_same(django_here: Any) -> None:
    words = []
    for email in ("resident@demo.invalid", "nobody@demo.invalid"):
        page = sign_in(browser(), email, "wrong").content.decode()
        found = re.search(r"error-summary__list.*?</ul>", page, re.S)
        words.append(found and re.sub(r"<[^>]+>|\s+", " ", found[0]))
    assert words[0] and words[0] == words[1]


def test_a_second_factor_cannot_be_walked_around(django_here: Any, workspace: Served) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(email="expert@demo.invalid")
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    try:
        made = browser()
        answer = sign_in(made, person.email, workspace.password)
        assert answer.headers["Location"].startswith("/account/second/code/")
        for address in (
            "/explore/",
            "/places/",
            "/account/second/",
            "/account/second/app/off/",
            "/account/password/",
        ):
            assert made.get(address).headers.get("Location", "").startswith("/account/login/")
        page = made.get("/account/second/code/").content.decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        made.post(
            "/account/second/code/",
            {"csrfmiddlewaretoken": token[1], "code": code},
            HTTP_REFERER="http://127.0.0.1/",
        )
        assert made.get("/explore/").status_code == 200
    finally:
        Authenticator.objects.filter(user=person).delete()


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nothing/", "/static/workspace/workspace.css"])
def test_every_answer_carries_the_headers(address: str, django_here: Any) -> None:
    answer = browser().get(address)
    headers = answer.headers
    answer.close()
    policy = headers.get("Content-Security-Policy", "")
    if not address.startswith("/static"):
        assert (
            "default-src 'self'" in policy and "unsafe" not in policy and headers["X-Frame-Options"] == "DENY"
        )
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
