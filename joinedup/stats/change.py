"""Did a change work? An effect with its limits, the smallest effect that could have been seen, and a verdict
in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z

POWER = 0.80
"""Chance of finding the smallest effect that a comparison is said to see."""


class ChangeVerdict(StrEnum):
    """What limits say of a change, against nothing, the smallest worthwhile and the expected effect."""

    WORKED = "worked"
    PARTLY = "partly"
    NO_WORTHWHILE_EFFECT = "no worthwhile effect"
    CANNOT_TELL = "cannot tell"
    WORSE = "worse"


@dataclass(frozen=True)
class Aim:
    """What was hoped for. `expected` and `worthwhile` are shares of 1 (0.05 is five percentage points), above
    0 whichever way the measure improves; `improves` is "up" or "down". Each one value, or one for each group.
    """

    expected: ArrayLike
    worthwhile: ArrayLike
    improves: str | ArrayLike = "up"

    def __post_init__(self) -> None:
        """Raises YourCommand unless 0 < worthwhile <= expected < 1 and the direction is up or down."""
        expected, worthwhile = np.asarray(self.expected, float), np.asarray(self.worthwhile, float)
        if not (np.all(worthwhile > 0) and np.all(worthwhile <= expected) and np.all(expected < 1)):
            raise YourCommand(
                "The smallest worthwhile effect must be above 0, and the expected one at least as large.",
                remedy="Write both as shares, above 0 whichever way is better: 0.05 for five percentage points.",
            )
        if not np.isin(np.asarray(self.improves), ("up", "down")).all():
            raise YourCommand(
                f"'{self.improves}' is no direction of improvement.", remedy="Say 'up' or 'down'."
            )

    @property
    def sign(self) -> Floats:
        """1 where up is better, -1 where down is."""
        return np.where(np.asarray(self.improves) == "up", 1.0, -1.0)

    def in_log_odds(self, before: Floats) -> tuple[Floats, Floats]:
        """Sizes of the expected and the worthwhile effect in log odds from these proportions, shape (groups,).

        Infinite where so much better than before is not possible: such an effect can never be reached.
        """
        return tuple(  # type: ignore[return-value]  # two in, two out
            np.abs(_logit(np.clip(before + self.sign * np.asarray(size, float), 0, 1)) - _logit(before))
            for size in (self.expected, self.worthwhile)
        )


@dataclass(frozen=True)
class Change:
    """What a change did to a proportion. Arrays of shape (groups,), in log odds unless said otherwise.

    `effect` with `lower` and `upper` is the log odds ratio, above 0 where the proportion rose.
    `smallest_visible` is the size of effect found with a chance of 80% by a two-sided test at the level of
    the limits. `before` is the proportion of the changed places before the change. NaN where it could not be
    estimated; `note` says why, or what else to know.
    """

    labels: NDArray[Any]
    method: str
    effect: Floats
    lower: Floats
    upper: Floats
    smallest_visible: Floats
    before: Floats
    aim: Aim
    confidence: float
    note: tuple[str, ...]

    @property
    def verdict(self) -> tuple[ChangeVerdict, ...]:
        """In a word or two, by group."""
        expected, worthwhile = self.aim.in_log_odds(self.before)
        sign = np.broadcast_to(self.aim.sign, self.effect.shape)
        better = np.where(sign > 0, self.lower, -self.upper), np.where(sign > 0, self.upper, -self.lower)
        return change_verdict(*better, expected=expected, worthwhile=worthwhile)

    @property
    def points(self) -> Floats:
        """Effect, lower and upper limit as changes of the proportion from `before`, shape (3, groups)."""
        return np.stack([self._as_share(value) for value in (self.effect, self.lower, self.upper)])

    @property
    def smallest_visible_points(self) -> Floats:
        """The smallest visible effect as a change of the proportion towards the better, above 0."""
        return np.abs(self._as_share(self.aim.sign * self.smallest_visible))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The verdict, the effect with its limits and the smallest visible effect, in percentage points."""
        effect, lower, upper = 100 * self.points
        rows = zip(self.verdict, effect, lower, upper, 100 * self.smallest_visible_points, strict=True)
        return tuple(_sentence(*row, note) for row, note in zip(rows, self.note, strict=True))

    def _as_share(self, log_odds: Floats) -> Floats:
        from scipy.special import expit

        return np.asarray(expit(_logit(self.before) + log_odds) - self.before, dtype=np.float64)


def change_verdict(
    lower: ArrayLike, upper: ArrayLike, *, expected: ArrayLike, worthwhile: ArrayLike
) -> tuple[ChangeVerdict, ...]:
    """Verdicts of limits in which above 0 is better; all four on one scale, of one shape or single values.

    worse: all below nothing. no worthwhile effect: all below the worthwhile. worked: all above nothing, and
    as much as expected is possible. partly: all between nothing and the expected. cannot tell: the rest, and
    missing limits.
    """
    low, high, hoped, least = np.broadcast_arrays(*np.atleast_1d(lower, upper, expected, worthwhile))
    with np.errstate(invalid="ignore"):
        cases = [~np.isfinite(low) | ~np.isfinite(high), high < 0, high < least, low <= 0, high < hoped]
    said = [
        ChangeVerdict.CANNOT_TELL,
        ChangeVerdict.WORSE,
        ChangeVerdict.NO_WORTHWHILE_EFFECT,
        ChangeVerdict.CANNOT_TELL,
        ChangeVerdict.PARTLY,
    ]
    at = np.select(cases, range(len(said)), len(said))
    return tuple([*said, ChangeVerdict.WORKED][k] for k in at)


def reach_of(error: Floats, freedom: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Half the width of t limits, and the smallest visible effect, from standard errors and their degrees of
    freedom. NaN where there is no freedom. Raises YourCommand for a confidence outside (0, 1).
    """
    from scipy.special import stdtrit

    upper_tail_z(confidence)
    known = freedom > 0
    df = np.where(known, freedom, 1.0)
    critical = stdtrit(df, 0.5 + confidence / 2)
    width = np.where(known, critical * error, np.nan)
    return width, np.where(known, (critical + stdtrit(df, POWER)) * error, np.nan)


def _logit(share: Floats) -> Floats:
    from scipy.special import logit

    return np.asarray(logit(share), dtype=np.float64)


def _sentence(
    verdict: ChangeVerdict, effect: float, lower: float, upper: float, visible: float, note: str
) -> str:
    told = f"{verdict.capitalize()}. {note}".strip()
    if not np.isfinite([effect, lower, upper]).all():
        return told
    return (
        f"{verdict.capitalize()}: {effect:+.1f} percentage points ({lower:+.1f} to {upper:+.1f}); "
        f"the smallest effect this could have seen is {visible:.1f} points.{' ' + note if note else ''}"
    )
