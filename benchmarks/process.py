"""What follows what in a log of a million cases, beside pm4py: transitions, mean and median times, variants.

    python -m benchmarks.process [--cases 1000000] [--rounds 5] [--json]

The log is generated (seeded; about 7.4 events a case, like referrals to a talking therapies service) and written to
Parquet in the order in which things happened. Both read it from there, with names of cases and activities as text,
in processes of their own, in turn. pm4py (AGPL) runs in .venv-peers and is imported by nothing of ours. What gates
is the ratio of CPU seconds; seconds on the wall stand beside it. Ours also tells 90th percentiles, starts, ends
and rework, and a second line times it from a log that is coded and clustered already, as our own journeys are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

AT_LEAST, AIM = 12.0, 25.0
ROOT = Path(__file__).parent.parent
PEER = ROOT / ".venv-peers" / "bin" / "python"
NAMES = ("Referral", "Assessment", "Treatment", "Follow-up", "Did not attend", "Cancelled")
ENDS = ("Closed: completed", "Closed: dropped out", "Closed: declined", "Closed: referred on")


def generate(path: Path, cases: int, seed: int = 7) -> int:
    """Write the log; the number of its events. A seventh of cases have no end yet."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance = np.random.default_rng(seed)
    contacts = chance.geometric(1 / 5.5, cases).clip(max=40)
    closed = chance.random(cases) < 6 / 7
    lengths = 1 + contacts + closed
    starts = np.cumsum(lengths) - lengths
    case = np.repeat(np.arange(cases, dtype=np.int32), lengths)
    kind = chance.choice(np.arange(1, 6), p=[0.06, 0.55, 0.15, 0.12, 0.12], size=len(case))
    kind[starts] = 0
    first = starts + 1
    kind[first] = np.where(chance.random(cases) < 0.8, 1, kind[first])
    kind[(starts + lengths - 1)[closed]] = len(NAMES) + chance.integers(0, len(ENDS), int(closed.sum()))
    gap = chance.exponential(12 * 86_400, len(case)).astype(np.int64) // 60 * 60
    gap[starts] = 0
    began = chance.integers(1_600_000_000, 1_750_000_000, cases)
    since = np.cumsum(gap)
    seconds = began[case] + since - since[starts][case]
    order = np.argsort(seconds, kind="stable")
    names = pa.array([*NAMES, *ENDS])
    table = pa.table(
        {
            "case:concept:name": pa.array(case[order]).cast(pa.string()),
            "concept:name": names.take(pa.array(kind[order])),
            "time:timestamp": pa.array(seconds[order] * 1000).cast(pa.timestamp("ms")),
        }
    )
    pq.write_table(table, path, compression="zstd")
    return len(case)


def ours(path: Path) -> dict[str, Any]:
    """Read, code, cluster, discover; and once more from the coded log."""
    import numpy as np
    import pyarrow.parquet as pq

    from joinedup.journeys.event_logs import discover, event_log

    table = pq.read_table(path, read_dictionary=["case:concept:name", "concept:name"])
    case, activity = (table[name].unify_dictionaries().combine_chunks() for name in table.column_names[:2])
    case, activity = (c.chunk(0) if hasattr(c, "chunk") else c for c in (case, activity))
    log = event_log(
        activity.dictionary.to_pylist(),
        np.asarray(case.indices),
        np.asarray(activity.indices),
        table["time:timestamp"].cast("int64").to_numpy(),
    )
    coded = time.process_time(), time.perf_counter()
    found = discover(log)
    return {
        "coded_cpu": time.process_time() - coded[0],
        "coded_wall": time.perf_counter() - coded[1],
        "check": [
            len(found.transitions), found.transitions_counted, len(found.variants), found.cases,
            round(sum(t.mean.value for t in found.transitions) / 1000),
            round(sum(t.median.value for t in found.transitions) / 1000),
        ],
    }  # fmt: skip


def theirs(path: Path) -> dict[str, Any]:
    """The same by pm4py."""
    import pandas as pd
    import pm4py

    frame = pd.read_parquet(path)
    frame = pm4py.format_dataframe(
        frame, case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp"
    )
    follows, *_ = pm4py.discover_dfg(frame)
    # "all" is one pass for mean and median: the quickest way it has
    times, *_ = pm4py.discover_performance_dfg(frame, perf_aggregation_key="all")
    variants = pm4py.get_variants(frame)
    return {
        "check": [
            len(follows), int(sum(follows.values())), len(variants), int(sum(variants.values())),
            *(round(sum(time[name] for time in times.values())) for name in ("mean", "median")),
        ]
    }  # fmt: skip


