from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.places import LEVELS, Places
from joinedup.errors import UnknownName

PLACES = Places.load()
ON = date(2025, 4, 1)
DAYS = st.dates(date(2002, 4, 1), date(2030, 12, 31))
LEVEL = st.sampled_from([level for level in LEVELS if level not in ("council", "borough")])


def test_eight_boroughs_are_served_by_eight_services_of_two_trusts() -> None:
    found = {borough.name: PLACES.service_for_borough(borough.code, ON) for borough in PLACES.boroughs(ON)}
    assert found == {
        "Brent": "RV3CH", "Ealing": "RKL07", "Hammersmith and Fulham": "RKL14", "Harrow": "RV383",
        "Hillingdon": "RV3AR", "Hounslow": "RKL42", "Kensington and Chelsea": "RV3L8", "Westminster": "RV3DG",
    }  # fmt: skip
    trusts = PLACES.roll_up("trust", ON)
    assert all(trusts[site] == site[:3] for site in found.values() if site)


@settings(deadline=None)
@given(LEVEL, DAYS, DAYS, st.data())
def test_totals_are_the_same_on_every_days_map(
    level: str, one: date, other: date, data: st.DataObject
) -> None:
    """People counted by unit and rolled up: nobody is lost or counted twice, whichever day's map is drawn."""
    home = [borough.code for borough in PLACES.boroughs(ON)]
    people = data.draw(st.fixed_dictionaries({code: st.integers(0, 10_000) for code in home}))
    for day in (one, other):
        mapped = PLACES.roll_up(level, day)
        inside = [code for code in home if code in mapped]
        # a level is there for all boroughs or, on days when it did not exist, for none
        assert inside in (home, []) or level in ("service", "trust", "collaborative")
        totals: Counter[str] = Counter()
        for code in inside:
            totals[mapped[code]] += people[code]
        assert sum(totals.values()) == sum(people[code] for code in inside)


@settings(deadline=None)
@given(st.dates(date(2017, 4, 1), date(2030, 12, 31)))
def test_since_the_publications_begin_every_unit_has_a_service_a_trust_and_the_area(day: date) -> None:
    units = {place.code for place in (*PLACES.services(day), *PLACES.boroughs(day))}
    assert len(units) == 16
    for level in ("service", "trust", "nwl", "england"):
        assert units <= set(PLACES.roll_up(level, day))


@settings(deadline=None)
@given(DAYS)
def test_a_borough_has_one_commissioner_on_every_day(day: date) -> None:
    for borough in PLACES.boroughs(ON):
        found = [PLACES.roll_up(level, day).get(borough.code) for level in ("pct", "ccg", "icb")]
        assert len([code for code in found if code]) == 1, (borough.name, day)


def test_names_and_levels() -> None:
    partnerships = PLACES.level("partnership", ON)
    assert len({place.code for place in partnerships.values()}) == 7
    assert partnerships["E09000020"] == partnerships["E09000033"] == partnerships["RV3L8"]
    assert PLACES.name("RV3", ON, short=True) == "CNWL"
    assert set(PLACES.roll_up("collaborative", ON).values()) == {"NWL-MH"}
    assert "RV3L8" not in PLACES.roll_up("borough", ON)
    assert PLACES.roll_up("nwl", ON) == PLACES.roll_up("north_west_london", ON)
    with pytest.raises(UnknownName, match="did not exist"):
        PLACES.name("RY9", date(2025, 1, 1))
    with pytest.raises(UnknownName, match="no level"):
        PLACES.roll_up("ward", ON)
    with pytest.raises(UnknownName, match="RV3CH"):
        PLACES.place("RV3CX")


def test_a_site_of_the_same_trust_elsewhere_is_not_ours() -> None:
    with pytest.raises(UnknownName):
        PLACES.place("RV3HC")


def test_eight_boroughs_became_thirteen() -> None:
    before, after = date(2026, 3, 31), date(2026, 4, 1)
    assert len(PLACES.boroughs(before, within="QRV")) == 8
    assert len(PLACES.boroughs(after, within="Z9B2Z")) == 13
    assert len(PLACES.boroughs(after)) == 8
    assert set(PLACES.roll_up("icb", after).values()) == {"Z9B2Z"}
    assert set(PLACES.roll_up("icb", before).values()) == {"QRV", "QMJ"}
    assert PLACES.place("Z9B2Z").certainty == "assumed"


