"""Rows and changes for the tests of the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa

from joinedup.lake import Change, Lake

BY = ("provider", "period")


def referrals(partition: Sequence[str | None], numbers: Sequence[int]) -> pa.Table:
    """Rows of one partition, with a column of every kind that the returns and journeys use."""
    size = len(numbers)
    return pa.table(
        {
            "number": pa.array(numbers, pa.int32()),
            "EndCode": pa.array([None if n % 5 == 0 else f"{n:05d}" for n in numbers], pa.string()),
            "day": pa.array([n % 20_000 for n in numbers], pa.date32()),
            "score": pa.array([n / 2 for n in numbers], pa.float32()),
            "decile": pa.array([n % 10 + 1 for n in numbers], pa.int8()),
            "closed": pa.array([n % 2 == 0 for n in numbers], pa.bool_()),
            "therapies": pa.array([[str(n)] * (n % 3) for n in numbers], pa.list_(pa.string())),
            "seen_at": pa.array([n * 1_000_000 for n in numbers], pa.timestamp("us", tz="UTC")),
            "provider": pa.array([partition[0]] * size, pa.string()),
            "period": pa.array([partition[1]] * size, pa.string()),
        }
    )


def on(day: int, month: int = 4) -> datetime:
    return datetime(2024, month, day, 9, 30, tzinfo=UTC)


def replace(
    *partitions: tuple[str | None, str | None], rows: pa.Table, table: str = "returns/IDS101"
) -> Change:
    return Change(table, rows, partition_by=BY, replace_partitions=partitions)


def sorted_rows(rows: pa.Table) -> list[dict[str, object]]:
    return sorted(rows.to_pylist(), key=lambda row: (str(row["provider"]), str(row["period"]), row["number"]))


def numbers(lake: Lake, table: str = "returns/IDS101") -> dict[tuple[str, str], list[int]]:
    """The `number` column by partition: enough to see which rows a state holds."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in sorted_rows(lake.read(table)):
        found.setdefault((row["provider"], row["period"]), []).append(row["number"])
    return found
