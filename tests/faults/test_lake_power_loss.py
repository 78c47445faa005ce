"""A power cut, modelled: only what was forced to disk is sure; all else is whole, torn, empty or gone.

A commit runs while every fsync is noted (and done). For a cut after each of them the disk is drawn up again
from the notes, and the lake must open at the state before or, once its entry can be seen, at the new one.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lake_writer
import pytest

from joinedup.lake import Lake, create_lake, open_lake

BEFORE = 3  # entries in the lake when the commit that is cut begins


@dataclass(frozen=True)
class Moment:
    """The disk when an fsync returns: what exists by path, and which of it is sure to survive."""

    content: dict[str, bytes]
    sure: frozenset[str]


class Notes:
    """Notes of every fsync under a folder: a file is sure once its bytes, then its name, were forced."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.moments = root, [Moment(files_of(root), frozenset(files_of(root)))]
        self._bytes_sure: set[int] = (
            set()
        )  # by inode: a ledger entry is forced under another name, then linked
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self.fsync)

    def fsync(self, handle: int) -> None:
        self._fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        content, sure = files_of(self.root), set(self.moments[-1].sure)
        if path.is_dir():
            inside = {name for name in content if (self.root / name).parent == path}
            sure |= {name for name in inside if (self.root / name).stat().st_ino in self._bytes_sure}
        else:
            self._bytes_sure.add(os.fstat(handle).st_ino)
        self.moments.append(Moment(content, frozenset(sure)))


def files_of(root: Path) -> dict[str, bytes]:
    found = {}
    for path in root.rglob("*"):
        try:
            if path.is_file():
                found[str(path.relative_to(root))] = path.read_bytes()
        except FileNotFoundError:  # a temporary name that ended meanwhile
            continue
    return found


def after_the_cut(moment: Moment, folder: Path, chance: random.Random) -> None:
    """Lay out a disk as the cut may have left it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in moment.content.items():
        left: bytes | None = content
        if name not in moment.sure and not name.startswith("ledger/0"):
            left = chance.choice([None, b"", content[: len(content) // 2], content])
        elif name not in moment.sure:
            left = chance.choice([None, content])  # linked to bytes already forced: it is there whole or not
        if left is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(left)
    for part in ("ledger", "tables"):
        (folder / part).mkdir(exist_ok=True)


def clean_states(folder: Path, last: int) -> Sequence[dict[str, list[tuple]]]:
    lake = create_lake(folder, purpose="demo", key_fingerprint="abc")
    states = [lake_writer.contents(lake)]
    for number in range(1, last + 1):
        lake_writer.commit(lake, number)
        states.append(lake_writer.contents(lake))
    return states


def noted_commit(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> list[Moment]:
    """The moments of one commit. Threads are set aside so that the order is that of the calls."""
    from joinedup.lake import durable

    monkeypatch.setattr(durable, "FSYNC_THREADS", 1)
    notes = Notes(lake.path, monkeypatch)
    lake_writer.commit(lake, BEFORE + 1)
    monkeypatch.undo()
    return [*notes.moments, Moment(files_of(lake.path), notes.moments[-1].sure)]


def cut_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, variants: int, seed: int
) -> None:
    states = clean_states(tmp_path / "clean", BEFORE + 2)
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="abc")
    for number in range(1, BEFORE + 1):
        lake_writer.commit(lake, number)
    moments = noted_commit(lake, monkeypatch)
    chance = random.Random(seed)
    last = len(moments) - 1
    for place in sorted({*range(seed % step, last, step), last}):
        for _ in range(variants):
            after_the_cut(moments[place], tmp_path / "cut", chance)
            cut = open_lake(tmp_path / "cut")
            landed = len(cut.history())
            assert landed in ((BEFORE + 1,) if place == last else (BEFORE, BEFORE + 1))
            assert lake_writer.contents(cut) == states[landed]
            for number in range(landed + 1, BEFORE + 3):
                lake_writer.commit(cut, number)
            again = open_lake(cut.path)
            again.check(deep=True)
            assert lake_writer.contents(again) == states[BEFORE + 2]


def test_a_power_cut_at_any_fsync_loses_nothing_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    cut_everywhere(tmp_path, monkeypatch, step=4, variants=1, seed=seed)


@pytest.mark.full
def test_many_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    cut_everywhere(tmp_path, monkeypatch, step=1, variants=20, seed=seed)


def test_without_the_fsyncs_the_same_cut_does_lose_a_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model can fail: where Delta's own files are not forced, an acknowledged load does not survive."""
    from joinedup.errors import LakeDamaged
    from joinedup.lake import committing

    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="abc")
    lake_writer.commit(lake, 1)
    notes = Notes(lake.path, monkeypatch)
    monkeypatch.setattr(committing, "fsync_all", lambda paths: None)
    lake_writer.commit(lake, 2)
    monkeypatch.undo()
    last = Moment(files_of(lake.path), notes.moments[-1].sure)
    lost = [name for name in last.content if name not in last.sure and name != "writer.lock"]
    assert any("_delta_log" in name for name in lost)
    after_the_cut(
        Moment({n: b"" if n in lost else c for n, c in last.content.items()}, frozenset(last.content)),
        tmp_path / "cut",
        random.Random(1),
    )
    with pytest.raises(LakeDamaged):
        open_lake(tmp_path / "cut")
