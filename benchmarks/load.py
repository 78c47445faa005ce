"""Returns checked and loaded, beside DuckDB's typed read of the same CSV files, in interleaved rounds of one run.

    python -m benchmarks.load [--megabytes 1000] [--rounds 5] [--folder DIR] [--json]

The returns are a twin's, a year of submissions zipped as trusts send them, of so many megabytes of CSV. DuckDB reads
the files unzipped beforehand, with the types of the national specification given, into tables in memory: no rule is
checked, nothing is joined, hashed or kept. `checked` unzips, reads and puts every national rule to every row; `loaded`
does that, replaces the identifiers and writes the lake, forced to disk. Two threads, or two worker processes, each.
Ratios are medians over rounds; seconds on the wall gate, as the wall is what a data manager waits for, and CPU seconds
of all processes stand beside them. Memory is the anonymous RSS of the process and those it started, together.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.journeys import POLL, anonymous_kb, python

GATES = {"ratio_to_duckdb": 2.5, "peak_mb": 2_000.0}
AIMS = {"ratio_to_duckdb": 1.5}
SIDES = ("duckdb", "checked", "loaded")
MONTHS = 12
MEGABYTES_A_MONTH = 26.5  # of CSV at scale 1, both submissions of every trust
TYPES = {"string": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMP", "time": "TIME", "integer": "INTEGER"}


def prepare(folder: Path, megabytes: int) -> None:
    """The twin's returns, and the same files unzipped."""
    from joinedup.linkage import make_demo_key
    from joinedup.twin import write_twin

    write_twin(folder / "twin", scale=megabytes / MEGABYTES_A_MONTH / MONTHS, months=MONTHS, seed=7)
    make_demo_key(folder / "demo.key")
    for path in sorted((folder / "twin" / "returns").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder / "making" / path.stem)
    (folder / "making").rename(folder / "unzipped")


def bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "unzipped").rglob("*.csv"))


def by_duckdb(folder: Path) -> int:
    """Rows that DuckDB read, each column as the type the specification gives it."""
    import duckdb

    from joinedup.definitions import ReturnSpec

    rows = 0
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as connection:
        for table in ReturnSpec.load().tables:
            files = [str(path) for path in sorted((folder / "unzipped").glob(f"*/{table.name}.csv"))]
            if not files:
                continue
            types = {column.name: TYPES[column.type] for column in table.columns}
            connection.execute(
                f"CREATE TABLE {table.id} AS SELECT * FROM read_csv($files, header = true, quote = '\"', "
                f"escape = '\"', auto_detect = false, delim = ',', new_line = '\\n', columns = {types})",
                {"files": files},
            )
            (read,) = connection.sql(f"SELECT count(*) FROM {table.id}").fetchone() or (0,)
            rows += read
    return rows


def checked(folder: Path) -> int:
    """Rows put to the rules."""
    from joinedup.intake import check

    return sum(report.rows for report in check([folder / "twin" / "returns"]))


def loaded(folder: Path) -> int:
    """Rows of the submissions that were loaded, into a lake made for it."""
    from joinedup.intake import load
    from joinedup.lake import create_lake
    from joinedup.linkage import read_key

    key = read_key(folder / "demo.key")
    lake = create_lake(folder / "lake", purpose="demo", key_fingerprint=key.fingerprint)
    return sum(outcome.rows_in for outcome in load([folder / "twin" / "returns"], lake, key=key).files)


def run(side: str, folder: Path) -> dict[str, Any]:
    """One side in a process of its own, with the peak memory of it and its workers."""
    peak = 0
    command = python("benchmarks.load", "--side", side, "--folder", str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(anonymous_kb, family(process.pid))))
            time.sleep(POLL * 4)
        assert process.stdout
        printed = process.stdout.read().splitlines()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return {**json.loads(printed[-1]), "peak_mb": round(peak / 1024)}


def family(process: int) -> list[int]:
    """A process and those it started."""
    try:
        told = [path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return [process]
    return [process, *(int(child) for children in told for child in children)]


def one(side: str, folder: Path) -> dict[str, Any]:
    """What one side took in this process and its children, after its imports."""
    work = {"duckdb": by_duckdb, "checked": checked, "loaded": loaded}[side]
    import duckdb  # noqa: F401

    from joinedup.intake import check, load  # noqa: F401
    from joinedup.lake import create_lake  # noqa: F401

    # The lake of the round before: to delete it is no part of a load.
    shutil.rmtree(folder / "lake", ignore_errors=True)
    began = time.perf_counter(), _cpu()
    rows = work(folder)
    return {"rows": rows, "seconds": time.perf_counter() - began[0], "cpu": _cpu() - began[1]}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def figures(rounds: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Ratios, seconds and memory."""
    found: dict[str, Any] = {}
    for side in SIDES:
        for name in ("seconds", "cpu", "peak_mb"):
            found[f"{side}_{name}"] = round(median(turn[side][name] for turn in rounds), 1)
    for name, side in (("ratio_to_duckdb", "loaded"), ("check_ratio_to_duckdb", "checked")):
        for clock, prefix in (("seconds", ""), ("cpu", "cpu_")):
            found[prefix + name] = round(median(t[side][clock] / t["duckdb"][clock] for t in rounds), 2)
    found["peak_mb"] = max(turn["loaded"]["peak_mb"] for turn in rounds)
    found["rows"] = rounds[-1]["loaded"]["rows"]
    if any(turn[side]["rows"] < found["rows"] for turn in rounds for side in SIDES):
        raise SystemExit("the sides did not read the same rows")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(one(asked.side, asked.folder)))
        return 0
    with nullcontext(asked.folder) if asked.folder else tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if not (folder / "unzipped").exists():
            prepare(folder, asked.megabytes)
        rounds = [{side: run(side, folder) for side in SIDES} for _ in range(asked.rounds)]
        found = {"megabytes": round(bytes_of(folder) / 1e6), "rounds": asked.rounds, **figures(rounds)}
    found["load"] = round(os.getloadavg()[0], 1)
    missed = [name for name, mark in GATES.items() if found[name] > mark]
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            mark = f"at most {GATES[name]:g}" if name in GATES else ""
            print(f"{name:28}{value!s:>12}  {mark}{'  MISSED' if name in missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
