"""One group's way through the stages: how many reached each, passed it, or are still open there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["leak", "open", "scope"]
HIDDEN_OPEN = 2.0
"""What a hidden count of people still open stands at: the middle of 0 to 4, the same for everyone."""


@dataclass(frozen=True)
class Stage:
    """A step that a referral passes or does not.

    `kind` says what not passing means: "leak" (left), "open" (still open), "scope" (could not pass, never
    lost). `splits`: some who did not pass a leak are still open; they are parted from those who left.
    `nested`: those who passed are among those who reached it; False for published flows.
    """

    name: str
    title: str
    kind: Kind
    opens: str = ""
    splits: bool = False
    nested: bool = True


@dataclass(frozen=True)
class Chain:
    """Counts of one group, possibly weighted; NaN is a hidden count.

    `passed[k]` of those who reached stage k went on, so they reached stage k + 1; `open[k]` were still open
    there; the rest left. `sizes[k]` is how many independent people the count of stage k is worth: the
    number that reached it or, under weights, (sum w)^2 / (sum w^2) (Kish, 1965).
    """

    stages: tuple[Stage, ...]
    referred: float
    passed: tuple[float, ...]
    open: tuple[float, ...]
    sizes: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.stages) == len(self.passed) == len(self.open) == len(self.sizes):
            raise YourCommand("A chain needs one count of each kind for every stage.")
        for stage, before, after in zip(self.stages, self.reached, self.passed, strict=True):
            if after < 0 or (stage.nested and after > before * (1 + 1e-9) + 1e-9):
                raise YourCommand(f"More people passed '{stage.title}' than reached it.")

    @classmethod
    def of_counts(
        cls,
        stages: tuple[Stage, ...],
        referred: float,
        passed: Sequence[float],
        still_open: Sequence[float] | None = None,
        sizes: Sequence[float] | None = None,
    ) -> Chain:
        """Chain of plain counts: nobody still open unless said, every person worth one."""
        reached = (referred, *passed[:-1])
        opened = tuple(still_open) if still_open is not None else (0.0,) * len(stages)
        return cls(stages, referred, tuple(passed), opened, tuple(sizes) if sizes is not None else reached)

    @property
    def reached(self) -> tuple[float, ...]:
        """How many reached each stage."""
        return (self.referred, *self.passed[:-1])

    @property
    def left(self) -> tuple[float, ...]:
        """How many neither passed nor are still open, at leaks; zero elsewhere."""
        return tuple(
            max(n - p - _open(n, p, o), 0.0) if stage.kind == "leak" else 0.0
            for stage, n, p, o in zip(self.stages, self.reached, self.passed, self.open, strict=True)
        )

    @property
    def rate(self) -> float:
        """Outcomes per referral: the product of all pass rates."""
        return self.passed[-1] / self.referred if self.referred else float("nan")

    @property
    def hidden(self) -> bool:
        """Whether a count that the rate hangs on is hidden."""
        return bool(np.isnan([self.referred, *self.passed]).any())

    def factors(self) -> Factors:
        """Pass rates as independent binomials; a stage that splits gives two: not open, then not left."""
        rows = [row for k, stage in enumerate(self.stages) for row in self._rows(k, stage)]
        bars, reached, passed, sizes = zip(*rows, strict=True)
        return Factors(bars, np.array(reached, float), np.array(passed, float), np.array(sizes, float))

    def _rows(self, k: int, stage: Stage) -> list[tuple[Bar, float, float, float]]:
        n, p, size = self.reached[k], self.passed[k], self.sizes[k]
        if not stage.splits:
            return [(Bar(stage, stage.kind), n, p, size)]
        known = n - _open(n, p, self.open[k])
        return [
            (Bar(stage, "open"), n, known, size),
            (Bar(stage, "leak"), known, p, size * known / n if n else 0.0),
        ]


def _open(reached: float, passed: float, still_open: float) -> float:
    """Still open, as far as rounded counts leave room for them."""
    return float(min(HIDDEN_OPEN if np.isnan(still_open) else still_open, max(reached - passed, 0.0)))


@dataclass(frozen=True)
class Bar:
    """One factor of the rate, and so one bar of the picture."""

    stage: Stage
    kind: Kind

    @property
    def title(self) -> str:
        """Words beside the bar."""
        return (
            f"{self.stage.title}: still open"
            if self.kind == "open" and self.stage.splits
            else self.stage.title
        )


@dataclass(frozen=True)
class Factors:
    """A chain as K independent pass rates: arrays of length K of reached, passed and effective size."""

    bars: tuple[Bar, ...]
    reached: Floats
    passed: Floats
    sizes: Floats

    @property
    def rates(self) -> Floats:
        """Pass rates; NaN where no one reached the stage."""
        rates: Floats = np.full(len(self.bars), np.nan)
        return np.divide(self.passed, self.reached, out=rates, where=self.reached > 0)
