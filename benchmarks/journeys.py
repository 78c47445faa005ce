"""Journeys and every measure by every group, beside the scan floor, tuned DuckDB, careful pandas and Spark.

    python -m benchmarks.journeys --referrals 1000000 [--json] [--rounds 5] [--folder DIR]

All do the same job on the same synthetic data (benchmarks/talking_therapies) and must find the same: journeys, then
16 measures by month, borough and 11 groupings. Peers start from Parquet, joinedup from its clustered record, which
is made once on the way in; what that takes is printed beside. Each run is a process of its own; engines take turns,
and a ratio is the median of the ratios of the same round, so that what else the machine does falls on all of them.
Seconds begin after imports and a first run on a small record (`first_run`: loading compiled code).
Memory is anonymous RSS, read every few milliseconds while the process lives. Spark works in Java, outside the process
that is watched: its memory and CPU are not told. Without Java it is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

GATES = {
    "ratio_to_scan": 2.5, "ratio_to_duckdb": 3.0, "ratio_to_pandas": 8.0, "ratio_to_spark": 25.0, "peak_mb": 1500.0
}  # fmt: skip
AIMS = {
    "ratio_to_scan": 1.0, "ratio_to_duckdb": 8.0, "ratio_to_pandas": 20.0, "ratio_to_spark": 60.0, "peak_mb": 1000.0
}  # fmt: skip
AT_MOST = ("ratio_to_scan", "peak_mb")
ENGINES = ("scan", "ours", "duckdb_sql", "pandas_way", "spark_sql")
LARGE = 5_000_000  # beyond it pandas and Spark are left out: 1.3 GB a million, and minutes
POLL = 0.005


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def watched(command: list[str]) -> dict[str, Any]:
    """Run a worker; what it printed last, with its peak of anonymous memory once it was ready."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, anonymous_kb(process.pid))
            time.sleep(POLL)
        assert process.stdout
        printed = process.stdout.read().splitlines()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return {**json.loads(printed[-1]), "peak_mb": round(peak / 1024, 1)}


def anonymous_kb(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:")]
    return int(found[0]) if found else 0


def prepared(folder: Path, referrals: int) -> dict[str, float]:
    """The data and our form of them; seconds to make each, 0 where they are there already."""
    took = {}
    for what, module, made in (
        ("generate", "benchmarks.talking_therapies.generate", "patients.parquet"),
        ("cluster", "benchmarks.talking_therapies.clustering", "clustered"),
    ):
        began = time.perf_counter()
        if not (folder / made).exists():
            size = [str(referrals)] if what == "generate" else []
            subprocess.run(python(module, *size, str(folder)), check=True)
        took[f"{what}_seconds"] = round(time.perf_counter() - began, 2)
    return took


def rounds_of(folder: Path, small: Path, engines: tuple[str, ...], rounds: int) -> list[dict[str, Any]]:
    found = []
    for number in range(rounds):
        turn = {
            engine: watched(python(f"benchmarks.talking_therapies.{engine}", str(folder), str(small)))
            for engine in engines
        }
        answers = {json.dumps(run["found"]) for run in turn.values() if run["found"]}
        if len(answers) > 1:
            raise SystemExit("the engines do not find the same:\n" + "\n".join(sorted(answers)))
        seconds = ", ".join(f"{engine} {run['seconds']:.2f}" for engine, run in turn.items())
        print(f"round {number + 1} of {rounds}: {seconds}", file=sys.stderr)
        found.append(turn)
    return found


def figures(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians of the ratios of each round, by wall clock and by CPU, and of the seconds."""
    ours = [turn["ours"] for turn in rounds]
    found: dict[str, Any] = {"peak_mb": max(run["peak_mb"] for run in ours)}
    peers = {"scan": "scan", "duckdb_sql": "duckdb", "pandas_way": "pandas", "spark_sql": "spark"}
    for engine, name in peers.items():
        theirs = [turn[engine] for turn in rounds if engine in turn]
        watched_whole = engine != "spark_sql"
        for clock, prefix in (("seconds", ""), ("cpu", "cpu_")):
            if theirs and (watched_whole or clock == "seconds"):
                ratios = [b[clock] / a[clock] for a, b in zip(ours, theirs, strict=True)]
                found[f"{prefix}ratio_to_{name}"] = round(
                    1 / median(ratios) if name == "scan" else median(ratios), 2
                )
                found[f"{name}_{clock}"] = round(median(run[clock] for run in theirs), 3)
        if theirs and watched_whole:
            found[f"{name}_peak_mb"] = max(run["peak_mb"] for run in theirs)
    for clock in ("seconds", "cpu", "first_run"):
        found[f"ours_{clock}"] = round(median(run[clock] for run in ours), 3)
    return found


def at_hand(referrals: int) -> tuple[str, ...]:
    """The engines that can do so many."""
    found = ENGINES[: -2 if referrals > LARGE else -1]
    if referrals > LARGE:
        return found
    if find_spec("pyspark") and shutil.which("java"):
        return ENGINES
    print("Spark is left out: it needs pyspark and Java", file=sys.stderr)
    return found


def missed(found: dict[str, Any], marks: dict[str, float]) -> list[str]:
    return [
        name
        for name, mark in marks.items()
        if name in found and (found[name] > mark if name in AT_MOST else found[name] < mark)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--referrals", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, help="5 up to a million referrals, 3 above")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help="these instead of all")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rounds = asked.rounds or (5 if asked.referrals <= 1_000_000 else 3)
    engines = tuple(asked.engines or at_hand(asked.referrals))
    with nullcontext(asked.folder) if asked.folder else tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        prepared(folder / "small", 2_000)
        took = prepared(folder / str(asked.referrals), asked.referrals)
        found = figures(rounds_of(folder / str(asked.referrals), folder / "small", engines, rounds))
    found = {"referrals": asked.referrals, "rounds": rounds, **found, **took}
    below = missed(found, GATES)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            mark = f"gate {GATES[name]:g}, aim {AIMS[name]:g}" if name in GATES else ""
            print(f"{name:24}{value:>14,}  {mark}{'  MISSED' if name in below else ''}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
