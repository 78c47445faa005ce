"""What is made beside the server says how far it is, is not made twice, and says why where it cannot be made."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.ledger import ReleaseEntry
from joinedup.errors import YourCommand
from joinedup.lake import create_lake
from joinedup_web.equity import progress, publishing
from joinedup_web.equity.preparing import prepare
from joinedup_web.equity.publishing import left_before, release_state

LATTICE = Lattice.load()


def entry(
    number: int, snapshot: int, version: int = LATTICE.version, profile: str = "nhs-england"
) -> ReleaseEntry:
    return ReleaseEntry(
        number, datetime(2026, 1, number, tzinfo=UTC), profile, 5, 5, snapshot, LATTICE.slug, version, {}, frozenset()
    )  # fmt: skip


def test_a_state_that_has_left_is_not_worked_out_again() -> None:
    earlier = [entry(1, 7), entry(2, 8, version=0), entry(3, 8, profile="opensafely"), entry(4, 9)]
    assert left_before(earlier, LATTICE, 9) is earlier[3]
    assert left_before(earlier, LATTICE, 8) is None and left_before(earlier, LATTICE, 10) is None


def test_progress_is_read_as_it_was_told_and_forgotten(tmp_path: Path) -> None:
    assert progress.read(tmp_path) is None
    progress.tell(tmp_path, "Calculating", 1, 4)
    found = progress.read(tmp_path)
    assert found is not None and found.words == "Calculating: 1 of 4" and not found.quiet
    old = time.time() - 2 * progress.OLD
    os.utime(tmp_path / progress.FILE, (old, old))
    quiet = progress.read(tmp_path)
    assert quiet is not None and quiet.quiet
    progress.forget(tmp_path)
    assert progress.read(tmp_path) is None


def test_where_every_return_was_withdrawn_nothing_is_shown_any_more(tmp_path: Path) -> None:
    lake, folder = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="abc"), tmp_path / "figures"
    (folder / "3").mkdir(parents=True)
    (folder / "3" / "state.json").write_text('{"committed_at": "2026-01-01"}')
    assert prepare(lake.path, folder) == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]x"])
def test_half_a_file_is_nothing_under_way(tmp_path: Path, text: str) -> None:
    (tmp_path / progress.FILE).write_text(text)
    assert progress.read(tmp_path) is None


def test_what_cannot_be_prepared_says_why_on_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> int:
        raise YourCommand("The lake holds no journeys.", remedy="Load returns.")

    monkeypatch.setattr("joinedup_web.equity.preparing.prepare", refuse)
    with pytest.raises(YourCommand):
        release_state(tmp_path / "lake", tmp_path / "figures")
    told = progress.read(tmp_path / "figures")
    assert told is not None and "no journeys" in told.failed


def test_all_of_it_done_leaves_no_progress_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(
        "joinedup_web.equity.preparing.prepare", lambda lake, folder, show: show("Writing", 1, 2) or 7
    )
    monkeypatch.setattr(
        publishing, "publish_cube", lambda lake, folder: steps.append(str(progress.read(folder)))
    )
    release_state(tmp_path / "lake", tmp_path / "figures")
    assert "solver" in steps[0] and progress.read(tmp_path / "figures") is None
