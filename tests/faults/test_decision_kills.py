"""kill -9 while decisions are written, at random moments: what was acknowledged is there, whole and in order."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import decision_writer
import pytest

from joinedup.linkage.decisions import decide, pair_of, read_decisions, standing

WRITER = Path(decision_writer.__file__)


def run_and_kill(folder: Path, seconds: float) -> int:
    """The last decision acknowledged by a writer killed `seconds` after it was ready (0 for none)."""
    with subprocess.Popen(
        [sys.executable, WRITER, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "ready\n", writer.stderr.read()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        said = writer.stdout.read().split("\n")
    # A last line without its line end was being said when the kill came.
    return int(said[-2]) if len(said) > 1 else 0


def kill_rounds(folder: Path, rounds: int, seed: int) -> None:
    moments, acknowledged = random.Random(seed), 0
    for _ in range(rounds):
        acknowledged = max(acknowledged, run_and_kill(folder, moments.uniform(0, 0.4)))
        decisions = read_decisions(folder)
        assert acknowledged <= len(decisions) <= acknowledged + 1
        acknowledged = len(decisions)
        for decision in decisions:
            pair, verdict = decision_writer.said(decision.number)
            assert (decision.pair, decision.verdict) == (pair_of(*pair), verdict)
    assert acknowledged >= rounds, (
        "the writer was killed before it had done anything: the test proves nothing"
    )


def test_no_acknowledged_decision_is_lost_by_a_kill(tmp_path: Path, seed: int) -> None:
    kill_rounds(tmp_path / "decisions", 6, seed)


@pytest.mark.full
def test_no_acknowledged_decision_is_lost_by_many_kills(tmp_path: Path, seed: int) -> None:
    kill_rounds(tmp_path / "decisions", 100, seed)


def test_a_decision_is_forced_to_the_disk_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's bytes first, then the name in its folder: without both a power cut could lose it."""
    forced: list[str] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        forced.append("folder" if path.is_dir() else "file")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    decide(tmp_path, (("A", "1"), ("B", "2")), "accept", by="x")
    assert forced[-2:] == ["file", "folder"]


def test_reviewers_at_work_together_lose_nothing(tmp_path: Path) -> None:
    def work(reviewer: int) -> None:
        for number in range(10):
            decide(tmp_path, (("A", f"{reviewer}-{number}"), ("B", "1")), "accept", by=str(reviewer))

    workers = [threading.Thread(target=work, args=(reviewer,)) for reviewer in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(standing(read_decisions(tmp_path))) == 40