def measured(work: Callable[[Path], dict[str, Any]], path: Path, small: Path, out: Path) -> None:
    """One run of one side in this process: CPU, wall, and peak of anonymous memory, as JSON.

    A small log first: imports, and the loading of compiled code, are `start_cpu`, shown apart for both.
    """
    work(small)
    start = time.process_time()
    began = time.process_time(), time.perf_counter()
    found = work(path)
    found |= {"start_cpu": start}
    found |= {
        "cpu": time.process_time() - began[0],
        "wall": time.perf_counter() - began[1],
        "peak_mb": peak_mb(),
    }
    out.write_text(json.dumps(found))


def peak_mb() -> float:
    """Peak resident memory less what is mapped from files, in MB."""
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
    )
    numbers = {name: int(status[name].split()[0]) for name in ("VmHWM", "RssFile")}
    return (numbers["VmHWM"] - numbers["RssFile"]) / 1024


def run(side: str, path: Path) -> dict[str, Any]:
    """One side in a process of its own."""
    python = PEER if side == "theirs" else Path(sys.executable)
    out = path.with_suffix(f".{side}")
    asked = [
        "--side",
        side,
        "--log",
        str(path),
        "--small",
        str(path.with_name("small.parquet")),
        "--answer",
        str(out),
    ]
    command = [str(python), "-W", "ignore", "-m", "benchmarks.process", *asked]
    subprocess.run(
        command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    return dict(json.loads(out.read_text()))


def first_run(path: Path) -> float:
    """CPU seconds of ours with nothing compiled yet."""
    with tempfile.TemporaryDirectory() as empty:
        before = os.environ.get("NUMBA_CACHE_DIR")
        os.environ["NUMBA_CACHE_DIR"] = empty
        try:
            return float(run("ours", path)["start_cpu"])
        finally:
            del os.environ["NUMBA_CACHE_DIR"]
            os.environ |= {"NUMBA_CACHE_DIR": before} if before else {}


def compared(path: Path, rounds: int) -> dict[str, Any]:
    """Rounds in turn, and what they say. Raises SystemExit where the two disagree."""
    run("ours", path)  # compile once
    pairs = [(run("ours", path), run("theirs", path)) for _ in range(rounds)]
    for mine, their in pairs:
        if mine["check"] != their["check"]:
            raise SystemExit(f"Ours and pm4py disagree: {mine['check']} and {their['check']}")
    figures = {
        f"{side}_{name}": round(median(pair[at][name] for pair in pairs), 2)
        for at, side in enumerate(("ours", "pm4py"))
        for name in ("cpu", "wall", "peak_mb", "start_cpu")
    }
    return {
        **figures,
        "ratio": round(median(b["cpu"] / a["cpu"] for a, b in pairs), 1),
        "ratio_wall": round(median(b["wall"] / a["wall"] for a, b in pairs), 1),
        "ours_coded_cpu": round(median(a["coded_cpu"] for a, _ in pairs), 2),
        "ratio_coded": round(median(b["cpu"] / a["coded_cpu"] for a, b in pairs), 1),
        "check": pairs[0][0]["check"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    for name in ("--side", "--log", "--small", "--answer"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        measured(
            {"ours": ours, "theirs": theirs}[asked.side],
            Path(asked.log),
            Path(asked.small),
            Path(asked.answer),
        )
        return 0
    if not PEER.exists():
        print("pm4py is not installed here: make bench sets up .venv-peers", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        events = generate(path, asked.cases)
        generate(path.with_name("small.parquet"), 300)
        cold = first_run(path.with_name("small.parquet"))
        found = {
            "cases": asked.cases,
            "events": events,
            **compared(path, asked.rounds),
            "first_start_cpu": round(cold, 1),
        }
    found |= {"at_least": AT_LEAST, "aim": AIM, "load": os.getloadavg()[0]}
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' '):18} {value}")
    return 0 if found["ratio"] >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
