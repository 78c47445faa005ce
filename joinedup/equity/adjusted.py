"""Groups compared at one and the same mix of people: by a logistic model and by direct standardisation, beside
each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from joinedup.equity.gap import COLUMN_OF, STANDARDISE
from joinedup.equity.mix import covariate_keys
from joinedup.equity.outcomes import Outcome, outcome_of
from joinedup.equity.selecting import JourneyRecords, breakdown_of, groups_of, select
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from joinedup.definitions import Breakdown, Period
    from joinedup.disclosure import Display
    from joinedup.equity.outcomes import Basis

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

VERSION = "1"
COUNTS = ("succeeded", "referred")
FEWEST_PEOPLE, FEWEST_EVENTS = 20, 10
"""A model's figure is released from so many people and events (and people without) of its group on."""
Estimate = tuple[float | None, float | None, float | None]
"""A share of 1 with its limits; None where hidden or not possible."""
NOTHING: Estimate = (None, None, None)


@dataclass(frozen=True)
class AdjustedGroup:
    """A group's outcomes per referral, each with limits: as they are, by the model, and standardised.

    `covered` is the share of everyone whose like is found in the group: the rest are outside its standardised
    rate.
    """

    group: str
    referred: float | None
    crude: Estimate
    model: Estimate
    standardised: Estimate
    covered: float | None


@dataclass(frozen=True, eq=False)
class AdjustedComparison:
    """Groups side by side. `succeeded` and `referred` (groups,) as counted, NaN where hidden; `model` and
    `standard` (groups, 2) are rates with their standard errors, which do not follow from these counts.
    """

    outcome: Outcome
    basis: Basis
    by: str
    names: tuple[str, ...]
    succeeded: Floats
    referred: Floats
    model: Floats
    standard: Floats
    covered: Floats
    adjusted_for: tuple[str, ...]
    period: str = ""
    rule: str = ""
    snapshot: int | str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    confidence: float = 0.95
    display: Display | None = None

    @cached_property
    def groups(self) -> tuple[AdjustedGroup, ...]:
        """Every group, in the order of the breakdown."""
        return tuple(self._group(k) for k in range(len(self.names)))

    def headline(self) -> str:
        """The finding in a few words."""
        told = [one for one in self.groups if one.model[0] is not None]
        if len(told) < 2:
            return "Too few people to compare at the same mix"
        low, high = (pick(told, key=lambda one: one.model[0] or 0.0) for pick in (min, max))
        spread = 100 * ((high.model[0] or 0.0) - (low.model[0] or 0.0))
        return f"At the same mix of people {low.group} and {high.group} are {spread:.1f} points apart"

    def sentence(self) -> str:
        """What was adjusted for, and which groups the two ways do not agree on."""
        told = f"{self.headline()} (adjusted for {', '.join(self.adjusted_for) or 'nothing'})."
        apart = [one.group for one in self.groups if _apart(one.model, one.standardised)]
        if apart:
            told += f" Model and standardisation do not agree for {', '.join(apart)}: trust neither alone."
        return told

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        return {
            "outcome": self.outcome.name,
            "basis": self.basis,
            "by": self.by,
            "period": self.period,
            "adjusted_for": list(self.adjusted_for),
            "groups": [
                {
                    "group": one.group,
                    "referred": one.referred,
                    **{
                        name: dict(zip(("value", "lower", "upper"), getattr(one, name), strict=True))
                        for name in ("crude", "model", "standardised")
                    },
                    "covered": one.covered,
                }
                for one in self.groups
            ],
            "headline": self.headline(),
            "sentence": self.sentence(),
            "warnings": list(self.warnings),
            "profile": self.display.profile if self.display else None,
        }

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """Columns group, succeeded, referred."""
        told = {
            name: pa.array([None if math.isnan(v) else int(v) for v in getattr(self, name)], pa.int64())
            for name in COUNTS
        }
        return pa.table({"group": pa.array(self.names, pa.string()), **told})

    def relations(self) -> tuple[Any, ...]:
        """None: no total over groups is shown."""
        return ()

    def with_counts(self, counts: pa.Table, display: Display) -> AdjustedComparison:
        """The same with these counts. What a model says does not follow from them: see `_released`."""
        x, n = (
            np.array([math.nan if v is None else v for v in counts[name].to_pylist()], float)
            for name in COUNTS
        )
        x = np.where(np.isnan(x) | np.isnan(n), x, np.fmin(x, n))
        if display.exact:
            return replace(self, succeeded=x, referred=n, display=display)
        enough = (n >= FEWEST_PEOPLE) & (x >= FEWEST_EVENTS) & (n - x >= FEWEST_EVENTS)
        return replace(
            self,
            succeeded=x,
            referred=n,
            model=_released(self.model, enough),
            standard=_released(self.standard, enough),
            covered=np.where(enough, np.round(self.covered, 2), np.nan),
            display=display,
        )

    def identity(self) -> Mapping[str, Any]:
        """What the figures are, for their codes."""
        return {
            "measure_id": self.outcome.name,
            "version": VERSION,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {
                "question": "adjusted comparison",
                "basis": self.basis,
                "by": self.by,
                "period": self.period,
                "adjusted_for": list(self.adjusted_for),
                **self.filters,
            },
        }

    def _group(self, k: int) -> AdjustedGroup:
        from joinedup.stats import wilson_interval

        x, n = float(self.succeeded[k]), float(self.referred[k])
        shown = not math.isnan(x + n) and n > 0
        if self.display is not None:
            shown = shown and self.display.percentage(0.0, n) is not None
        lower, upper = wilson_interval(x, n, self.confidence) if shown else (0.0, 0.0)
        return AdjustedGroup(
            group=self.names[k],
            referred=None if math.isnan(n) else n,
            crude=(x / n, float(lower), float(upper)) if shown else NOTHING,
            model=self._limits(*self.model[k]),
            standardised=self._limits(*self.standard[k]),
            covered=None if math.isnan(self.covered[k]) else float(self.covered[k]),
        )

    def _limits(self, rate: float, error: float) -> Estimate:
        """Normal limits on the log-odds scale, so that they stay within 0 and 1."""
        from scipy.special import expit, logit

        from joinedup.stats.arrays import upper_tail_z

        if not (0 < rate < 1 and math.isfinite(error)):
            return NOTHING
        reach = upper_tail_z(self.confidence) * error / (rate * (1 - rate))
        return float(rate), float(expit(logit(rate) - reach)), float(expit(logit(rate) + reach))


