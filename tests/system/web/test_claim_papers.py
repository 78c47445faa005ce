"""Papers and their claims: found, tied by a person, answered by released figures, private until shared, rechecked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import reference_folder
from tests.published_worlds import BRENT, EALING, rises_in_brent, write_state
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import client
from tests.system.web.test_improvement import PLACE, manager, states, text

__all__ = ["manager", "states"]
NEWS = "In Brent more than 58% of people recovered reliably. We plan to cut waits by half."
TIE = {
    "measure": "M195",
    "level": "borough",
    "places": [BRENT],
    "after": "2025-26",
    "before": "",
    "against": "",
}


def entered(browser: Any, **more: Any) -> str:
    asked = {"title": "News of a test", "source": "", "text": NEWS, "place": PLACE, **more}
    answer = browser.post("/claims/new/", asked)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def ties(browser: Any, paper: str) -> list[str]:
    return re.findall(r"/claims/[0-9a-f-]{36}/tie/", browser.get(paper).content.decode())


def test_the_two_claims_of_the_source_page_are_found_and_no_data_are_held(manager: Any, states: Path) -> None:
    """Given the page as it was saved, when it is sent and a claim tied, then it says that no data are held."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    pages = sorted(reference_folder("JOINEDUP_SOURCES", "../shared/reference/source-documents").glob("001_*"))
    if not pages:
        pytest.skip("no source documents: set JOINEDUP_SOURCES")
    write_state(states, 920, rises_in_brent(12))
    file = SimpleUploadedFile("page.txt", pages[0].read_bytes())
    paper = entered(manager, text="", file=file, title="Page 001")
    page = text(manager.get(paper))
    assert "-55.9%" in page and "-20.0%" in page and page.count("No data held") >= 2
    order = re.findall(r'id="c\d+">\d+\. (\S+)', page)
    stay = ties(manager, paper)[order.index("-55.9%")]
    tied = {**TIE, "measure": "length_of_stay", "places": [], "before": "2019-20", "after": "2023-24"}
    assert manager.post(stay, tied).status_code == 302
    page = text(manager.get(paper))
    assert "Tied to Length of stay, 2019-20 beside 2023-24, all places" in page and "no data are held" in page


def test_a_claim_is_tied_checked_and_checked_again_when_data_arrive(manager: Any, states: Path) -> None:
    from joinedup_web.improvement.checking import check_all

    write_state(states, 930, rises_in_brent(12))
    paper = entered(manager)
    page = text(manager.get(paper))
    assert (
        "2 claims in 1 paragraph" in page
        and "Not tied yet" in page
        and "It reads as a plan or a hope" in page
    )
    first = ties(manager, paper)[0]
    for wrong, words in (
        ({"after": "soon"}, "soon"), ({"after": "2025-26", "before": "2026-03"}, "after begins before"),
        ({"level": "service"}, "Tick boroughs or services"), ({"measure": "nothing"}, "not one of the available"),
        ({"places": [], "against": "others"}, "so that there are others"),
    ):  # fmt: skip
        answer = manager.post(first, {**TIE, **wrong})
        assert answer.status_code == 422 and words in text(answer), wrong
    assert "Not tied yet" in text(manager.get(paper)), "nothing is half saved"
    assert manager.post(first, TIE).status_code == 302
    assert "Supported" in text(manager.get(paper))
    write_state(states, 931, rises_in_brent(-12))
    assert check_all() >= 1 and check_all() == 0
    page = text(manager.get(paper))
    assert "Not supported" in page and "What was said before" in page and "state 931" in page
    assert "Claimed: <strong>58%" in text(manager.get(first)) and 'value="2025-26"' in text(
        manager.get(first)
    )


def test_a_tie_that_cannot_be_said_of_its_measure_is_refused(manager: Any, states: Path) -> None:
    write_state(states, 940, rises_in_brent(12))
    paper = entered(manager, text="The average wait is 12 days.")
    refused = manager.post(ties(manager, paper)[0], TIE)
    assert refused.status_code == 422 and "cannot be said of" in text(refused)
    assert "Tied to" not in text(manager.get(paper))


