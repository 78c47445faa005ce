"""What documents of ours are made of: a page and its styles, or a trust's template in their place; tables with heads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from joinedup.charts.theme import INK, QUIET
from joinedup.errors import MissingPart, YourData
from joinedup.reports.packs.columns import column_shares
from joinedup.reports.packs.content import Item
from joinedup.reports.packs.settling import settled
from joinedup.reports.packs.templates import checked

STYLES = (
    "Title",
    "Subtitle",
    "Heading 1",
    "Heading 2",
    "Heading 3",
    "List Bullet",
    "List Number",
    "Caption",
    "Normal",
)
WIDE = 17.0
"""Centimetres between the margins of an A4 page of ours."""
TALL = 19.0
POINT = 12_700


def titled(document: Any, title: str, subject: str, moment: datetime) -> None:
    """What a document says of itself; `moment` in the place of the clock's time."""
    core = document.core_properties
    core.title, core.subject, core.language = title, subject, "en-GB"
    core.author = core.last_modified_by = "joinedup"
    core.created = core.modified = moment
    core.revision, core.comments, core.keywords = 1, "", ""


def saved(document: Any, moment: datetime) -> bytes:
    """The document as bytes: the same content is the same bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return settled(stream.getvalue(), moment)


def document_of(template: Path | None) -> Any:
    """An empty document in our own look, or a trust's. Raises MissingPart; for a template UnreadableFile, UnsafeFile, and
    YourData naming the styles it lacks."""
    try:
        from docx import Document
    except ImportError as error:
        raise MissingPart("Documents need python-docx.", remedy="Install joinedup[reports].") from error

    if template is None:
        return _ours(Document())
    try:
        document = Document(checked(template, "word/document.xml"))
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise YourData("This template cannot be read.", file=template.name, remedy=LACKS) from error
    names = {style.name for style in document.styles}
    if missing := [name for name in STYLES if name not in names]:
        raise YourData(
            f"The template lacks the styles {', '.join(missing)}.", file=template.name, remedy=LACKS
        )
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith(
            "}sectPr"
        ):  # the last section has the page and the trust's header and footer
            body.remove(element)
    return document


LACKS = "Use each of these styles once in the template (Word then stores them), and save it as .docx."


def _ours(document: Any) -> Any:
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.8)
    sizes = {
        "Title": 24,
        "Subtitle": 13,
        "Heading 1": 18,
        "Heading 2": 14,
        "Heading 3": 11.5,
        "Caption": 8.5,
        "Normal": 11,
    }
    for name, size in sizes.items():
        style = document.styles[name]
        _arial(style)
        style.font.size, style.font.italic = Pt(size), False
        style.font.bold = name.startswith(("Heading", "Title"))
        style.font.color.rgb = RGBColor.from_string((QUIET if name in ("Caption", "Subtitle") else INK)[1:])
    for name, before, after in (
        ("Heading 1", 18, 6),
        ("Heading 2", 12, 4),
        ("Heading 3", 10, 2),
        ("Normal", 0, 6),
    ):
        form = document.styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
    document.styles["Normal"].paragraph_format.line_spacing = 1.15
    _without_line(document.styles["Title"])
    _page_number(section.footer.paragraphs[0])
    return document


def _arial(style: Any) -> None:
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), "Arial")
    language = style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "en-GB"})
    style.element.rPr.append(language)


def _without_line(style: Any) -> None:
    from docx.oxml.ns import qn

    about = style.element.pPr
    for line in about.findall(qn("w:pBdr")):
        about.remove(line)


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = 2
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:t" if kind == "shown" else "w:instrText")
            element.text = text
        run._r.append(element)


def add_code(paragraph: Any, text: str) -> None:
    """The code of a figure, small and pale."""
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(7.5), RGBColor.from_string(QUIET[1:])


def add_table(document: Any, item: Item, size: float | None = None) -> None:
    """A table whose head is repeated and told, as wide as the page; codes under their figures. `size` in points."""
    from docx.oxml.ns import qn

    told = item.table
    header, rows = told.spelled_out() if told.codes else (told.header, told.rows)
    size = size or (8 if len(header) > 8 else 9)
    table = document.add_table(rows=1, cols=len(header))
    about = table._tbl.tblPr
    for name, text in (("w:tblCaption", item.title), ("w:tblDescription", item.sentence or item.title)):
        element = about.makeelement(qn(name), {qn("w:val"): text})
        about.append(element)
    for j, text in enumerate(header):
        _cell(table.rows[0].cells[j], text, size, bold=True, right=j in told.numeric)
    _repeated(table.rows[0])
    for i, row in enumerate(rows):
        cells = table.add_row().cells
        own = told.cell_codes[i] if told.cell_codes else ()
        for j, text in enumerate(row):
            is_code = bool(told.codes) and j == len(header) - 1
            _cell(cells[j], text, size, code=own[j] if own else "", right=j in told.numeric, small=is_code)
    _ruled(table)
    coded = {j for own in told.cell_codes for j, code in enumerate(own) if code}
    _sized(document, table, column_shares(header, rows, room_of(document) / (size * 0.6 * POINT), coded))
    document.add_paragraph()


def _repeated(row: Any) -> None:
    """The head of a table: repeated on every page, and told to those who hear it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    about = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        element = OxmlElement(name)
        element.set(qn("w:val"), "true")
        about.append(element)


def _cell(
    cell: Any,
    text: str,
    size: float,
    *,
    bold: bool = False,
    code: str = "",
    right: bool = False,
    small: bool = False,
) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.0
    if right:
        paragraph.alignment = 2
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(7.5 if small else size)
    if small:
        run.font.color.rgb = RGBColor.from_string(QUIET[1:])
    if code:
        run.add_break()
        add_code(paragraph, code)
        paragraph.runs[-1].font.size = Pt(6.5)


def _ruled(table: Any) -> None:
    """Pale lines between rows, a firm one under the head; drawn here, so that no template need have a style for it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="D8DDE0"/>' for side in ("bottom", "insideH"))
    about = table._tbl.tblPr
    for found in about.findall(qn("w:tblBorders")):
        about.remove(found)
    # the schema has borders before the look of a table
    about.find(qn("w:tblLook")).addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(
            parse_xml(
                f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="8" w:color="505A5F"/></w:tcBorders>'
            )
        )


def room_of(document: Any) -> int:
    """What lies between the margins, in EMU."""
    section = document.sections[-1]
    return int(section.page_width - section.left_margin - section.right_margin)


def _sized(document: Any, table: Any, shares: Sequence[float]) -> None:
    room = room_of(document)
    table.autofit = False
    widths = [int(room * share) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # LibreOffice reads the grid, Word the cells
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
