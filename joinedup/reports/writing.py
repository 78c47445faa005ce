"""A report to files: page, PDF, workbook, and the registry that opens its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.errors import UnknownName, YourCommand
from joinedup.reports.content import Report

REGISTRY_END = ".registry.json"
USUAL_PLACES = (Path("demo/report" + REGISTRY_END), Path("report" + REGISTRY_END))


def write_report(
    report: Report, page: Path, *, progress: Callable[[str, int, int], None] | None = None
) -> tuple[Path, ...]:
    """Write `page` (.html), and beside it .pdf, .xlsx and .registry.json; the paths written. Raises YourCommand, MissingPart."""
    from joinedup.reports.html import render_html
    from joinedup.reports.pdf import render_pdf
    from joinedup.reports.workbook import write_workbook

    if page.suffix.lower() not in (".html", ".htm"):
        raise YourCommand(
            f"{page.name} is not a page.",
            remedy="Give a name that ends in .html; PDF and workbook go beside it.",
        )
    show = progress or (lambda step, done, total: None)
    page.parent.mkdir(parents=True, exist_ok=True)
    pdf, book, registry = page.with_suffix(".pdf"), page.with_suffix(".xlsx"), page.with_suffix(REGISTRY_END)
    show("Writing the report", 0, 4)
    page.write_text(render_html(report), encoding="utf-8")
    show("Writing the report", 1, 4)
    pdf.write_bytes(render_pdf(report))
    show("Writing the report", 2, 4)
    write_workbook(report, book)
    registry.write_text(json.dumps(dict(report.registry), ensure_ascii=False, default=str), encoding="utf-8")
    show("Writing the report", 4, 4)
    return page, pdf, book, registry


@dataclass(frozen=True)
class Traced:
    """One number opened."""

    code: str
    entry: dict[str, Any]

    def as_text(self) -> str:
        """What the number is, line by line."""
        return "\n".join([self.code, *_lines(self.entry, 1)])


def trace_code(code: str, registry: Path | None = None) -> Traced:
    """The registry entry of a code. Raises UnknownName when no registry holds it, YourCommand when there is none."""
    places = (registry,) if registry else USUAL_PLACES
    present = [place for place in places if place.is_file()]
    if not present:
        raise YourCommand(
            "There is no registry here.", remedy="Name the .registry.json beside the report with --registry."
        )
    for place in present:
        entries = json.loads(place.read_text(encoding="utf-8"))
        if code.upper() in entries:
            return Traced(code.upper(), entries[code.upper()])
    raise UnknownName(
        f"No number here has the code {code.upper()}.",
        remedy="Check the ten characters, or name the registry of that report.",
    )


def _lines(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if not isinstance(value, dict):
        return [f"{pad}{value}"]
    found = []
    for name, part in value.items():
        label = str(name).replace("_", " ")
        found += (
            [f"{pad}{label}:", *_lines(part, depth + 1)]
            if isinstance(part, dict) and part
            else [f"{pad}{label}: {part}"]
        )
    return found