@pytest.mark.parametrize("filters_off", [False, True])
def test_a_paper_is_private_until_it_is_shared(
    filters_off: bool, manager: Any, states: Path, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = entered(manager, title=f"Private {filters_off}")
    tie = ties(manager, paper)[0]
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    for role in ("analyst", "board_member", "scrutiny_officer"):
        assert client(role).get(paper).status_code == 404, role
        assert f"Private {filters_off}" not in text(client(role).get("/claims/"))
    assert client("analyst").post(tie, TIE).status_code == 404
    assert manager.post(f"{paper}share/").status_code == 302
    assert client("board_member").get(paper).status_code == 200
    assert client("analyst").post(f"{paper}share/").status_code in (403, 404)
    assert client("resident").get(paper).status_code == 403
    assert manager.post(f"{paper}share/").status_code == 302
    assert client("board_member").get(paper).status_code == 404


def test_what_cannot_be_read_is_said(manager: Any, states: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for more, words in (
        ({"text": ""}, "one of the two"), ({"text": "We met on Tuesday."}, "No sentence of this text has a figure"),
        ({"text": "", "file": SimpleUploadedFile("a.html", b"%PDF-1.7 x")}, "neither a text nor a page"),
        ({"text": "", "file": SimpleUploadedFile("a.txt", b"x" * 5_000_001)}, "larger than 5 MB"),
        ({"file": SimpleUploadedFile("a.txt", b"Waits fell by 10%.")}, "one of the two"),
        ({"place": "RKL"}, "valid choice"),
    ):  # fmt: skip
        asked = {"title": "T", "source": "", "text": NEWS, "place": PLACE, **more}
        answer = manager.post("/claims/new/", asked)
        assert answer.status_code == 422 and words in text(answer), words


def test_only_sentences_with_a_figure_are_kept(manager: Any, states: Path, workspace: Served) -> None:
    entered(manager, title="Kept of it", text="A secret sentence about nobody. Waits fell by 10% in a year.")
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        rows = connection.execute("SELECT sentence FROM improvement_paperclaim").fetchall()
    assert not [1 for (sentence,) in rows if "secret" in sentence]


def test_the_demo_holds_the_two_claims_of_the_page(manager: Any) -> None:
    found = re.search(
        r'href="([^"]+)">The rehabilitation programme', text(client("board_member").get("/claims/"))
    )
    assert found is not None
    page = text(client("board_member").get(found[1]))
    assert "-55.9%" in page and "-20.0%" in page and page.count("No data held") == 2
    page = text(client("public").get("/claims-and-benefits/"))
    assert "-55.9%" in page and "-20.0%" in page and page.count("No data held") >= 2


@pytest.mark.parametrize("filters_off", [False, True])
def test_a_paper_made_public_is_read_by_anyone_and_taken_back(
    filters_off: bool, manager: Any, states: Path, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a paper with one claim tied, when it is made public, then that claim and its verdict are, and no other."""
    write_state(states, 950, rises_in_brent(12))
    title = f"Public {filters_off}"
    paper, anyone = entered(manager, title=title), client("public")
    refused = manager.post(f"{paper}public/")
    assert refused.status_code == 422 and "None of its claims is tied" in text(refused)
    assert manager.post(ties(manager, paper)[0], TIE).status_code == 302
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    assert title not in text(anyone.get("/claims-and-benefits/"))
    for role in ("analyst", "board_member", "scrutiny_officer"):
        assert client(role).post(f"{paper}public/").status_code in (403, 404), role
    assert "58% of people" in text(manager.get(f"{paper}public/")), "what would be read is shown first"
    assert manager.post(f"{paper}public/").status_code == 302
    page = text(anyone.get("/claims-and-benefits/"))
    _, _, own = page.partition(title)
    assert "58% of people recovered reliably" in own and "Supported" in own and "cut waits by half" not in own
    assert "not been looked at: 1" in own and client("board_member").get(paper).status_code == 200
    assert manager.post(f"{paper}share/").status_code == 302, "private again, and so not public"
    assert title not in text(anyone.get("/claims-and-benefits/"))


def test_the_public_reads_what_changed_when_figures_come(manager: Any, states: Path) -> None:
    from joinedup_web.improvement.checking import check_all
    from joinedup_web.improvement.public import public_facts

    write_state(states, 960, rises_in_brent(12))
    paper = entered(manager, title="News for anyone")
    by_mistake = {**TIE, "places": [EALING]}
    assert manager.post(ties(manager, paper)[0], by_mistake).status_code == 302
    assert manager.post(ties(manager, paper)[0], TIE).status_code == 302
    assert manager.post(f"{paper}public/").status_code == 302

    def told() -> list[Any]:
        return [one for one in public_facts() if one.title.startswith("News for anyone")]

    (first,) = told()
    assert first.title.endswith("58% is supported") and ("place", "GB-LAE-BEN") in first.about
    assert ("measure", "reliable_recovery") in first.about and "58% of people" in first.quote
    write_state(states, 961, rises_in_brent(-12))
    check_all()
    newer, same = told()
    assert newer.title.endswith("58% is not supported") and same.key == first.key
    page = text(client("public").get("/claims-and-benefits/"))
    assert "What was said before" in page and newer.href.partition("#")[2] in page
