"""Curves of waits: plain rows in, Vega-Lite specification out. No number is computed here and none is released here.

Every line has a dash and a label besides its colour, every area a label and a white edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joinedup.charts.grammar import PIXELS, Rows, Spec, kinds, layer, number, records, small_title
from joinedup.charts.theme import BAND, CATEGORIES, INK, ONE, QUIET, REST, SECOND

DASHES = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3])
FILLS = (ONE, SECOND, "#F7B797", BAND)
"""Dark to light in this order, so that neighbours differ without colour."""
HEIGHT = {"phone": 230, "page": 300, "a4": 270}
LINE = 16.0


def still_waiting(
    rows: Rows, *, size: str, width: int, title: str, order: Sequence[str], standard: int | None, bands: bool
) -> Spec:
    """Steps down from 100. Rows: series, week, waiting, lower, upper. At most four series; `bands` draws limits.

    `standard`: the week of a standard, a dashed line. The dotted line is half.
    """
    phone, height = size == "phone", HEIGHT[size]
    room = 0 if phone else _room(order)
    x, y = _axes(rows, "waiting", standard, phone)
    colour = dict(zip(order, CATEGORIES, strict=False))
    key: dict[str, Any] = (
        {"columns": 1, "symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 2, "symbolOpacity": 1}
        if phone
        else {}
    )
    # one channel each for colour and dash, with one key: Vega joins what has the same name
    look = {
        "color": kinds("series", colour, **key),
        "strokeDash": kinds("series", dict(zip(order, DASHES, strict=False)), **key),
    }
    steps = {"interpolate": "step-after"}
    band = {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "color": look["color"]}
    layers = [layer("area", band, opacity=0.18, **steps)] if bands else []
    half = {"y": _at(y, 50), "x": {"value": 4}, "text": {"value": "half"}}
    layers += [
        {"data": records([{}]), "layer": [
            layer("rule", {"y": _at(y, 50)}, color=QUIET, strokeDash=[2, 3]),
            layer("text", half, align="left", dy=-8, color=QUIET),
        ]},
        layer("line", {"x": x, "y": y, **look}, strokeWidth=2.2, **steps),
    ]  # fmt: skip
    if standard is not None:
        layers.append(_upright(x, standard))
    if not phone:
        layers.append(_labels(x, y, _ends(rows, "waiting", order, height)))
    return {
        "data": records(rows), "width": width - 56 - room, "height": height, "layer": layers, "title": small_title(title, width),
    }  # fmt: skip


def ends_of_waits(
    rows: Rows, *, size: str, width: int, title: str, order: Sequence[str], standard: int | None
) -> Spec:
    """How waits ended, one above the other up to 100. Rows: series, week, start, end.

    The last series of `order` is who still waits: white, with an edge.
    """
    phone, height = size == "phone", HEIGHT[size]
    room = 0 if phone else _room(order)
    x, y = _axes(rows, "start", standard, phone)
    fill = dict(zip(order, [*FILLS[: len(order) - 1], "#FFFFFF"], strict=True))
    line = dict(zip(order, ["#FFFFFF"] * (len(order) - 1) + [QUIET], strict=True))
    key: dict[str, Any] = {"columns": 1, "symbolType": "square", "symbolStrokeWidth": 1} if phone else {}
    area = {
        "x": x, "y": y, "y2": {"field": "end"},
        "fill": kinds("series", fill, **key), "stroke": kinds("series", line),
    }  # fmt: skip
    layers = [layer("area", area, interpolate="step-after", strokeWidth=1, opacity=1, line=False)]
    if standard is not None:
        layers.append(_upright(x, standard))
    if not phone:
        middles = [{**row, "middle": (row["start"] + row["end"]) / 2} for row in rows]
        layers.append(_labels(x, y, _ends(middles, "middle", order, height)))
    return {
        "data": records(rows), "width": width - 56 - room, "height": height, "layer": layers, "title": small_title(title, width),
    }  # fmt: skip


def _axes(rows: Rows, field: str, standard: int | None, phone: bool) -> tuple[Spec, Spec]:
    last = max([int(row["week"]) for row in rows] + [standard or 1])
    x = number(
        "week", axis={"tickCount": 5 if phone else 10, "grid": False, "format": "d", "titlePadding": 6}, domain=[0, last], nice=False
    )  # fmt: skip
    return {**x, "title": "Weeks"}, number(
        field, zero=True, axis={"values": [0, 25, 50, 75, 100]}, domain=[0, 100]
    )


def _at(axis: Spec, value: float) -> Spec:
    """One position along an axis."""
    return {name: found for name, found in axis.items() if name != "field"} | {"datum": value}


def _upright(x: Spec, week: int) -> Spec:
    """A dashed line at a week, readable on dark and on light."""
    words = {"x": _at(x, week), "y": {"value": 0}, "text": {"value": f"{week} weeks"}}
    return {
        "data": records([{}]),
        "layer": [
            layer("rule", {"x": _at(x, week)}, color="white", strokeWidth=3, opacity=0.7),
            layer("rule", {"x": _at(x, week)}, color=INK, strokeDash=[4, 3]),
            layer("text", words, dy=-8),
        ],
    }


def _labels(x: Spec, y: Spec, ends: Rows) -> Spec:
    """Each series named at the right edge, with a thin line to where it ends."""
    place = {**y, "field": "place"}
    lead = {
        "x": {**x, "field": "week"},
        "y": {**y, "field": "value"},
        "x2": {"value": "width"},
        "y2": {"field": "place"},
    }
    words = {"x": {"value": "width"}, "y": place, "text": {"field": "series"}}
    return {
        "data": records(ends),
        "layer": [layer("rule", lead, color=REST), layer("text", words, align="left", dx=5)],
    }


def _ends(rows: Rows, field: str, order: Sequence[str], height: float) -> list[dict[str, Any]]:
    """Where each series ends, moved apart where two labels would cover each other."""
    weeks = {str(row["series"]): row["week"] for row in rows}
    last = {str(row["series"]): float(row[field]) for row in rows}
    gap = LINE / height * 100
    found: list[dict[str, Any]] = []
    for name in sorted((name for name in order if name in last), key=lambda name: last[name]):
        place = max(last[name], found[-1]["place"] + gap) if found else last[name]
        found.append({"series": name, "week": weeks[name], "value": last[name], "place": place})
    over = max((row["place"] for row in found), default=0.0) - 100
    return [{**row, "place": row["place"] - over} for row in found] if over > 0 else found


def _room(words: Sequence[str]) -> int:
    return min(PIXELS * max((len(name) for name in words), default=0) + 14, 260)
