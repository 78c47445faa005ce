"""The attack breaks what can be broken, reports nothing that is not real, and leaves well-protected tables alone."""

from __future__ import annotations

from joinedup.disclosure.attacking import attack
from joinedup.disclosure.attacking_cells import Rules
from tests.unit.disclosure.attack_sightings import BOROUGHS, EXACT, FIVES, ROUNDED_ONLY, only, seen, tables


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
