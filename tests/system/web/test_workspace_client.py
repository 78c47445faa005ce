"""`open_workspace` on the served workspace: what the how-to page shows works, and its figures are those of the lake."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import joinedup as ju
from joinedup.errors import UnknownName, YourCommand
from tests.system.web.api_people import token_for
from tests.system.web.conftest import Served
from tests.system.web.desk_returns import broken, whole
from tests.system.web.fitting import fits
from tests.system.web.test_pages import FLAGS, signed_in

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def opened(workspace: Served, django_here: Any) -> Any:
    return ju.open_workspace(workspace.address, token_for("analyst")[1])


def test_the_python_of_the_how_to_page_runs(
    workspace: Served, django_here: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    """Its two blocks, one after the other; the return is a small one of ours."""
    monkeypatch.setenv("JOINEDUP_TOKEN", token_for("analyst")[1])
    monkeypatch.chdir(tmp_path)
    broken(tmp_path / "RKL_2026-03_primary.zip", period="2025-11")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/how-to/use-the-api.md").read_text(), re.S)
    program = "\n".join(blocks).replace("http://127.0.0.1:8000", workspace.address)
    exec(compile(program, "use-the-api.md", "exec"), {})
    said = capsys.readouterr().out
    assert len(blocks) == 2 and "The rota was corrected" in said and "It can be submitted" in said
    assert "rows x 5 columns" in said
    assert "Demo: analyst" in said and "Of every 100 referred" in said and "hidden to protect people" in said


def test_its_figures_are_those_that_the_library_releases(opened: Any, web_lake: Path) -> None:
    """The same question to the lake itself, released by the same rule: number for number, code for code."""
    year = ju.Period.parse(opened.state()["state"]["year"])
    journeys = ju.load_journeys(ju.open_lake(web_lake))
    told = opened.figures("M195", level="service", by="total", period=year.key)
    released = ju.release(ju.calculate(["M195", "M053"], journeys, place="service", periods=year))
    found = {row["place"]: row for row in released.value.table.to_pylist() if row["measure_id"] == "M195"}
    compared = 0
    for row in told.table.to_pylist():
        own = found.get(row["place"], {"numerator": None})
        names = ("numerator", "denominator", "value", "lower", "upper", "version")
        if own["numerator"] is not None and row["numerator"] is not None:
            assert [row[name] for name in names] == [own[name] for name in names]
            compared += 1
    assert compared >= 6 and told.snapshot == journeys.snapshot


def test_every_question_is_answered(opened: Any) -> None:
    assert len(opened.measures()) >= 15 and opened.measure("reliable_recovery")["measure_id"] == "M195"
    gaps = opened.gaps().table.to_pylist()
    at = next(one for one in gaps if one["place"] != "total")
    assert opened.gap(by=at["by"], group=at["group"], place=at["place"]).code == at["code"]
    assert len(opened.gaps(place="total")) == sum(one["place"] == "total" for one in gaps) >= 1
    assert (
        opened.earlier(at["code"]).table.num_rows == 0
        and len(opened.journey()) >= 5
        and len(opened.quality()) > 20
    )
    waits = opened.waits().to_pandas()
    assert set(waits["kind"]) == {"curve", "ends"} and waits["week"].max() > 4
    group = opened.journey(by="ethnic_group").to_pandas()
    assert set(group["series"]) == {"group", "reference"}
    assert len(opened.places("2012-06-01")) != len(opened.places("2025-06-01"))
    assert "Rows" in opened.table("returns").table["column"].to_pylist()[4]
    everything = opened.figures()
    assert len(everything) > 500 and everything.table["code"].null_count == 0
    assert len(set(everything.table["code"].to_pylist())) == len(everything)


def test_what_a_program_may_do_it_does_through_the_served_workspace(opened: Any, tmp_path: Path) -> None:
    """A note beside a number, and a return: sent, read, withdrawn."""
    code = opened.figures("M195", level="service", by="total").table["code"][0].as_py()
    note = opened.write_note(code, "Written from Python", kind="explanation", place="RKL")
    assert "Written from Python" in opened.notes(code).table["text"].to_pylist()
    assert opened.end_note(note["note"], reason="the test is over")["ended_at"]
    assert "Written from Python" not in opened.notes().table["text"].to_pylist()
    sent = opened.send_return(whole(tmp_path / "RKL_client.zip", period="2025-12"))
    end = time.monotonic() + 180
    while sent["under_way"]:
        assert time.monotonic() < end
        time.sleep(0.5)
        sent = opened.submission(sent["submission"])
    assert sent["status"] == "ready" and len(opened.findings(sent["submission"])) == sent["findings"]
    assert sent["submission"] in opened.submissions().table["submission"].to_pylist()
    assert opened.withdraw_return(sent["submission"], reason="the test is over")["status"] == "withdrawn"
    with pytest.raises(YourCommand, match="not what its name says"):
        (tmp_path / "letter.zip").write_bytes(b"Dear all")
        opened.send_return(tmp_path / "letter.zip")


def test_the_publication_is_there_or_says_that_it_is_being_made(opened: Any) -> None:
    status = opened.state()["publication"]["status"]
    if status == "published":
        found = opened.published("M192", by="total", level="borough")
        assert len(found) > 10 and set(found.table["level"].to_pylist()) == {"borough"}
        assert opened.number(found.table["code"][0].as_py()).about["filters"]["lattice"]
    else:
        with pytest.raises(YourCommand, match=r"being made|cannot be published"):
            opened.published()


def test_what_is_refused_is_said(opened: Any, workspace: Served, django_here: Any) -> None:
    with pytest.raises(UnknownName, match="Did you mean"):
        opened.figures("reliable_recoverie")
    with pytest.raises(UnknownName, match="state is not kept"):
        opened.figures(state=1)
    narrow = ju.open_workspace(workspace.address, token_for("analyst", kinds=("register",))[1])
    assert len(narrow.places()) > 10
    with pytest.raises(YourCommand, match="not made for things of the kind figure"):
        narrow.figures()
    with pytest.raises(YourCommand, match="no such token"):
        ju.open_workspace(workspace.address, "joinedup_unknown")


@pytest.mark.browser
def test_pages_of_tokens_and_of_the_api_are_accessible(workspace: Served) -> None:
    """Given an analyst, when she makes a token by keyboard and mouse, then it is shown once and her list has it."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = signed_in(browser, workspace, "expert")

        def checked(*widths: int) -> None:
            for width in widths or (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert [one["id"] for one in Axe().run(page).response["violations"]] == []
                fits(page, width)

        page.goto(f"{workspace.address}/account/second/")
        page.click("text=Tokens for the API")
        page.click("text=Make a token")
        page.fill("#id_password", workspace.password)
        page.click("main button")
        page.click("main button")
        assert "Give the token a name" in page.inner_text("main")
        checked()
        page.fill("#id_name", "Board pack")
        page.check("input[value=figure]")
        page.click("main button")
        secret = page.inner_text(".ju-secret")
        checked(320)
        page.goto(f"{workspace.address}/account/tokens/")
        assert "Board pack" in page.inner_text("main") and secret not in page.content()
        checked()
        page.click("main >> text=End")
        checked(320)
        page.goto(f"{workspace.address}/api/v1/docs")
        assert "/api/v1/figures" in page.inner_text("main") and page.locator("script[src^=http]").count() == 0
        checked(320)
        browser.close()
    assert ju.open_workspace(workspace.address, secret).me()["token"]["name"] == "Board pack"
