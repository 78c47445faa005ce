"""Where does the gap between two groups open?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.equity.attribution import GapAttribution
from joinedup.equity.mix import covariate_keys, mix_variance, reweight, service_variance
from joinedup.equity.outcomes import Outcome, outcome_of
from joinedup.equity.selecting import (
    PLACE_COLUMNS,
    Cohort,
    JourneyRecords,
    breakdown_of,
    groups_of,
    residents_of,
    select,
)
from joinedup.errors import UnknownName, YourCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.definitions import Breakdown, Period
    from joinedup.equity.cohort import Steps
    from joinedup.equity.outcomes import Basis

LARGEST_SIZE = 1e9
"""What a bar without any uncertainty, as between equal mixes, is worth in people."""
STANDARDISE = ("age", "sex", "deprivation")
COLUMN_OF = {
    "age": "Age_ReferralRequest_ReceivedDate",
    "sex": "Gender",
    "deprivation": "IndicesOfDeprivationDecile",
}


def attribute_gap(
    records: JourneyRecords,
    outcome: str | Outcome = "reliable_recoveries_per_referral",
    *,
    by: Breakdown | str,
    between: tuple[str, str],
    basis: Basis = "cohort",
    period: Period | None = None,
    follow_up: int | None = None,
    level: str = "service",
    places: Sequence[str] | None = None,
    standardise: Sequence[str] = STANDARDISE,
    residents: tuple[float | None, float | None] | None = None,
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> GapAttribution:
    """Split the gap in an outcome per referral between a group and a reference group over the stages of the
    journey.

    `by`: a breakdown, or "service" or "borough"; `between`: group, reference. `basis`: "cohort" follows
    referrals received in `period` for `follow_up` calendar months (12, or 18 where more than 5% are open at
    12); "discharged" takes referrals that ended in it, as official measures do. Without `period`, the last
    twelve whole months that can be followed. `places` are codes of `level`. `standardise`: what the
    reference is reweighted on, besides service; () for nothing but service. What the groups are made by is
    left out.

    Parts by the logarithmic mean (Ang 2004) and by Shapley values, both adding up to the gap; limits by the
    delta method; leaks claimed after Holm. Raises UnknownName for unknown groups, YourCommand for an empty
    cohort.
    """
    chain, breakdown = outcome_of(outcome), breakdown_of(by)
    if basis == "flows":
        raise YourCommand(
            "Flows are published counts, not journeys.", remedy="Call attribute_flows with them."
        )
    cohort = select(records, chain, basis, period=period, follow_up=follow_up, level=level, places=places)
    return attribute_cohort(
        cohort,
        chain,
        breakdown,
        between,
        basis=basis,
        standardise=tuple(standardise),
        rule=records.rule,
        snapshot=records.snapshot,
        residents=residents or residents_of(breakdown, between, level, places, cohort.end),
        filters={} if places is None else {"level": level, "places": list(places)},
        confidence=confidence,
        alpha=alpha,
    )


def attribute_cohort(
    cohort: Cohort,
    outcome: Outcome,
    by: Breakdown | str,
    between: tuple[str, str],
    *,
    basis: Basis,
    standardise: tuple[str, ...],
    **described: Any,
) -> GapAttribution:
    """The gap within a cohort already selected; `described` are further fields of the result."""
    labels = groups_of(cohort.table, by)
    _check_groups(labels, by, between)
    chosen, other = (labels == name for name in between)
    group, reference = cohort.steps.where(chosen), cohort.steps.where(other)
    on = tuple(name for name in standardise if COLUMN_OF.get(name) != _column(by))
    has_service = by != "service" and len(set(groups_of(cohort.table, "service")[chosen | other])) > 1
    keys = covariate_keys(cohort.table, (*(("service",) if has_service else ()), *on))
    warnings = list(cohort.warnings)
    weighted = _reweighted(
        group, reference, keys[chosen], keys[other], has_service=has_service, on=on, told=warnings
    )
    return GapAttribution(
        outcome=outcome,
        basis=basis,
        by=by if isinstance(by, str) else by.slug,
        between=between,
        chains=(group.chain(), reference.chain()),
        not_stated=_not_stated(cohort.steps, labels, by),
        period=cohort.key,
        months=cohort.months,
        follow_up=cohort.follow_up,
        standardised_on=on,
        warnings=tuple(warnings),
        **weighted,
        **described,
    )


def _reweighted(
    group: Steps,
    reference: Steps,
    group_keys: Any,
    keys: Any,
    *,
    has_service: bool,
    on: tuple[str, ...],
    told: list[str],
) -> dict[str, Any]:
    """Chains of the reference at the group's mix, and what the bars of the mix are worth in people."""
    if not (has_service or on):
        return {}
    y = reference.succeeded.astype(float)
    rate = float(y.mean())
    mix = reweight(group_keys, keys)
    if mix.unmatched >= 1:
        told.append(
            "Nobody of the reference is like the group in services, age, sex and deprivation: not reweighted."
        )
        return {}
    if mix.unmatched > 0:
        told.append(
            "Some of the group are like nobody of the reference; they are left out of the reweighting."
        )
    coarse = reweight(group_keys[:, : int(has_service)], keys[:, : int(has_service)])
    mixes = (*(("case_mix",) if on else ()), *(("services",) if has_service else ()))
    variances = {"case_mix": mix_variance(mix, coarse, y), "services": service_variance(coarse, y)}
    return {
        "standardised": reference.chain(mix.weights),
        "by_service": reference.chain(coarse.weights) if len(mixes) > 1 else None,
        "mixes": mixes,
        "mix_sizes": tuple(_size(rate, variances[kind]) for kind in mixes),
    }


def _size(rate: float, variance: float) -> float:
    """Independent people whose rate would vary so much; NaN where everyone or no one succeeds."""
    return min(rate * (1 - rate) / max(variance, 1e-30), LARGEST_SIZE) if 0 < rate < 1 else float("nan")


def _not_stated(steps: Steps, labels: Any, by: Breakdown | str) -> tuple[float, float] | None:
    if isinstance(by, str):
        return None
    unknown = labels == by.not_stated
    return float(unknown.sum()), float(steps.succeeded[unknown].sum())


def _check_groups(labels: Any, by: Breakdown | str, between: tuple[str, str]) -> None:
    known = sorted(set(labels.tolist()) - {""}) if isinstance(by, str) else list(by.stated_names)
    if between[0] == between[1]:
        raise YourCommand("A gap needs two different groups.", remedy=f"Choose two of {', '.join(known)}.")
    for name in between:
        if not isinstance(by, str) and name == by.not_stated:
            raise YourCommand(
                f"'{name}' is no group of people: it is shown as a bound, never as a finding.",
                remedy=f"Choose from {', '.join(known)}.",
            )
        if name not in known:
            raise UnknownName(f"There is no group '{name}'.", remedy=f"Choose from {', '.join(known)}.")
        if not np.any(labels == name):
            raise YourCommand(f"No referral of this cohort is of '{name}'.", remedy="Choose a longer period.")


def _column(by: Breakdown | str) -> str | None:
    return by if isinstance(by, str) else by.column


__all__ = ["PLACE_COLUMNS", "attribute_cohort", "attribute_gap"]
