"""One picture or table as PDF/UA-1 through Typst: finding, drawing, notes, table with its codes, and where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture
from joinedup.errors import MissingPart
from joinedup.reports.content import Block
from joinedup.reports.pdf import item_data

TEMPLATE = Path(__file__).parent / "templates" / "figure.typ"


def render_figure(item: Picture | Block, *, source: str, address: str) -> bytes:
    """PDF bytes. `source` is what it was made of, `address` the page it stands on. Raises MissingPart when the extra
    `reports` is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingPart("PDF needs Typst.", remedy="Install joinedup[reports].") from error
    told = {**item_data(item), "source": source, "address": address}
    files = {"main.typ": TEMPLATE.read_bytes(), "figure.json": json.dumps(told).encode()}
    if isinstance(item, Picture):
        files[f"{item.slug}.svg"] = item.svg["a4"].encode()
    compile_in_memory: Any = typst.compile  # its type stub leaves out the form that takes files as a mapping
    return bytes(compile_in_memory(files, format="pdf", pdf_standards=["ua-1"]))
