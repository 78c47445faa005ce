"""The rules by which a place is really better, or why it is not said to be: fixed before any figure was seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from joinedup.stats import holm
from joinedup.stats.variation import variation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from joinedup.equity.practice import BestPractice

    Floats = NDArray[np.float64]

LEAST_PEOPLE = 100
"""People of the measure in the period from which on a place can be named."""
PAIRED_LEAST = 0.9
"""Share with a first and a last score, as the national manual asks of a service."""
KNOWN_LEAST = 0.9
"""Share whose age, sex and deprivation are stated: case mix that is not known cannot be allowed for."""
WORTHWHILE = 0.02
"""Difference, as a share of 1, below which nobody would travel to learn from it."""
FEWEST_QUARTERS = 4
LASTING = 0.75
"""Share of the quarters in which a place must stand above the others."""
IN_QUARTERS = 8
"""Quarters looked at, the last ones: two years."""


class Reason(StrEnum):
    """Why a place is not said to be really better; each stands for itself."""

    TOO_FEW = "too few people to tell"
    HIDDEN = "figures hidden to protect people"
    NOT_ABOVE = "its people do as well as others, or not yet as well, once their mix is allowed for"
    CASE_MIX = "its mix of people explains what it stands above the others"
    CHANCE = "chance can explain the difference"
    SMALL = "the difference is small"
    NOT_LASTING = "it did not last"
    UNPAIRED = "too many people without a first and a last score"
    UNKNOWN_MIX = "age, sex or deprivation of too many people is not stated"


@dataclass(frozen=True)
class Standing:
    """What is said of one place. Shares from 0 to 1, NaN where hidden; `adjusted` p is Holm's over the places that
    could be named. `estimate` is drawn towards the whole. Above the others in `better_in` of the last `of` quarters.
    """

    place: str
    people: float
    share: float
    own: float
    others: float
    difference: float
    lower: float
    upper: float
    p: float
    adjusted: float
    estimate: float
    estimate_lower: float
    estimate_upper: float
    better_in: int
    of: int
    paired: float
    known: float
    reasons: tuple[Reason, ...]

    @property
    def named(self) -> bool:
        """Whether it is really better."""
        return not self.reasons


@dataclass(frozen=True)
class JourneyStep:
    """One stage of a place's journey beside the others'. Shares of those who reached it, at the mix of everyone there;
    `adjusted` p is Holm's over the stages at which people can be lost. `differs`: "more" or "fewer" pass it, or "".
    """

    stage: str
    title: str
    kind: str
    reached: float
    passed: float
    own: float
    others: float
    difference: float
    lower: float
    upper: float
    adjusted: float
    differs: str


def standings(found: BestPractice) -> tuple[Standing, ...]:
    """Every place by the rules. Holm over the places with enough people; one-sided, as only better is asked for."""
    beside, n = found.beside, found.people
    adjusted, crude = beyond_chance(found), holm(np.where(n >= LEAST_PEOPLE, _crude(found), np.nan))
    whole = variation(
        found.outcomes, n, found.expected, noise=found.noise(found.outcomes, n), confidence=found.confidence
    )
    above, of = _lasting(found)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, paired, known = found.outcomes / n, found.paired[0] / found.paired[1], found.known / n
    return tuple(
        Standing(
            place, float(n[p]), float(share[p]), float(beside.own[p]), float(beside.others[p]),
            float(beside.difference[p]), float(beside.lower[p]), float(beside.upper[p]),
            float(beside.above[p]), float(adjusted[p]), float(whole.shrunken.estimate[p]),
            float(whole.shrunken.lower[p]), float(whole.shrunken.upper[p]), int(above[p]), int(of[p]),
            float(paired[p]), float(known[p]),
            _reasons(
                n=float(n[p]), difference=float(beside.difference[p]), p=float(adjusted[p]), crude=float(crude[p]),
                estimate=float(whole.shrunken.estimate[p] - beside.others[p]),
                surely=bool(whole.shrunken.lower[p] > beside.others[p]), above=int(above[p]), of=int(of[p]),
                paired=float(paired[p]), known=float(known[p]), alpha=found.alpha,
            ),
        )
        for p, place in enumerate(found.places)
    )  # fmt: skip


def beyond_chance(found: BestPractice) -> Floats:
    """p of each place after Holm over those that could be named, (P,), NaN for others: none is named above alpha."""
    return holm(np.where(found.people >= LEAST_PEOPLE, found.beside.above, np.nan))  # NaN is not


def _reasons(
    *, n: float, difference: float, p: float, crude: float, estimate: float, surely: bool, above: int, of: int,
    paired: float, known: float, alpha: float,
) -> tuple[Reason, ...]:  # fmt: skip
    """Everything that stands between a place and its name. One that is not above the others has that reason alone."""
    if math.isnan(n + difference):
        return (Reason.HIDDEN,)
    told = [Reason.TOO_FEW] if n < LEAST_PEOPLE else []
    if difference <= 0:
        return (*told, Reason.CASE_MIX if crude < alpha else Reason.NOT_ABOVE)
    if told:
        return tuple(told)
    if not (p < alpha and surely):
        told.append(Reason.CASE_MIX if crude < alpha <= p else Reason.CHANCE)
    checks = {
        Reason.SMALL: estimate < WORTHWHILE,
        Reason.NOT_LASTING: of < FEWEST_QUARTERS or above < LASTING * of,
        Reason.UNPAIRED: not paired >= PAIRED_LEAST,
        Reason.UNKNOWN_MIX: not known >= KNOWN_LEAST,
    }
    return (*told, *(reason for reason, met in checks.items() if met))


def _crude(found: BestPractice) -> Floats:
    """The chance of each place were it like the others, its case mix not allowed for."""
    x, n = found.outcomes, found.people
    known = ~np.isnan(x + n)
    level = x[known].sum() / max(float(n[known].sum()), 1.0)
    return found.compare(x, n, level * n).above


def _lasting(found: BestPractice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """In how many quarters each place stands above the others, and of how many."""
    differences = np.array([one.difference for one in found.beside_by_quarter]).reshape(-1, len(found.places))
    return (differences > 0).sum(axis=0), (~np.isnan(differences)).sum(axis=0)


def steps_of(found: BestPractice, at: int) -> tuple[JourneyStep, ...]:
    """The journey of the place at this position. Holm over its leaks: what could not be passed is no loss."""
    reached = np.concatenate([found.referred[None], found.passed[:-1]])
    every = [
        found.compare(x, n, e) for x, n, e in zip(found.passed, reached, found.passed_expected, strict=True)
    ]
    leaks = [stage.kind == "leak" for stage in found.stages]
    adjusted = holm([one.apart[at] if leak else math.nan for one, leak in zip(every, leaks, strict=True)])
    return tuple(
        JourneyStep(
            stage.name, stage.title, stage.kind, float(reached[k, at]), float(found.passed[k, at]),
            float(one.own[at]), float(one.others[at]), float(one.difference[at]), float(one.lower[at]),
            float(one.upper[at]), float(adjusted[k]),
            ("more" if one.difference[at] > 0 else "fewer") if adjusted[k] < found.alpha else "",
        )
        for k, (stage, one) in enumerate(zip(found.stages, every, strict=True))
    )  # fmt: skip
