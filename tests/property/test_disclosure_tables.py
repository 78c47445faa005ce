"""200 generated tables and 96 pairs of releases a run: no hidden count is recovered, every one keeps all of 0 to 4;
naive releases, and releases that no ledger holds together, break.
"""

from __future__ import annotations

import numpy as np

from joinedup.disclosure import PROFILES, Relation, protect
from joinedup.stats import wilson_interval
from tests.property.disclosure_pairs import pair
from tests.property.disclosure_tables import table
from tests.reference.disclosure import possible

NHS = PROFILES["nhs-england"]
TABLES, PAIRS = 200, 96


def released(number):
    values, relations = table(number)
    cells = {(i, "n"): value for i, value in enumerate(values)}
    linked = [Relation((t, "n"), tuple((p, "n") for p in parts), rest) for t, parts, rest in relations]
    protection = protect(cells, linked, NHS)
    shown = [None if cell in protection.hidden else NHS.shown(value) for cell, value in cells.items()]
    return values, relations, shown, {row for row, _ in protection.small}


def test_every_hidden_count_keeps_all_of_0_to_4(seed):
    for number in range(seed * TABLES, (seed + 1) * TABLES):
        _, relations, shown, small = released(number)
        found = possible(shown, relations, small)
        assert all(values == {0, 1, 2, 3, 4} for values in found.values()), number


def test_a_table_of_which_little_is_shown_at_all():
    _, relations, shown, small = released(2198)
    assert all(values == {0, 1, 2, 3, 4} for values in possible(shown, relations, small).values())


def test_two_releases_isolate_nobody_together(seed):
    refused = 0
    for number in range(seed * PAIRS, (seed + 1) * PAIRS):
        isolated, was_refused = pair(number)
        assert not isolated, number
        refused += was_refused
    assert refused <= PAIRS // 10


def test_without_the_ledger_the_same_pairs_isolate_people():
    assert sum(pair(number, ledger=False)[0] for number in (16, 22, 1027, 1041)) > 0


def test_a_naive_release_of_the_same_tables_is_broken():
    recovered = 0
    for number in range(20):
        values, relations = table(number)
        shown = [None if value < 5 else value for value in values]
        small = {i for i, value in enumerate(values) if value < 5}
        recovered += sum(len(found) == 1 for found in possible(shown, relations, small, exact=True).values())
    assert recovered > 0


def test_totals_are_hardly_biased():
    tops = np.array([max(table(number)[0]) for number in range(2_000)])
    shown = np.array([NHS.shown(int(top)) for top in tops])
    assert abs(shown.sum() - tops.sum()) <= 0.005 * tops.sum()


def test_limits_grow_by_a_tenth_at_most_at_50_people(seed):
    rng = np.random.default_rng(seed)
    below = rng.integers(48, 53, 5_000)
    above = np.maximum(5, rng.binomial(below, rng.uniform(0.2, 0.8, len(below))))
    shown = [np.array([NHS.shown(int(count)) for count in counts]) for counts in (above, below)]
    true, ours = (
        np.mean(upper - lower)
        for lower, upper in (wilson_interval(above, below), wilson_interval(np.minimum(*shown), shown[1]))
    )
    assert ours <= 1.10 * true
