"""What leaves: hidden, rounded, computed again, coded."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from joinedup.disclosure import PROFILES, Display, Profile, code_of, entries_of, release
from joinedup.errors import UnknownName
from joinedup.measures.result import Reckoning
from tests.unit.disclosure.table_of_counts import TableOfCounts
from tests.unit.disclosure.test_together import of_services

NAIVE = Profile("naive", Display("naive"), hide_below=5)
"""Hides small counts and nothing else: what release would be without rounding and further hiding."""


def values(released):
    return dict(released.value.values)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (997, 995), (998, 1000)],
)
def test_counts_below_five_are_hidden_and_others_go_to_the_nearest_five(count, shown):
    assert values(release(TableOfCounts((("a", count),)))) == {"a": shown}


def test_a_lone_part_beside_a_small_one_is_hidden_too():
    table = TableOfCounts(
        (("total", 100), ("small", 3), ("rest", 97)), sums=(("total", ("small", "rest"), False),)
    )
    assert values(release(table)) == {"total": 100, "small": None, "rest": None}


def test_a_total_is_hidden_where_all_its_parts_are_small():
    table = TableOfCounts((("total", 8), ("a", 4), ("b", 4)), sums=(("total", ("a", "b"), False),))
    assert values(release(table)) == {"total": None, "a": None, "b": None}


def test_rounding_of_several_parts_is_protection_enough():
    parts = (("a", 3), ("b", 52), ("c", 100))
    table = TableOfCounts((("total", 155), *parts), sums=(("total", ("a", "b", "c"), False),))
    assert values(release(table)) == {"total": 155, "a": None, "b": 50, "c": 100}


def test_parts_that_are_never_shown_protect_the_others():
    table = TableOfCounts(
        (("total", 100), ("small", 3), ("rest", 96)), sums=(("total", ("small", "rest"), True),)
    )
    assert values(release(table)) == {"total": 100, "small": None, "rest": 95}


def test_hiding_reaches_through_areas_within_areas():
    counts = (("all", 61), ("north", 41), ("south", 20), ("n1", 4), ("n2", 37), ("s1", 9), ("s2", 11))
    sums = (
        ("all", ("north", "south"), False),
        ("north", ("n1", "n2"), False),
        ("south", ("s1", "s2"), False),
    )
    assert values(release(TableOfCounts(counts, sums))) == {
        "all": 60,
        "north": 40,
        "south": 20,
        "n1": None,
        "n2": None,
        "s1": 10,
        "s2": 10,
    }


def test_percentages_are_computed_from_what_is_shown():
    table = TableOfCounts((("all", 1_003), ("a", 333), ("b", 3)))
    assert release(table).value.shares == (100.0, 33.3, None)


@pytest.mark.parametrize(("whole", "share"), [(17, None), (22, 50.0), (940, 1.0), (1_002, 1.0)])
def test_percentages_are_absent_below_20_and_whole_below_1000(whole, share):
    assert release(TableOfCounts((("all", whole), ("a", 10)))).value.shares[1] == share


def test_indices_keep_three_figures_and_differences_one_decimal():
    display = PROFILES["nhs-england"].display
    assert [display.index(value) for value in (1.23456, 0.0123456, 1234.5, 0.0)] == [
        1.23,
        0.0123,
        1230.0,
        0.0,
    ]
    assert display.points(1.26, 100) == 1.3
    assert display.points(1.26, 10) is None
    assert display.percentage(float("nan"), 2_000) is None
    assert display.rounding == 2.0


def test_what_is_published_passes_through():
    table = TableOfCounts((("all", 7), ("a", 3)))
    assert values(release(table, "as-published")) == {"all": 7, "a": 3}
    assert release(table, "as-published").value.shares[1] == 300 / 7
    assert values(release(table, "model")) == {"all": 7, "a": 3}
    assert release(table, "model").value.shares[1] == 42.9


def test_hidden_and_all_cells_are_counted():
    released = release(
        TableOfCounts((("total", 100), ("small", 3), ("rest", 97)), (("total", ("small", "rest"), False),))
    )
    assert (released.hidden, released.cells, released.profile) == (2, 3, "nhs-england")
    again = release(released.value)
    assert (again.hidden, again.value) == (2, released.value)


def test_a_naive_release_gives_small_counts_away_by_subtraction():
    table = TableOfCounts(
        (("total", 100), ("small", 3), ("rest", 97)), (("total", ("small", "rest"), False),)
    )
    naive, ours = values(release(table, NAIVE)), values(release(table))
    assert naive["total"] - naive["rest"] == 3
    assert ours["rest"] is None


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(UnknownName, match="nhs-england, opensafely, naive, as-published, model"):
        release(TableOfCounts((("a", 1),)), "none")


def test_each_row_has_a_code_that_opens_to_released_figures_only():
    released = release(TableOfCounts((("all", 103), ("a", 3))))
    by_name = {entry["cell"]["name"]: (code, entry) for code, entry in released.registry.items()}
    assert by_name["a"][1]["counts"] == {"count": None}
    assert by_name["all"][1]["counts"] == {"count": 105}
    code, entry = by_name["all"]
    assert re.fullmatch("[A-Z2-7]{10}", code)
    assert (entry["measure_id"], entry["version"], entry["snapshot"], entry["profile"]) == (
        "T1",
        "2",
        3,
        "nhs-england",
    )


def test_rows_in_and_out_leave_as_counts_do():
    """They are counts of people's records, and lie in the registry beside every document."""
    reckoned = [Reckoning("journeys", "ServDischDate", "without this date", n) for n in (1203, 3)]
    table = replace(of_services(60, 8, 6), excluded=(reckoned[0], replace(reckoned[1], reason="after")))
    for profile, told in (("nhs-england", [1205, "fewer than 5"]), ("as-published", [1203, 3])):
        for entry in entries_of(release(table, profile)).values():
            assert list(entry["in and out"].values()) == told
            assert next(iter(entry["in and out"])) == "journeys by ServDischDate: without this date"


def test_a_code_depends_on_what_a_number_is_and_on_nothing_else():
    cell = {"place": "RV3CH", "group": "White"}
    code = code_of("M195", "1", 4, cell, "nhs-england")
    assert code == code_of("M195", "1", 4, dict(reversed(cell.items())), "nhs-england")
    others = [
        code_of("M186", "1", 4, cell, "nhs-england"),
        code_of("M195", "2", 4, cell, "nhs-england"),
        code_of("M195", "1", 5, cell, "nhs-england"),
        code_of("M195", "1", 4, {**cell, "group": "Mixed"}, "nhs-england"),
        code_of("M195", "1", 4, cell, "as-published"),
    ]
    assert len({code, *others}) == 6
