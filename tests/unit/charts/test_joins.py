"""Charts over time mark the days on which organisations behind them changed, and say what happened."""

from __future__ import annotations

from joinedup.charts import control
from joinedup.charts.trends import trend
from joinedup.disclosure import release
from tests.unit.charts.test_pictures import RECOVERY, SERVICES, result

MONTHS = [f"{year}-{month:02}" for year in (2021, 2022) for month in range(1, 13)]


def dotted(svg: str) -> int:
    return svg.count('stroke-dasharray="1,3"')


def test_a_control_chart_marks_the_joins_within_its_months() -> None:
    picture = control(release(result(SERVICES, MONTHS)), RECOVERY, slug="c", caption="x")
    assert [note.split(" (")[0] for note in picture.notes] == ["1 April 2021", "1 July 2022"]
    assert "become NHS North West London CCG" in picture.notes[0]
    assert dotted(picture.svg["page"]) == 2 * len(SERVICES)


def test_without_a_join_nothing_is_marked() -> None:
    picture = control(
        release(result(SERVICES, MONTHS[6:12] + MONTHS[12:18])), RECOVERY, slug="c", caption="x"
    )
    assert picture.notes == () and dotted(picture.svg["page"]) == 0


def test_an_assumed_day_says_so_and_a_trend_names_its_joins() -> None:
    years = [f"{year}-{(year + 1) % 100:02}" for year in range(2020, 2027)]
    picture = trend(release(result(SERVICES, years)), RECOVERY, slug="t", caption="x")
    assert len(picture.notes) == 3 and picture.notes[-1].endswith("(the day is assumed).")


def test_a_place_that_is_in_no_register_has_no_joins() -> None:
    picture = control(release(result({"X0001": 0.5}, MONTHS)), RECOVERY, slug="c", caption="x")
    assert picture.notes == ()
