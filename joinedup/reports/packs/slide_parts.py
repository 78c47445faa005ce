"""What stands on a slide: words, a native table, a native line chart, a picture; each with its alternative text."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from joinedup.charts.theme import COMMON, CONCERN, GRID, IMPROVEMENT, INK, ONE, QUIET
from joinedup.reports.packs.columns import column_shares
from joinedup.reports.packs.drawing import drawn_for
from joinedup.reports.packs.slide_base import INCH, Room

if TYPE_CHECKING:
    from joinedup.charts.picture import Picture, Table
    from joinedup.reports.content import Block
    from joinedup.reports.packs.content import Line

POINT = 12_700
LETTER = 0.5
"""Width of a letter of Arial beside its height, on average; a little generous, so that words fit."""
CELL = int(0.08 * INCH)


def height_of(texts: Sequence[str], width: int, size: float) -> int:
    """Room that paragraphs need, in EMU."""
    letters = max(int((width - 0.2 * INCH) / (size * LETTER * POINT)), 8)
    lines = sum(max(math.ceil(len(text) / letters), 1) for text in texts)
    return int((lines * size * 1.2 + len(texts) * size * 0.4) * POINT + 0.12 * INCH)


def set_words(frame: Any, lines: Sequence[tuple[str, bool]], size: float, *, bullets: bool = False) -> None:
    """Paragraphs of (text, bold) in a frame, in a size that was found to fit."""
    from pptx.util import Pt

    frame.word_wrap = True
    for number, (text, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        _run(paragraph, text, size, bold=bold)
        paragraph.space_after = Pt(round(size * 0.4, 1))
        if not bullets:
            _no_bullet(paragraph)


def _no_bullet(paragraph: Any) -> None:
    from pptx.oxml import parse_xml

    about = paragraph._p.get_or_add_pPr()
    about.set("marL", "0")
    about.set("indent", "0")
    if about.find("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone") is None:
        about.append(parse_xml('<a:buNone xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'))


def _run(paragraph: Any, text: str, size: float, *, bold: bool = False, colour: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.language_id = _english()
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour[1:])


def _english() -> Any:
    from pptx.enum.lang import MSO_LANGUAGE_ID

    return MSO_LANGUAGE_ID.ENGLISH_UK


def fitted(frame: Any, width: int, height: int, sizes: Sequence[int]) -> None:
    """The largest of these sizes in which the words of a frame fit; where none does, the smallest."""
    from pptx.util import Pt

    texts = [paragraph.text for paragraph in frame.paragraphs]
    size = next((one for one in sizes if height_of(texts, width, one * 1.05) <= height), sizes[-1])
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(size)
            run.font.language_id = _english()


def described(shape: Any, text: str, name: str) -> None:
    """Alternative text, and a name that says what it is."""
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("descr", text)
    about.set("name", name)


def add_picture(slide: Any, picture: Picture, room: Room) -> None:
    """A crisp picture in the middle of its room."""
    png, width, height = drawn_for(picture, room.width / room.height)
    scale = min(room.width / width, room.height / height)
    across, down = int(width * scale), int(height * scale)
    left, top = room.left + (room.width - across) // 2, room.top + (room.height - down) // 2
    shape = slide.shapes.add_picture(io.BytesIO(png), left, top, across, down)
    described(shape, f"{picture.title}. {picture.sentence}", picture.subtitle)


def add_table(slide: Any, block: Block, room: Room, start: int) -> int:
    """A native table from a row on; the row at which it goes on elsewhere, 0 where it is whole."""
    header, rows = _columns(block.table)
    widths = _widths(header, rows, room.width)
    size = 12 if len(header) < 7 else 11
    heights = [_row_height(row, widths, size) for row in (header, *rows)]
    end, used = start, heights[0]
    while end < len(rows) and (end == start or used + heights[end + 1] <= room.height):
        used += heights[end + 1]
        end += 1
    frame = slide.shapes.add_table(end - start + 1, len(header), room.left, room.top, sum(widths), used)
    described(frame, f"Table: {block.title}. {block.sentence}".strip(), block.title)
    table = frame.table
    _style(frame)
    for column, width in enumerate(widths):
        table.columns[column].width = width
    for i, row in enumerate((header, *rows[start:end])):
        table.rows[i].height = heights[0] if i == 0 else heights[start + i]
        for j, text in enumerate(row):
            own = len(block.table.header) <= j
            _cell(
                table.cell(i, j), text, size, head=i == 0, right=j in block.table.numeric, code=own and i > 0
            )
    return end if end < len(rows) else 0


def _columns(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A column of codes where a row has one; where every cell has its own, they are in the notes."""
    return table.spelled_out() if table.codes else (table.header, table.rows)


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Widths in EMU; a table of few columns does not run from edge to edge."""
    return [int(room * share) for share in column_shares(header, rows, room / (12 * 0.56 * POINT))]


def _row_height(row: Sequence[str], widths: Sequence[int], size: float) -> int:
    lines = max(
        math.ceil(len(text) / max(int((width - 2 * CELL) / (size * 0.53 * POINT)), 1)) or 1
        for text, width in zip(row, widths, strict=True)
    )
    return int(lines * size * 1.22 * POINT + 0.1 * INCH)


def _cell(cell: Any, text: str, size: float, *, head: bool, right: bool, code: bool) -> None:
    from pptx.enum.text import PP_ALIGN

    cell.margin_left = cell.margin_right = CELL
    cell.margin_top = cell.margin_bottom = int(0.04 * INCH)
    paragraph = cell.text_frame.paragraphs[0]
    _run(paragraph, text, 10 if code else size, bold=head, colour=QUIET if code else INK)
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    _ruled(cell, head=head)


NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _style(frame: Any) -> None:
    """No style of a program's own: lines are drawn by us, alike in every program."""
    about = frame._element.graphic.graphicData.tbl.tblPr
    about.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = NO_STYLE
    frame.table.horz_banding = False
    frame.table.first_row = True


