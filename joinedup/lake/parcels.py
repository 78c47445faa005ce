"""Tables on their way between processes of a cluster: cut into parcels of bounded size, each an Arrow stream.

A parcel is a row of three columns: the part it belongs to, the name of its table, and the bytes. What the cluster
moves about has the same shape for every table, and rows stay columns all the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

import numpy as np
import pyarrow as pa

from joinedup.lake.dividing import Work, fitted

PARCEL = pa.schema([("part", pa.int32()), ("name", pa.string()), ("rows", pa.binary())])
PARCEL_IN_SPARK = "part int, name string, rows binary"
BATCH = 1000
"""Rows in a batch that Spark hands over, whether of a table or of parcels: what is in hand stays under 256 MB."""
_BYTES = 256 * 1024  # of a parcel before compression, at most about
_GATHERED = 100_000  # rows that are cut at a time: fewer would make parcels of a few rows each
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")

Batches = Iterator[pa.RecordBatch]


def packing(name: str) -> Callable[[Batches], Batches]:
    """A function from rows with a column `part` to parcels of the table `name`."""

    def pack(batches: Batches) -> Batches:
        for rows in _gathered(batches):
            parts = rows["part"].to_numpy()
            order = np.argsort(parts, kind="stable")
            ordered, found = rows.drop_columns(["part"]).take(order), parts[order]
            starts = np.flatnonzero(np.diff(found, prepend=-1))
            for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
                yield from packed(int(found[start]), name, ordered.slice(start, end - start))

    return pack


def working(
    work: Work, schemas: Mapping[str, pa.Schema], results: Mapping[str, pa.Schema]
) -> Callable[[Batches], Batches]:
    """A function from parcels, those of a part together, to parcels of what `work` makes of each part."""

    def run(batches: Batches) -> Batches:
        for part, parcels in groupby(_each(batches), key=lambda parcel: parcel[0]):
            made = fitted(work(unpacked(((name, rows) for _, name, rows in parcels), schemas)), results)
            for name, rows in made.items():
                yield from packed(part, name, rows)

    return run


def packed(part: int, name: str, rows: pa.Table) -> Batches:
    """Rows of one part as parcels."""
    step = max(1, _BYTES * rows.num_rows // max(rows.nbytes, 1))
    for start in range(0, rows.num_rows, step):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=_LZ4) as stream:
            stream.write_table(rows.slice(start, step))
        parcel = [[part], [name], [sink.getvalue().to_pybytes()]]
        yield pa.RecordBatch.from_arrays(
            [pa.array(value, field.type) for value, field in zip(parcel, PARCEL, strict=True)], schema=PARCEL
        )


def unpacked(
    parcels: Iterable[tuple[str, pa.Buffer]], schemas: Mapping[str, pa.Schema]
) -> dict[str, pa.Table]:
    """The tables of the parcels, in the order in which these come; a table without any is empty."""
    found: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in schemas.items()}
    for name, rows in parcels:
        found[name].append(pa.ipc.open_stream(rows).read_all().cast(schemas[name]))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def _gathered(batches: Batches) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= _GATHERED:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _each(batches: Batches) -> Iterator[tuple[int, str, pa.Buffer]]:
    for batch in batches:
        for part, name, rows in zip(*batch.columns, strict=True):
            yield part.as_py(), name.as_py(), rows.as_buffer()
