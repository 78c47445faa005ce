"""A change to a table, and the Parquet files that will carry it: written, not yet part of the lake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from joinedup.errors import OurFault
from joinedup.lake.columns import storable
from joinedup.lake.contents import TableState
from joinedup.lake.durable import fingerprint
from joinedup.lake.ledger import DataFile

Values = tuple[str | None, ...]

_TABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)*")
# Partition values become folder names. Codes and months need no more than this, and nothing here needs
# escaping, which Delta, DuckDB and Spark each do in their own way.
_VALUE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_NULL = "__HIVE_DEFAULT_PARTITION__"  # the folder name that Delta, DuckDB and Spark all read as null
_NUMBER = "_row"  # where a row stood in what was sent
_ROW_GROUP = 122_880  # DuckDB's own vector group: smaller ones cost reading time, larger ones prune less


@dataclass(frozen=True)
class Change:
    """New rows for one table of the lake.

    `replace_partitions` lists the partitions these rows replace, one tuple of values per partition in the
    order of `partition_by` (None for null); `replace` says the same as a product, `{"provider": ["RV3"]}`,
    and may leave columns out. With neither, the rows become the whole table, and may bring a new schema.
    Rows outside what is replaced are refused. A table's partition columns hold text and stay what they were
    first.
    """

    table: str
    rows: pa.Table
    replace: Mapping[str, Sequence[str]] | None = None
    partition_by: tuple[str, ...] = ()
    replace_partitions: Sequence[Values] | None = None

    def __post_init__(self) -> None:
        if not _TABLE.fullmatch(self.table):
            raise OurFault(f"{self.table!r} is not a name for a lake table")
        strange = [name for name in self.replace or () if name not in self.partition_by]
        if strange or (self.replace is not None and self.replace_partitions is not None):
            raise OurFault(f"the change to {self.table} does not say in one way which partitions it replaces")
        if any(len(values) != len(self.partition_by) for values in self.replace_partitions or ()):
            raise OurFault(f"a partition of {self.table} is named by {self.partition_by}")

    @property
    def whole(self) -> bool:
        """Whether the rows become the whole table."""
        return self.replace is None and self.replace_partitions is None

    def covers(self, values: Values) -> bool:
        """Whether the partition with these values is among those replaced."""
        if self.replace_partitions is not None:
            return values in {tuple(wanted) for wanted in self.replace_partitions}
        named = dict(zip(self.partition_by, values, strict=True))
        return all(named[column] in wanted for column, wanted in (self.replace or {}).items())


@dataclass(frozen=True)
class Staged:
    """A change whose files are written: `removed` are the live files it replaces."""

    table: str
    schema: pa.Schema
    partition_by: tuple[str, ...]
    added: tuple[DataFile, ...]
    removed: tuple[DataFile, ...]


def stage(change: Change, before: TableState | None, folder: Path, number: int) -> Staged:
    """Write the Parquet files of a change under the table's `folder`; nothing reads them yet.

    OurFault when the rows do not fit the table (`before`, None for a new one) or the partitions said to be
    replaced.
    """
    schema, rows = _as_stored(change.rows)
    _check_fit(change, schema, before)
    if before is not None and not change.whole:
        schema, rows = before.schema, rows.select(before.schema.names)
    added = tuple(
        _write(part.drop_columns(list(change.partition_by)), values, change.partition_by, folder, number)
        for values, part in _parts(rows, change)
    )
    live = before.files.values() if before is not None else ()
    removed = tuple(file for file in live if change.whole or change.covers(file.partition))
    return Staged(change.table, schema, change.partition_by, added, removed)


def _as_stored(rows: pa.Table) -> tuple[pa.Schema, pa.Table]:
    """The schema the lake keeps, and the rows in it, save that text given as codes stays coded: Parquet
    stores it so, and writing out each text to code it again would be most of the work."""
    schema = storable(rows.schema.empty_table()).schema
    coded = [
        name for name, field in zip(rows.column_names, rows.schema, strict=True) if _is_coded(field.type)
    ]
    plain = storable(rows.drop_columns(coded)) if coded else storable(rows)
    columns = {name: rows.column(name) if name in coded else plain.column(name) for name in schema.names}
    return schema, pa.table(columns) if coded else plain


def _is_coded(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) and kind.value_type == pa.string())


def _check_fit(change: Change, schema: pa.Schema, before: TableState | None) -> None:
    for column in change.partition_by:
        if column not in schema.names or schema.field(column).type != pa.string():
            raise OurFault(f"{change.table} is partitioned by {column}, which must be a text column")
    if len(schema) == len(change.partition_by) or len(set(schema.names)) != len(schema):
        raise OurFault(f"{change.table} needs columns besides its partitions, each named once")
    if before is None:
        return
    if change.partition_by != before.partition_by:
        raise OurFault(f"{change.table} is partitioned by {before.partition_by}, not {change.partition_by}")
    if not change.whole and set(schema) != set(before.schema):
        strange = sorted({field.name for field in set(schema) ^ set(before.schema)})
        raise OurFault(f"the rows for {change.table} differ from the table in {', '.join(strange)}")


def _parts(rows: pa.Table, change: Change) -> Iterator[tuple[Values, pa.Table]]:
    """The rows of each partition, in their given order."""
    for values, part in _split(rows, change.partition_by):
        if any(value is not None and not _VALUE.fullmatch(value) for value in values):
            raise OurFault(f"{change.table}: a value of {change.partition_by} cannot name a partition")
        if not change.whole and not change.covers(values):
            raise OurFault(f"rows for {change.table} lie outside the partitions they replace")
        yield values, part


def _split(rows: pa.Table, columns: tuple[str, ...]) -> Iterator[tuple[Values, pa.Table]]:
    if not rows.num_rows:
        return
    keys = [_codes(rows.column(column)) for column in columns]
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


def _write(part: pa.Table, values: Values, columns: tuple[str, ...], folder: Path, number: int) -> DataFile:
    sink = pa.BufferOutputStream()
    # Level 1 of zstd writes as fast as snappy here and halves the file, which halves what fsync waits for.
    # Statistics cost a fifth of the writing and could leave nothing out: rows lie in no order. Without the
    # Arrow schema in the file, text written from codes is plain text to whoever reads it.
    pq.write_table(
        _one_dictionary(part),
        sink,
        compression="zstd",
        compression_level=1,
        row_group_size=_ROW_GROUP,
        write_statistics=False,
        **_encodings(part),
    )
    content = sink.getvalue()
    digest = fingerprint(content)
    names = [
        f"{column}={_NULL if value is None else value}" for column, value in zip(columns, values, strict=True)
    ]
    path = "/".join([*names, f"{number:08d}-{digest[:16]}.parquet"])
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return DataFile(path, len(content), digest, part.num_rows, values)


def _encodings(part: pa.Table) -> dict[str, Any]:
    """How Parquet is to store rows of which some text is coded: codes only where they are fewer than half the
    rows, and the number of a row as its difference from the one before."""
    coded = [
        name for name, field in zip(part.column_names, part.schema, strict=True) if _is_coded(field.type)
    ]
    if not coded:
        return {}
    most = {name: max(len(chunk.dictionary) for chunk in part.column(name).iterchunks()) for name in coded}
    many = [name for name, texts in most.items() if texts > part.num_rows / 2]
    counted = [name for name in part.column_names if name == _NUMBER]
    return {
        "store_schema": False,
        "use_dictionary": [name for name in part.column_names if name not in (*many, *counted)],
        "column_encoding": dict.fromkeys(counted, "DELTA_BINARY_PACKED"),
    }


def number_of(file_name: str) -> int:
    """The ledger entry for which a data file was written, from its name."""
    return int(file_name.split("-", 1)[0])
