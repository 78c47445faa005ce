"""Times as text to milliseconds since 1970: ISO 8601, or a form that the caller states. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.errors import JoinedupError

Numbers = NDArray[np.int64]
_ZONED: Final = r":\d\d([.]\d+)?(Z|[+-]\d\d(:?\d\d)?)$"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class NotATime(JoinedupError):
    """The text at `place` (from 0) cannot be read; the reader of the file says where that is."""

    def __init__(self, place: int, *, mixed: bool = False) -> None:
        self.place, self.mixed = place, mixed
        super().__init__("not a time")


class Times:
    """Reads the times of one file, so that all of them have an offset from UTC or none has.

    Times without an offset are taken as they stand; where clocks change, the hour is not mended. What is finer
    than a millisecond is cut off.
    """

    def __init__(self, form: str | None = None) -> None:
        self.form, self.zoned = form, None if form is None else "%z" in form

    def read(self, text: pa.Array) -> Numbers:
        """Milliseconds since 1970, shape (n,). Raises NotATime."""
        if not len(text):
            return np.empty(0, np.int64)
        return self._iso(text) if self.form is None else self._stated(text)

    def _iso(self, text: pa.Array) -> Numbers:
        zoned = pc.match_substring_regex(text, _ZONED).to_numpy(zero_copy_only=False)
        if self.zoned is None:
            self.zoned = bool(zoned[0])
        other = np.flatnonzero(zoned != self.zoned)
        kind = pa.timestamp("us", "UTC") if self.zoned else pa.timestamp("us")

        def read(part: pa.Array) -> pa.Array:
            cut = pc.replace_substring_regex(part, r"([.]\d{6})\d+", r"\1")
            return pc.cast(cut, kind)

        if len(other):
            place = int(other[0])
            fault = _first_unread(read, text.slice(0, place))
            if fault is not None:
                raise NotATime(fault)
            raise NotATime(place, mixed=_readable(text[place].as_py()))
        try:
            micro = read(text)
        except pa.ArrowInvalid:
            raise NotATime(_first_unread(read, text) or 0) from None
        return np.asarray(micro.cast(pa.int64()).to_numpy() // 1000, np.int64)

    def _stated(self, text: pa.Array) -> Numbers:
        distinct = text.dictionary_encode()
        own: Numbers = np.empty(len(distinct.dictionary), np.int64)
        for code, one in enumerate(distinct.dictionary.to_pylist()):
            try:
                found = datetime.strptime(one, self.form or "")
                own[code] = ((found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
            except (ValueError, OverflowError):
                raise NotATime(pc.index(distinct.indices, code).as_py()) from None
        found_times: Numbers = own[distinct.indices.to_numpy()]
        return found_times


def _readable(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _first_unread(read: Callable[[pa.Array], pa.Array], text: pa.Array) -> int | None:
    """Place of the first text that cannot be read, by halving; None where all can."""
    start, length, fault = 0, len(text), False
    while length:
        half = max(length // 2, 1)
        try:
            read(text.slice(start, half))
            start, length = start + half, length - half
        except pa.ArrowInvalid:
            if half == 1:
                return start
            length, fault = half, True
    return start if fault and start < len(text) else None
