"""Places beside each other: one line among others, dots, and a map of tiles. No number is computed here.

Every kind has a second sign besides its colour: a label, a dash, a width, or words on the tile.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.charts.grammar import PIXELS, Rows, Spec, kinds, layer, names, number, records, small_title
from joinedup.charts.points import noted, opening
from joinedup.charts.theme import CONCERN, IMPROVEMENT, INK, ONE, ORDERED, PALE, QUIET

LINE = 15.0
HEIGHT = {"phone": 230, "page": 320, "a4": 290}
VERDICTS = ("better than the whole, beyond chance", "within chance", "worse than the whole, beyond chance")
SHADES = ("lowest third of the scale", "middle third", "highest third")
TILE_KINDS: Mapping[str, tuple[str, str]] = {
    **dict(zip(VERDICTS, ((IMPROVEMENT, "white"), ("#E8EDEE", INK), (CONCERN, "white")), strict=True)),
    **dict(zip(SHADES, ((ORDERED[2], INK), (ORDERED[1], "white"), (ORDERED[0], "white")), strict=True)),
    "hidden to protect people": ("#FFFFFF", QUIET),
}
"""What a tile says -> its colour, and the colour of its words."""


def among(rows: Rows, *, size: str, width: int, title: str, order: Sequence[str]) -> Spec:
    """One line strong, the others thin and grey, the whole dashed; each named at its end where there is room.

    Rows: series, date (ISO), value, lower, upper, part (own | whole | peer). `order`: series, the strong one first.
    """
    phone = size == "phone"
    room = 0 if phone else min(max((len(name) for name in order), default=0) * PIXELS + 14, 190)
    x: Spec = {
        "field": "date", "type": "temporal", "title": None,
        "axis": {"format": "%b %y", "tickCount": 4 if phone else 6, "grid": False, "labelOverlap": True, "labelFlush": True},
    }  # fmt: skip
    low, high = _domain(rows)
    y = number("value", axis={"tickCount": 5}, nice=False, domain=[low, high])
    at = {"x": x, "y": y, "detail": {"field": "series", "type": "nominal"}}
    band = {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}
    layers = [
        layer("area", band, "datum.part === 'own'", color=PALE, opacity=0.5),
        layer("line", at, "datum.part === 'peer'", color="#AEB7BD", strokeWidth=1.3),
        layer("line", at, "datum.part === 'whole'", color=INK, strokeWidth=1.8, strokeDash=[6, 4]),
        layer("line", at, "datum.part === 'own'", color=ONE, strokeWidth=3),
        layer("point", {**at, **opening(rows)}, "datum.part === 'own'", filled=True, size=34, color=ONE, opacity=1),
        *noted(rows, {"x": x, "y": y}),
    ]  # fmt: skip
    if not phone:
        layers.append(_ends(rows, y, order, HEIGHT[size], (low, high)))
    return {
        "data": records(rows), "width": width - 46 - room, "height": HEIGHT[size], "layer": layers,
        "title": small_title(title, width),
    }  # fmt: skip


def _domain(rows: Rows) -> tuple[float, float]:
    """A scale that holds every line and the band of the strong one, with a little air, in whole numbers."""
    drawn = [row["value"] for row in rows if row["value"] is not None]
    drawn += [
        row[end]
        for row in rows
        for end in ("lower", "upper")
        if row["part"] == "own" and row[end] is not None
    ]
    low, high = min(drawn, default=0.0), max(drawn, default=100.0)
    air = max((high - low) / 20, 0.05)
    step = 1.0 if high - low > 4 else 0.1
    return max(step * math.floor((low - air) / step), 0.0), step * math.ceil((high + air) / step)


def _ends(rows: Rows, y: Spec, order: Sequence[str], height: int, between: tuple[float, float]) -> Spec:
    """The name of each series beside its last point, moved so far that no two touch."""
    last = {str(row["series"]): row for row in rows if row["value"] is not None}
    found = [last[name] for name in order if name in last]
    low, high = between
    at = [height * (high - row["value"]) / (high - low) for row in found]
    labels = [
        {**row, "nudge": up - here} for row, up, here in zip(found, _apart(at, height), at, strict=True)
    ]
    words = {"x": {"value": "width"}, "y": y, "text": {"field": "series"}}
    style: dict[str, Any] = {"align": "left", "dx": 8, "dy": {"expr": "datum.nudge"}}
    strong, rest = "datum.part !== 'peer'", "datum.part === 'peer'"
    return {
        "data": records(labels),
        "layer": [
            layer("text", words, strong, fontWeight="bold", **style),
            layer("text", words, rest, color=QUIET, **style),
        ],
    }


def _apart(wanted: Sequence[float], height: float) -> list[float]:
    """Heights as near to those wanted as leaves a line of text between each two, in the order given."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed: dict[int, float] = {}
    before = -LINE
    for at in order:
        placed[at] = before = max(wanted[at], before + LINE)
    below = max(height, LINE * (len(wanted) - 1)) + LINE
    for at in reversed(order):
        placed[at] = below = min(placed[at], below - LINE)
    return [placed[at] for at in range(len(wanted))]


