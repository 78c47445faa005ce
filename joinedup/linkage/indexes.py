"""Person indexes as analysts hand them in: CSV or Parquet, one row per person known to a trust."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from joinedup.errors import UnreadableFile, YourCommand
from joinedup.linkage.fields import FIELDS

_HOW = (
    "Give one row per person: local_id, and what there is of nhs_number, first_name, surname, birth_date, "
    "postcode and gender."
)


def read_indexes(paths: Sequence[str | Path]) -> dict[str, pa.Table]:
    """The indexes by source: the name of each file without its ending. All columns as text.

    Raises UnreadableFile naming file and row for what is no index, YourCommand for two files of one name or only one.
    """
    tables = {Path(path).stem: read_index(path) for path in paths}
    if len(tables) < len(paths):
        raise YourCommand("two files have one name", remedy="name each after its trust, such as RV3.csv")
    if len(tables) < 2:
        raise YourCommand(
            "linking needs two indexes or more", remedy="joinedup persons link A.csv B.csv --out links/"
        )
    return tables


def read_index(path: str | Path) -> pa.Table:
    """One index: local_id, given and never twice, and of FIELDS what it has; other columns are kept for groups."""
    path = Path(path)
    rows = _read(path)
    if "local_id" not in rows.column_names:
        raise _unreadable("It has no column local_id.", path)
    if not set(FIELDS) & set(rows.column_names):
        raise _unreadable("It has none of the columns that people are linked by.", path)
    if len(set(rows.column_names)) < len(rows.column_names):
        raise _unreadable("Two of its columns have one name.", path)
    _check_ids(rows["local_id"], path)
    return rows


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix.lower() == ".parquet":
            rows = pq.read_table(path)
        else:
            names = arrow_csv.open_csv(path).schema.names
            rows = arrow_csv.read_csv(
                path,
                convert_options=arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
        return rows.cast(pa.schema([(field.name, pa.string()) for field in rows.schema]))
    except (pa.ArrowException, OSError, ValueError, KeyError):
        # Arrow's own words can quote a line, and the line is a person.
        raise _unreadable("It cannot be read as CSV in UTF-8 or as Parquet.", path) from None


def _check_ids(ids: pa.ChunkedArray, path: Path) -> None:
    empty = pc.index(pc.is_null(ids), True).as_py()
    if empty >= 0:
        raise _unreadable("The local_id is empty.", path, row=empty + 1)
    encoded = ids.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    if len(encoded.dictionary) < len(encoded):
        seen: set[int] = set()
        for row, code in enumerate(encoded.indices.to_pylist(), start=1):
            if code in seen:
                raise _unreadable("The local_id stands in an earlier row too.", path, row=row)
            seen.add(code)


def _unreadable(message: str, path: Path, row: int | None = None) -> UnreadableFile:
    return UnreadableFile(message, file=path.name, row=row, remedy=_HOW)
