"""A change to a table, and the Parquet files that will carry it: written, not yet part of the lake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from joinedup.errors import OurFault
from joinedup.lake.contents import TableState
from joinedup.lake.encoding import Encoded, Part, Values, as_stored, in_order, parts_of
from joinedup.lake.ledger import DataFile

_TABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)*")
# Partition values become folder names. Codes and months need no more than this, and nothing here needs
# escaping, which Delta, DuckDB and Spark each do in their own way.
_VALUE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_NULL = "__HIVE_DEFAULT_PARTITION__"  # the folder name that Delta, DuckDB and Spark all read as null


@dataclass(frozen=True)
class Change:
    """New rows for one table of the lake.

    `replace_partitions` lists the partitions these rows replace, one tuple of values per partition in the
    order of `partition_by` (None for null); `replace` says the same as a product, `{"provider": ["RV3"]}`,
    and may leave columns out. With neither, the rows become the whole table, and may bring a new schema.
    Rows outside what is replaced are refused. They may be made ready beforehand (`encode`), by the same
    partition columns. A table's partition columns hold text and stay what they were first.
    """

    table: str
    rows: pa.Table | Encoded
    replace: Mapping[str, Sequence[str]] | None = None
    partition_by: tuple[str, ...] = ()
    replace_partitions: Sequence[Values] | None = None

    def __post_init__(self) -> None:
        if not _TABLE.fullmatch(self.table):
            raise OurFault(f"{self.table!r} is not a name for a lake table")
        strange = [name for name in self.replace or () if name not in self.partition_by]
        if strange or (self.replace is not None and self.replace_partitions is not None):
            raise OurFault(f"the change to {self.table} does not say in one way which partitions it replaces")
        if isinstance(self.rows, Encoded) and self.rows.partition_by != self.partition_by:
            raise OurFault(f"rows for {self.table} were made ready by {self.rows.partition_by}")
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
    schema, parts = _ready(change, before)
    added = tuple(_write(part, change.partition_by, folder, number) for part in _placed(parts, change))
    live = before.files.values() if before is not None else ()
    removed = tuple(file for file in live if change.whole or change.covers(file.partition))
    return Staged(change.table, schema, change.partition_by, added, removed)


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


def _ready(change: Change, before: TableState | None) -> tuple[pa.Schema, Iterable[Part]]:
    """The schema of the table from now on, and the files to be, with columns in its order."""
    given = change.rows
    schema, rows = (given.schema, None) if isinstance(given, Encoded) else as_stored(given)
    _check_fit(change, schema, before)
    order = schema.names
    if before is not None and not change.whole:
        schema = before.schema
    if rows is not None:
        return schema, parts_of(rows.select(schema.names), change.partition_by)
    same = order == schema.names
    return schema, given.parts if same else (in_order(part, schema.names) for part in given.parts)


def _placed(parts: Iterable[Part], change: Change) -> Iterator[Part]:
    """The parts, each of them in a partition that can be named and that the change replaces."""
    for part in parts:
        if any(value is not None and not _VALUE.fullmatch(value) for value in part.values):
            raise OurFault(f"{change.table}: a value of {change.partition_by} cannot name a partition")
        if not change.whole and not change.covers(part.values):
            raise OurFault(f"rows for {change.table} lie outside the partitions they replace")
        yield part


def _write(part: Part, columns: tuple[str, ...], folder: Path, number: int) -> DataFile:
    names = [
        f"{column}={_NULL if value is None else value}"
        for column, value in zip(columns, part.values, strict=True)
    ]
    path = "/".join([*names, f"{number:08d}-{part.digest[:16]}.parquet"])
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(part.content)
    return DataFile(path, len(part.content), part.digest, part.rows, part.values)


def number_of(file_name: str) -> int:
    """The ledger entry for which a data file was written, from its name."""
    return int(file_name.split("-", 1)[0])
