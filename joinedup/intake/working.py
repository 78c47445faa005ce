"""Several files at once, in their order: a few worker processes with a short queue, which bounds the memory.

The processes are programs of our own (`worker`), not copies of the caller: `multiprocessing` would import the
caller's script once more in each, and a script without `if __name__ == "__main__"` would load for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import product
from socket import socketpair
from threading import Lock
from typing import Any, TypeVar

from joinedup.intake.wire import Part, packed, receive, send, unpacked

Task = TypeVar("Task")
Answer = TypeVar("Answer")
_AHEAD = 2  # files waiting beyond those being worked on
_SECONDS_TO_END = 10
# Memory is kept for the next file: given back to the system and asked for anew it costs an eighth of the time.
_KEPT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(2 << 30),
    # There is a worker per core; what numpy brings for matrices would keep threads of its own turning.
    "OPENBLAS_NUM_THREADS": "1",
}
_WORKER = (
    "from joinedup.lean import without_pandas as w; w(); from joinedup.intake.worker import main; main()"
)


def in_order(
    make: Callable[..., Callable[[Task], Answer]],
    arguments: Callable[[], tuple[Any, ...]],
    tasks: Iterable[Task],
    *,
    workers: int,
    lost: Callable[[Task], Answer],
    alike: Callable[[Task], object] = lambda task: None,
) -> Iterator[Answer]:
    """The answers to the tasks, in their order, from `make(*arguments())` made once per process.

    The arguments are worked out here while the processes start.
    Tasks that are `alike` go to one process where that keeps nobody waiting, as it may remember the last of them.
    With fewer than two workers all is done in this process. `make` must be importable by name, not of the
    caller's script. A task whose process dies (it ran out of memory, or crashed in a parser) is tried once
    more alone, and then answered by `lost(task)`: one file cannot stop the others.
    """
    left, waiting = deque(tasks), deque[tuple[Task, Future[Any]]]()
    if workers < 2 or not left:
        yield from map(make(*arguments()), left)
        return
    crew = _Crew(min(workers, len(left)), alike)
    try:
        crew.first = packed((make, arguments()))
        while left or waiting:
            while left and len(waiting) < workers + _AHEAD:
                waiting.append((left[0], crew.submit(left.popleft())))
            task, future = waiting.popleft()
            try:
                answer = future.result()
            except _Died:
                wait([other for _, other in waiting])
                answer = crew.again(task, lost)
            yield answer
    finally:
        crew.close()


class _Died(Exception):
    """The process ended before it answered."""


class _Worker:
    """One process, and this end of the socket to it."""

    def __init__(self) -> None:
        self._wire, theirs = socketpair()
        # What can be imported here can be imported there; nothing more (-P: not what lies in the folder).
        paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)  # noqa: PTH100  "" is the folder
        descriptor = theirs.fileno()
        self.process = subprocess.Popen(  # noqa: S603  our own module, arguments as a list, no shell
            [sys.executable, "-P", "-c", _WORKER, str(descriptor)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_KEPT, "PYTHONPATH": paths},
        )
        theirs.close()
        self._made = False

    def make(self, first: list[Part]) -> None:
        """Say what it is to make, before the first task."""
        if not self._made:
            self._send(first)
        self._made = True

    def _send(self, parts: list[Part]) -> None:
        try:
            send(self._wire, parts)
        except OSError:
            raise _Died from None

    def ask(self, task: Any) -> Any:
        """The answer to one task. Raises what the task raised, or _Died."""
        self._send(packed(task))
        try:
            parts = receive(self._wire)
        except (EOFError, OSError):
            raise _Died from None
        done, answer = unpacked(parts)
        if not done:
            raise answer
        return answer

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()

    def close(self) -> None:
        """Wait for the process that was stopped."""
        self.process.kill()
        self.process.wait(_SECONDS_TO_END)
        self._wire.close()


@dataclass(eq=False)
class _Place:
    """Where one worker works, while there is one, and how many tasks of each kind it was given."""

    worker: _Worker | None = None
    kinds: Counter[object] = field(default_factory=Counter)


_Waiting = tuple[Any, Future[Any]]


class _Crew:
    """Workers, each served by whichever thread has a task; a dead one is replaced when next needed."""

    def __init__(self, workers: int, alike: Callable[[Any], object]) -> None:
        self.first: list[Part] = []  # what each is to make, to be known before the first task
        self._alike = alike
        self._threads = ThreadPoolExecutor(workers)
        self._workers = [_Worker() for _ in range(workers)]
        self._places = [_Place(worker) for worker in self._workers]
        self._idle = list(self._places)
        self._waiting: list[_Waiting] = []
        self._choosing = Lock()

    def submit(self, task: Any) -> Future[Any]:
        """Have a task done as soon as a worker is free."""
        answer: Future[Any] = Future()
        with self._choosing:
            self._waiting.append((task, answer))
        self._threads.submit(self._do)
        return answer

    def _do(self) -> None:
        """One of the tasks that wait, by one of the workers that are idle: there is one for each thread."""
        with self._choosing:
            waiting, place = min(product(self._waiting, self._idle), key=self._unlike)
            self._waiting.remove(waiting)
            self._idle.remove(place)
            task, answer = waiting
            place.kinds[self._alike(task)] += 1
        try:
            answer.set_result(self._ask(place, task))
        except BaseException as fault:
            answer.set_exception(fault)
        with self._choosing:
            self._idle.append(place)

    def _unlike(self, pair: tuple[_Waiting, _Place]) -> tuple[int, int]:
        """First a task of the kind that the worker was given most often, last one that others were."""
        (task, _), place = pair
        kind = self._alike(task)
        return -place.kinds[kind], sum(other.kinds[kind] for other in self._places)

    def _ask(self, place: _Place, task: Any) -> Any:
        if place.worker is None:
            place.worker = _Worker()
            self._workers.append(place.worker)
        try:
            place.worker.make(self.first)
            return place.worker.ask(task)
        except _Died:
            place.worker, place.kinds = None, Counter()
            raise

    def again(self, task: Task, lost: Callable[[Task], Answer]) -> Answer:
        """A second attempt at a task, with no other under way."""
        try:
            answer: Answer = self.submit(task).result()
        except _Died:
            return lost(task)
        return answer

    def close(self) -> None:
        """Stop every process; what was waiting is not done."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()
