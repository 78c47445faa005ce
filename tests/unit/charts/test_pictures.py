"""Pictures: three sizes of accessible SVG; only released results; words that fit what is drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

import pyarrow as pa
import pytest

from joinedup.charts import Table, control, figures, funnel
from joinedup.charts.control import panels_of
from joinedup.charts.funnels import Frame, _placed
from joinedup.charts.picture import Picture
from joinedup.charts.trends import trend
from joinedup.charts.words import interval, listed, percent, points, several, span, whole
from joinedup.definitions import Measure
from joinedup.disclosure import Released, release
from joinedup.errors import OurFault, YourCommand
from joinedup.measures import MeasureResult
from joinedup.measures.result import SCHEMA

RECOVERY = Measure.load("M195")
SERVICES = {"RKL07": 0.40, "RV383": 0.60}


def result(rates: dict[str, float], periods: list[str], n: int = 400) -> MeasureResult:
    rows = []
    for place, rate in rates.items():
        for period in periods:
            row = dict.fromkeys(SCHEMA.names)
            row |= {
                "measure": RECOVERY.slug,
                "measure_id": "M195",
                "version": 1,
                "statistic": "percentage",
                "period": period,
            }
            row |= {
                "level": "service",
                "place": place,
                "place_name": place,
                "breakdown": "total",
                "group": "All",
            }
            rows.append({**row, "numerator": round(n * rate), "denominator": n, "value": 100 * rate})
    return MeasureResult(pa.Table.from_pylist(rows, SCHEMA), (RECOVERY,), snapshot=1, rule="test")


def monthly() -> Released[MeasureResult]:
    return release(result(SERVICES, [f"2024-{m:02}" for m in range(1, 13)] + ["2025-01", "2025-02"]))


def root_of(picture: Picture, size: str) -> ET.Element:
    return ET.fromstring(picture.svg[size])


@pytest.mark.parametrize("draw", [lambda: control(monthly(), RECOVERY, slug="c", caption="x", target=48.0)])
def test_every_size_is_svg_with_role_title_and_description(draw) -> None:
    picture = draw()
    widths = []
    for size in ("phone", "page", "a4"):
        root = root_of(picture, size)
        assert root.get("role") == "img"
        texts = [child.text for child in root if child.tag.endswith(("title", "desc"))]
        assert texts == [picture.title, picture.sentence]
        widths.append(float(root.get("width", "0")))
    assert widths[0] <= 340 < widths[2] <= 700 < widths[1] <= 800


def test_text_stays_text_and_is_at_least_twelve_pixels() -> None:
    root = root_of(control(monthly(), RECOVERY, slug="c", caption="x", target=48.0), "phone")
    sizes = [
        float(e.get("font-size", "13px").removesuffix("px")) for e in root.iter() if e.tag.endswith("text")
    ]
    assert sizes and min(sizes) >= 12


def test_charts_refuse_what_was_not_released() -> None:
    raw = result(SERVICES, ["2024-25"])
    for draw in (control, trend):
        with pytest.raises(YourCommand, match="released"):
            draw(raw, RECOVERY, slug="x", caption="x")  # type: ignore[arg-type]
    with pytest.raises(YourCommand, match="released"):
        figures(raw)  # type: ignore[arg-type]


def test_a_service_far_outside_is_named_in_title_and_table() -> None:
    picture = funnel(
        release(result({"RKL07": 0.30, "RV383": 0.50, "RV3CH": 0.50}, ["2024-25"], 4000)),
        RECOVERY,
        slug="f",
        caption="x",
        unit="people",
    )
    assert "Ealing" in picture.title and "below" in picture.title
    assert picture.table.rows[0][:4] == ("Ealing", "1,200", "4,000", "30%")


def test_a_falling_run_is_concern_when_higher_is_better() -> None:
    months = [f"2024-{m:02}" for m in range(1, 13)]
    falling = [0.50, 0.51, 0.50, 0.49, 0.50, 0.48, 0.46, 0.44, 0.42, 0.40, 0.38, 0.36]
    tables = [result({"RKL07": rate}, [month]).table for month, rate in zip(months, falling, strict=True)]
    whole_year = MeasureResult(
        pa.concat_tables(tables).combine_chunks(), (RECOVERY,), snapshot=1, rule="test"
    )
    found = figures(release(whole_year), measure_id="M195")
    assert panels_of(found, "higher")[0].kinds[-1] == "concern"
    assert panels_of(found, "lower")[0].kinds[-1] == "improvement"
    assert panels_of(found[:11], "higher") == []


def test_labels_close_together_are_moved_apart() -> None:
    names = ["Kensington and Chelsea", "Westminster", "Hammersmith and Fulham"]
    rows = [
        {"name": name, "denominator": 1000 + 9 * i, "value": 46.0 + i / 10} for i, name in enumerate(names)
    ]
    frame = Frame(width=600, height=300, most=3000, low=40, high=50)
    boxes = []
    for row in _placed(rows, frame):
        x, y = frame.at(row)
        long = 7 * len(row["name"])
        left = x + 8 if row["side"] == "right" else x - 8 - long
        assert left >= 0 and left + long <= frame.width
        boxes.append((left, left + long, y + row["nudge"]))
    for a, b in combinations(boxes, 2):
        assert a[1] <= b[0] or b[1] <= a[0] or abs(a[2] - b[2]) >= 14


def test_a_table_with_a_ragged_row_is_a_fault_of_ours() -> None:
    with pytest.raises(OurFault):
        Table(("a", "b"), (("1",),))


def test_words() -> None:
    assert (whole(None), whole(12345.4), percent(46.0), percent(46.5), percent(None)) == (
        "hidden",
        "12,345",
        "46%",
        "46.5%",
        "hidden",
    )
    assert (points(-1.25), interval(1.0, 2.5), interval(None, 2.0)) == ("\u22121.2", "1 to 2.5", "")
    assert (listed(["A", "B", "C"]), several(["A", "B", "C", "D"], 8), listed([])) == (
        "A, B and C",
        "4 of 8",
        "",
    )
    assert (span("2024-25"), span("2024-06")) == ("April 2024 to March 2025", "June 2024")
