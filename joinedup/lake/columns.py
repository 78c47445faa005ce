"""The column types a lake table may have, and how the ledger writes them down in words."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from joinedup.errors import OurFault

_PLAIN = {
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamp_utc": pa.timestamp("us", tz="UTC"),
}
_NAMES = {kind: name for name, kind in _PLAIN.items()}
# What Delta has no type for, and the nearest type that holds every value.
_WIDENED = {
    pa.null(): pa.string(),
    pa.large_string(): pa.string(),
    pa.string_view(): pa.string(),
    pa.large_binary(): pa.binary(),
    pa.date64(): pa.date32(),
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
}


def _storable(kind: pa.DataType) -> pa.DataType:
    if kind in _NAMES:
        return kind
    if pa.types.is_dictionary(kind):
        return _storable(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_storable(kind.value_type))
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    if kind in _WIDENED:
        return _WIDENED[kind]
    raise OurFault(f"a lake table cannot hold a column of type {kind}")


def storable(schema: pa.Schema) -> pa.Schema:
    """The same columns in types that Delta and DuckDB give back unchanged; OurFault for a type that has none."""
    return pa.schema([(field.name, _storable(field.type)) for field in schema])


def describe(schema: pa.Schema) -> list[list[str]]:
    """`[["provider", "string"], ["therapies", "list<string>"]]`: the schema as the ledger keeps it."""
    return [[field.name, _word(field.type)] for field in schema]


def schema_of(words: Sequence[Sequence[str]]) -> pa.Schema:
    """The schema that `describe` wrote down. KeyError for a type it never writes."""
    return pa.schema([(name, _kind(word)) for name, word in words])


def _word(kind: pa.DataType) -> str:
    return f"list<{_word(kind.value_type)}>" if pa.types.is_list(kind) else _NAMES[kind]


def _kind(word: str) -> pa.DataType:
    if word.startswith("list<") and word.endswith(">"):
        return pa.list_(_kind(word[5:-1]))
    return _PLAIN[word]
