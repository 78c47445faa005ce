"""Rows made ready before the lake is written to: the same files as of the rows themselves."""

from __future__ import annotations

import pickle
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake_rows import BY, numbers, on, referrals

from joinedup.errors import OurFault
from joinedup.lake import Change, Lake, encode, joined

APRIL, MAY = ("RV3", "2024-04"), ("RV3", "2024-05")


def coded(rows: pa.Table) -> pa.Table:
    """As `intake` hands rows over: text as codes."""
    place = rows.schema.get_field_index("EndCode")
    return rows.set_column(place, "EndCode", rows["EndCode"].dictionary_encode())


def files(lake: Lake, table: str) -> list[tuple[str, ...]]:
    return [(file.sha256, *file.partition) for file in lake.history()[-1].changes[table].added]


@pytest.mark.parametrize("make", [coded, lambda rows: rows])
def test_the_files_are_those_of_the_rows(lake: Lake, make) -> None:
    parts = [make(referrals(month, range(size))) for month, size in ((APRIL, 9), (MAY, 4))]
    ready = joined([pickle.loads(pickle.dumps(encode(part, BY))) for part in parts])
    assert len(ready) == 13
    changes = [
        Change("plain", pa.concat_tables(parts), partition_by=BY, replace_partitions=[APRIL, MAY]),
        Change("ready", ready, partition_by=BY, replace_partitions=[APRIL, MAY]),
    ]
    lake.commit(changes, kind="load", known_at=on(1))
    assert files(lake, "ready") == files(lake, "plain")
    assert lake.read("ready") == lake.read("plain")


def test_columns_come_in_the_order_of_the_table(lake: Lake) -> None:
    for month, turned in ((APRIL, False), (MAY, True)):
        rows = referrals(month, [1, 2])
        rows = rows.select(rows.column_names[::-1]) if turned else rows
        lake.commit([Change("t", encode(rows, BY), None, BY, [month])], kind="load", known_at=on(1))
    assert numbers(lake, "t") == {APRIL: [1, 2], MAY: [1, 2]}
    first, second = sorted(Path(lake.path).rglob("t/**/*.parquet"))
    assert pq.read_schema(first).names == pq.read_schema(second).names


def test_no_rows_make_a_table_and_no_file(lake: Lake) -> None:
    lake.commit(
        [Change("t", encode(referrals(APRIL, []), BY), None, BY, [APRIL])], kind="load", known_at=on(1)
    )
    assert lake.read("t").schema == referrals(APRIL, []).schema
    assert not lake.history()[-1].changes["t"].added


def test_rows_made_ready_are_held_to_what_they_replace(lake: Lake) -> None:
    ready = encode(referrals(APRIL, [1]), BY)
    with pytest.raises(OurFault, match="outside the partitions"):
        lake.commit([Change("t", ready, None, BY, [MAY])], kind="load", known_at=on(1))
    with pytest.raises(OurFault, match="were made ready by"):
        Change("t", ready, partition_by=("provider",))


def test_each_column_is_stored_as_costs_least_and_read_as_it_was(tmp_path: Path) -> None:
    size = 60_000
    keyed = [f"{number:032x}" for number in range(size)]
    rows = pa.table(
        {
            "plain": pa.array(keyed),  # beside coded text: hardly repeats
            "keyed": pa.array(keyed).dictionary_encode(),
            "few": pa.array(["Y", None, "N"] * (size // 3)).dictionary_encode(),
            "long": pa.array([f"{number % 25_000:045d}" for number in range(size)]).dictionary_encode(),
            "_row": pa.array(range(1, size + 1), pa.int32()),
        }
    )
    (part,) = encode(rows, ()).parts
    stored = pq.ParquetFile(pa.BufferReader(part.content))
    ways = {
        column["path_in_schema"]: set(column["encodings"])
        for column in stored.metadata.to_dict()["row_groups"][0]["columns"]
    }
    assert "DELTA_LENGTH_BYTE_ARRAY" in ways["plain"] & ways["keyed"] & ways["long"]
    assert "RLE_DICTIONARY" in ways["few"] and "DELTA_BINARY_PACKED" in ways["_row"]
    assert not any("DICTIONARY" in way for name in ("plain", "keyed", "long", "_row") for way in ways[name])
    assert stored.read().to_pydict() == {name: rows[name].to_pylist() for name in rows.column_names}
    with duckdb.connect() as connection:
        (tmp_path / "part.parquet").write_bytes(part.content)
        assert (
            connection.read_parquet(str(tmp_path / "part.parquet")).to_arrow_table().to_pydict()
            == stored.read().to_pydict()
        )


def test_what_says_one_thing_throughout_is_not_packed_and_lists_are() -> None:
    size = 1_000
    rows = pa.table(
        {
            "nothing": pa.nulls(size, pa.date32()),
            "same": pa.array(["Y"] * size).dictionary_encode(),
            "same_or_nothing": pa.array(["Y", None] * (size // 2)).dictionary_encode(),
            "few": pa.array(["Y", "N"] * (size // 2)).dictionary_encode(),
            "day": pa.array(range(size), pa.int32()).cast(pa.date32()),
            "therapies": pa.array([["A", "B"], []] * (size // 2), pa.list_(pa.string())),
            "steps": pa.array([[[1], [2, 3]]] * size, pa.list_(pa.list_(pa.int32()))),
        }
    )
    lists = {"therapies.list.element", "steps.list.element.list.element"}
    assert packed_in(rows) == {"few", "day", *lists}
    assert not packed_in(rows.slice(0, 10))
    plain = rows.drop_columns(["same", "same_or_nothing", "few"])
    assert packed_in(plain) == {"nothing", "day", *lists}


def packed_in(rows: pa.Table) -> set[str]:
    """The columns of the file that are packed, which reads as the rows do."""
    (part,) = encode(rows, ()).parts
    stored = pq.ParquetFile(pa.BufferReader(part.content))
    assert stored.read().to_pylist() == rows.to_pylist()
    columns = stored.metadata.to_dict()["row_groups"][0]["columns"]
    return {column["path_in_schema"] for column in columns if column["compression"] == "ZSTD"}
