"""The entry we write into Delta's log: read by Delta as it would have written it, and never over another."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from joinedup.errors import LakeDamaged
from joinedup.lake.delta_log import append_entry
from joinedup.lake.ledger import DataFile

PARTITION = ("provider", "period")


def file(folder: Path, name: str, partition: tuple[str | None, ...], rows: int) -> DataFile:
    parts = [
        f"{c}={'__HIVE_DEFAULT_PARTITION__' if v is None else v}"
        for c, v in zip(PARTITION, partition, strict=True)
    ]
    path = "/".join([*parts, f"{name}.parquet"])
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"n": list(range(rows))}), folder / path)
    return DataFile(path, (folder / path).stat().st_size, "0" * 64, rows, partition)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table without rows, made by Delta."""
    schema = pa.schema([("n", pa.int64()), ("provider", pa.string()), ("period", pa.string())])
    write_deltalake(tmp_path / "t", schema.empty_table(), partition_by=list(PARTITION))
    return tmp_path / "t"


def test_delta_reads_what_was_added_and_not_what_was_removed(folder: Path) -> None:
    first, second, third = (
        file(folder, name, partition, rows)
        for name, partition, rows in [
            ("a", ("RV3", "2025-04"), 3),
            ("b", ("RKL", "2025-04"), 2),
            ("c", ("RV3", None), 4),
        ]
    )
    append_entry(folder, 1, added=[first, second], removed=[], partition_by=PARTITION, marks={"mark": "7"})
    append_entry(folder, 2, added=[third], removed=[first], partition_by=PARTITION, marks={"mark": "8"})
    table = DeltaTable(folder)
    assert table.version() == 2
    assert sorted(Path(uri).name for uri in table.file_uris()) == ["b.parquet", "c.parquet"]
    rows = table.to_pyarrow_table().to_pylist()
    assert sorted((row["provider"], row["period"] or "", row["n"]) for row in rows) == [
        *(("RKL", "2025-04", n) for n in range(2)),
        *(("RV3", "", n) for n in range(4)),
    ]
    assert [entry["mark"] for entry in table.history(2)] == ["8", "7"]
    assert sorted(Path(uri).name for uri in DeltaTable(folder, version=1).file_uris()) == [
        "a.parquet",
        "b.parquet",
    ]
    # Delta goes on from what we wrote.
    write_deltalake(folder, pa.table({"n": [9], "provider": ["RKL"], "period": ["2025-05"]}), mode="append")
    assert DeltaTable(folder).version() == 3


def test_an_entry_stands_on_the_one_before_and_on_nothing_else(folder: Path) -> None:
    append_entry(folder, 1, added=[], removed=[], partition_by=PARTITION, marks={})
    before = (folder / "_delta_log" / f"{1:020d}.json").read_bytes()
    with pytest.raises(LakeDamaged, match="version 1 already"):
        append_entry(folder, 1, added=[], removed=[], partition_by=PARTITION, marks={"other": "1"})
    assert (folder / "_delta_log" / f"{1:020d}.json").read_bytes() == before
    with pytest.raises(LakeDamaged, match="no version 2"):
        append_entry(folder, 3, added=[], removed=[], partition_by=PARTITION, marks={})
    assert sorted(path.name for path in (folder / "_delta_log").iterdir() if path.suffix == ".json") == [
        f"{version:020d}.json" for version in (0, 1)
    ]
