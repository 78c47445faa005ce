"""How much of the spread of an outcome between places is chance, how much case mix, and how much real."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from joinedup.definitions import Places
from joinedup.disclosure import Relation
from joinedup.equity.gap import STANDARDISE
from joinedup.equity.mix import covariate_keys, reweight
from joinedup.equity.outcomes import outcome_of
from joinedup.equity.selecting import PLACE_COLUMNS, groups_of, select
from joinedup.errors import UnknownName, YourCommand
from joinedup.stats.funnel import Outliers, funnel_outliers, funnel_verdict
from joinedup.stats.variation import Variation, variation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from joinedup.definitions import Period
    from joinedup.disclosure import Display
    from joinedup.equity.outcomes import Outcome
    from joinedup.equity.selecting import JourneyRecords

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

VERSION = "1"
COUNTS = ("denominator", "numerator", "expected")
SMALLEST_PLACE, FEWEST = 20, 5
"""People of the denominator, and of them with and without the outcome, below which a place is left out: its
figures would not be shown, and expected outcomes, which add up to all outcomes, must not give them away.
"""
SMALLEST_CELL = 50
"""People in a cell of case mix, below which cells are pooled: deprivation is given up first, then sex, then age."""
ROUNDS = 50


@dataclass(frozen=True)
class PlaceVariation:
    """An outcome in each place of one kind, with what its case mix would make of it.

    `denominator`, `numerator` and `expected` are counts by place, NaN where hidden. `expected`: outcomes that
    the place would have, were its people to do as people of their age, sex and deprivation do within places
    everywhere. Nothing but counts is stored, so the same code runs on true and released ones.
    """

    outcome: Outcome
    measure_id: str
    title: str
    by: str
    places: tuple[str, ...]
    denominator: tuple[float, ...]
    numerator: tuple[float, ...]
    expected: tuple[float, ...]
    period: str = ""
    standardised_on: tuple[str, ...] = ()
    rule: str = ""
    snapshot: int | str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    confidence: float = 0.95
    display: Display | None = None

    @cached_property
    def found(self) -> Variation:
        """The spread taken apart, and estimates by place in the order of `places`."""
        n, x, expected = self._shown
        return variation(x, n, expected, noise=self._noise, confidence=self.confidence)

    @cached_property
    def verdicts(self) -> NDArray[np.str_]:
        """Verdict of each place against what is expected of it: "" where hidden."""
        n, x, expected = self._shown
        with np.errstate(divide="ignore", invalid="ignore"):
            return funnel_verdict(x, n, np.where(n > 0, expected / n, np.nan))

    @property
    def effects(self) -> tuple[Floats, Floats]:
        """What sets each place apart on the arcsine scale, its case mix allowed for, and its sampling variance."""
        n, _, _ = self._shown
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = 0.25 / n + self._noise
        return np.arcsin(np.sqrt(self.found.adjusted)), np.where(n > 0, variance, np.nan)

    @property
    def outliers(self) -> Outliers:
        """Places beyond the lines around what is expected of them, by their codes."""
        n, _, expected = self._shown
        return funnel_outliers(self.verdicts, self.found.own, expected / n, np.array(self.places))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the places; a code without a name stands for itself."""
        return tuple(place_name(code) for code in self.places)

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        from joinedup.equity.telling_variation import as_json

        return as_json(self)

    def sentence(self) -> str:
        """The finding in plain English."""
        from joinedup.equity.telling_variation import sentence

        return sentence(self)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts."""
        return COUNTS

    def counts(self) -> pa.Table:
        """People, outcomes and expected outcomes of each place."""
        return pa.table(
            {
                "place": pa.array(self.places, pa.string()),
                **{
                    name: pa.array(
                        [None if math.isnan(count) else round(count) for count in getattr(self, name)],
                        pa.int64(),
                    )
                    for name in COUNTS
                },
            }
        )

    def relations(self) -> tuple[Relation, ...]:
        """Those with the outcome, and those without, are all of a place."""
        return tuple(
            Relation((row, "denominator"), ((row, "numerator"),), rest=True)
            for row in range(len(self.places))
        )

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same spread, computed again from other counts; null is hidden."""
        denominator, numerator, expected = (
            tuple(math.nan if count is None else float(count) for count in counts[name].to_pylist())
            for name in COUNTS
        )
        return replace(self, denominator=denominator, numerator=numerator, expected=expected, display=display)

    def identity(self) -> Mapping[str, Any]:
        """What the figures are: measure, version, lake snapshot, rule and filters."""
        return {
            "measure_id": self.measure_id,
            "version": VERSION,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {
                "variation_by": self.by,
                "period": self.period,
                "standardised_on": list(self.standardised_on),
                **self.filters,
            },
        }

    @cached_property
    def _shown(self) -> tuple[Floats, Floats, Floats]:
        """Counts of the places; all of a place are missing where one is hidden."""
        columns = np.array([getattr(self, name) for name in COUNTS], dtype=np.float64).reshape(3, -1)
        columns[:, np.isnan(columns).any(axis=0)] = np.nan
        return columns[0], columns[1], columns[2]

    @property
    def _noise(self) -> Floats:
        """Variance that rounding of outcomes and expected outcomes adds on the arcsine scale."""
        n, x, _ = self._shown
        share = np.clip(np.nansum(x) / max(float(np.nansum(n)), 1.0), 0.01, 0.99)
        rounding = self.display.rounding if self.display else 0.0
        return np.asarray(2 * rounding / np.maximum(n, 1.0) ** 2 / (4 * share * (1 - share)))


