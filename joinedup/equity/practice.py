"""Which place is really better, after case mix and chance, and where its people's journey differs from the others'."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from joinedup.definitions import Period
from joinedup.disclosure import Relation
from joinedup.equity.beside_others import BesideOthers, beside_others
from joinedup.equity.practice_rules import JourneyStep, Standing, standings, steps_of
from joinedup.equity.variation import place_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from joinedup.disclosure import Display
    from joinedup.equity.chain import Stage
    from joinedup.equity.outcomes import Outcome

    Floats = NDArray[np.float64]

VERSION = "1"
KEYS = ("place", "period", "part", "stage")


@dataclass(frozen=True, eq=False)
class BestPractice:
    """Places of one kind with the counts that say whether one is really better, NaN where hidden.

    P places, K stages, Q quarters. `referred` (P,) of referrals that ended in the period; `passed` (K, P) each stage,
    and as `passed_expected` (K, P) how many of those who reached it would have, were they to do as their like do
    everywhere; `expected` (P,) outcomes likewise; `known` (P,) whose age, sex and deprivation are stated, of the people
    whom the measure is of; `quarterly` (Q, 3, P): people, outcomes and expected outcomes of a quarter. Nothing but
    counts is stored, so the same code runs on true and released ones.
    """

    outcome: Outcome
    measure_id: str
    title: str
    by: str
    places: tuple[str, ...]
    stages: tuple[Stage, ...]
    referred: Floats
    passed: Floats
    passed_expected: Floats
    expected: Floats
    known: Floats
    quarters: tuple[str, ...]
    quarterly: Floats
    period: str
    left_out: tuple[str, ...] = ()
    standardised_on: tuple[str, ...] = ()
    rule: str = ""
    snapshot: int | str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    confidence: float = 0.95
    alpha: float = 0.05
    display: Display | None = None

    @property
    def scope(self) -> int:
        """The stage after which a person is one of those whom the measure is of."""
        return self._stage("scope" if self.outcome.in_scope else "second_treatment")

    @property
    def people(self) -> Floats:
        """People whom the measure is of, (P,)."""
        return np.asarray(self.passed[self.scope])

    @property
    def outcomes(self) -> Floats:
        """Those of them with the outcome, (P,)."""
        return np.asarray(self.passed[-1])

    @property
    def paired(self) -> tuple[Floats, Floats]:
        """Of how many first and last scores are known, and out of how many; (P,) each."""
        at = self._stage("paired")
        return self.passed[at], self.passed[at - 1]

    @cached_property
    def beside(self) -> BesideOthers:
        """Each place beside the others in the period."""
        return self.compare(self.outcomes, self.people, self.expected)

    @cached_property
    def beside_by_quarter(self) -> tuple[BesideOthers, ...]:
        """The same, quarter by quarter."""
        return tuple(self.compare(x, n, e) for n, x, e in self.quarterly)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every place with what is said of it, in the order of `places`."""
        return standings(self)

    @property
    def named(self) -> tuple[Standing, ...]:
        """Places that are really better; usually none."""
        return tuple(one for one in self.standings if one.named)

    def journey(self, place: str) -> tuple[JourneyStep, ...]:
        """Stage by stage, how people of a place pass beside people of the others, their mix allowed for."""
        return steps_of(self, self.places.index(place))

    def name(self, place: str) -> str:
        """Name of a place; a code without one stands for itself."""
        return place_name(place)

    def sentence(self) -> str:
        """The finding in plain English."""
        from joinedup.equity.telling_practice import sentence

        return sentence(self)

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        from joinedup.equity.telling_practice import as_json

        return as_json(self)

    def compare(self, x: Floats, n: Floats, expected: Floats) -> BesideOthers:
        """Places beside each other by counts of this shape, what rounding adds to chance allowed for."""
        return beside_others(x, n, expected, self.noise(x, n), confidence=self.confidence)

    def noise(self, x: Floats, n: Floats) -> Floats:
        """Variance that rounding of two counts adds on the arcsine scale, as in `PlaceVariation`."""
        share = np.clip(np.nansum(x) / max(float(np.nansum(n)), 1.0), 0.01, 0.99)
        rounding = self.display.rounding if self.display else 0.0
        return np.asarray(2 * rounding / np.maximum(n, 1.0) ** 2 / (4 * share * (1 - share)))

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The one column of counts."""
        return ("count",)

    def counts(self) -> pa.Table:
        """Every count behind the answer: columns place, period, part, stage, count."""
        rows = list(self._rows())
        keys = {name: pa.array([row[0][k] for row in rows], pa.string()) for k, name in enumerate(KEYS)}
        counts = [None if math.isnan(row[1]) else round(row[1]) for row in rows]
        return pa.table({**keys, "count": pa.array(counts, pa.int64())})

    def relations(self) -> tuple[Relation, ...]:
        """Who passes a stage is of those who reached it; quarters of the period are of the period."""
        at: dict[tuple[str, ...], int] = {key: row for row, (key, _) in enumerate(self._rows())}
        found = []
        for place in self.places:
            year = [(place, self.period, "referred", "")]
            year += [(place, self.period, "passed", stage.name) for stage in self.stages]
            found += [_of(at, a, [b]) for a, b in pairwise(year)]
            people, outcomes = year[self.scope + 1], year[-1]
            found.append(_of(at, people, [(place, self.period, "known", "")]))
            for quarter in self._quarters_of(place):
                found.append(_of(at, (place, quarter, "people", ""), [(place, quarter, "outcomes", "")]))
            inside = [quarter for quarter in self._quarters_of(place) if self._inside(quarter)]
            for total, part in ((people, "people"), (outcomes, "outcomes")) if inside else ():
                found.append(_of(at, total, [(place, q, part, "") for q in inside], rest=len(inside) < 4))
        return tuple(found)

    def with_counts(self, counts: pa.Table, display: Display) -> BestPractice:
        """The same answer, computed again from other counts of the same shape; null is hidden."""
        values = iter(math.nan if count is None else float(count) for count in counts["count"].to_pylist())
        fresh = {key: value for (key, _), value in zip(self._rows(), values, strict=True)}

        def part(name: str, stage: str = "", period: str = "") -> Floats:
            keys = ((place, period or self.period, name, stage) for place in self.places)
            return np.array([fresh.get(key, math.nan) for key in keys], np.float64)

        return replace(
            self,
            referred=part("referred"),
            passed=np.stack([part("passed", stage.name) for stage in self.stages]),
            passed_expected=np.stack([part("passed_expected", stage.name) for stage in self.stages]),
            expected=part("expected"),
            known=part("known"),
            quarterly=_stacked([[part(name, period=q) for name in QUARTERLY] for q in self.quarters], len(self.places)),
            display=display,
        )  # fmt: skip

    def identity(self) -> Mapping[str, Any]:
        """What the figures are: measure, version, lake snapshot, rule and filters."""
        return {
            "measure_id": self.measure_id,
            "version": VERSION,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {
                "question": "best practice",
                "practice_by": self.by,
                "year": self.period,
                "standardised_on": list(self.standardised_on),
                **self.filters,
            },
        }

    def _rows(self) -> Iterator[tuple[tuple[str, str, str, str], float]]:
        for p, place in enumerate(self.places):
            yield (place, self.period, "referred", ""), float(self.referred[p])
            for k, stage in enumerate(self.stages):
                yield (place, self.period, "passed", stage.name), float(self.passed[k, p])
                yield (place, self.period, "passed_expected", stage.name), float(self.passed_expected[k, p])
            yield (place, self.period, "expected", ""), float(self.expected[p])
            yield (place, self.period, "known", ""), float(self.known[p])
            for quarter in self._quarters_of(place):
                for name, value in zip(
                    QUARTERLY, self.quarterly[self.quarters.index(quarter), :, p], strict=True
                ):
                    yield (place, quarter, name, ""), float(value)  # fmt: skip

    def _quarters_of(self, place: str) -> list[str]:
        """Quarters in which a place has figures at all."""
        p = self.places.index(place)
        return [q for k, q in enumerate(self.quarters) if not np.isnan(self.quarterly[k, :, p]).all()]

    def _inside(self, quarter: str) -> bool:
        """Whether a quarter lies in the period."""
        year, part = Period.parse(self.period), Period.parse(quarter)
        return year.start <= part.start and part.end <= year.end

    def _stage(self, name: str) -> int:
        return [stage.name for stage in self.stages].index(name)


QUARTERLY = ("people", "outcomes", "expected")


def _stacked(rows: list[list[Floats]], places: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), len(QUARTERLY), places)


def _of(
    at: Mapping[tuple[str, ...], int], total: tuple[str, ...], parts: list[tuple[str, ...]], *, rest: bool = True
) -> Relation:  # fmt: skip
    return Relation((at[total], "count"), tuple((at[part], "count") for part in parts), rest)
