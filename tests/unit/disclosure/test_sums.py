"""Which counts add up to which: groups, places, periods, counts, and what nobody published."""

from __future__ import annotations

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.sums import Key, sums_of, unpublished
from tests.property.disclosure_pairs import ALL, BOROUGHS, BUT, EIGHT, GROUPS, LARGE, MONTHS, QUARTER

LATTICE = Lattice.load()
EIGHT_KEYS = [key for key in BOROUGHS if key.place in EIGHT]
FIVE_KEYS = [key for key in BOROUGHS if key.place not in EIGHT]


def sums(*keys):
    """The sums as sets of keys: (total, parts, rest)."""
    return {
        (keys[total], frozenset(keys[part] for part in parts), rest)
        for total, parts, rest in sums_of(keys, LATTICE)
    }


def test_stated_groups_are_everyone_but_those_who_stated_none():
    assert sums(ALL, *GROUPS) == {(ALL, frozenset(GROUPS), True)}
    unsaid = GROUPS[0]._replace(group=Breakdown.load("ethnic_group").not_stated)
    assert sums(ALL, *GROUPS, unsaid) == {(ALL, frozenset({*GROUPS, unsaid}), False)}
    assert sums(*GROUPS) == set()


def test_fine_groups_make_coarse_ones():
    white = GROUPS[0]
    fine = [
        white._replace(breakdown="ethnic_category", group=group.name)
        for group in Breakdown.load("ethnic_category").groups
        if group.codes[0] in ("A", "B", "C")
    ]
    assert sums(white, *fine) == {(white, frozenset(fine), False)}
    assert sums(white, *fine[1:]) == {(white, frozenset(fine[1:]), True)}


def test_everyone_but_one_group_and_that_group_are_everyone():
    assert sums(ALL, BUT, GROUPS[0]) >= {(ALL, frozenset({BUT, GROUPS[0]}), False)}
    assert sums(ALL, BUT) == {(ALL, frozenset({BUT}), True)}
    except_ = BUT._replace(group="Everyone except White")
    assert (ALL, frozenset({except_, GROUPS[0]}), False) in sums(ALL, except_, GROUPS[0])


def test_boroughs_make_their_area():
    assert sums(ALL, *EIGHT_KEYS) == {(ALL, frozenset(EIGHT_KEYS), False)}
    assert sums(ALL, *EIGHT_KEYS[1:]) == {(ALL, frozenset(EIGHT_KEYS[1:]), True)}
    assert sums(ALL, *FIVE_KEYS) == set()


def test_8_boroughs_and_5_more_are_13():
    assert sums(LARGE, ALL, *FIVE_KEYS) == {
        (LARGE, frozenset(FIVE_KEYS), True),
        (LARGE, frozenset({ALL, *FIVE_KEYS}), False),
    }
    assert sums(LARGE, ALL) == {(LARGE, frozenset({ALL}), True)}


def test_boroughs_and_nowhere_are_everyone_held():
    everyone = ALL._replace(place_level="total", place="total")
    nowhere = ALL._replace(place_level="borough", place="not_known")
    assert sums(everyone, nowhere, *EIGHT_KEYS) == {(everyone, frozenset({nowhere, *EIGHT_KEYS}), False)}
    assert sums(everyone, *EIGHT_KEYS) == set()


def test_months_make_quarters_and_quarters_years():
    assert sums(QUARTER, *MONTHS) == {(QUARTER, frozenset(MONTHS), False)}
    assert sums(QUARTER, *MONTHS[1:]) == {(QUARTER, frozenset(MONTHS[1:]), True)}
    quarters = [ALL._replace(period=f"2025-26-Q{number}") for number in (1, 2, 3, 4)]
    assert sums(ALL, *quarters) == {(ALL, frozenset(quarters), False)}
    assert sums(ALL, QUARTER, *MONTHS) == {
        (ALL, frozenset({QUARTER}), True),
        (ALL, frozenset(MONTHS), True),
        (QUARTER, frozenset(MONTHS), False),
    }


def test_a_year_that_starts_within_a_quarter_is_its_months():
    rolling = ALL._replace(period="12m-2025-05")
    months = [ALL._replace(period=key) for key in ("2025-04", "2025-05")]
    assert sums(rolling, *months) == {(rolling, frozenset(months), True)}
    assert sums(rolling, QUARTER) == set()


def test_counts_make_counts_as_the_lattice_says():
    below = Key("reliable_recovery", "denominator", *ALL[2:])
    assert sums(ALL, below) == {(ALL, frozenset({below}), True)}
    other = ALL._replace(measure="own", count="numerator")
    assert sums(ALL, other) == set()


def test_sums_that_nobody_published_are_found():
    other = [key._replace(period="2026-27") for key in EIGHT_KEYS]
    assert unpublished([*EIGHT_KEYS, ALL._replace(period="2026-27")], LATTICE) == (ALL,)
    assert unpublished([*EIGHT_KEYS, *other], LATTICE) == ()  # nobody published an area
    assert unpublished([ALL, *EIGHT_KEYS], LATTICE) == ()
    months = [month._replace(place="Z9B2Z") for month in MONTHS]
    assert unpublished([*months, QUARTER], LATTICE) == (QUARTER._replace(place="Z9B2Z"),)
