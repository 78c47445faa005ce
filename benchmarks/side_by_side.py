"""Statistics beside their peers, in turn in one run: a table of task, size, ours, peer, ratio.

CPU seconds of this process. Each round times ours, then the peer; the ratio is the median of the rounds'
ratios, so that what else the machine does falls on both. Peers that are R programs cannot run here: their
recorded CPU seconds stand in their place, marked so, and do not gate.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.tasks import Task

FAMILIES = ("rates", "inequality", "control_charts", "funnels", "waits")
ROUNDS = 5
ENOUGH = 20.0  # CPU seconds of one task, after which it is timed no more


@dataclass(frozen=True)
class Timed:
    """CPU seconds of ours and the peer's, peer over ours, and what missed its mark."""

    task: Task
    ours: float
    peer: float | None
    ratio: float | None
    absent: str = ""

    @property
    def missed(self) -> str:
        """What a gate says; empty when it holds or there is none."""
        if (
            self.task.at_least
            and self.task.peer
            and self.ratio is not None
            and self.ratio < self.task.at_least
        ):
            return f"{self.task.name}: {self.ratio:.2f} times, at least {self.task.at_least:.2f} wanted"
        return ""


def seconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def timed(task: Task) -> Timed:
    task.ours()  # imports and first touches are not the task
    peer, absent = task.peer, ""
    if peer is not None:
        try:
            peer()
        except ImportError as error:
            peer, absent = None, f"not installed: {error.name}"
    ours, theirs = _rounds(task.ours, peer)
    if not theirs:
        ratio = task.recorded / median(ours) if task.recorded else None
        return Timed(task, median(ours), task.recorded, ratio, absent)
    ratio = median(b / max(a, 1e-9) for a, b in zip(ours, theirs, strict=True))
    return Timed(task, median(ours), median(theirs), ratio)


def _rounds(ours: Callable[[], object], peer: Callable[[], object] | None) -> tuple[list[float], list[float]]:
    mine, theirs = [], []
    while len(mine) < ROUNDS and sum(mine) + sum(theirs) < ENOUGH:
        mine.append(seconds(ours))
        if peer is not None:
            theirs.append(seconds(peer))
    return mine, theirs


def line(found: Timed) -> str:
    task = found.task
    peer = (
        "" if found.peer is None else f"{found.peer:.3f}" + ("*" if task.peer is None or found.absent else "")
    )
    ratio = "" if found.ratio is None else f"{found.ratio:,.1f}"
    aim = f"aim {task.at_most} s: {'met' if found.ours <= task.at_most else 'missed'}" if task.at_most else ""
    notes = "; ".join(filter(None, (aim, found.absent, task.note)))
    return (
        f"{task.name:<50}{task.size:<40}{found.ours:>9.4f}{peer:>10}{ratio:>10}  {task.peer_name:<32}{notes}"
    )


def main() -> int:
    print(
        f"{'task':<50}{'size':<40}{'ours s':>9}{'peer s':>10}{'ratio':>10}  peer (* recorded, not run here)"
    )
    missed = []
    for family in FAMILIES:
        for task in importlib.import_module(f"benchmarks.{family}").tasks():
            found = timed(task)
            print(line(found), flush=True)
            missed += [found.missed] if found.missed else []
    for words in missed:
        print(f"MISSED {words}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
