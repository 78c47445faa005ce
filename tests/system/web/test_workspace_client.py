"""`open_workspace` on the served workspace: what the how-to page shows works, and its figures are those of the lake."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import joinedup as ju
from joinedup.errors import UnknownName, YourCommand
from tests.system.web.api_people import token_for
from tests.system.web.conftest import Served
from tests.system.web.fitting import fits
from tests.system.web.test_pages import FLAGS, signed_in

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def opened(workspace: Served, django_here: Any) -> Any:
    return ju.open_workspace(workspace.address, token_for("analyst")[1])


def test_the_python_of_the_how_to_page_runs(
    workspace: Served, django_here: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOINEDUP_TOKEN", token_for("analyst")[1])
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/how-to/use-the-api.md").read_text(), re.S)
    exec(compile(block.replace("http://127.0.0.1:8000", workspace.address), "use-the-api.md", "exec"), {})
    said = capsys.readouterr().out
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
    assert len(opened.gaps()) >= 1 and len(opened.journey()) >= 5 and len(opened.quality()) > 20
    waits = opened.waits().to_pandas()
    assert set(waits["kind"]) == {"curve", "ends"} and waits["week"].max() > 4
    group = opened.journey(by="ethnic_group").to_pandas()
    assert set(group["series"]) == {"group", "reference"}
    assert len(opened.places("2012-06-01")) != len(opened.places("2025-06-01"))
    assert "Rows" in opened.table("returns").table["column"].to_pylist()[4]
    everything = opened.figures()
    assert len(everything) > 500 and everything.table["code"].null_count == 0
    assert len(set(everything.table["code"].to_pylist())) == len(everything)


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
