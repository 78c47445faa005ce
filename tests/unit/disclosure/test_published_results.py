"""A publication read as a released result: the same values as its own percentages, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import results_of
from joinedup.disclosure.publishing import Publication
from joinedup.disclosure.sums import Key

LATTICE = Lattice.load()
RULE = profile_of("nhs-england")
PLACES = ((AREA, "NWL"), (BOROUGH, "E09000005"))
KEYS = tuple(
    Key(count.measure, count.count, level, place, period, EVERYONE, ALL)
    for count in LATTICE.counts
    for level, place in PLACES
    for period in ("2024-25", "2025-03")
)
SHOWN = st.lists(st.none() | st.integers(1, 400).map(lambda n: 5 * n), min_size=len(KEYS), max_size=len(KEYS))


def published(values: list[int | None]) -> Mapping[Key, int | None]:
    return dict(zip(KEYS, values, strict=True))


@settings(max_examples=40, deadline=None)
@given(SHOWN)
def test_every_percentage_is_the_publications_own(values: list[int | None]) -> None:
    publication = Publication(LATTICE, 1, RULE, KEYS, tuple(values), 0, frozenset())
    released = results_of(LATTICE, published(values), RULE, snapshot=1, rule="first-referral-1")
    rows = {
        (row["measure"], row["level"], row["place"], row["period"]): row["value"]
        for row in released.value.table.to_pylist()
        if row["statistic"] == "percentage"
    }
    for key, text in publication.percentages():
        level = "total" if key.place_level == AREA else key.place_level
        value = rows[key.measure, level, key.place, key.period]
        assert (value is None) if text == "*" else (value is not None and abs(value - float(text)) < 1e-9)


def test_what_is_hidden_stays_hidden_and_every_row_has_a_code() -> None:
    values: list[int | None] = [None if key.measure == "recovery" else 100 for key in KEYS]
    released = results_of(LATTICE, published(values), RULE, snapshot=1, rule="first-referral-1")
    rows = [row for row in released.value.table.to_pylist() if row["measure"] == "recovery"]
    assert rows and all(
        row["numerator"] is None and row["value"] is None and row["lower"] is None for row in rows
    )
    assert len(released.registry) == len(released.value)
    assert released.hidden == sum(value is None for value in values) and released.cells == len(KEYS)