def variation_between(
    records: JourneyRecords,
    measure: str | Outcome = "reliable_recovery",
    *,
    by: str = "borough",
    period: Period | None = None,
    places: Sequence[str] | None = None,
    standardise: Sequence[str] = STANDARDISE,
    confidence: float = 0.95,
) -> PlaceVariation:
    """The spread of an outcome between boroughs of residence, or services (`by`).

    `measure`: an official percentage by name or id (reliable_recovery, M195: of those who finished treatment
    in the period), or an outcome per referral (reliable_recoveries_per_referral: of referrals received in the
    period and followed). Without `period`, the last twelve whole months. Places with fewer than 20 people, or
    fewer than 5 with or without the outcome, are left out, and said so. `standardise`: case mix, of age, sex
    and deprivation.

    Raises UnknownName for another measure, YourCommand for another `by`, an empty period, or no place that is
    large enough.
    """
    if by not in PLACE_COLUMNS:
        raise YourCommand(
            f"Places are compared by service or borough, not by {by}.", remedy="Choose one of the two."
        )
    outcome = outcome_of(measure)
    per_referral = not isinstance(measure, str) or measure == outcome.name
    cohort = select(
        records, outcome, "cohort" if per_referral else "discharged",
        period=period, follow_up=None, level=by, places=places,
    )  # fmt: skip
    inside, succeeded = in_scope(cohort.steps, outcome, per_referral), cohort.steps.succeeded
    place = groups_of(cohort.table, by)
    codes, where, told = large_places(place, inside & (place != ""), succeeded)
    keys = covariate_keys(cohort.table, tuple(standardise))[where]
    number = np.searchsorted(codes, place[where])
    y = succeeded[where].astype(np.float64)
    n = np.bincount(number, minlength=codes.size)
    return PlaceVariation(
        outcome=outcome,
        measure_id=outcome.name if per_referral else outcome.beside,
        title=outcome.title if per_referral else outcome.flow.replace("_", " ").capitalize(),
        by=by,
        places=tuple(codes.tolist()),
        denominator=tuple(n.astype(float).tolist()),
        numerator=tuple(np.bincount(number, y, codes.size).tolist()),
        expected=tuple(expected_by_place(y, number, reweight(keys, keys, SMALLEST_CELL).cells, n).tolist()),
        period=cohort.key,
        standardised_on=tuple(standardise),
        rule=records.rule,
        snapshot=records.snapshot,
        filters={} if places is None else {"level": by, "places": list(places)},
        warnings=(*cohort.warnings, *told),
        confidence=confidence,
    )


def expected_by_place(y: Floats, place: NDArray[Any], cell: NDArray[Any], n: NDArray[Any]) -> Floats:
    """Outcomes expected in each place of n people from the cells of its people; y (people,) is who succeeded.

    Effects of cells and of places are told apart by alternating means, so that a place which does better than
    others for all its people is not taken for one with an easier case mix. They add up to all outcomes.
    """
    cells = np.bincount(cell)
    of_place = np.zeros(n.size)
    of_cell = np.zeros(cells.size)
    for _ in range(ROUNDS):
        of_cell = np.bincount(cell, y - of_place[place]) / np.maximum(cells, 1)
        of_place = np.bincount(place, y - of_cell[cell], n.size) / np.maximum(n, 1)
    expected = np.bincount(place, of_cell[cell], n.size)
    level = (y.sum() - expected.sum()) / n.sum()
    return np.asarray(np.clip(expected + level * n, 0, n))


def in_scope(steps: Any, outcome: Outcome, per_referral: bool) -> Bools:
    """Who the percentage is of: everyone referred, or who finished treatment and, for recovery, was at
    caseness.
    """
    if per_referral:
        return np.ones(len(steps), bool)
    names = [stage.name for stage in steps.stages]
    return np.asarray(steps.passed[:, names.index("scope" if outcome.in_scope else "second_treatment")])


def large_places(
    place: NDArray[np.str_], known: Bools, succeeded: Bools
) -> tuple[NDArray[np.str_], Bools, list[str]]:
    """Codes of places with enough people, the people in them, and what was left out, in words."""
    codes, number = np.unique(place[known], return_inverse=True)
    sizes = np.bincount(number, minlength=codes.size)
    won = np.bincount(number, succeeded[known], codes.size)
    large = codes[(sizes >= SMALLEST_PLACE) & (won >= FEWEST) & (sizes - won >= FEWEST)]
    if not large.size:
        raise YourCommand(
            f"No place has {SMALLEST_PLACE} people in this period, {FEWEST} with the outcome and {FEWEST} without.",
            remedy="Choose a longer period.",
        )
    told = []
    if large.size < codes.size:
        told.append(
            f"Places with fewer than {SMALLEST_PLACE} people, or {FEWEST} with or without the outcome, are left out."
        )
    if bool((place == "").any()):
        told.append("People of no known place are left out.")
    return large, known & np.isin(place, large), told


def place_name(code: str) -> str:
    """Short name of a borough or service; a code without one stands for itself."""
    try:
        return Places.load().name(code, short=True)
    except UnknownName:
        return code
