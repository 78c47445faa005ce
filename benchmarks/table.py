"""The jobs of `make bench`, one after the other: a line each as it ends, with its pass mark; JSON with --json.

    python -m benchmarks.table [--quick] [--only journeys refresh ...] [--folder DIR] [--json]

Each line is a benchmark of this folder, which says by itself what it times and beside what, run at the size its mark
is set for; --quick runs small sizes, whose marks do not gate. DIR keeps the data between runs; without it they are
made anew and removed. The page docs/explanation/benchmarks.md tells of each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.journeys import prepared, python


@dataclass(frozen=True)
class Mark:
    """One figure of a benchmark that has a mark: at most or at least so much."""

    figure: str
    peer: str
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    def missed(self, value: float) -> bool:
        return (self.at_least is not None and value < self.at_least) or (
            self.at_most is not None and value > self.at_most
        )

    def words(self) -> str:
        mark = f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"
        return mark + (f", aim {self.aim:g}" if self.aim is not None else "")


@dataclass(frozen=True)
class Job:
    """A benchmark at a size. `kept` is where its data may stay; `memory` names its figure of peak memory."""

    name: str
    size: str
    module: str
    asked: tuple[str, ...]
    quick: tuple[str, ...]
    marks: tuple[Mark, ...]
    kept: str = ""
    memory: str = "peak_mb"


def _journeys(millions: int) -> Job:
    return Job(
        "journeys", f"{millions}M referrals", "benchmarks.journeys",
        ("--referrals", f"{millions}000000"), ("--referrals", "100000"),
        (
            Mark("ratio_to_scan", "the scan floor", at_most=2.5, aim=1),
            Mark("ratio_to_duckdb", "tuned DuckDB SQL", at_least=3, aim=8),
            Mark("ratio_to_pandas", "careful pandas", at_least=8, aim=20),
            Mark("ratio_to_spark", "Spark, two cores", at_least=25, aim=60),
            Mark("peak_mb", "memory, MB", at_most=1_500, aim=1_000),
        ),
        kept="talking-therapies",
    )  # fmt: skip


JOBS = (
    Job("main job", "scale 1, 36 months", "benchmarks.main_job", (), ("--scale", "0.02", "--months", "14"),
        (Mark("peak_mb", "memory, MB", at_most=3_000),)),
    _journeys(1),
    _journeys(5),
    Job("twenty million", "20M referrals", "benchmarks.journeys",
        ("--referrals", "20000000", "--engines", "scan", "ours"),
        ("--referrals", "200000", "--engines", "scan", "ours"),
        (Mark("ours_seconds", "seconds", at_most=60, aim=20),
         Mark("peak_mb", "memory, MB", at_most=1_500, aim=1_000)), kept="talking-therapies"),
    Job("refresh", "5M referrals, 8.7% touched", "benchmarks.refresh",
        ("--referrals", "5000000"), ("--referrals", "100000", "--lake-times", "0"),
        (Mark("ratio_to_rebuild", "a rebuild", at_least=8),), kept="refresh"),
    Job("process", "1M cases, 7.4M events", "benchmarks.process", (), ("--cases", "20000"),
        (Mark("ratio", "pm4py", at_least=12, aim=25),), memory="ours_peak_mb"),
    Job("linkage", "2 x 1M people", "benchmarks.linkage", (), ("--people", "20000", "--rounds", "1"),
        (Mark("ours.ratio", "Splink alone", at_least=5, aim=10),
         Mark("ours.precision", "precision", at_least=0.9995),
         Mark("ours.recall", "recall", at_least=0.994)), memory="ours.peak_mb"),
    Job("load", "1 GB of CSV", "benchmarks.load", (), ("--megabytes", "20", "--rounds", "1"),
        (Mark("ratio_to_duckdb", "DuckDB's typed read", at_most=2.5, aim=1.5),
         Mark("peak_mb", "memory, MB", at_most=2_000)), kept="load"),
    Job("questions", "cube of 5M referrals", "benchmarks.talking_therapies.questions", (), (),
        (Mark("p95_ms", "95th percentile, ms", at_most=50, aim=10),), memory="cube_mb"),
)  # fmt: skip


GROWTH = Job(
    "growth", "1M, 5M and 20M referrals", "benchmarks.journeys", (), (),
    (Mark("cost", "cost each, to fewest", at_most=1.3), Mark("memory", "memory, to 5M", at_most=1.1)),
)  # fmt: skip
"""Told from the lines on journeys."""


def run(job: Job, folder: Path, quick: bool) -> dict[str, Any]:
    """What a benchmark answered: it exits with 1 where a mark is missed, and answers all the same."""
    asked = [*(job.quick if quick else job.asked), *(["--json"] if job.name != "questions" else [])]
    if job.name == "questions":
        size = 100_000 if quick else 5_000_000
        prepared(folder / "talking-therapies" / str(size), size)
        asked = [str(folder / "talking-therapies" / str(size))]
    if job.kept:
        (folder / job.kept).mkdir(parents=True, exist_ok=True)
        asked += ["--folder", str(folder / job.kept)]
    done = subprocess.run(python(job.module, *asked), stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if not lines:
        raise SystemExit(f"{job.module} failed")
    return dict(json.loads(lines[-1]))


def growth(answers: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """From the answers on journeys, by how many referrals: what one costs at the most against what it costs at the
    fewest (contacts are as many a referral at each size), and memory at the most against that at the size before."""
    fewest, *_, before, most = sorted(answers)
    cost = {size: answers[size]["ours_seconds"] / size for size in (fewest, most)}
    memory = {size: answers[size]["peak_mb"] for size in (before, most)}
    return {
        "cost": cost[most] / cost[fewest],
        "memory": memory[most] / memory[before],
        "peak_mb": memory[most],
    }


def value_of(found: dict[str, Any], path: str) -> float | None:
    """The figure at `ours.ratio`; None where it was not measured."""
    for name in path.split("."):
        if name not in found:
            return None
        found = found[name]
    return found  # type: ignore[return-value]


def lines(job: Job, found: dict[str, Any], quick: bool) -> list[dict[str, Any]]:
    """A line per mark."""
    return [
        {
            "job": job.name,
            "size": "small" if quick else job.size,
            "beside": mark.peer,
            "value": value,
            "mark": mark.words(),
            "missed": not quick and value is not None and mark.missed(value),
            "peak_mb": value_of(found, job.memory),
        }
        for mark in job.marks
        for value in [value_of(found, mark.figure)]
    ]


def shown(told: dict[str, Any]) -> str:
    """A line of the table."""
    value = "not run" if told["value"] is None else f"{told['value']:,.5g}"
    return (
        f"{told['job']:16}{told['size']:28}{told['beside']:22}{value:>10}  "
        f"{told['mark']:26}{told['peak_mb']:>8,.0f}  {'MISSED' if told['missed'] else ''}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", choices=sorted({job.name for job in JOBS}))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    table: list[dict[str, Any]] = []

    def tell(job: Job, found: dict[str, Any]) -> None:
        made = lines(job, found, asked.quick)
        table.extend(made)
        if not asked.json:
            print(*map(shown, made), sep="\n", flush=True)

    if not asked.json:
        print(f"{'job':16}{'size':28}{'beside':22}{'ours':>10}  {'mark':26}{'peak MB':>8}")
    journeys: dict[int, dict[str, Any]] = {}
    with nullcontext(asked.folder) if asked.folder else tempfile.TemporaryDirectory() as place:
        for job in JOBS:
            if asked.only and job.name not in asked.only:
                continue
            found = run(job, Path(place), asked.quick)
            tell(job, found)
            if job.module == "benchmarks.journeys":
                journeys[found["referrals"]] = found
    if len(journeys) > 2 and not asked.quick:
        tell(GROWTH, growth(journeys))
    if asked.json:
        print(json.dumps({"quick": asked.quick, "lines": table}))
    return 1 if any(told["missed"] for told in table) else 0


if __name__ == "__main__":
    sys.exit(main())
