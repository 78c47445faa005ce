"""How many digits of a released figure are shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

ABSENT_BELOW = 20
WHOLE_BELOW = 1_000


@dataclass(frozen=True)
class Display:
    """Decides decimals. `base`: counts are rounded to the nearest so many; `exact`: figures are shown as
    they came.

    Percentages are absent below a denominator of 20, whole below 1,000, and have one decimal above;
    differences in percentage points have one decimal; indices have three significant figures.
    """

    profile: str
    base: int = 1
    exact: bool = False
    small: bool = True
    """Whether the rules for small denominators hold."""
    plain: bool = False
    """Whether percentages keep all their decimals, which gives small counts away: to show the attack only."""

    @property
    def rounding(self) -> float:
        """Variance that rounding to the nearest `base` adds to a count, in people squared."""
        return (self.base**2 - 1) / 12

    def decimals(self, denominator: float | None) -> int | None:
        """Decimals of a percentage of so many; None when it is not shown at all."""
        if not self.small:
            return 1
        if denominator is None or denominator < ABSENT_BELOW:
            return None
        return 0 if denominator < WHOLE_BELOW else 1

    def percentage(self, value: float | None, denominator: float | None) -> float | None:
        """A percentage (0-100) as it is shown, or None."""
        if value is None or not math.isfinite(value):
            return None
        if self.exact or self.plain:
            return value
        decimals = self.decimals(denominator)
        return None if decimals is None else round(value, decimals)

    def points(self, value: float | None, denominator: float | None = None) -> float | None:
        """A difference or part in percentage points as it is shown: absent where its percentages would be."""
        if value is None or not math.isfinite(value):
            return None
        if self.exact:
            return value
        if denominator is not None and self.decimals(denominator) is None:
            return None
        return round(value, 1)

    def index(self, value: float | None) -> float | None:
        """An index, ratio or mean as it is shown: three significant figures."""
        if value is None or not math.isfinite(value):
            return None
        return value if self.exact or value == 0 else float(f"{value:.3g}")
