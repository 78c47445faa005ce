"""The few words of Vega-Lite that the drawings are made of: axes, layers, titles."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.charts.theme import QUIET

Spec = dict[str, Any]
PIXELS = 7
"""Width of a letter of the text in charts, more or less."""
Rows = Sequence[Mapping[str, Any]]


def records(rows: Rows) -> Spec:
    """Inline data of a specification."""
    return {"values": [dict(row) for row in rows]}


def number(field: str, *, zero: bool = False, axis: Mapping[str, Any] | None = None, **scale: Any) -> Spec:
    """A position along a scale of numbers; it starts at nought only where asked, as bars must."""
    found: Spec = {"field": field, "type": "quantitative", "title": None, "scale": {"zero": zero, **scale}}
    return {**found, "axis": dict(axis)} if axis is not None else found


def names(field: str, order: Sequence[str], *, room: int) -> Spec:
    """Names down the side, in an order, broken into lines that fit so many pixels."""
    lines = {name: textwrap.wrap(name, max(room // PIXELS, 8)) for name in order if len(name) * PIXELS > room}
    broken = (
        {"labelExpr": f"({json.dumps(lines)})[datum.label] || datum.label", "labelLineHeight": 13}
        if lines
        else {}
    )
    axis = {
        "grid": False,
        "labelLimit": room + 30,
        "ticks": False,
        "domain": False,
        "labelPadding": 6,
        **broken,
    }
    return {"field": field, "type": "nominal", "sort": list(order), "title": None, "axis": axis}


def kinds(field: str, look: Mapping[str, Any], **legend: Any) -> Spec:
    """What a thing is, shown by one channel (colour, shape, dash) with a key below the drawing."""
    scale = {"domain": list(look), "range": list(look.values())}
    return {
        "field": field,
        "type": "nominal",
        "title": None,
        "scale": scale,
        "legend": {"orient": "bottom", "labelLimit": 300, **legend} if legend else None,
    }


def layer(mark: str, encoding: Mapping[str, Any], where: str = "", **style: Any) -> Spec:
    """One layer of marks; `where` keeps the rows for which the expression holds."""
    found: Spec = {"mark": {"type": mark, **style}, "encoding": dict(encoding)}
    return {"transform": [{"filter": where}], **found} if where else found


def small_title(text: str, width: float) -> Spec:
    """What is measured and in which unit, small above the drawing, in lines that fit so many pixels."""
    return {
        "text": textwrap.wrap(text, max(int(width) // PIXELS, 20)),
        "anchor": "start",
        "fontSize": 13,
        "fontWeight": "normal",
        "color": QUIET,
        "offset": 8,
    }
