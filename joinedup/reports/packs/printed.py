"""A pack as PDF/UA-1 through Typst: tagged, with alternative text, A4, one finding a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture
from joinedup.errors import MissingPart
from joinedup.reports.content import Headline
from joinedup.reports.packs.content import NO_COMMENTARY, Item, Pack, Page
from joinedup.reports.pdf import item_data

TEMPLATE = Path(__file__).parents[1] / "templates" / "pack.typ"


def render_print(pack: Pack) -> bytes:
    """PDF bytes; the same pack is the same bytes. Raises MissingPart without the extra `reports`."""
    try:
        import typst
    except ImportError as error:
        raise MissingPart("PDF needs Typst.", remedy="Install joinedup[reports].") from error
    files = {"main.typ": TEMPLATE.read_bytes(), "pack.json": json.dumps(_data(pack)).encode()}
    for page in pack.pages:
        for item in page.items:
            if isinstance(item, Picture) and item.drawing:
                files[f"{item.slug}.svg"] = item.drawn("a4").encode()
    compile_in_memory: Any = typst.compile  # its type stub leaves out the form that takes files as a mapping
    return bytes(compile_in_memory(files, format="pdf", pdf_standards=["ua-1"]))


def _data(pack: Pack) -> dict[str, Any]:
    moment = pack.moment
    return {
        "title": pack.title,
        "subtitle": pack.subtitle,
        "readers": pack.readers,
        "purpose": pack.purpose,
        "asked": [_line(line) for line in pack.asked],
        "pages": [_page(page) for page in pack.pages],
        "facts": [list(pair) for pair in pack.facts],
        "footnotes": [*pack.footnotes, *pack.left_out],
        "caption": pack.caption,
        "moment": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
    }


def _line(line: Headline) -> list[str]:
    return [line.text, line.code]


def _page(page: Page) -> dict[str, Any]:
    lines = {line.text for line in page.lines}
    return {
        "heading": page.heading,
        "title": page.title,
        "lines": [_line(line) for line in page.lines if line.text],
        "listed": page.listed,
        "alone": page.beside or any(isinstance(item, Picture) and item.drawing for item in page.items),
        "items": [_item(item, page, lines) for item in page.items],
        "cautions": list(page.cautions),
        "comments": None if page.comments is None else [[one.line, one.code] for one in page.comments],
        "none": NO_COMMENTARY,
    }


def _item(item: Item, page: Page, lines: set[str]) -> dict[str, Any]:
    told = item_data(item)
    return {
        **told,
        "svg": told["svg"] if isinstance(item, Picture) and item.drawing else None,
        "title": "" if item.title == page.title else item.title,
        "sentence": "" if item.sentence in lines else item.sentence,
    }
