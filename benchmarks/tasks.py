"""One line of the table that `make bench` ends with: our call and a peer's, timed in turn in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """What is timed. `peer` runs beside ours where it can be installed; `recorded` is the CPU seconds of a peer
    that cannot (R), at the same size, with its source in `note`.

    `at_least` gates: peer seconds over ours. `at_most` is the aim in CPU seconds, reported and not gated.
    """

    name: str
    size: str
    ours: Callable[[], object]
    peer_name: str = ""
    peer: Callable[[], object] | None = None
    recorded: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
