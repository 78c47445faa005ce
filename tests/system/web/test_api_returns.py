"""Returns through the API: sent as they are, checked by a real worker, read, submitted, withdrawn; or refused whole."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest

from joinedup.errors import UnreadableFile, YourCommand
from tests.system.web.api_people import ask, body, tell, token_for
from tests.system.web.conftest import Served
from tests.system.web.desk_returns import broken, whole
from tests.system.web.test_access_matrix import client
from tests.system.web.test_returns_receiving import person, rows, staged

ZIP = "application/zip"


@pytest.fixture(scope="module")
def analyst(django_here: Any) -> str:
    return token_for("analyst")[1]


def send(name: str, content: bytes, secret: str, *, kind: str = ZIP, more: str = "", **headers: str) -> Any:
    return tell(f"submissions/send?name={name}{more}", secret, content, kind=kind, **headers)


@pytest.fixture(scope="module")
def sent(
    django_here: Any, workspace: Served, analyst: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """A return with thirty findings of one rule, sent by a program and checked."""
    content = broken(tmp_path_factory.mktemp("api") / "b.zip", period="2026-01").read_bytes()
    answer = send("RKL_program.zip", content, analyst)
    made = body(answer)
    assert answer.status_code == 202 and (made["place"], made["way"], made["status"]) == (
        "RKL",
        "api",
        "waiting",
    )
    assert answer.headers["Location"] == f"/api/v1/submissions/{made['submission']}" and made["under_way"]
    assert body(send("RKL_program.zip", content, analyst))["submission"] == made["submission"]
    end = time.monotonic() + 180
    while made["under_way"]:
        assert time.monotonic() < end
        time.sleep(0.3)
        made = body(ask(f"submissions/{made['submission']}", analyst))
    return dict(made)


def test_what_was_found_is_told_by_rule_by_file_and_one_by_one(sent: dict[str, Any], analyst: str) -> None:
    assert (sent["status"], sent["period"], sent["window"]) == ("ready", "2026-01", "primary")
    assert "It can be submitted" in sent["says"] and sent["rows"] > sent["accepted"] > 0
    rules = {one["rule"]: one for one in sent["rules"]}
    assert rules["IDS20127"]["times"] == 30 and rules["IDS20127"]["first"].startswith(
        "IDS201CareContact.csv, row 1"
    )
    assert {one["file"] for one in sent["files"]} >= {"IDS201CareContact.csv"} and sent["not_run"]
    address = f"submissions/{sent['submission']}/findings"
    every = body(ask(f"{address}?limit=1000", analyst))
    assert every["total"] == sent["findings"] == len(every["items"]) and every["status"] == "ready"
    part = body(ask(f"{address}?rule=IDS20127&file=IDS201CareContact.csv&limit=7&offset=28", analyst))
    assert part["total"] == 30 and [one["row"] for one in part["items"]] == [29, 30]
    assert part["items"][0]["column"] == "AttendOrDNACode" and part["items"][0] in every["items"]
    severity = part["items"][0]["severity"]
    assert body(ask(f"{address}?severity={severity}", analyst))["total"] >= 30
    for wrong in ("rule=IDS99999", "file=letters.csv", "severity=DEATH", "rules=IDS20127"):
        assert ask(f"{address}?{wrong}", analyst).status_code in (404, 422)
    tag = ask(address, analyst).headers["ETag"]
    assert ask(address, analyst, HTTP_IF_NONE_MATCH=tag).status_code == 304
    page = client("analyst").get(f"/returns/sent/{sent['submission']}/").content.decode()
    assert "by a program" in page and "IDS20127" in page


@pytest.mark.parametrize("filters_off", [False, True])
def test_another_trust_finds_nothing_of_it(
    filters_off: bool, sent: dict[str, Any], django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    other, one = token_for("service_manager")[1], f"submissions/{sent['submission']}"
    assert [ask(path, other).status_code for path in (one, f"{one}/findings")] == [404, 404]
    assert tell(f"{one}/submit", other).status_code == 404
    assert tell(f"{one}/withdraw", other, {"reason": "not mine"}).status_code == 404
    assert sent["submission"] not in ask("submissions?limit=1000", other).content.decode()


def test_it_is_submitted_and_withdrawn_by_the_actions_of_the_desk(
    sent: dict[str, Any], analyst: str, workspace: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The load itself is the desk's affair, and the lake here that of all tests: the job is asked for, and not done."""
    from joinedup_web.organisations.row_security import opened
    from joinedup_web.returns import jobs
    from joinedup_web.returns.models import Submission

    one, asked = f"submissions/{sent['submission']}", []
    monkeypatch.setattr(jobs, "defer", lambda task, made: asked.append((task, str(made.pk))))
    assert tell(f"{one}/withdraw", analyst, {"reason": " "}).status_code == 422
    answer = tell(f"{one}/submit", analyst)
    assert answer.status_code == 202 and body(answer)["status"] == "loading"
    assert asked == [(jobs.LOAD, sent["submission"])]
    assert body(tell(f"{one}/submit", analyst))["status"] == "loading" and len(asked) == 1
    assert (
        tell(f"{one}/withdraw", analyst, {"reason": "a mistake"}).status_code == 422
    )  # while it is being loaded
    with opened("a test", ["RKL"]):
        Submission.objects.filter(pk=sent["submission"]).update(state="ready")
    before = staged(workspace)
    assert body(tell(f"{one}/withdraw", analyst, {"reason": "a mistake"}))["status"] == "withdrawn"
    assert len(staged(workspace)) == len(before) - 2  # the file and its folder
    refused = tell(f"{one}/submit", analyst)
    assert refused.status_code == 422 and "passed its check" in body(refused)["detail"]


