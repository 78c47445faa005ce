"""How well people are linked, by group: links are not missed at random, and who is missed shows in every measure.

Without truth, what can be counted is how many records of a group were linked at all and how many wait for a reviewer.
A group with many valid numbers and few links may live elsewhere; one with few numbers and few links is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.linkage.fields import NUMBER, UNKNOWN
from joinedup.linkage.linking import Linked

ALL, NOT_STATED = "All", "not stated"
_COUNTS = ("records", "with_valid_number", "linked", "in_review")


@dataclass(frozen=True)
class LinkageQuality:
    """Counts of records by group and in all: column group and the int64 columns of `count_columns`; null is hidden."""

    table: pa.Table
    by: str
    identity_of: Mapping[str, Any]

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The counted columns."""
        return (*_COUNTS, *(f"not_{name}" for name in _COUNTS[1:]))

    def counts(self) -> pa.Table:
        """The counts as they are, with what each leaves of the records: those too must not be worked out."""
        return self.table

    def relations(self) -> tuple[Any, ...]:
        """Groups add up to all; those with and those without add up to the records."""
        last = self.table.num_rows - 1
        groups = [
            ((last, name), tuple((row, name) for row in range(last))) for name in self.count_columns if last
        ]
        halves = [
            ((row, "records"), ((row, name), (row, f"not_{name}")))
            for row in range(last + 1)
            for name in _COUNTS[1:]
        ]
        return (*groups, *halves)

    def with_counts(self, counts: pa.Table, display: object) -> Self:
        """The same from released counts; shares follow from those."""
        return replace(self, table=counts)

    def identity(self) -> Mapping[str, Any]:
        """What was linked."""
        return {**self.identity_of, "by": self.by}

    def rows(self) -> list[dict[str, Any]]:
        """One mapping per group: group, the counts, and percentages of the records, one decimal; None is hidden."""
        return [_with_shares(row) for row in self.table.select(["group", *_COUNTS]).to_pylist()]


def quality_by(linked: Linked, indexes: Mapping[str, pa.Table], by: str | None) -> LinkageQuality:
    """Count the records of a linkage of `indexes` by their column `by` (None: in all), before any decision."""
    texts = _groups(indexes, by)
    people, asked = linked.people, np.zeros(len(linked.pool), dtype=bool)
    for end in ("left", "right"):
        asked[linked.queue[end].to_numpy()] = True
    counted = {
        "records": np.ones(len(people), dtype=bool),
        "with_valid_number": linked.pool.codes[NUMBER] != UNKNOWN,
        "linked": np.bincount(people, minlength=len(people))[people] > 1,
        "in_review": asked,
    }
    counted |= {f"not_{name}": ~counted[name] for name in _COUNTS[1:]}
    identity = {"linkage": linked.pool.sources, "model": linked.model.version if linked.model else None}
    return LinkageQuality(_counted(texts, counted), by or "", identity)


def _groups(indexes: Mapping[str, pa.Table], by: str | None) -> pa.Array:
    if by is None:
        return pa.nulls(sum(len(rows) for rows in indexes.values()), pa.string())
    chunks = [chunk for rows in indexes.values() for chunk in rows[by].cast(pa.string()).chunks]
    return pa.concat_arrays(chunks)


def _counted(groups: pa.Array, counted: Mapping[str, np.ndarray]) -> pa.Table:
    encoded = pc.fill_null(groups, NOT_STATED).dictionary_encode()
    names, codes = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
    order = (
        sorted(range(len(names)), key=lambda place: names[place]) if groups.null_count < len(groups) else []
    )
    table: dict[str, list[Any]] = {"group": [*(names[place] for place in order), ALL]}
    for name, values in counted.items():
        each = np.bincount(codes, weights=values, minlength=len(names)).astype(int)
        table[name] = [*(int(each[place]) for place in order), int(values.sum())]
    return pa.table(table)


def _with_shares(row: dict[str, Any]) -> dict[str, Any]:
    whole = row["records"]
    for name in _COUNTS[1:]:
        known = whole and row[name] is not None
        row[f"{name}_percent"] = round(100 * min(row[name] / whole, 1), 1) if known else None
    return row
