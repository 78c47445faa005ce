"""`open_workspace` before a server of ours that answers as a workspace does, and as others may."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import joinedup as ju
from joinedup.client import asking
from joinedup.errors import UnknownName, YourCommand

SECRET = "joinedup_only-for-tests"
STATE = {"snapshot": 7, "newest": True, "committed_at": "", "year": "2025-26", "caption": "Source"}
FIGURE = {
    "measure": "reliable_recovery", "measure_id": "M195", "version": 1, "statistic": "percentage", "unit": "per cent",
    "period": "2025-26", "period_start": "2025-04-01", "period_end": "2026-03-31", "level": "borough",
    "place": "E09000005", "place_name": "Brent", "breakdown": "total", "group": "All", "breakdown_2": "", "group_2": "",
}  # fmt: skip
SHOWN = {"numerator": 50, "denominator": 100, "value": 50.0, "lower": 40.0, "upper": 60.0, "hidden": None}
HIDDEN = {
    **dict.fromkeys(("numerator", "value", "lower", "upper")),
    "denominator": 100,
    "hidden": "protected",
}


@dataclass
class Workspace:
    """What it answers next, and what it was asked."""

    address: str = ""
    rows: int = 2500
    next: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, list[str]], headers: Any) -> tuple[int, dict[str, str], Any]:
        self.asked.append((path, query, dict(headers)))
        if self.next and not path.endswith("/me"):
            return self.next.pop(0)
        if headers.get("Authorization") != f"Bearer {SECRET}":
            return problem(401, "The token expired on 1 May 2026.", "Make a new one.")
        if path.endswith("/me"):
            return 200, {}, {"name": "Somebody"}
        if headers.get("If-None-Match") == '"seven"':
            return 304, {"ETag": '"seven"'}, None
        offset, limit = int(query["offset"][0]), int(query["limit"][0])
        found = [
            {**FIGURE, **(HIDDEN if k % 5 == 0 else SHOWN), "code": f"A{k:09}"}
            for k in range(offset, min(offset + limit, self.rows))
        ]
        told = {"state": STATE, "total": self.rows, "limit": limit, "offset": offset, "items": found}
        return 200, {"ETag": '"seven"'}, told


def problem(status: int, detail: str, remedy: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    return status, headers, {"status": status, "detail": detail, "remedy": remedy}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    made = Workspace()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, headers, told = made.answer(parts.path, parse_qs(parts.query), self.headers)
            body = told if isinstance(told, bytes) else json.dumps(told).encode() if told is not None else b""
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_long_list_is_followed_to_its_end_in_one_state(workspace: Workspace) -> None:
    found = ju.open_workspace(workspace.address, SECRET).figures(
        "M195", by="total", period=["2025-26", "2024-25"]
    )
    assert len(found) == 2500 and found.snapshot == 7 and found.caption == "Source"
    codes = found.table["code"].to_pylist()
    assert codes == sorted(set(codes))
    first, *others = workspace.asked[1:]
    assert first[1]["measure"] == ["M195"] and first[1]["period"] == ["2025-26", "2024-25"]
    assert (
        "state" not in first[1]
        and all(query["state"] == ["7"] for _, query, _ in others)
        and len(others) == 2
    )


def test_hidden_values_are_null_and_columns_are_those_of_results(workspace: Workspace) -> None:
    from joinedup.measures.result import SCHEMA

    workspace.rows = 10
    found = ju.open_workspace(workspace.address, SECRET).figures()
    for name in SCHEMA.names:
        assert found.table.schema.field(name).type == SCHEMA.field(name).type
    frame = found.to_pandas()
    assert str(frame["numerator"].dtype) == "Int64" and frame["numerator"].isna().sum() == 2
    assert frame.loc[0, "hidden"] == "protected" and frame.loc[1, "value"] == 50.0
    workspace.rows = 0
    assert len(ju.open_workspace(workspace.address, SECRET).figures()) == 0


def test_an_answer_is_asked_for_once_while_it_has_not_changed(workspace: Workspace) -> None:
    workspace.rows = 3
    opened = ju.open_workspace(workspace.address, SECRET)
    assert opened.figures().table.equals(opened.figures().table)
    assert [headers.get("If-None-Match") for _, _, headers in workspace.asked[1:]] == [None, '"seven"']


def test_it_waits_as_long_as_it_is_told_and_no_longer_than_a_minute(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", waited.append)
    workspace.rows = 1
    opened = ju.open_workspace(workspace.address, SECRET)
    busy = problem(429, "The allowance is used up.", "Wait.", **{"Retry-After": "2"})
    workspace.next = [busy, busy]
    assert len(opened.figures()) == 1 and waited == [2.0, 2.0]
    workspace.next = [problem(429, "The allowance is used up.", "Wait.", **{"Retry-After": "3600"})]
    with pytest.raises(YourCommand, match="used up"):
        opened.measures()
    assert waited == [2.0, 2.0]


def test_a_file_is_sent_as_it_is_and_whole_again_when_it_has_to_wait(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking.time, "sleep", lambda seconds: None)
    opened, content = ju.open_workspace(workspace.address, SECRET), bytes(range(256)) * 4000
    (tmp_path / "März & 1.zip").write_bytes(content)
    busy = problem(429, "The allowance is used up.", "Wait.", **{"Retry-After": "2"})
    workspace.next = [busy, (202, {}, {"submission": "1", "status": "waiting"})]
    assert opened.send_return(tmp_path / "März & 1.zip", place="RKL")["status"] == "waiting"
    assert workspace.sent == [content, content]
    (_, query, headers) = workspace.asked[-1]
    assert query == {"name": ["März & 1.zip"], "place": ["RKL"]}
    assert headers["Content-Type"] == "application/octet-stream" and "Transfer-Encoding" not in headers
    workspace.next = [problem(413, "The file is larger than 500 MB.", "Check what was exported.")]
    with pytest.raises(YourCommand, match="larger than 500 MB"):
        opened.send_return(tmp_path / "März & 1.zip")
    with pytest.raises(YourCommand, match="cannot be read"):
        opened.send_return(tmp_path / "nothing.zip")


def test_a_change_is_sent_as_json_and_never_taken_from_what_is_kept(workspace: Workspace) -> None:
    opened = ju.open_workspace(workspace.address, SECRET)
    workspace.next = [(201, {"ETag": '"seven"'}, {"note": "1"})] * 2 + [(200, {}, {"status": "loading"})]
    asked = {"kind": "success", "place": "RV3CH"}
    for _ in range(2):
        assert opened.write_note("abcdefghij", "Good", **asked) == {"note": "1"}
    assert json.loads(workspace.sent[-1]) == {**asked, "text": "Good", "shared": False}
    assert "If-None-Match" not in workspace.asked[-1][2]
    assert opened.submit_return("a/b")["status"] == "loading" and "a%2Fb" in workspace.asked[-1][0]
    workspace.next = [problem(404, "There is no such note.", "Look in the list.")]
    with pytest.raises(UnknownName, match="no such note"):
        opened.end_note("1", reason="wrong")


def test_moments_and_counts_are_typed(workspace: Workspace) -> None:
    opened = ju.open_workspace(workspace.address, SECRET)
    note = {"note": "1", "shared": True, "written_at": "2026-11-22T16:30:01.25Z", "place": "RV3CH"}
    workspace.next = [(200, {}, {"total": 1, "items": [note]})]
    assert (
        opened.notes("ABCDEFGHIJ").table["written_at"][0].as_py().isoformat()
        == "2026-11-22T16:30:01.250000+00:00"
    )
    before = {
        "snapshot": 6,
        "counts": {"numerator": None, "denominator": 40},
        "value": None,
        "hidden": "protected",
    }
    workspace.next = [(200, {}, {"earlier": [before]})]
    (row,) = opened.earlier("abcdefghij").table.to_pylist()
    assert (row["numerator"], row["denominator"], row["hidden"], row["code"]) == (None, 40, "protected", None)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (problem(401, "The token expired on 1 May 2026.", "Make a new one."), YourCommand, "Make a new one"),
        (problem(403, "No role opens this.", "Ask the administrator."), YourCommand, "Ask the administrator"),
        (problem(404, "There is no measure called 'x'.", "Did you mean y?"), UnknownName, "Did you mean y"),
        (problem(503, "The publication is being made.", "Ask again."), YourCommand, "being made"),
        ((200, {}, b"<html>a proxy</html>"), YourCommand, "no workspace of joinedup"),
        ((502, {}, b"bad gateway"), YourCommand, "no workspace of joinedup"),
        ((302, {"Location": "http://127.0.0.1:1/steal"}, b""), YourCommand, "no workspace of joinedup"),
        ((500, {}, [1, 2]), YourCommand, "no workspace of joinedup"),
    ],
)
def test_what_is_refused_says_what_to_do(
    answer: Any, kind: type[Exception], words: str, workspace: Workspace
) -> None:
    opened = ju.open_workspace(workspace.address, SECRET)
    workspace.next = [answer]
    with pytest.raises(kind, match=words) as raised:
        opened.measure("x")
    assert SECRET not in str(raised.value)


def test_an_expired_token_is_told_at_once(workspace: Workspace) -> None:
    with pytest.raises(YourCommand, match="expired on 1 May 2026") as raised:
        ju.open_workspace(workspace.address, "joinedup_another")
    assert "joinedup_another" not in str(raised.value)


def test_nobody_there(workspace: Workspace) -> None:
    with pytest.raises(YourCommand, match="No workspace answers"):
        ju.open_workspace("http://127.0.0.1:9", SECRET)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://joinedup.example.nhs.uk", "in the open"),
        ("http://10.0.0.1", "in the open"),
        ("http://127.0.0.1.example.org", "in the open"),
        ("ftp://127.0.0.1", "no address"),
        ("https://", "no address"),
        ("https://me:password@joinedup.example.nhs.uk", "holds a password"),
    ],
)
def test_the_token_never_travels_in_the_open(url: str, words: str) -> None:
    with pytest.raises(YourCommand, match=words) as raised:
        ju.open_workspace(url, SECRET)
    assert "password@" not in str(raised.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.1.2.3"])
def test_this_machine_may_be_asked_plainly(host: str) -> None:
    assert asking.checked_url(f"http://{host}/") == f"http://{host}"
    assert asking.checked_url("joinedup.example.nhs.uk/x/") == "https://joinedup.example.nhs.uk/x"


def test_a_token_comes_from_a_file_or_the_environment(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JOINEDUP_TOKEN", "JOINEDUP_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(YourCommand, match="There is no token"):
        ju.open_workspace(workspace.address)
    kept = tmp_path / "token"
    kept.write_text(SECRET + "\n")
    ju.open_workspace(workspace.address, kept)
    monkeypatch.setenv("JOINEDUP_TOKEN_FILE", str(kept))
    ju.open_workspace(workspace.address)
    monkeypatch.setenv("JOINEDUP_TOKEN", SECRET)
    monkeypatch.setenv("JOINEDUP_TOKEN_FILE", "nowhere")
    ju.open_workspace(workspace.address)
    with pytest.raises(YourCommand, match="cannot be read"):
        ju.open_workspace(workspace.address, tmp_path / "nothing")
    for wrong in ("", "  ", "two words", "line\nbreak: x", "tökén"):
        with pytest.raises(YourCommand, match="no token"):
            ju.open_workspace(workspace.address, wrong)


def test_the_token_is_not_printed_and_no_password_of_netrc_takes_its_place(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    opened = ju.open_workspace(workspace.address, SECRET)
    assert SECRET not in repr(opened) + repr(vars(opened)) and workspace.address in repr(opened)
    assert workspace.asked[0][2]["Authorization"] == f"Bearer {SECRET}"
