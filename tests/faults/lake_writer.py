"""Commits to a lake until it is killed, saying after each commit which one is acknowledged.

`python lake_writer.py LAKE LAST` goes on from the lake's last entry and stops after entry LAST. What entry n
writes follows from n alone, so that a run killed and taken up again can be compared with one that was not.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from joinedup.lake import Change, Lake, create_lake, open_lake

TABLES = ("returns/IDS001", "returns/IDS101", "journeys")
BY = ("provider", "period")


def changes(number: int) -> list[Change]:
    """Entry `number`: two partitions of each returns table, and journeys whole."""
    pairs = [("RV3", f"2024-{number % 4 + 1:02d}"), ("RKL", f"2024-{number % 3 + 1:02d}")]
    size = 50 + number % 7
    rows = pa.table(
        {
            "number": pa.array([number * 1_000 + i for i in range(2 * size)], pa.int64()),
            "provider": [pairs[i % 2][0] for i in range(2 * size)],
            "period": [pairs[i % 2][1] for i in range(2 * size)],
        }
    )
    returns = [Change(table, rows, partition_by=BY, replace_partitions=pairs) for table in TABLES[:2]]
    return [*returns, Change(TABLES[2], rows)]


def commit(lake: Lake, number: int) -> None:
    lake.commit(
        changes(number), kind="load", known_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number)
    )


def contents(lake: Lake) -> dict[str, list[tuple]]:
    """Every row of every table, sorted."""
    return {
        table: sorted(tuple(row.values()) for row in lake.read(table).to_pylist()) for table in lake.tables()
    }


def main() -> None:
    lake = open_lake(Path(sys.argv[1]))
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # so that kills strike commits, not the loading of libraries
        commit(create_lake(Path(folder) / "lake", purpose="demo", key_fingerprint="warm"), 1)
    print("ready", flush=True)
    for number in range(len(lake.history()) + 1, int(sys.argv[2]) + 1):
        commit(lake, number)
        print(number, flush=True)


if __name__ == "__main__":
    main()
