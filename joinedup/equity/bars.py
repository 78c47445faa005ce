"""The bars of a gap: what each stage, the mix of people and the share between services add to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from joinedup.equity.limits import half_width, spread
from joinedup.equity.parts import logarithmic_parts, product, shapley_parts
from joinedup.stats import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.equity.chain import Chain, Factors

NO_ONE_REACHED = "no one reached"


@dataclass(frozen=True)
class GapBar:
    """One part of a gap, in outcomes per referral; None is hidden, or has no meaning for this kind of part.

    `kind`: leak (people left), open (still open), scope (could not pass), case_mix, services.
    `fewer_recoveries` = -contribution x the group's referrals. `extra_leavers` = those of the group who
    reached the stage x (pass rate of the reference - pass rate of the group), for leaks only: nobody else
    is lost. `p_value` asks whether the contribution is nothing; `adjusted` is Holm's over the leaks;
    `claimed` is a leak with fewer recoveries and an adjusted p value below alpha.
    """

    stage: str
    title: str
    kind: str
    contribution: float | None = None
    lower: float | None = None
    upper: float | None = None
    shapley: float | None = None
    p_value: float | None = None
    adjusted: float | None = None
    claimed: bool = False
    fewer_recoveries: float | None = None
    extra_leavers: float | None = None
    group_rate: float | None = None
    reference_rate: float | None = None
    reached: float | None = None
    reference_reached: float | None = None
    note: str = ""
    opens: str = ""


def stage_bars(group: Chain, reference: Chain, *, confidence: float, rounding: float) -> tuple[GapBar, ...]:
    """Bars of the stages: group against reference (reweighted or not), which must have the same stages."""
    a, b = group.factors(), reference.factors()
    parts, by_orders = logarithmic_parts(a.rates, b.rates), shapley_parts(a.rates, b.rates)
    found = spread(a, b, rounding=rounding)
    lower, upper = found.limits(parts, confidence)
    p_values = found.p_values
    return tuple(
        _stage_bar(
            k,
            a,
            b,
            part=parts[k],
            by_orders=by_orders[k],
            p_value=p_values[k],
            limits=(lower[k], upper[k]),
            referrals=group.referred,
        )
        for k in range(len(a.bars))
    )


def _stage_bar(
    k: int,
    a: Factors,
    b: Factors,
    *,
    part: float,
    by_orders: float,
    p_value: float,
    limits: tuple[float, float],
    referrals: float,
) -> GapBar:
    bar, rate_a, rate_b = a.bars[k], a.rates[k], b.rates[k]
    empty = GapBar(bar.stage.name, bar.title, bar.kind, note=NO_ONE_REACHED)
    if math.isnan(rate_a) or math.isnan(rate_b):
        return replace(empty, contribution=0.0, shapley=0.0, fewer_recoveries=0.0)
    return GapBar(
        stage=bar.stage.name,
        title=bar.title,
        kind=bar.kind,
        opens=bar.stage.opens,
        contribution=float(part),
        lower=_known(limits[0]),
        upper=_known(limits[1]),
        shapley=float(by_orders),
        p_value=_known(p_value),
        fewer_recoveries=float(-part * referrals),
        extra_leavers=float(a.reached[k] * (rate_b - rate_a)) if bar.kind == "leak" else None,
        group_rate=float(rate_a),
        reference_rate=float(rate_b),
        reached=float(a.reached[k]),
        reference_reached=float(b.reached[k]),
    )


def mix_bar(
    kind: str,
    title: str,
    *,
    part: float,
    rate: float,
    size: float,
    referrals: float,
    confidence: float,
    noise: float,
) -> GapBar:
    """Bar of a reweighting; its variance is that of `size` independent people at `rate`, plus that of
    rounding.
    """
    known = size > 0 and 0 < rate < 1
    reach = half_width(confidence) * math.sqrt(rate * (1 - rate) / size + noise) if known else None
    return GapBar(
        stage=kind,
        title=title,
        kind=kind,
        contribution=part,
        lower=None if reach is None else part - reach,
        upper=None if reach is None else part + reach,
        shapley=part,
        fewer_recoveries=-part * referrals,
    )


def claim(bars: Sequence[GapBar], alpha: float) -> tuple[GapBar, ...]:
    """Bars with claims: Holm over the leaks, two-sided, and only where fewer recoveries come of it."""
    leaks = [k for k, bar in enumerate(bars) if bar.kind == "leak" and bar.p_value is not None]
    if not leaks:
        return tuple(bars)
    adjusted = dict(zip(leaks, holm(np.array([bars[k].p_value for k in leaks])), strict=True))
    return tuple(
        replace(
            bar,
            adjusted=float(adjusted[k]),
            claimed=bool(adjusted[k] < alpha and (bar.contribution or 0.0) < 0),
        )
        if k in adjusted
        else bar
        for k, bar in enumerate(bars)
    )


def gap_with_limits(
    group: Chain, reference: Chain, confidence: float, rounding: float
) -> tuple[float, float, float]:
    """Difference of the two rates, lower and upper limit."""
    a, b = group.factors(), reference.factors()
    gap = product(a.rates) - product(b.rates)
    return (gap, *spread(a, b, rounding=rounding).gap_limits(gap, confidence))


def _known(value: float) -> float | None:
    """A number, or None where a hidden size leaves it unknown."""
    return None if math.isnan(value) else float(value)