def test_what_is_not_taken_is_a_problem_and_leaves_nothing(
    analyst: str, workspace: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, foreign = staged(workspace), whole(tmp_path / "x.zip", "RV3").read_bytes()
    form = "multipart/form-data; boundary=x"
    for name, content, told, status, words in (
        ("x.zip", b"", {"CONTENT_LENGTH": "0", "CONTENT_TYPE": ZIP}, 422, "empty"),
        ("x.zip", b"MZ", {}, 422, "not what its name says"),
        ("x.exe", b"MZ", {}, 415, "no files of that kind"), ("x", foreign, {}, 415, "no files of that kind"),
        ("x.zip", foreign, {}, 422, "a return of RV3"), ("x.zip", foreign, {"kind": form}, 415, "not in a form"),
        ("x.zip", b"{}", {"kind": "application/json"}, 415, "by itself"), ("", foreign, {}, 422, "query.name"),
        ("x.zip", foreign, {"more": "&place=RV3"}, 422, "may not send for that trust"),
        ("x.zip", foreign, {"more": "&plaice=RKL"}, 422, "no such parameter"),
        ("x.zip", foreign, {"CONTENT_LENGTH": ""}, 411, "How long"),
        ("x.zip", foreign, {"CONTENT_LENGTH": str(2**40)}, 413, "larger than"),
        ("x.zip", foreign, {"CONTENT_LENGTH": "9" * 5000}, 413, "larger than"),
    ):  # fmt: skip
        answer = send(name, content, analyst, **told)  # type: ignore[arg-type]
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), (
            name
        )
        assert words in body(answer)["detail"] and body(answer)["remedy"], (name, body(answer))
    for secret in (token_for("clinician")[1], token_for("analyst", kinds=("figure",))[1]):
        barred = send("x.zip", foreign, secret)
        assert barred.status_code == 403 and "insufficient_scope" in barred.headers["WWW-Authenticate"]
    assert client("analyst").post("/api/v1/submissions/send?name=x.zip", foreign, ZIP).status_code == 401
    assert staged(workspace) == before and rows("x.zip") == rows("x.zip", "RV3") == []


def test_what_is_cut_off_on_its_way_is_no_return(django_here: Any, workspace: Served, tmp_path: Path) -> None:
    from joinedup_web.returns.api import Whole
    from joinedup_web.returns.receiving import receive

    before, content = staged(workspace), whole(tmp_path / "cut.zip").read_bytes()
    with pytest.raises(UnreadableFile, match="cut off"):
        receive(Whole(io.BytesIO(content), len(content) + 1), "cut.zip", person("analyst"))  # type: ignore[arg-type]
    with pytest.raises(YourCommand, match="may not send"):
        receive(io.BytesIO(content), "cut.zip", person("analyst"), kinds=frozenset({"figure"}))
    assert staged(workspace) == before and rows("cut.zip") == []
