"""The pool: answers in order, one process or two, and a task that kills its process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from itertools import product
from pathlib import Path

import psutil
import pytest

from joinedup.errors import OurFault
from joinedup.intake.working import _Crew, _Place, in_order


def make(offset: int) -> Callable[[int], int]:
    def work(task: int) -> int:
        if task == 13:
            os._exit(9)
        if task == 19:
            raise MemoryError
        if task == 17:
            raise OurFault("seventeen")
        time.sleep(0.02 * (task % 3))
        return task + offset

    return work


def lost(task: int) -> int:
    return -task


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_answers_come_in_the_order_of_the_tasks(workers: int) -> None:
    tasks = [5, 1, 4, 2, 3, 0]
    assert list(in_order(make, lambda: (100,), tasks, workers=workers, lost=lost)) == [
        task + 100 for task in tasks
    ]
    assert list(in_order(make, lambda: (100,), [], workers=workers, lost=lost)) == []


def test_a_task_that_kills_its_process_is_answered_and_stops_no_other() -> None:
    tasks = [1, 13, 2, 3]
    assert list(in_order(make, lambda: (100,), tasks, workers=2, lost=lost)) == [101, -13, 102, 103]


def test_a_fault_of_ours_is_raised() -> None:
    with pytest.raises(OurFault, match="seventeen"):
        list(in_order(make, lambda: (100,), [1, 17, 2], workers=2, lost=lost))


_SCRIPT = """
from joinedup.intake.working import in_order
from small_work import make, lost

print("begun")
print(list(in_order(make, lambda: (100,), [1, 2, 3], workers=2, lost=lost)))
"""


def test_a_script_that_does_not_guard_its_main_part_is_run_once(tmp_path: Path) -> None:
    work = "def make(more):\n    return lambda task: task + more\n\n\ndef lost(task):\n    return None\n"
    (tmp_path / "small_work.py").write_text(work)
    (tmp_path / "script.py").write_text(_SCRIPT)
    ran = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "begun\n[101, 102, 103]\n"), ran.stderr


def test_no_process_is_left_when_the_answers_are_not_all_taken() -> None:
    before = children()
    answers = in_order(make, lambda: (0,), list(range(8)), workers=2, lost=lost)
    assert next(answers) == 0
    assert children() - before
    answers.close()
    assert not children() - before


def children() -> set[int]:
    """Processes that this one started and that are not gone; other tests may have left servers."""
    return {child.pid for child in psutil.Process().children()}


def test_a_task_out_of_memory_is_answered_as_lost() -> None:
    assert list(in_order(make, lambda: (0,), [1, 19, 2], workers=2, lost=lost)) == [1, -19, 2]


@pytest.mark.parametrize(
    ("given", "idle", "waiting", "chosen"),
    [
        (["", ""], [0, 1], [1, 2], (0, 1)),  # nobody knows anything: the first of all
        (["1", ""], [1], [11, 12], (1, 12)),  # what no other has done
        (["1", "2"], [0, 1], [12, 21], (1, 12)),  # what it has done itself, in order
        (["1", "2"], [0], [12, 21], (0, 21)),
        (["1", "2"], [0], [12, 22], (0, 12)),  # nobody waits for another to be free
        (["112", "22"], [0], [12, 21], (0, 21)),  # what it has done most, though it did the other too
        (["12", "1"], [0], [11, 12], (0, 12)),  # as often itself, and others never
    ],
)
def test_a_worker_is_given_what_it_has_done_the_like_of(
    given: list[str], idle: list[int], waiting: list[int], chosen: tuple[int, int]
) -> None:
    with closing(_Crew(1, lambda task: task % 10)) as crew:
        crew._places = [_Place(kinds=Counter(map(int, kinds))) for kinds in given]
        pairs = product([(task, Future()) for task in waiting], [crew._places[at] for at in idle])
        (task, _), place = min(pairs, key=crew._unlike)
        assert (crew._places.index(place), task) == chosen


def test_a_worker_is_started_for_each_task_and_no_more() -> None:
    before = children()
    started = []

    def given() -> tuple[int]:
        started.append(len(children() - before))
        return (100,)

    assert list(in_order(make, given, [1], workers=4, lost=lost)) == [101]
    assert list(in_order(make, given, [1, 2, 3], workers=2, lost=lost)) == [101, 102, 103]
    assert started == [1, 2]


@pytest.mark.parametrize("alike", [lambda task: task % 2, lambda task: "same"])
def test_tasks_alike_are_all_answered_in_order(alike: Callable[[int], object]) -> None:
    tasks = [5, 1, 4, 2, 3, 0, 7, 6]
    found = list(in_order(make, lambda: (100,), tasks, workers=2, lost=lost, alike=alike))
    assert found == [task + 100 for task in tasks]
