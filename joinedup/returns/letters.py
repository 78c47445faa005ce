"""Texts read from the bytes of a column: where each begins and ends, and those of ten digits, as NHS numbers are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_TEN = 10


def letters_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The bytes that texts lie in, uint8, and the place where each begins and the one before ends, one more than there
    are texts."""
    _, places, content = texts.buffers()
    letters = np.frombuffer(content or b"", np.uint8)
    if places is None or not len(texts):
        return letters, np.zeros(len(texts) + 1, dtype=np.int32)
    return letters, np.frombuffer(places, np.int32)[texts.offset :][: len(texts) + 1]


def ten_digits(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are ten digits and nothing else, and for those their digits: bool, one per text, false for null;
    int64, ten per text that is."""
    letters, edges = letters_of(texts)
    found = np.diff(edges) == _TEN
    if texts.null_count:
        found &= texts.is_valid().to_numpy(zero_copy_only=False)
    if not found.all():
        letters, edges = letters_of(texts.filter(pa.array(found)))
    # What lies below "0" turns over to the top of the byte.
    digits = letters[edges[0] : edges[-1]].reshape(-1, _TEN) - np.uint8(ord("0"))
    plain = (digits < _TEN).all(axis=1)
    found[found] = plain
    return found, digits[plain].astype(np.int64)
