"""Effects laid over the calibrated baseline, so that the answer of an analysis is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from joinedup.twin.calendar import day_number
from joinedup.twin.drawing import Array, Floats
from joinedup.twin.figures import read

GROUPS = {
    **dict.fromkeys("ABC", "White"),
    **dict.fromkeys("DEFG", "Mixed"),
    **dict.fromkeys("HJKL", "Asian or Asian British"),
    **dict.fromkeys("MNP", "Black or Black British"),
    **dict.fromkeys("RS", "Other Ethnic Groups"),
    "Z": "Not stated",
}


@dataclass(frozen=True)
class Effect:
    """One planted effect. `points` are percentage points of the stage's pass rate; `days` lengthen a wait.

    `compensated`: the rest of the service is moved the other way, so that the service as a whole stays
    calibrated.
    """

    id: str
    service: str
    breakdown: str
    group: str
    stage: str
    since: date
    compensated: bool
    points: float = 0.0
    days: float = 0.0

    def concerns(self, columns: Mapping[str, Array]) -> Array:
        """Which referrals the effect touches: columns received, group (ethnic group name), decile."""
        touched = columns["received"] >= day_number(self.since)
        if self.breakdown == "ethnic_group":
            return np.asarray(touched & (columns["group"] == self.group))
        if self.breakdown == "deprivation_quintile":
            return np.asarray(touched & ((columns["decile"] + 1) // 2 == int(self.group)))
        return np.asarray(touched)


@cache
def effects() -> tuple[Effect, ...]:
    """The planted effects, from planted.yaml."""
    rows: list[dict[str, Any]] = read("planted")["effects"]
    return tuple(Effect(**{("since" if k == "from" else k): v for k, v in row.items()}) for row in rows)


def planted(
    service: str, stage: str, baseline: Floats, columns: Mapping[str, Array], chosen: tuple[Effect, ...]
) -> Floats:
    """Pass probabilities with the effects of one stage laid on; equal to `baseline` where there is none."""
    result = baseline.copy()
    for effect in chosen:
        if (effect.service, effect.stage) != (service, stage) or not effect.points:
            continue
        touched = effect.concerns(columns)
        result[touched] += effect.points / 100
        others = ~touched & (columns["received"] >= day_number(effect.since))
        if effect.compensated and others.any():
            result[others] -= effect.points / 100 * touched.sum() / others.sum()
    return np.clip(result, 0.0, 1.0)


def added_wait(service: str, columns: Mapping[str, Array], chosen: tuple[Effect, ...]) -> Floats:
    """Days added to the wait for first treatment."""
    days = np.zeros(len(columns["received"]))
    for effect in chosen:
        if effect.service == service and effect.stage == "first_treatment_wait":
            days += np.where(effect.concerns(columns), effect.days, 0.0)
    return days
