"""What each engine's process does: warm up on a small record, run the job once, print what it took and found."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def run(job: Callable[[Path], dict[str, Any]]) -> None:
    """`python -m benchmarks.talking_therapies.ENGINE FOLDER [SMALL_FOLDER]`.

    The first run, on the small folder, imports what is imported late and loads (or makes) compiled code. It is
    timed apart: it is paid once per process, whatever the size.
    """
    folder, small = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    began = time.perf_counter()
    if small:
        job(small)
    first = time.perf_counter() - began
    print("ready", flush=True)
    began, cpu = time.perf_counter(), time.process_time()
    found = job(folder)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "first_run": first, "found": found}))
