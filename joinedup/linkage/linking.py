"""One call from indexes to people: rules first, the model for what they leave, the guard over both."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from joinedup.linkage.cascade import Found, cascade, rules_for
from joinedup.linkage.clusters import REASONS, SOURCE_TWICE, TWO_NUMBERS, Edges, People, settle
from joinedup.linkage.fields import NUMBER, Codes, Pool, pool_of
from joinedup.linkage.model import Model
from joinedup.linkage.rules import Pairs, Rule, numbers_agree, numbers_differ
from joinedup.linkage.scoring import Floats, Scored, score, train

Bools = npt.NDArray[np.bool_]

LINK, REVIEW = 0.95, 0.05
"""Probabilities from which a scored pair is a link, and from which it is put before a reviewer."""
EXPLAINED = 0.99
"""From here on a scored link may say of two different valid NHS numbers that one of them is wrong."""
MARGIN = 16.0
"""A scored link must have this many times the odds of any other that shares a record with it."""
LEAST_PAIRS = 1000
"""Rule-linked pairs below which no model is trained: rare kinds of disagreement would not occur among them."""
BY_SCORE = "score"
ONE_NUMBER = "one NHS number, different details"
LOOK = "linked across two NHS numbers"
UNSURE = "between the thresholds"
RIVALS = "another record is nearly as likely"
# Of all pairs of one person, how many the rules find (0.982 measured by benchmarks/linkage): the others are what
# the model is asked to find, so its first guess must allow for them.
_RECALL_OF_RULES = 0.98


@dataclass(frozen=True)
class Linked:
    """What linking made of a pool.

    `people`: for each record the lowest record of the same person. `links` and `queue`: one row per pair with left and
    right (places in the pool, left the lower), rule, rank (the lower, the stronger), probability (null for a rule),
    numbers_differ, weight_<field> in bits (null for a rule) and, in the queue, the reason. A pair in both is a link
    that a reviewer should look at.
    """

    pool: Pool
    people: Codes
    links: pa.Table
    queue: pa.Table
    model: Model | None


def link(
    indexes: Mapping[str, pa.Table], *, model: Model | None = None, scoring: bool = True, seed: int = 1
) -> Linked:
    """Who is who over several indexes, keyed by the name of their source.

    Each has local_id (its own, never null or twice) and of FIELDS what it holds. Without `model` one is trained on a
    sample of these very records, drawn by `seed`, unless the rules find fewer than LEAST_PAIRS pairs to learn from:
    then, and with `scoring=False`, the rules are all. By rules, and by a model that is given, the order of rows
    changes nothing. Raises MissingPart where Splink is wanted and absent.
    """
    pool = pool_of(indexes)
    rules = rules_for(pool)
    found = cascade(pool, rules)
    learning = scoring and model is None and len(found.pairs) >= LEAST_PAIRS
    with ThreadPoolExecutor(1) as thread:
        # Training is most of it work of one core, so what the rules found is settled meanwhile.
        training = thread.submit(train, pool, found.pairs, seed=seed) if learning else None
        ruled = _settled(pool, rules, found)
    links, queues, people = [ruled.links], ruled.queues, ruled.people
    alone = np.flatnonzero(np.bincount(people, minlength=len(pool))[people] == 1)
    enough = model is not None or len(ruled.made) >= LEAST_PAIRS
    wanted = scoring and enough and len(np.unique(pool.source[alone])) > 1
    if wanted and training:
        model = training.result()
    if wanted and model:
        scored = score(pool, alone, model, matches=len(ruled.made) / _RECALL_OF_RULES, least=REVIEW)
        people, more, unsure = _taken(pool, people, scored)
        links, queues = [*links, more], [*queues, *unsure]
    linked = pa.concat_tables(links, promote_options="default")
    queues = [*queues, _because(linked.filter(linked["numbers_differ"]), LOOK)]
    return Linked(pool, people, linked, _queued(queues, people), model)


@dataclass(frozen=True)
class _Ruled:
    """What the rules made of a pool: people, the pairs that stand, and what goes to a reviewer."""

    people: Codes
    made: Pairs
    links: pa.Table
    queues: list[pa.Table]


def _settled(pool: Pool, rules: tuple[Rule, ...], found: Found) -> _Ruled:
    edges = _rule_edges(pool, found.pairs, found.rule, rules)
    settled = settle(pool.source, pool.codes[NUMBER], edges, pool.name)
    names = pa.array([rule.name for rule in rules])
    ruled = _table(pool, found.pairs, names.take(pa.array(found.rule)), edges.rank)
    first = pa.repeat(rules[0].name, len(found.doubted))
    doubted = _table(pool, found.doubted, first, np.zeros(len(found.doubted)))
    stands = settled.refused == 0
    queues = [*_refused(ruled, settled), _because(doubted, ONE_NUMBER)]
    return _Ruled(settled.person, found.pairs.where(stands), ruled.filter(pa.array(stands)), queues)


def _rule_edges(pool: Pool, pairs: Pairs, rule: Codes, rules: tuple[Rule, ...]) -> Edges:
    may = np.array([one.numbers_may_differ for one in rules])
    return Edges(pairs.left, pairs.right, rule.astype(float), may[rule], numbers_agree(pool, pairs))


def _taken(pool: Pool, people: Codes, scored: Scored) -> tuple[Codes, pa.Table, list[pa.Table]]:
    """People once scored pairs are taken, the links among those, and what is left to a reviewer."""
    differ, likely = numbers_differ(pool, scored.pairs), scored.probability >= LINK
    explained = scored.probability >= EXPLAINED
    rivalled = likely & _rivalled(len(pool), scored)
    taken = likely & (explained | ~differ) & ~rivalled
    rank = 1000 + 1 - scored.probability  # after every rule
    table = _table(pool, scored.pairs, pa.repeat(BY_SCORE, len(scored.pairs)), rank, scored)
    pairs, none = scored.pairs.where(taken), np.zeros(int(taken.sum()), dtype=bool)
    # Few of the records are in these pairs, and only those are settled.
    rows, places = np.unique(np.concatenate([pairs.left, pairs.right]), return_inverse=True)
    left, right = np.split(places, 2)
    edges = Edges(left, right, rank[taken], explained[taken], none)
    settled = settle(
        pool.source[rows], pool.codes[NUMBER][rows], edges, lambda place: pool.name(int(rows[place]))
    )
    made = table.filter(pa.array(taken))
    people = people.copy()
    people[rows] = rows[settled.person]
    queues = [
        *_refused(made, settled),
        _because(table.filter(pa.array(rivalled)), RIVALS),
        _because(table.filter(pa.array(likely & differ & ~explained & ~rivalled)), TWO_NUMBERS),
        _because(table.filter(pa.array(~likely)), UNSURE),
    ]
    return people, made.filter(pa.array(settled.refused == 0)), queues


def _rivalled(size: int, scored: Scored) -> Bools:
    """Whether another pair with a record in common has odds within MARGIN of a pair's own, or above them."""
    limit = 1 - 1e-12
    probability = np.minimum(scored.probability, limit)
    odds = probability / (1 - probability)
    rivalled = np.zeros(len(odds), dtype=bool)
    for end in (scored.pairs.left, scored.pairs.right):
        best, second = np.zeros(size), np.zeros(size)
        order = np.argsort(odds, kind="stable")
        best[end[order]] = odds[order]  # of several assignments the last, the highest, stays
        rest = order[_not_last(end[order])]
        second[end[rest]] = odds[rest]
        rival = np.where(odds < best[end], best[end], second[end])
        rivalled |= (rival > 0) & (odds < MARGIN * rival)
    return rivalled


