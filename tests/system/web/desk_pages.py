"""A workspace of its own for tests of the returns desk, with an empty lake, a worker, and a browser on its pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from joinedup.lake import create_lake
from joinedup.linkage.keys import make_demo_key
from joinedup_web.config.environment import Environment
from joinedup_web.config.serving import Worker, served
from tests.system.web.conftest import free_port
from tests.system.web.fitting import fits

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = Path(__file__).parents[3] / "screenshots"
PATIENCE = 180_000


@dataclass(frozen=True)
class Desk:
    address: str
    password: str
    folder: Path
    lake: Path
    app: str
    owner: str
    worker: Worker

    def rows(self, sql: str, place: str = "RKL") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.app) as connection:
            connection.execute(
                "SELECT set_config('joinedup.places', %s, true), set_config('joinedup.person', 'a test', true)",
                [place],
            )
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def until(self, sql: str, wanted: object, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while (found := self.rows(sql)) != wanted:
            assert time.monotonic() < end, found
            time.sleep(0.2)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="joinedup-desk-"))
    folder.chmod(0o755)
    key = make_demo_key(folder / "demo.key")
    lake = create_lake(folder / "lake", purpose="demo", key_fingerprint=key.fingerprint).path
    (folder / "watched" / "RV3").mkdir(parents=True)
    before = os.environ.get("JOINEDUP_WATCHED")
    os.environ["JOINEDUP_WATCHED"] = str(folder / "watched")
    port = free_port()
    told = Environment(
        folder=folder / "workspace", lake=lake, origin=f"http://127.0.0.1:{port}", database="", demo=True
    )
    with served(told, port=port) as made:
        assert made.database is not None
        app, owner = (made.database.url(f"joinedup_{role}") for role in ("app", "owner"))
        with psycopg.connect(owner) as connection:
            connection.execute("SELECT set_config('joinedup.places', 'RV3', true)")
            connection.execute(
                "INSERT INTO organisations_roleheld (id, person_id, role, place_id, valid_from, reason, given_by)"
                " SELECT gen_random_uuid(), id, 'analyst', 'RV3', '2026-01-01', 'a test', 'a test'"
                " FROM organisations_person WHERE email = 'board@demo.invalid'"
            )
        yield Desk(made.address, made.password, folder / "workspace", lake, app, owner, made.worker)
    os.environ.pop("JOINEDUP_WATCHED") if before is None else os.environ.update(JOINEDUP_WATCHED=before)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def signed_in(browser: Browser, desk: Desk, name: str, *, script: bool = True) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{desk.address}/account/login/")
    page.fill("#id_login", f"{name}@demo.invalid")
    page.fill("#id_password", desk.password)
    page.click("main button")
    return page


@pytest.fixture(scope="module")
def analyst(chromium: Browser, desk: Desk) -> Page:
    return signed_in(chromium, desk, "analyst")


def looks_well(page: Page, name: str) -> None:
    """No violation on a wide screen or a phone, nothing wider than the phone, and a picture of both."""
    SHOTS.mkdir(exist_ok=True)
    for width, kind in ((1280, "wide"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)
        assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
        page.screenshot(path=SHOTS / f"desk-{name}-{kind}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def choose(page: Page, *paths: Path) -> None:
    page.set_input_files("input[name=files]", list(paths))
    page.click("main form button:has-text('Send it for checking')")


@contextmanager
def another_worker(desk: Desk, **changed: str) -> Iterator[None]:
    """A worker in place of the one that was started with the server."""
    variables = {name: value for name, value in {**desk.worker.variables, **changed}.items() if value}
    started = subprocess.Popen(
        [sys.executable, "-m", "joinedup_web.config.working", "--stalled", "3"],
        env=variables,
        start_new_session=True,
    )
    try:
        yield
    finally:
        started.kill()
        started.wait(30)
