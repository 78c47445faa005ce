"""Findings as files: CSV and a workbook, with row and column. Nothing in them runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from joinedup.errors import MissingPart
from joinedup_web.returns.models import Finding, Submission
from joinedup_web.returns.presenting import SEVERITIES, ByRule, summary

HEADER = ("Rule", "Consequence", "File", "Row", "Column", "Value", "What is wrong")
WIDTHS = (12, 32, 28, 8, 30, 18, 100)
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
NOTE = "Values that could point to a person are shown as a shape, such as 10 digits. Row 1 is the first row of data."


def safe(cell: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def row_of(one: Finding) -> tuple[str | int, ...]:
    """A finding as a row."""
    row: int | str = one.row if one.row is not None else ""
    return (
        one.rule,
        SEVERITIES.get(one.severity, one.severity),
        one.file,
        row,
        one.column,
        one.value,
        one.message,
    )


def as_csv(findings: Iterable[Finding]) -> Iterator[str]:
    """Lines of the CSV, the first with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(HEADER)
    for one in findings:
        yield _line(row_of(one))


def _line(cells: Sequence[str | int]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe(c) if isinstance(c, str) else c for c in cells])
    return text.getvalue()


def as_workbook(submission: Submission, rules: Sequence[ByRule], findings: Iterable[Finding]) -> bytes:
    """A workbook: the summary, by rule, every finding. Raises MissingPart where its writer is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingPart(
            "Workbooks are written by XlsxWriter, which is not installed.",
            remedy="Install joinedup[reports].",
        ) from None
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        told = [*summary(submission), ("", NOTE)]
        _sheet(book.add_worksheet("Summary"), ("What", "Value"), told, (22, 90), bold, wrap)
        by_rule = [(r.rule, r.severity, r.times, r.where, r.message) for r in rules]
        _sheet(
            book.add_worksheet("By rule"), ("Rule", "Consequence", "Times", "First", "What is wrong"), by_rule,
            (12, 32, 10, 44, 100), bold, wrap,
        )  # fmt: skip
        _sheet(book.add_worksheet("Findings"), HEADER, map(row_of, findings), WIDTHS, bold, wrap)
    return content.getvalue()


def _sheet(
    sheet: Any,
    header: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    widths: Sequence[int],
    bold: Any,
    wrap: Any,
) -> None:
    write = sheet.write_row
    write(0, 0, header, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        write(last, 0, row, wrap)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(header) - 1)
