"""Rows made ready before the lake is written to: the same files as of the rows themselves."""

from __future__ import annotations

import pickle
from pathlib import Path

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
