"""What follows what: transitions with their times, activities, variants and rework of an event log. True counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from joinedup.journeys.event_logs.log import Codes, EventLog, Numbers, Unit

AT_ONCE: Final = 1 << 24
"""Times held at once: 128 MB. More are gone through in several passes, a single transition being never parted."""


class Time(NamedTuple):
    """A time between two events, in units of the log, and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Transition:
    """One activity straight after another: how often, in how many cases, and the time between the two.

    Mean, median and 90th percentile are exact; quantiles are interpolated between neighbours (type 7 of
    Hyndman and Fan 1996).
    """

    before: str
    after: str
    times: int
    cases: int
    mean: Time
    median: Time
    ninetieth: Time


@dataclass(frozen=True)
class Activity:
    """How often one activity happens, in how many cases, in how many more than once; how many start and end with it."""

    name: str
    times: int
    cases: int
    repeating: int
    starting: int
    ending: int


@dataclass(frozen=True, eq=False)
class Variants:
    """Distinct sequences of activities, the commonest first; those as common in order of appearance.

    `firsts` is a case of each, `cases` how many have it, both (variants,); `of` is the variant of each case.
    """

    firsts: Codes
    cases: Numbers
    of: Codes
    log: EventLog = field(repr=False)

    def __len__(self) -> int:
        return len(self.firsts)

    def sequence(self, variant: int) -> tuple[str, ...]:
        """The activities of one, in order."""
        first = self.firsts[variant]
        codes = self.log.activity[self.log.starts[first] : self.log.starts[first + 1]]
        return tuple(self.log.activities[code] for code in codes.tolist())

    def most_common(self, number: int | None = None) -> Iterator[tuple[tuple[str, ...], int]]:
        """Sequences and how many cases have each."""
        for variant, cases in enumerate(self.cases[:number].tolist()):
            yield self.sequence(variant), cases


@dataclass(frozen=True)
class Discovery:
    """What a log says, in true counts: only `release` lets it out. Transitions and activities most frequent first."""

    cases: int
    events: int
    unit: Unit
    transitions: tuple[Transition, ...]
    activities: tuple[Activity, ...]
    variants: Variants
    reworking: int
    """Cases that do an activity more than once."""

    @property
    def transitions_counted(self) -> int:
        """Transitions of all cases: events less cases."""
        return self.events - self.cases


def discover(log: EventLog) -> Discovery:
    """Transitions, activities, variants and rework of a log: one pass for counts, as many as needed for times.

    A transition is an event and the next one of the same case in time; of two events at one time the one that
    stands first in the file is first.
    """
    from joinedup.journeys.event_logs import kernels

    kinds = len(log.activities)
    times, cases, activities, hashes = kernels.counted(log.starts, log.activity, kinds)
    return Discovery(
        cases=log.cases,
        events=log.events,
        unit=log.unit,
        transitions=tuple(_transitions(log, times.ravel(), cases.ravel())),
        activities=tuple(_activities(log, activities)),
        variants=_variants(log, hashes),
        reworking=int(kernels.repeating(log.starts, log.activity, kinds).sum()),
    )


def common_variants(log: EventLog, number: int) -> EventLog:
    """The cases of the so many commonest variants."""
    from joinedup.journeys.event_logs import kernels

    *_, hashes = kernels.counted(log.starts, log.activity, len(log.activities))
    return log.only(_variants(log, hashes).of < number)


def _activities(log: EventLog, counts: Numbers) -> Iterator[Activity]:
    for code in np.argsort(-counts[0], kind="stable").tolist():
        if counts[0, code]:
            yield Activity(log.activities[code], *counts[:, code].tolist())


def _variants(log: EventLog, hashes: NDArray[np.uint64]) -> Variants:
    from joinedup.journeys.event_logs import kernels

    firsts, of = kernels.variants(log.starts, log.activity, hashes)
    cases = np.bincount(of, minlength=len(firsts))
    order = np.argsort(-cases, kind="stable")
    rank = np.empty_like(of)
    rank[order] = np.arange(len(order), dtype=rank.dtype)
    return Variants(firsts[order], cases[order], rank[of], log)


def _transitions(log: EventLog, times: Numbers, cases: Numbers) -> Iterator[Transition]:
    kinds = len(log.activities)
    found = np.flatnonzero(times)
    order = found[np.argsort(-times[found], kind="stable")]
    spent = {step: told for batch in _batches(order, times) for step, told in _times(log, batch, times)}
    for step in order.tolist():
        before, after = divmod(step, kinds)
        yield Transition(
            log.activities[before], log.activities[after], int(times[step]), int(cases[step]), *spent[step]
        )


def _batches(steps: Numbers, times: Numbers) -> Iterator[Numbers]:
    """Transitions whose times fit together into what is held at once."""
    batch = np.cumsum(times[steps]) // AT_ONCE
    for number in np.unique(batch):
        yield steps[batch == number]


def _times(log: EventLog, steps: Numbers, times: Numbers) -> Iterator[tuple[int, tuple[Time, Time, Time]]]:
    from joinedup.journeys.event_logs import kernels

    kinds = len(log.activities)
    ends = np.cumsum(times[steps])
    place = np.full(kinds * kinds, -1, np.int64)
    place[steps] = ends - times[steps]
    spent = kernels.gathered(log.starts, log.activity, log.time, place, kinds, int(ends[-1]))
    for step, end in zip(steps.tolist(), ends.tolist(), strict=True):
        yield step, told(spent[end - times[step] : end])


def told(spent: Numbers) -> tuple[Time, Time, Time]:
    """Mean, median and 90th percentile of whole numbers, shape (n,) with n from 1; the array is put in part order.

    Standard errors: of the mean, the standard deviation over the root of n; of a quantile, half the distance
    between the order statistics one standard deviation of their rank away (Woodruff 1952).
    """
    n = len(spent)
    middle, upper = (n - 1, 2), (9 * (n - 1), 10)
    ranks = {rank for quantile in (middle, upper) for rank in _ranks(*quantile, n)}
    spent.partition(sorted(ranks))
    # A sum of milliseconds over years can pass 64 bits: halves are added apart.
    total = (int((spent >> 32).sum()) << 32) + int((spent & 0xFFFFFFFF).sum())
    mean = Time(total / n, float(spent.std()) / n**0.5)
    return mean, _quantile(spent, *middle), _quantile(spent, *upper)


def _ranks(part: int, whole: int, n: int) -> tuple[int, int, int, int]:
    """Ranks from 0 between which a quantile lies, and those one standard deviation below and above."""
    low, rest = divmod(part, whole)
    share = part / (whole * max(n - 1, 1))
    away = (n * share * (1 - share)) ** 0.5
    return (
        low,
        low + (rest > 0),
        max(int(low - away), 0),
        min(int(low + away) + 1, n - 1),
    )


def _quantile(spent: Numbers, part: int, whole: int) -> Time:
    low, high, below, above = (int(spent[rank]) for rank in _ranks(part, whole, len(spent)))
    rest = part % whole
    return Time((low * (whole - rest) + high * rest) / whole, (above - below) / 2)
