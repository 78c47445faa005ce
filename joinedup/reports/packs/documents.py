"""A pack as a document that can be edited: real headings, lists and tables, pictures with alternative text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture, Table
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import NO_COMMENTARY, Item, Pack, Page
from joinedup.reports.packs.document_parts import (
    TALL,
    WIDE,
    add_code,
    add_table,
    document_of,
    room_of,
    saved,
    titled,
)
from joinedup.reports.packs.drawing import drawn_for


def render_document(pack: Pack, template: Path | None = None) -> bytes:
    """DOCX bytes; the same pack is the same bytes. Raises MissingPart; for a template UnreadableFile, UnsafeFile, and
    YourData naming the styles it lacks."""
    document = document_of(template)
    titled(document, pack.title, pack.subtitle, pack.moment)
    _front(document, pack)
    heading = ""
    for page in pack.pages:
        if page.heading != heading:
            heading = page.heading
            document.add_heading(heading, level=1)
        _page(document, page, pack)
    _about(document, pack)
    return saved(document, pack.moment)


def _front(document: Any, pack: Pack) -> None:
    document.add_paragraph(pack.title, style="Title")
    document.add_paragraph(pack.subtitle, style="Subtitle")
    for label, text in (("For", pack.readers), ("Purpose", pack.purpose)):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)
    if pack.asked:
        document.add_heading("To decide", level=2)
        for line in pack.asked:
            _said(document, line, "List Number")
    document.add_paragraph(pack.caption, style="Caption")


def _said(document: Any, line: Headline, style: str = "Normal") -> None:
    paragraph = document.add_paragraph(line.text, style=style)
    if line.code:
        add_code(paragraph, f" {line.code}")


def _page(document: Any, page: Page, pack: Pack) -> None:
    document.add_heading(page.title, level=2)
    for line in page.lines:
        if line.text:
            _said(document, line, "List Bullet" if page.listed else "Normal")
    for item in page.items:
        _item(document, item, page, pack)
    if page.cautions:
        document.add_heading("What these figures cannot say", level=3)
        for text in page.cautions:
            document.add_paragraph(text, style="List Bullet")
    if page.comments is not None:
        _comments(document, page)


def _comments(document: Any, page: Page) -> None:
    if not page.comments:
        document.add_paragraph(NO_COMMENTARY)
        return
    document.add_heading("What people say", level=3)
    for one in page.comments:
        _said(document, Headline(one.line, one.code), "List Bullet")


def _item(document: Any, item: Item, page: Page, pack: Pack) -> None:
    lines = {line.text for line in page.lines}
    if item.title != page.title:
        document.add_heading(item.title, level=3)
    if item.sentence and item.sentence not in lines:
        document.add_paragraph(item.sentence)
    if isinstance(item, Picture):
        if item.drawing:
            _picture(document, item)
        document.add_paragraph(f"How to read this. {item.how_to_read}", style="Caption")
        document.add_paragraph(pack.caption, style="Caption")
    if item.table.rows:
        add_table(document, item)


def _picture(document: Any, picture: Picture) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm

    png, width, height = drawn_for(picture, 1.0)
    room = room_of(document) / 360_000
    across = min(room, WIDE, TALL * width / height, width / 640 * WIDE)
    shape = document.add_picture(io.BytesIO(png), width=Cm(across))
    about = shape._inline.find(qn("wp:docPr"))
    about.set("descr", f"{picture.title}. {picture.sentence}")
    about.set("title", picture.subtitle)


def _about(document: Any, pack: Pack) -> None:
    document.add_heading("About these figures", level=1)
    table = Table(("What", "Value"), pack.facts)
    add_table(document, Block("facts", "What these figures stand on", "", table))
    for line in (*pack.footnotes, *pack.left_out):
        document.add_paragraph(line)
