"""The yearly totals and groups of a publication as PDF/UA-1, through Typst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joinedup.definitions import Period
from joinedup.disclosure.publishing import Publication
from joinedup.disclosure.sums import Key
from joinedup.errors import MissingPart

TEMPLATE = Path(__file__).parent / "templates" / "publication.typ"
Rows = Sequence[tuple[Key, str]]


def render_sheets(publication: Publication, cells: Rows, percentages: Rows) -> bytes:
    """PDF bytes: the area's years by every group. Raises MissingPart when the extra `reports` is not installed."""
    try:
        import typst
    except ImportError as error:
        raise MissingPart("PDF needs Typst.", remedy="Install joinedup[reports].") from error
    years = [(key, value) for key, value in cells if _shown(publication, key)]
    shares = [(key, value) for key, value in percentages if _shown(publication, key)]
    content = {
        "title": publication.lattice.title,
        "profile": publication.profile.name,
        "heads": [*Key._fields, "value"],
        "counts": [[*key, value] for key, value in years],
        "percentages": [[*key, value] for key, value in shares],
    }
    files = {"main.typ": TEMPLATE.read_bytes(), "publication.json": json.dumps(content).encode()}
    compile_in_memory: Any = typst.compile  # its type stub leaves out the form that takes files as a mapping
    return bytes(compile_in_memory(files, format="pdf", pdf_standards=["ua-1"]))


def _shown(publication: Publication, key: Key) -> bool:
    """Years of the area, or the longest periods there are where no year is held."""
    longest = max((Period.parse(k.period) for k in (publication.keys[0], publication.keys[-1])), key=_length)
    return key.place == publication.lattice.area and _length(Period.parse(key.period)) == _length(longest)


def _length(period: Period) -> int:
    return len(period.months)
