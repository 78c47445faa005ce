"""The identifiers by which the tables of a return hang together, coded as one: a text has the same code everywhere.

What belongs to what is then a matter of numbers. A column coded so may know texts that only other tables hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.returns.coded import decoded_column, whole

CODED = pa.dictionary(pa.int32(), pa.string())


def identifiers(spec: ReturnSpec) -> frozenset[str]:
    """The names of the columns that tables point at."""
    return frozenset(place.partition(".")[2] for table in spec.tables for place in table.references.values())


def coded_as_one(tables: Mapping[str, pa.Table], names: frozenset[str]) -> dict[str, pa.Table]:
    """The same tables with each identifier of `names` coded over one dictionary, in whatever table it stands."""
    made = dict(tables)
    for name in sorted(names):
        holders = [table for table, rows in tables.items() if name in rows.column_names]
        columns = _as_one([whole(tables[table].column(name)) for table in holders])
        for table, column in zip(holders, columns, strict=True):
            made[table] = made[table].set_column(made[table].column_names.index(name), name, column)
    return made


def same_texts(first: pa.Array, second: pa.Array) -> bool:
    """Whether two dictionaries are one and the same in memory."""
    return len(first) == len(second) and _place(first) == _place(second)


def _place(texts: pa.Array) -> tuple[int, ...]:
    return texts.offset, *(held.address if held else 0 for held in texts.buffers()[1:])


def _as_one(columns: Sequence[pa.Array]) -> Sequence[pa.DictionaryArray]:
    held = [column for column in columns if len(column)]
    coded = all(pa.types.is_dictionary(column.type) for column in columns)
    if coded and all(same_texts(held[0].dictionary, column.dictionary) for column in held):
        return columns
    plain = pa.chunked_array([decoded_column(column) for column in held], pa.string())
    made = iter(plain.dictionary_encode().chunks)
    empty = pa.array([], CODED)
    return [next(made) if len(column) else empty for column in columns]
