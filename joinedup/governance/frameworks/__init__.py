"""Frameworks of maturity and competence: forms in, levels that evidence allows out; names imported when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.governance.frameworks.comparing import compare, differences, on_map
    from joinedup.governance.frameworks.evidence import LakeHeld, NothingHeld
    from joinedup.governance.frameworks.pace import forecast
    from joinedup.governance.frameworks.reading import read_forms
    from joinedup.governance.frameworks.results import Results, score_files, score_forms
    from joinedup.governance.frameworks.writing import blank_pages, write_filled, write_pages

_HOMES = {
    "LakeHeld": "evidence",
    "NothingHeld": "evidence",
    "Results": "results",
    "blank_pages": "writing",
    "compare": "comparing",
    "differences": "comparing",
    "forecast": "pace",
    "on_map": "comparing",
    "read_forms": "reading",
    "score_files": "results",
    "score_forms": "results",
    "write_filled": "writing",
    "write_pages": "writing",
}
__all__ = [
    "LakeHeld",
    "NothingHeld",
    "Results",
    "blank_pages",
    "compare",
    "differences",
    "forecast",
    "on_map",
    "read_forms",
    "score_files",
    "score_forms",
    "write_filled",
    "write_pages",
]


__getattr__ = on_demand(__name__, _HOMES)
