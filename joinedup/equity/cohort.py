"""From a journeys table to who reached, passed and is still open at each stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from joinedup.equity.chain import Chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from joinedup.equity.chain import Stage

    Bools = NDArray[np.bool_]
    Days = NDArray[np.int64]
    Floats = NDArray[np.float64]

NEVER = np.iinfo(np.int32).max
"""Day number of what has not happened."""


@dataclass(frozen=True)
class Steps:
    """Passage of n referrals through K stages: boolean arrays of shape (n, K). `passed` holds on through
    the chain.
    """

    stages: tuple[Stage, ...]
    passed: Bools
    still_open: Bools

    def __len__(self) -> int:
        return len(self.passed)

    def where(self, chosen: Bools) -> Steps:
        """The steps of some of the referrals."""
        return Steps(self.stages, self.passed[chosen], self.still_open[chosen])

    @property
    def succeeded(self) -> Bools:
        """Who passed every stage, shape (n,)."""
        return self.passed[:, -1]

    @property
    def open_share(self) -> float:
        """Share of referrals still open at the end of follow-up, at whatever stage."""
        return float(self.still_open.any(axis=1).mean()) if len(self) else 0.0

    def chain(self, weights: Floats | None = None) -> Chain:
        """Counts of the chain, or sums of weights (n,); effective sizes as Kish has them."""
        w = np.ones(len(self)) if weights is None else weights
        reached = np.concatenate([np.ones((len(self), 1), bool), self.passed[:, :-1]], axis=1)
        first, second = w @ reached, w**2 @ reached
        sizes = np.divide(first**2, second, out=np.zeros_like(first), where=second > 0)
        return Chain(
            self.stages,
            float(w.sum()),
            tuple((w @ self.passed).tolist()),
            tuple((w @ self.still_open).tolist()),
            tuple(sizes.tolist()),
        )


def follow(table: pa.Table, stages: tuple[Stage, ...], months: int | None) -> Steps:
    """Steps of every row. With `months`, events later than that after the referral have not happened yet.

    Without, the rows are ended referrals and nothing is open.
    """
    limit = np.full(table.num_rows, NEVER - 1)
    if months is not None:
        limit = months_later(days(table, "ReferralRequestReceivedDate"), months)
    ended = days(table, "ServDischDate") <= limit
    passed = np.empty((table.num_rows, len(stages)), bool)
    still_open = np.zeros_like(passed)
    reached = np.ones(table.num_rows, bool)
    for k, stage in enumerate(stages):
        passed[:, k] = reached & CONDITIONS[stage.name](table, limit)
        if stage.splits or stage.kind == "open":
            still_open[:, k] = reached & ~passed[:, k] & ~ended
        reached = passed[:, k]
    return Steps(stages, passed, still_open)


def days(table: pa.Table, column: str) -> Days:
    """A date column as day numbers since 1970, NEVER where null."""
    return np.asarray(
        table[column].cast(pa.date32()).cast(pa.int32()).fill_null(NEVER).to_numpy(), dtype=np.int64
    )


def months_later(start: Days, months: int) -> Days:
    """Day numbers so many calendar months on; the last day of the month where it is shorter."""
    day = start.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    last = (month + months + 1).astype("datetime64[D]") - 1
    return np.asarray(
        np.minimum((month + months).astype("datetime64[D]") + (day - month), last).astype(np.int64)
    )


def day_number(day: date) -> int:
    """Days since 1970."""
    return int(np.datetime64(day, "D").astype(np.int64))


def flag(table: pa.Table, column: str) -> Bools:
    """A flag, false where null."""
    return np.asarray(table[column].cast(pa.bool_()).fill_null(False).to_numpy())


def _by_limit(column: str) -> Callable[[pa.Table, Days], Bools]:
    return lambda table, limit: np.asarray(days(table, column) <= limit)


def _is_set(column: str) -> Callable[[pa.Table, Days], Bools]:
    return lambda table, _: flag(table, column)


CONDITIONS: dict[str, Callable[[pa.Table, Days], Bools]] = {
    "first_treatment": _by_limit("TherapySession_FirstDate"),
    "second_treatment": _by_limit("TherapySession_SecondDate"),
    "ended": _by_limit("ServDischDate"),
    # Without a first score no one can say that a person was below caseness: pairing is at fault, not scope.
    "scope": lambda table, _: ~flag(table, "NotCaseness_Flag"),
    "paired": _is_set("Paired_Flag"),
    "reliably_improved": _is_set("ReliableImprovement_Flag"),
    "recovered": _is_set("Recovery_Flag"),
}
