"""The process that makes a pack: whole or not at all, of the state that pages show; it speaks on its output alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from joinedup.errors import YourCommand
from joinedup.reports.packs.content import Pack
from joinedup_web.packs import process
from tests.unit.reports.packs_made import pack

REGISTRY = {
    "AAAAAAAAAA": {"profile": "nhs-england", "counts": {"numerator": 505}},
    "BBBBBBBBBB": {"counts": {}},
}


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, Any]:
    return {
        "lake": str(tmp_path / "lake"), "layout": "board", "period": "2026-03", "formats": ["docx", "xlsx"],
        "notes": [{"number": "AAAAAAAAAA", "about": "a", "text": "Said."}], "snapshot": 7, "template": "",
        "folder": str(tmp_path / "packs" / "one"),
    }  # fmt: skip


def told_by(asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    process.made(asked, found.append)
    return found


def making(monkeypatch: pytest.MonkeyPatch, made: Pack) -> list[Any]:
    """Calls of the library's maker, which answers with this pack."""
    calls: list[Any] = []

    def make_pack(*given: Any, progress: Any, **more: Any) -> Pack:
        progress("Calculating and releasing", 1, 2)
        calls.append((given, more))
        return made

    monkeypatch.setattr(process, "make_pack", make_pack)
    return calls


def test_files_are_made_and_told(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    calls = making(monkeypatch, replace(pack(drawn=False), snapshot=7, registry=REGISTRY))
    told = told_by(asked)
    assert told[0] == {"step": "Calculating and releasing", "done": 1, "total": 2}
    assert [one["form"] for one in told[-1]["files"]] == ["docx", "xlsx", "json"]
    assert told[-1]["titles"] == ["Two things to decide", "One thing changed"]
    assert calls[0][1]["notes"][0].text == "Said."
    folder = Path(asked["folder"])
    for one in told[-1]["files"]:
        content = (folder / f"pack.{one['form']}").read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["size"], one["sha256"])
    assert [path.name for path in folder.parent.iterdir()] == ["one"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_the_registry_opens_every_code(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    making(monkeypatch, replace(pack(drawn=False), snapshot=7, registry=REGISTRY))
    told_by(asked)
    entries = json.loads((Path(asked["folder"]) / "pack.json").read_text())
    assert entries["AAAAAAAAAA"]["counts"] == {"numerator": 505} and set(entries) == set(REGISTRY)


def test_the_same_request_is_the_same_bytes(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    making(monkeypatch, replace(pack(drawn=False), snapshot=7, registry=REGISTRY))
    assert told_by(asked)[-1] == told_by({**asked, "folder": asked["folder"] + "2"})[-1]


def test_another_state_makes_nothing(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    making(monkeypatch, replace(pack(drawn=False), snapshot=8))
    told = told_by(asked)[-1]
    assert "state 8" in told["failed"] and "state 7" in told["failed"] and told["remedy"]
    assert not Path(asked["folder"]).parent.exists()


def test_what_the_library_refuses_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    def make_pack(*given: Any, **more: Any) -> Pack:
        raise YourCommand("2031-01 is not held.", remedy="Choose another month.")

    monkeypatch.setattr(process, "make_pack", make_pack)
    assert told_by(asked) == [{"failed": "2031-01 is not held.", "remedy": "Choose another month."}]


def test_a_fault_on_the_way_leaves_nothing_half_made(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    making(monkeypatch, replace(pack(drawn=False), snapshot=7))

    def write_pack(made: Pack, files: list[Path], **more: Any) -> None:
        files[0].write_bytes(b"half")
        raise OSError("no space")

    monkeypatch.setattr(process, "write_pack", write_pack)
    with pytest.raises(OSError, match="no space"):
        told_by(asked)
    assert list(Path(asked["folder"]).parent.iterdir()) == []
