"""Work done on Spark: rows find their part there, and every part is worked on where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from typing import Any

import pyarrow as pa

from joinedup.errors import YourCommand
from joinedup.lake.dividing import Division, Room, Source, Work, part_sql
from joinedup.lake.parcels import BATCH, unpacked, working
from joinedup.lake.spark_session import require, session_of

_PART_ROWS = 2_000_000  # rows of all tables in a part: some 300 MB where it is worked on
_LEAST_PARTS = 4
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
    # "2025-06" is the name of a period and no day.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # The files are known by name. To list them again on the cluster would take a job for every table.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000000",
}
_HEXADECIMAL = "CAST(conv({}, 16, 10) AS INT)"
_PARCEL = "part int, name string, rows binary"
_GLOB = re.compile(r"([\\\[\]{}*?])")


class OnSpark:
    """The engine on Spark, of this machine (`address` None) or of a Spark Connect server.

    Every worker has joinedup installed and sees the lake's folder under the same path.
    """

    def __init__(self, address: str | None) -> None:
        require(address)
        self.address = address

    def parts(self, sources: Mapping[str, Source]) -> int:
        """So many that a part holds about two million rows, and at least a few."""
        return max(_LEAST_PARTS, -(-sum(source.rows for source in sources.values()) // _PART_ROWS))

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
        with _plain_errors(), session_of(self.address, room.threads) as session:
            for setting, value in _SETTINGS.items():
                session.conf.set(setting, value)
            for view, source in sources.items():
                _read(session, source).createOrReplaceTempView(view)
            for key, sql in division.keys.items():
                keyed = session.sql(part_sql(sql, division.by, parts, _HEXADECIMAL))
                keyed.createOrReplaceTempView(key)
            made = _worked(session, work, division, results, parts).toArrow()
        return unpacked(made, results)


def _worked(
    session: Any, work: Work, division: Division, results: Mapping[str, pa.Schema], parts: int
) -> Any:
    """The parcels of what `work` makes, yet to be asked for."""
    rows = {table: session.sql(sql) for table, sql in division.tables.items()}
    schemas = {table: _plain_schema(own.drop("part").schema) for table, own in rows.items()}
    cells = [
        own.selectExpr("part", f"'{table}' AS name", f"{_as_text(schemas[table])} AS cells")
        for table, own in rows.items()
    ]
    parted = reduce(lambda one, other: one.union(other), cells).repartition(parts, "part")
    in_order = parted.sortWithinPartitions("part", "name")
    return in_order.mapInArrow(working(work, schemas, results), _PARCEL)


def _as_text(columns: pa.Schema) -> str:
    return f"array({', '.join(f'CAST({name} AS STRING)' for name in columns.names)})"


def _read(session: Any, source: Source) -> Any:
    """The rows of a table: exactly the files of the snapshot, whatever else lies in the folder."""
    from pyspark.sql.pandas.types import from_arrow_schema

    whole = source.state.schema if source.state else source.columns
    if not source.files:
        rows = session.createDataFrame([], from_arrow_schema(whole))
    else:
        files = [_GLOB.sub(r"\\\1", path) for path in source.files]
        reader = session.read.schema(from_arrow_schema(whole)).option("basePath", str(source.folder))
        rows = reader.parquet(*files)
    return rows.select(*source.columns.names)


def _plain_schema(schema: Any) -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    return pa.schema([(field.name, field.type) for field in to_arrow_schema(schema)])


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Spark's errors as ours. Their text is not passed on: it can quote a value from the data."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise YourCommand(
            f"Spark could not do the work ({type(error).__name__})",
            remedy="see that every worker sees the lake's folder under the same path and has the same joinedup, "
            "and that it has the memory; `joinedup lake check` looks at the files",
        ) from None
