"""A second factor is compulsory for some roles, and six digits cannot be tried out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from joinedup_web.organisations.policy import load_policy
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import PEOPLE, addresses, client
from tests.system.web.test_signing_in import browser, sign_in

ASKED = sorted(load_policy().second_factor)


@pytest.fixture(autouse=True)
def compulsory(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(django_here, "SECOND_FACTOR", True)
    yield
    from allauth.mfa.models import Authenticator
    from axes.models import AccessAttempt

    Authenticator.objects.all().delete()
    AccessAttempt.objects.all().delete()


def totp(email: str) -> str:
    """A secret of an authenticator app, switched on."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import get_user_model

    secret: str = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get(email=email), secret)
    return secret


@pytest.mark.parametrize("role", ASKED)
def test_who_lacks_one_is_led_to_set_it_up_before_anything_else(role: str) -> None:
    from django.urls import reverse

    made = client(role)
    for pattern in addresses():
        asks = load_policy().addresses[pattern.name]
        if pattern.pattern.converters or " " not in asks:
            continue
        answer = made.get(reverse(pattern.name))
        led = answer.status_code == 302 and answer.headers["Location"] == "/account/second/"
        assert led or answer.status_code == 403, pattern.name
    assert made.get("/").headers["Location"] == "/account/second/"
    page = made.get("/account/second/").content.decode()
    assert "Set up a second factor to go on" in page and load_policy().roles[role].title in page


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - set(ASKED)))
def test_who_needs_none_goes_on(role: str) -> None:
    assert client(role).get("/places/").status_code == 200


def test_nothing_can_be_posted_without_one(django_here: Any) -> None:
    answer = client("administrator").post("/people/give/", {"reason": "no second factor"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/account/second/"


def test_once_set_up_everything_opens(workspace: Served) -> None:
    totp(PEOPLE["analyst"].email)
    assert client("analyst").get("/places/").status_code == 200


def test_recovery_codes_alone_are_none(workspace: Served) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.contrib.auth import get_user_model

    RecoveryCodes.activate(get_user_model().objects.get(email=PEOPLE["analyst"].email))
    assert client("analyst").get("/places/").headers["Location"] == "/account/second/"


def test_the_demo_says_that_it_asks_nobody(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_here, "SECOND_FACTOR", False)
    made = client("administrator")
    assert made.get("/people/").status_code == 200
    assert "This is a demo, so nobody is asked" in made.get("/account/second/").content.decode()


def test_production_is_never_a_demo() -> None:
    from pathlib import Path

    from joinedup_web.config.environment import Environment

    told = Environment(
        Path("/"), None, "https://x.example", "", secret_key="k" * 9, production=True, demo=True
    )
    assert any("Demo" in reason for reason in told.refusals())


def test_wrong_codes_are_counted_like_wrong_passwords(workspace: Served, django_here: Any) -> None:
    email = "resident@demo.invalid"
    totp(email)
    made = browser()
    sign_in(made, email, workspace.password)
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]+)"', made.get("/account/second/code/").content.decode()
    )
    assert token is not None
    said = []
    for n in range(12):
        told = {"csrfmiddlewaretoken": token[1], "code": f"{n:06}"}
        said.append(
            made.post("/account/second/code/", told, HTTP_REFERER="http://127.0.0.1/").content.decode()
        )
    assert "Incorrect code" in said[0] and "Too many wrong tries" in said[-1]
    assert sign_in(browser(), email, workspace.password).status_code == 429
