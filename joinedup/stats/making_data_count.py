"""Variation and assurance, the two icons by which Making Data Count sums a chart up."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.xmr_rules import COMMON, Codes


class Variation(StrEnum):
    """What a point is, seen from the direction that is better; of the last point it is the chart's icon."""

    COMMON = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"
    MISSING = "no_value"


class Assurance(StrEnum):
    """Whether the target will be met if nothing changes."""

    PASS = "consistent_pass"  # noqa: S105 (no password)
    FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"
    NONE = ""


VARIATIONS = np.array([str(kind) for kind in Variation])
DIRECTIONS = {"higher": 1, "lower": -1, "neither": 0}
_HIGH = {"higher": (1, 2), "lower": (2, 1), "neither": (3, 4)}


def direction_of(better: str) -> int:
    """1 where higher is better, -1 where lower is, 0 for neither. Raises YourCommand for another word."""
    if better not in DIRECTIONS:
        raise YourCommand(
            f"{better!r} is no direction of improvement.", remedy=f"Write one of {', '.join(DIRECTIONS)}."
        )
    return DIRECTIONS[better]


def point_types(causes: Codes, better: str) -> Codes:
    """Place in `Variation` of each cause: high and rising points are an improvement where higher is better."""
    direction_of(better)
    high, low = _HIGH[better]
    return np.array([high, low] * (COMMON // 2) + [0, 5], np.int8)[causes]


def assurance(target: Floats, lower: Floats, upper: Floats, better: str) -> NDArray[np.str_]:
    """Assurance of each chart, as text, from its last limits.

    A target beyond the limits is passed or failed consistently. One within them, or on one, is met or missed by
    chance, and so is a target where there are no limits (as in NHSRplotthedots). "" without target or direction.
    """
    direction = direction_of(better)
    with np.errstate(invalid="ignore"):
        beyond = (target > upper).astype(np.int8) - (target < lower)
    return np.select(
        [np.isnan(target) | (direction == 0), beyond * direction > 0, beyond * direction < 0],
        [str(Assurance.NONE), str(Assurance.FAIL), str(Assurance.PASS)],
        default=str(Assurance.INCONSISTENT),
    )
