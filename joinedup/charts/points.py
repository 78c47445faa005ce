"""What stands beside the points of a chart: the mark of a note written about one, and the address that opens one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joinedup.charts.grammar import Rows, Spec, layer
from joinedup.charts.theme import INK

ADDRESS = "https://code/"
"""Vega would lay a relative address beside its own host: codes travel under this one, and leave it when drawn."""
CODED = re.compile(rf'<a xlink:href="{ADDRESS}([A-Z2-7]{{10}})">')


@dataclass(frozen=True)
class Points:
    """Marks (such as "1") by the code of the figure they are about. `linked`: each point carries its code, so that a
    page can open it."""

    marks: Mapping[str, str] = field(default_factory=dict)
    linked: bool = False

    def of(self, code: str) -> dict[str, Any]:
        """What the row of a figure holds besides the figure."""
        found: dict[str, Any] = {"mark": self.marks[code]} if code in self.marks else {}
        return {**found, "href": ADDRESS + code} if self.linked and code else found


PLAIN = Points()


def noted(rows: Rows, at: Mapping[str, Any]) -> list[Spec]:
    """Layers that ring the points with a mark and write it above them; none where no row has one."""
    if not any("mark" in row for row in rows):
        return []
    here = "isValid(datum.mark)"
    words = {**at, "text": {"field": "mark"}}
    style = {"dy": -15, "fontWeight": "bold", "fontSize": 13}
    return [
        layer("point", at, here, filled=False, size=190, color=INK, strokeWidth=1.8, opacity=1),
        layer("text", words, here, stroke="white", strokeWidth=4, **style),
        layer("text", words, here, **style),
    ]


def opening(rows: Rows) -> dict[str, Any]:
    """The channel that makes points open; empty where rows carry no code."""
    return {"href": {"field": "href", "type": "nominal"}} if any("href" in row for row in rows) else {}


def opened(svg: str, address: str) -> str:
    """A drawing whose points open at `address`, which has {} for the code.

    They are for the mouse: no stops of the keyboard, and hidden from those who hear the page, for whom the drawing is its
    title and description as before and the table beside it has every code.
    """

    def link(found: re.Match[str]) -> str:
        return f'<a href="{address.format(found[1])}" tabindex="-1" aria-label="Open the number {found[1]}">'

    if not CODED.search(svg):
        return svg
    # an image may hold nothing that can be pressed: with links in it the drawing is a group
    told = svg.replace('role="img"', 'role="group"', 1)
    head, end, body = told.partition("</desc>")
    return CODED.sub(link, head + end + body.replace("<g ", '<g aria-hidden="true" ', 1))
