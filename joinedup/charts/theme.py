"""Colours, type and sizes of every chart, set once.

Source of the colours: Government Analysis Function, "Data visualisation: colours in charts"; of blue for improvement and
orange for concern: NHS England, Making Data Count.
"""

from __future__ import annotations

from typing import Any, Final

CATEGORIES: Final = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
ORDERED: Final = ("#12436D", "#2073BC", "#6BACE6")
ONE: Final = "#12436D"
REST: Final = "#BFBFBF"
INK: Final = "#0B0C0C"
QUIET: Final = "#505A5F"
GRID: Final = "#E3E3E3"
IMPROVEMENT: Final = "#005EB8"
CONCERN: Final = "#C75300"
COMMON: Final = "#76777A"
SECOND: Final = "#28A197"
THIRD: Final = "#F46A25"
PALE: Final = "#9FB3D1"
BAND: Final = "#D0D3D6"

# Widths in CSS pixels of the drawing itself: a phone, a page, a sheet of A4. Each is drawn, not scaled.
WIDTHS: Final = {"phone": 300, "page": 760, "a4": 640}

FONT: Final = "Arial, Helvetica, sans-serif"


def config(size: int = 13) -> dict[str, Any]:
    """Vega-Lite configuration; `size` is the text size in pixels (12 is the floor at 320 px)."""
    text = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": size,
        "titleFontSize": size,
        "labelColor": INK,
        "titleColor": INK,
    }
    return {
        "background": "white",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **text,
            "titleFontWeight": "normal",
            "grid": True,
            "gridColor": GRID,
            "domainColor": QUIET,
            "tickColor": QUIET,
            "labelLimit": 260,
        },
        "header": {
            **text,
            "labelFontSize": size + 1,
            "labelFontWeight": "bold",
            "labelAnchor": "start",
            "titleFontSize": 0,
        },
        "legend": {**text, "titleFontSize": 0, "symbolSize": 90},
        "text": {"font": FONT, "fontSize": size, "color": INK},
    }
