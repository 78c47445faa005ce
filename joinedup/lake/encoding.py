"""Rows as the bytes of the Parquet files that will hold them, one file per partition."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from joinedup.lake.columns import storable
from joinedup.lake.durable import fingerprint

Values = tuple[str | None, ...]

_APART = 5  # the form of pickling from which contents may go beside the message
_NUMBER = "_row"  # where a row stood in what was sent
_DICTIONARY = 1 << 20  # bytes of it at which Parquet gives it up half way, having written it for nothing
_TOO_FEW = 500  # rows: packing them takes three times as long as writing them, for 20 KB a table
_HASHED = 32  # bytes a text: keyed identifiers, which pack a third faster where nothing stands between them
_LENGTHS_APART, _DIFFERENCES = "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BINARY_PACKED"
_ROW_GROUP = 122_880  # DuckDB's own vector group: smaller ones cost reading time, larger ones prune less


@dataclass(frozen=True)
class Part:
    """The rows of one partition: the partition's values, the Parquet file without its columns, sha256 and rows."""

    values: Values
    content: bytes
    digest: str
    rows: int

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # From process to process the content goes as it lies in memory, where the form of pickling knows how.
        content = pickle.PickleBuffer(self.content) if protocol >= _APART else self.content
        return Part, (self.values, content, self.digest, self.rows)


@dataclass(frozen=True)
class Encoded:
    """Rows made ready for a table of the lake, wherever that was done. `schema` is that of the whole table."""

    schema: pa.Schema
    partition_by: tuple[str, ...]
    parts: tuple[Part, ...]

    def __len__(self) -> int:
        return sum(part.rows for part in self.parts)


def encode(rows: pa.Table, partition_by: tuple[str, ...]) -> Encoded:
    """Make rows ready, partition by partition in their given order."""
    schema, stored = as_stored(rows)
    return Encoded(schema, partition_by, tuple(parts_of(stored, partition_by)))


def joined(several: Sequence[Encoded]) -> Encoded:
    """Rows of one table, made ready apart, as one; no two of them may hold the same partition."""
    first = several[0]
    return Encoded(first.schema, first.partition_by, tuple(part for one in several for part in one.parts))


def parts_of(rows: pa.Table, partition_by: tuple[str, ...]) -> Iterator[Part]:
    """The partitions of rows as the lake stores them (`as_stored`), one at a time, as together they may be large."""
    for values, part in _split(rows, partition_by):
        yield _part(part.drop_columns(list(partition_by)), values)


def in_order(part: Part, names: Sequence[str]) -> Part:
    """The same rows with the columns in the order of `names`, which may name others too."""
    rows = pq.read_table(pa.BufferReader(part.content))
    return _part(rows.select([name for name in names if name in rows.column_names]), part.values)


def as_stored(rows: pa.Table) -> tuple[pa.Schema, pa.Table]:
    """The schema the lake keeps, and the rows in it, save that text given as codes stays coded: Parquet
    stores it so, and writing out each text to code it again would be most of the work."""
    schema = storable(rows.schema)
    both = zip(rows.schema, schema, strict=True)
    held = pa.schema(
        [(kept.name, given.type if _is_coded(given.type) else kept.type) for given, kept in both]
    )
    if rows.schema.equals(held, check_metadata=True):
        return schema, rows
    return schema, rows.replace_schema_metadata(None).cast(held)


def _is_coded(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) and kind.value_type == pa.string())


def _split(rows: pa.Table, columns: tuple[str, ...]) -> Iterator[tuple[Values, pa.Table]]:
    if not rows.num_rows:
        return
    keys = [_codes(rows.column(column)) for column in columns]
    if all(len(key.dictionary) == 1 and not key.null_count for key in keys):
        yield tuple(key[0].as_py() for key in keys), rows
        return
    codes = np.zeros(rows.num_rows, dtype=np.int64)
    for key in keys:
        place = np.asarray(key.indices.fill_null(len(key.dictionary)), dtype=np.int64)
        codes = codes * (len(key.dictionary) + 1) + place
    # Rows mostly come partition by partition, and then need no moving.
    order = None if (codes[1:] >= codes[:-1]).all() else np.argsort(codes, kind="stable")
    ordered = rows if order is None else _one_dictionary(rows).take(order)
    sorted_codes = codes if order is None else codes[order]
    starts = np.append(0, np.flatnonzero(np.diff(sorted_codes)) + 1)
    for start, end in zip(starts, [*starts[1:], rows.num_rows], strict=True):
        first = int(start if order is None else order[start])
        values = tuple(key[first].as_py() for key in keys)
        yield values, ordered.slice(start, end - start)


def _codes(column: pa.ChunkedArray) -> pa.DictionaryArray:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
        return pa.concat_arrays(column.chunks)
    return column.combine_chunks().dictionary_encode()


def _one_dictionary(rows: pa.Table) -> pa.Table:
    return rows.unify_dictionaries() if any(_is_coded(field.type) for field in rows.schema) else rows


def _part(rows: pa.Table, values: Values) -> Part:
    sink = pa.BufferOutputStream()
    # zstd at level 1, which is Arrow's, writes as fast as snappy here and halves the file, which halves what fsync
    # waits for. Statistics cost a fifth of the writing and could leave nothing out: rows lie in no order. Without the
    # Arrow schema in the file, text written from codes is plain text to whoever reads it.
    whole = _one_dictionary(rows)
    pq.write_table(
        whole,
        sink,
        row_group_size=_ROW_GROUP,
        write_statistics=False,
        **_ways(whole),
    )
    content = sink.getvalue().to_pybytes()
    return Part(values, content, fingerprint(content), rows.num_rows)


def _ways(part: pa.Table) -> dict[str, Any]:
    """How Parquet is to store rows of which some text is coded: codes only where that is less to write, keyed
    identifiers with their lengths apart, the number of a row as its difference from the one before, and packed only
    what that makes smaller."""
    coded = [field.name for field in part.schema if _is_coded(field.type)]
    if not coded or not part.num_rows:
        return {"compression": "zstd"}
    # Text that comes plain beside coded text is such as hardly repeats.
    texts = {field.name: part.column(field.name) for field in part.schema if field.type == pa.string()}
    texts |= {name: part.column(name).chunk(0).dictionary for name in coded}
    many = [
        name for name, held in texts.items() if len(held) > part.num_rows / 2 or held.nbytes > _DICTIONARY
    ]
    ways = {name: _LENGTHS_APART for name in many if texts[name].nbytes > _HASHED * len(texts[name])}
    ways |= {name: _DIFFERENCES for name in part.column_names if name == _NUMBER}
    return {
        "store_schema": False,
        "use_dictionary": [name for name in part.column_names if name not in {*many, *ways}],
        "column_encoding": ways,
        "compression": {_leaf(f.name, f.type): _packed(part.column(f.name)) for f in part.schema},
    }


def _packed(column: pa.ChunkedArray) -> str:
    """How to pack a column: not at all where it says nothing, or one thing throughout. zstd starts anew for each."""
    if len(column) < _TOO_FEW or column.null_count == len(column):
        return "none"
    alike = _is_coded(column.type) and len(column.chunk(0).dictionary) == 1
    return "none" if alike else "zstd"


def _leaf(path: str, kind: pa.DataType) -> str:
    """What Parquet calls the column that holds a field's values."""
    return _leaf(f"{path}.list.element", kind.value_type) if pa.types.is_list(kind) else path
