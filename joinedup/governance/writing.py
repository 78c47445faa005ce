"""Writes a workbook: values as they are, text always as text, nothing that runs."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from joinedup.errors import MissingPart, YourData
from joinedup.governance.cells import MAX_TEXT, Row, Sheet, Value, Workbook, cell_name, text_of

_FORMATS = {
    date: "dd/mm/yyyy",
    datetime: "dd/mm/yyyy hh:mm:ss.000",
    time: "hh:mm:ss.000",
    timedelta: "[hh]:mm:ss.000",
}
_RUNS = ("=", "+", "-", "@", "\t", "\r")


class _Exact(float):
    """A number that is written with all its digits: XlsxWriter writes sixteen, and some need seventeen."""

    def __format__(self, form: str) -> str:
        return repr(float(self))


def write_xlsx(book: Workbook) -> bytes:
    """The workbook as .xlsx; the same workbook gives the same bytes. Raises YourData, MissingPart.

    A text that begins with = + - @ is written as text and marked as such, so that it stays text when somebody edits it.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingPart("Workbooks need XlsxWriter.", remedy="Install joinedup[reports].") from error
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "date_1904": book.date_1904,
    }
    try:
        with xlsxwriter.Workbook(stream, options) as made:
            made.set_properties({"comments": "Made by joinedup", "created": datetime(2020, 1, 1)})
            formats: dict[Any, Any] = {
                kind: made.add_format({"num_format": form, "valign": "top"})
                for kind, form in _FORMATS.items()
            }
            formats[str] = made.add_format({"text_wrap": True, "valign": "top"})
            formats[float] = made.add_format({"valign": "top"})
            formats["quoted"] = made.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
            for sheet in book.sheets:
                _write(made.add_worksheet(sheet.name), sheet, formats)
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise YourData(
            f"This cannot be a workbook: {error}".splitlines()[0], remedy="Rename the sheet."
        ) from error
    return stream.getvalue()


def _write(target: Any, sheet: Sheet, formats: dict[Any, Any]) -> None:
    if sheet.hidden:
        target.hide()
    for area in sheet.merged:
        target.merge_range(area.top, area.left, area.bottom, area.right, "")
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if value is not None:
                _put(target, sheet.name, row, column, value, formats)
    if sheet.rows and not sheet.rows[-1]:
        # A blank last row is a row all the same: a formatted cell keeps it.
        target.write_blank(len(sheet.rows) - 1, 0, None, formats[str])
    target.set_landscape()
    target.fit_to_pages(1, 0)
    widths = [_width(sheet, column) for column in range(sheet.width)]
    for column, width in enumerate(widths):
        target.set_column(column, column, width)
    for row, cells in enumerate(sheet.rows):
        if (lines := _lines(cells, widths)) > 1:
            target.set_row(row, min(15 * lines, 400))


def _width(sheet: Sheet, column: int) -> int:
    """Characters of its longest line, within reason: longer texts wrap."""
    lines = (
        line
        for row in sheet.rows
        for line in text_of(row[column] if column < len(row) else None).splitlines()
    )
    return min(max(8, 2 + max(map(len, lines), default=0)), 45)


def _lines(cells: Row, widths: list[int]) -> int:
    """Lines that the longest cell of a row takes when it wraps."""
    return max(
        (
            sum(1 + len(line) // max(width - 2, 1) for line in text_of(value).splitlines())
            for value, width in zip(cells, widths, strict=False)
        ),
        default=1,
    )


def _put(target: Any, sheet: str, row: int, column: int, value: Value, formats: dict[Any, Any]) -> None:
    if isinstance(value, bool):
        target.write_boolean(row, column, value, formats[float])
    elif isinstance(value, float):
        target.write_number(row, column, _Exact(value), formats[float])
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise YourData(
                f"The text is longer than a workbook holds ({MAX_TEXT:,} characters).",
                row=row + 1,
                column=f"{sheet}!{cell_name(row, column)}",
                remedy="Shorten it, or export CSV.",
            )
        target.write_string(row, column, value, formats["quoted" if value.startswith(_RUNS) else str])
    else:
        target.write_datetime(row, column, value, formats[type(value)])
