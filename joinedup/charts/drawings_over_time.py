"""Small multiples over time, and the funnel. No number is computed here and none is released here.

Sources: NHS England, Making Data Count (control charts); Spiegelhalter 2005 (funnels).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from joinedup.charts.grammar import Rows, Spec, kinds, layer, number, records, small_title
from joinedup.charts.icons import ASSURANCE_ICONS, VARIATION_ICONS, Icon
from joinedup.charts.points import noted, opening
from joinedup.charts.theme import BAND, COMMON, CONCERN, IMPROVEMENT, INK, ONE, PALE, QUIET

POINT_KINDS = ("common cause", "improvement", "concern")
LINES = (
    ("lower95", [4, 3]),
    ("upper95", [4, 3]),
    ("lower998", [1, 0]),
    ("upper998", [1, 0]),
    ("centre", [1, 0]),
)


def control_chart(
    rows: Rows,
    *,
    size: str,
    width: int,
    title: str,
    target: float | None,
    order: Sequence[str],
    domain: tuple[float, float],
    joins: Sequence[date] = (),
) -> Spec:
    """Small multiples with one scale. Rows: series, date (ISO), value, mean, lower, upper, kind (POINT_KINDS).
    `joins` are days marked by a dotted line. Rows with a `predicted` value have it drawn as a line of long dashes.

    The last row of a series has the `word` of its last point, and names its icons by what they say: `variation` and,
    where there is a target, `assurance`.
    """
    columns = min({"phone": 1, "a4": 3}.get(size, 4), max(len(order), 1))
    x = _time("%b %y", 3 if columns > 1 else 5)
    y = number("value", axis={"tickCount": 4}, domain=list(domain), nice=False)
    at = {"x": x, "y": y}
    colour = dict(zip(POINT_KINDS, (COMMON, IMPROVEMENT, CONCERN), strict=True))
    shape = dict(zip(POINT_KINDS, ("circle", "triangle-up", "square"), strict=True))
    key = {"symbolSize": 80, "columns": 1 if size == "phone" else 3}
    marks = {
        **at, **opening(rows), "color": kinds("kind", colour, **key), "shape": kinds("kind", shape, **key),
    }  # fmt: skip
    layers = [
        layer(
            "area",
            {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            color=BAND,
            opacity=0.6,
            clip=True,
        ),
        layer("line", {"x": x, "y": {**y, "field": "mean"}}, color=QUIET, strokeWidth=1),
        layer("line", at, color=COMMON, strokeWidth=1),
        layer("point", marks, filled=True, opacity=1, size=28),
        *noted(rows, at),
    ]
    if target is not None:
        layers.insert(1, layer("rule", {"y": {"datum": target}}, color=INK, strokeDash=[4, 3]))
    if any("predicted" in row for row in rows):
        foretold = {"x": x, "y": {**y, "field": "predicted"}}
        layers.append(
            layer("line", foretold, "isValid(datum.predicted)", color=INK, strokeDash=[8, 4], clip=True)
        )
    layers += [_join(day) for day in joins]
    layers += _icons(rows, _panel_width(width, columns))
    return _panels(rows, layers, order, size=size, width=width, columns=columns, title=title)


def lines(rows: Rows, *, size: str, width: int, title: str, order: Sequence[str]) -> Spec:
    """A panel a series, on one scale, a point a year. Rows: series, year, value, lower, upper; a year without a value breaks the line."""
    columns = min({"phone": 1, "a4": 3}.get(size, 4), max(len(order), 1))
    years = sorted({str(row["year"]) for row in rows})
    flush = (
        {"labelAlign": {"expr": f"datum.value === '{years[0]}' ? 'left' : 'right'"}} if len(years) > 1 else {}
    )
    axis = {
        "values": [*years[:1], *years[-1:]],
        "labelAngle": 0,
        "labelOverlap": False,
        "grid": False,
        **flush,
    }
    x = {
        "field": "year",
        "type": "ordinal",
        "title": None,
        "axis": axis,
        "scale": {"type": "point", "padding": 0.2},
    }
    y = number("value", axis={"tickCount": 4})
    at = {"x": x, "y": y}
    layers = [
        layer(
            "area", {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}}, color=PALE, opacity=0.6
        ),
        layer("line", at, color=ONE, strokeWidth=2),
        layer("point", {**at, **opening(rows)}, filled=True, size=30, color=ONE, opacity=1),
        *noted(rows, at),
    ]
    return _panels(rows, layers, order, size=size, width=width, columns=columns, title=title)


def _join(day: date) -> Spec:
    """Once a panel: of its rows, the last alone has a word."""
    at = {"x": {"datum": {"year": day.year, "month": day.month, "date": day.day}, "type": "temporal"}}
    return layer("rule", at, "isValid(datum.word)", color=INK, strokeDash=[1, 3], clip=True)


def _time(form: str, ticks: int | str) -> Spec:
    axis = {"format": form, "tickCount": ticks, "grid": False, "labelOverlap": True, "labelFlush": True}
    return {"field": "date", "type": "temporal", "title": None, "axis": axis}


def _icons(rows: Rows, right: int) -> list[Spec]:
    """The word of each panel above it, and its icons up to the right edge."""
    word = {"x": {"value": 0}, "y": {"value": -12}, "text": {"field": "word"}}
    found = [layer("text", word, "isValid(datum.word)", align="left")]
    for name, icons, left in (("variation", VARIATION_ICONS, 34), ("assurance", ASSURANCE_ICONS, 10)):
        shown = {row.get(name) for row in rows}
        for icon in icons.values():
            if icon.words in shown:
                found += _icon(icon, f"datum.{name} === '{icon.words}'", right - left)
    return found


def _icon(icon: Icon, where: str, across: float) -> list[Spec]:
    """An icon `across` pixels from the left of each panel for which `where` holds, above it."""
    at = {"x": {"value": across}, "y": {"value": -12}}
    style = {"shape": icon.path, "size": 330, "opacity": 1, "strokeWidth": 1.5, "filled": icon.filled}
    drawn = [layer("point", at, where, color=icon.colour, **style)]
    if icon.letter:
        words = {**at, "text": {"value": icon.letter}}
        drop = 9 * icon.drop + 0.5
        drawn.append(
            layer("text", words, where, color="white", fontWeight="bold", fontSize=12, dy=drop - 0.5)
        )
    return drawn


def _panel_width(width: int, columns: int) -> int:
    return width - 62 if columns == 1 else (width - 68 - 20 * columns) // columns


def _panels(
    rows: Rows,
    layers: Sequence[Spec],
    order: Sequence[str],
    *,
    size: str,
    width: int,
    columns: int,
    title: str,
) -> Spec:
    header = {
        "labelExpr": "split(datum.label, '|')",
        "labelAnchor": "start",
        "title": None,
        "labelLineHeight": 17,
        "labelPadding": 4,
    }
    return {
        "data": records(rows),
        "facet": {"field": "series", "type": "nominal", "sort": list(order), "title": None, "header": header},
        "columns": columns,
        "spec": {
            "width": _panel_width(width, columns),
            "height": 120 if columns > 1 else 104,
            "layer": list(layers),
        },
        "spacing": {"row": 20, "column": 20},
        "title": small_title(title, width),
    }


def funnel(
    rows: Rows,
    limits: Rows,
    *,
    width: float,
    height: float,
    x_title: str,
    y_title: str,
    most: float,
    between: tuple[float, float],
) -> Spec:
    """Rows: name, denominator, value, outside (bool), nudge, side (left | right of the dot), for their labels.

    Limits: denominator, lower95, upper95, lower998, upper998, centre. The plot is `width` by `height` pixels, from 0 to `most`
    across and `between` two values up, so that labels could be placed before it is drawn.
    """
    across = number(
        "denominator", zero=True, axis={"grid": False, "tickCount": 4, "titlePadding": 8}, domain=[0, most]
    )
    x = {**across, "title": x_title}
    y = number("value", axis={"tickCount": 5}, domain=list(between))
    at = {"x": x, "y": y}
    curves = [
        layer(
            "line",
            {"x": x, "y": {**y, "field": name}},
            color=QUIET,
            strokeDash=dash,
            strokeWidth=1,
            clip=True,
        )
        for name, dash in LINES
    ]
    shape = {
        "field": "outside",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [False, True], "range": ["circle", "square"]},
    }
    colour = {**shape, "scale": {"domain": [False, True], "range": [ONE, CONCERN]}}
    look = {**at, **opening(rows), "shape": shape, "color": colour}
    points = [layer("point", look, filled=True, size=80, opacity=1)]
    for side, align, dx in (("right", "left", 8), ("left", "right", -8)):
        words = {**at, "text": {"field": "name"}}
        style = {"align": align, "dx": dx, "dy": {"expr": "datum.nudge || 0"}}
        points += [  # white behind the letters, so that no curve runs through a name
            layer("text", words, f"datum.side === '{side}'", **style, stroke="white", strokeWidth=4),
            layer("text", words, f"datum.side === '{side}'", **style),
        ]
    layers = [
        {"data": records(limits), "layer": curves},
        {"data": records(rows), "layer": [*points[1:], points[0], *noted(rows, at)]},
    ]
    return {"width": width, "height": height, "layer": layers, "title": small_title(y_title, width)}
