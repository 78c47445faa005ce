"""Journeys of two groups with known chances at every stage, so that the true parts of the gap are known.

People have a service, age, sex and deprivation; the two groups differ in them; chances differ by them.
Levels are near those of North West London in 2024-25: 68% of referrals start, 65% of them come twice, 95%
have ended, and so on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pyarrow as pa
from scipy.stats import binom

STAGES = ("first_treatment", "second_treatment", "ended", "scope", "paired", "reliably_improved", "recovered")
LEVELS = dict(zip(STAGES, (0.68, 0.65, 0.95, 0.90, 0.98, 0.66, 0.70), strict=True))
OPEN = {"first_treatment": 0.02, "second_treatment": 0.02}
BACKGROUND = dict(zip(STAGES, (-0.02, -0.01, -0.005, 0.01, -0.003, -0.02, -0.01), strict=True))
NO_BACKGROUND = dict.fromkeys(STAGES, 0.0)
BARS = (
    ("first_treatment", "open"),
    ("first_treatment", "leak"),
    ("second_treatment", "open"),
    ("second_treatment", "leak"),
    ("ended", "open"),
    ("scope", "scope"),
    ("paired", "leak"),
    ("reliably_improved", "leak"),
    ("recovered", "leak"),
)
GROUP, REFERENCE = "Other Ethnic Groups", "White"
SERVICES = ("RV3CH", "RV383", "RV3AR", "RKL07")
SERVICE_EFFECT = np.array([0.0, 0.03, -0.02, 0.01])
AGES, AGE_EFFECT = np.array([20, 30, 50, 70]), np.array([-0.03, 0.0, 0.02, 0.05])
DECILES, DECILE_EFFECT = np.array([1, 3, 5, 7, 9]), np.array([-0.03, -0.015, 0.0, 0.015, 0.03])
SEXES = ("1", "2")
MIX = {
    GROUP: ([0.4, 0.3, 0.2, 0.1], [0.3, 0.4, 0.2, 0.1], [0.4, 0.6], [0.3, 0.3, 0.2, 0.1, 0.1]),
    REFERENCE: ([0.2, 0.3, 0.3, 0.2], [0.2, 0.4, 0.3, 0.1], [0.35, 0.65], [0.2, 0.2, 0.2, 0.2, 0.2]),
}
"""Shares of each service, age, sex and deprivation."""


@dataclass(frozen=True)
class World:
    """Chances of two groups: what is added to each stage's chance for the group, and whether people
    matter."""

    added: dict[str, float]
    varied: bool = True
    open: dict[str, float] = field(default_factory=lambda: dict(OPEN))

    def leaking(self, stage: str, points: float) -> World:
        """The same with one stage's chance lower by so many points for the group."""
        return replace(self, added={**self.added, stage: self.added[stage] - points / 100})

    def chances(self, group: str, people: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
        """Chance of passing each stage for people given as indices of service, age, sex and deprivation."""
        service, age, _, decile = people
        effect = (
            SERVICE_EFFECT[service] + AGE_EFFECT[age] + DECILE_EFFECT[decile]
            if self.varied
            else np.zeros(len(age))
        )
        share = {"ended": 0.3, "paired": 0.2, "scope": 0.3}
        return {
            stage: np.clip(
                LEVELS[stage] + share.get(stage, 1.0) * effect + (group == GROUP) * self.added[stage], 0, 1
            )
            for stage in STAGES
        }

    def truth(self) -> dict[tuple[str, str], float]:
        """True parts of the gap by (stage, kind), with case_mix and services, by summing over every kind of
        person.
        """
        kinds = np.array(list(product(range(4), range(4), range(2), range(5))))
        people = tuple(kinds.T)
        share = {
            group: np.prod([np.array(mix)[k] for mix, k in zip(MIX[group], people, strict=True)], axis=0)
            for group in MIX
        }
        service_ratio = (np.array(MIX[GROUP][0]) / np.array(MIX[REFERENCE][0]))[people[0]]
        a = self._rates(GROUP, people, share[GROUP])
        b = self._rates(REFERENCE, people, share[GROUP])
        by_service = np.prod(self._rates(REFERENCE, people, share[REFERENCE] * service_ratio))
        plain = np.prod(self._rates(REFERENCE, people, share[REFERENCE]))
        mean = np.prod(a) if np.isclose(np.prod(a), np.prod(b), rtol=1e-13) else (
            (np.prod(a) - np.prod(b)) / np.log(np.prod(a) / np.prod(b))
        )  # fmt: skip
        parts = dict(zip(BARS, mean * np.log(a / b), strict=True))
        return parts | {
            ("case_mix", "case_mix"): np.prod(b) - by_service,
            ("services", "services"): by_service - plain,
        }

    def _rates(self, group, people, share):
        """Pass rates of the bars for a population with these shares of each kind of person."""
        chances, reached, rates = self.chances(group, people), share, []
        for stage in STAGES:
            if stage in self.open:
                rates.append(1 - self.open[stage])
            rates.append(float((reached * chances[stage]).sum() / reached.sum()))
            reached = reached * chances[stage] * (1 - self.open.get(stage, 0.0))
        return np.array(rates)


@dataclass(frozen=True)
class Records:
    """What attribute_gap reads."""

    journeys: pa.Table
    rule: str = "simulated"
    snapshot: int = 1
    first_day: dt.date = dt.date(2023, 4, 1)
    last_day: dt.date = dt.date(2026, 3, 31)


def simulate(
    world: World, n_group: int, n_reference: int, rng: np.random.Generator, not_stated: int = 0
) -> Records:
    """Journeys of referrals received from April 2024 to March 2025."""
    tables = [_of_group(world, GROUP, "S", n_group, rng), _of_group(world, REFERENCE, "A", n_reference, rng)]
    if not_stated:
        tables.append(_of_group(world, REFERENCE, "Z", not_stated, rng))
    return Records(pa.concat_tables(tables))


def _of_group(world: World, group: str, code: str, n: int, rng: np.random.Generator) -> pa.Table:
    people = tuple(rng.choice(len(p), n, p=p) for p in MIX[group])
    chances = world.chances(group, people)
    reached, ended_early = np.ones(n, bool), np.zeros(n, bool)
    passed = {}
    for stage in STAGES:
        open_here = rng.random(n) < world.open.get(stage, 0.0)
        passed[stage] = reached & ~open_here & (rng.random(n) < chances[stage])
        if stage in world.open:
            ended_early |= reached & ~passed[stage] & ~open_here
        reached = passed[stage]
    start = np.datetime64("2024-04-01", "D") + rng.integers(0, 365, n)
    return pa.table(
        {
            "ReferralRequestReceivedDate": _dates(start, np.ones(n, bool)),
            "TherapySession_FirstDate": _dates(start + 60, passed["first_treatment"]),
            "TherapySession_SecondDate": _dates(start + 90, passed["second_treatment"]),
            "ServDischDate": _dates(start + 200, ended_early | passed["ended"]),
            "NotCaseness_Flag": pa.array(~passed["scope"] & passed["ended"]),
            "Paired_Flag": pa.array(passed["paired"]),
            "ReliableImprovement_Flag": pa.array(passed["reliably_improved"]),
            "Recovery_Flag": pa.array(passed["recovered"]),
            "EthnicCategory": pa.array([code] * n),
            "service": pa.array(np.array(SERVICES)[people[0]]),
            "borough": pa.array(["E09000015"] * n),
            "Age_ReferralRequest_ReceivedDate": pa.array(AGES[people[1]].astype(np.int16)),
            "Gender": pa.array(np.array(SEXES)[people[2]]),
            "IndicesOfDeprivationDecile": pa.array(DECILES[people[3]].astype(np.int8)),
        }
    )


def _dates(days: np.ndarray, known: np.ndarray) -> pa.Array:
    return pa.array(days.astype("datetime64[D]"), type=pa.date32(), mask=~known)


def first_leak(gap) -> str:
    """The stage with the largest leak."""
    return min((bar for bar in gap.bars if bar.kind == "leak"), key=lambda bar: bar.contribution).stage


def at_least(hits: int, times: int, target: float) -> bool:
    """Whether a one-sided 99% exact bound leaves room for a chance of at least the target."""
    return binom.cdf(hits, times, target) > 0.01


def at_most(hits: int, times: int, target: float) -> bool:
    """Whether a one-sided 99% exact bound leaves room for a chance of at most the target."""
    return binom.sf(hits - 1, times, target) > 0.01