def _ruled(cell: Any, *, head: bool) -> None:
    from pptx.oxml import parse_xml

    width, colour = (12_700, QUIET) if head else (6_350, "#D8DDE0")
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    line = f'<a:lnB {space} w="{width}"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))


MARKERS = {
    "improvement": ("TRIANGLE", IMPROVEMENT),
    "concern": ("SQUARE", CONCERN),
    "common cause": ("CIRCLE", COMMON),
}


def add_chart(slide: Any, line: Line, picture: Picture, room: Room) -> None:
    """A native control chart with its data: figures, average, limits, standard; a point's form says what it is."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Pt

    data = CategoryChartData(number_format='0.0"%"')
    data.categories = list(line.months)
    n = len(line.months)
    data.add_series(line.name, line.values)
    for name, value in (("Average", line.mean), ("Lower limit", line.lower), ("Upper limit", line.upper)):
        data.add_series(name, (value,) * n)
    if line.target is not None:
        data.add_series("Standard", (line.target,) * n)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS, room.left, room.top, room.width, room.height, data
    )
    described(frame, f"{picture.title}. {picture.sentence}", f"{picture.subtitle}, {line.name}")
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(11), "Arial"
    chart.has_title = True
    chart.chart_title.text_frame.text = f"{picture.subtitle.partition(',')[0]}, {line.name}, % by month"
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
    chart.chart_title.include_in_layout = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(chart, line)
    _lines(chart, line)


def _axes(chart: Any, line: Line) -> None:
    from pptx.oxml import parse_xml

    value, category = chart.value_axis, chart.category_axis
    value.minimum_scale, value.maximum_scale = line.low, line.high
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = '0"%"', False
    _stroke(value.major_gridlines.format.line, GRID, 0.5)
    value.format.line.fill.background()
    _stroke(category.format.line, QUIET, 0.75)
    skip = max(len(line.months) // 8, 1)
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    for name in ("tickMarkSkip", "tickLblSkip"):
        element = parse_xml(f'<c:{name} {space} val="{skip}"/>')
        category._element.find(
            "{http://schemas.openxmlformats.org/drawingml/2006/chart}noMultiLvlLbl"
        ).addprevious(element)
    # the schema wants labels before marks
    marks = category._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}tickMarkSkip")
    category._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}tickLblSkip").addnext(
        marks
    )


def _lines(chart: Any, line: Line) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE

    first, *others = chart.plots[0].series
    _stroke(first.format.line, ONE, 1.75)
    first.smooth = False
    first.marker.style, first.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    first.marker.format.fill.solid()
    first.marker.format.fill.fore_color.rgb = RGBColor.from_string(ONE[1:])
    for at, kind in enumerate(line.kinds):
        if kind in ("improvement", "concern"):
            style, colour = MARKERS[kind]
            marker = first.points[at].marker
            marker.style, marker.size = getattr(XL_MARKER_STYLE, style), 8
            marker.format.fill.solid()
            marker.format.fill.fore_color.rgb = RGBColor.from_string(colour[1:])
    looks = {"Average": (QUIET, None), "Standard": (INK, MSO_LINE.DASH)}
    for series in others:
        colour, dash = looks.get(series.name, ("#A0A4A8", MSO_LINE.SQUARE_DOT))
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        _stroke(series.format.line, colour, 1.25)
        if dash is not None:
            series.format.line.dash_style = dash


def _stroke(line: Any, colour: str, points: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    line.color.rgb = RGBColor.from_string(colour[1:])
    line.width = Pt(points)
