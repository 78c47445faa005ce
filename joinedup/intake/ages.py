"""Dates out of text, and ages in completed years."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.returns.coded import coded, days_of_texts

_OLDEST = 150


def dates_of(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`2024-04-30` as date32; null where the text is no day of the calendar (a rule has said so)."""
    encoded = coded(values)
    return pc.take(days_of_texts(encoded.dictionary), encoded.indices)


def ages_on(born: pa.Array, on: pa.Array) -> pa.Array:
    """Completed years from `born` to `on` (date32 each), int16; null before birth, beyond 150, or for a null.

    Whoever is born on 29 February completes a year on 1 March where there is none.
    """
    # As numbers YYYYMMDD: what is over ten thousands is years not yet completed.
    age = (_written(on) - _written(born)) // 10_000
    unknown = (age < 0) | (age > _OLDEST)
    for days in (born, on):
        if days.null_count:
            unknown |= days.is_null().to_numpy(zero_copy_only=False)
    return pa.array(np.where(unknown, 0, age).astype(np.int16), mask=unknown)


def _written(days: pa.Array) -> np.ndarray:
    """Each day as the number YYYYMMDD, whatever for null."""
    numbers = days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    if not len(numbers):
        return np.zeros(0, dtype=np.int64)
    first, last = int(numbers.min()), int(numbers.max())
    if last - first > 2 * len(numbers):
        return _calendar(numbers)
    written: np.ndarray = _calendar(np.arange(first, last + 1))[numbers - first]
    return written


def _calendar(numbers: np.ndarray) -> np.ndarray:
    days = pa.array(numbers.astype(np.int32)).cast(pa.date32())
    year, month, day = (part(days).to_numpy() for part in (pc.year, pc.month, pc.day))
    written: np.ndarray = year * 10_000 + month * 100 + day
    return written
