"""How often a field agrees between records of different people: exactly, counted over all pairs; nearly, over random
ones. What agrees by chance alone says little of who somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from joinedup.lake.session import connect
from joinedup.linkage.fields import BORN, FIRST, SURNAME, UNKNOWN, Codes, Pool
from joinedup.linkage.rules import Pairs

_RANDOM_PAIRS = 200_000  # drawn, of which those within one source are left out: half, of two like sources
_AT_ONCE = 25_000  # rows of a batch, so that DuckDB shares them among its threads
_MEMORY = "1GB"


@dataclass(frozen=True)
class Near:
    """Near agreement of two texts: a function of DuckDB's, compared with each limit in turn, nearest first."""

    function: str
    compared: str
    limits: tuple[float, ...]

    def levels(self, field: str) -> tuple[str, ...]:
        """SQL of each, over the columns FIELD_l and FIELD_r."""
        likeness = f'{self.function}("{field}_l", "{field}_r")'
        return tuple(f"{likeness} {self.compared} {limit:g}" for limit in self.limits)


NEAR: Mapping[str, Near] = {
    FIRST: Near("jaro_winkler_similarity", ">=", (0.9, 0.8)),
    SURNAME: Near("jaro_winkler_similarity", ">=", (0.9, 0.8)),
    # Dates are written YYYY-MM-DD, so that two differ in so many digits.
    BORN: Near("hamming", "<=", (1, 2)),
}


def by_chance(
    pool: Pool, rows: Codes, linked: Pairs, fields: Sequence[str], chance: np.random.Generator
) -> dict[str, tuple[float, ...]]:
    """For each field, of the pairs of `rows` from different sources that know it on both sides and are not in
    `linked`: the shares that are the same, near (level by level), and neither. They add up to one; half a pair is
    added to each, so that what never happened is not impossible."""
    near = _nearly(
        pool, _random_pairs(pool, rows, linked, chance), [field for field in fields if field in NEAR]
    )
    found = {}
    for field in fields:
        levels = (_exactly(pool, rows, linked, field), *near.get(field, ()))
        found[field] = (*levels, max(1 - sum(levels), 1e-9))
    return found


def _exactly(pool: Pool, rows: Codes, linked: Pairs, field: str) -> float:
    codes = pool.codes[field]
    held = rows[codes[rows] != UNKNOWN]
    values, value = np.unique(codes[held], return_inverse=True)
    counts = np.zeros((len(pool.sources), len(values)))
    np.add.at(counts, (pool.source[held], value), 1)
    inside = np.zeros(len(pool), dtype=bool)
    inside[held] = True
    known = linked.where(inside[linked.left] & inside[linked.right])
    agreeing = int((codes[known.left] == codes[known.right]).sum())
    same, every = float(_across(counts).sum()), float(_across(counts.sum(axis=1)))
    return min((same - agreeing + 0.5) / max(every - len(known) + 1, 1.0), 0.999)


def _across(counts: npt.NDArray[np.float64]) -> Any:
    """Pairs of different sources, of `counts` by source (the first axis)."""
    return (counts.sum(axis=0) ** 2 - (counts**2).sum(axis=0)) / 2


def _random_pairs(pool: Pool, rows: Codes, linked: Pairs, chance: np.random.Generator) -> Pairs:
    left, right = (chance.choice(rows, _RANDOM_PAIRS) for _ in "lr")
    mate = np.full(len(pool), -1)
    mate[linked.left], mate[linked.right] = linked.right, linked.left
    return Pairs(left, right).where((pool.source[left] != pool.source[right]) & (mate[left] != right))


def _nearly(pool: Pool, pairs: Pairs, fields: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """The share of each level of near agreement among random pairs that know the field on both sides."""
    if not fields:
        return {}
    sides = (("l", pairs.left), ("r", pairs.right))
    texts = pa.table({f"{field}_{side}": pool.texts(field, rows) for field in fields for side, rows in sides})
    connection = connect(memory_limit=_MEMORY, threads=2, spill=None)
    try:
        connection.register("pairs", pa.Table.from_batches(texts.to_batches(_AT_ONCE)))
        columns = ", ".join(sql for field in fields for sql in _counts(field))
        counted = iter(connection.sql(f"SELECT {columns} FROM pairs").fetchall()[0])
    finally:
        connection.close()
    shares = {}
    for field in fields:
        known = next(counted)
        shares[field] = tuple((next(counted) + 0.5) / (known + 1) for _ in NEAR[field].limits)
    return shares


def _counts(field: str) -> Iterator[str]:
    """SQL that counts the pairs known on both sides, and of those the ones that reach each level and none before."""
    yield f'count(*) FILTER ("{field}_l" IS NOT NULL AND "{field}_r" IS NOT NULL)'
    before = [f'"{field}_l" = "{field}_r"']
    for level in NEAR[field].levels(field):
        yield f"count(*) FILTER ({level} AND NOT ({' OR '.join(before)}))"
        before.append(level)
