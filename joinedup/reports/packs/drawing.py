"""Pictures for documents that cannot carry SVG: drawn for the shape of their place, once, and crisp."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from joinedup.charts.picture import to_svg
from joinedup.charts.theme import WIDTHS, config

if TYPE_CHECKING:
    from joinedup.charts.picture import Picture

SCALE = 2.5
WIDE = 1000
"""Pixels across a slide's picture: the text is then about 12 points there."""


def drawn_for(picture: Picture, shape: float) -> tuple[bytes, float, float]:
    """PNG bytes with width and height in pixels of the drawing: as wide as a slide where the place is wide, else A4."""
    size, width = ("page", WIDE) if shape > 1.5 else ("a4", WIDTHS["a4"])
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": config(),
        **picture.draw(size, width),
    }
    return png_of(to_svg(spec))


def png_of(svg: str) -> tuple[bytes, float, float]:
    """PNG bytes of a drawing, with its width and height."""
    import vl_convert

    root = re.match(r"<svg[^>]*>", svg)
    sides = dict(re.findall(r'\s(width|height)="([0-9.]+)"', root.group() if root else ""))
    png: bytes = vl_convert.svg_to_png(svg, scale=SCALE)
    return png, float(sides["width"]), float(sides["height"])
