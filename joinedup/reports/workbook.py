"""A report as a workbook: one sheet a section, native tables, numbers as numbers, nothing that runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture, Table
from joinedup.errors import MissingPart
from joinedup.reports.content import Block, Report, Section

SENTENCE_COLUMNS = 8


def write_workbook(report: Report, path: Path) -> None:
    """Write `path` (.xlsx). Raises MissingPart when the extra `reports` is not installed."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingPart("Workbooks need XlsxWriter.", remedy="Install joinedup[reports].") from error
    # A cell of text that starts with = must stay text: formulas and links are never made from what we were given.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": report.title, "comments": "Made by joinedup"})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16, "font_name": "Arial"}),
            "head": book.add_format({"bold": True, "font_size": 12, "font_name": "Arial"}),
            "text": book.add_format({"text_wrap": True, "valign": "top", "font_name": "Arial"}),
            "whole": book.add_format({"num_format": "#,##0", "font_name": "Arial"}),
            "decimal": book.add_format({"num_format": "#,##0.0", "font_name": "Arial"}),
            "whole%": book.add_format({"num_format": "0%", "font_name": "Arial"}),
            "decimal%": book.add_format({"num_format": "0.0%", "font_name": "Arial"}),
            "right": book.add_format({"align": "right", "font_name": "Arial"}),
        }
        _contents(book, report, formats)
        used: set[str] = set()
        for section in report.sections:
            if section.items:
                _section(book, section, formats, used)


def _contents(book: Any, report: Report, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Contents")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, report.title, formats["title"])
    sheet.write_string(1, 0, report.subtitle, formats["text"])
    row = 3
    for headline in report.headlines:
        sheet.merge_range(row, 0, row, 1, headline.text, formats["text"])
        sheet.set_row(row, 45)
        row += 1
    for label, value in (*report.facts, *(("Note", note) for note in report.footnotes)):
        sheet.write_string(row + 1, 0, label, formats["head"])
        sheet.write_string(row + 1, 1, value, formats["text"])
        sheet.set_row(row + 1, 15 * (1 + len(value) // 95))
        row += 1


def _section(book: Any, section: Section, formats: dict[str, Any], used: set[str]) -> None:
    sheet = book.add_worksheet(sheet_name(section.heading, used))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, section.heading, formats["title"])
    row = 2
    widths: dict[int, int] = {}
    for item in section.items:
        row = _item(sheet, item, row, formats, widths)
    for column, width in widths.items():
        sheet.set_column(column, column, min(max(width + 2, 10), 60))


def _item(
    sheet: Any, item: Picture | Block, row: int, formats: dict[str, Any], widths: dict[int, int]
) -> int:
    sheet.write_string(row, 0, item.title, formats["head"])
    # merged, so that one long sentence does not make the printed page as wide as itself
    sheet.merge_range(row + 1, 0, row + 1, SENTENCE_COLUMNS - 1, item.sentence, formats["text"])
    sheet.set_row(row + 1, 15 * (1 + len(item.sentence) // 120))
    _table(sheet, item.table, row + 3, item.slug, formats, widths)
    return row + 3 + max(len(item.table.rows), 1) + 3


def _table(
    sheet: Any, table: Table, top: int, slug: str, formats: dict[str, Any], widths: dict[int, int]
) -> None:
    header, rows = table.spelled_out()
    if not rows:
        sheet.write_string(top, 0, "Nothing to show.")
        return
    columns = [{"header": name} for name in _unique(list(header))]
    area = (top, 0, top + len(rows), len(header) - 1)
    sheet.add_table(
        *area, {"columns": columns, "name": "t_" + re.sub(r"\W", "_", slug), "style": "Table Style Light 9"}
    )
    for i, row in enumerate(rows, start=top + 1):
        for j, cell in enumerate(row):
            _write(sheet, i, j, cell, j in table.numeric, formats)
            widths[j] = max(widths.get(j, 0), len(cell), len(header[j]))


def _write(sheet: Any, row: int, column: int, cell: str, numeric: bool, formats: dict[str, Any]) -> None:
    plain = cell.replace(",", "").replace("\u2212", "-").rstrip("%")
    if numeric and re.fullmatch(r"[+-]?\d+(\.\d+)?", plain):
        kind, share = "decimal" if "." in plain else "whole", cell.endswith("%")
        value = round(float(plain) / 100, 4) if share else float(plain)
        sheet.write_number(row, column, value, formats[kind + "%" if share else kind])
    elif numeric:
        sheet.write_string(row, column, cell, formats["right"])
    else:
        sheet.write_string(row, column, cell)


def _unique(names: list[str]) -> list[str]:
    """Excel refuses a table with two equal heads."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def sheet_name(heading: str, used: set[str]) -> str:
    """At most 31 characters, none of []:*?/\\, and no two alike."""
    base = re.sub(r"[\[\]:*?/\\]", " ", heading)[:28].strip()
    name, n = base, 2
    while name.lower() in used:
        name, n = f"{base} {n}", n + 1
    used.add(name.lower())
    return name