def places(
    rows: Rows, *, size: str, width: int, title: str, order: Sequence[str], whole: float | None
) -> Spec:
    """A dot and its interval for each place, one of them strong. Rows: name, value, lower, upper, own (bool).

    `whole`: the value of all of them together, a dashed line.
    """
    phone = size == "phone"
    room = 126 if phone else max(90, min(8 * max((len(name) for name in order), default=8), 200))
    x = number("value", axis={"tickCount": 4 if phone else 6}, nice=True, padding=8)
    y = names("name", order, room=room)
    at = {"x": x, "y": y}
    spread = {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}
    layers = [
        layer("rule", spread, color=PALE, strokeWidth=9, strokeCap="round"),
        layer("point", {**at, **opening(rows)}, "!datum.own", filled=True, size=50, color=QUIET, opacity=1),
        layer("point", {**at, **opening(rows)}, "datum.own", filled=True, shape="diamond", size=130, color=ONE, opacity=1),
        *noted(rows, at),
        layer(
            "text", {"x": {"value": 2}, "y": y, "text": {"value": "hidden to protect people"}},
            "datum.value === null", color=QUIET, align="left", fontStyle="italic",
        ),
    ]  # fmt: skip
    if whole is not None:
        layers.insert(0, layer("rule", {"x": {**x, "datum": whole, "field": None}}, color=INK, strokeDash=[4, 3]))  # fmt: skip
        layers[0]["encoding"]["x"].pop("field")
    return {
        "data": records(rows), "width": width - room - 24, "height": {"step": 33 if phone else 30}, "layer": layers,
        "title": small_title(title, width),
    }  # fmt: skip


def tiles(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """A tile for each place, where it lies. Rows: column, row, name, short, text, limits, kind (TILE_KINDS), own
    (bool)."""
    phone = size == "phone"
    columns, depth = (1 + max((row[side] for row in rows), default=0) for side in ("column", "row"))
    wide, high = (width - 8) / columns, 58 if phone else 84
    shown = {row["kind"] for row in rows}
    look = {kind: TILE_KINDS[kind][0] for kind in TILE_KINDS if kind in shown}
    key = {"columns": 1 if phone else 3, "symbolType": "square", "symbolSize": 160, "symbolStrokeColor": QUIET, "symbolStrokeWidth": 1}  # fmt: skip
    x = {"field": "column", "type": "ordinal", "axis": None, "scale": {"domain": list(range(columns)), "paddingInner": 0.04}}  # fmt: skip
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(depth)), "paddingInner": 0.06}}  # fmt: skip
    at: dict[str, Any] = {"x": x, "y": y}
    layers = [
        layer("rect", {**at, **opening(rows), "color": kinds("kind", look, **key)}, stroke=QUIET, strokeWidth=0.8),
        layer("rect", at, "datum.own", filled=False, stroke=INK, strokeWidth=4),
    ]  # fmt: skip
    for colour in ("white", INK, QUIET):
        own = [row["kind"] for row in rows if TILE_KINDS[row["kind"]][1] == colour]
        if own:
            where = " || ".join(f"datum.kind === '{kind}'" for kind in dict.fromkeys(own))
            layers += _words(at, where, colour, phone)
    if any("mark" in row for row in rows):
        style = {"align": "right", "dx": wide / 2 - 8, "dy": -high / 2 + 14, "fontWeight": "bold"}
        told = {**at, "text": {"field": "mark"}}
        layers += [layer("text", told, "isValid(datum.mark)", stroke="white", strokeWidth=5, **style)]
        layers += [layer("text", told, "isValid(datum.mark)", color=INK, **style)]
    return {
        "data": records(rows), "width": width - 8, "height": high * depth, "layer": layers, "title": small_title(title, width),
    }  # fmt: skip


def _words(at: Mapping[str, Any], where: str, colour: str, phone: bool) -> list[Spec]:
    name = {**at, "text": {"field": "short" if phone else "name"}}
    limits = (
        []
        if phone
        else [
            layer("text", {**at, "text": {"field": "limits"}}, where, color=colour, dy=29, fontSize=12),
        ]
    )
    return [
        *limits,
        layer("text", name, where, color=colour, dy=-10 if phone else -17, fontSize=12 if phone else 13),
        layer("text", {**at, "text": {"field": "text"}}, where, color=colour, dy=10 if phone else 6, fontWeight="bold", fontSize=14 if phone else 17),
    ]  # fmt: skip
