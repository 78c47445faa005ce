"""Bars and dots: plain rows in, Vega-Lite specification out. No number is computed here and none is released here.

Every drawing takes `size` (phone, page, a4) and `width` in pixels, so that a phone gets a layout of its own.
Colours and forms after the Government Analysis Function; every kind has a second sign besides its colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from joinedup.charts.grammar import Rows, Spec, kinds, layer, names, number, records, small_title
from joinedup.charts.points import noted, opening
from joinedup.charts.theme import BAND, CONCERN, INK, ONE, PALE, QUIET, REST, SECOND, THIRD

GAP_KINDS = ("group", "fewer, beyond chance", "fewer, could be chance", "more", "not a loss")
JOURNEY_PARTS = ("went on", "left", "still open", "below the threshold")


def waterfall(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """A gap, part by part. Rows in order: label, next (label below), start, end, kind (GAP_KINDS), text, lower, upper.

    lower and upper are the limits of the part, measured from its start; the whisker shows them.
    """
    phone = size == "phone"
    y = names("label", [row["label"] for row in rows], room=126 if phone else 250)
    x = number("start", zero=True, axis={"tickCount": 4 if phone else 6})
    key = {
        "columns": 1 if phone else 5 if size == "page" else 3,
        "symbolStrokeWidth": 1.5,
        "symbolType": "square",
    }
    fill = kinds("kind", dict(zip(GAP_KINDS, (ONE, THIRD, "#FDE3D3", SECOND, "#FFFFFF"), strict=True)), **key)
    line = kinds("kind", dict(zip(GAP_KINDS, (ONE, THIRD, CONCERN, INK, QUIET), strict=True)), **key)
    spread = {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}
    layers = [
        layer(
            "rule",
            {"x": {**x, "field": "end"}, "y": y, "y2": {"field": "next"}},
            "datum.next !== null",
            color=REST,
        ),
        layer(
            "bar",
            {"x": x, "x2": {"field": "end"}, "y": y, "fill": fill, "stroke": line},
            height=18,
            strokeWidth=1.5,
        ),
        layer("rule", spread, color=INK, strokeWidth=1.5),
        layer(
            "text",
            {"x": {**x, "field": "anchor"}, "y": y, "text": {"field": "brief" if phone else "text"}},
            align="left",
            dx=7,
        ),
    ]
    plot = width - (178 if phone else 280)
    return {
        "data": records(rows),
        "width": plot,
        "height": {"step": 34 if phone else 30},
        "layer": layers,
        "title": small_title(title, width),
    }


def journey(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """The steps of the journey as bars. Rows in order: stage, part (JOURNEY_PARTS), start, end, text, brief.

    start and end are people of every 100 referred; the text of a stage stands beside its bar.
    """
    phone = size == "phone"
    order = list(dict.fromkeys(str(row["stage"]) for row in rows))
    y = names("stage", order, room=126 if phone else 220)
    x = number("start", zero=True, axis={"values": [0, 25, 50, 75, 100]}, domain=[0, 100])
    key = {"columns": 1 if phone else 4, "symbolStrokeWidth": 1.5, "symbolType": "square"}
    fill = kinds("part", dict(zip(JOURNEY_PARTS, (ONE, THIRD, BAND, "#FFFFFF"), strict=True)), **key)
    line = kinds("part", dict(zip(JOURNEY_PARTS, (ONE, THIRD, BAND, QUIET), strict=True)), **key)
    words = {"x": {"datum": 0 if phone else 100}, "y": y, "text": {"field": "brief" if phone else "text"}}
    layers = [
        layer(
            "bar",
            {"x": x, "x2": {"field": "end"}, "y": y, "fill": fill, "stroke": line},
            height=16 if phone else 20,
            strokeWidth=1,
        ),
        layer(
            "text", words, "datum.text !== null", align="left", dx=2 if phone else 8, dy=17 if phone else 0
        ),
    ]
    plot = width - (162 if phone else 440 if size == "page" else 400)
    return {
        "data": records(rows), "width": plot, "height": {"step": 44 if phone else 32}, "layer": layers, "title": small_title(title, width),
    }  # fmt: skip


def dots(
    rows: Rows,
    *,
    size: str,
    width: int,
    title: str,
    order: Sequence[str],
    panels: Sequence[str],
    split: str = "|",
    across: int = 0,
) -> Spec:
    """Dots with intervals by group, a panel a measure, each with its own scale; panel names break at `split`.

    `across`: so many panels beside each other on a page, all on one scale: they show one measure.

    Rows: panel, group, value, lower, upper (value null when hidden), stated, reference (both bool).
    """
    phone = size == "phone"
    room = 126 if phone else max(60, min(8 * max((len(name) for name in order), default=8), 190))
    lines = max((math.ceil(len(name) * 7 / room) for name in order), default=1)
    columns = 1 if phone else min(across or len(panels), len(panels))
    x = number("value", axis={"tickCount": 3 if columns > 2 else 4}, nice=True, padding=6)
    y = names("group", order, room=room)
    at = {"x": x, "y": y}
    layers = [
        layer("rule", {"x": x}, "datum.reference", color=QUIET, strokeDash=[4, 3]),
        layer("rule", {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}, color=PALE, strokeWidth=9, strokeCap="round"),
        layer("point", {**at, **opening(rows)}, "datum.stated", filled=True, size=46, color=ONE, opacity=1),
        layer("point", {**at, **opening(rows)}, "!datum.stated", filled=False, size=46, color=ONE, fill="#FFFFFF", opacity=1),
        *noted(rows, at),
        layer(
            "text", {"x": {"value": 2}, "y": y, "text": {"value": "hidden" if columns > 2 else "hidden to protect people"}},
            "datum.value === null", color=QUIET, align="left", fontStyle="italic",
        ),
    ]  # fmt: skip
    plot = (width - room - 24 * columns - 8) // columns
    header = {"labelExpr": f"split(datum.label, '{split}')", "labelAnchor": "start", "title": None}
    return {
        "data": records(rows),
        "facet": {"field": "panel", "type": "nominal", "sort": list(panels), "title": None, "header": header},
        "columns": columns,
        "spec": {
            "width": plot,
            "height": {"step": max(31 if phone else 25, 3 + 14 * lines)},
            "layer": layers,
        },
        "title": small_title(title, width),
        "spacing": 16,
        # panels show different measures: one scale would flatten them
        "resolve": {"scale": {"x": "shared" if across else "independent"}},
    }


def compared(rows: Rows, *, size: str, width: int, title: str, series: Sequence[str]) -> Spec:
    """Two groups at every step: two dots and what lies between. Rows in order: stage, and value per series.

    Rows: stage, series, value, other (the value of the other group), text.
    """
    phone = size == "phone"
    y = names("stage", list(dict.fromkeys(str(row["stage"]) for row in rows)), room=126 if phone else 220)
    x = number("value", zero=True, axis={"values": [0, 25, 50, 75, 100]}, domain=[0, 100])
    look: Mapping[str, str] = dict(zip(series, (REST, ONE), strict=True))
    form = dict(zip(series, ("circle", "diamond"), strict=True))
    key = {"columns": 1 if phone else 2, "symbolSize": 110}
    at = {"x": x, "y": y}
    points = {**at, "color": kinds("series", look, **key), "shape": kinds("series", form, **key)}
    layers = [
        layer("rule", {"x": x, "x2": {"field": "other"}, "y": y}, color=PALE, strokeWidth=5),
        layer("point", points, filled=True, size=120, opacity=1, stroke=INK, strokeWidth=0.5),
        layer(
            "text",
            {"x": {"datum": 100}, "y": y, "text": {"field": "text"}},
            "datum.text !== null",
            align="left",
            dx=12,
        ),
    ]
    plot = width - (214 if phone else 400)
    return {
        "data": records(rows),
        "width": plot,
        "height": {"step": 34},
        "layer": layers,
        "title": small_title(title, width),
    }
