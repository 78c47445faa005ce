"""Languages: every string of the pages that everybody meets is translated, marked, and the right way round."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

import pytest

from joinedup_web.nhsuk.catalogues import as_mapping, entries_of
from joinedup_web.organisations.policy import load_policy
from tests.system.web.api_people import person_of
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.test_access_matrix import addresses, client

PLAIN = re.compile(r"[\W\d_]*")
NAMES = {"joinedup", "NHS", "joinedup –", "–"}
AGAIN = "allauth.account.internal.flows.reauthentication"
NO_PAGES = {
    "live", "ready", "metrics", "mfa_download_recovery_codes", "updates_feed", "updates_calendar",
    "disclosed_requests_file",
}  # fmt: skip


class Words(HTMLParser):
    """The text of a page outside parts that are marked as in another language; and labels that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.root: dict[str, str | None] = {}
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.root = told
        other = tag != "html" and "lang" in told
        skipped = other or tag in ("script", "style", "svg") or (bool(self._open) and self._open[-1])
        if not skipped:
            self.found += [
                told[name] or "" for name in ("aria-label", "title", "alt", "placeholder") if told.get(name)
            ]
        if tag not in ("meta", "link", "input", "img", "br", "hr", "path"):
            self._open.append(skipped)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in ("meta", "link", "input", "img", "br", "hr", "path"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1]):
            self.found.append(data.strip())


def read(answer: Any) -> Words:
    words = Words()
    words.feed(answer.content.decode())
    return words


def public() -> list[str]:
    """Addresses that everybody meets."""
    from django.urls import reverse

    from joinedup_web.organisations.languages import PolicyLanguageMiddleware

    return [
        reverse(pattern.name)
        for pattern in addresses()
        if PolicyLanguageMiddleware.public(pattern.name)
        and pattern.name not in NO_PAGES
        and not pattern.pattern.converters
    ]


def pages(django_here: Any, asked: str) -> Iterator[tuple[str, Any]]:
    """Every public page as an administrator and as nobody, with the errors of its forms, and the errors themselves."""
    from django.test import Client

    for role in ("public", "administrator"):
        for address in public():
            if role == "administrator" or not address.startswith("/account/second/"):
                yield f"{role} {address}", client(role).get(f"{address}?lang={asked}")
    yield (
        "wrong password",
        Client(**AS_DJANGO).post(f"/account/login/?lang={asked}", {"login": "x", "password": ""}),
    )
    yield (
        "wrong",
        Client(**AS_DJANGO).post(
            f"/account/login/?lang={asked}", {"login": "nobody@demo.invalid", "password": "not this one"}
        ),
    )
    yield "passwords", client("analyst").post(f"/account/password/?lang={asked}", {"password1": "short"})
    checked = Client(enforce_csrf_checks=True, **AS_DJANGO)
    yield "without a token", checked.post(f"/account/login/?lang={asked}", {"login": "x"})
    yield from passkey_pages(asked)
    yield "404", client("analyst").get(f"/nothing/?lang={asked}")
    yield "403", client("resident").get(f"/people/?lang={asked}")
    yield "404 of a page in English", client("resident").get(f"/places/NOWHERE/?lang={asked}")
    breaks = Client(**AS_DJANGO, raise_request_exception=False)
    yield "500", breaks.get(f"/breaks/?lang={asked}")


