"""Best practice found in journeys: the counts of every place, for the year, its quarters and its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.definitions import Period, quarters
from joinedup.equity.gap import STANDARDISE
from joinedup.equity.mix import covariate_keys, reweight
from joinedup.equity.outcomes import OUTCOMES, outcome_of
from joinedup.equity.practice import BestPractice
from joinedup.equity.practice_rules import IN_QUARTERS
from joinedup.equity.selecting import PLACE_COLUMNS, groups_of, select
from joinedup.equity.variation import SMALLEST_CELL, expected_by_place, in_scope, large_places
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from joinedup.equity.outcomes import Outcome
    from joinedup.equity.selecting import Cohort, JourneyRecords

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def best_practice(
    records: JourneyRecords,
    measure: str = "reliable_recovery",
    *,
    by: str = "borough",
    period: Period | None = None,
    standardise: Sequence[str] = STANDARDISE,
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> BestPractice:
    """Which borough of residence, or service (`by`), is really better at an official percentage, and at which stage.

    `measure`: reliable_recovery, recovery or reliable_improvement, or its id. Without `period`, the last twelve whole
    months; beside it up to eight whole quarters to its end. Case mix (`standardise`: age, sex, deprivation) is allowed
    for by indirect standardisation, in the measure and at every stage. Places too small to be shown stand in
    `left_out`. The chance that anybody is named where all places are alike is held to `alpha`.

    Raises UnknownName for another measure; YourCommand for an outcome per referral, another `by`, an empty period, or
    no place that is large enough.
    """
    if by not in PLACE_COLUMNS:
        raise YourCommand(
            f"Places are compared by service or borough, not by {by}.", remedy="Choose one of the two."
        )
    outcome, on = outcome_of(measure), tuple(standardise)
    if measure in OUTCOMES:
        raise YourCommand(
            f"{outcome.title} are followed for a year, so their last quarters are not known yet.",
            remedy=f"Ask for {outcome.flow}.",
        )
    cohort = _cohort(records, outcome, by, period)
    place, inside = groups_of(cohort.table, by), in_scope(cohort.steps, outcome, False)
    codes, _, told = large_places(place, inside & (place != ""), cohort.steps.succeeded)
    year = Period.parse(cohort.key)
    shown = [
        one for one in quarters(IN_QUARTERS, ending=f"{year.end:%Y-%m}") if one.start >= records.first_day
    ]
    return BestPractice(
        outcome=outcome,
        measure_id=outcome.beside,
        title=outcome.flow.replace("_", " ").capitalize(),
        by=by,
        places=tuple(codes.tolist()),
        stages=cohort.steps.stages,
        **_year(cohort, outcome, place, codes, on),
        quarters=tuple(one.key for one in shown),
        quarterly=np.array([_quarter(records, outcome, by, one, codes, on) for one in shown]).reshape(
            len(shown), 3, codes.size
        ),
        period=cohort.key,
        left_out=tuple(sorted(set(place[inside].tolist()) - {"", *codes.tolist()})),
        standardised_on=on,
        rule=records.rule,
        snapshot=records.snapshot,
        warnings=(*cohort.warnings, *told),
        confidence=confidence,
        alpha=alpha,
    )


def _cohort(records: JourneyRecords, outcome: Outcome, by: str, period: Period | None) -> Cohort:
    return select(records, outcome, "discharged", period=period, follow_up=None, level=by, places=None)


def _year(cohort: Cohort, outcome: Outcome, place: Any, codes: Any, on: tuple[str, ...]) -> dict[str, Any]:
    """Referrals, passes and outcomes of the places, and what is expected of their people."""
    steps, keys = cohort.steps, covariate_keys(cohort.table, on)
    held = np.isin(place, codes)
    of = np.asarray(held & in_scope(cohort.steps, outcome, False))
    reached = np.concatenate([np.ones((len(steps), 1), bool), steps.passed[:, :-1]], axis=1)
    counted = [
        _counted(place, codes, np.asarray(held & r), p, keys)
        for r, p in zip(reached.T, steps.passed.T, strict=True)
    ]
    stated = np.asarray((keys >= 0).all(axis=1))
    return {
        "referred": counted[0][0],
        "passed": np.stack([one[1] for one in counted]),
        "passed_expected": np.stack([one[2] for one in counted]),
        "expected": _counted(place, codes, of, steps.succeeded, keys)[2],
        "known": _counted(place, codes, of, stated, keys)[1],
    }


def _quarter(
    records: JourneyRecords, outcome: Outcome, by: str, period: Period, codes: Any, on: tuple[str, ...]
) -> Floats:
    """People, outcomes and expected outcomes (3, P) of the places in a quarter; NaN for a place too small to show."""
    found = np.full((3, codes.size), np.nan)
    try:
        cohort = _cohort(records, outcome, by, period)
        place, of = groups_of(cohort.table, by), in_scope(cohort.steps, outcome, False)
        held, where, _ = large_places(place, of & np.isin(place, codes), cohort.steps.succeeded)
    except YourCommand:  # nobody ended treatment in that quarter, or too few anywhere
        return found
    keys = covariate_keys(cohort.table, on)
    found[:, np.searchsorted(codes, held)] = _counted(place, held, where, cohort.steps.succeeded, keys)
    return found


def _counted(place: Any, codes: Any, where: Bools, passed: Bools, keys: Any) -> tuple[Floats, Floats, Floats]:
    """Of the people chosen: how many in each place, how many of them passed, and how many were expected to."""
    number, y = np.searchsorted(codes, place[where]), passed[where].astype(np.float64)
    n = np.bincount(number, minlength=codes.size).astype(np.float64)
    cells = reweight(keys[where], keys[where], SMALLEST_CELL).cells
    outcomes = np.bincount(number, y, codes.size).astype(np.float64)
    return n, outcomes, expected_by_place(y, number, cells, n)
