"""The pool: answers in order, one process or two, and a task that kills its process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from joinedup.errors import OurFault
from joinedup.intake.working import in_order


def make(offset: int) -> Callable[[int], int]:
    def work(task: int) -> int:
        if task == 13:
            os._exit(9)
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
    assert list(in_order(make, (100,), tasks, workers=workers, lost=lost)) == [task + 100 for task in tasks]
    assert list(in_order(make, (100,), [], workers=workers, lost=lost)) == []


def test_a_task_that_kills_its_process_is_answered_and_stops_no_other() -> None:
    tasks = [1, 13, 2, 3]
    assert list(in_order(make, (100,), tasks, workers=2, lost=lost)) == [101, -13, 102, 103]


def test_a_fault_of_ours_is_raised() -> None:
    with pytest.raises(OurFault, match="seventeen"):
        list(in_order(make, (100,), [1, 17, 2], workers=2, lost=lost))
