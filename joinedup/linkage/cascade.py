"""The rules applied in their order: each pair of records once, by the strongest rule that finds it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from joinedup.linkage.fields import FIRST, SURNAME, THREADS, UNKNOWN, Codes, Pool
from joinedup.linkage.rules import (
    RULES,
    RULES_WITHOUT_NAMES,
    Pairs,
    Rule,
    corroborated,
    numbers_differ,
    pairs_by,
)


@dataclass(frozen=True)
class Found:
    """Pairs and the place of the rule that found each; `doubted` share a valid NHS number and little else."""

    pairs: Pairs
    rule: Codes
    doubted: Pairs


def rules_for(pool: Pool) -> tuple[Rule, ...]:
    """The rules over names where any record has one, else those without."""
    named = any((pool.codes[field] != UNKNOWN).any() for field in (FIRST, SURNAME))
    return RULES if named else RULES_WITHOUT_NAMES


def cascade(pool: Pool, rules: tuple[Rule, ...]) -> Found:
    """Every pair that a rule finds and its numbers allow."""
    made: list[Pairs] = []
    doubted = Pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    mate = np.full(len(pool), -1)
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda rule: _by_rule(rule, pool), rules))
    for rule, (agreed, refuted) in zip(rules, found, strict=True):
        if rule.corroborated:
            doubted = refuted
        pairs = _new(agreed, mate, made, len(pool))
        mate[pairs.left], mate[pairs.right] = pairs.right, pairs.left
        made.append(pairs)
    rule_of = np.repeat(np.arange(len(rules)), [len(pairs) for pairs in made])
    return Found(_joined(made), rule_of, doubted)


def _by_rule(rule: Rule, pool: Pool) -> tuple[Pairs, Pairs]:
    """The pairs that a rule finds and its numbers allow, and those that their details speak against."""
    pairs = pairs_by(rule, pool)
    refuted = pairs.where(np.zeros(0, dtype=np.int64))
    if rule.corroborated:
        held = corroborated(pool, pairs)
        pairs, refuted = pairs.where(held), pairs.where(~held)
    if not rule.numbers_may_differ:
        pairs = pairs.where(~numbers_differ(pool, pairs))
    return pairs, refuted


def _new(pairs: Pairs, mate: Codes, made: list[Pairs], size: int) -> Pairs:
    """Without those that a stronger rule found."""
    # With two sources nearly every pair found before is that of a record and its last mate: cheap to see.
    pairs = pairs.where((mate[pairs.left] != pairs.right) & (mate[pairs.right] != pairs.left))
    before = _joined(made)
    if not len(before) or not len(pairs):
        return pairs
    met = (mate[pairs.left] >= 0) & (mate[pairs.right] >= 0)
    again = np.zeros(len(pairs), dtype=bool)
    if met.any():
        several = pairs.where(met)
        again[met] = np.isin(several.left * size + several.right, before.left * size + before.right)
    return pairs.where(~again)


def _joined(parts: list[Pairs]) -> Pairs:
    none = [np.zeros(0, dtype=np.int64)]
    return Pairs(
        np.concatenate(none + [part.left for part in parts]),
        np.concatenate(none + [part.right for part in parts]),
    )