def passkey_pages(asked: str) -> Iterator[tuple[str, Any]]:
    """Pages of passkeys as somebody meets them who has one and has just said who they are; and wrong answers."""
    from allauth.mfa.models import Authenticator

    from joinedup_web.organisations.row_security import opened

    who, browser, base = person_of("analyst"), client("analyst"), "/account/second/passkeys"
    with opened(str(who.pk), []):
        held = Authenticator.objects.create(user=who, type="webauthn", data={"name": "123"})
    try:
        with (
            patch("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: []),
            patch(f"{AGAIN}.is_reauthentication_required", lambda request, app="": False),
        ):
            for path in ("", "add/", f"{held.pk}/", f"{held.pk}/remove/", "again/"):
                yield f"{base}/{path}", browser.get(f"{base}/{path}?lang={asked}")
            for path, told in (("add/", {"credential": "{}"}), (f"{held.pk}/", {"name": ""})):
                yield f"wrong at {base}/{path}", browser.post(f"{base}/{path}?lang={asked}", told)
    finally:
        with opened(str(who.pk), []):
            held.delete()


@pytest.fixture
def breaking(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that fails, so that its page can be read."""
    from joinedup_web.organisations.middleware import ScopeMiddleware

    def fails(self: Any, request: Any) -> Any:
        if request.path == "/breaks/":
            raise ZeroDivisionError
        return called(self, request)

    called = ScopeMiddleware.__call__
    monkeypatch.setattr(ScopeMiddleware, "__call__", fails)


class Pseudo:
    """A language in which every message is put into brackets: what stands outside them was never translated."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return f"⟦{message}⟧" if message.strip() else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        self.asked.add(singular)
        return f"⟦{singular if number == 1 else plural}⟧"

    def language(self) -> str:
        return "ar"

    def to_language(self) -> str:
        return "ar"


@pytest.fixture
def pseudo(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> Pseudo:
    from django.utils import formats
    from django.utils.translation import trans_real

    made = Pseudo()
    monkeypatch.setitem(trans_real._translations, "ar", made)
    monkeypatch.setattr(formats, "_format_cache", {})
    return made


def test_no_text_of_a_public_page_is_outside_the_catalogue(
    pseudo: Pseudo, breaking: None, django_here: Any
) -> None:
    left = {}
    for name, answer in pages(django_here, "ar"):
        if answer.status_code in (200, 403, 404, 422, 500):
            texts = [re.sub(r"⟦[^⟦⟧]*⟧", "", text) for text in read(answer).found]
            texts = [re.sub(r"\S+@\S+|Demo: \S[\w ]*", "", text).strip() for text in texts]
            bad = [
                text for text in texts if not PLAIN.fullmatch(text) and text not in NAMES and "⟦" not in text
            ]
            bad = [text for text in bad if text.replace("– joinedup", "").strip()]
            if bad:
                left[name] = bad
    assert not left
    assert len(pseudo.asked) > 50


def test_no_string_of_the_public_pages_lacks_a_translation(
    django_here: Any, breaking: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the pages asked for has an Arabic text, ours, Django's or its applications'."""
    from django.utils.translation import trans_real

    catalogue = trans_real.translation("ar")
    asked: set[str] = set()
    real = type(catalogue).gettext
    monkeypatch.setattr(
        type(catalogue),
        "gettext",
        lambda self, words: (asked.add(words) if self is catalogue else None, real(self, words))[1],
    )
    for _ in pages(django_here, "ar"):
        pass
    missing = {words for words in asked if words.strip() and catalogue._catalog.get(words) in (None, "")}
    formats = {words for words in missing if words.isupper() or words in ("", "ltr")}
    assert len(asked) > 50 and not missing - formats


def test_every_message_of_a_translated_template_is_in_the_catalogue(django_here: Any) -> None:
    from django.template import engines

    environment, known = engines["jinja2"].env, as_mapping(entries_of("ar"))
    wanted: set[str] = set()
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".html")):
        source, _, _ = environment.loader.get_source(environment, name)
        for _, _, message in environment.extract_translations(source):
            found = (message,) if isinstance(message, str) else message or ()
            wanted |= {part for part in found if part}
        wanted |= set(re.findall(r'tell\(["\']([^"\']+)["\']\)', source))
    wanted |= {role.title for role in load_policy().roles.values()}
    assert len(wanted) > 70 and not wanted - known.keys()


def test_language_and_direction_are_right_on_every_page(django_here: Any, breaking: None) -> None:
    for name, answer in pages(django_here, "ar"):
        if answer.status_code in (200, 403, 404, 422, 500):
            root = read(answer).root
            assert (root.get("lang"), root.get("dir")) == ("ar", "rtl"), name
            assert "لم يراجع هذه الترجمة" in answer.content.decode(), name
    english = read(client("resident").get("/places/")).root
    assert (english.get("lang"), english.get("dir")) == ("en-GB", "ltr")
    page = client("resident").get("/places/?lang=ar").content.decode()
    assert '<div lang="en-GB" dir="ltr">' in page and "هذه الصفحة متاحة باللغة الإنجليزية فقط" in page
    assert "Organisations and places" in page and "لم يراجع" not in page


def test_pages_of_passkeys_are_in_arabic_to_the_last_word(django_here: Any) -> None:
    found = dict(passkey_pages("ar"))
    assert len(found) == 7 and {answer.status_code for answer in found.values()} == {200}
    for name, answer in found.items():
        told = re.sub("joinedup|NHS|Demo: analyst", "", " ".join(read(answer).found))
        assert "مرور" in told and not re.search("[A-Za-z]{3}", told), (name, told)
        if (
            "passkey-words" in answer.content.decode()
        ):  # what the script says, as text that no script can leave
            assert "لم يتغيّر شيء" in json.loads(_words_of(answer))["NotAllowedError"]


def _words_of(answer: Any) -> str:
    found = re.search(r'id="passkey-words"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert found is not None
    return found[1]


def test_a_choice_stays_and_the_address_goes_before_it(django_here: Any) -> None:
    browser = client("public")
    assert 'lang="en-GB"' in browser.get("/").content.decode()
    chosen = browser.get("/?lang=ar")
    assert chosen.cookies["language"].value == "ar" and chosen.cookies["language"]["httponly"]
    assert '<html lang="ar"' in browser.get("/account/login/").content.decode()
    assert '<html lang="en-GB"' in browser.get("/?lang=en-gb").content.decode()
    assert (
        '<html lang="ar"'
        in client("public").get("/", headers={"accept-language": "ar-EG,ar;q=0.9"}).content.decode()
    )
    for wrong in ("xx", "../ar", "ar" * 50, "%00", "<script>"):
        answer = client("public").get("/", {"lang": wrong})
        assert answer.status_code == 200 and '<html lang="en-GB"' in answer.content.decode()
        assert "language" not in answer.cookies
    assert "Cookie" in chosen.headers["Vary"] and chosen.headers["Content-Language"] == "ar"


def test_days_and_numbers_are_those_of_the_language(django_here: Any) -> None:
    from datetime import date

    from django.template import engines
    from django.utils import translation

    made = engines["jinja2"].env.from_string("{{ on | day }} / {{ 12345 | number }}")
    with translation.override("ar"):
        arabic = made.render(on=date(2026, 11, 18))
    with translation.override("en-gb"):
        assert made.render(on=date(2026, 11, 18)) == "18 November 2026 / 12,345"
    assert "18" in arabic and "نوفمبر" in arabic and "November" not in arabic


def test_signing_in_works_in_arabic(django_here: Any, workspace: Served) -> None:
    """Given a person who reads Arabic, when they sign in, then the next page is in Arabic too."""
    from django.test import Client

    browser = Client(**AS_DJANGO)
    page = browser.get("/account/login/?lang=ar").content.decode()
    assert "تسجيل الدخول" in page and "كلمة المرور" in page
    told = browser.post("/account/login/", {"login": "analyst@demo.invalid", "password": workspace.password})
    assert told.status_code == 302
    page = browser.get("/").content.decode()
    assert "محلل بيانات" in page and "West London" in page
