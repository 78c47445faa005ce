"""Data controllers: Hounslow's community services as the example, and figures that stand still until approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import PEOPLE, client

HOUNSLOW = "E09000018"


def row(workspace: Served, dataset: str, covers: str, place: str) -> str:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.person', 'somebody', true)")
        found = connection.execute(
            "SELECT id FROM controllers_controllership WHERE (dataset, covers_id, place_id) = (%s, %s, %s)"
            " ORDER BY valid_from DESC",
            [dataset, covers, place],
        ).fetchone()
    assert found is not None
    return str(found[0])


def begin(**more: str) -> dict[str, str]:
    asked = {
        "dataset": "community_services", "covers": HOUNSLOW, "place": "RKL", "from_day": "2024-07-01",
        "basis": "direct_care", "processor": "", "assessment": "DPIA 12", "reason": "took the services over",
    }  # fmt: skip
    return {**asked, **more}


@pytest.fixture
def tidy(django_here: Any, workspace: Served) -> Iterator[None]:
    yield
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RKL,RV3,RY9', true)")
        connection.execute(
            "DELETE FROM controllers_controllership WHERE reason <> 'a controller of the demo'"
        )
        connection.execute("UPDATE controllers_controllership SET valid_to = NULL, approved_on = NULL")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_hounslows_community_services_wait_for_west_london(workspace: Served, tidy: None) -> None:
    """Given HRCH as controller, when the register says that the services moved, then West London's may approve."""
    administrator = client("administrator")
    page = text(administrator.get("/controllers/"))
    assert "suspended since 1 July 2024" in page and "Community services in Hounslow moved" in page
    assert "The administrator of West London NHS Trust can approve access again." in page
    assert "suspended since 1 July 2024" in text(administrator.get("/")), "its administrator is told"
    assert "suspended" not in text(client("analyst").get("/"))
    early = text(administrator.post("/controllers/begin/", begin(from_day="2024-06-01")))
    assert "is the controller until 30 June 2024" in early
    assert administrator.post("/controllers/begin/", begin()).status_code == 302
    assert "is entered already" in text(administrator.post("/controllers/begin/", begin()))
    assert "suspended since 1 July 2024" in text(administrator.get("/controllers/")), (
        "entering is not approving"
    )
    approve = f"/controllers/{row(workspace, 'community_services', HOUNSLOW, 'RKL')}/approve/"
    assert administrator.post(approve, {"reason": ""}).status_code == 422
    assert administrator.post(approve, {"reason": "same people, same purpose"}).status_code == 302
    assert "Nothing is suspended today" in text(administrator.get("/controllers/"))
    assert "approved already" in text(administrator.post(approve, {"reason": "again"}))
    assert "same people, same purpose" in text(administrator.get("/changes/"))


def test_a_change_stops_the_figures_of_one_trust_and_no_other(workspace: Served, tidy: None) -> None:
    own = row(workspace, "talking_therapies", "RKL", "RKL")
    administrator = client("administrator")
    ended = administrator.post(
        f"/controllers/{own}/end/", {"last_day": "2026-01-31", "reason": "a new trust"}
    )
    assert ended.status_code == 302
    for role in ("analyst", "finance_lead"):
        answer = client(role).get("/explore/gap/")
        assert answer.status_code == 403 and "suspended since 1 February 2026" in text(answer)
        assert "/controllers/" in text(answer)
    assert client("analyst").get("/explore/gap/table.csv").status_code == 403
    program = client("analyst").get("/api/v1/gap")
    assert program.status_code == 403 and program.headers["Content-Type"] == "application/problem+json"
    assert "suspended since 1 February 2026" in text(program)
    assert client("analyst").get("/places/").status_code == 200
    assert client("board_member").get("/explore/gap/").status_code == 200
    assert client("board_member").get("/explore/places/?place=RKL42").status_code == 403
    assert client("board_member").get("/explore/places/?place=RV3CH").status_code == 200
    assert (
        administrator.post(
            "/controllers/begin/",
            begin(dataset="talking_therapies", covers="RKL", from_day="2026-02-01", reason="it stays ours"),
        ).status_code
        == 302
    )
    assert client("analyst").get("/explore/gap/").status_code == 200, "the same controller again is no change"


def test_another_organisations_rows_are_not_there(workspace: Served, tidy: None) -> None:
    foreign = row(workspace, "talking_therapies", "RV3", "RV3")
    administrator = client("administrator")
    for action, asked in (("end", {"last_day": "2026-01-31"}), ("approve", {})):
        assert administrator.get(f"/controllers/{foreign}/{action}/").status_code == 404
        assert (
            administrator.post(f"/controllers/{foreign}/{action}/", {**asked, "reason": "x"}).status_code
            == 404
        )
        assert client("analyst").get(f"/controllers/{foreign}/{action}/").status_code == 403
    refused = administrator.post("/controllers/begin/", begin(place="RV3"))
    assert refused.status_code == 422
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RKL', true)")
        assert connection.execute("SELECT count(*) FROM controllers_controllership").fetchone() == (1,)
        changed = connection.execute(
            "UPDATE controllers_controllership SET basis = 'x' WHERE place_id = 'RV3'"
        )
        assert changed.rowcount == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_day": "nonsense"}, {"from_day": ""}, {"dataset": "nothing"}, {"covers": "NOWHERE"},
        {"basis": "none"}, {"reason": ""}, {"reason": "x" * 301}, {"covers": "\x00"}, {"from_day": "9999-99-99"},
    ],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_is_saved(wrong: dict[str, str], workspace: Served, tidy: None) -> None:
    answer = client("administrator").post("/controllers/begin/", begin(**wrong))
    assert answer.status_code == 422 and "There is a problem" in text(answer)
    assert "DPIA 12" not in text(client("administrator").get("/controllers/table.csv"))


def test_the_register_leaves_as_a_table_that_runs_no_formula(workspace: Served, tidy: None) -> None:
    client("administrator").post("/controllers/begin/", begin(processor="=HYPERLINK(1)"))
    answer = client("resident").get("/controllers/table.csv")
    assert answer.status_code == 200 and "'=HYPERLINK(1)" in answer.content.decode()


def test_the_audit_of_controllers_is_sealed_too(workspace: Served, tidy: None) -> None:
    from joinedup_web.organisations.chain import verify
    from joinedup_web.organisations.row_security import opened

    client("administrator").post("/controllers/begin/", begin())
    with opened(PEOPLE["administrator"].email, ["RKL", "RY9"]):
        chains = verify()
    assert {one.place for one in chains} == {"RKL", "RY9"} and not [one for one in chains if one.faults]
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RKL', true)")
        (sealed,) = connection.execute(
            "SELECT count(*) FROM organisations_auditlink WHERE source = 'controllers_controllershipevent'"
        ).fetchone() or (0,)
        assert sealed >= 2
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE controllers_controllershipevent SET reason = 'another'")


def test_a_program_gets_the_same_as_json(django_here: Any) -> None:
    import json
    from datetime import date

    from django.test import RequestFactory

    from joinedup_web.controllers.checking import refused
    from joinedup_web.controllers.standing import Standing

    found = Standing("talking_therapies", "RKL", "RKL", "RV3", date(2026, 2, 1), False, "a trust closed")
    answer = refused(RequestFactory().get("/api/figures"), found)
    told = json.loads(answer.content)
    assert answer.status_code == 403 and "suspended since 1 February 2026: a trust closed" in told["detail"]
    assert "administrator" in told["remedy"]
