"""Measured figures of the main job: the demo as a whole process, its steps, memory, and the cost of importing.

    python -m benchmarks.main_job [--scale 1] [--months 36] [--json]

Machines are shared and noisy: seconds are reported with CPU seconds beside them and gate nothing. What gates is
memory, and the share of the demo that reading and checking take beside reading the same bytes with Arrow alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

LIMIT_MB = 3_000


def import_seconds(rounds: int = 7) -> float:
    """Median seconds of `import joinedup` beyond starting Python."""

    def once(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - began

    return sorted(once("import joinedup") - once("pass") for _ in range(rounds))[rounds // 2]


def demo(folder: Path, scale: float, months: int) -> dict[str, Any]:
    """What the demo says of itself, with the CPU seconds of the process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        "-c",
        "from joinedup.cli import main; main()",
        "demo",
        "--json",
        "--out",
        str(folder),
    ]
    done = subprocess.run(
        [*command, "--scale", str(scale), "--months", str(months)], check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout), "cpu_seconds": round(cpu, 1)}


def arrow_seconds(folder: Path, files: int = 12) -> tuple[float, float]:
    """CPU seconds to read the tables of some returns with Arrow alone, and to check them by the rules."""
    import pyarrow.csv

    from joinedup.returns import read_submission, validate

    paths = sorted((folder / "twin" / "returns").glob("*_refresh.zip"))[:files]
    validate(read_submission(paths[0]))  # compile the rules once, as a worker does
    began = time.process_time()
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                pyarrow.csv.read_csv(pyarrow.BufferReader(archive.read(name)))
    floor = time.process_time() - began
    began = time.process_time()
    for path in paths:
        validate(read_submission(path))
    return floor, time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = demo(Path(folder) / "demo", asked.scale, asked.months)
        floor, checked = arrow_seconds(Path(folder) / "demo")
    figures = {
        "import_seconds": round(import_seconds(), 3),
        **{
            name: found[name]
            for name in ("people", "referrals", "contacts", "seconds", "cpu_seconds", "steps", "peak_mb")
        },
        "check_to_arrow_ratio": round(checked / floor, 1),
    }
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):24} {value}")
    return 0 if found["peak_mb"] < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
