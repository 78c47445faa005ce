"""One worker process, started by `working`.

It speaks over the socket whose descriptor it is given: first what to make, then task after task, each
answered in turn. It never imports the program that started it, and ends when that one closes the socket.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from joinedup.errors import OurFault
from joinedup.intake.wire import Part, packed, receive, send, unpacked

_MEMORY = 6 * 1024**3  # per process; a month of one provider takes a tenth of it
_OUT_OF_MEMORY = 3
_ALLOCATIONS = 100_000  # of objects in containers, between two looks for cycles


def serve(wire: socket.socket) -> None:
    """Answer tasks until the other end closes."""
    work: Callable[[Any], Any] | None = None
    while True:
        try:
            received = receive(wire)
        except (EOFError, OSError):
            return
        try:
            message = unpacked(received)
            if work is None:
                make, arguments = message
                work = make(*arguments)
                continue
            answer: tuple[bool, Any] = (True, work(message))
        except MemoryError:
            # As if the system had ended it: the file is tried again alone.
            os._exit(_OUT_OF_MEMORY)
        except Exception as fault:
            answer = (False, fault)
        send(wire, _packed(answer))
        if not answer[0] and work is None:
            return


def _packed(answer: tuple[bool, Any]) -> list[Part]:
    try:
        parts = packed(answer)
        if not answer[0]:
            unpacked(parts)  # an error can often be packed and not unpacked
    except Exception:
        # Its text could hold a value of a person's, so only its kind is told.
        told = OurFault(f"a worker failed with {type(answer[1]).__name__}, which cannot be passed on")
        return packed((False, told))
    return parts


def main() -> None:
    """Serve on the descriptor named on the command line."""
    # Whoever interrupts the load stops the workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # There is a worker per core, so Arrow keeps to one thread in each.
    pa.set_cpu_count(1)
    # What is loaded by now stays, and what comes holds few cycles: looked through as usual they took a fortieth.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    with socket.socket(fileno=int(sys.argv[1])) as wire:
        serve(wire)
