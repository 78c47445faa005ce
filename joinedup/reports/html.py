"""A report as one self-contained accessible page: no script, no outside address, its numbers openable by code."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture, Table
from joinedup.reports.content import Report

TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Report) -> str:
    """HTML text of the report. Charts are inline SVG in a phone and a page size; downloads are data addresses."""
    template = _environment().get_template("report.html.j2")
    return str(template.render(report=report, style=(TEMPLATES / "report.css").read_text()))


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["csv_address"] = csv_address
    environment.filters["svg_address"] = svg_address
    environment.tests["picture"] = lambda item: isinstance(item, Picture)
    return environment


def csv_address(table: Table) -> str:
    """The table as a CSV download; a cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    header, rows = table.spelled_out()
    lines = [",".join(_cell(cell) for cell in row) for row in (header, *rows)]
    return _address("text/csv;charset=utf-8", "\ufeff" + "\r\n".join(lines) + "\r\n")


def svg_address(picture: Picture) -> str:
    """The drawing in page size as a download."""
    return _address("image/svg+xml;charset=utf-8", picture.svg["page"])


def _cell(text: str) -> str:
    number = text.replace(",", "").lstrip("+-").replace(".", "", 1).isdigit()
    risky = text[:1] in tuple("=+-@\t\r") and not number
    return '"' + ("'" + text if risky else text).replace('"', '""') + '"'


def _address(kind: str, text: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"
