"""Texts of ten digits, as NHS numbers are, read from the bytes of a column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_TEN = 10


def ten_digits(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are ten digits and nothing else, and for those their digits: bool, one per text, false for null;
    int64, ten per text that is."""
    _, places, content = texts.buffers()
    if content is None or not len(texts):
        return np.zeros(len(texts), dtype=bool), np.zeros((0, _TEN), dtype=np.int64)
    edges = np.frombuffer(places, np.int32)[texts.offset :][: len(texts) + 1]
    found = np.diff(edges) == _TEN
    if texts.null_count:
        found &= texts.is_valid().to_numpy(zero_copy_only=False)
    if not found.all():
        _, places, content = texts.filter(pa.array(found)).buffers()
        edges = np.frombuffer(places, np.int32)[: found.sum() + 1]
    letters = np.frombuffer(content or b"", np.uint8)[edges[0] : edges[-1]].reshape(-1, _TEN)
    # What lies below "0" turns over to the top of the byte.
    digits = letters - np.uint8(ord("0"))
    plain = (digits < _TEN).all(axis=1)
    found[found] = plain
    return found, digits[plain].astype(np.int64)