def adjusted_comparison(
    records: JourneyRecords,
    outcome: str | Outcome = "reliable_recoveries_per_referral",
    *,
    by: Breakdown | str,
    adjust: Sequence[str] = (*STANDARDISE, "service"),
    basis: Basis = "cohort",
    period: Period | None = None,
    follow_up: int | None = None,
    level: str = "service",
    places: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> AdjustedComparison:
    """Outcomes per referral of every group, as they are and as they would be at everyone's mix of people.

    By a logistic model with model-standardised risks (Lane and Nelder 1982; delta-method limits), and by direct
    standardisation over every combination of `adjust`. The model lends strength where combinations are few and
    is wrong where effects differ between groups; standardisation assumes nothing and says whom it left out.
    What groups are made by is never adjusted for. Groups in which everyone or no one succeeded have no model.
    Raises YourCommand for an empty cohort, for no or unknown `adjust`.
    """
    chain, breakdown = outcome_of(outcome), breakdown_of(by)
    if basis == "flows":
        raise YourCommand(
            "Flows are published counts, not journeys.", remedy="Call attribute_flows with them."
        )
    own = breakdown if isinstance(breakdown, str) else breakdown.column
    known = (*COLUMN_OF, "service", "borough")
    if any(name not in known for name in adjust):
        raise YourCommand("That cannot be adjusted for.", remedy=f"Choose from {', '.join(known)}.")
    on = tuple(name for name in adjust if COLUMN_OF.get(name, name) != own)
    cohort = select(records, chain, basis, period=period, follow_up=follow_up, level=level, places=places)
    labels = groups_of(cohort.table, breakdown)
    names = _names(labels, breakdown)
    chosen = np.isin(labels, names)
    if not chosen.any():
        raise YourCommand("Nobody of this cohort has a stated group.", remedy="Choose a longer period.")
    group = np.array([names.index(label) for label in labels[chosen]])
    figures = compared(
        group, covariate_keys(cohort.table, on)[chosen], cohort.steps.succeeded[chosen], len(names)
    )
    return AdjustedComparison(
        outcome=chain,
        basis=basis,
        by=breakdown if isinstance(breakdown, str) else breakdown.slug,
        names=names,
        **figures,
        adjusted_for=on,
        period=cohort.key,
        rule=records.rule,
        snapshot=records.snapshot,
        filters={} if places is None else {"level": level, "places": list(places)},
        warnings=tuple(cohort.warnings),
        confidence=confidence,
    )


def compared(group: Ints, keys: Ints, succeeded: NDArray[np.bool_], groups: int) -> dict[str, Any]:
    """Fields of an `AdjustedComparison` from people: group (n,), covariates (n, d), outcome (n,)."""
    strata, stratum = np.unique(keys, axis=0, return_inverse=True)
    cell = stratum.ravel() * groups + group
    size = len(strata) * groups
    everyone = np.ones(len(cell))
    n, x = (
        np.bincount(cell, w, size).reshape(-1, groups).astype(np.float64) for w in (everyone, succeeded * 1.0)
    )
    standard, covered = _standardised(x, n)
    return {
        "succeeded": x.sum(axis=0),
        "referred": n.sum(axis=0),
        "model": _modelled(x, n, strata),
        "standard": standard,
        "covered": covered,
    }


def _standardised(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Rates and errors (groups, 2) at everyone's mix over strata, of x and n (strata, groups); share covered.

    A stratum's chance is drawn towards its group's for the variance only: one of one person is not certain.
    """
    everyone = n.sum(axis=1, keepdims=True)
    here = np.where(n > 0, everyone, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = here / here.sum(axis=0)
        near = (x + x.sum(axis=0) / n.sum(axis=0)) / (n + 1)
        # shares add up to 1 but for the last digit
        rate = np.where(n.sum(axis=0) > 0, np.minimum(np.nansum(weight * x / n, axis=0), 1.0), np.nan)
        error = np.sqrt(np.nansum(weight**2 * near * (1 - near) / n, axis=0))
    return np.stack([rate, error], axis=1), here.sum(axis=0) / everyone.sum()


def _modelled(x: Floats, n: Floats, strata: Ints) -> Floats:
    """Model-standardised rates and errors (groups, 2); NaN for groups in which everyone or no one succeeded."""
    from joinedup.stats.logistic import logistic_regression, standardised_risks

    found = np.full((n.shape[1], 2), np.nan)
    able = np.flatnonzero((x.sum(axis=0) > 0) & (x.sum(axis=0) < n.sum(axis=0)))
    if not able.size:
        return found
    people = _dummies(strata)
    rows = np.repeat(people[:, None], able.size, axis=1)
    marks = np.broadcast_to(np.eye(able.size), (len(people), able.size, able.size))
    design = np.concatenate([marks, rows], axis=2)
    fit = logistic_regression(design.reshape(-1, design.shape[2]), x[:, able].ravel(), n[:, able].ravel())
    risks, covariance = standardised_risks(fit, np.swapaxes(design, 0, 1), n.sum(axis=1))
    found[able] = np.stack([risks, np.sqrt(np.diag(covariance))], axis=1)
    return found


def _dummies(strata: Ints) -> Floats:
    """A column for every value but the first of every covariate, (strata, columns)."""
    columns = [strata[:, k, None] == np.unique(strata[:, k])[1:] for k in range(strata.shape[1])]
    return np.concatenate([np.zeros((len(strata), 0)), *columns], axis=1).astype(float)


def _released(figures: Floats, enough: NDArray[np.bool_]) -> Floats:
    """Rates to a fifth of their standard error, so that one person more or less does not show; errors to two
    figures.
    """
    rate, error = figures.T
    with np.errstate(invalid="ignore", divide="ignore"):
        digits = 10.0 ** (np.floor(np.log10(error)) - 1)
        coarse = np.round(error / digits) * digits
        step = coarse / 5
        shown = np.stack([np.round(rate / step) * step, coarse], axis=1)
    return np.where(enough[:, None], shown, np.nan)


def _names(labels: NDArray[Any], by: Breakdown | str) -> tuple[str, ...]:
    present = set(labels.tolist())
    stated = sorted(present - {""}) if isinstance(by, str) else by.stated_names
    return tuple(name for name in stated if name in present)


def _apart(one: Estimate, other: Estimate) -> bool:
    """Whether neither estimate lies within the limits of the other."""
    if one[0] is None or other[0] is None:
        return False
    return not (_within(one[0], other) or _within(other[0], one))


def _within(value: float, estimate: Estimate) -> bool:
    return (estimate[1] or 0.0) <= value <= (estimate[2] or 0.0)
