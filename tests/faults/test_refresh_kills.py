"""Killed, or without power, anywhere in load, refresh or link: nothing acknowledged is lost, the next run is as ever.

The disk is drawn up as it may be after a cut at each fsync, bytes that were not forced dropped or torn, those of the
clustered cache too; and processes are killed with signal 9 wherever they are.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import refresh_story
from refresh_story import BASE, Step, all_of, contents, go_on, story
from test_lake_power_loss import Moment, Notes, after_the_cut, files_of

from joinedup.journeys import building
from joinedup.lake import Lake, create_lake, open_lake
from tests.eighths import eighth

ROOT = Path(__file__).parents[2]
CUTS = 56
"""Points at which the power is cut, evenly over the steps after the base; an eighth of them on every push."""


def new_lake(folder: Path) -> Lake:
    return create_lake(folder, purpose="demo", key_fingerprint="0" * 16)


@pytest.fixture(scope="module", autouse=True)
def however_many_are_touched() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "LARGEST_SHARE", 9.0)
        yield


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return story()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> tuple[list[object], object]:
    """What an undisturbed lake holds after each step, and what is found at the end."""
    lake, states = new_lake(tmp_path_factory.mktemp("clean") / "lake"), []
    for step in steps:
        step(lake)
        states.append(contents(lake))
    assert [entry.notes.get("done") for entry in lake.history()] == [None, "rebuilt", None, "refreshed"]
    return states, all_of(lake)


def noted_steps(
    folder: Path, steps: Sequence[Step], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Moment, int]]:
    """The moments of the steps after the base, each with how many steps were acknowledged by then."""
    from joinedup.lake import durable

    lake = new_lake(folder)
    for step in steps[:BASE]:
        step(lake)
    monkeypatch.setattr(durable, "FSYNC_THREADS", 1)
    notes, acknowledged = Notes(lake.path, monkeypatch), [BASE]
    for number, step in enumerate(steps[BASE:], start=BASE + 1):
        step(lake)
        acknowledged += [number - 1] * (len(notes.moments) - len(acknowledged))
    monkeypatch.undo()
    found = list(zip(notes.moments, acknowledged, strict=True))
    return [*found, (Moment(files_of(lake.path), notes.moments[-1].sure), len(steps))]


def cut_at(
    places: Sequence[int], moments: Sequence[tuple[Moment, int]], steps: Sequence[Step], clean: object,
    folder: Path, chance: random.Random,
) -> None:  # fmt: skip
    states, at_the_end = clean  # type: ignore[misc]
    for place in places:
        moment, acknowledged = moments[place]
        after_the_cut(moment, folder / "cut", chance)
        lake = open_lake(folder / "cut")
        landed = len(lake.history())
        assert landed in (acknowledged, acknowledged + 1), f"cut {place}"
        assert contents(lake) == states[landed - 1], f"cut {place}"
        go_on(lake, steps)
        again = open_lake(lake.path)
        again.check(deep=True)
        assert contents(again) == states[-1] and all_of(again) == at_the_end, f"cut {place}"


def cut_in_eighths(
    eighths: Sequence[int], tmp_path: Path, steps: Sequence[Step], clean: object, seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    moments = noted_steps(tmp_path / "lake", steps, monkeypatch)
    assert len(moments) > CUTS
    every = [round(number * (len(moments) - 1) / (CUTS - 1)) for number in range(CUTS)]
    places = [place for number, place in enumerate(every) if number % 8 in eighths]
    cut_at(places, moments, steps, clean, tmp_path, random.Random(seed))


def test_a_cut_in_load_refresh_or_link_loses_nothing(
    tmp_path: Path, steps: list[Step], clean: object, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_in_eighths([eighth()], tmp_path, steps, clean, seed, monkeypatch)


@pytest.mark.full
def test_cuts_at_fifty_six_points(
    tmp_path: Path, steps: list[Step], clean: object, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_in_eighths(range(8), tmp_path, steps, clean, seed, monkeypatch)


def killed(lake: Path, rounds: int, seconds: float) -> None:
    """Work on until killed `seconds` after it began; what was acknowledged must be there."""
    command = [sys.executable, refresh_story.__file__, str(lake), str(rounds)]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=known
    ) as writer:
        assert writer.stdout and writer.stderr
        assert writer.stdout.readline() == "ready\n", writer.stderr.read()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        said = writer.stdout.read().split("\n")
    assert len(said) < 2 or int(said[-2]) <= len(open_lake(lake).history())


def kill_and_finish(tmp_path: Path, kills: int, rounds: int, seed: int) -> None:
    steps, chance = story(rounds), random.Random(seed)
    undisturbed, lake = new_lake(tmp_path / "clean"), new_lake(tmp_path / "lake")
    go_on(undisturbed, steps)
    go_on(lake, steps[:BASE])
    for _ in range(kills):
        killed(lake.path, rounds, chance.uniform(0, 2))
    lake = open_lake(lake.path)
    go_on(lake, steps)
    lake.check(deep=True)
    assert all_of(lake) == all_of(undisturbed)


@pytest.mark.full
def test_killed_many_times_and_taken_up_again(tmp_path: Path, seed: int) -> None:
    kill_and_finish(tmp_path, kills=50, rounds=20, seed=seed)