def _not_last(values: Codes) -> Bools:
    """Which values come again later."""
    last = np.zeros(len(values), dtype=bool)
    last[len(values) - 1 - np.unique(values[::-1], return_index=True)[1]] = True
    return ~last


def _table(pool: Pool, pairs: Pairs, rule: pa.Array, rank: Floats, scored: Scored | None = None) -> pa.Table:
    none = pa.nulls(len(pairs), pa.float64())
    weights = (
        {f"weight_{field}": pa.array(values) for field, values in scored.weights.items()} if scored else {}
    )
    return pa.table(
        {
            "left": pairs.left,
            "right": pairs.right,
            "rule": rule,
            "rank": rank,
            "probability": pa.array(scored.probability) if scored else none,
            "numbers_differ": numbers_differ(pool, pairs),
            **weights,
        }
    )


def _refused(made: pa.Table, settled: People) -> list[pa.Table]:
    return [
        _because(made.filter(pa.array(settled.refused == place)), reason)
        for place, reason in enumerate(REASONS)
        if reason in (TWO_NUMBERS, SOURCE_TWICE)
    ]


def _because(rows: pa.Table, reason: str) -> pa.Table:
    return rows.append_column("reason", pa.repeat(reason, len(rows)))


def _queued(queues: list[pa.Table], people: Codes) -> pa.Table:
    """The queue: of pairs that have become one person by another way only those that are to be looked at."""
    rows = pa.concat_tables(queues, promote_options="default")
    one = people[rows["left"].to_numpy()] == people[rows["right"].to_numpy()]
    look = np.array(rows["reason"].to_pylist()) == LOOK if len(rows) else one
    return rows.filter(pa.array(~one | look))