def test_succession() -> None:
    assert PLACES.successor_of("07P", date(2020, 1, 1)) == "07P"
    assert PLACES.successor_of("07P", date(2021, 4, 1)) == "W2U3Z"
    assert PLACES.successor_of("07P", date(2024, 1, 1)) == "QRV"
    assert PLACES.successor_of("5LC", date(2027, 1, 1)) == "Z9B2Z"
    assert PLACES.earlier_codes("QRV") == ("QRV", "E54000027")
    tree = PLACES.history("W2U3Z")
    assert {step.predecessor for step, _ in tree.came_from} == {
        "07P",
        "07W",
        "07Y",
        "08C",
        "08E",
        "08G",
        "08Y",
        "09A",
    }
    assert [step.successor for step, _ in tree.became] == ["QRV"]
    lines = tree.lines()
    assert lines[0].startswith("5K5 Brent")
    assert lines[-1].startswith("Z9B2Z NHS West and North London")
    assert sum("5LC" in line for line in lines) == 2, "Westminster's PCT went to two CCGs"
    assert PLACES.history("RQK").name.startswith("a former organisation")
    with pytest.raises(UnknownName):
        PLACES.history("ZZZ")


def test_a_transfer_is_kept_apart_from_a_merger() -> None:
    transfer = PLACES.transfers[0]
    assert (transfer.from_organisation, transfer.to_organisation, transfer.day) == (
        "RY9",
        "RKL",
        date(2024, 7, 1),
    )


def test_ccgs_do_not_follow_boroughs() -> None:
    found = [(ccg, member.code, member.area) for ccg, member in PLACES.straddling("ccg", date(2019, 4, 1))]
    assert found == [("08Y", "E09000033", "Queen's Park and Paddington")]


def test_residents() -> None:
    brent = PLACES.residents("borough", "E09000005", "ethnic_group")
    assert (brent.total, brent.of("White"), brent.of("Other Ethnic Groups")) == (339_821, 117_701, 37_254)
    assert PLACES.residents("nwl", "NWL", "age_band").total == 2_111_469
    assert PLACES.residents("service", "RV3CH").total == brent.total
    assert PLACES.residents("icb", "Z9B2Z").total > PLACES.residents("icb", "QRV").total
    westminster = PLACES.residents("borough", "E09000033", "age_band")
    assert westminster.total == 269_848
    assert "too low" in westminster.note
    with pytest.raises(UnknownName, match="Not stated"):
        brent.of("Not stated")


@pytest.mark.parametrize(
    ("level", "code"),
    [("service", "RV3L8"), ("service", "RV3DG"), ("ccg", "08Y"), ("ccg", "09A"), ("trust", "RYX")],
)
def test_a_place_of_parts_has_no_residents_of_its_own(level: str, code: str) -> None:
    with pytest.raises(UnknownName, match="whole boroughs"):
        PLACES.residents(level, code)


@pytest.mark.parametrize("level", ["partnership", "trust", "collaborative", "icb", "nwl", "england"])
def test_residents_add_up(level: str) -> None:
    mapped = {unit: code for unit, code in PLACES.roll_up(level, ON).items() if unit.startswith("E09")}
    for code in set(mapped.values()):
        units = [unit for unit, place in mapped.items() if place == code]
        whole = PLACES.residents(level, code, "ethnic_category", ON)
        parts = [PLACES.residents("borough", unit, "ethnic_category", ON) for unit in units]
        assert whole.total == sum(part.total for part in parts)
        for group, count in whole.groups:
            assert count == sum(part.of(group) for part in parts)


def test_counts_use_the_groups_of_their_breakdown_and_agree_with_each_other() -> None:
    for table in PLACES.resident_tables:
        assert list(table.groups) == [
            name for name in Breakdown.load(table.breakdown).stated_names if name in table.groups
        ]
        assert len(table.rows) == 13
    groups, categories = Breakdown.load("ethnic_group"), Breakdown.load("ethnic_category")
    for borough in PLACES.boroughs(ON, within="Z9B2Z"):
        fine = PLACES.residents("borough", borough.code, "ethnic_category")
        coarse: Counter[str] = Counter()
        for group in categories.groups[:-1]:
            coarse[groups.group_of(group.codes[0])] += fine.of(group.name)
        assert tuple(coarse.items()) == PLACES.residents("borough", borough.code, "ethnic_group").groups


def test_every_place_says_where_it_comes_from() -> None:
    for place in PLACES.places:
        assert place.source
        assert place.valid_from
        assert place.certainty == "confirmed" or place.note, place.code
