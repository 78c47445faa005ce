"""A report as PDF/UA-1 through Typst: tagged, with alternative text, A4, one idea a page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture, Table
from joinedup.errors import MissingPart, OurFault
from joinedup.reports.content import Block, Headline, Report

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"

POINT, WIDEST, TALLEST = 0.76, 493.0, 520.0
"""Points of a pixel, and the room on an A4 page beside the words of a chart."""


def render_pdf(report: Report) -> bytes:
    """PDF bytes. Nothing touches the disk: the template, the data and the drawings are given to Typst in memory.

    Raises MissingPart when the extra `reports` is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingPart("PDF needs Typst.", remedy="Install joinedup[reports].") from error
    files = {"main.typ": TEMPLATE.read_bytes(), "report.json": json.dumps(_data(report)).encode()}
    files |= {f"{picture.slug}.svg": picture.svg["a4"].encode() for picture in report.pictures}
    compile_in_memory: Any = typst.compile  # its type stub leaves out the form that takes files as a mapping
    return bytes(compile_in_memory(files, format="pdf", pdf_standards=["ua-1"]))


def _data(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "headlines": [_headline(h) for h in report.headlines],
        "facts": [list(pair) for pair in report.facts],
        "footnotes": list(report.footnotes),
        "sections": [
            {
                "heading": s.heading,
                "lead": list(s.lead),
                "cautions": list(s.cautions),
                "items": [item_data(i) for i in s.items],
            }
            for s in report.sections
        ],
    }


def _headline(headline: Headline) -> dict[str, str]:
    """The first sentence stands out on the first page."""
    first, point, rest = headline.text.partition(". ")
    return {"first": first + point.strip(), "rest": rest, "code": headline.code}


def item_data(item: Picture | Block) -> dict[str, Any]:
    """A picture or a table as the templates of Typst read it."""
    words = {"title": item.title, "sentence": item.sentence, "table": _table(item.table)}
    if not isinstance(item, Picture):
        return {**words, "svg": None}
    return {
        **words,
        "svg": f"{item.slug}.svg",
        "width": printed_width(item.svg["a4"]),
        "alt": f"{item.title}. {item.sentence}",
        "how": item.how_to_read,
        "notes": list(item.notes),
        "subtitle": item.subtitle,
        "caption": item.caption,
    }


def _table(table: Table) -> dict[str, Any]:
    """Codes stand under their number, or in the last column where a row has one."""
    header, rows = (table.header, table.rows) if table.cell_codes else table.spelled_out()
    return {
        "header": list(header),
        "rows": [list(row) for row in rows],
        "numeric": sorted(table.numeric),
        "codes": [list(row) for row in table.cell_codes],
    }


def printed_width(svg: str) -> float:
    """Width of a drawing on paper, in points: text is as large in every chart, unless it is too large for the page."""
    width, height = (_pixels(svg, side) for side in ("width", "height"))
    return min(POINT * width, WIDEST, TALLEST * width / height)


def _pixels(svg: str, side: str) -> float:
    found = re.search(rf'<svg[^>]*\s{side}="([0-9.]+)"', svg)
    if found is None:
        raise OurFault(f"A drawing has no {side}.")
    return float(found.group(1))
