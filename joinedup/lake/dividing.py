"""How work over the tables of a lake is divided into parts that need nothing of each other.

Whoever divides says, in plain SQL that every engine reads alike, what must stay together and which rows go with it.
The engine makes parts of that and hands the tables of each part to a function, in this process or elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from joinedup.errors import OurFault
from joinedup.lake.contents import TableState
from joinedup.lake.session import name

PART = "$part"
"""Stands, in the SQL of a division, for the number of the part in which a row lies."""
_SLOTS = 16**4

Partition = tuple[str | None, ...]
Tables = Mapping[str, pa.Table]
Work = Callable[[Tables], Tables]
"""What is done with the tables of one part. It can be pickled and finds all it needs in the definitions."""


@dataclass(frozen=True)
class Division:
    """Which rows of which tables belong together.

    `by` is the SQL text whose equal values stay in one part: `$part` stands for that part in `keys`. `reads` holds the
    lake tables that are read, by the name they have in SQL, with the columns wanted; a table that the lake does not
    hold is empty. `keys` are SELECTs on the way, each known under its name to those after it. `tables` are the SELECTs
    of the rows that a part is handed, by name, each with a column `part`: a row that matters to several parts comes
    once for each of them, and never twice for one. SQL keeps to what DuckDB and Spark read alike.
    """

    by: str
    reads: Mapping[str, pa.Schema]
    keys: Mapping[str, str]
    tables: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """A table to read: what it holds at the snapshot (None when there is no such table), the folder it lies in, and
    the columns wanted."""

    state: TableState | None
    folder: Path
    columns: pa.Schema

    @property
    def files(self) -> list[str]:
        """Paths of the Parquet files that make up the table."""
        return [f"{self.folder}/{path}" for path in self.state.files] if self.state else []

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.state.rows if self.state else 0

    @property
    def partitions(self) -> frozenset[Partition]:
        """The partitions in which it has files, each as its values."""
        return frozenset(file.partition for file in self.state.files.values()) if self.state else frozenset()

    def within(self, wanted: Callable[[Partition], bool]) -> Source:
        """The same table as if it held the wanted partitions only: other files are never opened."""
        if self.state is None:
            return self
        files = {path: file for path, file in self.state.files.items() if wanted(file.partition)}
        return replace(self, state=replace(self.state, files=files))


@dataclass(frozen=True)
class Room:
    """What work may take: memory (in DuckDB's words), threads, and a private folder for what does not fit."""

    memory_limit: str
    threads: int
    spill: Path


class Engine(Protocol):
    """Where work is done. The lake knows which; nobody else does."""

    def parts(self, sources: Mapping[str, Source]) -> int:
        """Into how many parts work over these tables is best divided."""
        ...

    def run(
        self,
        work: Work,
        division: Division,
        sources: Mapping[str, Source],
        results: Mapping[str, pa.Schema],
        parts: int,
        room: Room,
    ) -> dict[str, pa.Table]:
        """What `work` makes of every part, put together in the order of the parts."""
        ...


def part_sql(sql: str, by: str, parts: int, hexadecimal: str) -> str:
    """A statement with the number of the part filled in. `hexadecimal` is how the engine reads a number so written: the
    parts are the same on every engine."""
    number = hexadecimal.format(f"substr(md5({by}), 1, 4)")
    return sql.replace(PART, f"CAST(floor({number} * {parts} / {_SLOTS}.0) AS INTEGER)")


def column_list(columns: pa.Schema) -> str:
    """The columns as SQL names."""
    return ", ".join(name(column) for column in columns.names)


def fitted(made: Tables, results: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
    """What a part made, held against what was promised. OurFault when it is something else."""
    strange = [
        table for table, schema in results.items() if table not in made or made[table].schema != schema
    ]
    if strange:
        raise OurFault(f"a part of the work did not make {', '.join(strange)} as it should")
    return {table: made[table] for table in results}


def together(parts: Sequence[Tables], results: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
    """The tables of all parts, one after the other."""
    return {
        table: pa.concat_tables([schema.empty_table(), *(part[table] for part in parts)])
        for table, schema in results.items()
    }
