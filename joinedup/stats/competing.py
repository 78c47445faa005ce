"""Competing ends of a wait: started, dropped out, declined. Each takes people away from the others, so that none
may be read off a Kaplan-Meier curve in which the others count as censored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.risk_sets import RiskSets, risk_sets, rows_at, running
from joinedup.stats.survival import LimitScale, Steps, share_limits, steps_of, survival_and_error
from joinedup.stats.survival_summaries import one_list, seen_at


@dataclass(frozen=True)
class CumulativeIncidence(Steps):
    """`ends`: names of the ways of ending. Shape (steps,): `waiting`, share with no end yet. Shape (steps, ends):
    `events`, people; `incidence`, share that has ended in this way; its `std_error`, and limits `lower` and
    `upper` (NaN where it is 0). At each step `waiting` and the incidences add up to 1.
    """

    ends: tuple[str, ...]
    waiting: Floats
    events: Floats
    incidence: Floats
    std_error: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class IncidenceSummary:
    """`incidence`, `lower`, `upper` of shape (groups, times, ends); `waiting` of shape (groups, times)."""

    labels: NDArray[Any]
    ends: tuple[str, ...]
    at: Floats
    incidence: Floats
    lower: Floats
    upper: Floats
    waiting: Floats


def cumulative_incidence(
    time: ArrayLike,
    end: ArrayLike,
    *,
    ends: Sequence[object] | None = None,
    waiting: object = "still waiting",
    entry: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    limits: LimitScale = "log-log",
    minimum_at_risk: int = 1,
) -> CumulativeIncidence:
    """Aalen-Johansen estimates of the share that has ended in each way (Aalen and Johansen 1978).

    `end` is how each wait ended, or the value `waiting` where it has not. An end that is None, NaN or "" is
    missing: the row is left out and counted. `ends` names the ways and their order; without it they are those
    found, sorted. Variance by the delta method (Marubini and Valsecchi 1995, 10.4). The rest as in
    survival_curve; raises YourCommand as there, and for an end that is not named.
    """
    names, kind = end_kinds(end, ends, waiting)
    risk = risk_sets(time, kind, len(names), entry=entry, groups=groups)
    return incidence_of(risk, names, confidence=confidence, limits=limits, minimum_at_risk=minimum_at_risk)


def incidence_of(
    risk: RiskSets, names: tuple[str, ...], *, confidence: float, limits: LimitScale, minimum_at_risk: int
) -> CumulativeIncidence:
    """Incidence of each way of ending from risk sets that are already counted."""
    thin = risk.thin(minimum_at_risk)
    used = np.where(thin[:, None], 0.0, risk.ends)
    any_end = used.sum(axis=1)
    staying, _ = survival_and_error(risk, any_end)
    before = _shifted(staying, risk.group)
    incidence, error = np.empty_like(used), np.empty_like(used)
    for way in range(len(names)):
        incidence[:, way], error[:, way] = _incidence(risk, any_end, used[:, way], before)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = share_limits(incidence, error / incidence, confidence, limits)
    return CumulativeIncidence(
        **steps_of(risk, risk.ends.sum(axis=1) - any_end, staying),
        ends=names,
        waiting=staying,
        events=risk.ends,
        incidence=incidence,
        std_error=error,
        lower=lower,
        upper=upper,
    )


def incidence_at(curves: CumulativeIncidence, times: ArrayLike) -> IncidenceSummary:
    """Shares ended in each way, and still waiting, just after each time; NaN beyond what was seen."""
    asked = one_list(times)
    row = rows_at(curves.group, curves.time, curves.labels.size, asked)
    known = seen_at(curves, curves.waiting, asked)
    nothing = np.zeros((1, len(curves.ends)))
    shares, lower, upper = (
        np.where(known[:, :, None], np.concatenate((column, nothing + first))[row], np.nan)
        for column, first in ((curves.incidence, 0.0), (curves.lower, np.nan), (curves.upper, np.nan))
    )
    waiting = np.where(known, np.append(curves.waiting, 1.0)[row], np.nan)
    return IncidenceSummary(curves.labels, curves.ends, asked, shares, lower, upper, waiting)


def end_kinds(
    end: ArrayLike, ends: Sequence[object] | None, waiting: object
) -> tuple[tuple[str, ...], Floats]:
    """Names of the ways of ending, and for each row 0 (waiting), 1 to the number of ways, or NaN (missing)."""
    given = np.atleast_1d(np.asarray(end))
    missing = given != given  # noqa: PLR0124 - only NaN is not itself
    if given.dtype.kind in "OU":
        missing = np.asarray(missing | (given == None) | (given == ""), dtype=bool)  # noqa: E711
    if given.dtype.kind == "O":
        given, waiting = given.astype(str), str(waiting)
        ends = None if ends is None else [str(name) for name in ends]
    if ends is None:
        ends = [name for name in np.unique(given[~missing]) if name != waiting]
    kind = np.where(missing | (given == waiting), 0.0, -1.0)
    for place, name in enumerate(ends, start=1):
        kind[given == name] = place
    if bool((kind < 0).any()) or waiting in ends or len(set(ends)) < len(ends):
        raise YourCommand(
            "An end is not among those named, or one is named twice.",
            remedy="Give each way of ending once in `ends`, and the value of those still waiting in `waiting`.",
        )
    kind[missing] = np.nan
    return tuple(str(name) for name in ends), kind


def _shifted(staying: Floats, group: NDArray[np.intp]) -> Floats:
    """Share with no end just before each step."""
    before = np.concatenate(([1.0], staying[:-1]))[: staying.size]
    before[1:][group[1:] != group[:-1]] = 1.0
    return before


def _incidence(risk: RiskSets, events: Floats, of_way: Floats, before: Floats) -> tuple[Floats, Floats]:
    """Incidence F of one way and its standard error at every step.

    Var F(t) = sum over steps i up to t of (F(t) - F_i)^2 a_i + S_i-^2 b_i - 2 (F(t) - F_i) S_i- c_i, with
    a = d/(n(n-d)), b = d_k(n-d_k)/n^3, c = d_k/n^2. Multiplied out, so that each part is a running sum.
    """
    n, group = risk.at_risk, risk.group
    share = running(np.add, before * of_way / n, group)
    with np.errstate(divide="ignore", invalid="ignore"):
        # nobody is left where n = d: F does not move after it, so that its term is 0 at every later step
        a = np.where(events < n, events / (n * (n - events)), 0.0)
    b, c = before**2 * of_way * (n - of_way) / n**3, before * of_way / n**2
    squares = running(np.add, a, group)
    crossed = running(np.add, a * share + c, group)
    alone = running(np.add, a * share**2 + b + 2 * c * share, group)
    return share, np.sqrt(np.maximum(share**2 * squares - 2 * share * crossed + alone, 0.0))
