"""Signing in through a real OpenID provider: who is let in, who is not, and what spoiled tokens lead to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.system.web.conftest import AS_DJANGO, Served, free_port
from tests.system.web.identity_people import FAULTS, at_the_provider, care, provider, services_file, workplace

ANALYST, BOARD, FINANCE = (f"{name}@demo.invalid" for name in ("analyst", "board", "finance"))
PEOPLE = {
    "care-strong": care(ANALYST),
    "care-again": care(ANALYST),
    "care-password": care(ANALYST, levels=("1", "3")),
    "care-unproved": care(ANALYST, levels=("3", "1")),
    "care-says-less": {**care(ANALYST), "acr": "AAL1_USERPASS"},
    "care-nameless": care(ANALYST, nhsid_useruid=None),
    "care-unknown": care("nobody@demo.invalid"),
    "care-unverified": care(FINANCE, email_verified=False),
    "care-ended": care("ended@demo.invalid"),
    "work-strong": workplace(BOARD),
    "work-weak": workplace("clinician@demo.invalid", amr=["pwd"]),
    "work-elsewhere": workplace(BOARD, tid="another"),
    "work-unverified": workplace(FINANCE, xms_edov=None),
    "work-markup": workplace("<script>@demo.invalid"),
    **{f"fault {fault}": care(FINANCE, fault=fault) for fault in FAULTS},
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="joinedup-identity-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[str]:
    with provider(folder, free_port(), "http://127.0.0.1/account/with/{}/back/", PEOPLE) as made:
        yield made


@pytest.fixture
def services(issuer: str, folder: Path, django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.organisations.identity.services import read_services

    monkeypatch.setattr(django_here, "IDENTITY_SERVICES", read_services(str(services_file(folder, issuer))))


@pytest.fixture(autouse=True)
def unlinked(django_here: Any) -> Iterator[None]:
    yield
    from allauth.socialaccount.models import SocialAccount

    SocialAccount.objects.all().delete()


def browser() -> Any:
    from django.test import Client

    return Client(**AS_DJANGO)


def begin(made: Any, service: str) -> str:
    answer = made.post(f"/account/with/{service}/", {"next": "/explore/gap/"})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def sign_in(service: str, who: str, made: Any = None) -> tuple[Any, Any]:
    made = made or browser()
    back = urlsplit(at_the_provider(begin(made, service), who))
    return made, made.get(f"{back.path}?{back.query}")


def words(answer: Any) -> str:
    page = answer.content.decode()
    assert answer.status_code == 403 and "You were not signed in" in page
    assert "Traceback" not in page and "@demo.invalid" not in page
    return str(page)


@pytest.mark.parametrize(("service", "who"), [("care", "care-strong"), ("workplace", "work-strong")])
def test_an_account_made_beforehand_is_linked_once_and_signs_in(
    service: str, who: str, services: None
) -> None:
    from allauth.socialaccount.models import SocialAccount

    made, answer = sign_in(service, who)
    assert answer.status_code == 302 and answer.headers["Location"] == "/explore/gap/"
    assert "Sign out" in made.get("/").content.decode()
    (account,) = SocialAccount.objects.all()
    assert account.uid.endswith(f" {who}") and account.extra_data == {"strong": True}
    _, again = sign_in(service, who)
    assert again.headers["Location"] == "/explore/gap/" and SocialAccount.objects.count() == 1


def test_what_is_asked_of_the_service(services: None, issuer: str) -> None:
    asked = {name: value[0] for name, value in parse_qs(urlsplit(begin(browser(), "care")).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["acr_values"] == "AAL2_OR_AAL3_ANY"
    assert len(asked["state"]) >= 16 and len(asked["nonce"]) >= 24 and asked["response_type"] == "code"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}


@pytest.mark.parametrize(
    ("service", "who", "reason"),
    [
        ("care", "care-password", "at level 1, and this workspace asks for level 2"),
        ("care", "care-says-less", "at level 1, and this workspace asks for level 2"),
        ("care", "care-unproved", "proved to level 1, and this workspace asks for level 3"),
        ("care", "care-nameless", "did not say who you are"),
        ("care", "care-unknown", "does not yet"),
        ("care", "care-unverified", "has not checked"),
        ("workplace", "work-unverified", "has not checked"),
        ("workplace", "work-elsewhere", "another directory"),
        ("workplace", "work-markup", "does not yet"),
        ("care", "nobody at all", "You stopped signing in"),
    ],
)
def test_who_is_not_let_in_reads_why(service: str, who: str, reason: str, services: None) -> None:
    made, answer = sign_in(service, who)
    assert reason in words(answer)
    assert made.get("/explore/").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_spoiled_token_signs_nobody_in(fault: str, services: None) -> None:
    from allauth.socialaccount.models import SocialAccount

    made, answer = sign_in("care", f"fault {fault}")
    assert "cannot be trusted" in words(answer) and not SocialAccount.objects.exists()
    assert made.get("/explore/").headers["Location"].startswith("/account/login/")


def test_an_answer_is_for_the_browser_that_asked_and_for_once(services: None) -> None:
    made = browser()
    back = urlsplit(at_the_provider(begin(made, "care"), "care-strong"))
    address = f"{back.path}?{back.query}"
    assert "not begun here" in words(browser().get(address))
    for wrong in (
        address.replace("state=", "state=x"),
        address.replace("/care/", "/workplace/"),
        address.replace("code=", "code=x"),
        "/account/with/care/back/",
    ):
        assert words(browser().get(wrong))
    assert made.get(address).status_code == 302
    assert words(browser().get(address)) and words(made.get(address))


def test_the_answer_of_another_service_is_refused(services: None) -> None:
    made = browser()
    back = urlsplit(at_the_provider(begin(made, "care"), "care-strong"))
    query = parse_qs(back.query) | {"iss": ["https://elsewhere.example"]}
    assert "cannot be trusted" in words(made.get(back.path, {name: one[0] for name, one in query.items()}))


def test_an_address_links_once_and_no_second_identity(services: None) -> None:
    sign_in("care", "care-strong")
    made, answer = sign_in("care", "care-again")
    assert "already linked to another identity" in words(answer)
    assert made.get("/explore/").status_code == 302


def test_who_was_linked_is_known_whatever_address_the_service_says_later(
    services: None, django_here: Any, workspace: Served
) -> None:
    from joinedup_web.organisations.models import Person

    sign_in("care", "care-strong")
    Person.objects.filter(email=ANALYST).update(email="married@demo.invalid")
    try:
        made, answer = sign_in("care", "care-strong")
        assert answer.status_code == 302 and "Sign out" in made.get("/").content.decode()
    finally:
        Person.objects.filter(email="married@demo.invalid").update(email=ANALYST)


def test_an_account_that_has_ended_is_not_opened(services: None, django_here: Any) -> None:
    from joinedup_web.organisations.models import Person

    person = Person.objects.create_user("ended@demo.invalid", name="Ended")
    sign_in("care", "care-ended")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    made, answer = sign_in("care", "care-ended")
    assert "has ended" in words(answer) and made.get("/explore/").status_code == 302


def test_a_strong_sign_in_elsewhere_is_a_second_factor_and_a_weak_one_is_not(
    services: None, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "SECOND_FACTOR", True)
    strong, _ = sign_in("care", "care-strong")
    assert strong.get("/explore/quality/").status_code != 302
    weak, _ = sign_in("workplace", "work-weak")
    answer = weak.get("/explore/quality/")
    assert answer.status_code == 302 and answer.headers["Location"] == "/account/second/"
    assert "Set up a second factor" in weak.get("/account/second/").content.decode()


def test_our_second_factor_is_asked_after_a_weak_sign_in_elsewhere(services: None, django_here: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from joinedup_web.organisations.models import Person

    for email in (ANALYST, "clinician@demo.invalid"):
        TOTP.activate(Person.objects.get(email=email), generate_totp_secret())
    try:
        made, answer = sign_in("workplace", "work-weak")
        assert answer.headers["Location"] == "/account/second/code/"
        assert made.get("/account/second/code/").status_code == 200
        assert made.get("/explore/").headers["Location"].startswith("/account/login/")
        _, strong = sign_in("care", "care-strong")
        assert strong.headers["Location"] == "/explore/gap/"
    finally:
        Authenticator.objects.all().delete()


def test_the_way_there_is_a_form_of_ours_and_leads_to_the_service_alone(services: None, issuer: str) -> None:
    from django.test import Client

    assert browser().get("/account/with/care/").status_code == 405
    assert browser().post("/account/with/nothing/").status_code == 404
    assert Client(enforce_csrf_checks=True, **AS_DJANGO).post("/account/with/care/").status_code == 403
    asked = browser().post(
        "/account/with/care/?process=connect&scope=admin&auth_params=acr_values%3DAAL1_USERPASS"
    )
    assert (
        asked.headers["Location"].startswith(f"{issuer}/auth?") and "admin" not in asked.headers["Location"]
    )
    assert "AAL1" not in asked.headers["Location"]
    page = browser().get("/account/login/")
    assert f"form-action 'self' {issuer}" in page.headers["Content-Security-Policy"]
    assert "Sign in with NHS Care Identity" in page.content.decode()
    assert issuer not in browser().get("/").headers["Content-Security-Policy"]


def test_no_host_but_the_service_is_reached(services: None) -> None:
    from joinedup_web.organisations.identity.claims import Refused
    from joinedup_web.organisations.identity.exchange import session

    for address in ("http://localhost:1/keys", "https://elsewhere.example/", "file:///etc/passwd"):
        with session() as opened, pytest.raises(Refused):
            opened.get(address)


def test_a_service_that_does_not_answer_is_said(
    services: None, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tuple(
        one.model_copy(update={"issuer": f"http://localhost:{free_port()}"})
        for one in django_here.IDENTITY_SERVICES
    )
    monkeypatch.setattr(django_here, "IDENTITY_SERVICES", gone)
    assert "does not answer" in words(browser().post("/account/with/care/"))
