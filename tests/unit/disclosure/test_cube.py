"""Every cell of a lattice is counted once, at its place, period and group; nobody counts 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import cube_of
from joinedup.disclosure.sums import Key
from joinedup.errors import YourCommand
from tests.unit.measures.small_journeys import drawn

LATTICE = Lattice.load().model_copy(update={"run_in": 0})
BRENT, EALING, ELSEWHERE = "E09000005", "E09000009", "E06000001"


def journeys(**columns):
    """Courses finished in June 2025, by borough and ethnic group."""
    return drawn(
        borough=[BRENT, BRENT, BRENT, EALING, ELSEWHERE, None],
        EthnicCategory=["A", "A", "J", "A", "A", "A"],
        ServDischDate=[date(2025, 6, 3)] * 6,
        CompletedTreatment_Flag=True,
        NotCaseness_Flag=False,
        Recovery_Flag=[True, False, True, True, True, True],
        **columns,
    )


def test_every_cell_has_its_count_and_the_area_is_its_boroughs():
    cube = cube_of(journeys(), LATTICE)
    at = dict(zip(cube.keys, cube.counts.tolist(), strict=True))
    finished = {
        (key.place, key.group): count
        for key, count in at.items()
        if (key.measure, key.period, count > 0) == ("finished_course", "2025-26-Q1", True)
    }
    assert finished == {
        (BRENT, "All"): 3,
        (BRENT, "White"): 2,
        (BRENT, "Asian or Asian British"): 1,
        (EALING, "All"): 1,
        (EALING, "White"): 1,
        ("NWL", "All"): 4,
        ("NWL", "White"): 3,
        ("NWL", "Asian or Asian British"): 1,
    }
    assert {key.period for key in cube.keys} == {
        *(f"2025-0{month}" for month in range(1, 7)), "2024-25-Q4", "2025-26-Q1",
    }  # fmt: skip
    assert (cube.snapshot, cube.lattice) == (3, LATTICE)


def test_numerators_and_denominators_are_counted_apart():
    cube = cube_of(journeys(), LATTICE)
    at = dict(zip(cube.keys, cube.counts.tolist(), strict=True))
    june = {
        (key.measure, key.count): count
        for key, count in at.items()
        if (key.place, key.period, key.group) == ("NWL", "2025-06", "All") and count
    }
    assert june[("reliable_recovery", "denominator")] == 4
    assert june[("recovery", "numerator")] == 3
    assert ("reliable_recovery", "numerator") not in june


def test_crossed_groups_are_counted_and_are_within_the_groups_of_either_half():
    """Of twelve people one has no ethnic group stated: in no crossed group, but in the gender's own count."""
    crossed = "ethnic_group_x_gender"
    quarter = LATTICE.tables[1].model_copy(
        update={"breakdowns": ("total", "ethnic_group", "gender"), "area_only": (crossed,)}
    )
    asked = LATTICE.model_copy(update={"tables": (quarter,)})
    people = drawn(
        borough=[BRENT] * 12,
        EthnicCategory=["A"] * 6 + ["J"] * 5 + ["Z"],
        Gender=["2"] * 4 + ["1"] * 4 + ["2"] * 4,
        ServDischDate=[date(2025, 5, 3)] * 11 + [date(2025, 4, 1)],
        CompletedTreatment_Flag=True,
        NotCaseness_Flag=False,
        Recovery_Flag=False,
    )
    cube = cube_of(people, asked)
    at = dict(zip(cube.keys, cube.counts.tolist(), strict=True))
    told = {
        key.group: count
        for key, count in at.items()
        if (key.measure, key.breakdown, key.period) == ("finished_course", crossed, "2025-26-Q1") and count
    }
    assert told == {
        "White, Female": 4, "White, Male": 2, "Asian or Asian British, Male": 2, "Asian or Asian British, Female": 3,
    }  # fmt: skip
    women = Key("finished_course", "numerator", "area", "NWL", "2025-26-Q1", "gender", "Female")
    parts = [
        [cube.keys[part].group for part in parts]
        for total, parts, rest in cube.sums
        if cube.keys[total] == women and rest and cube.keys[parts[0]].breakdown == crossed
    ]
    assert len(parts) == 1 and parts[0][0] == "White, Female" and at[women] == 8


def test_sums_are_those_of_its_keys():
    cube = cube_of(journeys(), LATTICE)
    keys = cube.keys
    assert all(
        cube.counts[total] >= sum(cube.counts[part] for part in parts) for total, parts, _ in cube.sums
    )
    quarters = {parts for total, parts, _ in cube.sums if keys[total].period == "2025-26-Q1"}
    assert any(
        {keys[part].period for part in parts} == {"2025-04", "2025-05", "2025-06"} for parts in quarters
    )


def test_a_lake_without_a_whole_period_is_refused():
    with pytest.raises(YourCommand, match="No whole period is held"):
        cube_of(replace(journeys(), first_day=date(2025, 6, 2)), LATTICE)
