"""kill -9 at random moments: what was acknowledged is there, the rest is absent or whole, work goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import lake_writer
import pytest

from joinedup.lake import Lake, create_lake, open_lake

WRITER = Path(lake_writer.__file__)


def run_and_kill(lake: Path, seconds: float, *, after_one: bool) -> int:
    """The last entry acknowledged by a writer killed `seconds` after it was ready (0 for none), or after its first
    acknowledgement: on a busy machine the other kills may all come too early."""
    with subprocess.Popen(
        [sys.executable, WRITER, lake, "1000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "ready\n", writer.stderr.read()
        first = writer.stdout.readline() if after_one else ""
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        said = (first + writer.stdout.read()).split("\n")
    # A last line without its line end was being said when the kill came.
    return int(said[-2]) if len(said) > 1 else 0


def clean_runs(folder: Path) -> Callable[[int], dict[str, list[tuple]]]:
    """What an undisturbed lake holds after each entry."""
    lake = create_lake(folder, purpose="demo", key_fingerprint="abc")
    states: dict[int, dict[str, list[tuple]]] = {0: {}}

    def after(number: int) -> dict[str, list[tuple]]:
        for wanted in range(len(states), number + 1):
            lake_writer.commit(lake, wanted)
            states[wanted] = lake_writer.contents(lake)
        return states[number]

    return after


def kill_rounds(tmp_path: Path, rounds: int, seed: int) -> None:
    moments = random.Random(seed)
    path = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="abc").path
    clean = clean_runs(tmp_path / "clean")
    acknowledged = landed = 0
    for number in range(rounds):
        seconds = moments.uniform(0, 0.5)
        acknowledged = max(acknowledged, run_and_kill(path, seconds, after_one=number % 2 == 0))
        lake = open_lake(path)
        assert acknowledged <= len(lake.history()) <= acknowledged + 1
        acknowledged = landed = len(lake.history())
        assert lake_writer.contents(lake) == clean(landed)
    assert landed >= rounds // 2, "the writer was killed before it had done anything: the test proves nothing"
    finish(open_lake(path), landed + 2)
    assert lake_writer.contents(open_lake(path)) == clean(landed + 2)
    assert open_lake(path).check(deep=True) > 0


def finish(lake: Lake, last: int) -> None:
    for number in range(len(lake.history()) + 1, last + 1):
        lake_writer.commit(lake, number)


def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path, seed: int) -> None:
    kill_rounds(tmp_path, 4, seed)


@pytest.mark.full
def test_nothing_acknowledged_is_lost_by_many_kills(tmp_path: Path, seed: int) -> None:
    kill_rounds(tmp_path, 200, seed)
