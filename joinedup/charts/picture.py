"""What a chart is here: a drawing in three sizes, and the words and the table that go with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joinedup.charts.theme import WIDTHS, config
from joinedup.errors import OurFault

Spec = dict[str, Any]
Draw = Callable[[str, int], Spec]


@dataclass(frozen=True)
class Table:
    """The chart's numbers as shown: `rows` of text; `numeric` columns are set right.

    `codes[i]` opens the numbers of row i. Where the numbers of a row are different figures, `cell_codes` has a code
    for each cell instead, "" for cells that are not figures. `icons` has SVG for each cell, "" for none; the words
    beside it say the same.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    codes: tuple[str, ...] = ()
    cell_codes: tuple[tuple[str, ...], ...] = ()
    icons: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in (*self.rows, *self.cell_codes, *self.icons)):
            raise OurFault("A row of a table has another width than its header.")
        if any(codes and len(codes) != len(self.rows) for codes in (self.codes, self.cell_codes, self.icons)):
            raise OurFault("A table has another number of codes or icons than of rows.")

    @property
    def every_code(self) -> tuple[str, ...]:
        """All codes that the table shows."""
        return (*self.codes, *(code for row in self.cell_codes for code in row if code))

    def spelled_out(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Header and rows with every code in a column of its own, for files that are read by programs."""
        if self.codes:
            return (*self.header, "Code"), tuple(
                (*row, code) for row, code in zip(self.rows, self.codes, strict=True)
            )
        coded = [j for j in range(len(self.header)) if any(row[j] for row in self.cell_codes)]
        header = (*self.header, *(f"Code: {self.header[j]}" for j in coded))
        codes = self.cell_codes or (("",) * len(self.header),) * len(self.rows)
        return header, tuple(
            (*row, *(own[j] for j in coded)) for row, own in zip(self.rows, codes, strict=True)
        )


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
        return {size: self.drawn(size) for size in WIDTHS}

    @property
    def drawing(self) -> bool:
        """Whether there is anything to draw: some answers are a table alone."""
        return bool(self.draw("page", WIDTHS["page"]))

    def spec(self, size: str) -> Spec:
        """The Vega-Lite specification of one size: plain values that can be kept and drawn later."""
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "config": config(),
            **self.draw(size, WIDTHS[size]),
        }

    def drawn(self, size: str) -> str:
        """SVG text of one size alone."""
        return accessible(to_svg(self.spec(size)), f"{self.slug}-{size}", self.title, self.sentence)

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
    # Vega counts its clips on through a process: own names keep drawings apart on one page, and alike from run to run.
    clips = {
        name: f"{identity}-c{k}" for k, name in enumerate(dict.fromkeys(re.findall(r'id="(clip\d+)"', body)))
    }
    body = re.sub(r'(id="|url\(#)(clip\d+)', lambda found: found[1] + clips[found[2]], body)
    return tag + label + body
