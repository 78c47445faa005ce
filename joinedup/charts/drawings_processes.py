"""A process map as arcs: activities down the middle, what comes next on the right, what goes back on the left.

No number is computed here and none is released here. The same form holds on a phone, where boxes and arrows in two
dimensions would not; arc diagrams after Wattenberg 2002.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from joinedup.charts.grammar import PIXELS, Spec, layer, small_title
from joinedup.charts.theme import CONCERN, INK, ONE, QUIET, REST

POINTS = 25
"""Of each arc, which is drawn as short lines."""
WIDEST, THINNEST = 10.0, 1.0
HEAD, TALL, STEP = 8, 44, 82


class Arc(NamedTuple):
    """A step from one activity to another; `text` stands beside it where there is room, on a phone `brief`."""

    before: str
    after: str
    times: int
    text: str
    brief: str


def arcs(nodes: Mapping[str, str], steps: Sequence[Arc], *, size: str, width: int, title: str) -> Spec:
    """Activities in order with a line of text each (numbers below the name), and steps, the most frequent first."""
    place = _Places(list(nodes), size, width)
    most = max((step.times for step in steps), default=1)
    lines, heads, labels = [], [], []
    for number, step in enumerate(steps):
        points, side = list(place.points(step)), place.side(step)
        common = {"side": side, "thick": max(WIDEST * step.times / most, THINNEST), "id": number}
        lines += [{**common, "k": k, "x": x, "y": y} for k, (x, y) in enumerate(points)]
        heads.append({**common, "x": points[-1][0], "y": points[-1][1]})
        label = place.label(points[POINTS // 2], side, step.brief if size == "phone" else step.text)
        labels += [label] if label else []
    boxes = [
        {"x": place.left, "x2": place.right, "y": y - TALL / 2, "y2": y + TALL / 2}
        for y in map(place.y, nodes)
    ]
    names = [
        {"x": place.middle, "y": place.y(name), "text": place.short(name), "below": below}
        for name, below in nodes.items()
    ]
    return {
        "width": place.wide, "height": place.height, "title": small_title(title, width),
        "layer": _layers(place, {"lines": lines, "heads": heads, "labels": labels, "boxes": boxes, "names": names}),
    }  # fmt: skip


class _Places:
    """Where everything stands, in pixels from the upper left."""

    def __init__(self, names: Sequence[str], size: str, width: int) -> None:
        self.row = {name: number for number, name in enumerate(names)}
        self.wide = width - 10
        box = 112 if size == "phone" else 190
        self.left, self.right = (self.wide - box) / 2, (self.wide + box) / 2
        self.middle, self.letters = self.wide / 2, box // PIXELS
        # Beside the farthest arc stands its text.
        self.room = (self.wide - box) / 2 - (44 if size == "phone" else 116)
        self.height = STEP * len(names)
        self.taken: list[tuple[float, float, float]] = []

    def y(self, name: str) -> float:
        """The middle of an activity's box."""
        return STEP * (self.row[name] + 0.5)

    def short(self, name: str) -> str:
        """A name that fits its box."""
        return textwrap.shorten(name, self.letters, placeholder=" ...") if len(name) > self.letters else name

    def side(self, step: Arc) -> str:
        """Straight down to the next activity, forwards over some, or back."""
        rows = self.row[step.after] - self.row[step.before]
        return "next" if rows == 1 else "forward" if rows > 1 else "back"

    def points(self, step: Arc) -> Iterator[tuple[float, float]]:
        """The way of a step: straight from box to box, or an arc from below one middle to above another."""
        begin, end, side = self.y(step.before), self.y(step.after), self.side(step)
        rows = abs(self.row[step.after] - self.row[step.before])
        apart = {"next": TALL / 2, "forward": 9, "back": -9}[side]
        begin, end = begin + apart, end - apart - (HEAD if side == "next" else 0)
        edge = {"next": self.middle, "forward": self.right, "back": self.left}[side]
        reach = 0 if side == "next" else self.room * (rows / max(len(self.row) - 1, 1)) ** 0.6
        tip = {"next": 0, "forward": HEAD / 2, "back": -HEAD / 2}[side]
        for k in range(POINTS):
            t = k / (POINTS - 1)
            bow, rise = 4 * t * (1 - t), t * t * (3 - 2 * t)
            yield edge + (reach if side != "back" else -reach) * bow + tip * t, begin + (end - begin) * rise

    def label(self, at: tuple[float, float], side: str, text: str) -> dict[str, Any] | None:
        """The text beside the widest point of an arc, where nothing stands yet."""
        away, long = {"next": 10, "forward": 7, "back": -7}[side], len(text) * PIXELS
        x, y = at[0] + away, at[1]
        near, far = (x, x + long) if side != "back" else (x - long, x)
        crowded = any(
            abs(y - other) < 15 and near < right and left < far for left, right, other in self.taken
        )
        if not text or crowded or near < 0 or far > self.wide + 8:
            return None
        self.taken.append((near, far, y))
        return {"x": x, "y": y, "text": text, "side": side}


def _layers(place: _Places, rows: Mapping[str, list[dict[str, Any]]]) -> list[Spec]:
    x = _pixels("x", place.wide)
    y = _pixels("y", place.height, reverse=True)
    at = {"x": x, "y": y}
    sides = ["next", "forward", "back"]
    side = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": sides, "range": [ONE, ONE, CONCERN]},
    }
    shape = {
        **side,
        "scale": {"domain": sides, "range": ["triangle-down", "triangle-left", "triangle-right"]},
    }
    path = {
        **at, "detail": {"field": "id"}, "order": {"field": "k"}, "color": side,
        "strokeWidth": {"field": "thick", "type": "quantitative", "scale": None},
    }  # fmt: skip
    box = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    text = {**at, "text": {"field": "text"}}
    below = {**at, "text": {"field": "below"}}
    beside = [
        _of(
            rows["labels"],
            "text",
            text,
            f"(datum.side === 'back') === {back}",
            align=align,
            fontSize=12,
            **look,
        )
        for back, align in (("true", "right"), ("false", "left"))
        for look in ({"color": "#FFFFFF", "stroke": "#FFFFFF", "strokeWidth": 4}, {"color": INK})
    ]
    return [
        _of(rows["lines"], "line", path, opacity=0.55, strokeCap="butt"),
        _of(rows["boxes"], "rect", box, color="#FFFFFF", stroke=REST, strokeWidth=1.5, cornerRadius=3),
        _of(
            rows["heads"],
            "point",
            {**at, "color": side, "shape": shape},
            filled=True,
            opacity=1,
            size=HEAD * 14,
        ),
        _of(rows["names"], "text", text, color=INK, fontWeight="bold", dy=-8),
        _of(rows["names"], "text", below, color=QUIET, dy=9, fontSize=12),
        *beside,
    ]


def _pixels(field: str, most: float, *, reverse: bool = False) -> Spec:
    scale = {"domain": [0, most], "nice": False, "reverse": reverse}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _of(
    rows: list[dict[str, Any]], mark: str, encoding: Mapping[str, Any], where: str = "", **style: Any
) -> Spec:
    return {"data": {"values": rows}, **layer(mark, encoding, where, **style)}
