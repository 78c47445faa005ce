"""A lake of many people, and the month that arrives: what `joinedup journeys build` takes to refresh, and to rebuild.

    python -m benchmarks.lake_months prepare DIR [--months 36] [--times 4] [--scale 0.1]
    python -m benchmarks.lake_months refresh|rebuild LAKE

A twin is written and loaded through the reader; its people are then multiplied under new identifiers, which
costs no reading, in two commits: all months but the last, with journeys built of them, and the load that brings
the last month and the month before it again. LAKE is a copy that shares its files, so that it can be thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from joinedup.intake import import_postcodes, load
from joinedup.journeys import build_journeys
from joinedup.journeys.tables import READ
from joinedup.lake import Change, Lake, create_lake, open_lake
from joinedup.linkage import make_demo_key
from joinedup.twin import write_twin

IDENTIFIERS = ("LocalPatientId", "ServiceRequestId", "person_id", "CareContactId", "CareActId")
BY = ("provider", "period")


def prepare(folder: Path, *, months: int, times: int, scale: float) -> Path:
    """The lake before its journeys are brought up to date; made where it is not there yet."""
    target = folder / f"lake-{months}-months-{times}-times"
    if target.exists():
        return target
    source = _twin(folder / f"twin-{months}", months, scale)
    loads = [entry for entry in source.history() if entry.kind == "load" and entry.submissions]
    last = max(record.period for record in source.submissions())
    arrives = next(entry for entry in loads if any(record.period == last for record in entry.submissions))
    before = open_lake(source.path, as_known=arrives.known_at - timedelta(seconds=1))
    after = open_lake(source.path, as_known=arrives.known_at)
    building = folder / f".{target.name}.part"
    shutil.rmtree(building, ignore_errors=True)
    lake = create_lake(building, purpose="demo", key_fingerprint="0" * 16)
    periods = sorted({record.period for record in before.submissions()})
    lake.commit(_changes(before, periods, times), kind="load", known_at=datetime(2026, 3, 1, tzinfo=UTC))
    build_journeys(lake)
    changed = sorted({record.period for record in arrives.submissions})
    lake.commit(_changes(after, changed, times), kind="load", known_at=datetime(2026, 4, 1, tzinfo=UTC))
    building.rename(target)
    return target


def _twin(folder: Path, months: int, scale: float) -> Lake:
    """A loaded twin."""
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        write_twin(folder / "twin", scale=scale, months=months)
        key = make_demo_key(folder / "key")
        lake = create_lake(folder / "lake", purpose="demo", key_fingerprint=key.fingerprint)
        import_postcodes(folder / "twin" / "postcodes.csv", lake)
        load([folder / "twin" / "returns"], lake, key=key)
        (folder / "done").touch()
    return open_lake(folder / "lake")


def _changes(lake: Lake, periods: list[str], times: int) -> list[Change]:
    return [
        Change(
            f"returns/{table}",
            rows,
            partition_by=BY,
            replace_partitions=sorted(
                {(provider, period) for provider in _providers(lake) for period in periods}
            ),
        )
        for table in READ
        for rows in [_rows(lake, table, periods, times)]
    ]


def _providers(lake: Lake) -> set[str]:
    return {record.provider for record in lake.submissions()}


def _rows(lake: Lake, table: str, periods: list[str], times: int) -> pa.Table:
    """The rows of these months, each as often as there are to be people."""
    copies = 1 if table == "IDS000" else times
    columns = [_column(name, copies) for name in READ[table].names]
    listed = ", ".join(f"'{period}'" for period in periods)
    sql = (
        f"SELECT {', '.join(columns)} FROM returns__{table}, range({copies}) AS copies(copy) "
        f"WHERE period IN ({listed}) ORDER BY provider, period, copy, _row"
    )
    return lake.query(sql).cast(READ[table])


def _column(name: str, copies: int) -> str:
    if name == "_row":
        return f"CAST(_row * {copies} + copy AS INTEGER) AS _row"
    return f"{name} || '.' || copy AS {name}" if name in IDENTIFIERS else name


def build(path: Path, *, rebuild: bool) -> dict[str, object]:
    """Seconds to bring the journeys up to date one way or the other, and what was done."""
    from joinedup.journeys import from_returns, one_pass  # noqa: F401  compiled code is loaded, not timed

    lake = open_lake(path)
    print("ready", flush=True)
    began, cpu = time.perf_counter(), time.process_time()
    build_journeys(lake, rebuild=rebuild)
    took = time.perf_counter() - began, time.process_time() - cpu
    last = lake.history()[-1]
    found = {name: last.notes[name] for name in ("done", "people", "months") if name in last.notes}
    return {"seconds": took[0], "cpu": took[1], "journeys": last.rows["journeys"], "found": found}


def copy_of(lake: Path, place: Path) -> Path:
    """A lake whose files are those of another under second names: none is ever written to again."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(lake, place, copy_function=os.link)
    (place / "writer.lock").unlink(missing_ok=True)
    return place


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("prepare", "refresh", "rebuild"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--scale", type=float, default=0.1)
    asked = parser.parse_args()
    if asked.what == "prepare":
        print(prepare(asked.folder, months=asked.months, times=asked.times, scale=asked.scale))
    else:
        print(json.dumps(build(asked.folder, rebuild=asked.what == "rebuild")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
