"""`make bench-disclosure`: 10,000 generated tables attacked, 2,000 differencing pairs, and what protection costs."""

from __future__ import annotations

import sys
import time

import numpy as np

from joinedup.disclosure import PROFILES, Relation, protect
from tests.property.disclosure_tables import table
from tests.reference.disclosure import possible

NHS = PROFILES["nhs-england"]


def shown_of(
    values: list[int], relations: list[tuple[int, tuple[int, ...], bool]]
) -> tuple[list[int | None], set[int]]:
    cells = {(i, "n"): value for i, value in enumerate(values)}
    linked = [Relation((t, "n"), tuple((p, "n") for p in parts), rest) for t, parts, rest in relations]
    protection = protect(cells, linked, NHS)
    shown = [None if cell in protection.hidden else NHS.shown(value) for cell, value in cells.items()]
    return shown, {row for row, _ in protection.small}


def pair(seed: int) -> bool:
    """Whether everyone, and everyone but one group, isolate that group when both are released together."""
    rng = np.random.default_rng(seed)
    parts = rng.poisson(rng.exponential(25, 5)).tolist()
    values = [sum(parts), sum(parts[:-1]), *parts]
    relations = [(0, (1, 6), False), (1, (2, 3, 4, 5), False)]
    shown, small = shown_of(values, relations)
    return any(found != {0, 1, 2, 3, 4} for found in possible(shown, relations, small).values())


def main(tables: int = 10_000, pairs: int = 2_000) -> int:
    """Print a table; 1 where any hidden count was narrowed."""
    began, recovered, narrowed, hidden, further = time.process_time(), 0, 0, 0, 0
    for seed in range(tables):
        values, relations = table(seed)
        shown, small = shown_of(values, relations)
        found = possible(shown, relations, small)
        recovered += sum(len(values) == 1 for values in found.values())
        narrowed += sum(values != {0, 1, 2, 3, 4} for values in found.values())
        hidden += len(small)
        further += shown.count(None) - len(small)
    isolated = sum(pair(seed) for seed in range(pairs))
    print(
        f"{tables:,} tables: {hidden:,} small, {further:,} hidden further; recovered {recovered}, narrowed {narrowed}"
    )
    print(f"{pairs:,} differencing pairs: isolated {isolated}; {time.process_time() - began:.0f} CPU seconds")
    return int(bool(narrowed or isolated))


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:])))
