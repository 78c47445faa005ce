"""One measure at places beside each other: one's own first, hidden ones named, verdicts in words, labels apart."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.charts.drawings_places import LINE, VERDICTS, _apart
from joinedup.charts.picture import Picture
from joinedup.charts.places import TILES, _drawn_at, among_places, by_place, by_place_and_group, tile_map
from joinedup.charts.points import ADDRESS, Points, opened
from joinedup.charts.scorecard import scorecard
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure import Released
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import results_of
from joinedup.disclosure.sums import Key
from joinedup.errors import YourCommand
from joinedup.measures import MeasureResult

LATTICE = Lattice.load()
MEASURE, REFERRALS = Measure.load("M192"), Measure.load("M001")
BRENT, HARROW, EALING = "E09000005", "E09000015", "E09000009"
SHARES = {"NWL": 0.5, BRENT: 0.4, HARROW: 0.5, EALING: 0.6}
MORE = {"caption": "Caption", "slug": "s"}
PLACES = {**MORE, "own": BRENT, "whole_of": "NWL", "what": "borough"}


def published(
    periods: tuple[str, ...] = ("2024-25",),
    breakdown: str = EVERYONE,
    hidden: tuple[str, ...] = (),
    size: int = 4000,
) -> Released[MeasureResult]:
    groups = [ALL] if breakdown == EVERYONE else list(LATTICE.groups(breakdown))
    cells = {}
    for count in LATTICE.counts:
        for place, share in SHARES.items():
            for period in periods:
                for group in groups:
                    level = AREA if place == "NWL" else BOROUGH
                    value = round(size * share / 5) * 5 if count.name.startswith("recovered") else size
                    key = Key(count.measure, count.count, level, place, period, breakdown, group)
                    cells[key] = None if place in hidden else value
    return results_of(LATTICE, cells, profile_of("nhs-england"), snapshot=1, rule="r")


def drawn_rows(picture: Picture, size: str = "page") -> list[dict]:
    return picture.spec(size)["data"]["values"]


def test_a_map_says_beside_each_tile_what_its_colour_says() -> None:
    picture = tile_map(published(), MEASURE, **PLACES)
    kinds = {row["name"]: row["kind"] for row in drawn_rows(picture)}
    assert kinds == {"Brent": VERDICTS[2], "Harrow": VERDICTS[1], "Ealing": VERDICTS[0]}
    assert "Brent" in picture.svg["page"] and "BRE" in picture.svg["phone"] and "40" in picture.svg["phone"]
    assert picture.title.startswith("Recovery: 40% in Brent to 60% in Ealing")


def test_every_borough_has_a_tile_of_its_own_and_letters_of_its_own() -> None:
    boroughs = {place.code for place in Places.load().places if place.level == "borough"}
    assert set(TILES) == boroughs
    assert len({(column, row) for column, row, _ in TILES.values()}) == len(boroughs)
    assert len({letters for *_, letters in TILES.values()}) == len(boroughs)


def test_a_hidden_borough_is_said_to_be_hidden() -> None:
    picture = tile_map(published(hidden=(HARROW,)), MEASURE, **PLACES)
    row = next(row for row in drawn_rows(picture) if row["name"] == "Harrow")
    assert row["kind"] == "hidden to protect people" and row["text"] == "hidden"
    assert "Hidden to protect people: Harrow." in picture.sentence
    assert "hidden to protect people" in by_place(published(hidden=(HARROW,)), MEASURE, **PLACES).svg["page"]


def test_ones_own_place_is_first_and_the_whole_is_a_line() -> None:
    picture = by_place(published(), MEASURE, **PLACES)
    assert [row[0] for row in picture.table.rows] == ["Brent", "Ealing", "Harrow", "North West London"]
    assert picture.sentence.startswith("Brent: 40% (38 to 42).") or picture.sentence.startswith("Brent: 40%")
    assert "All boroughs together: 50%" in picture.sentence


def test_counts_are_shown_for_every_thousand_residents() -> None:
    picture = by_place(
        published(),
        REFERRALS,
        **PLACES,
        residents={BRENT: 100_000, HARROW: 200_000, EALING: 400_000, "NWL": 2_000_000},
    )
    told = {row[0]: row for row in picture.table.rows}
    assert told["Brent"][3] == "40.0" and told["Harrow"][3] == "20.0" and told["Brent"][4] == "38.8 to 41.3"
    assert "for every 1,000 residents" in picture.subtitle


def test_a_trend_has_the_own_line_strong_and_every_name_once() -> None:
    periods = ("2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4")
    picture = among_places(published(periods), MEASURE, **PLACES)
    parts = {row["series"]: row["part"] for row in drawn_rows(picture)}
    assert parts == {"Brent": "own", "North West London": "whole", "Ealing": "peer", "Harrow": "peer"}
    svg = picture.svg["page"]
    assert all(len(re.findall(rf">{name}</text>", svg)) == 1 for name in parts)
    assert picture.title == "Recovery in Brent: from 40% to 40%"


def test_two_breakdowns_crossed_have_a_panel_a_place_and_a_code_a_cell() -> None:
    breakdown = Breakdown.load("ethnic_group")
    picture = by_place_and_group(
        published(breakdown="ethnic_group"), MEASURE, breakdown, own=BRENT, what="borough", **MORE
    )
    assert picture.table.header[1:] == breakdown.stated_names
    assert picture.table.rows[0][0] == "Brent"
    assert len({code for row in picture.table.cell_codes for code in row if code}) == 4 * len(
        breakdown.stated_names
    )


@settings(deadline=None)
@given(st.lists(st.floats(-50, 400), min_size=1, max_size=14))
def test_names_at_the_end_of_lines_never_touch_and_keep_their_order(wanted: list[float]) -> None:
    placed = _apart(wanted, 320)
    ordered = [placed[at] for at in sorted(range(len(wanted)), key=lambda at: wanted[at])]
    assert all(b - a >= LINE - 1e-9 for a, b in pairwise(ordered))


def test_a_note_is_marked_where_its_point_is_and_every_point_opens() -> None:
    released = published()
    code = next(
        c for c, e in released.registry.items() if e["cell"]["place"] == HARROW and e["measure_id"] == "M192"
    )
    picture = by_place(released, MEASURE, **PLACES, points=Points({code: "7"}, linked=True))
    assert [row.get("mark") for row in drawn_rows(picture)] == [None, None, "7"]
    svg = opened(picture.svg["page"], "/number/{}/")
    assert ">7</text>" in svg and f'href="/number/{code}/"' in svg and ADDRESS not in svg
    assert svg.count('tabindex="-1"') == 3 and 'role="group"' in svg and svg.count('aria-hidden="true"') == 1
    assert opened('<svg role="img"><desc/></svg>', "/x/{}/") == '<svg role="img"><desc/></svg>'


def test_without_notes_drawings_are_as_before() -> None:
    assert "isValid(datum.mark)" not in json.dumps(by_place(published(), MEASURE, **PLACES).spec("page"))


def test_a_scorecard_has_a_row_a_measure_and_says_what_is_apart() -> None:
    released = published(("2024-25", *(f"2025-{m:02d}" for m in range(1, 13))))
    picture = scorecard(
        released,
        [MEASURE, REFERRALS],
        **PLACES,
        period="2024-25",
        residents={BRENT: 100_000, "NWL": 2_000_000},
    )
    recovery, referrals = picture.table.rows
    assert recovery[1] == "40%" and recovery[3] == "50%" and recovery[5] == "worse"
    assert recovery[4] == "40% (Brent) to 60% (Ealing)" and referrals[1] == "40.0"
    assert picture.title == "Brent: worse in recovery than the whole, beyond chance" and not picture.drawing


@pytest.mark.parametrize("draw", [among_places, by_place, tile_map])
def test_only_what_was_released_is_drawn(draw) -> None:
    with pytest.raises(YourCommand, match="released"):
        draw(published().value, MEASURE, **PLACES)


def test_a_period_stands_at_its_first_day_and_twelve_months_at_their_last_month() -> None:
    drawn = {
        key: str(_drawn_at(Period.parse(key))) for key in ("2024-25-Q4", "2025-03", "2024-25", "12m-2025-03")
    }
    assert drawn == {
        "2024-25-Q4": "2025-01-01", "2025-03": "2025-03-01", "2024-25": "2024-04-01", "12m-2025-03": "2025-03-01",
    }  # fmt: skip
