"""Ways in as people meet them, in Chromium: a passkey, a care identity, an emergency. Second factors are asked here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from joinedup_web.config import serving
from joinedup_web.config.environment import Environment
from tests.system.web.conftest import Served, free_port
from tests.system.web.fitting import fits, open_room
from tests.system.web.identity_people import care, provider, services_file
from tests.system.web.test_pages import SHOTS, chromium

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PEOPLE = {
    "smartcard": care("manager@demo.invalid"),
    "password only": care("manager@demo.invalid", levels=("1", "3")),
}


@pytest.fixture(scope="module")
def strict(workspace: Served) -> Iterator[str]:
    """The workspace served once more on the same database, as in use: services known, second factors asked."""
    port, kept = free_port(), dict(os.environ)
    address = f"http://localhost:{port}"
    with (
        tempfile.TemporaryDirectory(prefix="joinedup-ways-") as made,
        provider(Path(made), free_port(), f"{address}/account/with/{{}}/back/", PEOPLE) as issuer,
    ):
        os.environ["JOINEDUP_IDENTITY"] = str(services_file(Path(made), issuer))
        told = Environment(workspace.folder, None, address, workspace.app, secret_key="k" * 60)
        server = serving._begin(told, port)
        os.environ.clear()
        os.environ.update(kept)
        try:
            serving._answers(server, port)
            requests.get(f"{address}/account/login/", timeout=300)  # it reads its code at the first request
            yield address
        finally:
            serving._end(server)


@pytest.fixture(autouse=True)
def nothing_kept(workspace: Served) -> Iterator[None]:
    yield
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("DELETE FROM mfa_authenticator")
        connection.execute("DELETE FROM socialaccount_socialaccount")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser with a device that keeps passkeys; nothing may be refused by the pages' own policy."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(90_000)
    opened, said = context.new_page(), []
    opened.on("console", lambda one: said.append(one.text) if "Content Security" in one.text else None)
    device = context.new_cdp_session(opened)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield opened
    context.close()
    assert not said


def looked_at(page: Page, name: str) -> None:
    """Accessible on a wide screen and a phone, and within its width."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert [one["id"] for one in Axe().run(page).response["violations"]] == [], name
        fits(page, width)
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def with_password(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/account/login/")
    page.fill("#id_login", f"{name}@demo.invalid")
    page.fill("#id_password", password)
    page.click("[data-password]")


def test_a_passkey_is_added_signs_in_and_is_removed(page: Page, strict: str, workspace: Served) -> None:
    """Given an analyst without a second factor, she is led to add a passkey; then it alone signs her in."""
    with_password(page, strict, "analyst", workspace.password)
    assert page.url.endswith("/account/second/")
    looked_at(page, "second-factor-asked")
    page.goto(f"{strict}/places/")
    assert page.url.endswith("/account/second/")
    page.click("text=Add a passkey")
    page.fill("#id_password", workspace.password)
    page.click("main button")
    looked_at(page, "passkey-add")
    page.goto(f"{strict}/account/second/passkeys/add/?lang=ar")
    assert "أضف مفتاح مرور" in page.inner_text("main h1")
    looked_at(page, "passkey-add-arabic")
    page.goto(f"{strict}/account/second/passkeys/add/?lang=en-gb")
    page.fill("#id_name", "Work laptop")
    page.click("#passkey-add")
    page.wait_for_url("**/account/second/recovery/")
    page.goto(f"{strict}/places/")
    assert "Organisations and places" in page.inner_text("main")

    page.context.clear_cookies()
    page.goto(f"{strict}/account/login/")
    looked_at(page, "sign-in")
    page.click("#passkey-sign-in")
    page.wait_for_url(f"{strict}/")
    page.goto(f"{strict}/places/")
    assert page.url.endswith("/places/")

    page.context.clear_cookies()
    with_password(page, strict, "analyst", workspace.password)
    assert page.url.endswith("/account/second/code/")
    looked_at(page, "second-factor-code")
    page.click("#passkey-answer")
    page.wait_for_url(f"{strict}/")

    page.goto(f"{strict}/account/second/passkeys/")
    assert "Work laptop" in page.inner_text("main")
    looked_at(page, "passkeys")
    page.click("text=Remove")
    if page.locator("#id_password").count():
        page.fill("#id_password", workspace.password)
        page.click("main button")
    looked_at(page, "passkey-remove")
    page.click("text=Remove it")
    assert "You have none yet" in page.inner_text("main")
    page.goto(f"{strict}/places/")
    assert page.url.endswith("/account/second/")


def test_a_passkey_of_nobody_signs_nobody_in(page: Page, strict: str) -> None:
    page.goto(f"{strict}/account/login/")
    page.evaluate("document.getElementById('passkey-credential').value = '{\"id\": \"x\"}'")
    with page.expect_navigation():
        page.evaluate("document.getElementById('passkey-credential').form.submit()")
    assert "/account/login/" in page.url
    page.goto(f"{strict}/places/")
    assert "/account/login/" in page.url


def test_what_a_passkey_cannot_do_is_said(page: Page, strict: str) -> None:
    page.goto(f"{strict}/account/login/")
    page.click("#passkey-sign-in")
    page.wait_for_selector("#passkey-said:visible")
    assert "Nothing has changed" in page.inner_text("#passkey-said")
    page.goto(f"{strict}/account/login/?lang=ar")
    page.click("#passkey-sign-in")
    page.wait_for_selector("#passkey-said:visible")
    assert "لم يتغيّر شيء" in page.inner_text("#passkey-said")


def test_without_javascript_the_password_is_left(chromium: Browser, strict: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{strict}/account/login/")
    assert "Passkeys need JavaScript" in opened.inner_text("main")
    assert opened.locator("#passkey-sign-in:visible").count() == 0
    context.close()


def test_a_care_identity_signs_a_manager_in(page: Page, strict: str) -> None:
    """Given a manager whose account was made beforehand, her smartcard signs her in, with no second factor of ours."""
    page.goto(f"{strict}/account/login/?next=/people/")
    page.click("text=Sign in with NHS Care Identity")
    page.fill("input[name=login]", "smartcard")
    page.click("text=Sign in")
    page.wait_for_url(f"{strict}/people/")
    assert "Who holds which role" in page.inner_text("main")
    page.goto(f"{strict}/account/second/")
    assert "NHS Care Identity" in page.inner_text("main")


def test_too_little_is_refused_with_a_reason(page: Page, strict: str) -> None:
    page.goto(f"{strict}/account/login/")
    page.click("text=Sign in with NHS Care Identity")
    page.fill("input[name=login]", "password only")
    page.click("text=Sign in")
    page.wait_for_url("**/back/**")
    assert "asks for level 2" in page.inner_text("main")
    looked_at(page, "refused")


def test_an_emergency_is_taken_told_reviewed_and_ended(page: Page, workspace: Served) -> None:
    """Given a manager who cannot wait, she sees the other trust at once; its officer reads why and ends it."""
    address = workspace.address
    with_password(page, address, "manager", workspace.password)
    open_room(page, "Emergency access")
    looked_at(page, "emergency-ask")
    page.select_option("#id_place", "RV3")
    page.select_option("#id_hours", "2")
    page.fill("#id_reason", "soon")
    page.click("text=Take emergency access")
    assert "too short to review" in page.inner_text("main")
    looked_at(page, "emergency-problem")
    page.fill("#id_reason", "The pathway of a shared patient stopped tonight and nobody answers.")
    page.click("text=Take emergency access")
    assert "You can see what Central and North West London" in page.inner_text("main")
    looked_at(page, "emergency-taken")
    open_room(page, "People")
    assert "board@demo.invalid" in page.inner_text("main")

    page.context.clear_cookies()
    with_password(page, address, "protection-cnwl", workspace.password)
    open_room(page, "Emergencies")
    assert "nobody answers" in page.inner_text("main") and "not told yet" in page.inner_text("main")
    looked_at(page, "emergencies")
    page.click("text=Review or end it")
    looked_at(page, "emergency-review")
    page.fill("#id_note", "It could have waited until morning.")
    page.click("text=Keep it, and end the access now")
    assert "It could have waited" in page.inner_text("main")
    open_room(page, "Changes")
    assert "Emergency access ended at RV3" in page.inner_text("main")
    looked_at(page, "changes-of-an-emergency")
