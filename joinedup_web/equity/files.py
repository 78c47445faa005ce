"""One picture as a file: the table for spreadsheets and programs, the drawing for slides, both on paper."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from joinedup.charts import Picture, Table
from joinedup.reports.content import Block, Report, Section
from joinedup.reports.figure_pdf import render_figure
from joinedup.reports.workbook import write_workbook
from joinedup_web.equity.figures import Shown

RISKY = ("=", "+", "-", "@", "\t", "\r")
FORMS: Mapping[str, str] = {
    "csv": "Table (CSV)", "xlsx": "Table (Excel)", "svg": "Drawing (SVG)", "png": "Drawing (PNG)", "pdf": "Page (PDF)",
}  # fmt: skip
TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
SCALE = 2.0
"""Pixels of a PNG for each of the drawing, so that it is sharp on a slide."""


@dataclass(frozen=True)
class Drawn(Picture):
    """A picture whose drawings are there already."""

    given: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def svg(self) -> Mapping[str, str]:
        """SVG by size."""
        return self.given


def file_of(shown: Shown, form: str, address: str) -> bytes | None:
    """The picture in a form; None for a drawing of a table alone. `address` is where the page is, printed with it."""
    if form == "csv":
        return csv_text(shown.table, shown.caption, shown.notes).encode()
    if form == "xlsx":
        return _workbook(_report(shown, address))
    if form == "pdf":
        return render_figure(_item(shown), source=shown.caption, address=address)
    if not shown.specs:
        return None
    if form == "svg":
        return shown.svg["page"].encode()
    import vl_convert

    return bytes(vl_convert.svg_to_png(shown.svg["page"], scale=SCALE))


def _item(shown: Shown) -> Picture | Block:
    if not shown.specs:
        sentence = " ".join(
            (f"{shown.subtitle}." if shown.subtitle else "", shown.sentence, *shown.notes)
        ).strip()
        return Block(shown.slug, shown.title, sentence, shown.table)
    return Drawn(
        shown.slug, shown.title, shown.subtitle, shown.sentence, shown.how_to_read, shown.caption, shown.table,
        lambda size, width: {}, shown.notes, given=shown.svg,
    )  # fmt: skip


def _report(shown: Shown, address: str) -> Report:
    return Report(
        title=shown.title,
        subtitle=shown.subtitle,
        headlines=(),
        sections=(Section(shown.slug, shown.subtitle or shown.title, (), (_item(shown),)),),
        facts=(("Source", shown.caption), ("Address", address)),
        footnotes=shown.notes,
    )


def _workbook(report: Report) -> bytes:
    """Written through a file that nobody else reads: the library writes to paths."""
    with tempfile.TemporaryDirectory(prefix="joinedup-") as folder:
        path = Path(folder) / "figure.xlsx"
        write_workbook(report, path)
        return path.read_bytes()


def csv_text(table: Table, caption: str, notes: tuple[str, ...] = ()) -> str:
    """The table for a spreadsheet, codes in columns of their own; nothing in it runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    header, rows = table.spelled_out()
    for row in (header, *rows, (), *((note,) for note in notes), (caption,)):
        writer.writerow([_safe(cell) for cell in row])
    return "\ufeff" + text.getvalue()


def _safe(cell: str) -> str:
    number = cell.replace(",", "").lstrip("+-").replace(".", "", 1).isdigit()
    return "'" + cell if cell[:1] in RISKY and not number else cell
