"""Several files at once, in their order: a pool of processes with a short queue bounds the memory."""

from __future__ import annotations

import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

import pyarrow as pa

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Work = Callable[[Task], Answer]
_AHEAD = 2  # files waiting beyond those being worked on
_MEMORY = 6 * 1024**3  # per process; a month of one provider takes a tenth of it

_work: list[Callable[[Any], Any]] = []


def in_order(
    make: Callable[..., Callable[[Task], Answer]],
    arguments: tuple[Any, ...],
    tasks: Iterable[Task],
    *,
    workers: int,
    lost: Callable[[Task], Answer],
) -> Iterator[Answer]:
    """The answers to the tasks, in their order, from `make(*arguments)` made once per process.

    With fewer than two workers all is done in this process. A task whose process dies (it ran out of memory,
    or crashed in a parser) is tried once more alone, and then answered by `lost(task)`: one file cannot stop
    the others. Processes are started afresh (spawn): a fork would copy Arrow's threads in mid-work.
    """
    if workers < 2:
        yield from map(make(*arguments), tasks)
        return
    left = deque(tasks)
    while left:
        with _pool(workers, make, arguments) as pool:
            yield from _until_broken(pool, left, workers)
        if left:
            yield _alone(make, arguments, left.popleft(), lost)


def _until_broken(pool: ProcessPoolExecutor, left: deque[Task], workers: int) -> Iterator[Any]:
    """Answers while the pool lives; what was not answered stays in `left`."""
    waiting: deque[Future[Any]] = deque()
    try:
        while left:
            while len(waiting) < min(workers + _AHEAD, len(left)):
                waiting.append(pool.submit(_do, left[len(waiting)]))
            answer = waiting.popleft().result()
            left.popleft()
            yield answer
    except BrokenProcessPool:
        return
    finally:
        for future in waiting:
            future.cancel()


def _alone(
    make: Callable[..., Callable[[Task], Answer]],
    arguments: tuple[Any, ...],
    task: Task,
    lost: Callable[[Task], Answer],
) -> Answer:
    with _pool(1, make, arguments) as pool:
        try:
            answer: Answer = pool.submit(_do, task).result()
        except BrokenProcessPool:
            return lost(task)
        return answer


def _pool(workers: int, make: Callable[..., Any], arguments: tuple[Any, ...]) -> ProcessPoolExecutor:
    context = get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(make, arguments))


def _begin(make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    # There is a worker per core, so Arrow keeps to one thread in each.
    pa.set_cpu_count(1)
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    _work[:] = [make(*arguments)]


def _do(task: Any) -> Any:
    return _work[0](task)
