"""The drawings: plain rows in, Vega-Lite specification out. No numbers are computed here and none is released here.

Every drawing takes `size` (phone, page, a4) and `width` in pixels, so that a phone gets its own layout.
Sources: NHS England, Making Data Count (control charts); Spiegelhalter 2005 (funnels); Government Analysis Function (dots, bars).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.charts.picture import Spec, records
from joinedup.charts.theme import COMMON, CONCERN, IMPROVEMENT, INK, ONE, QUIET, REST

Rows = Sequence[Mapping[str, Any]]
POINT_KINDS = ("common cause", "improvement", "concern")


def control_chart(
    rows: Rows, *, size: str, width: int, title: str, target: float | None, order: Sequence[str]
) -> Spec:
    """Small multiples with one scale. Rows: series, date (ISO), value, mean, lower, upper, kind (POINT_KINDS)."""
    columns = min({"phone": 1, "a4": 3}.get(size, 4), max(len(order), 1))
    panel = (width - 46 * columns) // columns if columns > 1 else width - 60
    x = {
        "field": "date",
        "type": "temporal",
        "title": None,
        "axis": {
            "format": "%b %y",
            "tickCount": 3 if columns > 1 else 5,
            "grid": False,
            "labelOverlap": True,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
        "axis": {"tickCount": 4},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": REST, "opacity": 0.35},
            "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
        },
        {
            "mark": {"type": "line", "color": QUIET, "strokeWidth": 1},
            "encoding": {"x": x, "y": {**y, "field": "mean"}},
        },
        {"mark": {"type": "line", "color": COMMON, "strokeWidth": 1}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": 26},
            "encoding": {"x": x, "y": y, **_kind()},
        },
    ]
    if target is not None:
        layers.insert(
            1,
            {
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
                "encoding": {"y": {"datum": target}},
            },
        )
    facet = {"field": "series", "type": "nominal", "sort": list(order), "title": None}
    inner = {"width": panel, "height": 120 if columns > 1 else 110, "layer": layers}
    return {
        "data": records(rows),
        "facet": facet,
        "columns": columns,
        "spec": inner,
        "spacing": {"row": 18, "column": 12},
        "title": _y_title(title),
    }


def _kind() -> Spec:
    """Colour and shape together say what a point is, so that greyscale loses nothing."""
    scale = {"domain": list(POINT_KINDS), "range": [COMMON, IMPROVEMENT, CONCERN]}
    shape = {"domain": list(POINT_KINDS), "range": ["circle", "triangle-up", "square"]}
    legend = {"orient": "bottom", "symbolSize": 80}
    kind = {"field": "kind", "type": "nominal", "title": None}
    return {
        "color": {**kind, "scale": scale, "legend": legend},
        "shape": {**kind, "scale": shape, "legend": legend},
    }


def _y_title(text: str) -> Spec:
    return {
        "text": text,
        "anchor": "start",
        "fontSize": 13,
        "fontWeight": "normal",
        "color": QUIET,
        "offset": 8,
    }


def funnel(rows: Rows, limits: Rows, *, size: str, width: int, x_title: str, y_title: str) -> Spec:
    """Rows: name, denominator, value, outside (bool). Limits: denominator, lower95, upper95, lower998, upper998, centre."""
    x = {
        "field": "denominator",
        "type": "quantitative",
        "title": x_title,
        "scale": {"zero": True, "nice": True},
        "axis": {"grid": False, "tickCount": 5},
    }
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False}}
    lines = [
        {
            "mark": {"type": "line", "color": QUIET, "strokeDash": dash, "strokeWidth": 1},
            "encoding": {"x": x, "y": {**y, "field": name}},
        }
        for name, dash in [
            ("lower95", [4, 3]),
            ("upper95", [4, 3]),
            ("lower998", [1, 0]),
            ("upper998", [1, 0]),
            ("centre", [1, 0]),
        ]
    ]
    shape = {
        "field": "outside",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [False, True], "range": ["circle", "square"]},
    }
    colour = {
        "field": "outside",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [False, True], "range": [ONE, CONCERN]},
    }
    points = [
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": shape, "color": colour},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 8, "dy": {"expr": "datum.nudge || 0"}},
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        },
    ]
    height = 280 if size == "phone" else 340
    layers = [{"data": records(limits), "layer": lines}, {"data": records(rows), "layer": points}]
    return {"width": width - 70, "height": height, "layer": layers, "title": _y_title(y_title)}


def dots(
    rows: Rows,
    *,
    size: str,
    width: int,
    title: str,
    reference: float | None,
    order: Sequence[str],
    panels: Sequence[str],
) -> Spec:
    """Dot and interval by group. Rows: panel, group, value, lower, upper (value null when hidden), label."""
    x = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
        "axis": {"tickCount": 4},
    }
    y = {
        "field": "group",
        "type": "nominal",
        "sort": list(order),
        "title": None,
        "axis": {
            "grid": False,
            "labelLimit": 150 if size == "phone" else 240,
            "ticks": False,
            "domain": False,
        },
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": "#9FB3D1", "strokeWidth": 9, "strokeCap": "round"},
            "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 42, "color": ONE, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "transform": [{"filter": "datum.value === null"}],
            "mark": {"type": "text", "color": QUIET, "align": "left", "fontStyle": "italic"},
            "encoding": {"x": {"value": 4}, "y": y, "text": {"value": "hidden to protect people"}},
        },
    ]
    if reference is not None:
        layers.insert(
            0,
            {
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3]},
                "encoding": {"x": {"datum": reference}},
            },
        )
    columns = 1 if size == "phone" or len(panels) == 1 else min(len(panels), 2 if size == "a4" else 3)
    panel_width = max((width - 40 - 170 * (1 if columns == 1 else columns)) // columns, 110)
    inner = {"width": panel_width, "height": {"step": 24}, "layer": layers}
    facet = {"field": "panel", "type": "nominal", "sort": list(panels), "title": None}
    scales = {"scale": {"x": "independent"}}  # panels show different measures: one scale would flatten them
    return {
        "data": records(rows),
        "facet": facet,
        "columns": columns,
        "spec": inner,
        "title": _y_title(title),
        "spacing": 14,
        "resolve": scales,
    }


def journey(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """The steps of the journey as bars. Rows in order: stage, part (a key of `parts` below), start, end, text.

    start and end are people per 100 referred; `text` (one row a stage) gives volume and median days beside the bar.
    """
    parts = {
        "went on": ONE,
        "did not go on": "#F46A25",
        "still open": REST,
        "below caseness, not a loss": "#8A8D8F",
    }
    order = list(dict.fromkeys(row["stage"] for row in rows))
    y = {
        "field": "stage",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {
            "grid": False,
            "labelLimit": 120 if size == "phone" else 200,
            "ticks": False,
            "domain": False,
        },
    }
    x = {
        "field": "start",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 100]},
        "axis": {"values": [0, 25, 50, 75, 100]},
    }
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": list(parts), "range": list(parts.values())},
        "legend": {"orient": "bottom", "title": None},
    }
    bars = {
        "mark": {"type": "bar", "height": 20},
        "encoding": {"x": x, "x2": {"field": "end"}, "y": y, "color": colour},
    }
    words = {
        "transform": [{"filter": "datum.text !== null"}],
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"x": {"datum": 100}, "y": y, "text": {"field": "text"}},
    }
    beside = 0 if size == "phone" else 210
    layers = [bars] if size == "phone" else [bars, words]
    return {
        "data": records(rows),
        "width": width - (140 if size == "phone" else 170) - beside,
        "height": {"step": 32},
        "layer": layers,
        "title": _y_title(title),
    }


def waterfall(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """The gap, stage by stage. Rows in order: label, start, end, kind (total | loss | gain | other), text, lower, upper.

    lower and upper are the limits of the running total at `end`, drawn as a thin whisker.
    """
    order = [row["label"] for row in rows]
    kinds = {"total": ONE, "fewer": "#F46A25", "more": "#28A197", "not a loss": "#8A8D8F"}
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {
            "grid": False,
            "labelLimit": 130 if size == "phone" else 250,
            "ticks": False,
            "domain": False,
        },
    }
    x = {
        "field": "start",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 5},
        "scale": {"zero": True},
    }
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(kinds), "range": list(kinds.values())},
        "legend": {"orient": "bottom", "title": None, "columns": 2 if size == "phone" else 4},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 18},
            "encoding": {"x": x, "x2": {"field": "end"}, "y": y, "color": colour},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {"x": {**x, "field": "anchor"}, "y": y, "text": {"field": "text"}},
        },
    ]
    return {
        "data": records(rows),
        "width": width - (150 if size == "phone" else 300),
        "height": {"step": 30},
        "layer": layers,
        "title": _y_title(title),
    }


def lines(rows: Rows, *, size: str, width: int, title: str, order: Sequence[str]) -> Spec:
    """One line a series, labelled at its end. Rows: series, date (ISO), value, lower, upper."""
    x = {
        "field": "date",
        "type": "temporal",
        "title": None,
        "axis": {"grid": False, "format": "%Y", "tickCount": "year", "labelOverlap": True},
    }
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False}}
    panel = width - 60 if size == "phone" else (width - 150) // 3
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": "#9FB3D1", "opacity": 0.5},
            "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
        },
        {"mark": {"type": "line", "color": ONE, "strokeWidth": 2}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "point", "filled": True, "size": 30, "color": ONE, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
    ]
    facet = {"field": "series", "type": "nominal", "sort": list(order), "title": None}
    inner = {"width": panel, "height": 110, "layer": layers}
    return {
        "data": records(rows),
        "facet": facet,
        "columns": 1 if size == "phone" else 3,
        "spec": inner,
        "title": _y_title(title),
        "spacing": 14,
    }
