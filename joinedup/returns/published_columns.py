"""Columns of a large published file as small dictionaries with codes, so that work is done once per
distinct value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Coded:
    """A text column: `values[codes[row]]`. Missing cells are the empty text."""

    values: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Coded:
        """Code a column of text (or of anything that casts to text)."""
        if not pa.types.is_dictionary(column.type):
            column = pc.dictionary_encode(column.cast(pa.string()))
        whole = column.unify_dictionaries().combine_chunks()
        if isinstance(whole, pa.ChunkedArray):
            whole = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
        values = tuple((value or "").strip() for value in whole.dictionary.cast(pa.string()).to_pylist())
        codes = whole.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).astype(np.int32)
        return cls((*values, ""), codes)

    @classmethod
    def constant(cls, value: str, size: int) -> Coded:
        """A column with one value."""
        return cls((value,), np.zeros(size, np.int32))

    @classmethod
    def each(cls, texts: Sequence[str], codes: Codes) -> Coded:
        """A column in which code k stands for `texts[k]`; texts may repeat."""
        return cls((), codes).recoded(texts)

    def mapped(self, change: Callable[[str], str]) -> Coded:
        """The column with every value changed; values that become the same share a code."""
        return self.recoded([change(value) for value in self.values])

    def recoded(self, new: Sequence[str]) -> Coded:
        """The column with the value of each code replaced."""
        distinct = tuple(dict.fromkeys(new))
        place = {value: at for at, value in enumerate(distinct)}
        lookup = np.array([place[value] for value in new], dtype=np.int32)
        return Coded(distinct, lookup[self.codes])

    def used(self) -> NDArray[np.bool_]:
        """Which codes occur."""
        return np.bincount(self.codes, minlength=len(self.values)) > 0

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Coded:
        """The column at some rows."""
        return Coded(self.values, self.codes[rows])

    def arrow(self) -> pa.DictionaryArray:
        """As Arrow: dictionary of text."""
        return pa.DictionaryArray.from_arrays(pa.array(self.codes), pa.array(self.values, pa.string()))


@dataclass(frozen=True)
class Combinations:
    """The distinct combinations of several columns: for each, the code it has in every column."""

    columns: tuple[Coded, ...]
    codes: tuple[NDArray[np.int64], ...]

    def texts(self, at: int) -> tuple[str, ...]:
        """The values of one combination."""
        return tuple(column.values[codes[at]] for column, codes in zip(self.columns, self.codes, strict=True))

    def all(self) -> list[tuple[str, ...]]:
        """The values of every combination, in order."""
        return [self.texts(at) for at in range(self.codes[0].size)]


def combined(columns: Sequence[Coded]) -> tuple[Codes, Combinations]:
    """One code for each distinct combination of values that occurs, and the combinations."""
    codes = np.zeros(columns[0].codes.size, np.int64)
    for column in columns:
        codes *= len(column.values)
        codes += column.codes
    present, packed = _packed(codes, int(np.prod([len(column.values) for column in columns], dtype=np.int64)))
    parts = []
    for column in reversed(columns):
        present, part = np.divmod(present, len(column.values))
        parts.append(part)
    return packed, Combinations(tuple(columns), tuple(reversed(parts)))


def _packed(codes: NDArray[np.int64], space: int) -> tuple[NDArray[np.int64], Codes]:
    """Codes that occur, in order, and each row's place among them. Counting beats sorting in a small
    space."""
    if space > 50_000_000:
        present, packed = np.unique(codes, return_inverse=True)
        return present, packed.astype(np.int32)
    occurs = np.bincount(codes, minlength=1) > 0
    place = np.cumsum(occurs, dtype=np.int32) - 1
    return np.flatnonzero(occurs), place[codes]
