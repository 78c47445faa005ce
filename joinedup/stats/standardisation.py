"""Rates of places made comparable: as if all had one age structure (direct), or beside what the rates of a
standard would give with their own (indirect)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.groups import Groups, groups_of
from joinedup.stats.intervals import poisson_interval
from joinedup.stats.rates import method_of_poisson_limits
from joinedup.stats.rows import refuse, rows_of


@dataclass(frozen=True)
class DirectlyStandardised:
    """One entry for each group, in order of first appearance. `value` and its limits are for every `per` people
    of the standard population; NaN where there are too few events."""

    groups: NDArray[Any]
    events: Floats
    people: Floats
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class IndirectlyStandardised:
    """One entry for each group, in order of first appearance. `value` is observed / expected x `reference`, and
    `method` that of its limits: "exact" or "byar"."""

    groups: NDArray[Any]
    observed: Floats
    expected: Floats
    reference: Floats
    value: Floats
    lower: Floats
    upper: Floats
    method: NDArray[np.str_]


def directly_standardised_rates(
    events: ArrayLike,
    people: ArrayLike,
    standard_people: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    ages: ArrayLike | None = None,
    frequency: ArrayLike | None = None,
    per: float = 100_000.0,
    confidence: float = 0.95,
    suppress_below: float = 10,
) -> DirectlyStandardised:
    """Rate that each group would have with the ages of a standard population (Dobson et al. 1991 Stat Med
    10:457; OHID technical guide 3). One row for each group and age band.

    The limits widen Byar's of the events by √(Var/events). Missing events count as none. Groups with fewer
    than `suppress_below` events have no value: the method does not hold there (0 shows all).

    Where one person may have several events, these are not independent: pass `ages` and `frequency`, with
    `events` the number of people who had so many events each, a row for each group, age and frequency.

    Raises YourCommand for people not above 0, a missing or negative standard, events below 0, an age twice in
    a group, and rows of one group and age that disagree on their people.
    """
    count, size, standard = _columns(events, people, standard_people)
    labels = groups_of(groups, count.size)
    once, times = _once(labels, size, standard, ages, frequency)
    weight = standard / size
    observed = labels.total(count * times)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = labels.total(standard * once)
        value = labels.total(count * weight * times) / whole
        # each event counts weight² in the variance, and f events of one person f² together
        spread = np.sqrt(labels.total(count * weight**2 * times**2) / observed) / whole
    low, high = poisson_interval(observed, confidence, "byar")
    found = value, value + spread * (low - observed), value + spread * (high - observed)
    shown = np.where(observed < suppress_below, np.nan, per)
    return DirectlyStandardised(
        labels.labels, observed, labels.total(size * once), *(figure * shown for figure in found)
    )


def indirectly_standardised_ratios(
    observed: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    observed_totals: ArrayLike | None = None,
    per: float = 1.0,
    confidence: float = 0.95,
) -> IndirectlyStandardised:
    """Events observed over those expected if each age band had the rate of a reference population, times `per`
    (100 for "England = 100"); OHID technical guide 3. One row for each group and age band.

    Exact Poisson limits of the observed below 10, Byar's from there on. Where the observed are not known by
    age, `observed_totals` gives one for each group, in the order in which groups first appear, and `observed`
    is not used. Missing figures count as 0, as in the peer. Where none is expected, some observed are
    infinitely many times that, and none is NaN. Raises YourCommand for figures below 0, a reference
    population of 0, and totals that are not one for each group.
    """
    labels, count, expected, _ = _indirect(
        observed, people, reference_events, reference_people, groups, observed_totals
    )
    return _scaled(labels, count, expected, np.full(labels.count, float(per)), confidence)


def indirectly_standardised_rates(
    observed: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    observed_totals: ArrayLike | None = None,
    per: float = 100_000.0,
    confidence: float = 0.95,
) -> IndirectlyStandardised:
    """The indirectly standardised ratio times the crude rate of the reference population for every `per`
    people; else as `indirectly_standardised_ratios`."""
    labels, count, expected, crude = _indirect(
        observed, people, reference_events, reference_people, groups, observed_totals
    )
    return _scaled(labels, count, expected, crude * per, confidence)


def _columns(events: ArrayLike, people: ArrayLike, standard: ArrayLike) -> tuple[Floats, Floats, Floats]:
    count, size, weight = rows_of(events, people, standard)
    refuse(~(size > 0), "People are missing or not above 0", remedy="Leave out or join empty age bands.")
    refuse(~(weight >= 0), "A standard population is missing or below 0", remedy="Give every age its own.")
    refuse(count < 0, "Events are below 0", remedy="Check the counts.")
    return np.where(np.isnan(count), 0.0, count), size, weight


def _once(
    labels: Groups, size: Floats, standard: Floats, ages: ArrayLike | None, frequency: ArrayLike | None
) -> tuple[Floats | float, Floats | float]:
    """1 in the first row of each group and age and 0 in its others, and events for each person counted."""
    if ages is None:
        if frequency is not None:
            raise YourCommand(
                "Events by frequency need their ages, so that nobody is counted twice.",
                remedy="Pass ages, one for each row.",
            )
        return 1.0, 1.0
    age = groups_of(ages, size.size)
    cells = labels.codes * max(age.count, 1) + age.codes
    if frequency is None:
        cells.sort()
        if bool((cells[1:] == cells[:-1]).any()):
            raise YourCommand(
                "An age is in its group twice.", remedy="Add the rows of one age, or name a frequency."
            )
        return 1.0, 1.0
    _, first, cell = np.unique(cells, return_index=True, return_inverse=True)
    once = np.zeros(size.size)
    once[first] = 1.0
    times = rows_of(frequency, size)[0]
    refuse(~(times > 0), "A frequency is missing or not above 0", remedy="Leave out people without events.")
    same = (size == size[first][cell]) & (standard == standard[first][cell])
    refuse(~same, "Rows of one group and age differ in people", remedy="Repeat the same people in each.")
    return once, times


def _indirect(
    observed: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    groups: ArrayLike | None,
    observed_totals: ArrayLike | None,
) -> tuple[Groups, Floats, Floats, Floats]:
    """Groups, their observed and expected events, and the crude rate of the reference."""
    columns = rows_of(observed, people, reference_events, reference_people)
    for column in columns:
        refuse(column < 0, "Events or people are below 0", remedy="Check the counts.")
    refuse(columns[3] == 0, "A reference population is 0", remedy="Leave out or join empty age bands.")
    labels = groups_of(groups, columns[0].size)
    count, size, events, reference = (np.where(np.isnan(column), 0.0, column) for column in columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = labels.total(np.where(reference > 0, events / reference * size, 0.0))
        crude = labels.total(events) / labels.total(reference)
    if observed_totals is None:
        return labels, labels.total(count), expected, crude
    return labels, _totals(observed_totals, labels), expected, crude


def _totals(observed_totals: ArrayLike, labels: Groups) -> Floats:
    (totals,) = rows_of(observed_totals)
    if totals.size != labels.count:
        raise YourCommand(
            f"{totals.size} observed totals were given for {labels.count} groups.",
            remedy="Give one for each group, in the order in which groups first appear.",
        )
    refuse(totals < 0, "Observed events are below 0", remedy="Check the counts.")
    return totals


def _scaled(
    labels: Groups, observed: Floats, expected: Floats, reference: Floats, confidence: float
) -> IndirectlyStandardised:
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        unit = np.where((expected > 0) | (observed > 0), reference / expected, np.nan)
        value, lower, upper = (
            figure * unit for figure in (observed, *poisson_interval(observed, confidence))
        )
    method = method_of_poisson_limits(observed)
    return IndirectlyStandardised(labels.labels, observed, expected, reference, value, lower, upper, method)
