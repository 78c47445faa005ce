"""The months, or the last days, of the periods asked for, and how they make the periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.periods import Period
from joinedup.measures.components import Source


@dataclass(frozen=True)
class Span:
    """How what was found by month (or period end) makes the periods asked for: a matrix of 0 and 1."""

    first: date
    last: date
    ends: tuple[date, ...]
    makes: NDArray[np.int64]

    @property
    def steps(self) -> int:
        """Number of months, or of period ends."""
        return int(self.makes.shape[1])


def span_of(source: Source, periods: Sequence[Period]) -> Span:
    """Months for what happened in a period; the last days for how things stood at the end of one."""
    first, last = min(p.start for p in periods), max(p.end for p in periods)
    if source.date_basis == PERIOD_END:
        ends = tuple(sorted({p.end for p in periods}))
        return Span(
            first,
            last,
            ends,
            np.array([[int(p.end == end) for end in ends] for p in periods], dtype=np.int64),
        )
    steps = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [(first.year * 12 + first.month - 1 + step) for step in range(steps)]
    starts = [date(month // 12, month % 12 + 1, 1) for month in months]
    makes = [[int(p.start <= start <= p.end) for start in starts] for p in periods]
    return Span(first, last, (), np.array(makes, dtype=np.int64))
