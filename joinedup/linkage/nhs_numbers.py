"""NHS numbers read from text in one compiled pass. Imports numba (0.3 s): import this module where it is used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from joinedup.compiling import compiled
from joinedup.linkage.grouping import Codes

_SPACE, _NOUGHT, _DIGITS, _EQUAL_DIGITS = 32, 48, 10, 1_111_111_111


def valid_numbers(texts: pa.ChunkedArray, unknown: int) -> Codes:
    """Valid NHS numbers as themselves, `unknown` for any other text; spaces between the digits are allowed.

    A valid one has ten digits, not all equal, that weighted from 10 down to 1 add up to a multiple of 11 (NHS Data
    Dictionary, NHS NUMBER).
    """
    numbers = np.empty(len(texts), np.int64)
    done = 0
    for chunk in texts.chunks:
        here = numbers[done : done + len(chunk)]
        _, offsets, data = chunk.buffers()
        if data is None:  # nothing but nulls and empty texts
            here[:] = unknown
        else:
            ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            _read(ends, np.frombuffer(data, np.uint8), unknown, here)
            here[chunk.is_null().to_numpy(zero_copy_only=False)] = unknown
        done += len(chunk)
    return numbers


@compiled
def _read(ends: npt.NDArray[np.int32], text: npt.NDArray[np.uint8], unknown: int, numbers: Codes) -> None:
    for row in range(len(numbers)):
        number, digits, total = np.int64(0), 0, np.int64(0)
        for place in range(ends[row], ends[row + 1]):
            digit = np.int64(text[place]) - _NOUGHT
            if 0 <= digit <= 9 and digits < _DIGITS:
                total += (_DIGITS - digits) * digit
                number, digits = number * 10 + digit, digits + 1
            elif text[place] != _SPACE:
                digits = _DIGITS + 1
        valid = digits == _DIGITS and total % 11 == 0 and number % _EQUAL_DIGITS != 0
        numbers[row] = number if valid else unknown
