"""What can be said of a claimed change: as the figures moved, and beside what would have happened anyway."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class ClaimVerdict(StrEnum):
    """What the data held say of a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT_BEYOND_THE_TREND = "not beyond the trend"
    NOT_SUPPORTED = "not supported"
    NO_DATA_HELD = "no data held"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Moved:
    """A relative change with its 95% limits, as shares of 1: -0.2 is a fifth less. NaN where not known."""

    value: float
    lower: float
    upper: float

    @property
    def known(self) -> bool:
        """Whether it has limits."""
        return math.isfinite(self.value) and math.isfinite(self.lower) and math.isfinite(self.upper)

    def towards(self, sign: float) -> tuple[float, float]:
        """Its limits, turned so that above 0 is the way of a claim."""
        return (self.lower, self.upper) if sign > 0 else (-self.upper, -self.lower)

    def __str__(self) -> str:
        return f"{100 * self.value:+.1f}% ({100 * self.lower:+.1f}% to {100 * self.upper:+.1f}%)"


UNKNOWN = Moved(math.nan, math.nan, math.nan)


def verdict_on_change(low: float, high: float, moved: Moved, net: Moved | None) -> ClaimVerdict:
    """The verdict on a claimed relative change between `low` and `high`, as it is rounded.

    `moved` is what the figures did; `net` what they did beyond the comparison, None where there is none. Supported:
    they moved as far as claimed, beyond the comparison too. Partly: beyond the comparison they moved that way, but they
    or that fell short of the claim. Not beyond the trend: they moved as claimed, but the comparison did too, and the
    limits of the difference rule the claim out. Not supported: they did not move that way, or fell short of the claim
    with nothing to show beyond the comparison. Cannot tell: limits that hold both nothing and the claim, hidden
    figures, and figures that moved as claimed with nothing to compare them with.
    """
    if not moved.known:
        return ClaimVerdict.CANNOT_TELL
    sign = 1.0 if low + high > 0 else -1.0
    least = max(min(sign * low, sign * high), 0.0)
    raw_low, raw_high = moved.towards(sign)
    beyond = net.towards(sign) if net is not None and net.known else (-math.inf, math.inf)
    if raw_high < 0 or (raw_high < least and min(raw_low, beyond[0]) <= 0):
        return ClaimVerdict.NOT_SUPPORTED
    if raw_low <= 0 or (beyond[0] <= 0 and beyond[1] >= least):
        return ClaimVerdict.CANNOT_TELL
    if beyond[0] <= 0:
        return ClaimVerdict.NOT_BEYOND_THE_TREND
    return ClaimVerdict.PARTLY if min(raw_high, beyond[1]) < least else ClaimVerdict.SUPPORTED


def verdict_on_level(low: float, high: float, found: float, slack: float, bound: str) -> ClaimVerdict:
    """The verdict on a claimed level, as it is rounded: release may have moved `found` by `slack`."""
    if not math.isfinite(found):
        return ClaimVerdict.CANNOT_TELL
    enough, little = found + slack >= low, found - slack <= high
    held = {"at least": enough, "at most": little}.get(bound, enough and little)
    return ClaimVerdict.SUPPORTED if held else ClaimVerdict.NOT_SUPPORTED
