"""What a chart is here: a drawing in three sizes, and the words and the table that go with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joinedup.charts.theme import WIDTHS, config
from joinedup.errors import OurFault

Spec = dict[str, Any]
Draw = Callable[[str, int], Spec]


@dataclass(frozen=True)
class Table:
    """The chart's numbers as shown: `rows` of text, `numeric` columns are set right. `codes[i]` opens row i."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise OurFault("A row of a table has another width than its header.")


@dataclass(frozen=True)
class Picture:
    """One chart: the finding as title, one sentence, how to read it, its table, and a way to draw it at a width."""

    slug: str
    title: str
    subtitle: str
    sentence: str
    how_to_read: str
    caption: str
    table: Table
    draw: Draw = field(repr=False, compare=False)
    notes: tuple[str, ...] = ()

    @cached_property
    def svg(self) -> Mapping[str, str]:
        """SVG text by size: phone, page, a4. Text stays text; role, title and description are set."""
        return {size: self._svg(size, width) for size, width in WIDTHS.items()}

    def _svg(self, size: str, width: int) -> str:
        spec = {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "config": config(),
            **self.draw(size, width),
        }
        return accessible(to_svg(spec), f"{self.slug}-{size}", self.title, self.sentence)

    def png(self, size: str = "page", scale: float = 2.0) -> bytes:
        """PNG bytes of one size, for documents that cannot carry SVG."""
        import vl_convert

        png: bytes = vl_convert.svg_to_png(self.svg[size], scale=scale)
        return png


def to_svg(spec: Spec) -> str:
    """Vega-Lite to SVG on this machine; nothing is fetched (`allowed_base_urls` is empty)."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
    return text


def accessible(svg: str, identity: str, title: str, description: str) -> str:
    """Give the root element a role, a title and a description, and let it shrink with its column."""
    label = f'<title id="{identity}-t">{html.escape(title)}</title><desc id="{identity}-d">{html.escape(description)}</desc>'
    root = re.match(r"<svg[^>]*>", svg)
    if root is None:
        raise OurFault("A drawing is not SVG.")
    tag = re.sub(r'\s(class|aria-[a-z]+|role)="[^"]*"', "", root.group())
    tag = tag[:-1] + f' role="img" aria-labelledby="{identity}-t {identity}-d" focusable="false">'
    # Vega gives every group of marks a role; one description of the whole serves a screen reader better.
    body = re.sub(r'\s(aria-[a-z]+|role)="[^"]*"', "", svg[root.end() :])
    return tag + label + body


def records(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Inline data of a Vega-Lite specification."""
    return {"values": [dict(row) for row in rows]}
