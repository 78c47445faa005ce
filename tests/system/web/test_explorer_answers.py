"""The explorer's answers without a browser: files, refusals, moved addresses, and pages while figures are made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import client

MEASURE = "/explore/measure/M195/"
BEGIN = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF-"}


def state_of(workspace: Served) -> Path:
    return next(p for p in (workspace.folder / "figures").iterdir() if p.name.isdigit())


def test_every_page_has_its_files_and_every_file_its_type(django_here: Any) -> None:
    browser = client("analyst")
    for page in (f"{MEASURE}file/{{}}/?count=treated", "/explore/gap/file/{}/", "/explore/journey/file/{}/"):
        for form, begins in BEGIN.items():
            answer = browser.get(page.format(form))
            assert answer.status_code == 200 and answer.content.startswith(begins), (page, form)
            assert (
                answer["X-Content-Type-Options"] == "nosniff" and f".{form}" in answer["Content-Disposition"]
            )
        assert browser.get(page.format("exe")).status_code == 404


def test_a_borough_and_a_service_are_never_mixed(django_here: Any) -> None:
    from joinedup.definitions import Places

    page = client("clinician").get(f"{MEASURE}?count=treated&chart=table").content.decode()
    places = {one.code for one in Places.load().places if one.level == "borough"}
    offered = set(re.findall(r'<option value="([^"]+)"', page.split('id="place"')[1].split("</select>")[0]))
    assert offered and not offered & places


def test_two_breakdowns_are_crossed_for_the_whole_area_and_at_a_borough_the_page_says_why_not(
    django_here: Any,
) -> None:
    asked = f"{MEASURE}?count=lived&by=ethnic_group_x_deprivation_quintile&place="
    page = client("analyst").get(f"{asked}NWL").content.decode()
    assert "White, 1 - most deprived" in page and "<svg" in page
    refused = client("analyst").get(f"{asked}E09000005").content.decode()
    assert "are published for North West London as a whole" in refused


@pytest.mark.parametrize(
    "asked",
    ["count=x", "count=lived&by=nothing", "count=treated&place=E09000005", "count=treated&period=2024-25-Q9",
     "count=treated&by=boroughs", "view=nothing", "state=0"],
)  # fmt: skip
def test_what_cannot_be_meant_is_not_there(asked: str, django_here: Any) -> None:
    assert client("analyst").get(f"{MEASURE}?{asked}").status_code == 404


def test_a_measure_without_figures_by_borough_says_so_by_offering_none(django_here: Any) -> None:
    page = client("analyst").get("/explore/measure/M1010/").content.decode()
    assert "Where people live" not in page and "Where people are treated" in page
    assert client("analyst").get("/explore/measure/M1010/?count=lived").status_code == 404


def test_an_old_address_of_the_cube_leads_to_its_question(django_here: Any) -> None:
    moved = client("analyst").get(
        "/explore/places/?measure=M192&by=ethnic_group&place=E09000005&period=2024-25"
    )
    assert moved.status_code == 302
    assert (
        moved["Location"]
        == "/explore/measure/M192/?count=lived&by=ethnic_group&place=E09000005&period=2024-25"
    )


def test_before_figures_are_there_pages_say_how_far_it_is(
    django_here: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from joinedup_web.equity import progress, views

    monkeypatch.setattr("joinedup_web.equity.opening.folder", lambda: tmp_path)
    monkeypatch.setattr(views, "folder", lambda: tmp_path)
    progress.tell(tmp_path, "Calculating and releasing", 2, 4)
    for address in (
        "/explore/",
        MEASURE,
        "/explore/gap/",
        "/explore/journey/",
        "/explore/quality/",
        "/explore/places/",
    ):
        answer = client("clinician").get(address)
        assert answer.status_code == 503 and answer["Retry-After"] == "5"
        assert (
            "Calculating and releasing: 2 of 4" in answer.content.decode()
            and "data-waiting" in answer.content.decode()
        )
    assert client("clinician").get("/places/").status_code == 200
    assert client("clinician").get("/").status_code == 200
    progress.tell(tmp_path, "The figures could not be prepared", failed="The lake holds no journeys.")
    assert "The lake holds no journeys." in client("clinician").get("/explore/").content.decode()


def test_while_the_cube_is_published_everything_else_is_there(
    django_here: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workspace: Served
) -> None:
    from joinedup_web.equity import views

    state = state_of(workspace)
    shutil.copytree(state, tmp_path / state.name, ignore=shutil.ignore_patterns("cube.json", ".cube.json"))
    monkeypatch.setattr("joinedup_web.equity.opening.folder", lambda: tmp_path)
    monkeypatch.setattr(views, "folder", lambda: tmp_path)
    browser = client("clinician")
    assert "by service" in browser.get(MEASURE).content.decode()
    for address in (f"{MEASURE}?count=lived", "/explore/places/"):
        answer = browser.get(address)
        assert answer.status_code == 200 and "being published" in answer.content.decode()
    for address in ("/explore/", "/explore/gap/", "/explore/journey/", "/explore/quality/"):
        assert browser.get(address).status_code == 200


def test_the_cube_of_the_workspace_was_published_or_is_being(workspace: Served) -> None:
    there, said = (
        (state_of(workspace) / "cube.json").is_file(),
        workspace.folder / "figures" / "progress.json",
    )
    assert there or "solver" in said.read_text()


def test_a_number_of_every_kind_opens(django_here: Any) -> None:
    """One of each kind of cell: measures, parts of a gap, steps of the journey, waits, ranks."""
    from joinedup_web.equity.opening import current_figures

    figures = current_figures()
    assert figures is not None
    kinds = {
        (entry.get("measure_id", "").islower(), *sorted(entry["cell"])): code
        for code, entry in figures.registry.items()
    }
    assert len(kinds) >= 5
    browser = client("clinician")
    for kind, code in kinds.items():
        page = browser.get(f"/number/{code}/")
        assert page.status_code == 200 and "Release rule" in page.content.decode(), kind
        assert browser.get(f"/number/{code}/note/").status_code == 200, kind
