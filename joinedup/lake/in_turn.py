"""Work done in this process, one part after the other: memory holds one part at a time, whatever the lake holds."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from joinedup.lake.dividing import Division, Room, Source, Work, fitted, part_sql, together
from joinedup.lake.session import connect, fetch, name, plain_errors
from joinedup.lake.sources import show

_HEXADECIMAL = "CAST('0x' || {} AS INTEGER)"


class InTurn:
    """The engine on one machine."""

    def parts(self, sources: Mapping[str, Source]) -> int:
        """One: DuckDB itself keeps within its memory and uses all threads on one part."""
        return 1

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
        connection = connect(memory_limit=room.memory_limit, threads=room.threads, spill=room.spill)
        try:
            with plain_errors():
                _prepare(connection, division, sources, parts)
            made = []
            for part in range(parts):
                tables = {table: _rows(connection, sql, part) for table, sql in division.tables.items()}
                made.append(fitted(work(tables), results))
                del tables
            return together(made, results)
        finally:
            connection.close()


def _prepare(
    connection: duckdb.DuckDBPyConnection, division: Division, sources: Mapping[str, Source], parts: int
) -> None:
    """Show the tables that are read, and work out the keys once for all parts."""
    show(connection, sources)
    for key, sql in division.keys.items():
        connection.execute(
            f"CREATE TEMP TABLE {name(key)} AS {part_sql(sql, division.by, parts, _HEXADECIMAL)}"
        )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, part: int) -> pa.Table:
    return fetch(connection, f"SELECT * EXCLUDE (part) FROM ({sql}) WHERE part = {part}")
