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
    birth, day = _numpy(born), _numpy(on)
    years = day.astype("M8[Y]").astype(int) - birth.astype("M8[Y]").astype(int)
    months = _month_and_day(day) < _month_and_day(birth)
    age = years - months
    unknown = np.isnat(birth) | np.isnat(day) | (age < 0) | (age > _OLDEST)
    return pa.array(np.where(unknown, 0, age).astype(np.int16), mask=unknown)


def _month_and_day(days: np.ndarray) -> np.ndarray:
    month = days.astype("M8[M]")
    order: np.ndarray = (month.astype(int) % 12) * 31 + (days - month.astype("M8[D]")).astype(int)
    return order


def _numpy(days: pa.Array) -> np.ndarray:
    found: np.ndarray = days.to_numpy(zero_copy_only=False).astype("M8[D]")
    return found
