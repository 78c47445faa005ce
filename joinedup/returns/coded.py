"""Columns of text as their different texts, and for each row which of them it holds.

A month of returns repeats itself: a column of codes has tens of different texts, a column of dates hundreds.
What is asked of a text is asked once of each, and then looked up for the rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import Table
from joinedup.returns.letters import letters_of

_BEYOND_ASCII = 0x80
# Made once: at each scalar it makes, Arrow looks for a library of time zones on every path.
NO_TEXT = pa.scalar(None, pa.string())
Rows = np.ndarray | None  # a mask over rows; None is no row at all


def with_codes(rows: pa.Table) -> pa.Table:
    """The same rows with every text column as codes into its different texts, each in one chunk."""
    columns = [
        whole(rows.column(name)) if pa.types.is_int64(field.type) else coded(rows.column(name))
        for name, field in zip(rows.column_names, rows.schema, strict=True)
    ]
    return pa.table(dict(zip(rows.column_names, columns, strict=True)))


def coded(values: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """A column of text, plain or coded already, as one dictionary array."""
    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type) and values.num_chunks > 1:
            values = values.unify_dictionaries()
        values = whole(values)
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def decoded(rows: pa.Table) -> pa.Table:
    """The same rows with plain text again."""
    columns = [decoded_column(whole(column)) for column in rows.columns]
    return pa.table(dict(zip(rows.column_names, columns, strict=True)))


def decoded_column(column: pa.Array) -> pa.Array:
    """A column as plain text again, or as it is where it was not coded."""
    return pc.take(column.dictionary, column.indices) if pa.types.is_dictionary(column.type) else column


def without_unused(rows: pa.Table, *, but: Collection[str] = ()) -> pa.Table:
    """The same rows, where a coded column, `but` those named, knows no text that none of them holds; plain columns stay
    plain."""
    columns = {
        name: _compact(coded(rows.column(name)))
        if pa.types.is_dictionary(field.type) and name not in but
        else rows.column(name)
        for name, field in zip(rows.column_names, rows.schema, strict=True)
    }
    return pa.table(columns)


def _compact(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same rows over the texts that they hold, which keep their order."""
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    used = np.zeros(len(column.dictionary) + 1, dtype=bool)
    used[codes] = True
    used[-1] = False
    if used[:-1].all():
        return column
    renumbered = np.append(np.cumsum(used[:-1]) - 1, -1).astype(np.int32)[codes]
    kept = column.dictionary.filter(pa.array(used[:-1]))
    return pa.DictionaryArray.from_arrays(pa.array(renumbered, mask=renumbered < 0), kept)


def whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    if values.num_chunks == 1:
        return values.chunk(0)
    return pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)


def days_of_texts(texts: pa.Array) -> pa.Array:
    """`2024-04-30` as date32; null where the text is no day of the calendar in that form."""
    shaped = pc.match_substring_regex(texts, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    # Arrow knows a year nought, the calendar does not.
    shaped = pc.and_(shaped, pc.invert(pc.starts_with(texts, "0000")))
    try:
        return pc.if_else(shaped, texts, NO_TEXT).cast(pa.date32())
    except pa.ArrowInvalid:
        # One day that is not in the calendar fails the whole cast.
        return pa.array([_day(text) for text in texts.to_pylist()], pa.date32())


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Python also takes 20240401 and 2024-W14-1; the data set does not.
    return found if found.isoformat() == text else None


@dataclass(frozen=True)
class Coded:
    """One column: `texts`, all different, and `codes` (int32, one a row, -1 where nothing was sent)."""

    texts: pa.Array
    codes: np.ndarray

    def rows(self, chosen: np.ndarray | pa.Array, *, empty: bool = False) -> Rows:
        """The rows that hold a chosen text (a mask over `texts`), and with `empty` those that hold none."""
        mask = np.append(np.asarray(chosen, dtype=bool), empty)
        if mask[:-1].any():
            found: np.ndarray = mask[self.codes]
            return found
        return None if not empty or self.present.all() else ~self.present

    def look_up(self, answers: np.ndarray, otherwise: int | bool) -> np.ndarray:
        """For each row the answer for its text, `otherwise` where nothing was sent."""
        found: np.ndarray = np.append(answers, np.array([otherwise], answers.dtype))[self.codes]
        return found

    @cached_property
    def maybe_blank(self) -> np.ndarray:
        """The texts that could be nothing but spaces: by their first byte, as trimming them all costs more."""
        letters, edges = letters_of(self.texts)
        if not len(letters):
            return np.ones(len(self.texts), dtype=bool)
        # An empty text has no first byte of its own, and at the end none to look at.
        first = letters[np.minimum(edges[:-1], len(letters) - 1)]
        blank: np.ndarray = (edges[1:] == edges[:-1]) | (first <= ord(" ")) | (first >= _BEYOND_ASCII)
        return blank

    @cached_property
    def lengths(self) -> np.ndarray:
        """How many bytes each text has."""
        lengths: np.ndarray = np.diff(letters_of(self.texts)[1])
        return lengths

    @cached_property
    def present(self) -> np.ndarray:
        """The rows where something was sent."""
        there: np.ndarray = self.codes >= 0
        return there

    @cached_property
    def times(self) -> np.ndarray:
        """How often each text occurs."""
        counted: np.ndarray = np.bincount(self.codes[self.present], minlength=len(self.texts))
        return counted


class Sheet:
    """The rows of one national table, column by column as codes."""

    def __init__(self, table: Table, rows: pa.Table) -> None:
        self.table = table
        self.rows = rows
        self._columns: dict[str, Coded] = {}

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def __getitem__(self, name: str) -> Coded:
        if name not in self._columns:
            column = coded(self.rows.column(name))
            indices = column.indices.fill_null(-1) if column.null_count else column.indices
            codes = indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
            self._columns[name] = Coded(column.dictionary, codes)
        return self._columns[name]

    def only(self, chosen: np.ndarray, sql: str) -> pa.Table:
        """Some of the rows, in their order, as plain text: `_row` and the columns that `sql` names in quotes."""
        named = [name for name in self.rows.column_names if name == "_row" or f'"{name}"' in sql]
        return decoded(self.rows.select(named).take(pa.array(np.flatnonzero(chosen))))


def either(first: Rows, second: Rows) -> Rows:
    """Rows in one or the other."""
    if first is None or second is None:
        return second if first is None else first
    return first | second


def both(first: Rows, second: Rows) -> Rows:
    """Rows in one and the other."""
    return None if first is None or second is None else first & second
