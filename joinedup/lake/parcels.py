"""Tables on their way through a cluster. All rows of all tables travel as one: part, name of the table, cells as text.

What is made of them comes back in parcels: an Arrow stream of bounded size in a row with part and name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.lake.dividing import Work, fitted

PARCEL = pa.schema([("part", pa.int32()), ("name", pa.string()), ("rows", pa.binary())])
BATCH = 1000
"""Rows in a batch that Spark hands over, whether of cells or of parcels: of parcels, 256 MB at most."""
_BYTES = 256 * 1024  # of a parcel before compression, at most about
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")

Batches = Iterator[pa.RecordBatch]
Run = tuple[int, str, pa.Array]  # part, name, rows that follow each other


def working(
    work: Work, schemas: Mapping[str, pa.Schema], results: Mapping[str, pa.Schema]
) -> Callable[[Batches], Batches]:
    """A function from rows as cells, those of a part and then of a table together, to parcels of what `work` makes of
    each part."""

    def run(batches: Batches) -> Batches:
        for part, runs in groupby(_runs(batches), key=itemgetter(0)):
            made = fitted(work(_tables(runs, schemas)), results)
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


def unpacked(parcels: pa.Table, results: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
    """The tables of the parcels, part by part; a table without any is empty."""
    found: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in results.items()}
    columns = [parcels.sort_by("part")[name].to_pylist() for name in ("name", "rows")]
    for name, rows in zip(*columns, strict=True):
        found[name].append(pa.ipc.open_stream(rows).read_all().cast(results[name]))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def _runs(batches: Batches) -> Iterator[Run]:
    """Rows cut where part or table changes."""
    for batch in batches:
        part, name, cells = batch.columns
        named = name.dictionary_encode()
        places = np.stack([part.to_numpy(), named.indices.to_numpy()])
        starts = np.flatnonzero(np.append(True, (places[:, 1:] != places[:, :-1]).any(axis=0)))
        for start, end in zip(starts, [*starts[1:], len(part)], strict=True):
            yield part[start].as_py(), name[start].as_py(), cells.slice(start, end - start)


def _tables(runs: Iterable[Run], schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
    """The tables of one part; a table without rows is empty."""
    found = {name: schema.empty_table() for name, schema in schemas.items()}
    for name, same in groupby(runs, key=itemgetter(1)):
        found[name] = _table([cells for _, _, cells in same], schemas[name])
    return found


def _table(runs: Sequence[pa.Array], schema: pa.Schema) -> pa.Table:
    cells = pa.chunked_array([pc.list_flatten(run) for run in runs])
    places = np.arange(0, len(cells), len(schema))
    columns = [cells.take(pa.array(places + place)).cast(field.type) for place, field in enumerate(schema)]
    return pa.table(columns, schema=schema)
