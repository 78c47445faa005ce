"""Notes beside numbers: who writes, sees, shares and ends them; the wall of the database; on charts and in files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import client

PLACE, OTHER = "RV3CH", "RKL"
CHART = "/explore/measure/M195/?count=treated&chart=trend"
TEXT = "Two therapists were on long leave; others covered from October."


@pytest.fixture(scope="module")
def code(django_here: Any) -> str:
    """The code of a month of the writer's own service."""
    from joinedup_web.equity.opening import current_figures

    figures = current_figures()
    assert figures is not None
    return next(
        code
        for code, entry in figures.registry.items()
        if entry["measure_id"] == "M195" and entry["cell"].get("place") == PLACE
        and re.fullmatch(r"\d{4}-\d\d", entry["cell"]["period"]) and None not in entry["counts"].values()
    )  # fmt: skip


@pytest.fixture
def note(code: str, workspace: Served) -> Iterator[str]:
    """A note of the clinical lead, seen at her place only."""
    asked = {"kind": "challenge", "text": TEXT, "place": PLACE, "confirmed": "yes"}
    assert client("clinician").post(f"/number/{code}/note/", asked).status_code == 302
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        row = connection.execute("SELECT id FROM equity_note WHERE ended_at IS NULL").fetchone()
    assert row is not None
    yield str(row[0])
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        connection.execute(
            "UPDATE equity_note SET ended_at = now(), ended_why = 'test is over' WHERE ended_at IS NULL"
        )


def seen(role: str, address: str = CHART) -> bool:
    return TEXT in client(role).get(address).content.decode()


def test_a_note_is_looked_at_before_it_is_kept_and_can_be_changed(code: str) -> None:
    browser, asked = client("clinician"), {"kind": "success", "text": "Looked at first", "place": PLACE}
    checked = browser.post(f"/number/{code}/note/", asked).content.decode()
    assert "Check your note" in checked and "Looked at first" in checked
    again = browser.post(f"/number/{code}/note/", {**asked, "confirmed": "yes", "change": "yes"})
    assert "Looked at first" in again.content.decode() and "Look at it" in again.content.decode()
    assert "Looked at first" not in browser.get("/notes/").content.decode()


def test_shared_it_is_on_everyones_chart_table_and_files_and_ended_it_is_gone(note: str, code: str) -> None:
    assert seen("clinician") and seen("service_manager") and not seen("analyst") and not seen("board_member")
    assert client("clinician").post(f"/notes/{note}/share/").status_code == 403
    assert client("service_manager").post(f"/notes/{note}/share/").status_code == 302
    for role in ("analyst", "board_member", "expert_by_experience", "scrutiny_officer", "finance_lead"):
        assert seen(role), role
    assert not seen("resident") and not seen("administrator")
    page = client("analyst").get(CHART).content.decode()
    assert "Challenge:" in page and "Clinician, Brent Talking Therapies" in page
    assert ">1</text>" in page and '<td class="nhsuk-table__cell">(1)</td>' in re.sub(r"\s+<", "<", page)
    files = CHART.replace("/?", "/file/{}/?")
    assert TEXT in client("analyst").get(files.format("csv")).content.decode()
    assert client("analyst").get(files.format("pdf")).content.startswith(b"%PDF-")
    assert seen("analyst", f"/number/{code}/") and seen("analyst", "/notes/")
    assert client("service_manager").post(f"/notes/{note}/end/", {"reason": ""}).status_code == 422
    assert client("clinician").post(f"/notes/{note}/end/", {"reason": "no longer so"}).status_code == 302
    assert not seen("clinician") and not seen("analyst") and not seen("clinician", "/notes/")


