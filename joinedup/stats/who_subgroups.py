"""The subgroups of many settings (an indicator in a place and period) as the World Health Organization's summary
measures take them, and what cannot be measured of a setting, said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.groups import Groups, groups_of
from joinedup.stats.slope_checks import columns_of

MOST_MISSING = 0.15
"""Share of subgroups without an order that may be missing and left out (healthequal)."""


@dataclass(frozen=True)
class Inequality:
    """One entry for each setting, in order of first appearance: the measure, its standard error and limits, and
    why it is NaN ("" where it is not)."""

    groups: NDArray[Any]
    estimate: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    problem: NDArray[np.str_]


@dataclass(frozen=True)
class Subgroups:
    """One row for each subgroup that is kept. `share` of its setting's people; `count` of subgroups, weighted
    `mean` and `problem` of each setting."""

    settings: Groups
    estimate: Floats
    error: Floats
    people: Floats
    order: Floats
    reference: NDArray[np.bool_]
    scale: Floats
    favourable: NDArray[np.bool_]
    problem: NDArray[np.str_]

    @property
    def share(self) -> Floats:
        """A subgroup's share of its setting's people."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share: Floats = self.people / self.settings.spread(self.settings.total(self.people))
            return share

    @property
    def mean(self) -> Floats:
        """Mean of each setting, weighted by people."""
        return self.settings.total(self.share * self.estimate)

    def first_by(self, *keys: Floats) -> NDArray[np.intp]:
        """The row of each setting that is largest by the first key, ties by the next, then the earliest given. A
        setting without rows has the number of all rows, one past the last."""
        position = np.arange(self.estimate.size)
        order = np.lexsort((-position, *reversed(keys), self.settings.codes))
        rows = np.append(order, position.size)
        last = self.settings.starts + self.settings.sizes - 1
        return np.asarray(rows[np.where(self.settings.sizes > 0, last, position.size)], np.intp)

    def at(self, values: Floats, rows: NDArray[np.intp]) -> Floats:
        """Values of those rows; NaN one past the last."""
        return np.append(values, np.nan)[rows]

    def measured(
        self, estimate: Floats, error: Floats, confidence: float, lowest: float = -np.inf
    ) -> Inequality:
        """The measure with normal limits, not below `lowest`."""
        reach = upper_tail_z(confidence) * error
        return self.limited(estimate, error, np.maximum(estimate - reach, lowest), estimate + reach)

    def limited(self, estimate: Floats, error: Floats, lower: Floats, upper: Floats) -> Inequality:
        """The measure with these limits; NaN where the setting has a problem."""
        bad = self.problem != ""
        found, spread, least, most = (np.where(bad, np.nan, c) for c in (estimate, error, lower, upper))
        return Inequality(self.settings.labels, found, spread, least, most, self.problem)


def subgroups_of(
    estimates: ArrayLike,
    *,
    population: ArrayLike | None = None,
    standard_error: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    favourable: ArrayLike = True,
    scale: ArrayLike = 1.0,
    groups: ArrayLike | None = None,
    fewest: int = 3,
    whole: bool = True,
) -> Subgroups:
    """Rows of subgroups, checked. Subgroups without people weigh alike; `whole` leaves no missing estimate in.

    A missing estimate leaves an ordered setting without a measure; of settings without order up to 15% of
    subgroups may be missing. Raises YourCommand where no setting can be measured, for a standard error below 0 and
    for a missing order.
    """
    given = (estimates, 1.0 if population is None else population, standard_error, order, scale)
    columns = columns_of(*given)
    estimate, people, error, place, per = columns
    with np.errstate(invalid="ignore"):
        if (error < 0).any() or (order is not None and np.isnan(place).any()):
            raise YourCommand(
                "A standard error is below 0, or an order is missing.", remedy="Check those two columns."
            )
    settings = groups_of(groups, estimate.size)
    flags = columns_of(estimates, 0.0 if reference is None else reference, favourable)
    marked, good = (flag == 1 for flag in flags[1:])
    problem = _problems(settings, columns, good, order is not None, fewest, whole)
    if (problem != "").all():
        raise YourCommand(
            f"No setting can be measured: {problem[0]}.", remedy="Mend or leave out that setting."
        )
    # rows of a setting with a problem are gone, so that nothing missing can reach a running total of the others
    kept = settings.spread(problem == "") & (np.isfinite(estimate) | (not whole))
    rows = Groups(settings.labels, settings.codes[kept])
    place = np.zeros(estimate.size) if order is None else place
    return Subgroups(
        settings=rows,
        estimate=estimate[kept],
        error=error[kept],
        people=people[kept],
        order=place[kept],
        reference=marked[kept],
        scale=per[kept],
        favourable=good[kept],
        problem=problem,
    )


def _problems(
    settings: Groups,
    columns: tuple[Floats, ...],
    favourable: NDArray[np.bool_],
    ordered: bool,
    fewest: int,
    whole: bool,
) -> NDArray[np.str_]:
    estimate, people, _, place, scale = columns
    missing = settings.total(~np.isfinite(estimate)) / settings.sizes
    with np.errstate(invalid="ignore"):
        wrong = settings.total(~(people >= 0) | ~np.isfinite(people) | ~(scale > 0)) > 0
    most = 0.0 if ordered else MOST_MISSING
    rules = {
        "every estimate is missing": missing == 1,
        "an estimate is missing" if ordered else "more than 15% of the estimates are missing": whole
        & (missing > most),
        f"fewer than {fewest} subgroups have an estimate": settings.total(np.isfinite(estimate)) < fewest,
        "a population or scale is missing or below 0": wrong,
        "nobody is in any subgroup": settings.total(np.where(wrong[settings.codes], 1.0, people)) == 0,
        "subgroups differ in whether higher is better": _differs(settings, favourable),
        "two subgroups have the same place in the order": ordered & _tied(settings, place),
    }
    return np.select(list(rules.values()), list(rules), "")


def _differs(settings: Groups, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    raised = settings.total(flags)
    return (raised > 0) & (raised < settings.sizes)


def _tied(settings: Groups, place: Floats) -> NDArray[np.bool_]:
    order = np.lexsort((place, settings.codes))
    same = (np.diff(place[order]) == 0) & (np.diff(settings.codes[order]) == 0)
    return np.bincount(settings.codes[order][1:], weights=same, minlength=settings.count) > 0
