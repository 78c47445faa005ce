"""The scale on which a value's error is normal: as it is, logarithm for rates, log-odds for proportions."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z


class ValueType(StrEnum):
    """What the values are, and with it the scale of their errors."""

    NORMAL = "normal"
    RATE = "rate"
    PROPORTION = "proportion"

    def forth(self, value: Floats) -> Floats:
        """On the scale of the errors. A value it has no place for, such as a rate of 0, is NaN."""
        if self is ValueType.NORMAL:
            return value
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(value) if self is ValueType.RATE else np.log(value / (1 - value))
        return np.where(np.isfinite(found), found, np.nan)

    def back(self, value: Floats) -> Floats:
        """The value again."""
        from scipy.special import expit

        if self is ValueType.NORMAL:
            return value
        return np.exp(value) if self is ValueType.RATE else np.asarray(expit(value), np.float64)


def value_type_of(name: str) -> ValueType:
    """The type of that name. Raises YourCommand for another."""
    try:
        return ValueType(name)
    except ValueError:
        raise YourCommand(
            f"{name!r} is not a type of value.", remedy="Write normal, rate or proportion."
        ) from None


def error_from_limits(lower: Floats, upper: Floats, scale: ValueType) -> Floats:
    """Standard error on the scale, from 95% limits."""
    return (scale.forth(upper) - scale.forth(lower)) / (2 * upper_tail_z(0.95))
