"""The national outcome flags in plain numpy, for drawing scores and for calibrating: not the product's
derivation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from joinedup.twin.drawing import Array, Floats
from joinedup.twin.figures import read

ROUNDING = 1e-9


@dataclass(frozen=True)
class Questionnaire:
    """Range, thresholds (at least), and the spread of first scores assumed for the twin."""

    code: str
    snomed: tuple[str, ...]
    low: float
    high: float
    case: float
    change: float
    mean: float
    sd: float
    step: float
    problem: str | None = None
    avoid: float | None = None


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """PHQ-9 first, GAD-7 second, then the measures of single problems."""
    rows: dict[str, Any] = {k: v for k, v in read("questionnaires").items() if isinstance(v, dict)}
    return tuple(Questionnaire(code, **{**row, "snomed": tuple(row["snomed"])}) for code, row in rows.items())


@dataclass(frozen=True)
class Flags:
    """One boolean per course with both scores twice."""

    case: Array
    recovered: Array
    improved: Array
    deteriorated: Array


def flags(depression: tuple[Floats, Floats], anxiety: tuple[Floats, Floats], measure: Questionnaire) -> Flags:
    """Caseness, recovery, reliable improvement and deterioration from (first, last) PHQ-9 and anxiety
    scores."""
    phq = questionnaires()[0]
    case = (depression[0] >= phq.case) | (anxiety[0] >= measure.case - ROUNDING)
    below = (depression[1] < phq.case) & (anxiety[1] < measure.case - ROUNDING)
    fell = depression[0] - depression[1] >= phq.change, anxiety[0] - anxiety[1] >= measure.change - ROUNDING
    rose = depression[1] - depression[0] >= phq.change, anxiety[1] - anxiety[0] >= measure.change - ROUNDING
    return Flags(
        case=case,
        recovered=case & below,
        improved=(fell[0] | fell[1]) & ~(rose[0] | rose[1]),
        deteriorated=(rose[0] | rose[1]) & ~(fell[0] | fell[1]),
    )
