"""Two panels of one thing, side by side on a page and one above the other on a phone. No number is computed here.

Every kind has a second sign besides its colour: shape, dash or label.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from joinedup.charts.grammar import Rows, Spec, layer, names, number, records, small_title
from joinedup.charts.theme import BAND, INK, ONE, PALE, QUIET


def ranked(rows: Rows, *, size: str, width: int, title: str) -> Spec:
    """Places in order: an estimate with limits, and the ranks each could hold.

    Rows in order: name, estimate, lower, upper, rank, rank_lower, rank_upper, ranks (their text).
    """
    phone = size == "phone"
    order = [str(row["name"]) for row in rows]
    room = 118 if phone else max(70, min(8 * max((len(name) for name in order), default=8), 180))
    x = number("estimate", axis={"tickCount": 4}, nice=True, padding=8)
    last = max(len(rows), 2)
    ticks = sorted({1, *range(5, last, 5), last} - {last - 1} if last > 12 else set(range(1, last + 1)))
    across = number(
        "rank", axis={"values": ticks, "format": "d", "grid": False}, domain=[0.5, last + 0.5], nice=False
    )
    y = names("name", order, room=room)
    bare = y if phone else {**y, "axis": None}
    estimates = [
        layer("rule", {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}, color=PALE, strokeWidth=9, strokeCap="round"),
        layer("point", {"x": x, "y": y}, filled=True, size=46, color=ONE, opacity=1),
    ]  # fmt: skip
    words = {"x": {**across, "field": "to"}, "y": bare, "text": {"field": "ranks"}}
    ranks = [
        layer("bar", {"x": {**across, "field": "from"}, "x2": {"field": "to"}, "y": bare}, color=BAND, height=14, cornerRadius=4),
        layer("point", {"x": across, "y": bare}, filled=True, shape="diamond", size=60, color=INK, opacity=1),
        layer("text", words, align="left", dx=6),
    ]  # fmt: skip
    plot = width - room - 40 if phone else (width - room - 110) // 2
    # the text of the last rank needs its own room, and a place of its own keeps it off the edge
    panels = [
        (title, estimates, plot),
        ("Ranks it could hold (1 highest)", ranks, plot - 34 if phone else plot),
    ]
    # each rank is as wide as the bar of a place that holds no other
    wide = [{**row, "from": row["rank_lower"] - 0.4, "to": row["rank_upper"] + 0.4} for row in rows]
    return beside(wide, panels, size=size, height={"step": 30 if phone else 27})


def beside(rows: Rows, panels: Sequence[tuple[str, list[Spec], int]], *, size: str, height: Any) -> Spec:
    """Panels (title, layers, width of the plot) side by side, or one above the other on a phone."""
    drawn = [
        {"width": plot, "height": height, "layer": layers, "title": small_title(title, plot)}
        for title, layers, plot in panels
    ]
    return {
        "data": records(rows),
        ("vconcat" if size == "phone" else "hconcat"): drawn,
        "spacing": 26,
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
    }


def two_scales(
    rows: Rows, ends: Rows, *, size: str, width: int, titles: tuple[str, str], firm: tuple[bool, bool]
) -> Spec:
    """One gap on two scales. Rows: at (days), tick (text or null), and gap, lower, upper of _points and _ratio (or null).

    Ends: two rows, at and the line's points and ratio there. `firm` says which line is beyond chance: the other
    is dashed. The dotted line is no gap.
    """
    phone = size == "phone"
    plot = width - 104 if phone else (width - 146) // 2 - 46
    panels = []
    for title, name, sure, none in zip(titles, ("points", "ratio"), firm, (0, 1), strict=True):
        panels.append((title, _scale(rows, ends, name, none, sure=sure), plot))
    return beside(rows, panels, size=size, height=150 if phone else 210)


def _scale(rows: Rows, ends: Rows, name: str, none: int, *, sure: bool) -> list[Spec]:
    values = [
        row[f"{part}_{name}"]
        for row in rows
        for part in ("lower", "upper")
        if row[f"{part}_{name}"] is not None
    ]
    values += [none]
    low, high = min(values), max(values)
    axis: dict[str, Any] = {"tickCount": 5}
    scale: dict[str, Any] = {"nice": True}
    if name == "ratio":  # on a logarithmic scale a half is as far from 1 as a double
        axis = {"values": ratio_ticks(low, high), "format": ".2~f"}
        scale = {"type": "log", "nice": False, "domain": [low * 0.95, high * 1.08]}
    ticks = {row["at"]: row["tick"] for row in rows if row["tick"]}
    x = number(
        "at", padding=12, nice=False,
        axis={"values": list(ticks), "labelExpr": f"({json.dumps(ticks)})[datum.value]", "grid": False, "labelOverlap": True},
    )  # fmt: skip
    y = number(f"gap_{name}", axis=axis, **scale)
    nothing = {name: y[name] for name in ("type", "title", "scale", "axis")} | {"datum": none}
    line = {"x": x, "y": {**y, "field": name}}
    whisker = {"x": x, "y": {**y, "field": f"lower_{name}"}, "y2": {"field": f"upper_{name}"}}
    return [
        layer("rule", {"y": nothing}, color=INK, strokeDash=[2, 3]),
        layer("rule", whisker, color=PALE, strokeWidth=8, strokeCap="round"),
        {"data": records(ends), **layer("line", line, color=INK, strokeWidth=1.5, strokeDash=[1, 0] if sure else [6, 4])},
        layer("point", {"x": x, "y": y}, f"isValid(datum.gap_{name})", filled=True, size=52, color=ONE, opacity=1),
        {"data": records([{}]), **layer("text", {"x": {"value": "width"}, "y": nothing, "text": {"value": "no gap"}}, align="left", dx=4, color=QUIET)},
    ]  # fmt: skip


def ratio_ticks(low: float, high: float) -> list[float]:
    """Ratios to mark on a logarithmic scale between two, 1 among them; six at most."""
    for step in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0):
        found = [round(1 + k * step, 2) for k in range(-50, 200) if low * 0.95 <= 1 + k * step <= high * 1.05]
        if len(found) <= 6:
            return found
    return [1.0]
