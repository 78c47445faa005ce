"""The attack breaks what can be broken, reports nothing that is not real, and leaves well-protected tables alone."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import attacking_solving
from joinedup.disclosure.attacking import attack
from joinedup.disclosure.attacking_bounds import System
from joinedup.disclosure.attacking_cells import Cell, Rules, Sighting
from joinedup.disclosure.attacking_solving import ranges

EXACT = Rules("R", "exact", 1, 5)
FIVES = Rules("R", "fives", 5, 5)
ROUNDED_ONLY = Rules("R", "fives", 5, 0)
BRENT = ("borough", "E09000005")
NWL = ("north_west_london", "NWL")
BOROUGHS = [("borough", f"E090000{n}") for n in ("05", "09", "13", "15", "17", "18", "20", "33")]
GROUPS = (
    "White",
    "Mixed",
    "Asian or Asian British",
    "Black or Black British",
    "Other Ethnic Groups",
    "Not stated",
)


def seen(
    value, group="All", *, measure="M001", which="numerator", place=BRENT, period="2025-26", breakdown="kind",
    decimals=0, release="R", where="cells.csv", data="",
):  # fmt: skip
    breakdown = "total" if group == "All" else breakdown
    cell = Cell(measure, which, *place, period, breakdown, group, data)
    return Sighting(cell, value, decimals, release, where)


def tables(values, **where):
    return [seen(value, group, **where) for group, value in values.items()]


def told(found):
    return {
        (f.cell.period, f.cell.place, f.cell.group): (f.kind, f.smallest, f.largest, f.possible)
        for f in found
    }


def only(found):
    assert len(found.findings) == 1
    return found.findings[0]


def test_exact_totals_give_a_hidden_part_away():
    found = attack(tables({"A": 7, "B": 7, "C": None, "All": 18}), {"R": EXACT})
    assert (found.hidden, found.recovered, found.narrowed, found.held) == (1, 1, 0, False)
    assert (only(found).smallest, only(found).largest, only(found).possible) == (4, 4, (4,))


def test_rounding_alone_narrows_it():
    """5 is 5 to 7 twice, 20 is 18 to 22, so the third part is 4 to 12."""
    found = attack(tables({"A": 5, "B": 5, "C": None, "All": 20}), {"R": FIVES})
    assert (found.recovered, found.narrowed) == (0, 1)
    assert (only(found).smallest, only(found).largest, only(found).possible) == (4, 12, (4,))


def test_a_second_star_protects_the_first():
    found = attack(tables({"A": 5, "B": None, "C": None, "All": 20}), {"R": FIVES})
    assert (found.hidden, found.recovered, found.narrowed, found.held) == (2, 0, 0, True)


def test_rounding_is_as_the_profile_says():
    assert FIVES.could_be(5) == (5, 7)
    assert FIVES.could_be(10) == (8, 12)
    assert ROUNDED_ONLY.could_be(5) == (3, 7)
    assert FIVES.could_be(0) == (0, 2)
    assert EXACT.could_be(7) == (7, 7)
    assert Rules("R", "tens", 10, 0).could_be(20) == (15, 24)


def test_a_star_that_cannot_be_small_is_told_apart():
    """A hidden total of 20 and 20 tells of nobody: it is no finding."""
    found = attack(tables({"A": 20, "B": 20, "All": None}), {"R": FIVES})
    assert (found.large, found.held) == (1, True)


def test_a_hidden_count_alone_is_safe():
    found = attack([seen(None)], {"R": EXACT})
    assert (found.hidden, found.held) == (1, True)


def test_nothing_seen_nothing_found():
    assert attack([], {}).hidden == 0


def test_boroughs_make_north_west_london():
    rows = [seen(9, place=place) for place in BOROUGHS[1:]]
    found = attack([*rows, seen(None, place=BOROUGHS[0]), seen(65, place=NWL)], {"R": EXACT})
    assert only(found).largest == 2
    short = attack([*rows[1:], seen(None, place=BOROUGHS[0]), seen(57, place=NWL)], {"R": EXACT})
    assert only(short).largest == 3  # one borough is not published: only an upper limit is left
    assert only(short).kind == "narrowed"


def test_services_make_the_area_where_there_are_no_boroughs():
    sites = [("service", code) for code in ("RKL07", "RKL14", "RKL42", "RV383", "RV320", "RV3L8")]
    rows = [seen(9, place=place) for place in sites]
    assert attack([*rows, seen(60, place=NWL)], {"R": EXACT}).hidden == 0


def test_everyone_held_is_every_place_and_elsewhere():
    places = [*BOROUGHS[:2], ("borough", "not_known")]
    rows = [seen(8, place=places[0]), seen(None, place=places[1]), seen(8, place=places[2])]
    assert only(attack([*rows, seen(17, place=("total", "total"))], {"R": EXACT})).smallest == 1


def test_groups_make_everyone_and_codes_make_groups():
    groups = {"White": None, **dict.fromkeys(GROUPS[1:], 6)}
    found = attack([*tables(groups, breakdown="ethnic_group"), seen(33)], {"R": EXACT})
    assert only(found).smallest == 3
    codes = {"White British": 8, "White Irish": 8, "Any other White background": None}
    rows = [*tables(codes, breakdown="ethnic_category"), *tables({"White": 18}, breakdown="ethnic_group")]
    assert only(attack(rows, {"R": EXACT})).smallest == 2


def test_groups_without_the_not_stated_are_part_of_everyone():
    groups = {"White": None, **dict.fromkeys(GROUPS[1:-1], 6)}
    found = attack([*tables(groups, breakdown="ethnic_group"), seen(26)], {"R": EXACT})
    assert (only(found).smallest, only(found).largest) == (0, 2)


def test_tenths_of_deprivation_make_fifths():
    rows = [*tables({"3": 8, "4": None}, breakdown="deprivation_decile")]
    found = attack([*rows, *tables({"2": 9}, breakdown="deprivation_quintile")], {"R": EXACT})
    assert only(found).smallest == 1


def test_overlapping_groups_do_not_add_up():
    overlapping = {"Hearing": 30, "Sight": None}
    found = attack([*tables(overlapping, breakdown="disability_type"), seen(31)], {"R": EXACT})
    assert found.held


def test_all_but_one_group_gives_that_one():
    rows = [seen(40), seen(38, "All except Mixed", breakdown="ethnic_group")]
    rows.append(seen(None, "Mixed", breakdown="ethnic_group"))
    assert only(attack(rows, {"R": EXACT})).smallest == 2


def test_all_but_an_unpublished_group_is_an_upper_limit():
    rows = [seen(None), seen(38, "All except Mixed", breakdown="ethnic_group")]
    assert attack(rows, {"R": EXACT}).large == 1


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("2025-26", ["2025-26-Q1", "2025-26-Q2", "2025-26-Q3", "2025-26-Q4"]),
        ("2025-26-Q1", ["2025-04", "2025-05", "2025-06"]),
        ("2025-26", ["2025-26-Q1", "2025-26-Q2", "2025-26-Q3", "2026-01", "2026-02", "2026-03"]),
    ],
)
def test_short_periods_make_long_ones(whole, parts):
    rows = [seen(9, period=part) for part in parts[1:]]
    total = 9 * len(rows) + 3
    found = attack([*rows, seen(None, period=parts[0]), seen(total, period=whole)], {"R": EXACT})
    assert only(found).smallest == 3


def test_what_stands_open_at_the_end_of_a_year_is_that_of_its_last_month():
    rows = [seen(None, period="2026-03", measure="M020"), seen(None, period="2025-26", measure="M020")]
    from joinedup.definitions import Measure

    held = next(m.id for m in Measure.all() if m.at_period_end and m.statistic == "count")
    rows = [seen(None, period="2026-03", measure=held), seen(9, period="2025-26", measure=held)]
    assert attack(rows, {"R": EXACT}).large == 0  # 9 is the one value left, though not a small one
    assert attack(rows, {"R": EXACT}).recovered == 1


def test_a_sum_that_is_not_published_still_tells():
    """White by quarter, and its codes by year: the year of White is not shown, and yet both ways make it."""
    quarters = [seen(9, "White", period=f"2025-26-Q{q}", breakdown="ethnic_group") for q in (1, 2, 3, 4)]
    codes = {"White British": 17, "White Irish": 17, "Any other White background": None}
    assert only(attack([*quarters, *tables(codes, breakdown="ethnic_category")], {"R": EXACT})).smallest == 2


def test_measures_that_count_the_same_tell_on_each_other():
    """M193 is the numerator of M195, and its denominator M076 less M179."""
    rows = [seen(None, measure="M193"), seen(12, measure="M195")]
    assert attack(rows, {"R": EXACT}).recovered == 1
    rows = [
        seen(None, measure="M179"),
        seen(40, measure="M076"),
        seen(37, measure="M195", which="denominator"),
    ]
    assert only(attack(rows, {"R": EXACT})).smallest == 3


def test_a_numerator_is_within_its_denominator():
    rows = [seen(None, measure="M195"), seen(3, measure="M195", which="denominator")]
    assert only(attack(rows, {"R": EXACT})).largest == 3
    unknown = [seen(None, measure="own"), seen(3, measure="own", which="denominator")]
    assert only(attack(unknown, {"R": EXACT})).largest == 3


def test_the_sum_behind_a_mean_is_no_count_of_people():
    from joinedup.definitions import Measure

    mean = next(m.id for m in Measure.all() if m.statistic == "mean")
    rows = [seen(7, "A", measure=mean), seen(None, "B", measure=mean), seen(9, measure=mean)]
    assert attack(rows, {"R": EXACT}).held


def test_true_percentages_pin_a_numerator_and_released_ones_do_not():
    def counts(percentage, decimals):
        shown = [seen(20, measure="M195"), seen(60, measure="M195", which="denominator")]
        other = {"place": BOROUGHS[1], "measure": "M195"}
        return [
            *shown, seen(percentage, measure="M195", which="percentage", decimals=decimals),
            seen(None, **other), seen(30, which="denominator", **other),
            seen(9.7, which="percentage", decimals=1, **other),
        ]  # fmt: skip

    true = attack(counts(31.7, 1), {"R": FIVES})  # 19 of 60, shown beside 20 of 60
    assert (only(true).smallest, only(true).largest) == (3, 3)
    released = attack(counts(33.3, 1), {"R": FIVES})  # 20 of 60: made of what is shown
    assert released.recovered == 0
    assert released.held


def test_percentages_without_their_counts_say_nothing():
    rows = [seen(31.7, measure="M195", which="percentage", decimals=1), seen(None, measure="M195")]
    assert attack(rows, {"R": FIVES}).held
    nobody = [seen(0, measure="M195"), seen(0, measure="M195", which="denominator")]
    assert attack([*nobody, seen(0.0, measure="M195", which="percentage")], {"R": FIVES}).hidden == 0


def test_a_percentage_of_many_digits():
    rows = [
        seen(None, measure="M195"), seen(70, measure="M195", which="denominator"),
        seen(100 * 3 / 70, measure="M195", which="percentage", decimals=16),
    ]  # fmt: skip
    assert only(attack(rows, {"R": FIVES})).smallest == 3


def test_two_formats_that_differ_are_a_finding():
    rows = [seen(7, "A"), seen(8, "A", where="report.html")]
    found = attack(rows, {"R": EXACT})
    assert found.inconsistent[0].shown == ("7", "8")
    assert found.inconsistent[0].where == ("cells.csv", "report.html")
    assert not found.held
    leaked = attack([seen(None, "A"), seen(3, "A", where="report.html")], {"R": EXACT})
    assert (leaked.recovered, len(leaked.inconsistent)) == (1, 1)


def test_the_same_percentage_to_fewer_digits_is_no_contradiction():
    shares = [seen(33.3, which="percentage", decimals=1), seen(33, which="percentage", where="report.pdf")]
    assert attack(shares, {"R": EXACT}).inconsistent == ()
    shares = [seen(33.6, which="percentage", decimals=1), seen(33, which="percentage", where="report.pdf")]
    assert len(attack(shares, {"R": EXACT}).inconsistent) == 1


def test_figures_that_contradict_each_other_leave_their_cells_undecided():
    """Each relation alone can hold, together they cannot: nothing is said of what hangs on them."""
    rows = tables({"A": None, "B": 5, "All": 6}, breakdown="kind") + tables(
        {"C": 9, "D": None}, breakdown="sort"
    )
    found = attack([*rows, seen(None, "X", place=BOROUGHS[1], breakdown="other")], {"R": EXACT})
    assert found.given_up == ("sort in everyone",)
    assert [f.smallest for f in found.findings] == [1]
    loop = [
        seen(None, measure="M193"), seen(None, measure="M195"), seen(1, measure="M195", which="denominator"),
        seen(None, measure="M193", period="2025-26-Q1"), seen(3, measure="M195", period="2025-26-Q1"),
    ]  # fmt: skip
    found = attack(loop, {"R": EXACT})
    assert len(found.undecided) == 3
    assert not found.held


def test_releases_are_put_together():
    """One shows the total, the other the parts; then one rounds and the other does not."""
    first = [seen(18, release="one"), seen(None, "C", release="one")]
    second = tables({"A": 7, "B": 7}, release="two")
    rules = {name: Rules(name, "exact", 1, 5) for name in ("one", "two")}
    assert attack([*first, *second], rules).recovered == 1
    elsewhere = tables({"A": 7, "B": 7}, release="two", data="later")
    assert attack([*first, *elsewhere], rules).recovered == 0
    rules["two"] = Rules("two", "fives", 5, 5)
    mixed = [seen(None, "A", release="one"), seen(5, "A", release="two")]
    assert attack(mixed, rules).inconsistent == ()
    apart = [seen(12, "A", release="one"), seen(5, "A", release="two")]
    assert len(attack(apart, rules).inconsistent) == 1


def cross(inner, rows, columns):
    """A table with both margins, as a system: parts first, then row totals, then column totals."""
    height, width = len(rows), len(columns)
    row, column, weight = [], [], []
    for i, j in product(range(height), range(width)):
        row += [i, height + j]
        column += [i * width + j] * 2
        weight += [1.0, 1.0]
    ends = [*rows, *columns]
    low, high = ([float(end[side]) for end in ends] for side in (0, 1))
    bounds = np.array([(0, math.inf) if value is None else value for value in inner], float)
    return System(
        np.array(row), np.array(column), np.array(weight), np.array(low), np.array(high),
        bounds[:, 0], bounds[:, 1],
    )  # fmt: skip


def every_table(system, top):
    """Every table of whole numbers up to `top` that fulfils the system, by trying all."""
    spans = [np.arange(low, min(high, top) + 1) for low, high in zip(system.low, system.high, strict=True)]
    tried = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, len(spans))
    sums = np.zeros((len(tried), len(system.row_low)))
    for row, column, weight in zip(system.row, system.column, system.weight, strict=True):
        sums[:, row] += weight * tried[:, column]
    return tried[((sums >= system.row_low) & (sums <= system.row_high)).all(axis=1)]


margins = st.integers(0, 6).flatmap(lambda low: st.tuples(st.just(low), st.integers(low, low + 2)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 3).map(lambda n: (n, n + 1))), min_size=4, max_size=6),
    st.lists(margins, min_size=2, max_size=2),
    st.lists(margins, min_size=3, max_size=3),
)
def test_the_solver_agrees_with_trying_every_table(inner, rows, columns):
    columns = columns[: len(inner) // 2]
    inner = inner[: 2 * len(columns)]
    system = cross(inner, rows, columns)
    tried = every_table(system, 8)
    narrowed = system.narrowed()
    if (narrowed.low > narrowed.high).any():
        assert not len(tried)
        return
    found = ranges(narrowed, np.arange(len(inner)))
    assert (found is None or any(not one.possible and one.smallest < 5 for one in found)) >= (not len(tried))
    for at, one in enumerate(found if len(tried) else []):
        values = set(tried[:, at])
        assert set(one.possible) == values & set(range(5))
        assert one.proved
        if len(one.possible) < 5:
            assert (one.smallest, one.largest) == (min(values), max(values))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6), st.sampled_from([EXACT, FIVES, ROUNDED_ONLY]))
def test_no_true_table_is_ever_excluded(values, rule):
    """Groups by quarter and year, everything below 5 hidden: the truth lies in every range that is told."""
    truth = {}
    for quarter in (1, 2):
        for at, group in enumerate("ABC"):
            truth[f"2025-26-Q{quarter}", group] = values[3 * (quarter - 1) + at]
        truth[f"2025-26-Q{quarter}", "All"] = sum(values[3 * (quarter - 1) : 3 * quarter])
    base = rule.base
    rows = [
        seen(None if n < 5 else base * ((2 * n + base) // (2 * base)), group, period=period)
        for (period, group), n in truth.items()
    ]
    found = attack(rows, {"R": rule})
    assert not found.undecided
    for one in found.findings:
        true = truth[one.cell.period, one.cell.group]
        assert one.smallest <= true
        assert one.largest is None or true <= one.largest
        assert true in one.possible or true >= 5


def test_a_large_part_is_judged_by_linear_programmes_alone():
    system = cross([None] * 6, [(6, 8), (6, 8)], [(3, 6)] * 3).narrowed()
    exact = ranges(system, np.arange(6))
    quick = ranges(system, np.arange(6), exact_up_to=0)
    assert [one.possible for one in exact] == [one.possible for one in quick]
    tight = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)]).narrowed()
    found = ranges(tight, np.arange(4), exact_up_to=0)
    assert {(one.smallest, one.largest, one.possible) for one in found} == {(0, 3, (0, 1, 2, 3))}


def test_what_time_does_not_suffice_for_is_undecided():
    system = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)]).narrowed()
    found = ranges(system, np.arange(4), until=0.0)
    assert not any(one.decided for one in found)


def test_halves_are_no_people():
    """x + y = 1, y + z = 1, x + z = 1 has the one solution of halves: no table of whole numbers."""
    row, column = np.repeat(np.arange(3), 2), np.array([0, 1, 1, 2, 0, 2])
    one = np.ones(3)
    system = System(row, column, np.ones(6), one, one, np.zeros(3), one)
    assert all(found.possible == () for found in ranges(system, np.arange(3)))


def test_rows_that_no_table_fulfils():
    row, column = np.repeat(np.arange(4), 2), np.array([0, 1, 2, 3, 0, 2, 1, 3])
    sums = np.array([5.0, 3.0, 4.0, 5.0])
    system = System(row, column, np.ones(8), sums, sums, np.zeros(4), np.full(4, 9.0))
    assert ranges(system, np.arange(4)) is None


def test_months_beside_quarters_are_counted_once():
    parts = ["2025-26-Q1", "2025-26-Q2", "2025-26-Q3", "2026-01", "2026-02", "2026-03"]
    rows = [seen(9, period=part) for part in parts[1:]]
    rows += [seen(6, period="2025-12"), seen(None, period=parts[0]), seen(48, period="2025-26")]
    assert only(attack(rows, {"R": EXACT})).smallest == 3


def test_a_group_none_of_whose_codes_is_published():
    rows = [*tables({"White": 18, "Mixed": 9}, breakdown="ethnic_group")]
    rows += tables({"White British": None}, breakdown="ethnic_category")
    assert attack(rows, {"R": EXACT}).held


def test_those_who_recovered_reliably_have_recovered():
    from joinedup.definitions import Measure

    part, whole = (Measure.load(name).id for name in ("reliable_recovery_count", "recovery_count"))
    rows = [seen(None, measure=part), seen(3, measure=whole)]
    assert only(attack(rows, {"R": EXACT})).largest == 3


def test_breakdowns_that_cut_across_each_other_say_nothing_of_each_other(monkeypatch):
    from joinedup.definitions import Breakdown
    from joinedup.disclosure import attacking_relations as relations

    ages = Breakdown.load("age_band")
    across = ages.model_copy(update={"groups": (*_halves(ages), *ages.groups)})
    known = {"ages": ages, "across": across}
    monkeypatch.setattr(relations, "_breakdown", known.get)
    assert relations._finer.__wrapped__("ages", "across") == {}


def _halves(ages):
    return (ages.groups[0].model_copy(update={"name": "Under 40", "low": 0, "high": 40}),)


def test_whole_numbers_exclude_what_fractions_allow():
    """x = y + z and y = z: x is even."""
    row, column = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 1, 2])
    weight = np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    system = System(row, column, weight, np.zeros(2), np.zeros(2), np.zeros(3), np.array([8.0, 4.0, 4.0]))
    assert ranges(system, np.array([0]))[0].possible == (0, 2, 4)
    assert ranges(system, np.array([0]), exact_up_to=2)[0].possible == (0, 1, 2, 3, 4)


def test_a_table_is_within_bounds_and_rows():
    system = cross([None] * 4, [(3, 3), (3, 3)], [(3, 3), (3, 3)])
    assert system.holds(np.array([1.0, 2.0, 2.0, 1.0]))
    assert not system.holds(np.array([-1.0, 4.0, 4.0, -1.0]))
    assert not system.holds(np.array([1.0, 2.0, 2.0, 2.0]))


def test_narrowing_ends_though_bounds_creep():
    """x > y and y > x: each lifts the other for ever."""
    row, column, weight = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), np.array([1.0, -1.0, 1.0, -1.0])
    far = np.full(2, math.inf)
    system = System(row, column, weight, np.ones(2), far, np.zeros(2), far)
    assert (system.narrowed().low >= 100).all()
    assert ranges(system.narrowed(), np.arange(2)) is None


def test_a_count_without_an_upper_limit():
    """x is at least y + 2, told twice."""
    row, column, weight = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, -1.0, 1.0, -1.0])
    far = np.full(2, math.inf)
    system = System(row, column, weight, np.full(2, 2.0), far, np.zeros(2), far)
    found = ranges(system, np.array([0]))[0]
    assert (found.smallest, found.largest, found.possible) == (2, math.inf, (2, 3, 4))


def test_a_table_that_pushing_did_not_find_is_asked_for(monkeypatch):
    system = cross([None] * 4, [(5, 5), (5, 5)], [(5, 5), (5, 5)]).narrowed()
    monkeypatch.setattr(attacking_solving, "MOST_PUSHES", 1)
    search = attacking_solving._Search(system, np.arange(4), math.inf)
    assert search.can_be(0, 3, True)
    assert search.can_be(0, 1, False) is None
    assert search.push(False)
    assert all(found.possible == (0, 1, 2, 3, 4) for found in ranges(system, np.arange(4)))


def test_a_question_that_takes_too_long_is_open(monkeypatch):
    system = cross([None] * 4, [(5, 5), (5, 5)], [(5, 5), (5, 5)]).narrowed()
    search = attacking_solving._Search(system, np.arange(4), math.inf)
    monkeypatch.setattr(search.model, "fixed", lambda column, value: (None, False))
    assert search.can_be(0, 3, True) is None
