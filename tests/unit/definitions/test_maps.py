"""The map on a day: each borough once, the days on which it changed, and totals on random registers."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions import Places
from joinedup.definitions.maps import COMMISSIONERS, TileGrid, changes_of_map, joins, map_on
from joinedup.definitions.places_models import Home, Member, Place, Succession

REGISTER = Places.load()
START, LAST = date(2000, 1, 1), date(2030, 12, 31)
DAYS = st.dates(START, LAST)


def test_pct_ccg_icb_and_eight_or_thirteen_boroughs() -> None:
    found = {
        day: (drawn.level, len(drawn.commissioners), max(len(one.boroughs) for one in drawn.commissioners))
        for day in (date(2012, 6, 1), date(2016, 6, 1), date(2021, 6, 1), date(2025, 6, 1), date(2026, 6, 1))
        if (drawn := map_on(REGISTER, day))
    }
    assert list(found.values()) == [
        ("pct", 8, 1),
        ("ccg", 8, 1),
        ("ccg", 1, 8),
        ("icb", 2, 8),
        ("icb", 1, 13),
    ]
    assert map_on(REGISTER, date(1999, 1, 1)).commissioners == ()
    west = next(one for one in map_on(REGISTER, date(2016, 6, 1)).commissioners if one.place.code == "08Y")
    assert west.boroughs == ("E09000020",) and west.parts == ("Queen's Park and Paddington",)


def test_the_days_on_which_it_changed_are_in_words() -> None:
    found = {change.day: change.words for change in changes_of_map(REGISTER)}
    assert list(found) == sorted(found) and len(found) == 8
    assert found[date(2000, 4, 1)] == "Hillingdon PCT begins"
    assert found[date(2002, 4, 1)] == "Seven primary care trusts begin"
    assert "merges into Kingston and Richmond" in found[date(2024, 11, 1)]
    assert found[date(2013, 4, 1)] == "Eight primary care trusts become eight clinical commissioning groups"
    assert found[date(2021, 4, 1)] == "Eight clinical commissioning groups become NHS North West London CCG"
    assert "Community services in Hounslow move" in found[date(2024, 7, 1)]
    assert "Two integrated care boards become NHS West and North London" in found[date(2026, 4, 1)]
    assert [change.assumed for change in changes_of_map(REGISTER)][-1]


def test_joins_are_those_that_touch_a_place_in_a_span() -> None:
    brent = joins(REGISTER, ("E09000005",), date(2020, 1, 1), date(2026, 12, 31), "mental_health")
    assert [change.day for change in brent] == [date(2021, 4, 1), date(2022, 7, 1), date(2026, 4, 1)]
    hounslow = joins(REGISTER, ("E09000018",), date(2024, 1, 1), date(2024, 12, 31), "community")
    assert [change.day for change in hounslow] == [date(2024, 7, 1)]
    assert joins(REGISTER, ("E09000018",), date(2024, 1, 1), date(2024, 12, 31), "mental_health") == ()


def test_every_borough_has_a_tile_of_its_own() -> None:
    tiles = TileGrid.load().tiles
    assert set(tiles) == {place.code for place in REGISTER.places if place.level == "borough"}
    assert len(set(tiles.values())) == len(tiles)


@st.composite
def registers(draw: Any) -> Places:
    """Boroughs of one area, and a run of eras: in each a level of commissioner divides them anew, some shared."""
    boroughs = [f"B{at}" for at in range(draw(st.integers(1, 13)))]
    ends = sorted(draw(st.lists(DAYS, min_size=1, max_size=5, unique=True)))
    places = [Place(code=code, name=code, level="borough", source="s") for code in boroughs]
    steps, before = [], {}
    for era, (start, end) in enumerate(zip(ends, [*ends[1:], None], strict=True)):
        level = COMMISSIONERS[min(era, 2)]
        owner = {code: f"E{era}P{draw(st.integers(0, len(boroughs) - 1))}" for code in boroughs}
        parts = {
            code: draw(st.sampled_from(sorted(set(owner.values()))))
            for code in boroughs
            if draw(st.booleans())
        }
        for code in sorted(set(owner.values())):
            members = [
                Member(code=unit, share="most" if parts.get(unit, code) != code else "whole")
                for unit in boroughs
                if owner[unit] == code
            ]
            members += [
                Member(code=unit, share="part")
                for unit, at in parts.items()
                if at == code and owner[unit] != code
            ]
            until = end - timedelta(days=1) if end else None
            places.append(
                Place(
                    code=code,
                    name=code,
                    level=level,
                    valid_from=start,
                    valid_to=until,
                    source="s",
                    members=tuple(members),
                )
            )
        steps += [
            Succession(predecessor=old, successor=new, day=start, kind="merger", source="s")
            for old, new in sorted({(before[unit], owner[unit]) for unit in boroughs if before})
        ]
        before = owner
    area = Place(
        code="AREA",
        name="Area",
        level="north_west_london",
        source="s",
        members=tuple(Member(code=b) for b in boroughs),
    )
    home = Home(area="AREA", sector="x", source="s")
    return Places((*places, area), tuple(steps), (), (), home)


@settings(deadline=None, max_examples=200)
@given(registers(), DAYS, DAYS, st.data())
def test_totals_are_the_same_on_every_map_of_any_register(
    register: Places, one: date, other: date, data: st.DataObject
) -> None:
    boroughs = [place.code for place in register.places if place.level == "borough"]
    people = data.draw(st.fixed_dictionaries({code: st.integers(0, 10_000) for code in boroughs}))
    for day in (one, other, *(change.day for change in changes_of_map(register))):
        drawn = map_on(register, day)
        counted = Counter(unit for place in drawn.commissioners for unit in place.boroughs)
        assert set(counted.values()) <= {1}, "nobody is counted twice"
        assert sorted((*counted, *drawn.without)) == sorted(boroughs), "nobody is lost"
        assert all(place.place.holds(day) for place in drawn.commissioners)
        totals = {
            place.place.code: sum(people[unit] for unit in place.boroughs) for place in drawn.commissioners
        }
        assert sum(totals.values()) + sum(people[unit] for unit in drawn.without) == sum(people.values())
        assert all(drawn.of(unit) is not None for unit in counted)


@settings(deadline=None, max_examples=100)
@given(registers())
def test_every_map_holds_from_its_change_to_the_day_before_the_next(register: Places) -> None:
    days = [change.day for change in changes_of_map(register)]
    for start, end in pairwise(days):
        first, last = map_on(register, start), map_on(register, end - timedelta(days=1))
        assert [(one.place.code, one.boroughs) for one in first.commissioners] == [
            (one.place.code, one.boroughs) for one in last.commissioners
        ]
