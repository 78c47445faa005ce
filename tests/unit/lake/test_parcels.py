"""Rows as cells on their way out, parcels on their way back: what arrives is what left."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.lake import parcels

KINDS = {
    "text": (pa.string(), st.text()),
    "day": (pa.date32(), st.dates(min_value=date(1000, 1, 1))),
    "small": (pa.int8(), st.integers(-128, 127)),
    "count": (pa.int16(), st.integers(-(2**15), 2**15 - 1)),
    "number": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "large": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "flag": (pa.bool_(), st.booleans()),
}
SCHEMA = pa.schema([(name, kind) for name, (kind, _) in KINDS.items()])
SCHEMAS = {"one": SCHEMA, "other": pa.schema([SCHEMA.field("day")]), "empty": SCHEMA}
ROW = st.fixed_dictionaries({name: st.none() | values for name, (_, values) in KINDS.items()})
CELLS = pa.schema([("part", pa.int32()), ("name", pa.string()), ("cells", pa.list_(pa.string()))])


def as_text(value: Any) -> str | None:
    """A value as Spark casts it to text."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["one", "other"]), ROW), max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=5),
)
def test_tables_arrive_as_they_left(rows: list[tuple[int, str, dict[str, Any]]], cuts: list[int]) -> None:
    rows = sorted(rows, key=lambda row: row[:2])
    sent = [
        {"part": part, "name": name, "cells": [as_text(row[column]) for column in SCHEMAS[name].names]}
        for part, name, row in rows
    ]
    edges = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    batches = [pa.RecordBatch.from_pylist(sent[one:two], schema=CELLS) for one, two in pairwise(edges)]
    made = list(parcels.working(lambda tables: tables, SCHEMAS, SCHEMAS)(iter(batches)))
    found = parcels.unpacked(pa.Table.from_batches(made[::-1], schema=parcels.PARCEL), SCHEMAS)
    for name, schema in SCHEMAS.items():
        wanted = [{column: row[column] for column in schema.names} for _, own, row in rows if own == name]
        assert found[name].equals(pa.Table.from_pylist(wanted, schema=schema)), name


def test_a_parcel_is_bounded() -> None:
    rows = pa.table({"text": ["some words " * 10] * 20_000})
    made = list(parcels.packed(0, "one", rows))
    assert len(made) > 5
    assert all(len(batch["rows"][0].as_py()) < 512 * 1024 for batch in made)
    back = parcels.unpacked(pa.Table.from_batches(made), {"one": rows.schema})
    assert back["one"].equals(rows)
