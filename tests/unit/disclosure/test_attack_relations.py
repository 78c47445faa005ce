"""What the attack knows to hang together: places, groups, periods, measures, percentages and their counts."""

from __future__ import annotations

import pytest

from joinedup.definitions.crossing import margins
from joinedup.disclosure.attacking import attack
from tests.unit.disclosure.attack_sightings import BOROUGHS, EXACT, FIVES, NWL, only, seen, tables

GROUPS = (
    "White",
    "Mixed",
    "Asian or Asian British",
    "Black or Black British",
    "Other Ethnic Groups",
    "Not stated",
)


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


def test_crossed_groups_lie_in_either_of_their_halves():
    crossed = margins("ethnic_group_x_age_band")["ethnic_group", "White"]
    rows = tables({crossed[0]: 8, crossed[1]: None}, breakdown="ethnic_group_x_age_band")
    found = attack([*rows, *tables({"White": 9}, breakdown="ethnic_group")], {"R": EXACT})
    assert (only(found).smallest, only(found).largest) == (0, 1)


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
