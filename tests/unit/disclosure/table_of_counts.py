"""The smallest result that can be released: named counts, and which add up to which."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from joinedup.disclosure import Display, Relation


@dataclass(frozen=True)
class TableOfCounts:
    """Counts by name. `sums`: (total, parts, rest) by name. `shares` are percentages of the first count."""

    values: tuple[tuple[str, int | None], ...]
    sums: tuple[tuple[str, tuple[str, ...], bool], ...] = ()
    shares: tuple[float | None, ...] = ()

    count_columns = ("count",)

    def counts(self) -> pa.Table:
        names, counts = zip(*self.values, strict=True)
        return pa.table({"name": pa.array(names, pa.string()), "count": pa.array(counts, pa.int64())})

    def relations(self) -> tuple[Relation, ...]:
        row = {name: i for i, (name, _) in enumerate(self.values)}
        return tuple(
            Relation((row[total], "count"), tuple((row[part], "count") for part in parts), rest)
            for total, parts, rest in self.sums
        )

    def with_counts(self, counts: pa.Table, display: Display) -> TableOfCounts:
        values = tuple((row["name"], row["count"]) for row in counts.to_pylist())
        whole = values[0][1]
        shares = tuple(
            display.percentage(100 * v / whole if whole and v is not None else None, whole) for _, v in values
        )
        return replace(self, values=values, shares=shares)

    def identity(self) -> dict[str, object]:
        return {"measure_id": "T1", "version": "2", "snapshot": 3, "filters": {"period": "2025-26"}}
