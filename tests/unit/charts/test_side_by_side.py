"""Leagues and inequality trends: released only, ranks with their uncertainty, both scales and where they disagree."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from joinedup.charts import chart, gap_trend, league
from joinedup.charts.drawings_side_by_side import ratio_ticks
from joinedup.charts.picture import Picture
from joinedup.disclosure import release
from joinedup.equity.outcomes import outcome_of
from joinedup.equity.trend import inequality_trend
from joinedup.equity.variation import PlaceVariation
from joinedup.errors import YourCommand
from tests.unit.equity.by_group_tables import table_of

BOROUGHS = ("E09000005", "E09000009", "E09000013", "E09000015", "E09000017", "E09000018")
YEARS = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
BETWEEN = ("Black or Black British", "White")


def spread(*counts: tuple[int, int, int]) -> PlaceVariation:
    n, x, expected = (tuple(float(count) for count in column) for column in zip(*counts, strict=True))
    return PlaceVariation(
        outcome_of("M195"), "M195", "Reliable recovery", "borough", BOROUGHS[: len(counts)], n, x, expected,
        period="2024-25", standardised_on=("age", "sex"), snapshot=1,
    )  # fmt: skip


def ranked(*counts: tuple[int, int, int]) -> Picture:
    return league(release(spread(*counts)), slug="l", caption="x")


def trended(group: list[float], reference: list[float], n: int = 4000) -> Picture:
    counts = {
        (year, name): (round(n * share), n)
        for year, *two in zip(YEARS, group, reference, strict=False)
        for name, share in zip(BETWEEN, two, strict=True)
    }
    return gap_trend(release(inequality_trend(table_of(counts), between=BETWEEN)), slug="t", caption="x")


APART = [(4000, 2600, 2000), (4000, 2200, 2000), (4000, 1800, 2000), (4000, 1400, 2000)]
ALIKE = [(900, 450, 450), (800, 410, 400), (900, 440, 450), (850, 425, 425)]
CLOSING = [0.20, 0.175, 0.15, 0.125, 0.10], [0.40, 0.35, 0.30, 0.25, 0.20]


@pytest.mark.parametrize("picture", [ranked(*ALIKE), ranked(*APART), trended(*CLOSING)], ids="lrt")
def test_every_size_is_accessible_and_its_text_is_large_enough(picture) -> None:
    widths = {}
    for size in ("phone", "page", "a4"):
        root = ET.fromstring(picture.svg[size])
        texts = [child.text for child in root if child.tag.endswith(("title", "desc"))]
        assert root.get("role") == "img" and texts == [picture.title, picture.sentence]
        sizes = [
            float(e.get("font-size", "13px").removesuffix("px"))
            for e in root.iter()
            if e.tag.endswith("text")
        ]
        assert min(sizes) >= 12
        widths[size] = float(root.get("width", "0"))
    assert widths["phone"] <= 320 < widths["a4"] <= 660 < widths["page"] <= 770


@pytest.mark.parametrize("kind", ["league", "gap_trend"])
def test_what_was_not_released_is_not_drawn(kind) -> None:
    with pytest.raises(YourCommand, match="released"):
        chart(spread(*ALIKE), kind, slug="x", caption="x")


def test_places_that_differ_by_chance_have_no_order() -> None:
    picture = ranked(*ALIKE)
    assert picture.title == "Reliable recovery: the order of the boroughs is not known"
    assert picture.sentence.startswith("Ranks are uncertain") and "Every borough" in picture.sentence
    assert all(" to " in row[-1] for row in picture.table.rows)


def test_places_far_apart_are_named_by_half_and_stand_in_order() -> None:
    picture = ranked(*reversed(APART))
    halves = "Harrow and Hammersmith and Fulham in upper half, Ealing and Brent in lower half"
    assert picture.title == f"Reliable recovery: {halves}"
    assert [row[-1] for row in picture.table.rows] == ["1", "2", "3", "4"]
    values = [float(row[4].rstrip("%")) for row in picture.table.rows]
    assert values == sorted(values, reverse=True)
    assert "could be in either half" not in picture.sentence
    assert len(set(picture.table.codes)) == len(BOROUGHS[:4])


def test_a_hidden_place_has_no_rank_and_is_not_drawn() -> None:
    picture = ranked(*ALIKE, (4, 2, 2))
    assert picture.table.rows[-1][1:] == ("hidden", "hidden", "hidden", "hidden", "", "hidden")
    assert picture.table.rows[-1][0] not in "".join(ET.fromstring(picture.svg["page"]).itertext())


def test_one_place_is_no_league() -> None:
    picture = ranked((900, 450, 450))
    assert picture.title.endswith("too few places to compare")
    assert "page" in picture.svg


def test_the_title_says_where_the_scales_disagree() -> None:
    picture = trended(*CLOSING)
    assert picture.title == "Reliable recovery: gap narrowing in points, no clear change as a ratio"
    assert "two scales disagree" in picture.sentence
    text = " ".join(ET.fromstring(picture.svg["page"]).itertext())
    assert "In points: narrowing" in text and "no evidence of change" in text and "no gap" in text


@pytest.mark.parametrize(
    ("group", "reference", "said"),
    [
        ([0.30, 0.33, 0.36, 0.39, 0.42], [0.45] * 5, "the gap is narrowing"),
        ([0.42, 0.39, 0.36, 0.33, 0.30], [0.45] * 5, "the gap is widening"),
        ([0.30, 0.35, 0.40, 0.45, 0.50], [0.40] * 5, "the gap has turned round"),
        ([0.30] * 5, [0.40] * 5, "no evidence that the gap is changing"),
        ([0.30] * 3, [0.40] * 3, "too little is known to see a trend in the gap"),
        (
            [0.20, 0.16, 0.12, 0.08, 0.04],
            [0.40, 0.35, 0.30, 0.25, 0.20],
            "gap narrowing in points, widening as a ratio",
        ),
    ],
)
def test_titles_say_the_finding(group, reference, said) -> None:
    picture = trended(group, reference)
    assert picture.title == f"Reliable recovery: {said}"
    assert len(picture.title.split()) <= 13
    assert len(picture.svg) == 3


def test_the_table_has_both_scales_and_the_codes_of_both_groups() -> None:
    table = trended(*CLOSING).table
    assert table.rows[0][:4] == (
        "2021-22",
        "20.0%" if "." in table.rows[0][1] else "20%",
        "40%",
        "\u221220.0",
    )
    assert table.rows[0][5] == "0.50"
    assert [len([code for code in row if code]) for row in table.cell_codes] == [2] * 5


def test_a_group_without_any_outcome_has_no_ratio_in_that_year() -> None:
    picture = trended([0.0, 0.1, 0.2, 0.3, 0.4], [0.4] * 5)
    assert picture.table.rows[0][1:] == ("hidden", "40%", "hidden", "", "hidden", "")
    assert len(picture.svg) == 3


def test_one_scale_unknown_and_the_other_unclear_is_no_evidence() -> None:
    shares = zip(YEARS, [0.0, 0.0, 0.1, 0.2, 0.1], [0.3, 0.2, 0.3, 0.3, 0.4], strict=True)
    counts = {
        (year, name): (round(100 * share), 100)
        for year, *two in shares
        for name, share in zip(BETWEEN, two, strict=True)
    }
    # as published, where a count of 0 is not hidden: it has a difference and no ratio
    released = release(inequality_trend(table_of(counts), between=BETWEEN), "as-published")
    picture = gap_trend(released, slug="t", caption="x")
    assert picture.title.endswith("no evidence that the gap is changing")
    assert picture.table.rows[0][5] == "hidden"


def test_ticks_of_a_ratio_hold_one_and_are_few() -> None:
    for low, high in ((0.9, 1.1), (0.45, 1.0), (1.0, 3.0), (0.2, 9.0), (1.0, 1.0)):
        ticks = ratio_ticks(low, high)
        assert 1.0 in ticks and len(ticks) <= 6
    assert ratio_ticks(0.5, 1.0) == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert ratio_ticks(1.0, 5000.0) == [1.0]


def test_many_periods_are_marked_by_year_or_now_and_then() -> None:
    from joinedup.charts.inequality_trend import _ticks

    assert _ticks(YEARS) == list(YEARS)
    quarters = [f"{year}-Q{k}" for year in ("2023-24", "2024-25") for k in (1, 2, 3, 4)]
    assert [tick for tick in _ticks(quarters) if tick] == ["Apr 2023", "Apr 2024"]
    assert [tick for tick in _ticks(quarters[1:6]) if tick] == [
        "Jul 2023",
        "Oct 2023",
        "Jan 2024",
        "Apr 2024",
        "Jul 2024",
    ]
    months = [f"2024-{k:02}" for k in range(5, 12)]
    assert [tick for tick in _ticks(months) if tick] == ["May 2024", "Jul 2024", "Sep 2024", "Nov 2024"]
