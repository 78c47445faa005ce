"""200 generated tables a run: no hidden count is recovered, every one keeps all of 0 to 4; a naive release breaks."""

from __future__ import annotations

import numpy as np

from joinedup.disclosure import PROFILES, Relation, protect
from tests.property.disclosure_tables import table
from tests.reference.disclosure import possible

NHS = PROFILES["nhs-england"]
TABLES = range(200)


def released(seed):
    values, relations = table(seed)
    cells = {(i, "n"): value for i, value in enumerate(values)}
    linked = [Relation((t, "n"), tuple((p, "n") for p in parts), rest) for t, parts, rest in relations]
    protection = protect(cells, linked, NHS)
    shown = [None if cell in protection.hidden else NHS.shown(value) for cell, value in cells.items()]
    return values, relations, shown, {row for row, _ in protection.small}


def test_every_hidden_count_keeps_all_of_0_to_4():
    for seed in TABLES:
        _, relations, shown, small = released(seed)
        found = possible(shown, relations, small)
        assert all(values == {0, 1, 2, 3, 4} for values in found.values()), seed


def test_a_naive_release_of_the_same_tables_is_broken():
    recovered = 0
    for seed in range(20):
        values, relations = table(seed)
        shown = [None if value < 5 else value for value in values]
        small = {i for i, value in enumerate(values) if value < 5}
        recovered += sum(len(found) == 1 for found in possible(shown, relations, small, exact=True).values())
    assert recovered > 0


def test_totals_are_hardly_biased():
    totals, shown_totals = 0, 0
    for seed in TABLES:
        values, _ = table(seed)
        top = max(values)
        totals, shown_totals = totals + top, shown_totals + NHS.shown(top)
    assert abs(shown_totals - totals) <= 0.005 * totals


def test_intervals_grow_by_a_tenth_at_most_at_50():
    rate, n = 0.4, 50
    ours = 1.96 * np.sqrt(rate * (1 - rate) / n + NHS.display.rounding * (1 + rate**2) / n**2)
    assert ours / (1.96 * np.sqrt(rate * (1 - rate) / n)) <= 1.10
