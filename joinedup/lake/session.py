"""DuckDB, locked down: it may read the files it was given, and do nothing else outside its own memory.

`enable_external_access = false` alone refuses our own files too; `allowed_directories` lets COPY write
among them; and `allowed_paths` still lets `COPY ... (USE_TMP_FILE false)` overwrite the very files it
allows, and a spill folder accepts any COPY (both seen with DuckDB 1.5.6). So statements are checked as well
as paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake.contents import TableState
from joinedup.lake.csv_reading import read_csv

_READING = frozenset({"SELECT"})
_WORKING = _READING | {"CREATE", "DROP", "INSERT", "UPDATE", "DELETE", "TRANSACTION"}


def text(value: str) -> str:
    """An SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """An SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def listed(values: Sequence[str]) -> str:
    """An SQL list of text literals."""
    return "[" + ", ".join(text(value) for value in values) + "]"


def connect(*, memory_limit: str, threads: int, spill: Path | None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database that knows no Python variable and fetches no extension. Not locked yet."""
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": "" if spill is None else str(spill),
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def lock(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """From here on only `files` can be read, and no setting can be changed back."""
    # Where Python has no script file the engine takes itself to be at a prompt and draws bars on standard
    # output, in the middle of --json.
    connection.execute(
        f"SET enable_progress_bar = false; SET TimeZone = 'UTC'; SET allowed_paths = {listed(files)}; "
        "SET enable_external_access = false; SET lock_configuration = true"
    )


def add_view(connection: duckdb.DuckDBPyConnection, view: str, state: TableState, folder: Path) -> None:
    """Show a lake table under the name `view`: its pinned files only, partition values as text."""
    if not state.files:
        connection.register(view, state.schema.empty_table())
        return
    files = listed([f"{folder}/{path}" for path in state.files])
    types = ", ".join(f"{name(column)}: VARCHAR" for column in state.partition_by)
    hive = f", hive_partitioning = true, hive_types = {{{types}}}" if types else ", hive_partitioning = false"
    columns = ", ".join(name(column) for column in state.schema.names)
    connection.execute(f"CREATE VIEW {name(view)} AS SELECT {columns} FROM read_parquet({files}{hive})")


def checked(connection: duckdb.DuckDBPyConnection, sql: str, kinds: frozenset[str]) -> duckdb.Statement:
    """`sql`, parsed, when it is one statement of an allowed kind; YourCommand otherwise."""
    statements = connection.extract_statements(sql)
    found = [statement.type.name for statement in statements]
    if len(found) != 1 or found[0] not in kinds:
        raise YourCommand(
            f"one statement at a time may run here, of {', '.join(sorted(kinds))}; "
            f"found {', '.join(found) or 'none'}",
            remedy="ask with a single SELECT",
        )
    return statements[0]


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, suspect: Callable[[], object] | None = None
) -> pa.Table:
    """The answer to one SELECT, in types the lake itself uses; `suspect` as in `plain_errors`."""
    with plain_errors(suspect):
        return tidy(connection.execute(checked(connection, sql, _READING)).to_arrow_table())


def tidy(table: pa.Table) -> pa.Table:
    """DuckDB's result with whole-number sums as int64, other decimals as float64, zoned times in UTC."""
    schema = pa.schema([(field.name, _tidy_type(field.type)) for field in table.schema])
    return table if schema == table.schema else table.cast(schema)


def _tidy_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(kind):
        return pa.int64() if kind.scale == 0 else pa.float64()
    if pa.types.is_list(kind):
        return pa.list_(_tidy_type(kind.value_type))
    if pa.types.is_timestamp(kind) and kind.tz:
        return pa.timestamp(kind.unit, tz="UTC")
    return kind


@contextmanager
def plain_errors(suspect: Callable[[], object] | None = None) -> Iterator[None]:
    """DuckDB's errors as ours. A message that can quote a value from the data is not passed on.

    `suspect` is called where the fault may lie in a file instead of the question, and raises if it does:
    DuckDB reports a file that is no longer Parquet as invalid input.
    """
    try:
        yield
    except (
        duckdb.ParserException,
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.PermissionException,
    ) as error:
        raise YourCommand(f"the question cannot be asked: {error}", remedy="correct the SQL") from None
    except duckdb.OutOfMemoryException:
        raise YourCommand(
            "the question needs more memory than it was given",
            remedy="ask for fewer rows, or raise the memory limit",
        ) from None
    except (duckdb.IOException, duckdb.HTTPException) as error:
        raise LakeDamaged(
            f"a file could not be read while answering: {str(error).splitlines()[0]}",
            remedy="run the deep check of the lake, then restore what it names from a backup",
        ) from None
    except duckdb.Error as error:
        if suspect is not None:
            suspect()
        raise YourCommand(
            f"the question failed on the data it met ({type(error).__name__})",
            remedy="check types and divisions in the SQL; the value is not shown, it may be a person's",
        ) from None


class Session:
    """A locked DuckDB of its own for work on given tables and files. Made by `sql_session`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def register(self, table: str, rows: pa.Table) -> None:
        """Make an Arrow table known under `table`, replacing any of that name; nothing is copied."""
        self._connection.register(table, rows)

    def unregister(self, table: str) -> None:
        """Forget a registered table."""
        self._connection.unregister(table)

    def read_csv(
        self,
        table: str,
        source: Path | str | bytes,
        columns: Sequence[str] | None = None,
        *,
        delimiter: str = ",",
        encoding: str = "utf-8",
    ) -> pa.Table:
        """Read a CSV file, or its bytes, register it as `table`, and answer it: see `read_csv`."""
        origin = Path(source) if isinstance(source, str) else source
        rows = read_csv(origin, columns, delimiter=delimiter, encoding=encoding)
        self.register(table, rows)
        return rows

    def execute(self, sql: str) -> None:
        """Run one statement that makes or changes tables in memory. YourCommand for any other kind."""
        with plain_errors():
            self._connection.execute(checked(self._connection, sql, _WORKING))

    def fetch(self, sql: str) -> pa.Table:
        """The rows that one SELECT answers."""
        return fetch(self._connection, sql)


@contextmanager
def sql_session(
    memory_limit: str = "1GB", threads: int = 1, *, spill: Path | None = None
) -> Iterator[Session]:
    """A DuckDB session over what is registered in it: it opens no file, writes none, and forgets all at the
    end.

    `memory_limit` as DuckDB words it ("1GB"). `spill` is a folder for what does not fit; without it a
    question that needs more memory is refused.
    """
    connection = connect(memory_limit=memory_limit, threads=threads, spill=spill)
    try:
        lock(connection, [])
        yield Session(connection)
    finally:
        connection.close()


def ask(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    relations: Mapping[str, pa.Table],
    files: Sequence[str],
    suspect: Callable[[], object],
) -> pa.Table:
    """Register `relations`, lock, and answer one SELECT."""
    for relation, rows in relations.items():
        connection.register(relation, rows)
    lock(connection, files)
    return fetch(connection, sql, suspect)
