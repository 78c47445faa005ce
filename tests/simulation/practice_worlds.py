"""Worlds of eight places with known chances at every stage: all alike, or one truly better by a stated amount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from joinedup.disclosure import PROFILES
from joinedup.equity.outcomes import outcome_of
from joinedup.equity.practice import BestPractice

PLACES, QUARTERS = 8, 8
OUTCOME = outcome_of("reliable_recovery")
STAGES = OUTCOME.chain("discharged")
RATES = {
    "first_treatment": 0.70, "second_treatment": 0.70, "scope": 0.90, "paired": 0.98, "reliably_improved": 0.70,
    "recovered": 0.72,
}  # fmt: skip
YEAR, KEYS = "12m-2025-03", [f"{y}-{(y + 1) % 100:02d}-Q{q}" for y in (2023, 2024) for q in (1, 2, 3, 4)]
MIX_EFFECT = 0.08
"""What a younger half takes from the chance of recovering; places differ in how young their people are."""


def world(
    rng: np.random.Generator, referred: int, *, better: float = 0.0, stage: str = "recovered", place: int = 2,
    lasting: int = QUARTERS,
) -> BestPractice:  # fmt: skip
    """A year and two years of quarters. `better`: what is added to one place's chance at a stage, in the last
    `lasting` quarters."""
    young = rng.uniform(0.3, 0.7, PLACES)
    every = [
        _quarter(rng, referred // 4, young, better if q >= QUARTERS - lasting else 0.0, stage, place)
        for q in range(QUARTERS)
    ]
    year = [sum(parts) for parts in zip(*every[4:], strict=True)]
    counted, passed = year
    scope = [one.name for one in STAGES].index("scope")
    return BestPractice(
        outcome=OUTCOME, measure_id="M195", title="Reliable recovery", by="borough",
        places=tuple(f"P{k}" for k in range(PLACES)), stages=STAGES,
        referred=counted[0], passed=passed[0::2].astype(float), passed_expected=passed[1::2].astype(float),
        expected=counted[1], known=counted[2], quarters=tuple(KEYS),
        quarterly=np.array([[one[1][2 * scope], one[1][-2], one[0][1]] for one in every]), period=YEAR,
        standardised_on=("age",), snapshot=1,
    )  # fmt: skip


def rounded(made: BestPractice) -> BestPractice:
    """As `release` leaves it where no count is small, without its proofs: these worlds are large and many."""
    names = ("referred", "passed", "passed_expected", "expected", "known", "quarterly")
    fives = {name: 5 * np.floor((2 * np.round(getattr(made, name)) + 5) / 10) for name in names}
    return replace(made, **fives, display=PROFILES["nhs-england"].display)


def _quarter(rng, referred, young, better, stage, place):
    """Counts (referred, expected, known) by place, and passed and expected to pass by stage and place."""
    start = rng.poisson(referred, PLACES)
    reached = np.stack([rng.binomial(start, young)])
    reached = np.concatenate([reached, start - reached])
    rows, people = [], None
    for name, rate in RATES.items():
        chance = np.full((2, PLACES), rate)
        if name == "recovered":
            chance[0] -= MIX_EFFECT
        if name == stage:
            chance[:, place] += better
        passed = rng.binomial(reached, np.clip(chance, 0, 1))
        rows += [passed.sum(axis=0), _expected(passed, reached)]
        if name == "scope":
            people = passed
        reached = passed
    counted = np.stack([start, _expected(reached, people), people.sum(axis=0)]).astype(float)
    return counted, np.array(rows)


def _expected(passed, reached):
    """As the product does: effects of cells and of places told apart by alternating means, over counts."""
    cell, of = np.zeros(2), np.zeros(PLACES)
    n = np.maximum(reached, 1e-9)
    for _ in range(8):
        cell = (passed - of * reached).sum(axis=1) / n.sum(axis=1)
        of = (passed - cell[:, None] * reached).sum(axis=0) / n.sum(axis=0)
    expected = (cell[:, None] * reached).sum(axis=0)
    return expected + (passed.sum() - expected.sum()) / n.sum() * reached.sum(axis=0)
