"""Kaplan-Meier curves of waits, for many groups at once, with people still waiting counted for as long as they
have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.risk_sets import RiskSets, events_of, risk_sets, running

LimitScale = Literal["log", "log-log", "plain"]


@dataclass(frozen=True)
class Steps:
    """One step for each distinct time of each group, sorted by group and time.

    Shape (groups,): `labels`; `left_out`, rows with something missing; `begins`, the time from which the group
    is seen (a curve is of those who reach it; 0 without delayed entry); `set_aside`, events not used because
    too few were at risk; `emptied_at`, the time at which the curve came to 0 while people entered later, NaN
    where it did not: from there on it contradicts itself, and the summaries give nothing.
    Shape (steps,): `group`, position in `labels`; `time`; `at_risk` and `censored`, people.
    """

    labels: NDArray[Any]
    left_out: NDArray[np.intp]
    begins: Floats
    set_aside: Floats
    emptied_at: Floats
    group: NDArray[np.intp]
    time: Floats
    at_risk: Floats
    censored: Floats


@dataclass(frozen=True)
class SurvivalCurves(Steps):
    """Shape (steps,): `events`, people; `used`, those of them that are not set aside; `survival`, share whose
    wait is longer than `time`; `std_error` of its logarithm (Greenwood), infinite at 0; `lower`, `upper` limits
    of `survival` at `confidence`.
    """

    events: Floats
    used: Floats
    survival: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    confidence: float


def survival_curve(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    limits: LimitScale = "log",
    minimum_at_risk: int = 1,
) -> SurvivalCurves:
    """Kaplan-Meier curves (Kaplan and Meier 1958) with Greenwood's variance, one for each group.

    `time` from referral to the event or to when last seen, in any one unit; `event` 1 where it happened, 0
    where not yet. `entry` is the time already waited when first seen (delayed entry, left truncation): nobody
    counts as at risk before it. `minimum_at_risk` sets events aside that happen among fewer people while others
    still enter (see RiskSets.thin); 1, the default, is the textbook curve.
    Limits are NaN where the scale has none: at a share of 0, and for log-log at 1.

    Raises YourCommand for times below 0, an entry not before its time, an event that is not 0 or 1.
    """
    risk = risk_sets(time, events_of(event), 1, entry=entry, groups=groups)
    return survival_of(risk, confidence=confidence, limits=limits, minimum_at_risk=minimum_at_risk)


def survival_of(
    risk: RiskSets, *, confidence: float, limits: LimitScale, minimum_at_risk: int
) -> SurvivalCurves:
    """Curves of risk sets that are already counted, any way of ending being the event."""
    events = risk.ends.sum(axis=1)
    used = np.where(risk.thin(minimum_at_risk), 0.0, events)
    survival, std_error = survival_and_error(risk, used)
    lower, upper = share_limits(survival, std_error, confidence, limits)
    return SurvivalCurves(
        **steps_of(risk, events - used, survival),
        events=events,
        used=used,
        survival=survival,
        std_error=std_error,
        lower=lower,
        upper=upper,
        confidence=confidence,
    )


def survival_and_error(risk: RiskSets, events: Floats) -> tuple[Floats, Floats]:
    """Share not ended after each step, and the standard error of its logarithm (Greenwood 1926)."""
    staying = risk.at_risk - events
    with np.errstate(divide="ignore"):
        terms = np.where(events == 0, 0.0, events / (risk.at_risk * staying))
    survival = running(np.multiply, staying / risk.at_risk, risk.group)
    return survival, np.sqrt(running(np.add, terms, risk.group))


def steps_of(risk: RiskSets, set_aside: Floats, survival: Floats) -> dict[str, Any]:
    """The fields of Steps."""
    emptied_at = np.full(risk.labels.size, np.nan)
    rows = np.flatnonzero((survival == 0) & (risk.time < risk.last_entry[risk.group]))[::-1]
    emptied_at[risk.group[rows]] = risk.time[rows]  # backwards, so that the first of each group stays
    aside = np.bincount(risk.group, weights=set_aside, minlength=risk.labels.size).astype(np.float64)
    of_groups = {"labels": risk.labels, "left_out": risk.left_out, "begins": risk.begins}
    of_groups |= {"set_aside": aside, "emptied_at": emptied_at}
    of_steps = {"group": risk.group, "time": risk.time, "at_risk": risk.at_risk, "censored": risk.censored}
    return of_groups | of_steps


def share_limits(
    share: Floats, relative_error: Floats, confidence: float, limits: LimitScale
) -> tuple[Floats, Floats]:
    """Limits of a share from the standard error of its logarithm, clipped to 0 and 1.

    `log` is symmetric in ln S, `log-log` in ln(-ln S) (it never leaves 0 to 1), `plain` in S itself.
    """
    z = upper_tail_z(confidence)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if limits == "plain":
            spread = z * share * relative_error
            return np.clip(share - spread, 0, 1), np.clip(share + spread, 0, 1)
        if limits == "log":
            spread = np.where(share > 0, z * relative_error, np.nan)
            return share * np.exp(-spread), np.minimum(share * np.exp(spread), 1)
        if limits == "log-log":
            base = np.where((share > 0) & (share < 1), share, np.nan)  # 1 to the power of NaN would be 1
            spread = z * relative_error / -np.log(base)
            return base ** np.exp(spread), base ** np.exp(-spread)
    raise YourCommand(f"There are no limits called {limits}.", remedy="Choose log, log-log or plain.")
