"""The page of a framework to a file, and beside it the registry that opens its codes, where it has any."""

from __future__ import annotations

import json
from pathlib import Path

from joinedup.errors import YourCommand
from joinedup.reports.content import Report
from joinedup.reports.html import render_html
from joinedup.reports.writing import REGISTRY_END


def write_page(report: Report, page: Path) -> tuple[Path, ...]:
    """Write `page` (.html) whole or not at all, and its registry; the paths written. Raises YourCommand."""
    if page.suffix.lower() not in (".html", ".htm"):
        raise YourCommand(f"{page.name} is not a page.", remedy="Give a name that ends in .html.")
    files = {page: render_html(report)}
    if report.registry:
        entries = json.dumps(dict(report.registry), ensure_ascii=False, default=str)
        files[page.with_suffix(REGISTRY_END)] = entries
    for path, text in files.items():
        beside = path.with_name(f".{path.name}.part")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise YourCommand(f"{path} cannot be written.", remedy="Check the folder.") from error
    return tuple(files)
