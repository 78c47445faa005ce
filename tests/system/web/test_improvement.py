"""Initiatives: declared before they start, judged from released figures, told to their owners; benefits kept honest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.eighths import in_turn
from tests.published_worlds import BRENT, EALING, EIGHT, rises_in_brent, write_state
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.test_access_matrix import client

PLACE = "NWL-MH"
BEFORE = date(2025, 3, 10)
PLAN = {
    "kind": "judged", "measures": ["M195"], "population": "Adults in Brent", "places": [BRENT], "start": "2025-04",
    "expected": "5", "worthwhile": "2", "against": "others",
}  # fmt: skip


@pytest.fixture
def manager(django_here: Any) -> Any:
    """The programme manager of the collaborative."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    person = get_user_model().objects.get(email="programme@demo.invalid")
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@pytest.fixture
def states(django_here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of states of our own making, which pages and jobs of this process read."""
    folder = tmp_path / "figures"
    folder.mkdir()
    monkeypatch.setattr("joinedup_web.equity.opening.folder", lambda: folder)
    return folder


@pytest.fixture
def in_march(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """It is March 2025 until the test says otherwise."""
    with monkeypatch.context() as patched:
        patched.setattr("django.utils.timezone.localdate", lambda *_: BEFORE)
        yield patched


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def workstream(browser: Any) -> str:
    page = browser.get("/improvement/initiatives/new/").content.decode()
    found = re.search(r'value="([0-9a-f-]{36})"[^>]*>\s*Talking Therapies<', page)
    assert found is not None
    return found[1]


def written(browser: Any, title: str) -> str:
    """The address of a new initiative."""
    asked = {
        "title": title,
        "what": "Reminders by text message",
        "workstream": workstream(browser),
        "place": PLACE,
    }
    answer = browser.post("/improvement/initiatives/new/", asked)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"]).removesuffix("plan/")


def declared(browser: Any, title: str, **more: Any) -> str:
    address = written(browser, title)
    answer = browser.post(f"{address}plan/", {**PLAN, **more})
    assert answer.status_code == 302, text(answer)
    return address


def test_a_programme_manager_writes_an_initiative_it_starts_and_its_verdict_comes(
    manager: Any, states: Path, in_march: pytest.MonkeyPatch, workspace: Served
) -> None:
    """Given a plan declared in March, when a year of figures has come, then the page says whether it worked."""
    from joinedup_web.improvement.judging import judge_all

    write_state(states, 900, rises_in_brent(0), last="2025-02")
    address = declared(manager, "Reminders before the first appointment")
    owner = {"trust": "RV3", "email": "programme@demo.invalid"}
    assert manager.post(f"{address}owner/", owner).status_code == 302
    page = text(manager.get(address))
    assert "before it began" in page and "There are 0 months since it started" in page
    assert "Look again from 2025-12" in page and "Not started" not in page
    in_march.undo()
    write_state(states, 901, rises_in_brent(12))
    assert judge_all() >= 1 and judge_all() == 0, "a state is judged once"
    page = text(manager.get(address))
    assert (
        re.search(r"Worked: \+\d+\.\d percentage points", page)
        and "Smallest effect that could have been seen" in page
    )
    assert "From the figures released of state 901" in page
    assert (
        "1 April 2025 (dotted line): it began." in page
        and page.count("<svg") >= 2
        and "Table of this chart" in page
    )
    assert "was “not judged”, is now “worked”" in text(manager.get("/")), "its owner is told"
    write_state(states, 902, rises_in_brent(-12))
    judge_all()
    page = text(manager.get(address))
    assert "Worse: -" in page and "How the verdict has changed" in page and "state 901" in page
    assert "was “worked”, is now “worse”" in text(manager.get("/"))
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        letters = connection.execute(
            "SELECT body FROM organisations_letter WHERE about = %s ORDER BY queued_at",
            [address.split("/")[-2]],
        ).fetchall()
    assert len(letters) == 2 and "is now “worse”" in letters[1][0] and address in letters[1][0]


def test_a_plan_names_everything_or_is_a_story_and_is_fixed_once_declared(manager: Any, states: Path) -> None:
    write_state(states, 910, rises_in_brent(12))
    address = written(manager, "A plan that is not whole")
    short = {"kind": "judged", "measures": ["M195"], "against": "others"}
    refused = manager.post(f"{address}plan/", short)
    assert refused.status_code == 422
    assert "does not say its population, its places, its start, the expected effect" in text(refused)
    assert "It does not say yet by what it is to be judged" in text(manager.get(address))
    for wrong, words in (
        ({"start": "April"}, "Write the month as 2025-04"), ({"measures": ["M999"]}, "not one of the available"),
        ({"worthwhile": "9"}, "smallest worthwhile effect"), ({"expected": "nan"}, "Enter a number"),
        ({"against": "named", "comparison": [BRENT]}, "cannot be compared with itself"),
        ({"population": "\x00"}, "Null characters"),
    ):  # fmt: skip
        answer = manager.post(f"{address}plan/", {**PLAN, **wrong})
        assert answer.status_code == 422 and words in text(answer), wrong
    assert manager.post(f"{address}plan/", PLAN).status_code == 302
    changed = {**PLAN, "expected": "20"}
    assert "Say why it changes" in text(manager.post(f"{address}plan/", {**changed, "reason": " "}))
    assert (
        manager.post(f"{address}plan/", {**changed, "reason": "The board asked for more"}).status_code == 302
    )
    page = text(manager.get(address))
    assert "The board asked for more" in page and "20.0 percentage points" in page and "Version 1" in page
    assert "written down after it had begun" in page, "a plan that is declared late says so"
    assert (
        manager.post(f"{address}plan/", {"kind": "story", "reason": "No figure tells of it"}).status_code
        == 302
    )
    page = text(manager.get(address))
    assert (
        "It is told as a story" in page
        and "<svg" not in page.partition("Has it worked?")[2].partition("Owners")[0]
    )


def test_a_benefit_without_a_baseline_is_refused_and_nothing_is_half_saved(
    manager: Any, states: Path
) -> None:
    address = written(manager, "With a benefit")
    known = {
        "text": "Fewer missed appointments", "number": "8", "unit": "%", "date": "2026-03-31",
        "owner": "Head of the service", "method": "Control chart",
    }  # fmt: skip
    refused = manager.post(f"{address}benefit/", {**known, "publish": "yes"})
    assert (
        refused.status_code == 422
        and "cannot be published without the baseline it is measured from" in text(refused)
    )
    assert "Fewer missed appointments" not in text(manager.get(address))
    assert manager.post(f"{address}benefit/", known).status_code == 302, "it may be kept until it is whole"
    assert "Not published." in text(manager.get(address))
    assert "Fewer missed appointments" not in text(client("board_member").get(address))
    assert "Fewer missed appointments" not in text(client("public").get("/claims-and-benefits/"))
    own = re.search(r"/improvement/benefits/[0-9a-f-]{36}/", manager.get(address).content.decode())
    assert own is not None
    for missing in ("number", "date", "owner", "method"):
        answer = manager.post(own[0], {**known, "baseline": "12", "publish": "yes", missing: ""})
        assert answer.status_code == 422 and "cannot be published without" in text(answer), missing
    assert "a day that has been" in text(manager.post(own[0], {**known, "date": "2099-01-01"}))
    assert manager.post(own[0], {**known, "baseline": "12", "publish": "yes"}).status_code == 302
    assert "Fewer missed appointments" in text(client("board_member").get(address))
    assert "A published benefit is fixed" in text(manager.post(own[0], known))
    page = text(client("public").get("/claims-and-benefits/"))
    assert all(
        one in page for one in ("Fewer missed appointments", "8 %", "12 %", "No verdict", "With a benefit")
    )
    assert manager.post(f"{own[0]}withdraw/", {"reason": "Counted twice"}).status_code == 302
    assert "Counted twice" in text(client("board_member").get(address))
    assert "Counted twice" in text(client("public").get("/claims-and-benefits/"))


def test_a_published_benefit_stands_beside_what_the_figures_say(manager: Any, states: Path) -> None:
    """Given an initiative judged without effect, when a benefit of it is published, then anyone reads both."""
    from joinedup_web.improvement.public import public_facts

    write_state(states, 909, rises_in_brent(0))
    address = declared(manager, "Judged and praised")
    benefit = {
        "text": "Everybody is happier", "number": "9", "unit": "of ten", "baseline": "5", "date": "2026-03-31",
        "owner": "Head of the service", "method": "A survey", "publish": "yes",
    }  # fmt: skip
    assert manager.post(f"{address}benefit/", benefit).status_code == 302
    _, _, own = text(client("public").get("/claims-and-benefits/")).partition("Everybody is happier")
    assert "9 of ten" in own and "5 of ten" in own
    assert re.search(r"Reliable recovery: <.{0,60}(No worthwhile effect|Cannot tell|Worse)", own)
    (fact,) = [one for one in public_facts() if one.title.startswith("Judged and praised")]
    assert fact.quote == "Everybody is happier: 9 of ten, from 5 of ten on 31 March 2026. Method: A survey"
    assert ("place", "GB-LAE-BEN") in fact.about


def test_who_does_what_until_when(manager: Any, states: Path) -> None:
    address = written(manager, "With things to do")
    action = {"text": "Write the message", "who": "Service lead, CNWL", "due": "2025-05-01"}
    assert manager.post(f"{address}add/action/", {**action, "due": ""}).status_code == 422
    assert manager.post(f"{address}add/action/", action).status_code == 302
    risk = {
        "text": "Numbers change",
        "who": "Analyst",
        "likelihood": "2",
        "impact": "4",
        "mitigation": "Ask again",
    }
    assert manager.post(f"{address}add/risk/", {**risk, "impact": "6"}).status_code == 422
    assert manager.post(f"{address}add/risk/", risk).status_code == 302
    assert manager.post(f"{address}add/nothing/", action).status_code == 404
    page = manager.get(address).content.decode()
    assert "(late)" in page and "2 of 5" in page
    item = re.search(r"/improvement/items/[0-9a-f-]{36}/end/", page)
    assert item is not None and manager.post(item[0], {"how": ""}).status_code == 422
    assert manager.post(item[0], {"how": "Sent to all"}).status_code == 302
    assert (
        "Sent to all" in text(manager.get(address))
        and manager.post(item[0], {"how": "again"}).status_code == 404
    )
    assert manager.post(f"{address}end/", {"reason": "It is part of care now"}).status_code == 302
    assert "It is part of care now" in text(manager.get(address))
    assert "This initiative has ended" in text(manager.post(f"{address}add/action/", action))


@in_turn
def test_what_worked_is_replicated_with_a_predicted_line_and_judged_after_twelve_points(
    manager: Any, states: Path
) -> None:
    """Given an initiative that worked in Brent, when it is started in Ealing, then it is judged after a year."""
    from joinedup_web.improvement.judging import judge_all

    write_state(states, 950, lambda place, month: 0.62 if place == BRENT and month >= "2024-12" else 0.5)
    first = declared(manager, "Worked in Brent", start="2024-12")
    assert "Start replication" in text(manager.get(first))
    asked = {"at": EALING, "start": "2025-05", "population": "Adults in Ealing", "place": PLACE}
    assert manager.post(f"{first}replicate/", {**asked, "at": BRENT}).status_code == 422
    early = manager.post(f"{first}replicate/", {**asked, "start": "2024-04"})
    assert early.status_code == 422 and "to predict from" in text(early)
    answer = manager.post(f"{first}replicate/", asked)
    assert answer.status_code == 302, text(answer)
    second = answer.headers["Location"]
    page = text(manager.get(second))
    assert "It replicates" in page and "Worked in Brent: Ealing" in page and "Judged after" in page
    predicted = re.search(r"Predicted from then on \(long dashes\): (\d+\.\d)%", page)
    assert predicted is not None and 52 < float(predicted[1]) < 58
    assert "There are 11 months since it started, and a replication is judged after 12" in page
    both = (BRENT, EALING)
    write_state(
        states,
        951,
        lambda place, month: 0.62 if place in both and month >= "2025-05" else 0.5,
        last="2026-04",
    )
    judge_all()
    assert "Worked: +" in text(manager.get(second)) and "It is replicated" in text(manager.get(first))


@in_turn
def test_what_has_not_worked_is_not_replicated(manager: Any, states: Path) -> None:
    write_state(states, 960, rises_in_brent(-12))
    address = declared(manager, "Has not worked")
    assert "Start replication" not in text(manager.get(address))
    assert manager.get(f"{address}replicate/").status_code == 404


def test_an_objective_stands_where_it_belongs(manager: Any) -> None:
    asked = {"kind": "workstream", "title": "Loose", "place": PLACE, "above": ""}
    refused = manager.post("/improvement/objectives/new/", asked)
    assert refused.status_code == 422 and "a workstream under a priority" in text(refused)
    strategy = {"kind": "strategy", "title": "A strategy of a test", "place": PLACE}
    assert manager.post("/improvement/objectives/new/", strategy).status_code == 302
    assert "A strategy of a test" in text(client("scrutiny_officer").get("/improvement/"))


@pytest.mark.parametrize("filters_off", [False, True])
def test_another_places_initiative_is_read_and_not_written(
    filters_off: bool, manager: Any, states: Path, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = written(manager, f"Ours {filters_off}")
    analyst = client("analyst")
    assert analyst.get(address).status_code == 200 and "Declare what it is judged by" not in text(
        analyst.get(address)
    )
    assert client("resident").get(address).status_code == 403
    assert analyst.get(f"{address}plan/").status_code == 404
    assert (
        analyst.post(f"{address}owner/", {"trust": "RV3", "email": "analyst@demo.invalid"}).status_code == 404
    )
    taken = {"title": "Taken", "what": "x", "workstream": workstream(manager), "place": PLACE}
    assert analyst.post("/improvement/initiatives/new/", taken).status_code == 422
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    refused = analyst.post(f"{address}add/action/", {"text": "x", "who": "x", "due": "2026-01-01"})
    assert refused.status_code == (422 if filters_off else 404)
    assert "None is entered." in text(manager.get(address))


def test_the_database_alone_keeps_them_apart_and_every_change_is_sealed(
    manager: Any, states: Path, workspace: Served
) -> None:
    from joinedup_web.organisations import chain
    from joinedup_web.organisations.row_security import opened

    address = declared_story(manager)
    with psycopg.connect(workspace.app) as connection:
        connection.execute(
            "SELECT set_config('joinedup.places', 'RKL', true), set_config('joinedup.person', 'x', true)"
        )
        changed = connection.execute(
            f"UPDATE improvement_initiative SET title = 'x' WHERE place_id = '{PLACE}'"
        )
        assert changed.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE improvement_planevent SET reason = 'x'")
    with opened("x", [PLACE]):
        found = [one for one in chain.verify() if one.place == PLACE]
    assert found and found[0].links > 20 and found[0].faults == ()
    assert address


def declared_story(browser: Any) -> str:
    address = written(browser, "A story of a test")
    assert browser.post(f"{address}plan/", {"kind": "story"}).status_code == 302
    return address


def test_the_demo_holds_what_the_page_tells_with_its_source(manager: Any) -> None:
    page = text(manager.get("/improvement/"))
    for words in (
        "A year of looking at journeys together",
        "Partnership programme for rehabilitation",
        "Story",
    ):
        assert words in page
    found = re.search(r'href="([^"]+)">Partnership programme for rehabilitation', page)
    assert found is not None
    told = text(manager.get(found[1]))
    assert (
        "Since 2019" in told
        and "Source: Page of the North West London Mental Health Provider Collaborative" in told
    )
    assert "1.5 years, from 3.4 years" in told and "Not published." in told


def test_nothing_typed_runs(manager: Any, states: Path) -> None:
    address = written(manager, "<script>alert(1)</script>{{7*7}}")
    page = manager.get(address).content.decode()
    assert "<script>alert" not in page and "{{7*7}}" in page


def test_eight_boroughs_are_offered() -> None:
    from joinedup_web.improvement.released import places_at

    assert [code for code, _ in places_at("borough")] == EIGHT