def test_a_foreign_note_is_not_there(note: str, django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for filters_off in (False, True):
        monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
        assert client("analyst").get(f"/notes/{note}/end/").status_code == 404
        assert client("analyst").post(f"/notes/{note}/end/", {"reason": "not mine"}).status_code == 404
        assert client("analyst").post(f"/notes/{note}/share/").status_code == 403
        assert not seen("analyst") and not seen("analyst", "/notes/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "This field is required"), ({"text": "x" * 501}, "at most 500"),
        ({"text": "Ring 943 476 5919 about it"}, "NHS number"), ({"text": "seen at NW10 3RY"}, "postcode"),
        ({"text": "ask a.b@example.org"}, "email address"), ({"kind": "rumour"}, "valid choice"),
        ({"place": OTHER}, "valid choice"), ({"place": ""}, "This field is required"),
    ],
)  # fmt: skip
def test_what_may_not_stand_there_is_refused_with_a_remedy(
    wrong: dict[str, str], words: str, code: str
) -> None:
    asked = {"kind": "success", "text": "Good", "place": PLACE, "confirmed": "yes", **wrong}
    answer = client("clinician").post(f"/number/{code}/note/", asked)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_a_clinician_cannot_share_by_asking_for_it(code: str, workspace: Served) -> None:
    asked = {
        "kind": "success",
        "text": "Shared by a trick",
        "place": PLACE,
        "shared": "yes",
        "confirmed": "yes",
    }
    client("clinician").post(f"/number/{code}/note/", asked)
    assert "Shared by a trick" not in client("analyst").get("/notes/").content.decode()


def test_nothing_typed_runs_on_any_page(code: str) -> None:
    bad = '<script>alert(1)</script>{{7*7}}=HYPERLINK("x")'
    asked = {"kind": "explanation", "text": bad, "place": PLACE, "confirmed": "yes", "shared": "yes"}
    assert client("service_manager").post(f"/number/{code}/note/", asked).status_code == 302
    for address in (CHART, f"/number/{code}/", "/notes/"):
        page = client("analyst").get(address).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{7*7}}" in page
    table = client("analyst").get(CHART.replace("/?", "/file/csv/?")).content.decode()
    assert not re.search(r'(^|,|")=', table)


def test_the_database_alone_keeps_notes_apart(note: str, workspace: Served) -> None:
    def count(places: str, person: str = "") -> int:
        with psycopg.connect(workspace.app) as connection:
            connection.execute(
                "SELECT set_config('joinedup.places', %s, true), set_config('joinedup.person', %s, true)",
                [places, person],
            )
            found = connection.execute("SELECT count(*) FROM equity_note WHERE id = %s", [note]).fetchone()
        return int(found[0]) if found else -1

    assert count(PLACE) == 1 and count(OTHER, "somebody") == 0 and count("") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE equity_note SET place_id = 'RKL'",
        "UPDATE equity_noteevent SET text = 'another'",
        "DELETE FROM equity_noteevent",
        "ALTER TABLE equity_note DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_app_role_cannot_move_a_note_or_touch_its_audit(
    statement: str, note: str, workspace: Served
) -> None:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_every_change_of_a_note_is_sealed_into_the_chain(note: str, workspace: Served) -> None:
    client("service_manager").post(f"/notes/{note}/share/")
    client("service_manager").post(f"/notes/{note}/end/", {"reason": "the month was corrected"})
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        told = connection.execute(
            "SELECT e.pgh_label, e.shared, e.ended_why, e.pgh_context->>'why', l.id IS NOT NULL FROM equity_noteevent e"
            " LEFT JOIN organisations_auditlink l ON l.event = e.pgh_id AND l.source = 'equity_noteevent'"
            " WHERE e.pgh_obj_id = %s ORDER BY e.pgh_id",
            [note],
        ).fetchall()
    assert told == [
        ("insert", False, "", "note: challenge", True), ("update", True, "", "note shared", True),
        ("update", True, "the month was corrected", "the month was corrected", True),
    ]  # fmt: skip


def test_the_chain_is_whole_with_notes_in_it(note: str, django_here: Any) -> None:
    from joinedup_web.organisations import chain
    from joinedup_web.organisations.row_security import opened

    with opened("x", [PLACE, OTHER]):
        assert [fault for one in chain.verify() for fault in one.faults] == []
