"""Levels of frameworks drawn: who gave which, places by domain, days of a forecast, tiles on two maps. Nothing is computed.

Every kind has a second sign besides its colour: a shape, or the number in the tile.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from joinedup.charts.grammar import Rows, Spec, kinds, layer, names, records, small_title
from joinedup.charts.theme import CATEGORIES, INK, PALE, QUIET

SHADES = (("#DCE6F0", INK), ("#A9C4E0", INK), ("#2073BC", "white"), ("#12436D", "white"))
SHAPES = ("circle", "square", "triangle-up", "cross", "triangle-down", "diamond")
NOT_SCORED = "not scored"


def shade(level: int, highest: int) -> tuple[str, str]:
    """The colour of a level and that of the words on it, palest for the lowest."""
    return SHADES[round((level - 1) / max(highest - 1, 1) * (len(SHADES) - 1))]


def who_gave_which(
    rows: Rows, stands: Rows, *, size: str, width: int, order: Sequence[str], who: Sequence[str], highest: int
) -> Spec:
    """A sign for each level given. Rows: name, who, level. Stands: name, held (or null). `who`: in the order of the key."""
    phone = size == "phone"
    room = 118 if phone else 230
    y = names("name", order, room=room)
    x = {**_levels(highest), "field": "level"}
    signs = {
        name: (CATEGORIES[at % len(CATEGORIES)], SHAPES[at % len(SHAPES)]) for at, name in enumerate(who)
    }
    key = {"columns": 1 if phone else 4}
    at = {
        "x": x, "y": y, "yOffset": {"field": "who", "type": "nominal", "sort": list(who), "scale": {"paddingOuter": 0.35}},
        "color": kinds("who", {name: look[0] for name, look in signs.items()}, **key),
        "shape": kinds("who", {name: look[1] for name, look in signs.items()}, **key),
    }  # fmt: skip
    step = max(11 * len(who), 34)
    layers = [
        {"data": records(stands), **layer("tick", {"x": {**x, "field": "held"}, "y": y}, "isValid(datum.held)",
            thickness=9, size=step - 8, color=PALE, opacity=1, orient="vertical")},
        layer("point", at, filled=True, size=55, opacity=1),
    ]  # fmt: skip
    return {
        "data": records(rows), "width": width - room - 40, "height": {"step": step, "for": "position"}, "layer": layers,
        "title": small_title("Level given; the pale bar is the level that stands", width),
    }  # fmt: skip


def _levels(highest: int) -> Spec:
    axis = {"values": list(range(1, highest + 1)), "format": "d"}
    return {
        "type": "quantitative", "title": None, "axis": axis,
        "scale": {"domain": [0.6, highest + 0.4], "nice": False, "zero": False},
    }  # fmt: skip


def level_table(rows: Rows, *, size: str, width: int, places: Sequence[str], domains: Sequence[str]) -> Spec:
    """A tile for each place and domain with its level. Rows: place, domain, text, fill, ink."""
    phone = size == "phone"
    room = 92 if phone else 190
    upright = phone or len(domains) > 7
    lines = {name: textwrap.wrap(name, 24 if upright else 14) for name in domains}
    # lines of a label grow downwards: those above a drawing begin as much higher
    raised = 4 if upright else 4 + 14 * (max((len(found) for found in lines.values()), default=1) - 1)
    x: Spec = {
        "field": "domain", "type": "nominal", "sort": list(domains), "title": None,
        "axis": {
            "orient": "top", "labelAngle": -90 if upright else 0, "labelLimit": 190, "labelPadding": raised,
            "labelExpr": f"({json.dumps(lines)})[datum.label]", "labelLineHeight": 14,
            "ticks": False, "domain": False, "grid": False,
        },
        "scale": {"paddingInner": 0.06},
    }  # fmt: skip
    at = {"x": x, "y": {**names("place", places, room=room), "scale": {"paddingInner": 0.12}}}
    return _tiles(rows, at, width - room - 12, {"step": 36})


def _tiles(rows: Rows, at: dict[str, Any], width: float, height: Any) -> Spec:
    fill = {"field": "fill", "type": "nominal", "scale": None}
    ink = {"field": "ink", "type": "nominal", "scale": None}
    return {
        "data": records(rows), "width": width, "height": height,
        "layer": [
            layer("rect", {**at, "color": fill}, stroke=QUIET, strokeWidth=0.8),
            layer("text", {**at, "text": {"field": "text"}, "color": ink}, fontWeight="bold"),
        ],
    }  # fmt: skip


def when_reached(rows: Rows, *, size: str, width: int, order: Sequence[str], due: str) -> Spec:
    """A span of days for each place. Rows: name, day, early, late (ISO or null), words. `due`: the day of the target."""
    phone = size == "phone"
    room = 100 if phone else 190
    y = names("name", order, room=room)
    x: Spec = {
        "field": "day", "type": "temporal", "title": None,
        "axis": {"format": "%b %y", "tickCount": 3 if phone else 6, "labelOverlap": True},
        "scale": {"nice": True},
    }  # fmt: skip
    words = {"x": {"value": 4}, "y": y, "text": {"field": "words"}}
    layers = [
        layer("rule", {"x": {**x, "field": "early"}, "x2": {"field": "late"}, "y": y}, "isValid(datum.day)",
              color=PALE, strokeWidth=10, strokeCap="round"),
        layer("point", {"x": x, "y": y}, "isValid(datum.day)", filled=True, shape="diamond", size=110, color=INK, opacity=1),
        {"data": records([{"due": due}]), **layer("rule", {"x": {**x, "field": "due"}}, color=INK, strokeDash=[5, 4])},
        layer("text", words, "!isValid(datum.day)", align="left", stroke="white", strokeWidth=6),
        layer("text", words, "!isValid(datum.day)", align="left", color=QUIET),
    ]  # fmt: skip
    return {
        "data": records(rows), "width": width - room - 30, "height": {"step": 34}, "layer": layers,
        "title": small_title("The dashed line is the day of the target", width),
    }  # fmt: skip


def two_maps(first: Rows, second: Rows, *, size: str, width: int, titles: tuple[str, str]) -> Spec:
    """Tiles of boroughs on two maps, on one grid. Rows: column, row, short, text, fill, ink."""
    phone = size == "phone"
    every = [*first, *second]
    columns, depth = (range(1 + max((row[side] for row in every), default=0)) for side in ("column", "row"))
    plot = width - 10 if phone else (width - 50) // 2
    drawn = []
    for rows, title in ((first, titles[0]), (second, titles[1])):
        at = {
            "x": {"field": "column", "type": "ordinal", "axis": None, "scale": {"domain": list(columns), "paddingInner": 0.05}},
            "y": {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(depth), "paddingInner": 0.07}},
        }  # fmt: skip
        found = _tiles(rows, at, plot, len(depth) * (50 if phone else 58))
        found["layer"][1]["mark"] |= {"dy": 9}
        name = {**found["layer"][1]["encoding"], "text": {"field": "short"}}
        found["layer"].append(layer("text", name, dy=-9, fontSize=12))
        drawn.append({**found, "title": small_title(title, plot)})
    return {("vconcat" if phone else "hconcat"): drawn, "spacing": 30}
