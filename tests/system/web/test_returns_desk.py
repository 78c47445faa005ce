"""The returns desk as trust staff meet it: server, worker, PostgreSQL and Chromium for real; the lake begins empty."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook

from joinedup.lake import open_lake
from tests.eighths import in_turn
from tests.system.web.desk_pages import (
    Desk,
    analyst,
    another_worker,
    choose,
    chromium,
    desk,
    looks_well,
    signed_in,
)
from tests.system.web.desk_returns import bomb, broken, refused, whole

__all__ = ["analyst", "chromium", "desk"]
pytestmark = pytest.mark.browser


def test_a_return_is_sent_worked_through_mended_submitted_and_seen_in_the_calendar(
    analyst: Page, desk: Desk, tmp_path: Path
) -> None:
    """Given a broken return, when its analyst works through what was found and sends a mended one, then it is held."""
    page = analyst
    page.goto(f"{desk.address}/returns/")
    looks_well(page, "nothing-sent")
    page.click("main a:has-text('Send a return') >> nth=0")
    looks_well(page, "send")
    choose(page, broken(tmp_path / "RKL_March.zip"))
    assert "/returns/sent/" in page.url
    page.wait_for_selector("text=What was found, by rule")  # htmx asks every two seconds
    looks_well(page, "checked")
    assert "ready to submit" in page.inner_text("main") and "IDS20127" in page.inner_text("main")
    held = page.url
    page.click("text=Work through the findings")
    page.select_option("#rule", "IDS20127")
    page.click("button:has-text('Show')")
    assert "30 findings" in page.inner_text("main") and "rule=IDS20127" in page.url
    looks_well(page, "findings")
    with page.expect_download() as coming:
        page.click("text=Download these as a workbook")
    sheets = CalamineWorkbook.from_path(coming.value.path())
    rows = sheets.get_sheet_by_name("Findings").to_python()
    assert rows[0][:5] == ["Rule", "Consequence", "File", "Row", "Column"] and len(rows) == 31
    assert rows[1][0] == "IDS20127" and rows[1][2:5] == ["IDS201CareContact.csv", 1.0, "AttendOrDNACode"]
    with page.expect_download() as coming:
        page.click("text=Download these as CSV")
    lines = list(csv.reader(io.StringIO(coming.value.path().read_text(encoding="utf-8-sig"))))
    assert len(lines) == 31 and lines[30][3] == "30"
    page.goto(f"{desk.address}/returns/send/")
    choose(page, whole(tmp_path / "RKL_March_mended.zip"))
    page.click("button:has-text('Submit it')")
    page.wait_for_selector("text=It is held")
    looks_well(page, "loaded")
    assert [r.period for r in open_lake(desk.lake).submissions()] == ["2026-03"]
    page.goto(f"{desk.address}/calendar/?ending=2026-03")
    assert "Received" in page.inner_text("main") and "days late" in page.inner_text("main")
    looks_well(page, "calendar")
    page.goto(f"{desk.address}/calendar/quality/?ending=2026-03")
    assert "no row left out" in page.inner_text("main")
    looks_well(page, "quality")
    page.goto(f"{desk.address}/returns/jobs/")
    assert "Load into the lake" in page.inner_text("main")
    looks_well(page, "jobs")
    page.goto(held)
    page.click("main a:has-text('Withdraw it')")
    looks_well(page, "withdraw")
    page.click("button:has-text('Withdraw it')")
    looks_well(page, "withdraw-again")
    assert "Tick the box" in page.inner_text("main")
    page.fill("textarea", "the mended one is held")
    page.check("#id_sure")
    page.click("button:has-text('Withdraw it')")
    assert "Withdrawn" in page.inner_text("main")
    looks_well(page, "withdrawn")
    assert list((desk.folder / "staging").iterdir()) == []


def test_a_refused_return_says_why_and_its_file_is_gone(analyst: Page, desk: Desk, tmp_path: Path) -> None:
    analyst.goto(f"{desk.address}/returns/send/")
    choose(analyst, refused(tmp_path / "RKL_none.zip"))
    analyst.wait_for_selector("text=Nothing of it can be taken")
    looks_well(analyst, "refused")
    assert analyst.locator("button:has-text('Submit it')").count() == 0
    assert list((desk.folder / "staging").iterdir()) == []


@in_turn
def test_it_works_without_javascript_from_sending_to_withdrawing(
    chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    page = signed_in(chromium, desk, "analyst", script=False)
    page.goto(f"{desk.address}/returns/send/")
    folder = tmp_path / "april"
    with zipfile.ZipFile(whole(tmp_path / "a.zip", period="2026-04")) as archive:
        archive.extractall(folder)
    choose(page, *sorted(folder.iterdir()))  # loose CSV files are one return
    for words, button in (("ready to submit", "Submit it"), ("It is held", "Withdraw it")):
        end = time.monotonic() + 180
        while words not in page.inner_text("main"):
            assert time.monotonic() < end
            page.click("text=Look again")
        page.click(f"main >> text='{button}'")
    page.fill("textarea", "=HYPERLINK is no formula here")
    page.check("#id_sure")
    page.click("button:has-text('Withdraw it')")
    end = time.monotonic() + 180
    while "It is not held" not in page.inner_text("main"):
        assert time.monotonic() < end
        page.click("text=Look again")
    lake = open_lake(desk.lake)
    assert [e.notes["period"] for e in lake.history() if e.kind == "withdraw"] == ["2026-04"]
    assert ("RKL", "2026-04") not in lake.partitions("returns/IDS000")
    page.goto(f"{desk.address}/calendar/?ending=2026-04")
    assert "Withdrawn" in page.inner_text("main")
    page.context.close()


@in_turn
def test_by_keyboard_alone(chromium: Browser, desk: Desk, tmp_path: Path) -> None:
    page = signed_in(chromium, desk, "analyst")
    page.goto(f"{desk.address}/returns/send/")
    with page.expect_file_chooser() as chooser:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id").startswith("id_files"):
                page.keyboard.press("Enter")
                break
    chooser.value.set_files(whole(tmp_path / "RKL_May.zip", period="2026-05"))
    for _ in range(10):
        page.keyboard.press("Tab")
        if "Send it" in page.evaluate("document.activeElement.innerText || ''"):
            page.keyboard.press("Enter")
            break
    page.wait_for_selector("button:has-text('Submit it')")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "Submit it" in page.evaluate("document.activeElement.innerText || ''"):
            page.keyboard.press("Enter")
            break
    page.wait_for_selector("text=It is held")
    page.context.close()


def test_another_trust_sees_nothing_of_it(
    analyst: Page, chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    analyst.goto(f"{desk.address}/returns/send/")
    choose(analyst, broken(tmp_path / "RKL_secret.zip", period="2026-02"))
    analyst.wait_for_selector("text=What was found, by rule")
    mine = analyst.url
    other = signed_in(chromium, desk, "board")
    token = {"Referer": desk.address}
    for ending in ("", "findings/", "findings.csv", "findings.xlsx", "submit/", "withdraw/"):
        assert other.request.get(mine + ending).status == 404
    other.goto(f"{desk.address}/returns/send/")
    form = {"csrfmiddlewaretoken": other.get_attribute("input[name=csrfmiddlewaretoken]", "value") or ""}
    assert other.request.post(mine + "submit/", form=form, headers=token).status == 404
    for address in ("/returns/", "/returns/jobs/"):
        assert "RKL_secret" not in other.request.get(desk.address + address).text()
        assert "RKL_secret" in analyst.request.get(desk.address + address).text()
    job = desk.rows("SELECT max(id) FROM procrastinate_jobs WHERE task_name = 'returns.check'")[0][0]
    assert (
        other.request.post(f"{desk.address}/returns/jobs/{job}/again/", form=form, headers=token).status
        == 404
    )
    for table in ("returns_submission", "returns_finding", "returns_submissionevent"):
        assert desk.rows(f"SELECT count(*) FROM {table}", "RKL")[0][0] > 0
        assert desk.rows(f"SELECT count(*) FROM {table}", "RV3") == [(0,)]
        assert desk.rows(f"SELECT count(*) FROM {table}", "") == [(0,)]
    other.context.close()


def test_jobs_carry_ids_alone(desk: Desk) -> None:
    for (arguments,) in desk.rows("SELECT args FROM procrastinate_jobs"):
        assert set(arguments) <= {"submission", "place", "timestamp"}
        assert not re.search(r"\d{10}(?!\d)", str(arguments.get("submission", ""))[:8])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bomb.zip", "unpacks to more than"), ("notes.pdf", "and no others"), ("empty.zip", "empty"),
        ("text.zip", "not what its name says"), ("other.zip", "a return of RV3"), ("letters.csv", "national table"),
    ],
)  # fmt: skip
def test_a_bad_upload_gets_a_form_error_and_leaves_nothing(
    name: str, words: str, analyst: Page, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name == "bomb.zip":
        bomb(path)
    elif name == "other.zip":
        whole(path, "RV3")
    else:
        path.write_bytes(b"" if name == "empty.zip" else b"some text, and no return")
    before = desk.rows("SELECT count(*) FROM returns_submission")
    staged = set((desk.folder / "staging").iterdir())
    analyst.goto(f"{desk.address}/returns/send/")
    choose(analyst, path)
    assert "There is a problem" in analyst.inner_text("main") and words in analyst.inner_text("main")
    if name == "bomb.zip":
        looks_well(analyst, "bad-upload")
    assert desk.rows("SELECT count(*) FROM returns_submission") == before
    assert set((desk.folder / "staging").iterdir()) == staged


def test_no_file_and_no_sign_in_leave_nothing(analyst: Page, desk: Desk) -> None:
    analyst.goto(f"{desk.address}/returns/send/")
    analyst.click("main form button:has-text('Send it for checking')")
    assert "Choose the file" in analyst.inner_text("main")
    staged = set((desk.folder / "staging").iterdir())
    answer = analyst.context.browser.new_context().request.post(  # type: ignore[union-attr]
        f"{desk.address}/account/login/",
        multipart={"files": {"name": "a.zip", "mimeType": "application/zip", "buffer": b"PK" * 100_000}},
    )
    assert answer.status == 403 and set((desk.folder / "staging").iterdir()) == staged


def test_what_is_staged_is_the_owners_alone(desk: Desk) -> None:
    staging = desk.folder / "staging"
    assert staging.stat().st_mode & 0o777 == 0o700
    for path in staging.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


@in_turn
def test_a_killed_worker_takes_its_load_up_again(analyst: Page, desk: Desk, tmp_path: Path) -> None:
    """Given a load under way, when the worker is killed, then another finishes it, once."""
    analyst.goto(f"{desk.address}/returns/send/")
    choose(analyst, whole(tmp_path / "RKL_killed.zip", period="2026-06"))
    analyst.wait_for_selector("button:has-text('Submit it')")
    desk.until(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND task_name <> 'equity.figures'",
        [(0,)],
    )
    process = desk.worker.process
    assert process is not None
    analyst.click("button:has-text('Submit it')", no_wait_after=True)
    running = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'returns.load'"
    state = "SELECT state FROM returns_submission WHERE name = 'RKL_killed.zip'"
    end = time.monotonic() + 60
    while desk.rows(running) == [(0,)]:
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert desk.rows(running) == [(1,)] and desk.rows(state) == [("loading",)]
    with another_worker(desk):
        desk.until(state, [("loaded",)])
        desk.until(running, [(0,)])
    lake = open_lake(desk.lake)
    assert lake.check(deep=True) and [r.period for r in lake.submissions()].count("2026-06") == 1


@pytest.mark.full
def test_a_failed_job_says_what_to_do_and_is_tried_again(analyst: Page, desk: Desk, tmp_path: Path) -> None:
    """Given a worker that was not told the key, when a return is submitted, then the page of jobs says so."""
    analyst.goto(f"{desk.address}/returns/send/")
    with another_worker(desk, JOINEDUP_KEY_FILE=""):
        choose(analyst, whole(tmp_path / "RKL_July.zip", period="2026-07"))
        analyst.click("button:has-text('Submit it')")
        analyst.wait_for_selector("text=No pseudonym key is named")
        looks_well(analyst, "failed")
    analyst.click("main a:has-text('See its jobs')")
    looks_well(analyst, "jobs-failed")
    analyst.click("button:has-text('Try again')")
    with another_worker(desk):
        desk.until("SELECT state FROM returns_submission WHERE name = 'RKL_July.zip'", [("loaded",)])
    desk.worker.started = float("-inf")
    desk.worker.keep()


@pytest.mark.full
def test_the_watched_folder_takes_what_is_whole_and_reports_beside_it(desk: Desk, tmp_path: Path) -> None:
    inbox = Path(desk.worker.variables["JOINEDUP_WATCHED"]) / "RV3"
    whole(inbox / "RV3_March.zip", "RV3")
    whole(inbox / "RV3_new.zip", "RV3", "2026-04")
    (inbox / "letter.zip").write_bytes(b"Dear all")
    for old in ("RV3_March.zip", "letter.zip"):
        os.utime(inbox / old, (time.time() - 120,) * 2)
    look = "import django; django.setup(); from joinedup_web.returns.watching import look; print(look())"
    done = subprocess.run(
        [sys.executable, "-c", look], env=desk.worker.variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (inbox / "RV3_March.zip").exists() and (inbox / "RV3_new.zip").exists()
    assert (inbox / "letter.zip.refused").exists()
    assert "not what its name says" in (inbox / "letter.zip.report.txt").read_text()
    end = time.monotonic() + 180
    while not (inbox / "RV3_March.zip.report.json").exists():
        assert time.monotonic() < end
        time.sleep(0.3)
    assert "accepted" in (inbox / "RV3_March.zip.report.txt").read_text()
    while desk.rows("SELECT state FROM returns_submission WHERE name = 'RV3_March.zip'", "RV3") != [
        ("loaded",)
    ]:
        assert time.monotonic() < end
        time.sleep(0.3)
    (inbox / "RV3_new.zip").unlink()


def test_nothing_identifiable_is_in_the_database(desk: Desk) -> None:
    from tests.unit.intake.small_returns import birth_date, nhs_number, postcode

    told = str(desk.rows("SELECT f::text FROM returns_finding f"))
    told += str(desk.rows("SELECT s::text FROM returns_submission s"))
    told += str(desk.rows("SELECT j::text FROM procrastinate_jobs j"))
    for n in range(30):
        assert nhs_number(n) not in told and birth_date(n) not in told and postcode(n) not in told
