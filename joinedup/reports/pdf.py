"""A report as PDF/UA-1 through Typst: tagged, with alternative text, A4, one idea a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture
from joinedup.errors import MissingPart
from joinedup.reports.content import Block, Report

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


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
        "headlines": [{"text": h.text, "code": h.code} for h in report.headlines],
        "facts": [list(pair) for pair in report.facts],
        "footnotes": list(report.footnotes),
        "sections": [
            {
                "heading": s.heading,
                "lead": list(s.lead),
                "cautions": list(s.cautions),
                "items": [_item(i) for i in s.items],
            }
            for s in report.sections
        ],
    }


def _item(item: Picture | Block) -> dict[str, Any]:
    words = {"title": item.title, "sentence": item.sentence}
    if isinstance(item, Picture):
        extra = {
            "svg": f"{item.slug}.svg",
            "alt": item.sentence,
            "how": item.how_to_read,
            "subtitle": item.subtitle,
            "caption": item.caption,
        }
        return {**words, **extra, "table": None}
    table = {
        "header": list(item.table.header),
        "rows": [list(row) for row in item.table.rows],
        "numeric": sorted(item.table.numeric),
    }
    return {**words, "table": table}
