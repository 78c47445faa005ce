"""`make bench-disclosure`: generated tables and pairs of releases protected and attacked, and what protection costs.

The attack is the one of tests/reference: it shares nothing with the protection but the published rules.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from joinedup.disclosure import PROFILES, Relation, protect
from joinedup.measures.figures import worth
from joinedup.stats import wilson_interval
from tests.property.disclosure_pairs import pair
from tests.property.disclosure_tables import table
from tests.reference.disclosure import possible

NHS = PROFILES["nhs-england"]
ALL_OF_IT = set(range(NHS.hide_below))
MOST_GROWTH, MOST_BIAS, LEAST_HELD = 0.10, 0.005, 0.94
NAIVE_EVERY = 10
"""Of so many tables one is released naively too: the attack must work."""
Numbered = list[tuple[int, tuple[int, ...], bool]]


@dataclass
class Tally:
    """What the attack found in the tables so far."""

    small: int = 0
    further: int = 0
    recovered: int = 0
    narrowed: int = 0
    naive: int = 0
    total: int = 0
    shown_total: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, seed: int) -> None:
        """Protect a table and attack it."""
        values, relations = table(seed)
        began = time.process_time()
        shown, small = shown_of(values, relations)
        found = possible(shown, relations, small)
        self.seconds.append(time.process_time() - began)
        self.small += len(small)
        self.further += shown.count(None) - len(small)
        self.recovered += sum(len(kept) == 1 for kept in found.values())
        self.narrowed += sum(len(kept) != 1 and kept != ALL_OF_IT for kept in found.values())
        self.total += max(values)
        self.shown_total += NHS.shown(max(values))
        if seed % NAIVE_EVERY == 0:
            stars = {i for i, value in enumerate(values) if value < NHS.hide_below}
            bare = [None if i in stars else value for i, value in enumerate(values)]
            self.naive += sum(
                len(kept) == 1 for kept in possible(bare, relations, stars, exact=True).values()
            )

    @property
    def bias(self) -> float:
        """Of all totals together, as a share of them."""
        return (self.shown_total - self.total) / self.total


def shown_of(values: list[int], relations: Numbered) -> tuple[list[int | None], set[int]]:
    """What is shown of each count of a table, and which are hidden for being small."""
    cells = {(i, "n"): value for i, value in enumerate(values)}
    linked = [Relation((t, "n"), tuple((p, "n") for p in parts), rest) for t, parts, rest in relations]
    protection = protect(cells, linked, NHS)
    shown = [None if cell in protection.hidden else NHS.shown(value) for cell, value in cells.items()]
    return shown, {row for row, _ in protection.small}


def growth(people: int = 50, times: int = 20_000, seed: int = 3) -> tuple[float, float, float]:
    """How much wider Wilson limits are when made of released counts of about so many people, and how often they
    hold the true rate, from true counts and from released ones.
    """
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.2, 0.8, times)
    below = rng.integers(people - 2, people + 3, times)
    above = rng.binomial(below, rate)
    kept = above >= NHS.hide_below
    rate, below, above = rate[kept], below[kept], above[kept]
    base = NHS.display.base
    shown = [base * ((2 * count + base) // (2 * base)) for count in (above, below)]
    released = worth(
        *(counts.astype(float) for counts in (np.minimum(*shown), shown[1])), NHS.display.rounding
    )
    limits = [wilson_interval(above, below), wilson_interval(*released)]
    widths = [float(np.mean(upper - lower)) for lower, upper in limits]
    held = [float(np.mean((lower <= rate) & (rate <= upper))) for lower, upper in limits]
    return widths[1] / widths[0] - 1, held[0], held[1]


def counted(name: str, number: int) -> Iterator[int]:
    """Numbers from 0, with progress on standard error twenty times."""
    began = time.monotonic()
    for at in range(number):
        yield at
        if (at + 1) % max(1, number // 20) == 0:
            print(f"{name}: {at + 1:,} of {number:,}, {time.monotonic() - began:.0f} s", file=sys.stderr)


def main() -> int:
    """Print what was found; 1 where anybody was, or where protection costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=2_000)
    asked = parser.parse_args()
    tally, isolated, unchecked, refused, began = Tally(), 0, 0, 0, time.process_time()
    for seed in counted("tables", asked.tables):
        tally.add(seed)
    in_tables = time.process_time()
    for seed in counted("pairs", asked.pairs):
        found, was_refused = pair(seed)
        isolated, refused = isolated + found, refused + was_refused
        unchecked += pair(seed, ledger=False)[0] if seed // 4 % NAIVE_EVERY == 0 else 0
    in_pairs = time.process_time() - in_tables
    wider, held, held_shown = growth()
    print(
        f"{asked.tables:,} tables: {tally.small:,} small counts, {tally.further:,} more hidden; recovered "
        f"{tally.recovered}, narrowed {tally.narrowed}; naive: recovered {tally.naive:,}"
    )
    print(
        f"{asked.pairs:,} pairs: {isolated} isolated, {refused} refused; without ledger: {unchecked} isolated"
    )
    print(f"Wilson limits at 50 people: {wider:+.1%} wide; hold {held_shown:.1%} (true counts {held:.1%})")
    print(f"Totals: biased by {tally.bias:+.3%}")
    median = float(np.median(tally.seconds or [0.0]))
    print(
        f"CPU seconds: {(in_tables - began) / max(asked.tables, 1):.3f} a table (median {median:.3f}), "
        f"{in_pairs / max(asked.pairs, 1):.3f} a pair"
    )
    found = tally.recovered + tally.narrowed + isolated
    dear = wider > MOST_GROWTH or abs(tally.bias) > MOST_BIAS or held_shown < LEAST_HELD
    return int(bool(found) or not tally.naive or dear)


if __name__ == "__main__":
    sys.exit(main())
