"""Notes through the API: what pages allow may be written, shared, ended and read; it is kept whole or not at all."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.system.web.api_people import ask, body, tell, token_for
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import client
from tests.system.web.test_notes import CHART, OTHER, PLACE, code

__all__ = ["code"]
TEXT = "A program writes: the rota was corrected in October."
SOME = {"place": PLACE, "kind": "explanation", "text": TEXT}


@pytest.fixture(scope="module")
def tokens(django_here: Any) -> dict[str, str]:
    roles = ("clinician", "service_manager", "analyst")
    return {role: token_for(role)[1] for role in roles}


def rows(workspace: Served, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [f"{PLACE},{OTHER}"])
        return connection.execute(sql, values).fetchall()  # type: ignore[arg-type]


def texts(secret: str, asked: str = "limit=1000") -> list[str]:
    return [one["text"] for one in body(ask(f"notes?{asked}", secret))["items"]]


def test_a_note_is_written_shared_read_and_ended_by_programs(
    code: str, tokens: dict[str, str], workspace: Served
) -> None:
    writer, manager, other = tokens["clinician"], tokens["service_manager"], tokens["analyst"]
    tag = ask("notes", other).headers["ETag"]
    answer = tell(f"numbers/{code.lower()}/notes", writer, SOME)
    made = body(answer)
    assert answer.status_code == 201 and (made["number"], made["shared"], made["ended_at"]) == (
        code,
        False,
        None,
    )
    assert (made["place"], made["role"], made["kind"]) == (PLACE, "clinician", "explanation") and made[
        "about"
    ]
    assert TEXT in texts(writer) and TEXT in texts(manager, f"number={code}") and TEXT not in texts(other)
    assert (
        ask("notes", other, HTTP_IF_NONE_MATCH=tag).status_code == 304
    )  # what others may not see changes nothing
    assert TEXT not in texts(writer, f"number={_another(code)}")
    share = f"notes/{made['note']}/share"
    assert [tell(share, one).status_code for one in (writer, other)] == [403, 403]
    assert body(tell(share, manager))["shared"] is True
    assert TEXT in texts(other) and ask("notes", other, HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert TEXT in client("analyst").get(CHART).content.decode()
    end, reason = f"notes/{made['note']}/end", {"reason": "no longer so"}
    assert tell(end, other, reason).status_code == 404
    assert tell(end, writer, {"reason": "  "}).status_code == 422
    assert body(tell(end, writer, reason))["ended_at"]
    assert tell(end, writer, reason).status_code == 404 and tell(share, manager).status_code == 404
    assert not any(TEXT in texts(one) for one in tokens.values())
    told = rows(
        workspace,
        "SELECT pgh_label, pgh_context->>'why', pgh_context->>'token' IS NOT NULL FROM equity_noteevent"
        " WHERE pgh_obj_id = %s ORDER BY pgh_id",
        made["note"],
    )
    assert told == [
        ("insert", "note: explanation", True), ("update", "note shared", True), ("update", "no longer so", True),
    ]  # fmt: skip


def _another(code: str) -> str:
    from joinedup_web.equity.opening import current_figures

    figures = current_figures()
    assert figures is not None
    return next(
        one for one, entry in figures.registry.items() if entry["measure_id"] == "M195" and one != code
    )


def test_what_may_not_stand_there_is_refused_and_nothing_is_kept(
    code: str, tokens: dict[str, str], workspace: Served
) -> None:
    count = "SELECT count(*) FROM equity_note"
    before, writer = rows(workspace, count), tokens["clinician"]
    for wrong, where in (
        ({"text": ""}, "body.text"), ({"text": "   "}, "body.text"), ({"text": "x" * 501}, "body.text"),
        ({"text": "a\x00b"}, "body.text"), ({"text": "Ring 943 476 5919 about it"}, "body.text"),
        ({"text": "seen at NW10 3RY"}, "body.text"), ({"kind": "rumour"}, "body.kind"),
        ({"place": OTHER}, "body.place"), ({"place": ""}, "body.place"), ({"rumour": True}, "body.rumour"),
        ({"shared": True}, ""),
    ):  # fmt: skip
        answer = tell(f"numbers/{code}/notes", writer, {**SOME, **wrong})
        told = body(answer)
        assert answer.status_code == 422 and told["remedy"], wrong
        assert [one["where"] for one in told["errors"]] == ([where] if where else []), wrong
        assert "943" not in answer.content.decode()
    for path, sent, status in (
        (f"numbers/{code}/notes", b"no JSON", 400), (f"numbers/{code}/notes", [SOME], 422),
        (f"numbers/{code}/notes?shared=yes", SOME, 422), ("numbers/ABCDEFGHIJ/notes", SOME, 404),
        ("numbers/short/notes", SOME, 422), ("notes/none/share", None, 404),
    ):  # fmt: skip
        answer = tell(path, writer, sent)
        assert answer.status_code == status and body(answer)["remedy"], path
    assert (
        client("clinician").post(f"/api/v1/numbers/{code}/notes", SOME, "application/json").status_code == 401
    )
    narrow = token_for("clinician", kinds=("figure",))[1]
    refused = tell(f"numbers/{code}/notes", narrow, SOME)
    assert refused.status_code == 403 and "insufficient_scope" in refused.headers["WWW-Authenticate"]
    assert rows(workspace, count) == before


def test_a_note_of_another_place_is_not_there(
    code: str, tokens: dict[str, str], django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = body(tell(f"numbers/{code}/notes", tokens["service_manager"], SOME))["note"]
    for filters_off in (False, True):
        monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
        assert tell(f"notes/{note}/end", tokens["analyst"], {"reason": "not mine"}).status_code == 404
        assert TEXT not in texts(tokens["analyst"])
    monkeypatch.setattr(django_here, "FILTERS_OFF", False)
    assert (
        tell(f"notes/{note}/end", tokens["service_manager"], {"reason": "the test is over"}).status_code
        == 200
    )
